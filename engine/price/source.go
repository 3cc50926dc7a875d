package price

import (
	"fmt"
	"math/big"

	"bundlelab/engine/money"
)

// Source is where a benchmark came from, best first (engine.md 5).
type Source uint8

// The four sources, and a design's mix of the last with one of the others.
const (
	CMS    Source = 1 + iota // an imported target-price file at this length
	Table                    // a regional table at this length
	Scaled                   // a table at another length, scaled by own spending: estimated
	Own                      // the hospital's baseline years: assumed
	Blend                    // own baseline years and a regional price, by the design's weights
)

// String is the source as results print it.
func (s Source) String() string {
	if s < CMS || s > Blend {
		return fmt.Sprintf("Source(%d)", uint8(s))
	}
	return [...]string{"cms", "table", "scaled", "own", "blend"}[s-1]
}

// Estimated says that market.benchmark_level moves benchmarks of this source
// (ruling 35): they are not a price anybody stated. Of a blend it moves the
// parts from such sources, which the blend's owner keeps apart.
func (s Source) Estimated() bool { return s == Scaled || s == Own }

// Title is the source in words.
func (s Source) Title() string {
	if s < CMS || s > Blend {
		return s.String()
	}
	return [...]string{"imported CMS prices", "regional table", "table scaled from another length", "own baseline years", "own baseline years and regional price"}[s-1]
}

// Base is a benchmark before the risk multiplier, as an exact number of
// micro-dollars, with its source and the row it came from (nil for Own).
type Base struct {
	Value  *big.Rat
	Source Source
	Row    *Row
	Caps   Caps
}

// Ratio gives own spending of a cell and division at the asked length over the
// same at another, before levers and cap; nil when there is none to compare.
type Ratio func(cell string, division, other int) *big.Rat

// Find walks the sources cms, table, scaled for a cell and division at a
// length; discount is the design's own, which a preliminary target already
// contains (ruling 5). It returns false when only the hospital's own history
// is left.
func (b *Book) Find(cell string, division, days int, period string, discount money.Rate, ratio Ratio) (Base, bool) {
	before := new(big.Rat).Sub(big.NewRat(1, 1), discount.Rat())
	if r, ok := b.Exact(Preliminary, cell, division, days, period); ok {
		v := micros(r.Price)
		return Base{v.Quo(v, before), CMS, r, b.caps(r, period, nil)}, true
	}
	if r, ok := b.Exact(Benchmark, cell, division, days, period); ok {
		return Base{micros(r.Price), Table, r, b.caps(r, period, nil)}, true
	}
	for _, kind := range []Kind{Preliminary, Benchmark} {
		r, ok := b.Nearest(kind, cell, division, days, period)
		if !ok {
			continue
		}
		f := ratio(cell, division, r.Days)
		if f == nil {
			continue
		}
		v := micros(r.Price)
		if kind == Preliminary {
			v.Quo(v, before)
		}
		return Base{v.Mul(v, f), Scaled, r, b.caps(r, period, f)}, true
	}
	return Base{}, false
}

// Caps are the percentile columns beside a price, scaled as the price is.
type Caps struct {
	row, table *Row // the row of the price; the benchmark row of its cell and length
	scale      *big.Rat
}

// caps finds them. A price file without a column leaves it to the benchmark
// table of the same cell and length.
func (b *Book) caps(r *Row, period string, f *big.Rat) Caps {
	t, _ := b.Exact(Benchmark, r.Cell, r.Division, r.Days, period)
	return Caps{r, t, f}
}

// At is a percentile in micro-dollars; nil when no row states it.
func (c Caps) At(percent money.Rate) *big.Rat {
	for _, r := range []*Row{c.row, c.table} {
		if r == nil {
			continue
		}
		if v := r.percentile(percent); v != nil {
			m := micros(*v)
			if c.scale != nil {
				m.Mul(m, c.scale)
			}
			return m
		}
	}
	return nil
}

// MeanPlus is the mean plus a number of standard deviations, both from one
// row, in micro-dollars; nil when no row states both.
func (c Caps) MeanPlus(sds int64) *big.Rat {
	for _, r := range []*Row{c.row, c.table} {
		if r == nil || r.Mean == nil || r.SD == nil {
			continue
		}
		m := micros(*r.Mean + *r.SD*money.Cents(sds))
		if c.scale != nil {
			m.Mul(m, c.scale)
		}
		return m
	}
	return nil
}

// percentile is the column of a percentile; nil when the table has none.
func (r *Row) percentile(percent money.Rate) *money.Cents {
	for _, x := range []struct {
		p int64
		v *money.Cents
	}{{99, r.P99}, {95, r.P95}, {75, r.P75}, {5, r.P5}, {1, r.P1}} {
		if percent.Cmp(money.NewRate(x.p, 0)) == 0 {
			return x.v
		}
	}
	return nil
}

func micros(c money.Cents) *big.Rat { return big.NewRat(int64(c.Micros()), 1) }

// Adjusted is the risk-adjusted benchmark of one episode: rounded once, half
// away from zero, to a micro-dollar. risk is in millionths.
func (b *Base) Adjusted(risk int64) money.Micros {
	if n, d := b.Value.Num(), b.Value.Denom(); n.IsInt64() && d.IsInt64() && d.Int64() < 1<<62/1_000_000 {
		return money.Micros(money.MulDiv(n.Int64(), risk, d.Int64()*1_000_000))
	}
	return money.Micros(money.RoundRat(new(big.Rat).Mul(b.Value, big.NewRat(risk, 1_000_000))))
}

// OwnMean is the weighted mean of yearly means: weights of the years present,
// re-normalized (ruling 15). Years without episodes have a nil mean. It is
// exact, in the unit of the means.
func OwnMean(yearly []*big.Rat, weights []money.Rate) *big.Rat {
	sum, total := new(big.Rat), new(big.Rat)
	for i, m := range yearly {
		if m == nil {
			continue
		}
		w := weights[i].Rat()
		sum.Add(sum, new(big.Rat).Mul(w, m))
		total.Add(total, w)
	}
	if total.Sign() == 0 {
		return nil
	}
	return sum.Quo(sum, total)
}

// Realized is the factor a realized trend or normalization puts on a target
// whose price already holds the prospective one: 1 plus the relative change,
// held in the design's band (42 CFR 512.545(e), (f)).
func Realized(relative, band money.Rate) money.Rate { return relative.Clamp(band).Plus1() }
