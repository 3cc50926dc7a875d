package sample

import (
	"math"

	"bundlelab/engine/episode"
)

// Weeks of ambulatory care: heavy for four, then a quarter of that, then the
// usual level of an old patient. The steps put three quarters of 90-day
// post-discharge spending in the first 30 days.
const weeks = 17

func weekLevel(w int) float64 {
	switch {
	case w < 4:
		return 1.84 / 4.3
	case w < 9:
		return .48 / 4.3
	}
	return .26 / 4.3
}

// Chance of a line in a week.
const (
	outpatientChance   = .60
	professionalChance = .80
)

// ambulatory is weekly outpatient and professional lines around a level the
// patient keeps.
func (c *course) ambulatory() {
	level := math.Exp(.35*c.p.frailty-.06) * c.h.ambulatory * c.h.region
	for w := range weeks {
		f := weekLevel(w) * level
		if c.r.Float64() < outpatientChance {
			day := 7*w + c.r.IntN(7)
			v := c.out.add(episode.Outpatient, day, day, logNormal(c.r, c.k.outpatient*f/outpatientChance, c.k.outpSigma))
			v.Provider, v.ProviderKind, v.Units = c.h.row.CCN, "CCN", 1
			v.CodeKind, v.Code = "HCPCS", [...]string{"97110", "G0463", "80053", "73560"}[c.r.IntN(4)]
		}
		if c.r.Float64() < professionalChance {
			day := 7*w + c.r.IntN(7)
			v := c.out.add(episode.Professional, day, day, logNormal(c.r, c.k.professional*f/professionalChance, c.k.profSigma))
			v.Provider, v.ProviderKind, v.Units = c.npi(), "NPI", 1
			v.CodeKind, v.Code = "HCPCS", [...]string{"99213", "99214", "99309", "97110"}[c.r.IntN(4)]
		}
	}
	if c.r.Float64() < .30 {
		day := c.r.IntN(76)
		v := c.out.add(episode.DME, day, day, logNormal(c.r, c.k.dme/.30*1.6, .9))
		v.Provider, v.ProviderKind, v.CodeKind, v.Code, v.Units = c.npi(), "NPI", "HCPCS", "E0143", 1
	}
}

// rare is what few episodes have: a Part B drug, a psychiatric stay, visits
// before the operation, and every kind of line that does not count.
func (c *course) rare() {
	u := c.r.Float64()
	switch {
	case u < .030:
		day := 3 + c.r.IntN(80)
		v := c.out.add(episode.PartBDrug, day, day, logNormal(c.r, 650, .9))
		v.Provider, v.ProviderKind, v.CodeKind, v.Code, v.Units = c.npi(), "NPI", "HCPCS", "J0897", 60
	case u < .033:
		day := 5 + c.r.IntN(60)
		n := 4 + c.r.IntN(12)
		v := c.out.add(episode.OtherInpatient, day, day+n-1, psychDay*float64(n))
		v.Provider, v.ProviderKind, v.CodeKind, v.Code, v.Units, v.Stay = c.h.psych, "CCN", "DRG", "885", n, "Y1"
	case u < .073 && c.s.inpatient():
		day := -c.stay - 1 - c.r.IntN(3)
		v := c.out.add(episode.Professional, day, day, logNormal(c.r, 150, .4))
		v.Provider, v.ProviderKind, v.CodeKind, v.Code, v.Units = c.operator, "NPI", "HCPCS", "99204", 1
	}
	c.leftOut()
}

// leftOut adds lines that an episode holds but spending does not (42 CFR
// 512.525(f); ruling 23).
func (c *course) leftOut() {
	if c.s.cardiac() && c.r.Float64() < .25 {
		for i := range 3 {
			day := 21 + 7*i
			v := c.out.add(episode.Outpatient, day, day, 120)
			v.Provider, v.ProviderKind, v.CodeKind, v.Code, v.Units = c.h.row.CCN, "CCN", "HCPCS", "93798", 1
			v.Excluded, v.Exclusion = episode.CardiacRehab, "cardiac rehabilitation"
		}
	}
	day := c.r.IntN(90)
	u := c.r.Float64()
	switch {
	case u < .006:
		c.unrelatedStay(day)
	case u < .012:
		v := c.out.add(episode.PartBDrug, day, day, logNormal(c.r, 9000, .5))
		v.Provider, v.ProviderKind, v.CodeKind, v.Code, v.Units = c.npi(), "NPI", "HCPCS", "J9271", 200
		v.Excluded, v.Exclusion = episode.PartBDrugList, "high-cost Part B drug"
	case u < .0125:
		v := c.out.add(episode.PartBDrug, day, day, logNormal(c.r, 14000, .4))
		v.Provider, v.ProviderKind, v.CodeKind, v.Code, v.Units = c.npi(), "NPI", "HCPCS", "J7192", 4000
		v.Excluded, v.Exclusion = episode.Hemophilia, "clotting factor"
	case u < .016:
		v := c.out.add(episode.Outpatient, day, day, logNormal(c.r, 2400, .5))
		v.Provider, v.ProviderKind, v.CodeKind, v.Code, v.Units = c.h.row.CCN, "CCN", "HCPCS", "C1734", 1
		v.Excluded, v.Exclusion = episode.PassThrough, "device pass-through"
	case u < .022:
		paid := logNormal(c.r, 300, .5)
		v := c.out.add(episode.Professional, day, day, paid*1.2)
		v.Provider, v.ProviderKind, v.CodeKind, v.Code, v.Units = c.npi(), "NPI", "HCPCS", "99214", 1
		v.Excluded, v.Exclusion, v.PrimaryPayer = episode.Payer, "another payer paid first", cents(paid)
	}
}

// unrelatedStay is an admission for cancer treatment or in an excluded
// diagnostic category, with a physician's line inside it.
func (c *course) unrelatedStay(day int) {
	day = max(day, c.bed)
	for _, a := range c.away[:c.visits] {
		day = max(day, a[1]+1)
	}
	n := 2 + c.r.IntN(6)
	v := c.out.add(episode.Readmission, day, day+n, logNormal(c.r, 16000, .5))
	v.Provider, v.ProviderKind, v.CodeKind, v.Units, v.Stay = c.h.neighbor, "CCN", "DRG", n, "X1"
	v.GMLOS, v.Code, v.Excluded, v.Exclusion = 410, "847", episode.ExcludedDRG, "admission on the excluded MS-DRG list"
	if c.r.IntN(4) == 0 {
		v.GMLOS, v.Code, v.Excluded, v.Exclusion = 230, "125", episode.ExcludedMDC, "admission in an excluded diagnostic category"
	}
	w := c.out.add(episode.Professional, day, day, logNormal(c.r, 700, .4))
	w.Provider, w.ProviderKind, w.CodeKind, w.Code, w.Units, w.Stay = c.npi(), "NPI", "HCPCS", "99223", 1, "X1"
	w.Excluded, w.Exclusion = episode.WithinStay, "inside an excluded stay"
}
