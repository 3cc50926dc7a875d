// Package quality turns a hospital's quality measures into the one composite
// score a bundle design pays by: TEAM's composite quality score (42 CFR
// 512.547), CJR's points and tiers (42 CFR 510.315) and BPCI Advanced's score.
// It takes percentiles, raw scores and episode counts and gives back the score
// with the parts it is made of. What the score does to the money is settlement.
//
// Rounding. The regulations name no rounding, so nothing is rounded on the way:
// a composite is an exact quotient, rounded once at the end to six decimals,
// half away from zero. CJR's points are sums of table values and exact as they
// stand.
package quality

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/shopspring/decimal"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
)

// Places is the number of decimals a composite score is rounded to.
const Places = 6

// Score is a composite score and how it is built.
type Score struct {
	Value    decimal.Decimal // 0..Top
	Top      decimal.Decimal // best possible score: 100, or 20 for CJR
	Parts    []Part          // in the order given; their Points sum to Value
	Tier     Tier            // CJR only; elsewhere its Name is empty
	Evidence policy.Evidence // lowest grade the score rests on
	Cite     string
	Note     string
}

// Part is one contribution to a score: a measure, an improvement, a cap.
type Part struct {
	ID, Title string
	Value     *decimal.Decimal // percentile or scaled score used, 0..100; nil where the part has none
	Weight    decimal.Decimal  // share of the composite, 0..1
	Points    decimal.Decimal  // what the part adds to the score; a cap takes off
	Evidence  policy.Evidence
	Cite      string
	Note      string // why the part is what it is, where that is not plain
}

// Measured is a hospital's result on one measure of a volume-weighted score.
type Measured struct {
	ID, Title string
	Scaled    *decimal.Decimal // 0..100, higher is better; nil = no raw score
	Episodes  decimal.Decimal  // episodes the measure applies to; see Volume
	Evidence  policy.Evidence  // grade of Scaled; zero does not count
}

// rule says how a design weighs measures: its grades and what it does with a
// measure that has no score.
type rule struct {
	name     string
	evidence policy.Evidence // of the weights
	cite     string
	note     string

	neutral     *decimal.Decimal // stands in for a missing score; nil = the measure is left out
	missing     policy.Evidence  // grade of that treatment, no better than evidence
	missingCite string
	missingNote string
}

// weighted is the mean of the measures' scores weighted by episodes. An error
// says which measure is out of range, or that nothing can be weighed.
func (r rule) weighted(measures []Measured) (Score, error) {
	s := Score{Top: hundred(), Evidence: r.evidence, Cite: r.cite, Note: r.note}
	weights := make([]*big.Rat, len(measures))
	points := make([]*big.Rat, len(measures))
	volume, sum := new(big.Rat), new(big.Rat)
	for i, m := range measures {
		if err := m.check(measures[:i]); err != nil {
			return Score{}, fmt.Errorf("%s score: %w", r.name, err)
		}
		p := r.part(m)
		s.Parts = append(s.Parts, p)
		weights[i], points[i] = new(big.Rat), new(big.Rat)
		if m.Episodes.IsZero() {
			continue
		}
		s.Evidence = s.Evidence.Lowest(p.Evidence)
		if p.Value == nil {
			continue
		}
		weights[i].Set(m.Episodes.Rat())
		points[i].Mul(weights[i], p.Value.Rat())
		volume.Add(volume, weights[i])
		sum.Add(sum, points[i])
	}
	if volume.Sign() == 0 {
		return Score{}, fmt.Errorf("%s score: none of the %d measures has both a score and episodes; give one, or type the composite score in", r.name, len(measures))
	}
	s.Value = round(sum.Quo(sum, volume))
	for i := range measures {
		weights[i].Quo(weights[i], volume)
		points[i].Quo(points[i], volume)
	}
	w, p := foot(weights), foot(points)
	for i := range s.Parts {
		s.Parts[i].Weight, s.Parts[i].Points = w[i], p[i]
	}
	return s, nil
}

// part is a measure before it is weighed, its missing score treated.
func (r rule) part(m Measured) Part {
	p := Part{ID: m.ID, Title: m.Title, Value: m.Scaled, Evidence: r.evidence.Lowest(m.Evidence), Cite: r.cite}
	if m.Scaled == nil {
		p.Value, p.Evidence, p.Cite, p.Note = r.neutral, r.missing, r.missingCite, r.missingNote
	}
	if m.Episodes.IsZero() {
		p.Note = "no episodes are attributed to it: weight 0"
	}
	return p
}

func (m Measured) check(before []Measured) error {
	if slices.ContainsFunc(before, func(o Measured) bool { return o.ID == m.ID }) {
		return fmt.Errorf("measure %q is given twice", m.ID)
	}
	if m.Episodes.IsNegative() {
		return fmt.Errorf("measure %q: %s episodes; a volume is 0 or more", m.ID, m.Episodes)
	}
	if m.Scaled == nil {
		return nil
	}
	return checkPercentile(m.ID, *m.Scaled)
}

func checkPercentile(id string, p decimal.Decimal) error {
	if p.IsNegative() || p.GreaterThan(hundred()) {
		return fmt.Errorf("measure %q: %s is outside 0 to 100", id, p)
	}
	return nil
}

// foot rounds shares so that they sum to their rounded sum: each rounds down
// and the left-over units go to the largest remainders, earlier ones first. A
// screen that adds the parts up then reaches the score itself.
func foot(shares []*big.Rat) []decimal.Decimal {
	out := make([]decimal.Decimal, len(shares))
	rest := make([]*big.Rat, len(shares))
	sum := new(big.Rat)
	for i, s := range shares {
		units := new(big.Rat).Mul(s, unit())
		down := new(big.Int).Quo(units.Num(), units.Denom())
		out[i] = decimal.NewFromBigInt(down, -Places)
		rest[i] = units.Sub(units, new(big.Rat).SetInt(down))
		sum.Add(sum, s)
	}
	left := round(sum)
	for _, o := range out {
		left = left.Sub(o)
	}
	for ; left.IsPositive(); left = left.Sub(decimal.New(1, -Places)) {
		best := 0
		for i := range rest {
			if rest[i].Cmp(rest[best]) > 0 {
				best = i
			}
		}
		out[best] = out[best].Add(decimal.New(1, -Places))
		rest[best] = new(big.Rat)
	}
	return out
}

// round is the one rounding of a composite: six decimals, half away from zero.
func round(r *big.Rat) decimal.Decimal {
	return decimal.New(money.RoundRat(new(big.Rat).Mul(r, unit())), -Places)
}

func unit() *big.Rat { return decimal.New(1, Places).Rat() }

func hundred() decimal.Decimal { return decimal.New(100, 0) }
