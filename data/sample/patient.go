package sample

import (
	"math"
	"math/rand/v2"

	"bundlelab/engine/episode"
)

// patient is what is known of a person before surgery, and how frail they turn
// out to be.
type patient struct {
	age, hcc             int
	female               bool
	dual, lis, deprived  bool
	priorPAC             bool
	frailty              float64 // standard normal over a stratum at an average hospital
	multiplierMillionths int64
}

// social need is one variable of three facts: full Medicaid, low-income
// subsidy, or a deprived place (42 CFR 512.545(a)(3) as revised for fiscal 2026).
func (p *patient) social() bool { return p.dual || p.lis || p.deprived }

// hccShares is the distribution of condition counts 0, 1, 2, 3, 4 or more.
func hccShares(s severity) [5]float64 {
	switch s {
	case healthy:
		return [...]float64{.38, .27, .17, .10, .08}
	case average:
		return [...]float64{.25, .25, .20, .14, .16}
	case sick:
		return [...]float64{.14, .19, .20, .18, .29}
	case verySick, numSeverities:
	}
	return [...]float64{.06, .11, .16, .19, .48}
}

// Scores of the three groups of risk factors in 42 CFR 512.545(a)(1)-(3), as
// increments of log spending before a category's own strength.
func hccScore(n int) float64 { return [...]float64{0, .05, .10, .16, .27}[min(n, 4)] }

func ageScore(g int) float64 { return [...]float64{.06, 0, .08, .18}[g] }

const socialScore = .10

// ageGroup is the rule's: under 65, 65-74, 75-84, 85 and over.
func ageGroup(age int) int {
	switch {
	case age < 65:
		return 0
	case age < 75:
		return 1
	case age < 85:
		return 2
	}
	return 3
}

// The social facts of a region's average hospital, as independent shares.
const (
	dualShare     = .15
	lisShare      = .06 // among those not dual
	deprivedShare = .14
)

// riskModel turns a patient into a multiplier with a national mean of exactly
// one in each price cell, and into a standard score that drives frailty.
type riskModel struct {
	mean, sd []float64 // of the score, by stratum
	norm     []float64 // log of the cell's mean raw multiplier, by stratum
}

// scoreStrength is the correlation of the risk score with frailty: what risk
// adjustment can see of it.
const scoreStrength = .75

func newRiskModel(m *model) riskModel {
	n := len(m.strata)
	rm := riskModel{make([]float64, n), make([]float64, n), make([]float64, n)}
	cellSum, cellShare := map[string]float64{}, map[string]float64{}
	for i := range m.strata {
		s := &m.strata[i]
		h := &m.habits[s.category.Index()]
		raw := 1.0
		add := func(p []float64, score func(int) float64) {
			var e1, e2, ex float64
			for k, q := range p {
				x := score(k)
				e1, e2, ex = e1+q*x, e2+q*x*x, ex+q*math.Exp(h.risk*x)
			}
			rm.mean[i] += e1
			rm.sd[i] += e2 - e1*e1
			raw *= ex
		}
		hcc, age := hccShares(s.sick), ageShares(s.age, h.age)
		social := 1 - (1-dualShare)*(1-lisShare)*(1-deprivedShare)
		add(hcc[:], hccScore)
		add(age[:], ageScore)
		add([]float64{1 - social, social}, func(k int) float64 { return float64(k) * socialScore })
		rm.sd[i] = math.Sqrt(rm.sd[i])
		share := max(s.share, 1e-9) // a later code is alone in its cell
		cellSum[s.cell] += share * raw
		cellShare[s.cell] += share
	}
	for i := range m.strata {
		c := m.strata[i].cell
		rm.norm[i] = math.Log(cellSum[c] / cellShare[c])
	}
	return rm
}

// ageShares integrates the normal distribution of ages over the four groups,
// as drawAge rounds and bounds them.
func ageShares(mean, sd float64) [4]float64 {
	below := func(age float64) float64 { return .5 * math.Erfc((mean-(age-.5))/(sd*math.Sqrt2)) }
	a, b, c := below(65), below(75), below(85)
	return [...]float64{a, b - a, c - b, 1 - c}
}

func drawAge(r *rand.Rand, mean, sd float64) int {
	return min(max(int(math.Round(mean+sd*r.NormFloat64())), 30), 104)
}

// drawPatient draws the person of an episode.
func (m *model) drawPatient(r *rand.Rand, h *hospital, i int) patient {
	s, k := &m.strata[i], &m.habits[m.strata[i].category.Index()]
	p := patient{age: drawAge(r, s.age, k.age), hcc: pick(r, hccShares(s.sick))}
	group := min(p.hcc, 4)
	for p.hcc >= 4 && p.hcc < 12 && r.Float64() < .45 {
		p.hcc++
	}
	p.female = r.Float64() < femaleShare(s)
	p.dual = r.Float64() < h.dual
	p.lis = p.dual || r.Float64() < lisShare
	p.deprived = r.Float64() < h.deprived
	score := hccScore(group) + ageScore(ageGroup(p.age))
	if p.social() {
		score += socialScore
	}
	seen := (score - m.risk.mean[i]) / m.risk.sd[i]
	p.frailty = scoreStrength*seen + math.Sqrt(1-scoreStrength*scoreStrength)*r.NormFloat64()
	p.priorPAC = r.Float64() < .06*math.Exp(.5*p.frailty)*float64(1+s.sick)/2
	p.multiplierMillionths = int64(math.Round(1e6 * math.Exp(k.risk*score-m.risk.norm[i])))
	return p
}

func femaleShare(s *stratum) float64 {
	switch s.category {
	case episode.SHFFT:
		return .70
	case episode.CABG:
		return .27
	case episode.LEJR:
		return .61
	case episode.Fusion, episode.Bowel:
	}
	return .54
}

// pick draws an index from weights that sum to one.
func pick(r *rand.Rand, p [5]float64) int {
	u := r.Float64()
	for i, q := range p {
		if u -= q; u < 0 {
			return i
		}
	}
	return len(p) - 1
}
