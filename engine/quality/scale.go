package quality

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// Direction says which raw scores are good.
type Direction uint8

// The directions. Readmissions, complications, falls and deaths are better
// when lower; patient-reported outcomes and surveys when higher.
const (
	HigherBetter Direction = 1 + iota
	LowerBetter
)

// Cut is one point of a national distribution of raw scores: the raw score at
// a percentile, 0 being the lowest and 100 the highest raw score in the nation
// whichever direction is good.
type Cut struct {
	Percentile decimal.Decimal
	Raw        decimal.Decimal
}

// Scale is the scaled score 0..100, higher is better, of a raw score in the
// national distribution of the baseline period, 42 CFR 512.547(b)(1)(i).
// A raw score between two percentiles, or at a value several percentiles
// share, gets the one that gives the higher scaled score ((A)); beyond the
// best raw score 100, beyond the worst 0 ((B), (C)). The cuts run from
// percentile 0 to 100 in order; any number may lie between, and fewer of them
// give coarser scores, never interpolated ones.
func Scale(raw decimal.Decimal, cuts []Cut, better Direction) (decimal.Decimal, error) {
	if err := checkDirection(better); err != nil {
		return decimal.Zero, err
	}
	if err := checkCuts(cuts); err != nil {
		return decimal.Zero, err
	}
	if better == LowerBetter {
		raw, cuts = raw.Neg(), mirrored(cuts)
	}
	scaled := decimal.Zero
	for i, c := range cuts {
		if raw.LessThan(c.Raw) {
			// Strictly between two cuts the upper one counts; on a cut, or
			// below the lowest, the last one reached does.
			if i > 0 && raw.GreaterThan(cuts[i-1].Raw) {
				scaled = c.Percentile
			}
			return scaled, nil
		}
		scaled = c.Percentile
	}
	return scaled, nil
}

// mirrored turns a distribution in which low is good into one in which high
// is: 512.547(b)(1)(i)(C) is (B) read backwards.
func mirrored(cuts []Cut) []Cut {
	out := make([]Cut, len(cuts))
	for i, c := range cuts {
		out[len(cuts)-1-i] = Cut{Percentile: hundred().Sub(c.Percentile), Raw: c.Raw.Neg()}
	}
	return out
}

func checkCuts(cuts []Cut) error {
	n := len(cuts)
	if n == 0 || !cuts[0].Percentile.IsZero() || !cuts[n-1].Percentile.Equal(hundred()) {
		return fmt.Errorf("national distribution: its first cut must be percentile 0 and its last percentile 100, the lowest and highest raw score")
	}
	for i := 1; i < n; i++ {
		a, b := cuts[i-1], cuts[i]
		if !b.Percentile.GreaterThan(a.Percentile) {
			return fmt.Errorf("national distribution: percentile %s follows %s; percentiles must rise", b.Percentile, a.Percentile)
		}
		if b.Raw.LessThan(a.Raw) {
			return fmt.Errorf("national distribution: raw score %s at percentile %s is below %s at percentile %s; raw scores may not fall", b.Raw, b.Percentile, a.Raw, a.Percentile)
		}
	}
	return nil
}

func checkDirection(d Direction) error {
	if d != HigherBetter && d != LowerBetter {
		return fmt.Errorf("direction %d of a measure is neither higher-is-better nor lower-is-better", d)
	}
	return nil
}
