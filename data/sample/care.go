package sample

import (
	"math"

	"bundlelab/engine/episode"
)

// follow lays out everything after the anchor: readmissions first, because
// they interrupt nursing-home stays, then institutions, home health, visits and
// the rare settings.
func (c *course) follow() {
	c.bed = 0
	c.visits = 0
	switch c.first {
	case toIRF:
		c.rehab()
	case toLTCH:
		c.longTerm()
	case toHome, toHHA, toSNF, toHospice, numDestinations:
	}
	c.readmissions()
	switch c.first {
	case toHHA:
		c.homeHealth(1, .36)
	case toSNF:
		c.nursing(c.bed, c.k.snfMean, c.k.snfSigma)
		if c.r.Float64() < .58 {
			c.homeHealth(c.bed+1, .30)
		}
	case toIRF:
		if c.r.Float64() < .22 {
			c.nursing(c.bed, 22, .6)
		}
		if c.r.Float64() < .68 {
			c.homeHealth(c.bed+1, .36)
		}
	case toLTCH:
		if c.r.Float64() < .5 {
			c.nursing(c.bed, c.k.snfMean, c.k.snfSigma)
		}
	case toHospice:
		c.hospice()
	case toHome, numDestinations:
	}
	c.afterReadmissions()
	c.ambulatory()
	c.rare()
}

func (c *course) rehab() {
	n := max(4, int(math.Round(12.6+3.6*c.r.NormFloat64())))
	p := pickProvider(c.r, c.h.rehabs)
	v := c.out.add(episode.IRF, 0, n, logNormal(c.r, rehabCase*c.k.irf, .20)*p.effect)
	v.GMLOS, v.Provider, v.ProviderKind, v.Stay, v.Units = 1250, p.id, "CCN", "R1", n
	c.bed = n
}

func (c *course) longTerm() {
	n := max(8, int(math.Round(25+8*c.r.NormFloat64())))
	v := c.out.add(episode.LTCH, 0, n, logNormal(c.r, ltchCase, .35))
	v.GMLOS, v.Provider, v.ProviderKind, v.Stay, v.Units = 2400, c.h.ltch, "CCN", "L1", n
	v.CodeKind, v.Code = "DRG", "949"
	c.bed = n
}

// nursing is a skilled nursing stay from a day on. A readmission interrupts it
// and it resumes the day after; each 30 days are a claim.
func (c *course) nursing(start int, mean, sigma float64) {
	p := pickProvider(c.r, c.h.snfs)
	place := math.Pow(c.h.region, .75)
	days := logNormal(c.r, mean, sigma) * math.Exp(.18*c.p.frailty) * c.h.snfDays * place * p.effect
	n := max(1, min(100, int(math.Round(days))))
	// Cost sharing starts on day 21, and stays end on day 20.
	if n >= 17 && n <= 30 && c.r.Float64() < .22 {
		n = 20
	}
	from := c.clear(start)
	sum := 0.0
	claim := func(first, day int) {
		v := c.out.add(episode.SNF, first, day, sum)
		v.Provider, v.ProviderKind, v.Stay, v.Units = p.id, "CCN", "N1", day-first+1
		v.CodeKind, v.Code = "HIPPS", "KAQD1"
		if start > 0 {
			v.Stay = "N2"
		}
		sum = 0
	}
	day := from
	for d := 1; d <= n; d++ {
		sum += perDiem(d)
		next := c.clear(day + 1)
		if d == n || next != day+1 || d%30 == 0 {
			claim(from, day)
			from = next
		}
		c.bed = day + 1
		day = next
	}
}

// perDiem is the payment of the d-th day of a nursing stay: more for the first
// three, two percent less for every week begun after day 20.
func perDiem(d int) float64 {
	f := 1.0
	if d <= 3 {
		f = 1.28
	}
	if d > 20 {
		f *= math.Pow(.98, float64((d-21)/7+1))
	}
	return snfDay * f
}

// clear is the first day from d on that the patient is not in a hospital.
func (c *course) clear(d int) int {
	for _, a := range c.away[:c.visits] {
		if d >= a[0] && d < a[1] {
			d = a[1]
		}
	}
	return d
}

// homeHealth is one to three 30-day periods. One in thirteen is paid by the
// visit for low utilization.
func (c *course) homeHealth(start int, second float64) {
	n := 1
	if c.r.Float64() < second*c.h.region {
		n++
		if c.r.Float64() < .40 {
			n++
		}
	}
	p := pickProvider(c.r, c.h.agencies)
	for i := range n {
		from, level, code := start+30*i, .82, "3CA11"
		if i == 0 {
			level, code = 1.18, "2FC11"
		}
		if c.r.Float64() < .075 {
			c.fewVisits(from, p, code)
			continue
		}
		to := from + 29
		if i == n-1 {
			to = from + 12 + c.r.IntN(18)
		}
		v := c.out.add(episode.HHA, from, to, logNormal(c.r, homePeriod*level, .22)*p.effect)
		v.Provider, v.ProviderKind, v.CodeKind, v.Code, v.Stay = p.id, "CCN", "HIPPS", code, "H1"
		v.Units = 5 + c.r.IntN(8)
	}
}

func (c *course) fewVisits(from int, p *provider, code string) {
	n := 1 + c.r.IntN(3)
	v := c.out.add(episode.HHA, from, from, 175*float64(n))
	v.Rule = episode.Visits
	v.Provider, v.ProviderKind, v.CodeKind, v.Code, v.Stay, v.Units = p.id, "CCN", "HIPPS", code, "H1", n
	day := from
	for range n {
		v.Visits = append(v.Visits, episode.Visit{Offset: int32(day), Count: 1})
		v.To = int32(day)
		day += 2 + c.r.IntN(7)
	}
}

func (c *course) hospice() {
	to := 3 + c.r.IntN(58)
	if c.death != noDay {
		to = max(1, c.death)
	}
	v := c.out.add(episode.Hospice, 1, to, hospiceDay*float64(to))
	v.Provider, v.ProviderKind, v.Units, v.Stay, v.CodeKind, v.Code = c.h.hospice, "CCN", to, "P1", "REV", "0651"
}
