package engine_test

import (
	"testing"

	"bundlelab/engine"
	"bundlelab/engine/episode"
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
	x := all[0]
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
