package project

import (
	"math"
	"slices"
)

// leeway is how far beyond a guess a walk goes, as a power of two of it: a level
// that falls a little is then still found at once.
const leeway = 8

// rush is the part of the way gone that a walk goes on before it looks at the
// bound again.
const rush = 16

// descend finds the caps that hold from above, and every episode above one. It
// gives the order it walked in, nil for the group's own.
func (w *walker) descend(g *group) *order {
	k, some, limit := 0, false, int64(NoCap)
	for i := range w.limits {
		l := &w.limits[i]
		some = some || w.caps[i].High.kind != nowhere
		if k = max(k, l.fromTop); l.fromTop == 0 {
			limit = min(limit, l.high)
		} else if v := g.tops.of(l.fromTop, g.n).Load(); v != 0 {
			limit = min(limit, v-v>>leeway)
		}
	}
	w.high = w.high[:0]
	if !some {
		return nil
	}
	o, grains := w.bounds(g)
	w.takeDown(g, o, k)
	for {
		end := times(limit, grains)
		for at := len(w.high); at < g.n && w.over(g, o, at, end); at = len(w.high) {
			w.takeDown(g, o, at+1+at/rush)
		}
		for i := range w.limits {
			if l := &w.limits[i]; l.fromTop > 0 {
				guess := g.tops.of(l.fromTop, g.n)
				l.high = w.largest(w.high, l.fromTop, guess.Load())
				learn(guess, l.high)
			}
		}
		least := w.leastCap()
		if least >= limit {
			break
		}
		limit = least // the guess was too high: some episode beyond may matter
	}
	w.resort(g, k)
	return o
}

// leastCap is the lowest of the caps from above.
func (w *walker) leastCap() int64 {
	v := int64(NoCap)
	for i := range w.limits {
		v = min(v, w.limits[i].high)
	}
	return v
}

// mostFloor is the highest of the floors.
func (w *walker) mostFloor() int64 {
	v := int64(NoFloor)
	for i := range w.limits {
		v = max(v, w.limits[i].low)
	}
	return v
}

// takeDown looks at whole strides of an order down to so many episodes, from
// where it stopped.
func (w *walker) takeDown(g *group, o *order, to int) {
	from := len(w.high)
	to = min(g.n, strided(to))
	if o != nil {
		w.high = w.high[:to]
		for i := from; i < to; i++ {
			place := int(o.places[i])
			w.high[i] = w.coefs[0].one(&w.x.blocks[g.first+place/lanes], place%lanes, g.top)
		}
		return
	}
	for at := from; at < to; at += stride {
		w.spend(g, at, (*[stride]int64)(w.high[at:at+stride:cap(w.high)]))
	}
	w.high = w.high[:to]
}

// over says whether an episode at a place of the order or after it can cost
// more than a limit.
func (w *walker) over(g *group, o *order, at int, limit int64) bool {
	key := int64(0)
	if o != nil {
		key = o.keys[at]
	} else {
		key = w.x.key(g, at)
	}
	for i := range w.curves {
		if w.curves[i].of(key) > limit {
			return true
		}
	}
	return false
}

// ascend finds the caps that hold from below, and every episode below one. It
// gives the first place it looked at.
func (w *walker) ascend(g *group) int {
	k, some, limit := 0, false, int64(NoFloor)
	for i := range w.limits {
		l := &w.limits[i]
		some = some || w.caps[i].Low.kind != nowhere
		if k = max(k, l.fromEnd); l.fromEnd == 0 {
			limit = max(limit, l.low)
		} else if v := g.ends.of(l.fromEnd, g.n).Load(); v != 0 {
			limit = max(limit, v+v>>leeway)
		}
	}
	if w.low = w.low[:g.n]; !some {
		return g.n
	}
	w.curves = w.curves[:0]
	for _, c := range w.coefs {
		w.curve().below(c, g)
	}
	from := strided(g.n)
	from = w.takeUp(g, from, g.n-k)
	for {
		for w.under(g, from, limit) {
			from = w.takeUp(g, from, min(g.n, from)-1-(g.n-from)/rush)
		}
		for i := range w.limits {
			if l := &w.limits[i]; l.fromEnd > 0 {
				guess, seen := g.ends.of(l.fromEnd, g.n), w.low[from:g.n]
				l.low = w.largest(seen, len(seen)+1-l.fromEnd, guess.Load())
				learn(guess, l.low)
			}
		}
		most := w.mostFloor()
		if most <= limit {
			break
		}
		limit = most
	}
	return min(g.n, from)
}

// under says whether an episode before a place can cost less than a limit.
func (w *walker) under(g *group, at int, limit int64) bool {
	if at == 0 {
		return false
	}
	key := w.x.key(g, min(g.n, at)-1)
	for i := range w.curves {
		if w.curves[i].of(key) < limit {
			return true
		}
	}
	return false
}

// takeUp looks at a group's strides from where it stopped up to the one that
// holds a place, and gives the first place of that.
func (w *walker) takeUp(g *group, from, to int) int {
	to = max(0, to)
	for from > to {
		from -= stride
		w.spend(g, from, (*[stride]int64)(w.low[from:from+stride:cap(w.low)]))
	}
	return from
}

// bounds picks the order to walk in and sets its curves. grains scales limits
// to them.
func (w *walker) bounds(g *group) (o *order, grains int64) {
	w.curves = w.curves[:0]
	if o := g.hot.Load(); o != nil && len(w.coefs) == 1 && o.nearer(w.coefs[0], &g.high) {
		if w.curve().aboveAt(o, w.coefs[0], g) {
			return o, grain
		}
		w.curves = w.curves[:0]
	}
	for _, c := range w.coefs {
		w.curve().above(c, g)
	}
	return nil, 1
}

// curve gives the next curve, to be made.
func (w *walker) curve() *curve {
	n := len(w.curves)
	if n == cap(w.curves) {
		w.curves = append(w.curves, curve{})
	}
	w.curves = w.curves[:n+1]
	return &w.curves[n]
}

// resort gives a group that took a long walk an order at its weights, for the
// next ones, unless most of the walk had to be taken in any order: k episodes
// rank, and others are held.
func (w *walker) resort(g *group, k int) {
	visited := len(w.high)
	if visited < 128 || visited < 2*k+g.n/32 || len(w.coefs) != 1 || g.n > w.budget && w.budget < resortBudget {
		return
	}
	held, least := 0, w.leastCap()
	for _, x := range w.high {
		if x > least {
			held++
		}
	}
	if visited < 2*held+g.n/32 {
		return
	}
	if slices.Min(g.low[:]) < 0 {
		return
	}
	w.budget -= g.n
	g.hot.Store(w.x.newOrder(g, w.coefs[0]))
}

// times scales a limit to the curves; one that does not fit is beyond them.
func times(limit, grains int64) int64 {
	switch {
	case grains == 1:
		return limit
	case limit > math.MaxInt64/grains:
		return math.MaxInt64
	case limit < math.MinInt64/grains:
		return math.MinInt64
	}
	return limit * grains
}
