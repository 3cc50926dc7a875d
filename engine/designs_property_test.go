package engine_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bundlelab/engine"
)

// Under every design, whatever the data: ledgers foot, and a higher percentile
// of the loaded episodes' own spending never lowers what counts.
func TestEveryDesignFootsAndWiderCapsCountMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := loaded(t, region(t))
		d := rapid.SampledFrom(m.Designs().IDs()).Draw(t, "design")
		low := rapid.IntRange(50, 99).Draw(t, "percentile")
		high := rapid.IntRange(low, 100).Draw(t, "higher percentile")
		at := func(p int) *engine.Result {
			s, err := levers(t, "policy.cap_source", "panel").With("policy.cap_percentile", fmt.Sprint(p))
			if err != nil {
				t.Fatal(err)
			}
			r, err := m.Evaluate(engine.Request{Designs: []string{d}, Levers: s})
			var none *engine.InputError
			if errors.As(err, &none) && strings.Contains(none.Why, "no episodes of") {
				t.Skip("no episode of these designs' scope was drawn")
			}
			if err != nil {
				t.Fatalf("%s: %v", d, err)
			}
			return r
		}
		a, b := at(low).Designs[0], at(high).Designs[0]
		for i := range a.Hospitals {
			if !a.Hospitals[i].Ledger.Foots() {
				t.Fatalf("%s does not foot", d)
			}
			for j := range a.Hospitals[i].Categories {
				x, y := a.Hospitals[i].Categories[j], b.Hospitals[i].Categories[j]
				if x.Spending > y.Spending || x.Benchmark != y.Benchmark {
					t.Fatalf("%s: spending %s at p%d, %s at p%d; benchmark %s and %s", d, x.Spending, low, y.Spending, high, x.Benchmark, y.Benchmark)
				}
			}
		}
	})
}

// A track's own rows on the board are what the design alone says.
func TestTheBoardAgreesWithTheDesign(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := loaded(t, region(t))
		for _, row := range m.Rows(engine.Request{}) {
			if row.Err != nil || row.Track.ID == "" {
				continue
			}
			s := levers(t, "policy.track", row.Track.ID)
			r, err := m.Evaluate(engine.Request{Designs: []string{row.Design.ID}, Levers: s})
			if err != nil {
				t.Fatal(err)
			}
			if r.Designs[0].Net != row.Result.Net {
				t.Fatalf("%s track %s: %s on the board, %s alone", row.Design.ID, row.Track.ID, row.Result.Net, r.Designs[0].Net)
			}
		}
	})
}
