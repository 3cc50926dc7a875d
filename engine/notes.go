package engine

import (
	"fmt"
	"slices"
	"strings"

	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/policy"
	"bundlelab/engine/price"
)

// counts says which episodes of the hospitals asked for the design counts.
func (e *evaluation) counts(hospitals []int, x *facts) Counts {
	out := Counts{Of: x.seen, Episodes: x.listed}
	for _, c := range episode.Categories() {
		if slices.ContainsFunc(hospitals, func(h int) bool { return e.totals[h][c.Index()].Episodes > 0 }) {
			out.Categories = append(out.Categories, c)
		}
	}
	return out
}

func appendNew[T comparable](list []T, s T) []T {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// notes are what a reader must know beside the figures of the hospitals asked
// for.
func (e *evaluation) notes(hospitals []int) []string {
	f, out := e.f, append(slices.Clone(e.warnings), e.assumptions()...)
	x := f.count(hospitals)
	for _, h := range hospitals {
		if why := f.facts[h].noPost; why != "" && f.facts[h].episodes() > 0 {
			out = appendNew(out, why)
		}
	}
	n := x.episodes()
	say := func(count int, format string, a ...any) {
		if count > 0 {
			out = append(out, fmt.Sprintf(format, a...))
		}
	}
	out = append(out, e.capNotes(e.m.among(hospitals), n)...)
	if f.guessed {
		missing := "the design names no baseline years"
		if len(f.period.Baseline) > 0 {
			missing = "the data hold no episode of the baseline years " + years(f.period.Baseline)
		}
		out = append(out, missing+": "+lastYears(len(f.years))+" in (assumed)")
	}
	if f.ahead == 0 && f.year > f.period.Start.Year() {
		out = append(out, fmt.Sprintf("the data hold no episode of the period before %d", f.year))
	}
	if f.past && e.moves("market", "cost_trend") {
		out = append(out, fmt.Sprintf("market.cost_trend moves nothing here: %s is settled on the episodes of %d as they are", f.period.ID, f.year))
	}
	if f.ahead < 0 && e.moves("market", "cost_trend") {
		out = append(out, fmt.Sprintf("market.cost_trend takes spending back %d years, from %d to the period; prices stay as they are", -f.ahead, f.year))
	}
	if f.guessed && x.sources[price.Own]+x.sources[price.Blend] > 0 {
		out = append(out, fmt.Sprintf("targets from own history rest in part on the very episodes of %d that they are compared with: read the result as a rehearsal, not a forecast", f.year))
	}
	if missing := e.emptyYears(); !f.guessed && len(missing) > 0 {
		out = append(out, fmt.Sprintf("the data hold no episode of baseline year(s) %s: baseline counts, and the low-volume rule with them, rest on the others", years(missing)))
	}
	say(x.bare, "%d of %d episodes have no service after the anchor: check that the services match the episodes", x.bare, n)
	if !e.m.panel.Synthetic {
		say(x.madeUp, "%d of %d targets come from a SYNTHETIC price table: read the result as a rehearsal, not a forecast", x.madeUp, n)
	}
	say(x.riskGuess, "%d of %d episodes have no risk multiplier: 1.000000 is used (assumed)", x.riskGuess, n)
	say(x.obsGuess, "data_through is unknown for %d of %d episodes: the latest service date stands in (assumed)", x.obsGuess, n)
	say(x.notStd, "%d of %d episodes carry raw amounts, not standardized ones: wage and add-on payments are inside (assumed comparable)", x.notStd, n)
	say(x.cutShort, "%d of %d episodes are observed for fewer than %d days and may cost more", x.cutShort, n, e.length)
	say(x.sources[price.Scaled], "%d of %d benchmarks are estimated: scaled from a table at another length", x.sources[price.Scaled], n)
	say(x.sources[price.Own], "%d of %d benchmarks come from the hospital's own baseline years (assumed)", x.sources[price.Own], n)
	say(x.sources[price.Blend], "%d of %d benchmarks are a blend, its own part assumed: %s", x.sources[price.Blend], n, strings.Join(x.blends, "; "))
	say(x.alone, "%d of %d benchmarks are the regional price alone: their hospital has no baseline episode in the cell", x.alone, n)
	say(x.disputed, "%d of %d benchmarks are estimated: the imported target-price components state more than one for the hospital and category, and nothing tells which is the episode's", x.disputed, n)
	if other := e.otherPeriods(hospitals, &x); len(other) > 0 {
		out = append(out, fmt.Sprintf("the imported target-price components are of %s, not of %s: benchmarks are estimated; set policy.period to use them", strings.Join(other, ", "), f.period.ID))
	}
	small := e.smallOnes(hospitals)
	say(len(small), "too few baseline episodes for a price of their own, so the regional price stands alone: %s", strings.Join(small, ", "))
	if f.late {
		out = append(out, postAcute)
	}
	return out
}

// postAcute says what a bundle that begins after the stay leaves out and takes
// for it.
const postAcute = "anchor stays count neither in spending nor in benchmarks, and only episodes with care in a SNF, IRF, LTCH or at home are counted; a regional price stands in less the cell's mean anchor, and outlier caps are ranks of the loaded episodes (assumed)"

// smallOnes names the hospitals and categories with a regional price alone, by
// a rule on few baseline episodes that changes something.
func (e *evaluation) smallOnes(hospitals []int) []string {
	f, err := e.f.design.At("blend.own", e.period.Start, policy.Scope{})
	if w, werr := policy.Share(f.Value); err != nil || werr != nil || w.Sign() == 0 {
		return nil
	}
	var out []string
	for _, h := range hospitals {
		for _, c := range episode.Categories() {
			if e.f.small[h][c.Index()] && e.totals[h][c.Index()].Episodes > 0 {
				out = append(out, fmt.Sprintf("%s %s (%d)", e.m.panel.Hospitals[h].CCN, c, e.f.baseline[h][c.Index()]))
			}
		}
	}
	return out
}

// moves says whether a lever is set to anything but zero.
func (e *evaluation) moves(group, name string) bool {
	return e.levers.Any(func(x lever.Setting) bool {
		return x.Key.Group == group && x.Key.Name == name && !x.Value.Rate.IsZero()
	})
}

// supposed says whether the user's levers move a hospital's spending.
func (e *evaluation) supposed(ccn string) bool {
	return e.levers.Any(func(x lever.Setting) bool {
		k := x.Key
		moves := k.Group == "care" || k.Group == "market" && slices.Contains([]string{"cost_trend", "volume", "mix"}, k.Name)
		return moves && !x.Value.Rate.IsZero() && (k.Hospital == "" || k.Hospital == ccn)
	})
}

func lastYears(n int) string {
	switch n {
	case 1:
		return "the last calendar year stands"
	case 3:
		return "the last three calendar years stand"
	}
	return fmt.Sprintf("the last %d calendar years stand", n)
}

// emptyYears are the baseline years without an episode of any hospital.
func (e *evaluation) emptyYears() []int {
	var out []int
	for _, y := range e.f.period.Baseline {
		if !e.m.panel.HasYear(y) {
			out = append(out, y)
		}
	}
	return out
}

func years(y []int) string {
	s := make([]string, len(y))
	for i, v := range y {
		s[i] = fmt.Sprint(v)
	}
	return strings.Join(s, ", ")
}
