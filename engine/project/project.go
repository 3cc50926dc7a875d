// Package project turns episodes, weights and caps into projected spending by
// hospital and category. This is the plain path over episode rows, the one
// every faster way must equal to the micro-dollar.
package project

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
)

// NoCap marks an episode that no cap holds.
const NoCap money.Micros = 1<<63 - 1

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
		post := &s.Post[i]
		x := s.Anchor[i].Times(w.Anchor)
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

// PanelCaps is the nearest-rank percentile of projected spending in each group
// of listed episodes: the k-th smallest with k = ceil(percent x n / 100),
// unweighted (engine.md 4, ruling 12). One cap per listed episode comes back.
func PanelCaps(spending []money.Micros, groups []Group, percent money.Rate) []money.Micros {
	byGroup := map[Group][]money.Micros{}
	for k, g := range groups {
		byGroup[g] = append(byGroup[g], spending[k])
	}
	caps := make(map[Group]money.Micros, len(byGroup))
	for g, v := range byGroup {
		slices.SortFunc(v, cmp.Compare[money.Micros])
		caps[g] = v[NearestRank(percent, len(v))-1]
	}
	out := make([]money.Micros, len(spending))
	for k, g := range groups {
		out[k] = caps[g]
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
	Spending money.Micros // capped
}

// Totals adds the listed episodes by hospital and category, capping each.
// caps may be nil: nothing is capped.
func Totals(p *panel.Panel, list []int, spending, caps []money.Micros) [][episode.NumCategories]Total {
	out := make([][episode.NumCategories]Total, len(p.Hospitals))
	for k, i := range list {
		e := &p.Episodes[i]
		t := &out[e.Hospital][e.Category.Index()]
		x := spending[k]
		t.Episodes++
		t.Uncapped += x
		if caps != nil {
			x = min(x, caps[k])
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
