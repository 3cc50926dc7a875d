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
	w      [columns]int64
	keys   []int64 // micro-dollars at w, without what moved patients add
	places []int32 // in the group
}

// grain is the denominator of an order's slopes: weights are compared with
// those of the order, and the quotient is rounded up to 1/grain.
const grain = 4096

// newOrder sorts a group by its spending at c. Only non-negative amounts and
// weights make the keys usable as bounds.
func (x *Index) newOrder(g *group, c *coef) *order {
	list := make([]rank, g.n)
	for place := range list {
		b := &x.blocks[g.first+place/lanes]
		v := int64(0)
		for k := range b.cents {
			v += c.w[k] * int64(b.cents[k][place%lanes])
		}
		list[place] = rank{v, int32(place)}
	}
	slices.SortFunc(list, dearer)
	o := &order{w: c.w, keys: make([]int64, g.n), places: make([]int32, g.n)}
	for i, r := range list {
		o.keys[i], o.places[i] = r.sum, r.at
	}
	return o
}

// aboveAt makes the curve, times grain, the one over the keys of an order that
// no episode of the group exceeds at weights c, which nearer accepts; false
// where it would not fit.
func (v *curve) aboveAt(o *order, c *coef, g *group) bool {
	type piece struct{ slope, width int64 }
	var pieces [columns]piece
	n, total := 0, int64(0)
	*v = curve{}
	for k, w := range o.w {
		if w == 0 { // nearer has seen that c leaves the column out as well
			continue
		}
		p := piece{(c.w[k]*grain + w - 1) / w, w * g.wide(k)}
		most, ok := product(p.slope, w*int64(g.high[k]))
		if !ok || total+most >= 1<<62 {
			return false
		}
		total += most
		v.start[0] += w * int64(g.low[k])
		v.value[0] += p.slope * w * int64(g.low[k])
		pieces[n] = p
		n++
	}
	for _, a := range c.adds {
		if g.high[a.from] > 0 {
			v.value[0] += max(0, a.micros) * grain
		}
	}
	slices.SortFunc(pieces[:n], func(a, b piece) int { return cmp.Compare(b.slope, a.slope) })
	for _, p := range pieces[:n] {
		v.fill(p.width, p.slope)
	}
	return true
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
