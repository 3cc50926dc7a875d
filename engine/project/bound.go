package project

import "math/bits"

// curve bounds projected spending by what an episode costs before levers. Of
// all ways to spread a sum t over columns that stay inside a group's box, the
// dearest fills the columns of the largest weights first: what comes out is
// made of straight pieces in t. The cheapest fills the least weights first. No
// weight may be below zero, so that both rise with t.
type curve struct {
	start, value, slope [columns + 1]int64
	n, at               int
}

// above makes the curve the one no episode of the group exceeds.
func (v *curve) above(c *coef, g *group) {
	add := int64(0)
	for _, a := range c.adds {
		if g.high[a.from] > 0 {
			add += max(0, a.micros)
		}
	}
	rest := v.begin(c, g, add)
	i := len(c.moved) - 1
	for ; i >= 0 && c.moved[i].by > 0; i-- {
		v.grow(c, i, g)
	}
	v.fill(rest, c.base)
	for ; i >= 0; i-- {
		v.grow(c, i, g)
	}
}

// below makes the curve the one no episode of the group stays under.
func (v *curve) below(c *coef, g *group) {
	add := int64(0)
	for _, a := range c.adds {
		if g.high[a.from] > 0 {
			add += min(0, a.micros)
		}
	}
	rest := v.begin(c, g, add)
	i := 0
	for ; i < len(c.moved) && c.moved[i].by < 0; i++ {
		v.grow(c, i, g)
	}
	v.fill(rest, c.base)
	for ; i < len(c.moved); i++ {
		v.grow(c, i, g)
	}
}

// begin puts every column at its least, and gives how far those that weigh the
// base may grow together.
func (v *curve) begin(c *coef, g *group, add int64) (rest int64) {
	v.n, v.at, v.slope[0] = 0, 0, 0
	v.start[0], v.value[0] = g.least, c.base*g.least+add
	rest = g.width
	for _, m := range c.moved {
		v.value[0] += m.by * int64(g.low[m.column])
		rest -= g.wide(m.column)
	}
	return rest
}

// grow lets a moved column grow by its width.
func (v *curve) grow(c *coef, i int, g *group) {
	m := &c.moved[i]
	v.fill(g.wide(m.column), c.base+m.by)
}

// fill adds a straight piece.
func (v *curve) fill(width, slope int64) {
	if width <= 0 {
		return
	}
	if v.n > 0 && v.slope[v.n-1] == slope { // one straight piece
		v.start[v.n] += width
		v.value[v.n] += slope * width
		return
	}
	v.slope[v.n] = slope
	v.start[v.n+1] = v.start[v.n] + width
	v.value[v.n+1] = v.value[v.n] + slope*width
	v.n++
}

// of is the bound at t, cheap when the next t is near the last one.
func (v *curve) of(t int64) int64 {
	for v.at > 0 && t < v.start[v.at] {
		v.at--
	}
	for v.at+1 < v.n && t >= v.start[v.at+1] {
		v.at++
	}
	return v.value[v.at] + v.slope[v.at]*(t-v.start[v.at])
}

// product is a*b of two amounts that are not below zero; false where it does
// not fit.
func product(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	return int64(lo), hi == 0 && lo < 1<<62
}
