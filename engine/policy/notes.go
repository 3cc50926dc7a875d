package policy

import (
	"slices"
	"strings"

	"bundlelab/engine/episode"
)

// Notes say what of a file that is in order does nothing, or less than its
// author may think: a category no stored episode has, a parameter that the
// design's formula or the way its score acts leaves unread.
func (d *Design) Notes() []Problem {
	var out []Problem
	for i, p := range d.params {
		at := item("parameter", i) + ".key"
		switch s := paramSpecs()[p.key]; {
		case s.formula != "" && s.formula != d.Formula:
			out = append(out, d.src.problem(at, "parameter "+p.key, "formula %s does not read it: it is one of %s", d.Formula, s.formula))
		case s.effect != "" && !d.acts(s.effect):
			out = append(out, d.src.problem(at, "parameter "+p.key, "nothing reads it: no quality.effect of this design is %s", s.effect))
		}
	}
	for _, c := range d.Listed {
		if _, err := episode.ParseCategory(c.ID); err != nil {
			out = append(out, d.src.problem(c.at, "category "+c.ID, "it can be settled from given totals, not projected: stored episodes are of %s", stored()))
		}
	}
	return sorted(out)
}

// acts says whether the score acts in a way in any period.
func (d *Design) acts(effect string) bool {
	return slices.ContainsFunc(d.Params(), func(r Row) bool {
		return r.Key == "quality.effect" && slices.Contains(strings.Split(r.Value, "+"), effect)
	})
}

// stored names the categories of stored episodes.
func stored() string {
	var names []string
	for _, c := range episode.Categories() {
		names = append(names, c.String())
	}
	return strings.Join(names, ", ")
}
