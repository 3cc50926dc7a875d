package policy_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"bundlelab/engine/policy"
)

// whole is a design that lacks nothing. The line numbers of the tests count
// from its first line.
const whole = `schema = "bundlelab.design/1"
id = "pilot"
name = "Pilot"
status = "contract"
formula = "retrospective"
categories = ["LEJR"]

[[period]]
id = "P1"
start = "2026-01-01"
end = "2026-12-31"
baseline = [2024, 2025]
cite = "c"
evidence = "user"

[[step]]
id = "target"
cite = "c"
evidence = "user"
[[step]]
id = "spending"
cite = "c"
evidence = "user"
[[step]]
id = "reconciliation_amount"
cite = "c"
evidence = "user"
[[step]]
id = "quality_adjusted"
cite = "c"
evidence = "user"
[[step]]
id = "npra"
cite = "c"
evidence = "user"
[[step]]
id = "net_payment"
cite = "c"
evidence = "user"

[[parameter]]
key = "episode_days"
values = [{ since = "2026-01-01", value = "60", cite = "c", evidence = "user" }]
[[parameter]]
key = "discount"
values = [
  { since = "2026-01-01", value = "1.5%", cite = "c", evidence = "user" },
  { since = "2026-07-01", value = "2%", cite = "c", evidence = "user" },
]
[[parameter]]
key = "baseline.weights"
values = [{ since = "2026-01-01", value = "50%/50%", cite = "c", evidence = "user" }]
[[parameter]]
key = "trend.band"
values = [{ since = "2026-01-01", value = "none", cite = "c", evidence = "user" }]
[[parameter]]
key = "normalization.band"
values = [{ since = "2026-01-01", value = "none", cite = "c", evidence = "user" }]
[[parameter]]
key = "cap.high"
values = [{ since = "2026-01-01", value = "p99", cite = "c", evidence = "user" }]
[[parameter]]
key = "stop_gain"
values = [{ since = "2026-01-01", value = "10%", cite = "c", evidence = "user" }]
[[parameter]]
key = "stop_loss"
values = [{ since = "2026-01-01", value = "10%", cite = "c", evidence = "user" }]
[[parameter]]
key = "quality.effect"
values = [{ since = "2026-01-01", value = "none", cite = "c", evidence = "user" }]
`

