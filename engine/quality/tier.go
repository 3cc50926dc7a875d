package quality

import (
	"github.com/shopspring/decimal"

	"bundlelab/engine/policy"
)

// Tier is a class of CJR's composite quality score.
type Tier struct {
	Name     string
	Step     int  // 0 below acceptable, 1 acceptable, 2 good, 3 excellent
	Paid     bool // a positive amount is paid out in this tier
	Evidence policy.Evidence
	Cite     string
	Note     string
}

// cjrTiers are the tiers of 42 CFR 510.305(g)(2), lowest first, with their
// lower edges: acceptable from 5.00, good from 6.9 to 15.0 and no further,
// excellent above it.
func cjrTiers() (names []string, edges []policy.Edge) {
	return []string{"acceptable", "good", "excellent"},
		[]policy.Edge{{At: decimal.New(5, 0)}, {At: decimal.New(69, -1)}, {At: decimal.New(15, 0), Above: true}}
}

// CJRTier is the tier of a composite score on CJR's scale of 0..20.
//
// The text calls below acceptable "less than 4.00" in one place and acceptable
// "5.00 and more" in another, so scores in [4, 5) are in no tier. Payment is
// given to the named tiers only (510.305(f)(2)), so such a score is below
// acceptable here (ruling 33), graded derived.
func CJRTier(score decimal.Decimal) Tier {
	t := Tier{Name: "below acceptable", Evidence: policy.Regulation, Cite: "42 CFR 510.305(g)"}
	names, edges := cjrTiers()
	if t.Step = policy.Tier(score, edges); t.Step > 0 {
		t.Name, t.Paid = names[t.Step-1], true
		return t
	}
	if !score.LessThan(decimal.New(4, 0)) {
		t.Evidence = policy.Derived
		t.Note = "the text puts scores from 4.00 to under 5.00 in no tier; taken as below acceptable"
	}
	return t
}
