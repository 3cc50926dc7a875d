package project

import (
	"math/big"

	"bundlelab/engine/money"
)

// Level is where a cap lies: nowhere, at a value, or where the projected
// spending of the group itself puts it. The zero Level holds nothing.
type Level struct {
	kind  levelKind
	value int64 // micro-dollars, or a number of standard deviations
	rank  *ranker
}

// ranker is a percentile, ready for any number of episodes.
type ranker struct {
	percent  money.Rate
	num, den int64 // percent/100; den is 0 where they are too large
}

type levelKind uint8

const (
	nowhere levelKind = iota
	atValue
	atRank
	atDeviations
)

// At is a level somebody states.
func At(v money.Micros) Level { return Level{kind: atValue, value: int64(v)} }

// AtRank is the nearest-rank percentile of the group (ruling 12).
func AtRank(percent money.Rate) Level {
	x := &ranker{percent: percent}
	r := percent.Rat()
	r.Quo(r, big.NewRat(100, 1))
	if r.Sign() >= 0 && r.Num().IsInt64() && r.Denom().IsInt64() {
		x.num, x.den = r.Num().Int64(), r.Denom().Int64()
	}
	return Level{kind: atRank, rank: x}
}

// AtDeviations is the group's mean plus a number of standard deviations.
func AtDeviations(sds int64) Level { return Level{kind: atDeviations, value: sds} }

// of is NearestRank without big numbers where they are not needed.
func (x *ranker) of(n int) int {
	if p, ok := product(x.num, int64(n)); ok && x.den > 0 {
		return max(1, min(n, int((p+x.den-1)/x.den)))
	}
	return NearestRank(x.percent, n)
}

// Cap is how a group's episodes are held: at least at Low, and above High only
// the share Keep counts.
type Cap struct {
	High, Low Level
	Keep      money.Rate
}

// Holding says what holds each episode. Episodes of one group may differ by
// hospital and category: Class numbers the ways by hospital x NumCategories +
// category, and nil makes all of them way 0. Cap gives the levels of a group
// and way; it is asked for ways that have episodes only, group by group. Occur
// lists the ways in each group where they are known beforehand.
type Holding struct {
	Class []int
	Occur [][]int
	Cap   func(group, class int) *Cap
}

// Held is what a Holding came to in one group and way.
type Held struct {
	Group, Class int
	Hold
}

// in is the hold that a group's spread gives: the plain way.
func (c *Cap) in(s Spread) Hold {
	h := Open()
	h.Keep = c.Keep
	if v, ok := c.High.in(s); ok {
		h.High = v
	}
	if v, ok := c.Low.in(s); ok {
		h.Low = v
	}
	return h
}

func (l Level) in(s Spread) (v money.Micros, ok bool) {
	switch l.kind {
	case atValue:
		return money.Micros(l.value), true
	case atRank:
		return s.Rank(l.rank.percent), true
	case atDeviations:
		return s.MeanPlus(l.value), true
	case nowhere:
	}
	return 0, false
}

// share is a kept share in plain integers, remembered because a design has few.
type share struct {
	of       money.Rate
	num, den int64
}

func (s *share) parts(of money.Rate) (num, den int64) {
	if s.den == 0 || s.of != of {
		r := of.Rat()
		s.of, s.num, s.den = of, r.Num().Int64(), r.Denom().Int64()
	}
	return s.num, s.den
}
