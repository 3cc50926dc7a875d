package quality

import (
	"fmt"

	"github.com/shopspring/decimal"

	"bundlelab/engine/policy"
)

// Missing is what TEAM does with a measure without a raw score. The rule
// changed between rule versions, so the caller says which.
type Missing uint8

// The two rules.
const (
	// Neutral is the FY2026 rule: too little data counts neither for nor
	// against. That it is neutral is secondary; that neutral means the 50th
	// percentile is unconfirmed.
	Neutral Missing = 1 + iota
	// LeftOut is the rule as first finalized, 42 CFR 512.547(b)(1)(i)(D): no
	// scaled score, so the measure takes no part.
	LeftOut
)

// NeutralScore is the scaled score of a measure under Neutral (unconfirmed).
func NeutralScore() decimal.Decimal { return decimal.New(50, 0) }

// Team is TEAM's composite quality score, 0..100, 42 CFR 512.547(b)(2)-(4): the
// mean of the scaled scores weighted by the episodes attributed to each
// measure.
//
// The text divides by "all the attributed episodes", which taken literally
// lets weights sum to more than one and the score pass 100; "normalized"
// weights on a 0-100 scale need the sum over the measures, so that is the
// denominator (derived). A measure of a category the hospital does not treat
// has no episodes and drops out under either rule.
//
// A change of the method was proposed for FY2027; whether it became final is
// not known, so one method serves every year.
//
// It is an error if no measure has both a score and episodes, if a score lies
// outside 0..100, or if a measure is given twice.
func Team(measures []Measured, missing Missing) (Score, error) {
	r := rule{
		name:     "TEAM",
		evidence: policy.Derived,
		cite:     "42 CFR 512.547(b)(2)-(4)",
		note:     "weight = episodes of the measure / sum over the measures; rounded once, to six decimals",
	}
	switch missing {
	case Neutral:
		n := NeutralScore()
		r.neutral, r.missing = &n, policy.Unconfirmed
		r.missingCite = "FY2026 IPPS final rule, 90 FR 36536"
		r.missingNote = "no raw score: neutral, taken as the 50th percentile"
	case LeftOut:
		r.missing = policy.Derived
		r.missingCite = "42 CFR 512.547(b)(1)(i)(D)"
		r.missingNote = "no raw score, so no scaled score: left out of the weights"
	default:
		return Score{}, fmt.Errorf("TEAM score: missing-measure rule %d is neither neutral nor left out", missing)
	}
	return r.weighted(measures)
}