func TestCheckAcceptsAWholeDesign(t *testing.T) {
	d, err := policy.Check("pilot.toml", []byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	if d.Weakest() != policy.User || len(d.StepIDs()) != 6 {
		t.Errorf("weakest %s, steps %v", d.Weakest(), d.StepIDs())
	}
}

// TestFaultsCarryTheirPlace breaks one thing at a time and wants the line and
// column of what is wrong.
func TestFaultsCarryTheirPlace(t *testing.T) {
	for _, x := range []struct {
		name, old, new string
		want           []string
	}{
		{"range", `"1.5%"`, `"45%"`, []string{`pilot.toml:47:35: parameter discount: 45% is outside -20% to 20%`}},
		// The value's table opens in column 3.
		{"no citation", `value = "1.5%", cite = "c"`, `value = "1.5%"`, []string{"pilot.toml:47:3: parameter discount: a citation is missing"}},
		{"no grade", `"2%", cite = "c", evidence = "user"`, `"2%", cite = "c"`, []string{"pilot.toml:48:3: parameter discount: an evidence grade is missing"}},
		{"bad grade", `"2%", cite = "c", evidence = "user"`, `"2%", cite = "c", evidence = "gospel"`, []string{`pilot.toml:48:64: "gospel" is not an evidence grade`}},
		{"dates in order", "2026-07-01", "2025-07-01", []string{"pilot.toml:48:13: parameter discount: dates are not in order at 2025-07-01"}},
		{"not a date", "2026-07-01", "soon", []string{`pilot.toml:48:13: parameter discount: "soon" is not a date`}},
		{"unknown parameter", `key = "discount"`, `key = "discont"`, []string{
			"pilot.toml:8:1: parameter discount: missing", // the period that has no discount
			"pilot.toml:45:7: parameter discont: unknown parameter (did you mean discount?)",
		}},
		{"unknown key", "baseline =", "base =", []string{"pilot.toml:8:1: period P1: 0 baseline years stand beside the 2 weights", `pilot.toml:12:1: unknown key "period.base" (did you mean baseline?)`}},
		{"unknown key of a value", `value = "1.5%"`, `valu = "1.5%"`, []string{`pilot.toml:47:3: parameter discount: "" is not a rate`, `pilot.toml:47:27: unknown key "parameter.values.valu" (did you mean value?)`}},
		{"two types", "baseline = [2024, 2025]\ncite = \"c\"", "baseline = [2024, \"x\"]\ncite = 7", []string{"pilot.toml:12:19: period.baseline: want a whole number, have text", "pilot.toml:13:8: period.cite: want text in quotes, have a number"}},
		{"a date without quotes", `start = "2026-01-01"`, `start = 2026-01-01`, []string{"pilot.toml:10:9: period.start: want text in quotes, have a date or time"}},
		{"a table for a list", "[[period]]", "[period]", []string{"pilot.toml:1:1: design: id, name, formula and at least one period", "pilot.toml:8:1: period: want a list of tables ([[period]]), have a table"}},
		{"period backwards", `end = "2026-12-31"`, `end = "2025-12-31"`, []string{"pilot.toml:11:7: period P1: 2025-12-31 is before the start 2026-01-01"}},
		{"baseline backwards", "[2024, 2025]", "[2025, 2024]", []string{"pilot.toml:12:19: period P1: baseline years are not in order at 2024"}},
		{"weights of other years", "[2024, 2025]", "[2023, 2024, 2025]", []string{"pilot.toml:12:12: period P1: 3 baseline years stand beside the 2 weights 50%/50%"}},
		{"period without a source", "[2024, 2025]\ncite = \"c\"\nevidence = \"user\"", "[2024, 2025]", []string{"pilot.toml:8:1: period P1: a citation is missing", "pilot.toml:8:1: period P1: an evidence grade is missing"}},
		{"unknown step", `id = "npra"`, `id = "nrpa"`, []string{"pilot.toml:1:1: step npra: missing", "pilot.toml:33:6: step nrpa: unknown step (did you mean npra?)"}},
		{"unknown status", `"contract"`, `"activ"`, []string{`pilot.toml:4:10: design: "activ" is not a status (did you mean active?)`}},
		{"unknown formula", `"retrospective"`, `"retrospectiv"`, []string{`pilot.toml:5:11: design: unknown formula "retrospectiv" (did you mean retrospective?)`}},
		{"id with a slash", `id = "pilot"`, `id = "../pilot"`, []string{`pilot.toml:2:6: design: id "../pilot"`}},
		{"unknown category", `key = "discount"`, "key = \"discount\"\ncategories = [\"LEJR\", \"LEJ\"]", []string{"pilot.toml:46:23: parameter discount: \"LEJ\" is not a category of this design (did you mean LEJR?)"}},
		{"unknown class", `key = "stop_loss"`, "key = \"stop_loss\"\nclasses = [\"rurl\"]", []string{"pilot.toml:65:1: parameter stop_loss: no value for P1", `pilot.toml:67:12: parameter stop_loss: "rurl" is not a hospital class (did you mean rural?)`}},
		{"unknown kind", `key = "discount"`, "key = \"discount\"\nkinds = [\"surgery\"]", []string{"pilot.toml:44:1: parameter discount: no value for P1 LEJR", `pilot.toml:46:10: parameter discount: "surgery" is not a kind (did you mean surgical?)`}},
		{"unknown track", `key = "stop_gain"`, "key = \"stop_gain\"\ntracks = [\"A\"]", []string{"pilot.toml:62:1: parameter stop_gain: no value for P1", `pilot.toml:64:11: parameter stop_gain: names track "A", which the file does not define`}},
		{"too late", `[{ since = "2026-01-01", value = "p99"`, `[{ since = "2027-01-01", value = "p99"`, []string{"pilot.toml:59:1: parameter cap.high: no value for P1"}},
		{"loss above gain", "[[parameter]]\nkey = \"cap.high\"", "[[parameter]]\nkey = \"discount.loss\"\nvalues = [{ since = \"2026-01-01\", value = \"3%\", cite = \"c\", evidence = \"user\" }]\n[[parameter]]\nkey = \"cap.high\"", []string{"pilot.toml:59:1: parameter discount.loss: 3.0% is above discount 1.5% for LEJR"}},
		{"not TOML", "[[period]]", "[[period]", []string{"pilot.toml:8:"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			body := strings.Replace(whole, x.old, x.new, 1)
			_, err := policy.Check("pilot.toml", []byte(body))
			var f *policy.FileError
			if !errors.As(err, &f) || len(f.Problems) != len(x.want) {
				t.Fatalf("got %v, want %q", err, x.want)
			}
			for i, p := range f.Problems {
				if !strings.HasPrefix(p.String(), x.want[i]) {
					t.Errorf("got %s, want %s", p, x.want[i])
				}
			}
		})
	}
}

// TestAllFaultsOfAFileInOrder breaks several things of several kinds at once.
func TestAllFaultsOfAFileInOrder(t *testing.T) {
	body := strings.NewReplacer(`"1.5%"`, `"45%"`, `status = "contract"`, `status = "on"`, `end = "2026-12-31"`, `end = 7`, `key = "stop_gain"`, `key = "stopgain"`).Replace(whole)
	_, err := policy.Check("pilot.toml", []byte(body))
	want := []string{"pilot.toml:4:10:", "pilot.toml:8:1: parameter stop_gain: missing", "pilot.toml:11:7: period.end", "pilot.toml:47:35:", "pilot.toml:63:7: parameter stopgain: unknown parameter (did you mean stop_gain?)"}
	var f *policy.FileError
	if !errors.As(err, &f) || len(f.Problems) != len(want) {
		t.Fatalf("got %v", err)
	}
	for i, p := range f.Problems {
		if !strings.HasPrefix(p.String(), want[i]) {
			t.Errorf("got %s, want %s", p, want[i])
		}
	}
}

// TestPlacesOfEveryWayToWrite holds dotted keys, inline tables and headers
// apart.
func TestPlacesOfEveryWayToWrite(t *testing.T) {
	for _, x := range []struct{ body, want string }{
		{"period = [ { id = \"a\" },\n  { id = \"b\", end = 3 } ]\n", "x.toml:2:21: period.end"},
		{"[[track]]\nid=\"1\"\n[[track.rule]]\nopen = true\n[[track.rule]]\nopen = \"yes\"\n", "x.toml:6:8: track.rule.open"},
		{"schema.x = 1\n", "x.toml:1:1: schema: want text"},
		{"  [[ period ]]\n", "x.toml:1:3: period : a date is missing"},
		{"categories = [[1], [2]]\n", "x.toml:1:14: categories"},
		{"note = '''\nlong\n'''\nname =    7 # what\n", "x.toml:4:11: name"},
	} {
		_, err := policy.Parse("x.toml", []byte(x.body))
		if err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%q: got %v, want %s", x.body, err, x.want)
		}
	}
}

