package engine_test

import (
	"slices"
	"strings"
	"testing"

	"bundlelab/engine"
	"bundlelab/engine/episode"
	"bundlelab/engine/panel"
	"bundlelab/engine/price"
)

// One episode of 9,980.00 SNF care in 2026: a tenth of it is 998.00, exactly
// what programs are known to have saved.
func TestCareBeyondTheEvidenceIsFlagged(t *testing.T) {
	w := &world{
		hospitals: []panel.Hospital{{CCN: "100001", Division: 5, SafetyNet: panel.Yes}},
		rows:      []price.Row{{Kind: price.Benchmark, Cell: "470", Division: 5, Days: 30, Price: cents(t, "20000.00"), P99: dollars(t, "15000.00")}},
	}
	w.add(t, "A", "2026-02-01", "10000.00", 0, episode.Service{Setting: episode.SNF, Rule: episode.Whole, Amount: cents(t, "9980.00")})
	m := w.model(t)
	for _, x := range []struct {
		levers []string
		saving string
		flags  []string
	}{
		{nil, "0.00", nil},
		{[]string{"market.volume", "50%", "policy.discount", "1%"}, "0.00", nil},
		{[]string{"care.all.saving.snf", "10%"}, "998.00", nil},                                                     // no more than known; 5,000 above the cap count too
		{[]string{"care.all.saving.snf", "10.01%"}, "999.00", []string{"together take $999.00 off an episode"}},     // weight 89.99%: 998.998
		{[]string{"care.all.saving.snf", "10.01%", "market.volume", "100%"}, "999.00", []string{"together"}},        // an episode, not all of them
		{[]string{"care.all.saving.snf", "10.01%", "care.CABG.saving.snf", "0%"}, "999.00", []string{"together"}},   // CABG has none
		{[]string{"care.all.saving.snf", "10.01%", "care.LEJR.saving.snf", "0%"}, "0.00", nil},                      // nor has LEJR now
		{[]string{"care.all.saving.snf", "-20%"}, "-1996.00", nil},                                                  // care that costs more is no stretch
		{[]string{"care.all.readmissions", "-3.9%"}, "0.00", nil},                                                   // what CJR reached
		{[]string{"care.all.readmissions", "-4%"}, "0.00", []string{"care.all.readmissions = -4% is beyond -3.9%"}}, // nothing to save here, and no less a stretch
		{[]string{"hospital.100001.care.LEJR.readmissions", "-4%"}, "0.00", []string{"is beyond -3.9%"}},
		{[]string{"care.all.readmissions", "90%"}, "0.00", nil},
		// PY2 is a year after the data: 1.03 and .9 x 1.03 = .927 of 9,980, and
		// the trend alone is no saving of care.
		{[]string{"policy.period", "PY2", "market.cost_trend", "3%", "care.all.saving.snf", "10%"}, "1027.94", []string{"together"}},
		{[]string{"policy.period", "PY2", "market.cost_trend", "-9%", "care.all.readmissions", "-1%"}, "0.00", nil},
	} {
		r, err := m.Evaluate(engine.Request{Designs: []string{"team"}, Levers: levers(t, x.levers...)})
		if err != nil {
			t.Fatal(x.levers, err)
		}
		d := &r.Designs[0]
		if d.CareSaving != cents(t, x.saving) {
			t.Errorf("%v: %s an episode, want %s", x.levers, d.CareSaving, x.saving)
		}
		flags := slices.DeleteFunc(slices.Clone(d.Warnings), func(s string) bool { return !strings.Contains(s, "a stretch") })
		if len(flags) != len(x.flags) || d.Stretches() != (d.CareSaving > engine.MostSaved) {
			t.Errorf("%v: flagged %q, want %q", x.levers, flags, x.flags)
			continue
		}
		for i, want := range x.flags {
			if !strings.Contains(flags[i], want) || d.Warnings[i] != flags[i] {
				t.Errorf("%v: warnings %q, want first %q", x.levers, d.Warnings, want)
			}
		}
	}
}
