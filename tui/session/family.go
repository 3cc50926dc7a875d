package session

import (
	"slices"

	"bundlelab/engine"
	"bundlelab/engine/policy"
)

// Family is the place of a design's heading among those of the board: the
// kinds of programs, then designs of no kind.
type Family int

// String is the heading of the family's rows.
func (f Family) String() string {
	if all := policy.Families(); int(f) < len(all) {
		return all[f]
	}
	return "Other designs"
}

// FamilyOf finds the family a design's file names.
func FamilyOf(d *policy.Design) Family {
	if i := slices.Index(policy.Families(), d.Family); i >= 0 {
		return Family(i)
	}
	return Family(len(policy.Families()))
}

// unsettled are the rows of the board before any is settled: every design in
// each of its tracks, family by family.
func unsettled(set *policy.Set) []engine.Row {
	all := slices.Clone(set.All())
	slices.SortStableFunc(all, func(a, b *policy.Design) int { return int(FamilyOf(a) - FamilyOf(b)) })
	var out []engine.Row
	for _, d := range all {
		if len(d.Tracks) == 0 {
			out = append(out, engine.Row{Design: d})
		}
		for _, t := range d.Tracks {
			out = append(out, engine.Row{Design: d, Track: t})
		}
	}
	return out
}

// Doubtful says whether a grade must be seen with its number.
func Doubtful(e policy.Evidence) bool { return e == policy.Unconfirmed || e == policy.Assumed }
