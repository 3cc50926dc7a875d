package quality

import (
	"fmt"
	"math/big"

	"github.com/shopspring/decimal"

	"bundlelab/engine/policy"
)

// PeerPercentile is a BPCI Advanced measure score, 0..100 in whole points:
// floor(100 x share of the nation's hospitals that do no better than this
// one). For a measure where low is good those are the hospitals with a score
// at or above its own (secondary, a consultant's replication); for one where
// high is good, at or below (derived, its mirror). The nation is the list as
// given; whether it holds the hospital itself is up to the caller.
func PeerPercentile(own decimal.Decimal, nation []decimal.Decimal, better Direction) (decimal.Decimal, policy.Evidence, error) {
	if err := checkDirection(better); err != nil {
		return decimal.Zero, 0, err
	}
	if len(nation) == 0 {
		return decimal.Zero, 0, fmt.Errorf("measure percentile: the list of hospitals to compare with is empty")
	}
	grade := policy.Derived
	if better == LowerBetter {
		grade = policy.Secondary
	}
	var behind int64
	for _, other := range nation {
		c := other.Cmp(own)
		if c == 0 || (c > 0) == (better == LowerBetter) {
			behind++
		}
	}
	floor := new(big.Int).Quo(big.NewInt(100*behind), big.NewInt(int64(len(nation))))
	return decimal.NewFromBigInt(floor, 0), grade, nil
}

// BPCIA is BPCI Advanced's composite quality score, 0..100: the mean of the
// measure scores weighted by episodes (unconfirmed). What happens to a measure
// without a score is not known; it is left out (assumed).
//
// Errors are those of Team.
func BPCIA(measures []Measured) (Score, error) {
	return rule{
		name:        "BPCI Advanced",
		evidence:    policy.Unconfirmed,
		cite:        "BPCI Advanced participation agreement",
		note:        "mean of the measure scores weighted by episodes; rounded once, to six decimals",
		missing:     policy.Assumed,
		missingCite: "BPCI Advanced participation agreement",
		missingNote: "no score: left out of the weights",
	}.weighted(measures)
}
