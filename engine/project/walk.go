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
	w := &walker{x: x, h: h, out: x.outcome(), budget: resortBudget}
	w.scratch, _ = x.spare.Get().(*scratch)
	if w.scratch == nil {
		w.scratch = &scratch{moved: make([]int64, len(x.sums.all)), high: make([]int64, x.most), low: make([]int64, x.most), aside: make([]int64, x.most+1)}
	}
	defer x.spare.Put(w.scratch)
	w.weigh(weights)
	if h.Cap != nil {
		for n := range x.groups {
			w.group(n)
		}
	}
	w.total()
	return w.out
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
	by    []*[episode.NumCategories]*coef // by hospital, where hospitals differ
	moved []int64                         // by hospital x category: what caps cut off, below zero, and lift

	// of the group at hand
	coefs     []*coef
	caps      []*Cap
	keep      share
	limits    []limit
	slot      []int   // of a class in limits
	high, low []int64 // projected spending by place, of those looked at from above and from below
	curves    []curve
	aside     []int64
}

// group finds one group's caps and corrects the totals by them.
func (w *walker) group(n int) {
	g := &w.x.groups[n]
	w.ways(n, g)
	if !w.walkable(g) {
		w.scan(g)
	} else {
		o := w.descend(g)
		from := w.ascend(g)
		w.out.Visited += len(w.high) + g.n - from
		if w.crossed() {
			w.scan(g)
		} else {
			w.cut(g, o, w.high)
			w.lift(g, w.low, from)
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
		if w.shared == nil && len(w.coefs) <= tooManyWeights && !slices.Contains(w.coefs, w.coef(int32(pair))) {
			w.coefs = append(w.coefs, w.coef(int32(pair)))
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
	episodes := w.x.groups[n].n
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
	if len(w.limits) == 1 {
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
	for i := range w.caps {
		c, l := w.caps[i], &w.limits[i]
		if c.High.kind == atDeviations || c.Low.kind == atDeviations || l.fromTop*4 > g.n || l.fromEnd*4 > g.n {
			return false
		}
	}
	return true
}

// crossed says whether some cap is lower than its floor.
func (w *walker) crossed() bool {
	for i := range w.limits {
		if w.limits[i].low > w.limits[i].high {
			return true
		}
	}
	return false
}

// scan looks at every episode of a group: the way out where no walk answers.
func (w *walker) scan(g *group) {
	w.high = w.high[:0]
	w.takeDown(g, nil, g.n)
	w.out.Visited += g.n
	var all *moments
	level := func(l *Level, guess *guesses, rank int, to *int64) {
		switch l.kind {
		case atRank: // counted from the top
			at := guess.of(min(rank, g.n+1-rank), g.n)
			*to = w.largest(w.high, rank, at.Load())
			learn(at, *to)
		case atDeviations:
			if all == nil {
				all = momentsOf(w.high)
			}
			*to = int64(all.meanPlus(l.value))
		case nowhere, atValue:
		}
	}
	for i := range w.caps {
		l := &w.limits[i]
		level(&w.caps[i].High, &g.tops, l.fromTop, &l.high)
		level(&w.caps[i].Low, &g.ends, g.n+1-l.fromEnd, &l.low)
	}
	if w.crossed() {
		w.press(g, w.high)
	} else {
		w.cut(g, nil, w.high)
		w.lift(g, w.high, 0)
	}
}
