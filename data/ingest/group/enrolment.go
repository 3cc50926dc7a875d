package group

import (
	"bundlelab/data/ingest/claim"
	"bundlelab/data/store"
	"bundlelab/engine/panel"
)

// enrolment fills what the beneficiary files say: age, sex, death, and from
// the months the last day of eligibility. A person without months has an
// unknown end.
func (p *patient) enrolment(e *store.Episode, a *anchor) {
	if p.known == nil {
		return
	}
	info := func(message string) { a.open.Books.Find(store.Info, "E001", a.open.At, "", "", message) }
	e.Sex, e.Death = p.known.Sex, p.known.Death
	if years, ok := p.known.AgeOn(a.start); ok {
		e.Age = &years
	}
	if p.known.ESRD {
		e.DropFlags |= DropESRD
		info("the person is entitled because of kidney disease")
	}
	month := claim.Month(a.start)
	cover, ok := p.known.Months[month]
	if !ok {
		return
	}
	e.Dual, e.LIS = fullDual(cover.Dual), lowIncome(cover.LIS)
	if !cover.AB {
		e.DropFlags |= DropNotAB
		info("the person was not in Part A and Part B when the anchor started")
	}
	if cover.MA {
		e.DropFlags |= DropMA
		info("the person was in Medicare Advantage when the anchor started")
	}
	for ok && cover.AB && !cover.MA {
		month++
		cover, ok = p.known.Months[month]
	}
	if ok {
		end := claim.MonthEnd(month - 1)
		e.EligEnd = &end
	}
}

// fullDual reads a dual status: 02, 04 and 08 are full Medicaid.
func fullDual(code string) panel.Known {
	switch code {
	case "":
		return panel.Unknown
	case "02", "04", "08":
		return panel.Yes
	}
	return panel.No
}

// lowIncome reads a Part D cost-share group: 01 to 08 have the low-income
// subsidy.
func lowIncome(code string) panel.Known {
	switch {
	case code == "":
		return panel.Unknown
	case len(code) == 2 && code >= "01" && code <= "08":
		return panel.Yes
	}
	return panel.No
}
