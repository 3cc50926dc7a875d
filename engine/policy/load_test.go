package policy_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"bundlelab/engine/policy"
)

// value is one value of a discount parameter with the given keys.
func value(keys string) string {
	return head + "[[parameter]]\nkey = \"discount\"\nvalues = [{ " + keys + " }]\n"
}

const good = `since = "2026-01-01", value = "2%", cite = "c", evidence = "regulation"`

func TestParseNamesWhatIsWrong(t *testing.T) {
	for _, x := range []struct {
		name, body, want string
	}{
		// The head has 13 lines.
		{"not TOML", head + "x = = 1\n", "design.toml:14:5"},
		{"unknown key", head + "colour = \"red\"\n", `design.toml:14:1: unknown key "period.colour"`},
		{"unknown key at the top", "colour = 1\n" + head, `design.toml:1:1: unknown key "colour"`},
		{"wrong type", strings.Replace(head, `"x"`, "7", 1), "design.toml:2:6"},
		{"bad grade", strings.Replace(head, `"regulation"`, `"gospel"`, 1), `"gospel" is not an evidence grade`},
		{"schema", strings.Replace(head, "design/1", "design/9", 1), `schema: want "bundlelab.design/1", have "bundlelab.design/9"`},
		{"no id", strings.Replace(head, `id = "x"`, "", 1), "id, name, formula and at least one period are needed"},
		{"category that is no id", strings.Replace(head, `"CABG"`, `"spine"`, 1), `"spine": write capital letters`},
		{"bad date", strings.Replace(head, "2026-12-31", "2026-02-30", 1), `period Y1: "2026-02-30" is not a date`},
		{"period without start", strings.Replace(head, `start = "2026-01-01"`, "", 1), "period Y1: a date is missing"},
		{"period without cite", strings.Replace(head, "\ncite = \"c\"", "", 1), "period Y1: a citation is missing"},
		{"step without cite", strings.Replace(head, `"npra", cite = "c"`, `"npra"`, 1), "step npra: a citation is missing"},
		{"step nobody knows", strings.Replace(head, `"npra"`, `"nprb"`, 1), "step nprb: unknown step"},
		{"step that is missing", strings.Replace(head, `"npra"`, `"nprb"`, 1), "step npra: missing"},
		{"value without cite", value(`since = "2026-01-01", value = "2%", evidence = "regulation"`), "parameter discount: a citation is missing"},
		{"value without evidence", value(`since = "2026-01-01", value = "2%", cite = "c"`), "parameter discount: an evidence grade is missing"},
		{"value without date", value(`value = "2%", cite = "c", evidence = "user"`), "parameter discount: a date is missing"},
		{"dates out of order", value(good + ` }, { since = "2025-01-01", value = "3%", cite = "c", evidence = "user"`), "dates are not in order at 2025-01-01"},
		{"the same date twice", value(good + " }, { " + good), "dates are not in order at 2026-01-01"},
		{"out of range", value(strings.Replace(good, "2%", "21%", 1)), "21% is outside -20% to 20%"},
		{"below the range", value(strings.Replace(good, "2%", "-20.1%", 1)), "-20.1% is outside -20% to 20%"},
		{"not a rate", value(strings.Replace(good, "2%", "two", 1)), `"two" is not a rate`},
		{"none where it may not stand", value(strings.Replace(good, "2%", "none", 1)), `"none" is not a rate`},
		{"unknown parameter", strings.Replace(value(good), "discount", "discont", 1), "parameter discont: unknown parameter"},
		{"no value", head + "[[parameter]]\nkey = \"discount\"\n", "parameter discount: no value"},
		{"count", strings.Replace(strings.Replace(value(good), "discount", "episode_days", 1), "2%", "3.5", 1), `"3.5" is not a whole number`},
		{"weights", strings.Replace(strings.Replace(value(good), "discount", "baseline.weights", 1), "2%", "17%/33%/51%", 1), "sum to 101.0%, not 100%"},
		{"weights of another number of years", strings.Replace(strings.Replace(value(good), "discount", "baseline.weights", 1), "2%", "50%/50%", 1), "period Y1: 3 baseline years stand beside the 2 weights 50%/50%"},
		{"track without rules", head + "[[track]]\nid = \"1\"\n", "track 1: no rule says who may choose it"},
		{"rule that says nothing", head + "[[track]]\nid = \"1\"\n[[track.rule]]\nsince = \"2026-01-01\"\ncite = \"c\"\nevidence = \"user\"\n", "say open, closed or any_of"},
		{"flag nobody knows", head + "[[track]]\nid = \"1\"\n[[track.rule]]\nsince = \"2026-01-01\"\ncite = \"c\"\nevidence = \"user\"\nany_of = [{ name = \"big\", cite = \"c\", evidence = \"user\" }]\n", `"big" is not a hospital class`},
	} {
		t.Run(x.name, func(t *testing.T) {
			_, err := policy.Parse("design.toml", []byte(x.body))
			if err == nil || !strings.Contains(err.Error(), x.want) || !strings.HasPrefix(err.Error(), "design.toml") {
				t.Errorf("got %v, want %q", err, x.want)
			}
		})
	}
}

