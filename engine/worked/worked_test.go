package worked

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
)

func outcomes(t *testing.T) []Outcome {
	t.Helper()
	designs, err := policy.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	all, err := Run(designs)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestEveryCaseAgrees(t *testing.T) {
	for _, o := range outcomes(t) {
		for _, f := range o.Figures {
			if !f.OK() {
				t.Errorf("case %s %s: want %s, got %s", o.ID, f.Name, f.Want, f.Got)
			}
		}
	}
}

// TestTheCollectionIsWhole: each golden case is run, each published one that
// the program can compute, and each design has a case.
func TestTheCollectionIsWhole(t *testing.T) {
	all := outcomes(t)
	has := func(id string) bool {
		return slices.ContainsFunc(all, func(o Outcome) bool { return o.ID == id || strings.HasPrefix(o.ID, id+"-") })
	}
	for _, id := range []string{
		"A1", "A2", "A3", "A4", "A5", "A7", "A8", "A9", "A10", "A11", "A12", "A13", "A14", "A15", "A16", "A17", "A18", "B1", "B2", "B3a", "TEAM-D1", "TEAM-D2", "E1", "E2", "E3", "F", "G1", "G2",
		"P1", "P2", "P3", "P4", "P5", "P6", "P9", "P10", "P11", "P12",
		"D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8", "D9", "D10", "D11", "D12", "D13", "D14", "D15", "D16", "D17",
	} {
		if !has(id) {
			t.Errorf("case %s is not run", id)
		}
	}
	designs, err := policy.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range designs.IDs() {
		if !slices.ContainsFunc(all, func(o Outcome) bool { return o.Design == id }) {
			t.Errorf("design %s has no case", id)
		}
	}
	if all[0].Design != designs.IDs()[0] {
		t.Errorf("the first case is of %s", all[0].Design)
	}
	for _, o := range all {
		if o.Published && (!strings.HasPrefix(o.ID, "P") || strings.Contains(o.Source, "constructed")) {
			t.Errorf("case %s is called published; its source is %s", o.ID, o.Source)
		}
		if !o.Published && !strings.HasPrefix(o.Source, "constructed") {
			t.Errorf("case %s is not published, and its source %q does not say that it is constructed", o.ID, o.Source)
		}
	}
}

// TestACaseSeesItsTerm: a design with another number disagrees with the case
// that rests on it.
func TestACaseSeesItsTerm(t *testing.T) {
	for _, x := range []struct{ design, old, now, id string }{
		{"team", `value = "20%"`, `value = "19%"`, "A14"},
		{"team", `value = "17%/33%/50%"`, `value = "20%/30%/50%"`, "B2"},
		{"team", "key = \"episode_days\"\nvalues = [{ since = \"2026-01-01\", through = \"2030-12-31\", value = \"30\"", "key = \"episode_days\"\nvalues = [{ since = \"2026-01-01\", through = \"2030-12-31\", value = \"60\"", "TEAM-D1"},
		{"team-proposed", `value = "3.0%"`, `value = "2.0%"`, "VEN"},
		{"cjr", `value = "5%", cite = "42 CFR 510.305(e)(1)(v)(A)"`, `value = "6%", cite = "42 CFR 510.305(e)(1)(v)(A)"`, "D3"},
		{"cjr", `value = "3%", cite = "42 CFR 510.305(e)(1)(v)(C)"`, `value = "4%", cite = "42 CFR 510.305(e)(1)(v)(C)"`, "D4-rural"},
		{"cjr", `classes = ["rural", "sch", "mdh", "rrc"]`, `classes = ["rural", "sch", "mdh"]`, "D4-rrc"},
		{"cjr", `value = "5%", cite = "42 CFR 510.305(e)(1)(v)(B)"`, `value = "6%", cite = "42 CFR 510.305(e)(1)(v)(B)"`, "P2"},
		{"cjr", `value = "20%", cite = "42 CFR 510.305(e)(1)(v)(B)"`, `value = "15%", cite = "42 CFR 510.305(e)(1)(v)(B)"`, "D5"},
		{"cjr", `value = "1/3"`, `value = "1/2"`, "D1"},
		{"cjr", `value = "2.0%", cite = "42 CFR 510.300(c)(3)(ii)"`, `value = "3.0%", cite = "42 CFR 510.300(c)(3)(ii)"`, "D2"},
		{"cjr", `value = "0%/1.0%/1.5%"`, `value = "0%/1.1%/1.5%"`, "P1"},
		{"cjr", `value = "0%/1.5%/3.0%"`, `value = "0%/1.5%/2.5%"`, "D7"},
		{"cjr", `value = "5.00"`, `value = "4.00"`, "D6"},
		{"cjrx", `value = "31"`, `value = "32"`, "X2"},
		{"bpcia", "key = \"stop_gain\"\nvalues = [{ since = \"2018-10-01\", through = \"2025-12-31\", value = \"20%\"", "key = \"stop_gain\"\nvalues = [{ since = \"2018-10-01\", through = \"2025-12-31\", value = \"25%\"", "D8"},
		{"bpcia", `value = "before"`, `value = "after"`, "D8"},
		{"bpcia", "key = \"quality.gain_max\"\nvalues = [{ since = \"2018-10-01\", through = \"2025-12-31\", value = \"10%\"", "key = \"quality.gain_max\"\nvalues = [{ since = \"2018-10-01\", through = \"2025-12-31\", value = \"9%\"", "P6-0-gain"},
		{"bpcia", "key = \"quality.loss_max\"\nvalues = [{ since = \"2018-10-01\", through = \"2025-12-31\", value = \"10%\"", "key = \"quality.loss_max\"\nvalues = [{ since = \"2018-10-01\", through = \"2025-12-31\", value = \"9%\"", "D10"},
		{"bpci-m2", `value = "2.0%"`, `value = "2.5%"`, "P4"},
		{"bpci-m2", `value = "p75"`, `value = "p95"`, "P5-C"},
		{"bpci-m2", "key = \"cap.keep_above\"\nvalues = [{ since = \"2013-10-01\", through = \"2018-09-30\", value = \"20%\"", "key = \"cap.keep_above\"\nvalues = [{ since = \"2013-10-01\", through = \"2018-09-30\", value = \"25%\"", "D11"},
		{"epm", `value = "category"`, `value = "hospital"`, "EPM1"},
		{"state-ar", "key = \"gain_share\"\nvalues = [{ since = \"2013-01-01\", through = \"2020-12-31\", value = \"50%\"", "key = \"gain_share\"\nvalues = [{ since = \"2013-01-01\", through = \"2020-12-31\", value = \"60%\"", "D12-AR1"},
		{"state-ar", "key = \"loss_share\"\nvalues = [{ since = \"2013-01-01\", through = \"2020-12-31\", value = \"50%\"", "key = \"loss_share\"\nvalues = [{ since = \"2013-01-01\", through = \"2020-12-31\", value = \"60%\"", "D12-AR4"},
		{"prospective", `value = "15.2%"`, `value = "15.1%"`, "P9"},
		{"prospective", `value = "50%"`, `value = "40%"`, "P10"},
		{"prospective", `value = "50%"`, `value = "40%"`, "D15"},
		{"prometheus", `value = "50%"`, `value = "60%"`, "P11"},
		{"msk-knee", `value = "0%"`, `value = "1%"`, "D17"},
		{"aco-nested", `value = "75%"`, `value = "70%"`, "D13"},
		{"aco-nested", `value = "40%"`, `value = "35%"`, "D14"},
	} {
		t.Run(x.design+" "+x.id, func(t *testing.T) {
			all, err := Run(changed(t, x.design, x.old, x.now))
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(all, func(o Outcome) bool { return o.ID == x.id })
			if i < 0 || all[i].OK() {
				t.Errorf("case %s does not see %s instead of %s", x.id, x.now, x.old)
			}
		})
	}
}

// changed are the built-in designs with one text of one file replaced.
func changed(t *testing.T, design, old, now string) *policy.Set {
	t.Helper()
	names, err := filepath.Glob("../policy/designs/*.toml")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text := string(b)
		if filepath.Base(name) == design+".toml" {
			if !strings.Contains(text, old) {
				t.Fatalf("%s holds no %s", name, old)
			}
			text = strings.Replace(text, old, now, 1)
		}
		files[filepath.Base(name)] = &fstest.MapFile{Data: []byte(text)}
	}
	set, err := policy.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestAnAmountIsNearWhatWasRounded(t *testing.T) {
	for _, x := range []struct {
		got, within money.Cents
		want        bool
	}{{10_050, 50, true}, {9_950, 50, true}, {10_051, 50, false}, {9_949, 50, false}, {10_000, 0, true}, {10_001, 0, false}} {
		f, err := dollars("target", "100.00", x.got, x.within)
		if err != nil || f.OK() != x.want {
			t.Errorf("%s within %s of 100.00: %v, %v", x.got, x.within, f.OK(), err)
		}
	}
	if _, err := dollars("target", "a hundred", 0, 0); err == nil {
		t.Error("a word passes for an amount")
	}
}

func TestACaseThatChecksLessIsRefused(t *testing.T) {
	designs, err := policy.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	one := func(want map[string]string, within map[string]money.Cents) error {
		c := settlement{head: head{Design: "cjr", Period: "PY4"}, CQS: "6", Want: want, Within: within, Categories: []category{{Category: "LEJR", Benchmark: 100, Spending: 100}}}
		r, err := c.rules(designs)
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.run(r)
		return err
	}
	for name, err := range map[string]error{
		"a line nobody has":        one(map[string]string{"net_pay": "0.00"}, nil),
		"near what is not checked": one(map[string]string{"target": "0.97"}, map[string]money.Cents{"npra": 1}),
		"no score":                 try(t, &settlement{head: head{Design: "cjr", Period: "PY4"}}, designs),
		"an unknown category":      try(t, &settlement{head: head{Design: "cjr", Period: "PY4"}, CQS: "6", Categories: []category{{Category: "HIP"}}}, designs),
		"no formula":               try(t, &formulaCase{head: head{Design: "prometheus"}, CQS: "6"}, designs),
		"a design without a score": try(t, &score{head: head{Design: "msk-knee"}}, designs),
	} {
		if err == nil {
			t.Errorf("%s passes", name)
		}
	}
	for name, h := range map[string]head{
		"an unknown design": {Design: "teem"},
		"a year left out":   {Design: "cjr"},
		"an unknown track":  {Design: "bpci-m2", Track: "D"},
	} {
		if _, err := h.rules(designs); err == nil {
			t.Errorf("%s passes", name)
		}
	}
}

func try(t *testing.T, c problem, designs *policy.Set) error {
	t.Helper()
	r, err := c.about().rules(designs)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.run(r)
	return err
}
