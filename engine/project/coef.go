package project

import (
	"cmp"
	"slices"

	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
)

// coef is one category's weights made ready for rows: the weight that most
// columns have and what the others differ by, for a lever moves few columns.
type coef struct {
	w        [columns]int64
	base     int64   // the weight most columns have
	moved    []moved // the other columns, by weight, least first
	threes   []moved // the same, filled up to threes with what moves nothing
	adds     []added
	negative bool // some weight is below zero
}

// moved is what a column's weight is above the base.
type moved struct {
	column int
	by     int64
}

// added is what a user of a setting brings on top: a moved patient.
type added struct {
	from   episode.Setting
	micros int64
}

func newCoef(w *lever.Weights) *coef {
	c := &coef{}
	for s, b := range w.Setting {
		c.w[s] = int64(b)
	}
	c.w[anchorColumn] = int64(w.Anchor)
	for _, s := range w.Shifts {
		if v := int64(s.Mean.Times(s.Weight)); v != 0 {
			c.adds = append(c.adds, added{s.From, v})
		}
	}
	most := 0
	for _, base := range c.w {
		n := 0
		for _, w := range c.w {
			if w == base {
				n++
			}
		}
		if n > most {
			most, c.base = n, base
		}
	}
	for k, w := range c.w {
		c.negative = c.negative || w < 0
		if w != c.base {
			c.moved = append(c.moved, moved{k, w - c.base})
		}
	}
	slices.SortFunc(c.moved, func(a, b moved) int { return cmp.Compare(a.by, b.by) })
	for c.threes = slices.Clone(c.moved); len(c.threes)%3 != 0; {
		c.threes = append(c.threes, moved{c.threes[0].column, 0})
	}
	return c
}

// ready makes every category's weights ready; equal ones once.
func ready(p *Weights) *[episode.NumCategories]*coef {
	var out [episode.NumCategories]*coef
	for c := range out {
		if c > 0 && p[c].Same(&p[c-1]) {
			out[c] = out[c-1]
		} else {
			out[c] = newCoef(&p[c])
		}
	}
	return &out
}

// weigh readies the weights of every hospital and category.
func (w *walker) weigh(weights []*Weights) {
	same := true
	for _, p := range weights {
		same = same && p == weights[0]
	}
	if same && len(weights) > 0 {
		w.shared = ready(weights[0])
		return
	}
	w.by = w.by[:0]
	known := map[*Weights]*[episode.NumCategories]*coef{}
	for _, p := range weights {
		if known[p] == nil {
			known[p] = ready(p)
		}
		w.by = append(w.by, known[p])
	}
}

// of are the coefs of a hospital.
func (w *walker) of(hospital int) *[episode.NumCategories]*coef {
	if w.shared != nil {
		return w.shared
	}
	return w.by[hospital]
}

// coef is what weighs an episode of a hospital and category.
func (w *walker) coef(pair int32) *coef {
	return w.of(int(pair) / episode.NumCategories)[pair%episode.NumCategories]
}