func TestAllFaultsAreNamedAtOnce(t *testing.T) {
	_, err := policy.Parse("d.toml", []byte(value(`since = "2026-01-01", value = "40%", evidence = "user"`)))
	if err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("want a missing citation and a rate out of range, got %v", err)
	}
}

func TestLimitsMayBeNone(t *testing.T) {
	body := strings.Replace(strings.Replace(value(good), "discount", "stop_gain", 1), "2%", "none", 1)
	d := parse(t, body)
	if _, err := policy.Parse("d.toml", []byte(strings.Replace(body, "none", "waived", 1))); err == nil {
		t.Error("a gain is waived")
	}
	if _, err := policy.Parse("d.toml", []byte(strings.NewReplacer("stop_gain", "stop_loss", "none", "waived").Replace(body))); err != nil {
		t.Errorf("a loss is not waived: %v", err)
	}
	if f, err := d.At("stop_gain", day(t, "2026-01-01"), policy.Scope{}); err != nil || f.Value != "none" {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestBuiltinDesigns(t *testing.T) {
	s, err := policy.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	if s.IDs()[0] != "team" {
		t.Errorf("designs in the order %v", s.IDs())
	}
	for _, d := range s.All() {
		for _, r := range d.Params() {
			if r.Cite == "" || r.Evidence == 0 {
				t.Errorf("%s: %s since %s has no source", d.ID, r.Key, r.Since)
			}
		}
	}
	var nf *policy.NotFoundError
	if _, err := s.Get("teem"); !errors.As(err, &nf) || !strings.Contains(err.Error(), "team") {
		t.Errorf("teem: %v", err)
	}
}

func TestOwnDesignsStandBesideTheBuiltin(t *testing.T) {
	builtin, err := policy.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	own, err := policy.Load(fstest.MapFS{"x.toml": {Data: []byte(head)}, "readme.txt": {Data: []byte("not a design")}})
	if err != nil {
		t.Fatal(err)
	}
	both, err := builtin.With(own)
	if err != nil || len(both.IDs()) != len(builtin.IDs())+1 {
		t.Fatalf("%v, %v", both.IDs(), err)
	}
	if _, err := both.With(own); err == nil || !strings.Contains(err.Error(), `"x" is taken`) {
		t.Errorf("the same id again: %v", err)
	}
	if _, err := policy.Load(fstest.MapFS{"a.toml": {Data: []byte(head)}, "b.toml": {Data: []byte(head)}}); err == nil {
		t.Error("two files with one id are accepted")
	}
	if _, err := policy.Load(fstest.MapFS{"a.toml": {Data: []byte("x")}}); err == nil || !strings.HasPrefix(err.Error(), "a.toml:1:") {
		t.Errorf("a broken file: %v", err)
	}
}

func TestEvidence(t *testing.T) {
	for g := policy.Regulation; g <= policy.User; g++ {
		var back policy.Evidence
		b, err := g.MarshalText()
		if err != nil || back.UnmarshalText(b) != nil || back != g || g.Short() == "?" {
			t.Errorf("%s reads back as %s", b, back)
		}
		if g.Lowest(policy.Regulation) != g || policy.Regulation.Lowest(g) != g || g.Lowest(0) != g {
			t.Errorf("lowest of %s and regulation", g)
		}
	}
	if policy.Evidence(0).String() != "ungraded" || policy.Evidence(7).Short() != "?" {
		t.Error("a grade out of range")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(head))
	f.Add([]byte(dated))
	f.Add([]byte(value(good)))
	f.Add([]byte("schema = 1"))
	f.Add([]byte(head + entry("discount", `days = "0-60"`, "3%") + entry("quality.tiers", `kinds = ["medical"]`, "6.9/>15")))
	files, err := filepath.Glob("designs/*.toml")
	if err != nil || len(files) < 10 {
		f.Fatalf("%d design files, %v", len(files), err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := policy.Parse("design.toml", b)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "design.toml") {
				t.Fatalf("the error does not say where: %v", err)
			}
			return
		}
		if err := d.Complete(); err != nil && err.Error() == "" {
			t.Fatal("an empty complaint")
		}
		for _, p := range d.Periods {
			for _, r := range d.Params() {
				if _, err := d.At(r.Key, p.Start, policy.Scope{Track: "1", Category: "LEJR"}); err != nil {
					var de *policy.DateError
					if !errors.As(err, &de) {
						t.Fatal(err)
					}
				}
			}
			d.DefaultTrack(p.Start, 0)
			for _, tr := range d.Tracks {
				if _, err := d.Eligible(tr.ID, p, nil); err != nil && err.Error() == "" {
					t.Fatal("an empty refusal")
				}
			}
		}
	})
}
