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

// above makes an empty curve the one no episode of the group exceeds.
func (v *curve) above(c *coef, low, high *box) {
	add := int64(0)
	for _, a := range c.adds {
		if high[a.from] > 0 {
			add += max(0, a.micros)
		}
	}
	v.begin(&c.w, low, add)
	for i := columns - 1; i >= 0; i-- {
		k := c.rising[i]
		v.fill(high[k]-low[k], c.w[k])
	}
}

// below makes an empty curve the one no episode of the group stays under.
func (v *curve) below(c *coef, low, high *box) {
	add := int64(0)
	for _, a := range c.adds {
		if high[a.from] > 0 {
			add += min(0, a.micros)
		}
	}
	v.begin(&c.w, low, add)
	for _, k := range c.rising {
		v.fill(high[k]-low[k], c.w[k])
	}
}

// begin puts every column at its least.
func (v *curve) begin(w *[columns]int64, low *box, add int64) {
	v.value[0] = add
	for k, x := range low {
		v.start[0] += x
		v.value[0] += w[k] * x
	}
}

// fill lets a column grow by its width.
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
