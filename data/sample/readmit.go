package sample

import (
	"math"
	"slices"

	"bundlelab/engine/episode"
)

// reason is why a patient comes back: the MS-DRG of the stay and its geometric
// mean stay in hundredths of a day.
type reason struct {
	drg   string
	gmlos int32
}

func reasons() [6]reason {
	return [...]reason{{"871", 480}, {"862", 490}, {"291", 400}, {"193", 410}, {"560", 330}, {"378", 300}}
}

// readmissions draws the stays that follow, up to four. Those drawn inside a
// rehabilitation or long-term stay start after it.
func (c *course) readmissions() {
	p := c.s.r90 * math.Exp(.45*c.p.frailty-.10) * c.h.readmit
	n := 0
	var day [maxReadmissions]int
	for n < maxReadmissions {
		q := p
		if n > 0 {
			q *= 1.15
		}
		if c.r.Float64() >= math.Min(.9, q) {
			break
		}
		day[n] = max(c.readmissionDay(), c.bed)
		n++
	}
	slices.Sort(day[:n])
	free := 0
	for i, from := range day[:n] {
		from = max(from, free)
		to := from + max(1, int(math.Round(logNormal(c.r, 5.6, .7))))
		c.away[i] = [2]int{from, to}
		c.visits = i + 1
		c.readmit(i, from, to)
		free = to + 1
	}
}

func (c *course) readmit(i, from, to int) {
	why := reasons()[c.r.IntN(6)]
	amount := math.Max(4200, logNormal(c.r, c.k.readmission, c.k.readmSigma))
	v := c.out.add(episode.Readmission, from, to, amount)
	v.GMLOS, v.Units, v.CodeKind, v.Code = why.gmlos, to-from, "DRG", why.drg
	v.Provider, v.ProviderKind = c.h.row.CCN, "CCN"
	v.Stay = [maxReadmissions]string{"I1", "I2", "I3", "I4"}[i]
	if c.r.Float64() < .3 {
		v.Provider = c.h.neighbor
	}
	if c.r.Float64() < .03 {
		extra := logNormal(c.r, 6000, .7)
		v.Outlier = cents(extra)
		v.Amount += v.Outlier
	}
	stay := v.Stay
	half := logNormal(c.r, 1150, .6) / 2
	for _, at := range [...]int{from, from + (to-from)/2} {
		w := c.out.add(episode.Professional, at, at, half)
		w.Provider, w.ProviderKind, w.CodeKind, w.Code, w.Units = c.npi(), "NPI", "HCPCS", "99232", 1
		w.Stay = stay
	}
}

// afterReadmissions sends a third of those who came back from home to a
// nursing home. Patients who came from one have already returned to it.
func (c *course) afterReadmissions() {
	for _, a := range c.away[:c.visits] {
		if a[0] >= c.bed && c.r.Float64() < .36 {
			c.nursing(a[1], 15, .6)
		}
	}
}

func (c *course) npi() string { return c.h.clinic[c.r.IntN(len(c.h.clinic))] }
