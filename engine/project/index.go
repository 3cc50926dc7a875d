package project

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"

	"bundlelab/engine/episode"
	"bundlelab/engine/panel"
)

// Index holds listed episodes at one length in an order that lets totals and
// caps be found without a look at most of them. It knows no design, no price
// and no lever, so every design with the same episodes shares it. It is safe
// for concurrent use: what it changes after NewIndex are orders, which move
// time and never a result.
type Index struct {
	grouping
	blocks []block // by group, then spending, highest first
	at     []int32 // position in the list, by block and lane
	groups []group
	sums   sums
	owners int       // hospitals
	most   int       // episodes of the largest group, filled up to whole blocks
	spare  sync.Pool // of scratch
	given  sync.Pool // of outcomes that were released
}

// group is the episodes that share a cap.
type group struct {
	first, n     int   // block, episodes
	top          int64 // the dearest before levers
	least, width int64 // all columns of low added up, and of high less low
	low, high    box
	categories   []int // distinct
	hot          atomic.Pointer[order]
	tops, ends   guesses
}

// box is cents by column.
type box [columns]int32

// NewIndex orders the listed episodes. ok is false where an amount does not
// fit the index, about $21 million in one setting of one episode or $43 million
// between two of a group: the plain path remains.
func NewIndex(p *panel.Panel, s *panel.Spending, list []int) (x *Index, ok bool) {
	x = &Index{grouping: groupUp(p, list), sums: newSums(len(p.Hospitals) * episode.NumCategories), owners: len(p.Hospitals)}
	x.groups = make([]group, len(x.names))
	rows, next, from, most := make([]row, len(list)), make([]int, len(x.names)), 0, 0
	for n := range x.groups {
		g := &x.groups[n]
		g.first = from
		for i := range x.members[n] {
			m := &x.members[n][i]
			g.n += m.Episodes
			if !slices.Contains(g.categories, m.Category.Index()) {
				g.categories = append(g.categories, m.Category.Index())
			}
		}
		if n > 0 {
			next[n] = next[n-1] + x.groups[n-1].n
		}
		from, most = from+blocks(g.n), max(most, g.n)
	}
	for k, i := range list {
		r, e := &rows[next[x.of[k]]], &p.Episodes[i]
		next[x.of[k]]++
		r.pair, r.at = int32(e.Hospital*episode.NumCategories+e.Category.Index()), int32(k)
		if at := s.At(i); !r.fill(s.Anchor[at], &s.Post[at]) {
			return nil, false
		}
		x.sums.add(r)
	}
	x.most = blocks(most) * lanes
	x.blocks, x.at = make([]block, from), make([]int32, from*lanes)
	ranks := make([]rank, most)
	for n := range x.groups {
		g := &x.groups[n]
		if !x.arrange(g, rows[:g.n], ranks[:g.n]) {
			return nil, false
		}
		rows = rows[g.n:]
	}
	return x, true
}

// rank is what an episode is ordered by, and its place before.
type rank struct {
	sum int64
	at  int32
}

// arrange puts a group's rows into its blocks in order, and notes what bounds
// them; false where they lie too far apart.
func (x *Index) arrange(g *group, rows []row, ranks []rank) bool {
	for i := range rows {
		ranks[i] = rank{rows[i].sum, int32(i)}
	}
	slices.SortFunc(ranks, dearer)
	g.top, g.low, g.high = ranks[0].sum, rows[0].cents, rows[0].cents
	for place, k := range ranks {
		r := &rows[k.at]
		if !x.blocks[g.first+place/lanes].put(place%lanes, r, g.top) {
			return false
		}
		x.at[g.first*lanes+place] = r.at
		for c, v := range &r.cents {
			g.low[c], g.high[c] = min(g.low[c], v), max(g.high[c], v)
		}
	}
	for c := range g.low {
		g.least += int64(g.low[c])
		g.width += g.wide(c)
	}
	return true
}

// dearer orders by spending, highest first.
func dearer(a, b rank) int {
	if a.sum != b.sum {
		return cmp.Compare(b.sum, a.sum)
	}
	return cmp.Compare(a.at, b.at)
}

// wide is how far apart a column's episodes lie.
func (g *group) wide(c int) int64 { return int64(g.high[c]) - int64(g.low[c]) }

// key is what an episode of a group costs before levers, by its place.
func (x *Index) key(g *group, place int) int64 {
	return g.top - int64(x.blocks[g.first+place/lanes].under[place%lanes])
}

// pair is whose an episode of a group is, by its place in an order or, where
// that is nil, in the group.
func (x *Index) pair(g *group, o *order, place int) int32 {
	if o != nil {
		place = int(o.places[place])
	}
	return x.blocks[g.first+place/lanes].pair[place%lanes]
}

// outcome is an empty one, with what no lever moves.
func (x *Index) outcome() *Outcome {
	if o, _ := x.given.Get().(*Outcome); o != nil {
		return o
	}
	o := &Outcome{Totals: make([][episode.NumCategories]Total, x.owners), Held: make([]Held, 0, len(x.groups))}
	for pair, n := range x.sums.episodes {
		o.Totals[pair/episode.NumCategories][pair%episode.NumCategories].Episodes = n
	}
	return o
}

// Release takes an outcome back: the next one has the same episodes.
func (x *Index) Release(o *Outcome) {
	o.Held, o.Visited = o.Held[:0], 0
	x.given.Put(o)
}

// Holds spreads an outcome over the list the index was made of.
func (x *Index) Holds(o *Outcome, class []int) []Hold {
	out := make([]Hold, len(x.of))
	for i := range o.Held {
		h := &o.Held[i]
		g := &x.groups[h.Group]
		for place := range g.n {
			if class == nil || class[x.pair(g, nil, place)] == h.Class {
				out[x.at[g.first*lanes+place]] = h.Hold
			}
		}
	}
	return out
}