func TestOwnFolderKeepsWhatIsInOrder(t *testing.T) {
	other := strings.Replace(whole, `"pilot"`, `"other"`, 1)
	set, err := policy.LoadOwn(fstest.MapFS{
		"a.toml": {Data: []byte(whole)},
		"b.toml": {Data: []byte(strings.Replace(other, `"1.5%"`, `"x"`, 1))},
		"c.toml": {Data: []byte(strings.Replace(other, "episode_days", "episode_day", 1))},
		"d.toml": {Data: []byte(whole)},
		"e.toml": {Data: []byte(other)},
	})
	if got := strings.Join(set.IDs(), " "); got != "pilot other" {
		t.Errorf("the set holds %s", got)
	}
	var f *policy.FileError
	if !errors.As(err, &f) || len(f.Problems) != 4 {
		t.Fatalf("got %v", err)
	}
	for i, want := range []string{`b.toml:47:35: parameter discount: "x" is not a rate`, "c.toml:8:1: parameter episode_days: missing", "c.toml:42:7: parameter episode_day: unknown parameter", `d.toml:2:6: design: another file of this folder has the id "pilot"`} {
		if !strings.HasPrefix(f.Problems[i].String(), want) {
			t.Errorf("got %s, want %s", f.Problems[i], want)
		}
	}
	builtin, err := policy.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	taken, err := policy.LoadOwn(fstest.MapFS{"t.toml": {Data: []byte(strings.Replace(whole, `"pilot"`, `"team"`, 1))}})
	if err != nil {
		t.Fatal(err)
	}
	both, err := builtin.With(taken)
	if err == nil || err.Error() != `t.toml:2:6: design: the id "team" is taken: choose another` || len(both.IDs()) != len(builtin.IDs()) {
		t.Errorf("got %v", err)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte("[[track]]\n[[track.rule]]\nany_of=[{}]\n[[default_track]]\n[[parameter]]\nvalues=[{}]"))
	f.Add([]byte("\"a.b[\" = [[1]]\n[period.x]\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, err := policy.Check("design.toml", b)
		var e *policy.FileError
		if err == nil {
			return
		}
		if !errors.As(err, &e) {
			t.Fatal(err)
		}
		last := 0
		for _, p := range e.Problems {
			if p.Line < last || p.Line < 1 || p.Column < 1 || p.Line > 1+strings.Count(string(b), "\n") {
				t.Fatalf("%s stands outside the file or out of order", p)
			}
			last = p.Line
		}
	})
}
