package sample

import (
	"math"
	"math/rand/v2"
	"time"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

// Dollars of fiscal year 2024: the inpatient base (operating 6,497.77 plus
// capital 503.83) and the standard prices of post-acute care. Every year of a
// sample is in these dollars, so a trend between years is chance.
const (
	inpatientBase = 6497.77 + 503.83
	rehabCase     = 18541.0
	homePeriod    = 2038.13
	snfDay        = 590.0
	ltchCase      = 45000.0
	hospiceDay    = 200.0
	psychDay      = 950.0
)

// followed is how many days after discharge a patient's care is made up: no
// service starts later. The data reach this far past the last discharge.
const followed = 120

func firstDay() calendar.Day    { return calendar.Date(2022, 1, 1) }
func lastDay() calendar.Day     { return calendar.Date(2026, 12, 31) }
func dataThrough() calendar.Day { return calendar.Date(2027, 4, 30) }

// drawEnd draws the day of discharge or procedure.
func drawEnd(r *rand.Rand) calendar.Day {
	return firstDay() + calendar.Day(r.IntN(int(lastDay()-firstDay())+1))
}

// weekday moves a planned procedure from the weekend to a Monday. The last
// day of a sample is a Thursday, so it stays inside.
func weekday(d calendar.Day) calendar.Day {
	switch d.Weekday() {
	case time.Saturday:
		return d + 2
	case time.Sunday:
		return d + 1
	case time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday:
	}
	return d
}

// course is one patient's way through care, as the builder lays it out. All
// times are days from the end of the anchor.
type course struct {
	r        *rand.Rand
	h        *hospital
	s        *stratum
	k        *habits
	tau      float64
	p        patient
	odds     float64 // surgeon's effect on institutional care
	first    destination
	stay     int    // days of the anchor
	death    int    // day of death; noDay when alive
	operator string // NPI
	bed      int    // first day outside an institution
	visits   int    // readmissions so far
	away     [maxReadmissions][2]int
	out      *lines
}

const (
	noDay           = math.MaxInt32
	maxReadmissions = 4
)

// anchor draws the facility and professional dollars of the anchor: an outlier
// payment on 3.5% of stays and the cut for early transfer on 6%.
func (c *course) anchor() money.Cents {
	z := c.p.frailty
	sigma := .32
	if z > 1 {
		sigma = .40
	}
	prof := logNormal(c.r, c.s.prof, sigma) * math.Max(.5, 1+.08*z)
	if !c.s.inpatient() {
		return cents(c.s.facility + prof)
	}
	facility := inpatientBase * c.s.weight
	extra := 0.0
	if c.r.Float64() < .035 {
		extra = logNormal(c.r, .45*facility, .8)
	}
	if c.r.Float64() < .06 {
		facility *= .80
	}
	return cents(facility + extra + prof)
}

// drawStay draws the length of the anchor stay: longer for the frail.
func (c *course) drawStay() {
	if !c.s.inpatient() {
		c.stay = 0
		return
	}
	c.stay = min(max(1, int(math.Round(logNormal(c.r, c.s.los, .42)*math.Exp(.12*c.p.frailty)))), 55)
}

// drawDeath draws whether and when the patient dies within 90 days. One death
// in twelve after an inpatient anchor happens before discharge and cancels the
// episode (42 CFR 512.537(b)).
func (c *course) drawDeath() {
	c.death = noDay
	z := c.p.frailty
	if c.r.Float64() >= math.Min(.8, c.s.death90*math.Exp(.5*z-.125)) {
		return
	}
	if c.s.inpatient() && c.r.Float64() < 1.0/12 {
		c.death = -c.r.IntN(min(c.stay, 3))
		return
	}
	c.death = 1 + int(float64(90)*math.Pow(c.r.Float64(), 1.5))
}

// drawDestination draws where the patient goes first; frailty moves the odds
// toward institutions, and so do the hospital, the surgeon and the region.
func (c *course) drawDestination() {
	t := math.Exp(.25 * c.p.frailty)
	place := math.Pow(c.h.region, .75)
	mix := c.s.mix
	mix[toHome] /= t
	mix[toHHA] /= math.Pow(t, .3)
	mix[toSNF] *= t * c.h.snf * place * c.odds
	mix[toIRF] *= math.Pow(t, .6) * c.h.irf * place * c.odds
	mix[toLTCH] *= t * t
	mix[toHospice] *= t
	sum := 0.0
	for _, w := range mix {
		sum += w
	}
	u := c.r.Float64() * sum
	for d, w := range mix {
		if u -= w; u < 0 {
			c.first = destination(d)
			return
		}
	}
	c.first = toHome
}

// status is the patient discharge status on the anchor claim.
func (c *course) status() string {
	switch {
	case !c.s.inpatient():
		return "01"
	case c.death <= 0:
		return "20"
	}
	return [numDestinations]string{"01", "06", "03", "62", "63", "50"}[c.first]
}

// readmissionDay draws when a readmission starts: Weibull over the days
// followed.
func (c *course) readmissionDay() int {
	v := c.r.Float64() * (1 - math.Exp(-math.Pow(followed/c.tau, readmissionShape)))
	return int(c.tau * math.Pow(-math.Log(1-v), 1/readmissionShape))
}

func cents(dollars float64) money.Cents { return money.Cents(math.Round(dollars * 100)) }

// cardiac says whether rehabilitation of the heart follows.
func (s *stratum) cardiac() bool { return s.category == episode.CABG }
