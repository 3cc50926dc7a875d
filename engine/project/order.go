package project

import (
	"cmp"
	"slices"
)

// Orders other than by spending before levers. Levers that move settings far
// apart loosen the bounds, because the order no longer resembles projected
// spending. Sorting the group once by what it costs at such weights makes the
// next, nearby weights cheap again.

// order is a group's rows by spending at some weights, highest first.
type order struct {
	w    [columns]int64
	keys []int64 // micro-dollars at w, without what moved patients add
	rows []int32
}

// grain is the denominator of an order's slopes: weights are compared with
// those of the order, and the quotient is rounded up to 1/grain.
const grain = 4096

// newOrder sorts a group by its spending at c. Only non-negative amounts and
// weights make the keys usable as bounds.
func newOrder(rows []row, first int, c *coef) *order {
	type keyed struct {
		key int64
		row int32
	}
	list := make([]keyed, len(rows))
	for i := range rows {
		x := int64(0)
		for k, v := range rows[i].cents {
			x += c.w[k] * int64(v)
		}
		list[i] = keyed{x, int32(first + i)}
	}
	slices.SortFunc(list, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(b.key, a.key), cmp.Compare(a.row, b.row))
	})
	o := &order{w: c.w, keys: make([]int64, len(list)), rows: make([]int32, len(list))}
	for i, k := range list {
		o.keys[i], o.rows[i] = k.key, k.row
	}
	return o
}

// above is the curve, times grain, that no episode of the group exceeds at
// weights c, which nearer accepts; false where it would not fit.
func (o *order) above(c *coef, low, high *box) (curve, bool) {
	var v curve
	type piece struct{ slope, width int64 }
	var pieces [columns]piece
	n, total := 0, int64(0)
	for k, w := range o.w {
		if w == 0 { // nearer has seen that c leaves the column out as well
			continue
		}
		p := piece{(c.w[k]*grain + w - 1) / w, w * (high[k] - low[k])}
		most, ok := product(p.slope, w*high[k])
		if !ok || total+most >= 1<<62 {
			return v, false
		}
		total += most
		v.start[0] += w * low[k]
		v.value[0] += p.slope * w * low[k]
		pieces[n] = p
		n++
	}
	for _, a := range c.adds {
		if high[a.from] > 0 {
			v.value[0] += max(0, a.micros) * grain
		}
	}
	slices.SortFunc(pieces[:n], func(a, b piece) int { return cmp.Compare(b.slope, a.slope) })
	for _, p := range pieces[:n] {
		v.fill(p.width, p.slope)
	}
	return v, true
}

// nearer says whether the weights c stretch the order's weights less than they
// stretch spending before levers.
func (o *order) nearer(c *coef, high *box) bool {
	// Largest against smallest quotient, as exact fractions: a column that the
	// order leaves out and c does not is infinitely far.
	var most, least [2]int64
	top, bottom := int64(0), int64(-1)
	for k, h := range high {
		if h <= 0 {
			continue
		}
		w, base := c.w[k], o.w[k]
		top = max(top, w)
		if bottom < 0 || w < bottom {
			bottom = w
		}
		if base == 0 {
			if w > 0 {
				return false
			}
			continue
		}
		if most[1] == 0 || w*most[1] > most[0]*base {
			most = [2]int64{w, base}
		}
		if least[1] == 0 || w*least[1] < least[0]*base {
			least = [2]int64{w, base}
		}
	}
	if most[1] == 0 || bottom <= 0 {
		return most[1] != 0 && least[0] > 0
	}
	// most/least <= top/bottom
	a, aok := product(most[0]*least[1], bottom)
	b, bok := product(least[0]*most[1], top)
	return aok && bok && a < b
}
