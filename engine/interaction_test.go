package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"bundlelab/engine"
	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/price"
)

func TestInteractionTakesAScenarioApart(t *testing.T) {
	w := &world{
		hospitals: []panel.Hospital{{CCN: "100001", Division: 5, SafetyNet: panel.Yes}},
		rows:      []price.Row{{Kind: price.Benchmark, Cell: "470", Division: 5, Days: 30, Price: cents(t, "20000.00"), P99: dollars(t, "25000.00")}},
	}
	snf := func(s string) episode.Service {
		return episode.Service{Setting: episode.SNF, Rule: episode.Whole, Amount: cents(t, s)}
	}
	w.add(t, "A", "2026-02-01", "10000.00", 0, snf("8000.00"))
	w.add(t, "B", "2026-03-01", "10000.00", 0, snf("20000.00"))
	m := w.model(t)
	saving, volume := []string{"care.all.saving.snf", "50%"}, []string{"market.volume", "100%"}
	rules := []string{"policy.track", "3"}
	net := func(kv ...string) engine.DesignResult {
		r, err := m.Evaluate(engine.Request{Designs: []string{"team"}, Levers: levers(t, append(rules, kv...)...)})
		if err != nil {
			t.Fatal(err)
		}
		return r.Designs[0]
	}
	all, err := m.Interaction(engine.Request{Designs: []string{"team"}, Levers: levers(t, append(rules, append(saving, volume...)...)...)})
	if err != nil {
		t.Fatal(err)
	}
	x, doubled := all[0], all[0]
	base, both := net().Net, net(append(saving, volume...)...).Net
	if len(all) != 1 || x.Design != "team" || x.Base != base || x.Net != both || len(x.Alone) != 2 {
		t.Fatalf("%+v, want base %s and net %s", all, base, both)
	}
	first, second := net(saving...).Net-base, net(volume...).Net-base
	if x.Alone[0].Net != first || x.Alone[1].Net != second || x.Alone[0].Setting.Key.Name != "saving.snf" {
		t.Errorf("alone %+v, want %s and %s", x.Alone, first, second)
	}
	// Twice the episodes earn the saving twice, which neither lever does alone.
	if x.Between == 0 || x.Base+first+second+x.Between != x.Net {
		t.Errorf("between them %s: %s + %s + %s is not %s", x.Between, x.Base, first, second, x.Net)
	}
	// Half the SNF care is 4,000 of A and 10,000 of B. B counts 25,000 of 30,000
	// before and 20,000 after: 5,000 of its 10,000 lay above the cap.
	all, err = m.Interaction(engine.Request{Designs: []string{"team"}, Levers: levers(t, append(rules, saving...)...)})
	if err != nil {
		t.Fatal(err)
	}
	if x = all[0]; x.Saved != cents(t, "14000.00") || x.AboveCap != cents(t, "5000.00") || x.Between != 0 {
		t.Errorf("saved %s, above the cap %s, between %s", x.Saved, x.AboveCap, x.Between)
	}
	// At twice the episodes twice as much, and more episodes are no saving.
	if saved, above := doubled.Saved, doubled.AboveCap; saved != cents(t, "28000.00") || above != cents(t, "10000.00") {
		t.Errorf("at twice the volume saved %s, above the cap %s", saved, above)
	}
}

func TestInteractionOfAllDesigns(t *testing.T) {
	w := &world{hospitals: []panel.Hospital{{CCN: "100001", Division: 5}}}
	w.add(t, "A", "2025-02-01", "20000.00", 0)
	w.add(t, "B", "2026-02-01", "21000.00", 0)
	m := w.model(t)
	// A score beyond CJR's scale is let pass where no design is named.
	all, err := m.Interaction(engine.Request{Levers: levers(t, "quality.cqs", "80", "market.cost_trend", "3%")})
	if err != nil || len(all) < 4 {
		t.Fatalf("%d designs, %v", len(all), err)
	}
	for _, x := range all {
		sum := x.Base + x.Between
		for _, a := range x.Alone {
			sum += a.Net
		}
		if sum != x.Net {
			t.Errorf("%s: %s is not %s", x.Design, sum, x.Net)
		}
	}
	if _, err := m.Interaction(engine.Request{Designs: []string{"cjr"}, Levers: levers(t, "quality.cqs", "80")}); err == nil {
		t.Error("a named design takes a score beyond its scale")
	}
}

// A row of the board is the same settlement, whatever design and track the
// levers choose; a period of another design leaves it at its own default.
func TestInteractionInARow(t *testing.T) {
	w := &world{
		hospitals: []panel.Hospital{{CCN: "100001", Division: 5, SafetyNet: panel.Yes}},
		rows:      []price.Row{{Kind: price.Benchmark, Cell: "470", Division: 5, Days: 30, Price: cents(t, "20000.00")}},
	}
	w.add(t, "A", "2026-02-01", "10000.00", 0, episode.Service{Setting: episode.SNF, Rule: episode.Whole, From: 0, To: 20, Amount: cents(t, "8000.00")})
	m := w.model(t)
	set := levers(t, "care.all.saving.snf", "50%", "policy.design", "cjr", "policy.track", "1", "policy.period", "PY8", "market.volume", "100%")
	x, err := m.InteractionIn("team", "3", nil, engine.Request{Levers: set})
	if err != nil {
		t.Fatal(err)
	}
	want, err := m.Interaction(engine.Request{Designs: []string{"team"}, Levers: levers(t, "care.all.saving.snf", "50%", "policy.track", "3", "market.volume", "100%")})
	if err != nil || len(x.Alone) != 2 || x.Base != want[0].Base || x.Net != want[0].Net || x.Between != want[0].Between || x.AboveCap != want[0].AboveCap {
		t.Errorf("%+v, want %+v, %v", x, want, err)
	}
	if _, err := m.InteractionIn("team", "9", nil, engine.Request{Levers: set}); err == nil {
		t.Error("a track that does not exist has a row")
	}
}

