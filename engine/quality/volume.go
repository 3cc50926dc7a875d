package quality

import (
	"slices"

	"github.com/shopspring/decimal"
)

// Where says which anchor settings a measure applies to. The January 2025
// regulation says "all episode categories" and no more (512.547(a)); that the
// claims measures count inpatient episodes only is secondary.
type Where uint8

// The settings of an anchor.
const (
	Anywhere Where = iota
	InpatientOnly
	OutpatientOnly
)

// Episodes counts a hospital's episodes of one category by the setting of the
// anchor. Counts may be fractional: a volume lever scales them.
type Episodes struct {
	Category              string
	Inpatient, Outpatient decimal.Decimal
}

// Volume is the number of episodes attributed to a measure: those of its
// categories in its settings. No categories means all of them.
func Volume(counts []Episodes, categories []string, where Where) decimal.Decimal {
	sum := decimal.Zero
	for _, c := range counts {
		if len(categories) > 0 && !slices.Contains(categories, c.Category) {
			continue
		}
		if where != OutpatientOnly {
			sum = sum.Add(c.Inpatient)
		}
		if where != InpatientOnly {
			sum = sum.Add(c.Outpatient)
		}
	}
	return sum
}
