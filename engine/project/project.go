// Package project turns episodes, weights and caps into projected spending by
// hospital and category. This is the plain path over episode rows, the one
// every faster way must equal to the micro-dollar.
package project

import (
	"fmt"
	"math/big"

	"github.com/shopspring/decimal"

	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
)

// NoCap and NoFloor mark an episode that no cap holds from above or below.
const (
	NoCap   money.Micros = 1<<63 - 1
	NoFloor money.Micros = -1 << 63
)

// Hold is how far one episode's spending counts: at least Low, and of what
// lies above High only the share Keep.
type Hold struct {
	Low, High money.Micros
	Keep      money.Rate
}

// Open holds nothing.
func Open() Hold { return Hold{Low: NoFloor, High: NoCap} }

// Of is the spending that counts: max(Low, min(s, High) + Keep x (s - High)),
// the kept part rounded half away from zero to a micro-dollar.
func (h Hold) Of(s money.Micros) money.Micros {
	if s > h.High {
		kept := h.Keep.Decimal().Mul(decimal.New(int64(s-h.High), 0))
		s = h.High + money.Micros(kept.Round(0).IntPart())
	}
	return max(h.Low, s)
}

// Group pools episodes that share a cap: price cell and census division.
type Group struct {
	Cell     string
	Division int
}

// Weights are one hospital's folded levers, by Category.Index.
type Weights = [episode.NumCategories]lever.Weights

// Episodes gives the projected spending of each listed episode, before any
// cap, in micro-dollars. weights is indexed by hospital.
func Episodes(p *panel.Panel, s *panel.Spending, list []int, weights []*Weights) []money.Micros {
	out := make([]money.Micros, len(list))
	for k, i := range list {
		e := &p.Episodes[i]
		w := &weights[e.Hospital][e.Category.Index()]
		at := s.At(i)
		post := &s.Post[at]
		x := s.Anchor[at].Times(w.Anchor)
		for set, c := range post {
			x += c.Times(w.Setting[set])
		}
		for _, sh := range w.Shifts {
			if post[sh.From] > 0 {
				x += sh.Mean.Times(sh.Weight)
			}
		}
		out[k] = x
	}
	return out
}

// NearestRank is ceil(percent x n / 100), at least 1: the rank, counted from
// one, of the percentile among n values.
func NearestRank(percent money.Rate, n int) int {
	r := new(big.Rat).Mul(percent.Rat(), big.NewRat(int64(n), 100))
	q, rem := new(big.Int).QuoRem(r.Num(), r.Denom(), new(big.Int))
	if rem.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	return max(1, min(n, int(q.Int64())))
}

// Total is projected spending of one hospital and category.
type Total struct {
	Episodes int
	Uncapped money.Micros
	Spending money.Micros // held by the outlier cap
}

// Totals adds the listed episodes by hospital and category, holding each.
// holds may be nil: nothing is held.
func Totals(p *panel.Panel, list []int, spending []money.Micros, holds []Hold) [][episode.NumCategories]Total {
	out := make([][episode.NumCategories]Total, len(p.Hospitals))
	for k, i := range list {
		e := &p.Episodes[i]
		t := &out[e.Hospital][e.Category.Index()]
		x := spending[k]
		t.Episodes++
		t.Uncapped += x
		if holds != nil {
			x = holds[k].Of(x)
		}
		t.Spending += x
	}
	return out
}

// OverflowError says sums could pass 2^63 micro-dollars.
type OverflowError struct {
	Cents  money.Cents
	Weight money.BP
}

func (e *OverflowError) Error() string {
	return fmt.Sprintf("spending of $%s at weight %d basis points does not fit the exact arithmetic: split the database by hospital or year", e.Cents, e.Weight)
}

// CheckOverflow refuses a panel whose |spending| times the largest weight
// would not fit (engine.md 1, ruling 9).
func CheckOverflow(total money.Cents, maxWeight money.BP) error {
	if maxWeight > 0 && int64(total.Abs()) > (1<<63-1)/int64(maxWeight) {
		return &OverflowError{total, maxWeight}
	}
	return nil
}
