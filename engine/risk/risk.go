// Package risk says how lucky a result is: it redraws the episodes of every
// hospital and category with replacement, with a fixed seed, and describes the
// net payments that come out (engine.md 7, ruling 50).
package risk

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"bundlelab/engine/money"
	"bundlelab/engine/project"
)

// Episode is what one episode brings to a settlement, in micro-dollars.
type Episode struct {
	Benchmark money.Micros // from prices
	Estimated money.Micros // from own or scaled prices
	Spending  money.Micros // projected, capped
}

// Resample draws n episodes of n with replacement, a number of times, and
// gives the sum of each draw. The stream names the hospital and category, so
// the draws do not depend on what else is asked or on how work is shared.
func Resample(episodes []Episode, draws int, seed, stream uint64) []Episode {
	rng := rand.New(rand.NewPCG(seed, stream))
	out := make([]Episode, draws)
	n := len(episodes)
	for d := range out {
		var s Episode
		for range n {
			e := &episodes[rng.IntN(n)]
			s.Benchmark += e.Benchmark
			s.Estimated += e.Estimated
			s.Spending += e.Spending
		}
		out[d] = s
	}
	return out
}

// Distribution describes net payments over draws. Percentiles are nearest
// rank.
type Distribution struct {
	Draws                  int
	Seed                   uint64
	P5, P25, P50, P75, P95 money.Cents
	Mean                   money.Cents
	Repay                  int         // draws in which the hospital repays
	MeanRepay              money.Cents // mean repayment when it does
	Sorted                 []money.Cents
}

// Describe sorts the draws and reads off the distribution. There must be at
// least one.
func Describe(nets []money.Cents, seed uint64) *Distribution {
	v := slices.Clone(nets)
	slices.SortFunc(v, cmp.Compare[money.Cents])
	at := func(p int64) money.Cents { return v[project.NearestRank(money.NewRate(p, 0), len(v))-1] }
	d := &Distribution{Draws: len(v), Seed: seed, P5: at(5), P25: at(25), P50: at(50), P75: at(75), P95: at(95), Sorted: v}
	var sum, repaid int64
	for _, x := range v {
		sum += int64(x)
		if x < 0 {
			d.Repay++
			repaid -= int64(x)
		}
	}
	d.Mean = money.Cents(money.MulDiv(sum, 1, int64(len(v))))
	if d.Repay > 0 {
		d.MeanRepay = money.Cents(money.MulDiv(repaid, 1, int64(d.Repay)))
	}
	return d
}

// PRepay is the share of draws in which the hospital repays, to four decimals.
func (d *Distribution) PRepay() money.Rate {
	return money.NewRate(money.MulDiv(int64(d.Repay), 10_000, int64(d.Draws)), 4)
}
