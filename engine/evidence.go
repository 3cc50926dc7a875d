package engine

import (
	"fmt"
	"slices"

	"bundlelab/engine/lever"
	"bundlelab/engine/money"
)

// MostSaved is the most that a whole program is known to have taken off the
// spending of an episode. The figure is of another population than most data
// here, so a scenario beyond it is flagged and never refused.
const MostSaved money.Cents = 998_00

// MostSavedSource says where MostSaved is from and of whom it is.
const MostSavedSource = "CJR evaluation: $812 to $998 per 90-day joint replacement episode, the figure of another population"

// Stretches says whether the care levers together save more than programs are
// known to have saved.
func (d *DesignResult) Stretches() bool { return d.CareSaving > MostSaved }

// careSaving is the projected spending that the care levers take off an episode
// of the hospitals asked for: before the outlier cap, for a saving above it is
// care redesign too, and before volume. It is 0 where no care lever is set.
func (e *evaluation) careSaving(hospitals []int) money.Cents {
	if !e.levers.Any(func(x lever.Setting) bool { return x.Key.Group == "care" }) {
		return 0
	}
	var saved money.Micros
	var n int64
	for _, h := range hospitals {
		for c, t := range e.totals[h] {
			if t.Episodes > 0 {
				// Without care levers every setting has the anchor's weight, the own trend.
				saved += e.f.before[h][c].all.Times(e.weights[h][c].Anchor) - t.Uncapped
				n += int64(t.Episodes)
			}
		}
	}
	if n == 0 {
		return 0
	}
	return money.Cents(money.MulDiv(int64(saved), 1, n*money.MicrosPerCent))
}

// stretches says what of the care levers goes beyond what programs are known to
// have reached.
func (e *evaluation) stretches(hospitals []int, saved money.Cents) []string {
	var out []string
	for _, x := range e.levers.Items() {
		if x.Beyond() && e.reaches(x.Key, hospitals) {
			if _, d, err := lever.ParseKey(x.Key.String()); err == nil {
				out = append(out, fmt.Sprintf("%s = %s is beyond %s, the most that programs are known to have reached (%s): allowed, and a stretch", x.Key, x.Value.Text, d.Likely, d.Evidence))
			}
		}
	}
	if saved > MostSaved {
		out = append(out, fmt.Sprintf("the care levers together take %s off an episode, more than the %s that programs are known to have saved (%s): allowed, and a stretch", saved.Grouped(), MostSaved.Grouped(), MostSavedSource))
	}
	return out
}

// reaches says whether a lever set for one hospital or category is about these
// hospitals and this design.
func (e *evaluation) reaches(k lever.Key, hospitals []int) bool {
	if k.Category != 0 && !e.f.design.Covers(k.Category) {
		return false
	}
	return k.Hospital == "" || slices.ContainsFunc(hospitals, func(h int) bool { return e.m.panel.Hospitals[h].CCN == k.Hospital })
}
