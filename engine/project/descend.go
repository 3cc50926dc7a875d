package project

import (
	"math"
	"slices"
)

// stride is how many rows a walk takes between looks at the bound.
const stride = 4

// descend finds the caps that hold from above, and every episode above one.
func (w *walker) descend(g *group) {
	n := g.last - g.first
	k, some := 0, false
	for i := range w.caps {
		some = some || w.caps[i].High.kind != nowhere
		k = max(k, w.limits[i].fromTop)
	}
	if !some {
		return
	}
	o, grains := w.bounds(g)
	if k > 0 {
		w.takeDown(g, o, k)
		w.best = w.best[:0]
		for i := k - 1; i >= 0; i-- { // nearly ascending is nearly a heap
			w.best = append(w.best, w.high[i].x)
		}
		leastFirst(w.best)
		for at := k; at < n && w.over(g, o, at, times(w.best[0], grains)); {
			w.takeDown(g, o, min(n, at+stride))
			for ; at < len(w.high); at++ {
				if x := w.high[at].x; x > w.best[0] {
					dropLeast(w.best, x)
				}
			}
		}
		sorted := false
		for i := range w.limits {
			if l := &w.limits[i]; l.fromTop > 0 {
				l.high = outermost(w.best, l.fromTop, &sorted)
			}
		}
	}
	least := int64(NoCap)
	for i := range w.limits {
		least = min(least, w.limits[i].high)
	}
	least = times(least, grains)
	for at := len(w.high); at < n && w.over(g, o, at, least); at = len(w.high) {
		w.takeDown(g, o, min(n, at+stride))
	}
	w.resort(g, k)
}

// takeDown looks at the rows of an order up to a place, from where it stopped.
func (w *walker) takeDown(g *group, o *order, to int) {
	out := w.high
	from := len(out)
	rows := w.x.rows[g.first+from : g.first+to]
	switch {
	case o != nil:
		for _, i := range o.rows[from:to] {
			r := &w.x.rows[i]
			out = append(out, spent{w.coef(r.pair).of(r), r.pair})
		}
	case len(w.coefs) == 1:
		c := w.coefs[0]
		for i := range rows {
			out = append(out, spent{c.of(&rows[i]), rows[i].pair})
		}
	default:
		for i := range rows {
			r := &rows[i]
			out = append(out, spent{w.coef(r.pair).of(r), r.pair})
		}
	}
	w.high = out
}

// over says whether an episode at a place of the order or after it can cost
// more than a limit.
func (w *walker) over(g *group, o *order, at int, limit int64) bool {
	key := int64(0)
	if o != nil {
		key = o.keys[at]
	} else {
		key = w.x.rows[g.first+at].sum
	}
	for i := range w.curves {
		if w.curves[i].of(key) > limit {
			return true
		}
	}
	return false
}

// ascend finds the caps that hold from below, and every episode below one.
func (w *walker) ascend(g *group) {
	n := g.last - g.first
	k, some := 0, false
	for i := range w.caps {
		some = some || w.caps[i].Low.kind != nowhere
		k = max(k, w.limits[i].fromEnd)
	}
	if !some {
		return
	}
	w.curves = w.curves[:0]
	for _, c := range w.coefs {
		w.curves = append(w.curves, curve{})
		w.curves[len(w.curves)-1].below(c, &g.low, &g.high)
	}
	rows := w.x.rows[g.first:g.last]
	at := n
	less := func(than int64) bool {
		if at == 0 {
			return false
		}
		for i := range w.curves {
			if w.curves[i].of(rows[at-1].sum) < than {
				return true
			}
		}
		return false
	}
	if k > 0 { // the heap is of negatives, so that its top is the largest
		at = w.takeUp(rows, n-k)
		w.best = w.best[:0]
		for i := range w.low {
			w.best = append(w.best, -w.low[i].x)
		}
		leastFirst(w.best)
		for less(-w.best[0]) {
			from := len(w.low)
			at = w.takeUp(rows, at-stride)
			for _, s := range w.low[from:] {
				if -s.x > w.best[0] {
					dropLeast(w.best, -s.x)
				}
			}
		}
		sorted := false
		for i := range w.limits {
			if l := &w.limits[i]; l.fromEnd > 0 {
				l.low = -outermost(w.best, l.fromEnd, &sorted)
			}
		}
	}
	most := int64(NoFloor)
	for i := range w.limits {
		most = max(most, w.limits[i].low)
	}
	for less(most) {
		at = w.takeUp(rows, at-stride)
	}
}

// takeUp looks at a group's rows from its end down to a place, from where it
// stopped, and gives the place.
func (w *walker) takeUp(rows []row, to int) int {
	to = max(0, to)
	for at := len(rows) - len(w.low) - 1; at >= to; at-- {
		r := &rows[at]
		w.low = append(w.low, spent{w.coef(r.pair).of(r), r.pair})
	}
	return to
}

// outermost reads the k-th largest off the largest values, of which the least
// stands first; they are sorted when another one is asked for.
func outermost(best []int64, k int, sorted *bool) int64 {
	if k < len(best) && !*sorted {
		slices.Sort(best)
		*sorted = true
	}
	return best[len(best)-k]
}

// bounds picks the order to walk in and sets its curves. grains scales limits
// to them.
func (w *walker) bounds(g *group) (o *order, grains int64) {
	w.curves = w.curves[:0]
	if o := g.hot.Load(); o != nil && len(w.coefs) == 1 && o.nearer(w.coefs[0], &g.high) {
		if v, ok := o.above(w.coefs[0], &g.low, &g.high); ok {
			w.curves = append(w.curves, v)
			return o, grain
		}
	}
	for _, c := range w.coefs {
		w.curves = append(w.curves, curve{})
		w.curves[len(w.curves)-1].above(c, &g.low, &g.high)
	}
	return nil, 1
}

// resort gives a group that took a long walk an order at its weights, for the
// next ones, unless most of the walk had to be taken in any order: k episodes
// rank, and others are held.
func (w *walker) resort(g *group, k int) {
	n, visited := g.last-g.first, len(w.high)
	if visited < 128 || visited < 2*k+n/32 || len(w.coefs) != 1 || n > w.budget && w.budget < resortBudget {
		return
	}
	least := int64(NoCap)
	for i := range w.limits {
		least = min(least, w.limits[i].high)
	}
	held := 0
	for i := range w.high {
		if w.high[i].x > least {
			held++
		}
	}
	if visited < 2*held+n/32 {
		return
	}
	if slices.Min(g.low[:]) < 0 {
		return
	}
	w.budget -= n
	g.hot.Store(newOrder(w.x.rows[g.first:g.last], g.first, w.coefs[0]))
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
