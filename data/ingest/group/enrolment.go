package group

import (
	"bundlelab/data/ingest/claim"
	"bundlelab/data/store"
	"bundlelab/engine/panel"
)

// enrolment fills what the beneficiary files say: age, sex, death, and from
// the months the last day of eligibility. A person without months has an
// unknown end. The result are the reasons the person was not eligible upon
// admission (42 CFR 512.535(a)). United Mine Workers' coverage stands in none
// of the feeds.
func (p *patient) enrolment(e *store.Episode) (flags uint32) {
	if p.known == nil {
		return 0
	}
	e.Sex, e.Death = p.known.Sex, p.known.Death
	if years, ok := p.known.AgeOn(e.Start); ok {
		e.Age = &years
	}
	if p.known.ESRD {
		flags |= DropESRD
	}
	month := claim.Month(e.Start)
	cover, ok := p.known.Months[month]
	if !ok {
		return flags
	}
	e.Dual, e.LIS = fullDual(cover.Dual), lowIncome(cover.LIS)
	if !cover.AB {
		flags |= DropNotAB
	}
	if cover.MA {
		flags |= DropMA
	}
	for ok && cover.AB && !cover.MA {
		month++
		cover, ok = p.known.Months[month]
	}
	if ok {
		end := claim.MonthEnd(month - 1)
		e.EligEnd = &end
	}
	return flags
}

// expired says that a discharge status is a death. It stands in for a date of
// death that no beneficiary file gives: a death in the anchor stay cancels
// (42 CFR 512.537(b)(2)).
func expired(status string) bool {
	switch status {
	case "20", "40", "41", "42":
		return true
	}
	return false
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
