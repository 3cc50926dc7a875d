package project

import (
	"slices"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

// Spending is linear in the weights, so sums give it for every hospital and
// category; only caps are not, and they touch few episodes. A group's episodes
// stand in an order, and a curve bounds what each can cost: the walk goes down
// the order until the bound says that no later episode can matter.

// Outcome is what Project finds.
type Outcome struct {
	Totals  [][episode.NumCategories]Total // by hospital
	Held    []Held                         // by group
	Visited int                            // rows looked at one by one
}

// tooManyWeights is how many different weights in one group make a walk under
// all their bounds pointless.
const tooManyWeights = 8

// resortBudget is how many rows one call may put into a new order, so that no
// call is much slower than the others.
const resortBudget = 1 << 16

// Project gives totals and caps under weights by hospital: to the micro-dollar
// those of Episodes, Spreads and Totals.
func (x *Index) Project(weights []*Weights, h Holding) *Outcome {
	w := &walker{x: x, h: h, budget: resortBudget}
	if w.out, _ = x.given.Get().(*Outcome); w.out == nil {
		w.out = &Outcome{Totals: make([][episode.NumCategories]Total, x.owners)}
	}
	w.scratch, _ = x.spare.Get().(*scratch)
	if w.scratch == nil {
		w.scratch = &scratch{moved: make([]int64, len(x.sums.all))}
	}
	defer x.spare.Put(w.scratch)
	w.weigh(weights)
	if h.Cap != nil {
		w.out.Held = slices.Grow(w.out.Held, len(x.groups))
		for n := range x.groups {
			w.group(n)
		}
	}
	w.total()
	return w.out
}

// Release takes an outcome back.
func (x *Index) Release(o *Outcome) {
	clear(o.Totals)
	o.Held, o.Visited = o.Held[:0], 0
	x.given.Put(o)
}

// Holds spreads an outcome over the list the index was made of.
func (x *Index) Holds(o *Outcome, class []int) []Hold {
	out := make([]Hold, len(x.rows))
	for i := range o.Held {
		h := &o.Held[i]
		g := &x.groups[h.Group]
		for k := g.first; k < g.last; k++ {
			if r := &x.rows[k]; class == nil || class[r.pair] == h.Class {
				out[r.at] = h.Hold
			}
		}
	}
	return out
}

// spent is one episode's projected spending and whose it is.
type spent struct {
	x    int64
	pair int32
}

// walker is the work of one Project.
type walker struct {
	x      *Index
	shared *[episode.NumCategories]*coef
	h      Holding
	out    *Outcome
	budget int
	*scratch
}

// scratch is the memory of a walker, used again by the next.
type scratch struct {
	by    []*coef // by hospital x category, where hospitals differ
	moved []int64 // likewise: what caps cut off, below zero, and lift

	// of the group at hand
	coefs     []*coef
	caps      []*Cap
	keep      share
	limits    []limit
	slot      []int // of a class in limits
	high, low []spent
	curves    []curve
	best      []int64 // a heap
	xs        []int64
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
		w.by = append(w.by, known[p][:]...)
	}
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

// coef is what weighs an episode of a hospital and category.
func (w *walker) coef(pair int32) *coef {
	if w.shared != nil {
		return w.shared[pair%episode.NumCategories]
	}
	return w.by[pair]
}

// group finds one group's caps and corrects the totals by them.
func (w *walker) group(n int) {
	g := &w.x.groups[n]
	w.ways(n, g)
	if !w.walkable(g) {
		w.scan(g)
	} else {
		w.high, w.low = w.high[:0], w.low[:0]
		w.descend(g)
		w.ascend(g)
		crossed := false
		for i := range w.limits {
			crossed = crossed || w.limits[i].low > w.limits[i].high
		}
		w.out.Visited += len(w.high) + len(w.low)
		if crossed {
			w.scan(g)
		} else {
			w.correct()
		}
	}
	for i := range w.limits {
		l := &w.limits[i]
		w.out.Held = append(w.out.Held, Held{n, l.class, Hold{money.Micros(l.low), money.Micros(l.high), w.caps[i].Keep}})
	}
}

// ways lists the weights and caps that occur in a group.
func (w *walker) ways(n int, g *group) {
	w.coefs, w.caps, w.limits = w.coefs[:0], w.caps[:0], w.limits[:0]
	if w.shared != nil {
		for _, c := range g.categories {
			if !slices.Contains(w.coefs, w.shared[c]) {
				w.coefs = append(w.coefs, w.shared[c])
			}
		}
	}
	switch {
	case w.h.Class == nil:
		w.way(n, 0)
	case w.h.Occur != nil:
		for _, class := range w.h.Occur[n] {
			w.way(n, class)
		}
	}
	search := w.h.Class != nil && w.h.Occur == nil
	if w.shared != nil && !search {
		return
	}
	for i := range w.x.members[n] {
		pair := w.x.members[n][i].Pair()
		if w.shared == nil && len(w.coefs) <= tooManyWeights && !slices.Contains(w.coefs, w.by[pair]) {
			w.coefs = append(w.coefs, w.by[pair])
		}
		if search {
			w.way(n, w.h.Class[pair])
		}
	}
}

// way notes one way of holding, with the levels that are known beforehand.
func (w *walker) way(n, class int) {
	for len(w.slot) <= class {
		w.slot = append(w.slot, 0)
	}
	if s := w.slot[class]; s < len(w.limits) && w.limits[s].class == class {
		return
	}
	w.slot[class] = len(w.limits)
	c := w.h.Cap(n, class)
	l := limit{class: class, low: int64(NoFloor), high: int64(NoCap)}
	if !c.Keep.IsZero() {
		l.num, l.den = w.keep.parts(c.Keep)
	}
	episodes := w.x.groups[n].last - w.x.groups[n].first
	switch c.High.kind {
	case atValue:
		l.high = c.High.value
	case atRank:
		l.fromTop = episodes - c.High.rank.of(episodes) + 1
	case nowhere, atDeviations:
	}
	switch c.Low.kind {
	case atValue:
		l.low = c.Low.value
	case atRank:
		l.fromEnd = c.Low.rank.of(episodes)
	case nowhere, atDeviations:
	}
	w.caps, w.limits = append(w.caps, c), append(w.limits, l)
}

// limit is what holds an episode.
func (w *walker) limit(pair int32) *limit {
	if w.h.Class == nil {
		return &w.limits[0]
	}
	return &w.limits[w.slot[w.h.Class[pair]]]
}

// walkable says whether a walk from both ends can answer: bounds need weights
// from zero, ranks must be near an end, and a mean needs every episode.
func (w *walker) walkable(g *group) bool {
	if len(w.coefs) > tooManyWeights {
		return false
	}
	for _, c := range w.coefs {
		if c.negative {
			return false
		}
	}
	n := g.last - g.first
	for i := range w.caps {
		c, l := w.caps[i], &w.limits[i]
		if c.High.kind == atDeviations || c.Low.kind == atDeviations || l.fromTop*4 > n || l.fromEnd*4 > n {
			return false
		}
	}
	return true
}

// correct moves the totals by what the limits cut off and lift. No limit here is
// lower than its floor.
func (w *walker) correct() {
	moved := w.moved
	if l := &w.limits[0]; len(w.limits) == 1 && l.num == 0 {
		for _, s := range w.high {
			if s.x > l.high {
				moved[s.pair] += l.high - s.x
			}
		}
	} else {
		for _, s := range w.high {
			if l := w.limit(s.pair); s.x > l.high {
				moved[s.pair] += l.of(s.x) - s.x
			}
		}
	}
	for _, s := range w.low {
		if l := w.limit(s.pair); s.x < l.low {
			moved[s.pair] += l.of(s.x) - s.x
		}
	}
}

// scan looks at every episode of a group: the way out where no walk answers.
func (w *walker) scan(g *group) {
	rows := w.x.rows[g.first:g.last]
	w.out.Visited += len(rows)
	w.xs = w.xs[:0]
	for i := range rows {
		w.xs = append(w.xs, w.coef(rows[i].pair).of(&rows[i]))
	}
	var all *moments
	level := func(l *Level, to *int64) {
		switch l.kind {
		case atRank:
			w.best = append(w.best[:0], w.xs...)
			*to = nth(w.best, l.rank.of(len(rows))-1)
		case atDeviations:
			if all == nil {
				all = momentsOf(w.xs)
			}
			*to = int64(all.meanPlus(l.value))
		case nowhere, atValue:
		}
	}
	for i := range w.caps {
		level(&w.caps[i].High, &w.limits[i].high)
		level(&w.caps[i].Low, &w.limits[i].low)
	}
	one := &w.limits[0]
	for i, x := range w.xs {
		l := one
		if len(w.limits) > 1 {
			l = w.limit(rows[i].pair)
		}
		if x > l.high || x < l.low {
			w.moved[rows[i].pair] += l.of(x) - x
		}
	}
}
