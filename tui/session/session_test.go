package session

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bundlelab/engine"
	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/settle"
	"bundlelab/scenarios"
)

func set(t *testing.T, pairs ...string) lever.Set {
	t.Helper()
	var s lever.Set
	for i := 0; i < len(pairs); i += 2 {
		var err error
		if s, err = s.With(pairs[i], pairs[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestBaseChain(t *testing.T) {
	s := &Session{disk: map[string]string{}}
	s.SetEntries([]scenarios.Entry{
		{File: "grand.toml", Scenario: scenarios.Scenario{Name: "Grand", Base: "status-quo", Levers: set(t, "quality.cqs", "60", "market.volume", "5%")}},
		{File: "parent.toml", Scenario: scenarios.Scenario{Name: "Parent", Base: "Grand", Levers: set(t, "quality.cqs", "70")}},
		{File: "loop.toml", Scenario: scenarios.Scenario{Name: "Loop", Base: "loop"}},
		{File: ".draft.toml", Scenario: scenarios.Scenario{Name: "Draft"}},
	})
	b, err := s.baseOf(scenarios.Scenario{Name: "Child", Base: "parent"})
	if err != nil || b.name != "Parent" {
		t.Fatalf("base %q, %v", b.name, err)
	}
	if v, _ := b.levers.Get("quality", "cqs", "", 0); v.Text != "70" { // the parent beats the grandparent
		t.Errorf("cqs %q, want 70", v.Text)
	}
	if v, _ := b.levers.Get("market", "volume", "", 0); v.Text != "5%" {
		t.Errorf("volume %q, want 5%%", v.Text)
	}
	for base, want := range map[string]string{"Loop": "builds on itself", "gone": "not in the scenario folder", "Draft": "not in the scenario folder"} {
		if _, err := s.baseOf(scenarios.Scenario{Name: "X", Base: base}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("base %s: %v, want %q", base, err, want)
		}
	}
}

// TestMergeFoots adds two hospitals of which one lacks lines the other has:
// A 100 - 2 = 98, - 90 = 8, quality -1 = 7; B 50 - 1 = 49, - 60 = -11, held at
// -5 by a limit of +6. Together 147, -150, -3, -1, +6, net 2.
func TestMergeFoots(t *testing.T) {
	line := func(id string, amount money.Cents) settle.Line { return settle.Line{ID: id, Label: id, Amount: amount} }
	sub := func(id string, amount money.Cents) settle.Line {
		return settle.Line{ID: id, Label: id, Amount: amount, Subtotal: true}
	}
	d := &engine.DesignResult{Hospitals: []engine.HospitalResult{
		{CCN: "A", Ledger: settle.Ledger{Lines: []settle.Line{line("benchmark", 100), line("discount", -2), sub("target", 98), line("spending", -90), sub("reconciliation_amount", 8), line("quality", -1), sub("net_payment", 7)}}},
		{CCN: "B", Ledger: settle.Ledger{Lines: []settle.Line{line("benchmark", 50), line("discount", -1), sub("target", 49), line("spending", -60), sub("reconciliation_amount", -11), line("stop_limit", 6), sub("net_payment", -5)}}},
	}}
	want := map[string]money.Cents{"benchmark": 150, "discount": -3, "target": 147, "spending": -150, "reconciliation_amount": -3, "quality": -1, "stop_limit": 6, "net_payment": 2}
	steps := merged(d)
	if len(steps) != len(want) {
		t.Fatalf("%d lines, want %d", len(steps), len(want))
	}
	for _, st := range steps {
		if st.Amount != want[st.ID] {
			t.Errorf("%s = %d, want %d", st.ID, st.Amount, want[st.ID])
		}
	}
	if last := steps[len(steps)-1]; last.ID != "net_payment" || last.Hospitals != 2 {
		t.Errorf("the last line is %s of %d hospitals", last.ID, last.Hospitals)
	}
}

func TestTyped(t *testing.T) {
	defs := map[string]lever.Def{}
	for _, d := range lever.Registry() {
		defs[d.Key()] = d
	}
	for _, x := range [][3]string{
		{"care.snf_to_hha", "15", "15%"}, {"care.snf_to_hha", "-2.5", "-2.5%"}, {"care.snf_to_hha", "15%", "15%"}, {"care.snf_to_hha", "+5", "+5%"},
		{"policy.stop_loss", "none", "none"}, {"policy.stop_loss", "20", "20%"}, {"program.fixed_cost", "$250,000", "250000"},
		{"care.snf_days", "2 d", "2"}, {"quality.cqs", "60", "60"}, {"policy.track", "3", "3"},
	} {
		d := defs[x[0]]
		if got := Typed(&d, x[1]); got != x[2] {
			t.Errorf("%s typed %q gives %q, want %q", x[0], x[1], got, x[2])
		}
	}
}

func TestSteppedHoldsTheRange(t *testing.T) {
	for _, x := range []struct {
		key, from string
		n         int
		want      string
		end       bool
	}{
		{"care.snf_to_hha", "99%", 10, "100%", false}, {"care.snf_to_hha", "100%", 1, "100%", true}, {"care.snf_to_hha", "0%", -1, "0%", true},
		{"policy.discount", "2%", 1, "2.5%", false}, {"policy.stop_loss", "none", -1, "100%", false}, {"policy.stop_loss", "none", 1, "none", true},
		{"program.fixed_cost", "5000.00", -1, "0.00", false}, {"care.snf_days", "1.5", 1, "2", false},
	} {
		_, d, err := lever.ParseKey(x.key)
		if err != nil {
			t.Fatal(err)
		}
		v, err := lever.ParseValue(d, x.from)
		if err != nil {
			t.Fatal(err)
		}
		if got, end, err := stepped(d, v, x.n); got != x.want || end != x.end || err != nil {
			t.Errorf("%s from %s by %d: %s %v %v, want %s %v", x.key, x.from, x.n, got, end, err, x.want, x.end)
		}
	}
}

func TestDraft(t *testing.T) {
	f := scenarios.Folder{Dir: filepath.Join(t.TempDir(), "new")}
	x := scenarios.Scenario{Name: "Half done", Levers: set(t, "quality.cqs", "60")}
	if err := WriteDraft(f, x); err != nil {
		t.Fatal(err)
	}
	got, err := scenarios.Load(filepath.Join(f.Dir, draftName))
	if err != nil || got.Name != x.Name || got.Levers.Len() != 1 {
		t.Errorf("draft %+v, %v", got, err)
	}
	for range 2 {
		if err := DropDraft(f); err != nil {
			t.Error(err)
		}
	}
	if left, _ := os.ReadDir(f.Dir); len(left) != 0 {
		t.Errorf("%d files are left", len(left))
	}
}

// merged adds ledgers as addUp does.
func merged(d *engine.DesignResult) []Step {
	var out []Step
	for i := range d.Hospitals {
		out = merge(out, d.Hospitals[i].Ledger.Lines)
	}
	running(out)
	return out
}

// TestMergeKeepsTheOrderOfTheSettlement has one hospital with the second of
// two addends and another with the first.
func TestMergeKeepsTheOrderOfTheSettlement(t *testing.T) {
	one := func(id string) engine.HospitalResult {
		return engine.HospitalResult{Ledger: settle.Ledger{Lines: []settle.Line{
			{ID: "reconciliation_amount", Amount: 0, Subtotal: true}, {ID: id, Amount: 1}, {ID: "npra", Amount: 1, Subtotal: true}}}}
	}
	for _, pair := range [][]string{{"share", "min_rate"}, {"min_rate", "share"}} {
		var ids []string
		for _, st := range merged(&engine.DesignResult{Hospitals: []engine.HospitalResult{one(pair[0]), one(pair[1])}}) {
			ids = append(ids, st.ID)
		}
		if got := strings.Join(ids, " "); got != "reconciliation_amount min_rate share npra" {
			t.Errorf("%v: %s", pair, got)
		}
	}
}

// TestBrief counts the single errors of joined ones, wrapped and nested.
func TestBrief(t *testing.T) {
	a, b, c := errors.New("a"), fmt.Errorf("b: %w", errors.New("inner")), errors.New("c")
	no := &policy.IneligibleError{Why: "it is small"}
	for _, x := range []struct {
		err    error
		leaves int
		want   string
	}{
		{a, 1, "a"},
		{b, 1, "b: inner"},
		{errors.Join(a, b, c), 3, "a (and 2 more)"},
		{fmt.Errorf("all: %w", errors.Join(a, errors.Join(b, c))), 3, "a (and 2 more)"},
		{errors.Join(a, no), 2, "not eligible for 2 hospitals: it is small ()"},
		{no, 1, "not eligible: it is small ()"},
	} {
		if got := Brief(x.err); got != x.want || len(Leaves(x.err)) != x.leaves {
			t.Errorf("%v is %q with %d leaves, want %q with %d", x.err, got, len(Leaves(x.err)), x.want, x.leaves)
		}
	}
}

// TestMergeTakesTheLowestGrade has the lowest at the second of three hospitals.
func TestMergeTakesTheLowestGrade(t *testing.T) {
	var d engine.DesignResult
	for _, e := range []policy.Evidence{policy.Regulation, policy.Assumed, policy.Secondary} {
		d.Hospitals = append(d.Hospitals, engine.HospitalResult{Ledger: settle.Ledger{Lines: []settle.Line{{ID: "benchmark", Amount: 1, Evidence: e}}}})
	}
	if st := merged(&d); len(st) != 1 || st[0].Amount != 3 || st[0].Evidence != policy.Assumed {
		t.Errorf("%+v", st)
	}
}

// TestSmallCategories has hospitals with as many baseline episodes as the rule
// asks for, and with one fewer.
func TestSmallCategories(t *testing.T) {
	b := bins{below: 31}
	for _, n := range []int{31, 30, 500} {
		b.add(&engine.HospitalResult{Categories: []engine.CategoryResult{{Category: episode.LEJR, Baseline: n}}})
	}
	if x := b.sums(); len(x) != 1 || x[0].Small != 1 || x[0].Hospitals != 3 || x[0].Baseline != 561 {
		t.Errorf("%+v", x)
	}
}

// TestParsedIsEachLeversOwn reads the same texts for every lever, each by its
// own unit and range.
func TestParsedIsEachLeversOwn(t *testing.T) {
	s := &Session{unset: map[unset]known{}}
	for range 2 {
		for _, d := range lever.Registry() {
			for _, text := range []string{"0", "0%", "10", "none", "", d.Baseline} {
				v, err := lever.ParseValue(&d, text)
				x := s.parsed(&d, text)
				if (x.err == nil) != (err == nil) || err == nil && x.shown != Show(&d, v) {
					t.Errorf("%s, %q: %q, %v, want %q, %v", d.Key(), text, x.shown, x.err, Show(&d, v), err)
				}
			}
		}
	}
}
