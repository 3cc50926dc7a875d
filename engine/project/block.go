package project

import (
	"math"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

// An episode's columns are its settings and, last, its anchor.
const (
	anchorColumn = episode.NumSettings
	columns      = episode.NumSettings + 1
)

// lanes is how many episodes stand side by side in a block, which is nearly a
// page: a projection reads the columns that levers move, some cache lines in
// a row each. It looks at so many of them at once as a cache line holds.
const (
	lanes  = 64
	stride = 8
)

// block is so many episodes of one group, column by column. What a group does
// not fill is zero.
type block struct {
	under [lanes]uint32 // cents of all columns below those of the group's dearest
	pair  [lanes]int32  // hospital x NumCategories + category
	cents [columns][lanes]int32
}

// row is one episode on its way into a block.
type row struct {
	cents [columns]int32
	pair  int32 // hospital x NumCategories + category
	at    int32 // position in the list
	sum   int64 // of the columns
}

// fill sets the columns; false where one does not fit.
func (r *row) fill(anchor money.Cents, post *[episode.NumSettings]money.Cents) bool {
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

// put sets a lane, under the sum of the group's dearest; false where it is too
// far below.
func (b *block) put(lane int, r *row, top int64) bool {
	for c, v := range &r.cents {
		b.cents[c][lane] = v
	}
	b.pair[lane], b.under[lane] = r.pair, uint32(top-r.sum)
	return top-r.sum <= math.MaxUint32
}

// strided is a number of episodes, filled up to whole strides.
func strided(episodes int) int { return (episodes + stride - 1) / stride * stride }

// blocks is how many blocks hold so many episodes.
func blocks(episodes int) int { return (episodes + lanes - 1) / lanes }

// of is the projected spending in micro-dollars of a stride of a block, whose
// group's dearest is given. One lever moves one column; where more move, three
// at a time are quicker than one.
func (c *coef) of(b *block, at int, top int64, out *[stride]int64) {
	under, base := (*[stride]uint32)(b.under[at:]), c.base
	top *= base
	switch len(c.moved) {
	case 0:
		for i, below := range under {
			out[i] = top - base*int64(below)
		}
	case 1:
		u, x := b.part(c.moved[0].column, at), c.moved[0].by
		for i, below := range under {
			out[i] = top - base*int64(below) + x*int64(u[i])
		}
	default:
		u, v, w, x, y, z := b.three(c.threes, at)
		for i, below := range under {
			out[i] = top - base*int64(below) + x*int64(u[i]) + y*int64(v[i]) + z*int64(w[i])
		}
		for t := c.threes[3:]; len(t) > 0; t = t[3:] {
			u, v, w, x, y, z := b.three(t, at)
			for i := range out {
				out[i] += x*int64(u[i]) + y*int64(v[i]) + z*int64(w[i])
			}
		}
	}
	for k := range c.adds {
		a := &c.adds[k]
		for i, v := range b.part(int(a.from), at) {
			add := int64(0)
			if v > 0 { // no branch: who is a user is not to be foreseen
				add = a.micros
			}
			out[i] += add
		}
	}
}

// part is a column of a stride.
func (b *block) part(column, at int) *[stride]int32 {
	return (*[stride]int32)(b.cents[column][at:])
}

// three are the first three of some columns, and what they weigh.
func (b *block) three(t []moved, at int) (u, v, w *[stride]int32, x, y, z int64) {
	p, q, r := &t[0], &t[1], &t[2]
	return b.part(p.column, at), b.part(q.column, at), b.part(r.column, at), p.by, q.by, r.by
}

// one is the projected spending of one episode.
func (c *coef) one(b *block, lane int, top int64) int64 {
	x := c.base * (top - int64(b.under[lane]))
	for i := range c.moved {
		m := &c.moved[i]
		x += m.by * int64(b.cents[m.column][lane])
	}
	for i := range c.adds {
		a := &c.adds[i]
		if b.cents[a.from][lane] > 0 {
			x += a.micros
		}
	}
	return x
}

// spend is the projected spending of a stride of a group from a place on, each
// episode under its own weights.
func (w *walker) spend(g *group, place int, out *[stride]int64) {
	most, b, at := w.coefs[0], &w.x.blocks[g.first+place/lanes], place%lanes
	most.of(b, at, g.top, out)
	if len(w.coefs) == 1 {
		return
	}
	for i, pair := range (*[stride]int32)(b.pair[at:]) {
		if c := w.coef(pair); c != most {
			out[i] = c.one(b, at+i, g.top)
		}
	}
}
