package project

import (
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
)

// Plain is the projector without a shortcut: every episode, every group
// sorted. It serves amounts that no Index holds, and it is what Index must
// equal.
type Plain struct {
	grouping
	p    *panel.Panel
	s    *panel.Spending
	list []int
}

// NewPlain makes a plain projector.
func NewPlain(p *panel.Panel, s *panel.Spending, list []int) *Plain {
	return &Plain{groupUp(p, list), p, s, list}
}

// Project computes every episode, then holds each.
func (x *Plain) Project(weights []*Weights, h Holding) *Outcome {
	spending := Episodes(x.p, x.s, x.list, weights)
	out := &Outcome{Visited: len(x.list)}
	var holds []Hold
	if h.Cap != nil {
		out.Held = x.held(h, x.spreads(spending))
		holds = x.Holds(out, h.Class)
	}
	out.Totals = Totals(x.p, x.list, spending, holds)
	return out
}

// Release does nothing: every outcome is made anew.
func (x *Plain) Release(*Outcome) {}

func (x *Plain) spreads(spending []money.Micros) []Spread {
	groups := make([]Group, len(x.of))
	for k, n := range x.of {
		groups[k] = x.names[n]
	}
	by := Spreads(spending, groups)
	out := make([]Spread, len(x.names))
	for n, g := range x.names {
		out[n] = by[g]
	}
	return out
}

func (x *Plain) held(h Holding, spreads []Spread) []Held {
	var out []Held
	for n, s := range spreads {
		known := map[int]bool{}
		for i := range x.members[n] {
			class := 0
			if h.Class != nil {
				class = h.Class[x.members[n][i].Pair()]
			}
			if !known[class] {
				known[class] = true
				out = append(out, Held{n, class, h.Cap(n, class).in(s)})
			}
		}
	}
	return out
}

// Holds spreads an outcome over the list the projector was made of.
func (x *Plain) Holds(o *Outcome, class []int) []Hold {
	out := make([]Hold, len(x.list))
	type way struct{ group, class int }
	by := map[way]Hold{}
	for _, h := range o.Held {
		by[way{h.Group, h.Class}] = h.Hold
	}
	for k, i := range x.list {
		w := way{group: int(x.of[k])}
		if class != nil {
			e := &x.p.Episodes[i]
			w.class = class[e.Hospital*episode.NumCategories+e.Category.Index()]
		}
		out[k] = by[w]
	}
	return out
}
