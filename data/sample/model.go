package sample

import (
	"math"
	"math/rand/v2"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
)

// The days MS-DRGs of spinal fusion changed: the fiscal 2025 list replaced
// 453-455, 459 and 460, and the fiscal 2027 list added 523-525 (42 CFR
// 512.525(d) and the fiscal 2025 and 2027 inpatient rules).
func fusionListOf2025() calendar.Day { return calendar.Date(2024, 10, 1) }
func fusionListOf2027() calendar.Day { return calendar.Date(2026, 10, 1) }

// extensiveShare of fusions take one of the three codes of the 2027 list.
const extensiveShare = 0.05

// model is the fixed part of the generator: strata with their solved constants.
// It is read-only once built.
type model struct {
	strata  []stratum
	habits  [episode.NumCategories]habits
	tau     []float64 // Weibull scale of readmission, by stratum
	members [episode.NumCategories][]int
	late    []int // the strata of the 2027 list
	risk    riskModel
}

func newModel() *model {
	m := &model{strata: strata(), habits: careHabits()}
	for i := range m.strata {
		s := &m.strata[i]
		m.tau = append(m.tau, readmissionScale(s.r30, s.r90))
		if s.share == 0 {
			m.late = append(m.late, i)
			continue
		}
		k := s.category.Index()
		m.members[k] = append(m.members[k], i)
	}
	m.risk = newRiskModel(m)
	return m
}

// readmissionShape is the Weibull shape that puts half to three fifths of 90-day
// readmissions in the first 30 days.
const readmissionShape = 0.85

// readmissionScale solves for the scale at which the share of 90-day
// readmissions that fall within 30 days is r30/r90.
func readmissionScale(r30, r90 float64) float64 {
	lo, hi := 3.0, 600.0
	by := func(day, tau float64) float64 { return 1 - math.Exp(-math.Pow(day/tau, readmissionShape)) }
	for range 60 {
		mid := (lo + hi) / 2
		if by(30, mid)/by(90, mid) > r30/r90 {
			lo = mid
		} else {
			hi = mid
		}
	}
	return (lo + hi) / 2
}

// pickStratum draws the surgery of an episode. A hospital that does more of its
// work as day surgery raises the share of outpatient strata; one that takes
// harder cases raises the sickest.
func (m *model) pickStratum(r *rand.Rand, h *hospital, c episode.Category, end calendar.Day) int {
	if c == episode.Fusion && end >= fusionListOf2027() && r.Float64() < extensiveShare {
		// One in five with major complications, two in five each for the rest.
		return m.late[[...]int{0, 1, 1, 2, 2}[r.IntN(5)]]
	}
	members := m.members[c.Index()]
	sum := 0.0
	for _, i := range members {
		sum += h.strataShare(&m.strata[i])
	}
	u := r.Float64() * sum
	for _, i := range members {
		if u -= h.strataShare(&m.strata[i]); u < 0 {
			return i
		}
	}
	return members[len(members)-1]
}

// billed is the trigger code on the claim. Fusions before the 2025 list carry
// the code of their day while Cell stays the current one: prices are remapped
// to it (42 CFR 512.540(a)(2)). Combined anterior and posterior fusions were
// 453-455 by severity, the others 459 and 460.
func (s *stratum) billed(end calendar.Day) string {
	if s.category != episode.Fusion || end >= fusionListOf2025() {
		return s.code
	}
	switch s.code {
	case "426", "429":
		return "453"
	case "427", "430":
		return "454"
	case "402", "428":
		return "455"
	case "447", "450":
		return "459"
	case "448", "451":
		return "460"
	}
	return s.code
}

// logNormal draws with the given mean and log standard deviation.
func logNormal(r *rand.Rand, mean, sigma float64) float64 {
	return mean * math.Exp(sigma*r.NormFloat64()-sigma*sigma/2)
}

// stream gives an independent source for one thing of one sample: seeds that
// differ by one would start PCG next door, so both words are mixed first.
func stream(pcg *rand.PCG, seed uint64, kind, index uint64) {
	pcg.Seed(mix64(seed^kind<<56), mix64(index*0x9e3779b97f4a7c15+kind))
}

// The kinds of streams.
const (
	episodeStream uint64 = 1 + iota
	hospitalStream
	referenceStream
)

// mix64 is the finalizer of SplitMix64.
func mix64(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
