package control

import (
	"cmp"
	"fmt"
	"slices"

	"bundlelab/data/store"
)

// priceGroup is what price rows are told together by.
type priceGroup struct {
	kind   string
	days   int
	period string
}

// maxGroups is how many groups of price rows are told one by one.
const maxGroups = 12

// countPrices adds price rows to their groups.
func (r *Run) countPrices(rows []store.PriceRow) {
	if r.priced == nil {
		r.priced = map[priceGroup]int{}
	}
	for i := range rows {
		r.priced[priceGroup{string(rows[i].Kind), rows[i].Days, rows[i].Period}]++
	}
}

// notePrices says what prices were brought: a table without a period serves
// every one, which may be more than was meant.
func (r *Run) notePrices() {
	groups := make([]priceGroup, 0, len(r.priced))
	for g := range r.priced {
		groups = append(groups, g)
	}
	slices.SortFunc(groups, func(a, b priceGroup) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.days, b.days), cmp.Compare(a.period, b.period))
	})
	for i, g := range groups {
		if i == maxGroups {
			r.Note(fmt.Sprintf("and prices of %d more lengths or periods", len(groups)-i))
			return
		}
		serves := "period " + g.period
		if g.period == "" {
			serves = "no period: they serve every period"
		}
		r.Note(fmt.Sprintf("prices of kind %s for %d days: %d, %s", g.kind, g.days, r.priced[g], serves))
	}
}
