package totals_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"bundlelab/engine/policy"
	"bundlelab/scenarios/totals"
)

const statement = `{"schema":"bundlelab.settle/1","design":"team","period":"PY2","track":"2",
 "hospital":{"safety_net":true,"rural":false,"sch":false,"mdh":false,"each":false},
 "categories":[{"category":"LEJR","episodes":60,"baseline_episodes":200,"benchmark":"1500000.00","spending":"1428000.00"}],
 "quality":{"cqs":"60"},"post_episode":"0.00"}`

const inTOML = `schema = "bundlelab.settle/1"
design = "team"
period = "PY2"
track = "2"
post_episode = "0.00"
[hospital]
safety_net = true
[quality]
cqs = 60
[[categories]]
category = "LEJR"
episodes = 60
baseline_episodes = 200
benchmark = "1500000.00"
spending = "1428000.00"
`

func designs(t testing.TB) *policy.Set {
	t.Helper()
	d, err := policy.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestSettle(t *testing.T) {
	// 1,500,000 - 2% = 1,470,000; R = 42,000; CQS 60 takes 4%: 1,680.
	for name, body := range map[string]string{"s.json": statement, "s.toml": inTOML} {
		x, err := totals.Settle(name, []byte(body), designs(t))
		if err != nil {
			t.Fatal(err)
		}
		q, _ := x.Ledger.Line("quality")
		if x.Ledger.Net.String() != "40320.00" || q.Amount.String() != "-1680.00" || x.Track != "2" || !x.Ledger.Foots() || len(x.Ledger.Warnings) != 0 {
			t.Errorf("%s: net %s, quality %s, track %s, warnings %q", name, x.Ledger.Net, q.Amount, x.Track, x.Ledger.Warnings)
		}
	}
}

func TestWhatIsNotSaid(t *testing.T) {
	less := func(old, repl string) string { return strings.Replace(statement, old, repl, 1) }
	for _, x := range []struct {
		name, body, net, track, warning string
	}{
		// 50 is assumed: 5% of 42,000.
		{"no score", less(`"quality":{"cqs":"60"},`, ""), "39900.00", "2", "quality.cqs is not given: 50"},
		{"no track", less(`"track":"2",`, ""), "40320.00", "3", ""},
		// Spending 1,600,000: R = -130,000 + 9% = -118,300, held at -73,500.
		{"loss with few episodes", strings.Replace(less("1428000", "1600000"), "200", "30", 1), "0.00", "2", ""},
		{"loss with unknown episodes", strings.Replace(less("1428000", "1600000"), `"baseline_episodes":200,`, "", 1), "-73500.00", "2", "baseline_episodes is unknown"},
		{"target", less(`"benchmark":"1500000.00"`, `"target":"1470000.00"`), "40320.00", "2", ""},
		{"no post-episode", less(`,"post_episode":"0.00"`, ""), "40320.00", "2", ""},
		{"post-episode", less(`"0.00"`, `"320.00"`), "40000.00", "2", ""},
		{"number as a number", less(`"60"`, `60.0`), "40320.00", "2", ""},
	} {
		got, err := totals.Settle("s.json", []byte(x.body), designs(t))
		if err != nil {
			t.Errorf("%s: %v", x.name, err)
			continue
		}
		warned := strings.Join(got.Ledger.Warnings, "\n")
		if got.Ledger.Net.String() != x.net || got.Track != x.track || !strings.Contains(warned, x.warning) || x.warning == "" && warned != "" {
			t.Errorf("%s: net %s, track %s, warnings %q", x.name, got.Ledger.Net, got.Track, warned)
		}
	}
}

func TestStatementsAreRefused(t *testing.T) {
	for _, x := range []struct{ name, old, repl, why string }{
		{"not JSON", `"team"`, `team`, "s.json:1:39: not JSON"},
		{"cut off", `"post_episode":"0.00"}`, `"post_episode":"0.00"`, "s.json:4:46: not JSON: unexpected EOF"},
		{"more text", `"post_episode":"0.00"}`, `"post_episode":"0.00"} {}`, "more text follows"},
		{"neither", `{"schema"`, `<"schema"`, "neither JSON nor TOML"},
		{"other schema", "settle/1", "settle/2", `schema: "bundlelab.settle/2"`},
		{"no schema", `"schema":"bundlelab.settle/1",`, "", "schema: missing: text is needed"},
		{"no design", `"design":"team",`, "", "design: missing: text is needed"},
		{"no period", `"period":"PY2",`, "", "period: text is needed"},
		{"period as number", `"PY2"`, "2", "period: text is needed"},
		{"unknown key", `"period"`, `"colour":"red","period"`, "colour: unknown key"},
		{"unknown key in hospital", `"rural"`, `"big"`, "hospital.big: unknown key"},
		{"flag as text", `"safety_net":true`, `"safety_net":"yes"`, "hospital.safety_net: write true or false"},
		{"hospital as text", `{"safety_net":true,"rural":false,"sch":false,"mdh":false,"each":false}`, `"x"`, "hospital: a table"},
		{"unknown key in quality", `"cqs"`, `"score"`, "quality.score: unknown key"},
		{"score out of range", `"cqs":"60"`, `"cqs":"100.1"`, "quality.cqs: 100.1 is outside 0 to 100"},
		{"negative score", `"cqs":"60"`, `"cqs":"-1"`, "quality.cqs: -1 is not a number of at least zero"},
		{"score as text", `"cqs":"60"`, `"cqs":"good"`, "quality.cqs: good is not a number"},
		{"score as flag", `"cqs":"60"`, `"cqs":true`, "quality.cqs: a number is needed"},
		{"score of a size that would fill the memory", `"cqs":"60"`, `"cqs":1e999999999`, "quality.cqs: 1e999999999 is not a number"},
		{"money as number", `"1500000.00"`, `1500000.00`, "categories[0].benchmark: write the amount as text"},
		{"spending as number", `"1428000.00"`, `1428000`, "categories[0].spending: write the amount as text"},
		{"no spending", `,"spending":"1428000.00"`, "", "categories[0].spending: missing: write the amount as text"},
		{"three decimals", `"1500000.00"`, `"1500000.001"`, "more than two decimals"},
		{"grouped money", `"1500000.00"`, `"1,500,000.00"`, "only digits"},
		{"negative spending", `"1428000.00"`, `"-1.00"`, "categories[0].spending: -1.00 is negative"},
		{"negative post-episode", `"0.00"`, `"-1.00"`, "post_episode: -1.00 is negative"},
		{"benchmark and target", `"benchmark"`, `"target":"1.00","benchmark"`, "categories[0]: give exactly one of benchmark"},
		{"neither of them", `"benchmark":"1500000.00",`, "", "categories[0]: give exactly one of benchmark"},
		{"unknown category", `"LEJR"`, `"KNEE"`, `categories[0].category: "KNEE" is not a category of design team: use LEJR`},
		{"no category", `"category":"LEJR",`, "", "categories[0].category: missing: text is needed"},
		{"unknown key in category", `"episodes":60`, `"cases":60`, "categories[0].cases: unknown key"},
		{"negative episodes", `"episodes":60`, `"episodes":-1`, "categories[0].episodes: -1 is not a number"},
		{"part of a baseline episode", `"baseline_episodes":200`, `"baseline_episodes":30.5`, "categories[0].baseline_episodes: 30.5 is not a whole number"},
		{"too many baseline episodes", `"baseline_episodes":200`, `"baseline_episodes":10000001`, "is not a whole number of at most 10000000"},
		{"no categories", `"categories":[{`, `"categories":[],"x":[{`, "categories: a list of at least one"},
		{"categories as a table", `[{"category":"LEJR","episodes":60,"baseline_episodes":200,"benchmark":"1500000.00","spending":"1428000.00"}]`, `{}`, "categories: a list of at least one"},
		{"category as text", `[{"category"`, `["LEJR",{"category"`, "categories[0]: a table"},
		{"category of nothing", `[{"category"`, `[null,{"category"`, "categories[0]: a table"},
		{"category twice", `}],`, `},{"category":"LEJR","target":"1.00","spending":"1.00"}],`, "categories[1].category: LEJR stands twice"},
	} {
		t.Run(x.name, func(t *testing.T) {
			if !strings.Contains(statement, x.old) {
				t.Fatalf("%q is not in the statement", x.old)
			}
			_, err := totals.Settle("s.json", []byte(strings.Replace(statement, x.old, x.repl, 1)), designs(t))
			var in *totals.InputError
			if !errors.As(err, &in) || !strings.Contains(err.Error(), x.why) || !strings.HasPrefix(err.Error(), "s.json") {
				t.Errorf("got %v, want %q", err, x.why)
			}
		})
	}
}

func TestRulesRefuseWithTheirOwnErrors(t *testing.T) {
	settle := func(old, repl string) error {
		_, err := totals.Settle("s.json", []byte(strings.Replace(statement, old, repl, 1)), designs(t))
		return err
	}
	var nf *policy.NotFoundError
	if err := settle(`"team"`, `"teem"`); !errors.As(err, &nf) {
		t.Errorf("design: %v", err)
	}
	var pe *policy.PeriodError
	if err := settle(`"PY2"`, `"PY7"`); !errors.As(err, &pe) {
		t.Errorf("period: %v", err)
	}
	var te *policy.TrackError
	if err := settle(`"track":"2"`, `"track":"4"`); !errors.As(err, &te) {
		t.Errorf("track: %v", err)
	}
	var no *policy.IneligibleError
	if err := settle(`"safety_net":true`, `"safety_net":false`); !errors.As(err, &no) || !strings.Contains(err.Error(), "42 CFR 512.520") {
		t.Errorf("eligibility: %v", err)
	}
}

func TestAllFaultsAreNamedAtOnce(t *testing.T) {
	body := strings.NewReplacer(`"60"`, `"160"`, `"1428000.00"`, `1`, `"PY2"`, `2`).Replace(statement)
	_, err := totals.Settle("s.json", []byte(body), designs(t))
	var in *totals.InputError
	if !errors.As(err, &in) || len(in.Why) != 3 {
		t.Errorf("want three faults, got %v", err)
	}
}

func TestTOMLNumbersWithDecimals(t *testing.T) {
	// 60.5 takes 10% x 0.395 of 42,000: 1,659.
	x, err := totals.Settle("s.toml", []byte(strings.Replace(inTOML, "cqs = 60", "cqs = 60.5", 1)), designs(t))
	if err != nil || x.Ledger.Net.String() != "40341.00" {
		t.Errorf("%v, %v", x, err)
	}
	for _, odd := range []string{"nan", "inf", "-0.5", "1e300", "60.1234567"} {
		if _, err := totals.Settle("s.toml", []byte(strings.Replace(inTOML, "cqs = 60", "cqs = "+odd, 1)), designs(t)); err == nil {
			t.Errorf("%s is taken", odd)
		}
	}
}

func TestTOMLFaultsHaveLineAndColumn(t *testing.T) {
	_, err := totals.Settle("s.toml", []byte("design = \"team\"\nperiod = = 2\n"), designs(t))
	if err == nil || !strings.HasPrefix(err.Error(), "s.toml:2:10: ") {
		t.Errorf("got %v", err)
	}
}

// Whatever a statement holds, it is refused or it foots; and what one design
// takes, another refuses without falling over.
func FuzzSettle(f *testing.F) {
	f.Add([]byte(statement))
	f.Add([]byte(inTOML))
	f.Add([]byte(strings.Replace(inTOML, "cqs = 60", "cqs = nan", 1)))
	f.Add([]byte(`{"categories":[null,1,{}]}`))
	f.Add([]byte(`{"schema":"bundlelab.settle/1","quality":{"cqs":1e9}}`))
	text, err := os.ReadFile("../../docs/formats.md")
	if err != nil {
		f.Fatal(err)
	}
	for _, part := range strings.Split(string(text), "```json\n")[1:] {
		body, _, _ := strings.Cut(part, "```")
		f.Add([]byte(body))
	}
	d := designs(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := totals.Settle("s", b, d)
		if err != nil {
			return
		}
		if !x.Ledger.Foots() {
			t.Fatalf("does not foot: %s", b)
		}
		if x.Design.ID == "team" && x.Track == "1" && x.Ledger.Net < 0 {
			t.Fatalf("Track 1 repays: %s", b)
		}
	})
}
