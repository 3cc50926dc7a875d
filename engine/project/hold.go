package project

import (
	"math"

	"bundlelab/engine/money"
)

// limit is a hold in plain integers.
type limit struct {
	class     int
	low, high int64
	num, den  int64 // the share kept
	fromTop   int   // high is this largest of the group; 0 where it is no rank
	fromEnd   int   // low is this smallest
}

// of is Hold.Of.
func (l *limit) of(x int64) int64 {
	if x > l.high {
		x = l.high + l.kept(x-l.high)
	}
	return max(l.low, x)
}

// kept is the share of what lies above that counts, half away from zero.
func (l *limit) kept(above int64) int64 {
	switch {
	case l.num == 0:
		return 0
	case above < math.MaxInt32<<20 && uint64(l.num) < 1<<8 && l.den < 1<<60:
		return int64(uint64(2*above*l.num+l.den) / uint64(2*l.den))
	}
	return money.MulDiv(above, l.num, l.den)
}

// one is the only limit of a group where there is no other.
func (w *walker) one() *limit {
	if len(w.limits) == 1 {
		return &w.limits[0]
	}
	return nil
}

// cut moves the totals by what the caps cut off the episodes of a group, whose
// projected spending by place in an order is given. No cap here is lower than
// its floor.
func (w *walker) cut(g *group, o *order, xs []int64) {
	one := w.one()
	if one == nil || o != nil {
		for place, x := range xs {
			pair := w.x.pair(g, o, place)
			if l := w.limit(pair); x > l.high {
				w.moved[pair] += l.high + l.kept(x-l.high) - x
			}
		}
		return
	}
	for at := 0; at < len(xs); at += lanes {
		pairs := &w.x.blocks[g.first+at/lanes].pair
		if one.num == 0 {
			for i, x := range xs[at:min(len(xs), at+lanes)] { // without a branch: which episodes are cut is not to be foreseen
				w.moved[pairs[i%lanes]] -= x - min(x, one.high)
			}
			continue
		}
		for i, x := range xs[at:min(len(xs), at+lanes)] {
			if above := x - one.high; x > one.high {
				w.moved[pairs[i%lanes]] += one.kept(above) - above
			}
		}
	}
}

// lift moves the totals by what the floors lift, likewise, from a place on in
// the group's own order.
func (w *walker) lift(g *group, xs []int64, from int) {
	one := w.one()
	if one == nil {
		for place := from; place < len(xs); place++ {
			x, pair := xs[place], w.x.pair(g, nil, place)
			if l := w.limit(pair); x < l.low {
				w.moved[pair] += l.low - x
			}
		}
		return
	}
	for at := from; at < len(xs); {
		pairs := w.x.blocks[g.first+at/lanes].pair[at%lanes:]
		part := xs[at:min(len(xs), at+len(pairs))]
		for i, x := range part {
			if x < one.low {
				w.moved[pairs[i]] += one.low - x
			}
		}
		at += len(part)
	}
}

// press moves the totals by caps and floors of which some cap is lower than its
// floor.
func (w *walker) press(g *group, xs []int64) {
	for place, x := range xs {
		pair := w.x.pair(g, nil, place)
		if l := w.limit(pair); x > l.high || x < l.low {
			w.moved[pair] += l.of(x) - x
		}
	}
}
