package lever

import (
	"testing"

	"pgregory.net/rapid"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

// What is read at once is what Rate reads lever by lever, for every lever of
// care and the own trend, whoever they are set for.
func TestSpendingIsEveryRate(t *testing.T) {
	var defs []Def
	for _, d := range Registry() {
		if d.Group == "care" || d.Name == "cost_trend" {
			defs = append(defs, d)
		}
	}
	if len(defs) != 6+episode.NumSettings {
		t.Fatalf("%d levers move spending", len(defs))
	}
	rapid.Check(t, func(t *rapid.T) {
		var s Set
		hospital := func(name string) string { return rapid.SampledFrom([]string{"", "100001", "100002"}).Draw(t, name) }
		category := func(name string) episode.Category {
			return episode.Category(rapid.IntRange(0, episode.NumCategories).Draw(t, name))
		}
		for range rapid.IntRange(0, 8).Draw(t, "levers") {
			d := rapid.SampledFrom(Registry()).Draw(t, "lever")
			k := Key{Hospital: hospital("set for"), Category: category("and"), Group: d.Group, Name: d.Name}
			s = s.Put(Setting{k, Value{Rate: money.NewRate(rapid.Int64Range(-99, 99).Draw(t, "rate"), 2)}})
		}
		h, c := hospital("asked for"), category("of")
		x := s.spending(h, c)
		for i := range defs {
			d := &defs[i]
			if got, want := *x.slot(&Key{Group: d.Group, Name: d.Name}), s.Rate(d.Group, d.Name, h, c); got != want {
				t.Fatalf("%s is %s, want %s", d.Key(), got, want)
			}
		}
	})
}
