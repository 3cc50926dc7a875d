package project

import (
	"cmp"
	"math/big"
	"slices"

	"bundlelab/engine/money"
)

// Spread is the spending of a group's episodes, lowest first.
type Spread []money.Micros

// Spreads sorts spending by group; groups names the group of each.
func Spreads(spending []money.Micros, groups []Group) map[Group]Spread {
	out := map[Group]Spread{}
	for k, g := range groups {
		out[g] = append(out[g], spending[k])
	}
	for _, v := range out {
		slices.SortFunc(v, cmp.Compare[money.Micros])
	}
	return out
}

// Rank is the nearest-rank percentile: the k-th smallest with k = ceil(percent
// x n / 100), unweighted (engine.md 4, ruling 12). The spread must hold an
// episode.
func (s Spread) Rank(percent money.Rate) money.Micros {
	return s[NearestRank(percent, len(s))-1]
}

// MeanPlus is the mean plus a number of standard deviations, over the spread
// itself.
func (s Spread) MeanPlus(sds int64) money.Micros {
	m := moments{n: len(s), sum: new(big.Int), squares: new(big.Int)}
	for _, v := range s {
		x := big.NewInt(int64(v))
		m.sum.Add(m.sum, x)
		m.squares.Add(m.squares, x.Mul(x, x))
	}
	return m.meanPlus(sds)
}
