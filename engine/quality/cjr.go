package quality

import (
	"fmt"

	"github.com/shopspring/decimal"

	"bundlelab/engine/policy"
)

// Percentiles is a hospital's result on one CJR measure: performance
// percentiles, 0..100, higher is better also for complications. Now is nil
// without a measure value: fewer than 25 cases, or fewer than 100 surveys or
// four quarters, or a value CMS suppressed (510.315(e)). Before is the year
// before, nil when there is none.
type Percentiles struct {
	Now, Before *decimal.Decimal
	Evidence    policy.Evidence // grade of the percentiles; zero does not count
}

// CJRMeasures is what CJR's composite is made of.
type CJRMeasures struct {
	Complications Percentiles // complication rate after elective hip and knee replacement
	Experience    Percentiles // HCAHPS survey
	Reported      bool        // patient-reported outcome data handed in successfully
}

// scored is one of the two measures scored by percentile.
type scored struct {
	id, title string
	max       decimal.Decimal // points at the 90th percentile and above
	step      decimal.Decimal // points lost per band of ten below it
	cite      string
}

// CJR is CJR's composite quality score, 0..20, with its tier: points for two
// measures by percentile, improvement, and data handed in, 42 CFR 510.315(b).
// Points are sums of table values, exact, never rounded. It is an error if a
// percentile lies outside 0..100.
func CJR(m CJRMeasures) (Score, error) {
	top := decimal.New(20, 0)
	s := Score{Top: top, Evidence: policy.Regulation, Cite: "42 CFR 510.315(b)-(e)", Note: "sum of points, exact; at most 20"}
	for _, x := range []struct {
		scored
		got Percentiles
	}{
		{scored{"complications", "Complication rate, hip and knee replacement", decimal.New(10, 0), decimal.New(75, -2), "42 CFR 510.315(c)(1)"}, m.Complications},
		{scored{"hcahps", "Patient experience (HCAHPS)", decimal.New(8, 0), decimal.New(6, -1), "42 CFR 510.315(c)(2)"}, m.Experience},
	} {
		for _, p := range []*decimal.Decimal{x.got.Now, x.got.Before} {
			if p == nil {
				continue
			}
			if err := checkPercentile(x.id, *p); err != nil {
				return Score{}, fmt.Errorf("CJR score: %w", err)
			}
		}
		s.Parts = append(s.Parts, x.performance(x.got, top))
		if p, ok := x.improvement(x.got); ok {
			s.Parts = append(s.Parts, p)
		}
	}
	s.Parts = append(s.Parts, reported(m.Reported, top))
	for _, p := range s.Parts {
		s.Value = s.Value.Add(p.Points)
		s.Evidence = s.Evidence.Lowest(p.Evidence)
	}
	if over := s.Value.Sub(top); over.IsPositive() {
		s.Parts = append(s.Parts, Part{
			ID: "cap", Title: "Most a score can be", Points: over.Neg(),
			Evidence: policy.Regulation, Cite: "42 CFR 510.315(d)",
			Note: "improvement counts up to a composite of 20",
		})
		s.Value = top
	}
	s.Tier = CJRTier(s.Value)
	s.Evidence = s.Evidence.Lowest(s.Tier.Evidence)
	return s, nil
}

// performance is the measure's points, those of the 50th percentile without a
// value (510.315(e)).
func (x scored) performance(got Percentiles, top decimal.Decimal) Part {
	p := Part{
		ID: x.id, Title: x.title, Value: got.Now, Weight: x.max.Div(top),
		Evidence: policy.Regulation.Lowest(got.Evidence), Cite: x.cite,
	}
	if got.Now == nil {
		fifty := decimal.New(50, 0)
		p.Value, p.Evidence, p.Cite = &fifty, policy.Regulation, "42 CFR 510.315(e)"
		p.Note = "no measure value: points of the 50th percentile"
	}
	p.Points = x.points(*p.Value)
	return p
}

// points reads the percentile scale of 510.315(c): full points in the top
// band of ten, one step less in each band down to the 30th percentile, none
// below it.
func (x scored) points(percentile decimal.Decimal) decimal.Decimal {
	d := decile(percentile)
	if d < 3 {
		return decimal.Zero
	}
	return x.max.Sub(x.step.Mul(decimal.New(9-d, 0)))
}

// improvement is ten percent of the measure's points for a percentile up by at
// least two deciles on the year before (510.315(d)). "Deciles on the
// performance percentile scale" is read as bands of ten, as the scale is
// written; where twenty percentile points would say otherwise the part is
// graded unconfirmed and says so. A measure without a value cannot improve.
func (x scored) improvement(got Percentiles) (Part, bool) {
	if got.Now == nil || got.Before == nil {
		return Part{}, false
	}
	bands := decile(*got.Now)-decile(*got.Before) >= 2
	twenty := !got.Now.Sub(*got.Before).LessThan(decimal.New(20, 0))
	if !bands && !twenty {
		return Part{}, false
	}
	p := Part{
		ID: x.id + ".improvement", Title: "Improvement: " + x.title, Value: got.Now,
		Evidence: policy.Regulation.Lowest(got.Evidence), Cite: "42 CFR 510.315(d)",
		Note: fmt.Sprintf("from percentile %s: two deciles or more", got.Before),
	}
	if bands {
		p.Points = x.max.Shift(-1)
	} else {
		p.Note = fmt.Sprintf("from percentile %s: twenty points, but not two deciles up", got.Before)
	}
	if bands != twenty {
		p.Evidence = p.Evidence.Lowest(policy.Unconfirmed)
	}
	return p, true
}

// decile is the band of ten a percentile lies in, 0..9; the 100th percentile
// belongs to the top one, which the scale leaves open above.
func decile(percentile decimal.Decimal) int64 {
	return min(percentile.Shift(-1).IntPart(), 9)
}

// reported is the part for patient-reported outcome data.
func reported(done bool, top decimal.Decimal) Part {
	two := decimal.New(2, 0)
	p := Part{
		ID: "pro", Title: "Patient-reported outcome data", Weight: two.Div(top),
		Evidence: policy.Regulation, Cite: "42 CFR 510.315(b)(4)",
	}
	if done {
		p.Points = two
	}
	return p
}
