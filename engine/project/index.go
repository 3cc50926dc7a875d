package project

import (
	"cmp"
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
)

// An episode's columns are its settings and, last, its anchor.
const (
	anchorColumn = episode.NumSettings
	columns      = episode.NumSettings + 1
)

// row is one episode in one cache line: its cents by column, whose it is, and
// the order it stands in.
type row struct {
	cents [columns]int32
	pair  int32 // hospital x NumCategories + category
	at    int32 // position in the list
	sum   int64 // of the columns
}

// Index holds listed episodes at one length in an order that lets totals and
// caps be found without a look at most of them. It knows no design, no price
// and no lever, so every design with the same episodes shares it. It is safe
// for concurrent use: what it changes after NewIndex are orders, which move
// time and never a result.
type Index struct {
	grouping
	rows   []row // by group, then spending, highest first
	groups []group
	sums   sums
	owners int       // hospitals
	spare  sync.Pool // of scratch
	given  sync.Pool // of outcomes that were released
}

// group is the episodes that share a cap.
type group struct {
	first, last int // rows
	low, high   box
	categories  []int // distinct
	hot         atomic.Pointer[order]
}

// box is a value by column.
type box [columns]int64

// sums are cents by hospital x category, column by column: what a lever does
// not move is not read.
type sums struct {
	episodes []int
	all      []int64
	cents    [columns][]int64
	users    [episode.NumSettings][]int64 // episodes with more than 0 cents: what moved patients add is by user
}

func newSums(pairs int) sums {
	s := sums{episodes: make([]int, pairs), all: make([]int64, pairs)}
	for c := range s.cents {
		s.cents[c] = make([]int64, pairs)
	}
	for c := range s.users {
		s.users[c] = make([]int64, pairs)
	}
	return s
}

// NewIndex orders the listed episodes. ok is false where an amount does not
// fit the index, about $21 million in one setting of one episode: the plain
// path remains.
func NewIndex(p *panel.Panel, s *panel.Spending, list []int) (x *Index, ok bool) {
	x = &Index{grouping: groupUp(p, list), sums: newSums(len(p.Hospitals) * episode.NumCategories), owners: len(p.Hospitals)}
	x.groups = make([]group, len(x.names))
	from := 0
	for n := range x.groups {
		g := &x.groups[n]
		g.first, g.last = from, from
		for i := range x.members[n] {
			m := &x.members[n][i]
			from += m.Episodes
			if !slices.Contains(g.categories, m.Category.Index()) {
				g.categories = append(g.categories, m.Category.Index())
			}
		}
	}
	x.rows = make([]row, len(list))
	for k, i := range list {
		g := &x.groups[x.of[k]]
		r := &x.rows[g.last]
		g.last++
		e := &p.Episodes[i]
		r.pair, r.at = int32(e.Hospital*episode.NumCategories+e.Category.Index()), int32(k)
		if !r.fill(s.Anchor[i], &s.Post[i]) {
			return nil, false
		}
		x.sums.add(r)
	}
	for n := range x.groups {
		x.groups[n].arrange(x.rows)
	}
	return x, true
}

// fill sets the columns; false where one does not fit.
func (r *row) fill(anchor money.Cents, post *[episode.NumSettings]money.Cents) bool {
	r.sum = 0
	for c := range columns {
		v := anchor
		if c < anchorColumn {
			v = post[c]
		}
		if v < math.MinInt32 || v > math.MaxInt32 {
			return false
		}
		r.cents[c] = int32(v)
		r.sum += int64(v)
	}
	return true
}

func (s *sums) add(r *row) {
	s.episodes[r.pair]++
	s.all[r.pair] += r.sum
	for c, v := range r.cents {
		s.cents[c][r.pair] += int64(v)
		if c < anchorColumn && v > 0 {
			s.users[c][r.pair]++
		}
	}
}

// arrange sorts a group's rows and notes what bounds them.
func (g *group) arrange(all []row) {
	rows := all[g.first:g.last]
	slices.SortFunc(rows, func(a, b row) int {
		if c := cmp.Compare(b.sum, a.sum); c != 0 {
			return c
		}
		return cmp.Compare(a.at, b.at)
	})
	for i := range rows {
		r := &rows[i]
		for c, v := range r.cents {
			if i == 0 || int64(v) < g.low[c] {
				g.low[c] = int64(v)
			}
			if i == 0 || int64(v) > g.high[c] {
				g.high[c] = int64(v)
			}
		}
	}
}

// total gives what all episodes cost under the weights, for which sums are
// enough, and what the caps moved.
func (w *walker) total() {
	s := &w.x.sums
	pair := -1
	for h := range w.out.Totals {
		for k := range w.out.Totals[h] {
			if pair++; s.episodes[pair] == 0 {
				continue
			}
			c := w.coef(int32(pair))
			v := c.base * s.all[pair]
			for _, m := range c.moved {
				v += m.by * s.cents[m.column][pair]
			}
			for _, a := range c.adds {
				v += a.micros * s.users[a.from][pair]
			}
			w.out.Totals[h][k] = Total{s.episodes[pair], money.Micros(v), money.Micros(v + w.moved[pair])}
			w.moved[pair] = 0
		}
	}
}

// coef is one category's weights made ready for rows.
type coef struct {
	w        [columns]int64
	base     int64   // the weight most columns have
	moved    []moved // the other columns
	adds     []added
	rising   [columns]uint8 // columns by weight, least first
	negative bool           // some weight is below zero
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
	for i := range c.rising {
		c.rising[i] = uint8(i)
		c.negative = c.negative || c.w[i] < 0
	}
	slices.SortFunc(c.rising[:], func(a, b uint8) int { return cmp.Compare(c.w[a], c.w[b]) })
	c.set()
	return c
}

// of is an episode's projected spending in micro-dollars.
func (c *coef) of(r *row) int64 {
	x := c.base * r.sum
	for i := range c.moved {
		m := &c.moved[i]
		x += m.by * int64(r.cents[m.column])
	}
	for i := range c.adds {
		if r.cents[c.adds[i].from] > 0 {
			x += c.adds[i].micros
		}
	}
	return x
}

// set splits the weights into the one that most columns have and what the
// others differ by: a lever moves few columns.
func (c *coef) set() {
	most, run := 0, 0
	for i, k := range c.rising {
		if i > 0 && c.w[k] != c.w[c.rising[i-1]] {
			run = 0
		}
		if run++; run > most {
			most, c.base = run, c.w[k]
		}
	}
	for k, w := range c.w {
		if w != c.base {
			c.moved = append(c.moved, moved{k, w - c.base})
		}
	}
}