// A cut that fits only the longer episode cannot be told alone: what it does
// stands between it and the length, and the sum holds.
func TestALeverThatCannotStandAlone(t *testing.T) {
	w := &world{
		hospitals: []panel.Hospital{{CCN: "100001", Division: 5, SafetyNet: panel.Yes}},
		rows: []price.Row{
			{Kind: price.Benchmark, Cell: "470", Division: 5, Days: 30, Price: cents(t, "20000.00")},
			{Kind: price.Benchmark, Cell: "470", Division: 5, Days: 90, Price: cents(t, "24000.00")},
		},
	}
	// 10 days of SNF care inside 30 days, 40 inside 90: 20 fewer fit only 90.
	w.add(t, "A", "2026-02-01", "14000.00", 0,
		episode.Service{Setting: episode.SNF, Rule: episode.Days, From: 20, To: 60, Amount: cents(t, "8000.00")})
	m := w.model(t)
	for _, ids := range [][]string{{"team"}, nil} {
		all, err := m.Interaction(engine.Request{Designs: ids, Levers: levers(t, "policy.track", "3", "policy.episode_days", "90", "care.LEJR.snf_days", "20")})
		if err != nil {
			t.Fatal(err)
		}
		x := all[0]
		if x.Design != "team" || len(x.Alone) != 2 || x.Alone[0].Why != "" || !strings.Contains(x.Alone[1].Why, "snf_days") || x.Alone[1].Net != 0 {
			t.Fatalf("%+v", x)
		}
		if x.Between == 0 || x.Base+x.Alone[0].Net+x.Between != x.Net {
			t.Errorf("%s + %s + %s is not %s", x.Base, x.Alone[0].Net, x.Between, x.Net)
		}
	}
}

func TestNotesBesideTheSum(t *testing.T) {
	x := engine.Interaction{Saved: 100, AboveCap: 40}
	for _, s := range levers(t, "care.all.saving.snf", "5%", "program.gainshare", "10%", "program.fixed_cost", "5.00").Items() {
		x.Alone = append(x.Alone, engine.Effect{Setting: s})
	}
	if n := x.Notes(); len(n) != 2 || !strings.HasPrefix(n[0], "of $1.00 that") || n[1] != "levers of program move what the hospital keeps, not the net payment" {
		t.Errorf("%q", n)
	}
}

func TestCapNote(t *testing.T) {
	for _, x := range []struct {
		saved, above string
		want         string
	}{
		{"14000.00", "5000.00", "of $14,000.00 that the care levers save, $5,000.00 lay above the outlier cap and are worth nothing"},
		{"14000.00", "0.00", "of $14,000.00 that the care levers save, $0.00 lay"},
		{"-300.00", "-100.00", "of $300.00 that the care levers add, $100.00 lie above the outlier cap and cost nothing"},
		{"100.00", "-7.00", "the outlier cap cuts $7.00 more than without the care levers"},
		{"0.00", "7.00", "the outlier cap cuts $7.00 less than without the care levers"}, // a cap that moves with the episodes
		{"0.00", "0.00", ""},
	} {
		i := engine.Interaction{Saved: cents(t, x.saved), AboveCap: cents(t, x.above)}
		if got := i.CapNote(); !strings.HasPrefix(got, x.want) || x.want == "" && got != "" {
			t.Errorf("%s, %s: %q, want %q", x.saved, x.above, got, x.want)
		}
	}
}

// What a model says of levers apart is the same when it has said it before of
// others, and when the row's result is at hand.
func TestInteractionRemembersNothingThatMoved(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := loaded(t, region(t))
		var s lever.Set
		for range rapid.IntRange(1, 4).Draw(t, "keys") {
			s = moved(t, s)
			r := engine.Request{Levers: s}
			if rapid.Bool().Draw(t, "one hospital") {
				r.Hospitals = []string{"100000"}
			}
			rows := m.Rows(r)
			row := &rows[rapid.IntRange(0, len(rows)-1).Draw(t, "row")]
			want, werr := m.Fork().InteractionIn(row.Design.ID, row.Track.ID, nil, r)
			for _, whole := range []*engine.DesignResult{nil, row.Result} {
				got, err := m.InteractionIn(row.Design.ID, row.Track.ID, whole, r)
				if d := cmp.Diff(want, got, cmp.Comparer(func(a, b money.Rate) bool { return a.Cmp(b) == 0 })); d != "" || fmt.Sprint(err) != fmt.Sprint(werr) {
					t.Fatalf("%s %s, levers %v: %v, want %v, %s", row.Design.ID, row.Track.ID, s.Items(), err, werr, d)
				}
			}
		}
	})
}

// What a lever does alone at one hospital is not what it does at another.
func TestInteractionOfOtherHospitals(t *testing.T) {
	m := benchModel(t, 300, 3)
	for _, hospitals := range [][]string{nil, {m.Panel().Hospitals[0].CCN}, {m.Panel().Hospitals[1].CCN}, nil} {
		r := engine.Request{Hospitals: hospitals, Levers: levers(t, "care.all.saving.snf", "10%", "market.volume", "7%")}
		want, werr := m.Fork().InteractionIn("team", "3", nil, r)
		got, err := m.InteractionIn("team", "3", nil, r)
		if err != nil || werr != nil || got.Base != want.Base || got.Net != want.Net || got.Between != want.Between || got.Saved != want.Saved || got.Alone[0].Net != want.Alone[0].Net {
			t.Errorf("%v: %+v, want %+v; %v, %v", hospitals, got, want, err, werr)
		}
	}
}
