package sample

import (
	"fmt"
	"math"
	"math/rand/v2"

	"bundlelab/data/store"
	"bundlelab/engine/episode"
	"bundlelab/engine/panel"
)

// profile is what makes one hospital's episodes unlike another's. Factors are
// against the region: 1 is its average.
type profile struct {
	shares     [episode.NumCategories]float64
	outpatient float64 // odds of day surgery where it is possible
	acuity     float64 // odds of the sickest strata
	snf, irf   float64 // odds of discharge there
	snfDays    float64
	readmit    float64
	ambulatory float64 // visits after discharge
	dual       float64 // share of patients
	deprived   float64
	raw        float64 // billed against standardized dollars, before wages
}

// hospital is a profile with a name, a size, a place and the people around it.
type hospital struct {
	profile
	row      store.Hospital
	volume   float64 // relative number of episodes
	region   float64 // post-acute index of the place
	snfs     []provider
	agencies []provider
	rehabs   []provider
	ltch     string
	psych    string
	hospice  string
	neighbor string
	surgeons [episode.NumCategories][]provider
	clinic   []string // other NPIs
}

// provider is a facility, an agency or a surgeon; effect multiplies length of
// stay or, for a surgeon, the odds of institutional care.
type provider struct {
	id     string
	effect float64
}

func (h *hospital) strataShare(s *stratum) float64 {
	w := s.share
	if !s.inpatient() {
		w *= h.outpatient
	}
	if s.sick == verySick {
		w *= h.acuity
	}
	return w
}

// flags are the hospital's answers to eligibility questions.
type flags struct{ safetyNet, rural, sole, mdh, each, referral, teaching bool }

func known(yes bool) panel.Known {
	if yes {
		return panel.Yes
	}
	return panel.No
}

func newHospital(ccn, name string, st state, beds int, f flags, p profile, volume float64) hospital {
	return hospital{
		profile: p, volume: volume, region: postAcuteIndex(st.division),
		row: store.Hospital{
			CCN: ccn, Name: name, State: st.code, Division: st.division, Beds: beds,
			SafetyNet: known(f.safetyNet), Rural: known(f.rural), SCH: known(f.sole), MDH: known(f.mdh),
			EACH: known(f.each), RRC: known(f.referral), Teach: known(f.teaching),
		},
	}
}

// riverside is the system of the default sample: six hospitals on both banks of
// a river, in two states and two divisions. The names and numbers are invented;
// volumes are shares of episodes.
func riverside() []hospital {
	indiana, kentucky := state{"IN", "15", 3, 0}, state{"KY", "18", 6, 0}
	return []hospital{
		newHospital("150801", "Riverside University Hospital", indiana, 780, flags{teaching: true, referral: true},
			profile{[...]float64{.38, .13, .16, .20, .13}, .75, 1.25, 1.15, 1.20, 1.06, 1.02, 1.05, .17, .16, 1.35}, .30),
		newHospital("150802", "Riverside Westmarch Community Hospital", indiana, 310, flags{},
			profile{[...]float64{.50, .20, .06, .13, .11}, 1.0, .95, 1.15, 1.00, 1.06, 1.02, 1.00, .12, .10, 1.12}, .19),
		newHospital("150803", "Riverside Canalgate Hospital", indiana, 420, flags{safetyNet: true, teaching: true},
			profile{[...]float64{.40, .21, .11, .13, .15}, .80, 1.15, 1.22, .85, 1.12, 1.12, .98, .38, .42, 1.30}, .15),
		newHospital("150804", "Riverside Orthopedic Institute", indiana, 140, flags{},
			profile{[...]float64{.70, .03, 0, .27, 0}, 1.60, .65, .62, .55, .80, .80, .92, .06, .06, 1.05}, .254),
		newHospital("180801", "Riverside Pinehollow Regional Hospital", kentucky, 95, flags{rural: true, sole: true},
			profile{[...]float64{.50, .24, 0, .11, .15}, .85, .85, 1.18, .70, 1.12, 1.06, .95, .22, .24, 1.10}, .08),
		newHospital("180802", "Riverside Fernvale Hospital", kentucky, 60, flags{},
			profile{[...]float64{.58, .29, 0, .05, .08}, .9, .85, 1.0, .8, 1.0, 1.0, 1.0, .15, .12, 1.08}, .026),
	}
}

// kind is a family of hospitals the larger samples draw from.
type kind struct {
	share    float64
	suffix   []string
	beds     [2]int
	volume   float64
	flags    flags
	rural    float64 // chance of a rural place
	referral float64
	profile
}

func kinds() []kind {
	return []kind{
		{.12, []string{"University Hospital", "Medical Center"}, [2]int{450, 1100}, 2.6, flags{teaching: true}, 0, .3,
			profile{[...]float64{.36, .13, .16, .21, .14}, .75, 1.25, 1.08, 1.15, 1.0, 1.03, 1.04, .17, .16, 1.35}},
		{.40, []string{"Community Hospital", "General Hospital", "Memorial Hospital"}, [2]int{120, 480}, 1.0, flags{}, .05, .15,
			profile{[...]float64{.50, .19, .07, .13, .11}, 1.0, 1.0, 1.03, 1.0, 1.0, 1.0, 1.0, .12, .11, 1.12}},
		{.18, []string{"City Hospital", "Mercy Hospital"}, [2]int{200, 650}, .9, flags{safetyNet: true}, .10, .1,
			profile{[...]float64{.41, .21, .10, .13, .15}, .80, 1.15, 1.06, .85, 1.05, 1.08, .98, .36, .38, 1.28}},
		{.16, []string{"Regional Hospital", "County Hospital"}, [2]int{35, 190}, .42, flags{rural: true}, 1, .2,
			profile{[...]float64{.52, .23, .02, .09, .14}, .90, .85, 1.06, .70, 1.06, 1.03, .95, .21, .22, 1.10}},
		{.06, []string{"Orthopedic Hospital", "Spine and Joint Hospital"}, [2]int{24, 160}, 1.7, flags{}, 0, 0,
			profile{[...]float64{.70, .03, 0, .27, 0}, 1.55, .65, .70, .60, .88, .85, .94, .06, .06, 1.05}},
		{.08, []string{"Hospital"}, [2]int{20, 90}, .10, flags{}, .35, 0,
			profile{[...]float64{.55, .28, 0, .05, .12}, .90, .9, 1.02, .80, 1.0, 1.02, 1.0, .16, .16, 1.08}},
	}
}

// roster is every hospital of a sample: the Riverside six first, then as many
// as are asked for, drawn by kind over all states.
func (m *model) roster(seed uint64, n int) ([]hospital, error) {
	if n < 1 || n > maxHospitals {
		return nil, fmt.Errorf("%d hospitals cannot be made up: ask for 1 to %d", n, maxHospitals)
	}
	all := riverside()
	taken, places, families := map[string]int{}, states(), kinds()
	pcg := &rand.PCG{}
	r := rand.New(pcg)
	for i := len(all); i < n; i++ {
		stream(pcg, seed, hospitalStream, uint64(i))
		k := &families[pickKind(r, families)]
		st := pickState(r, places, taken)
		ccn := fmt.Sprintf("%s%04d", st.ccn, firstNumber+taken[st.code])
		taken[st.code]++
		all = append(all, drawHospital(r, inventedName(i), ccn, k, st))
	}
	all = all[:n]
	for i := range all {
		stream(pcg, seed, hospitalStream, uint64(i)|1<<32)
		all[i].hire(r, i)
	}
	return all, nil
}

// firstNumber opens the run of hospital numbers this package hands out within a
// state: valid in form (0001-0879 are short-term hospitals) and unassigned.
const (
	firstNumber   = 805
	numbersAState = 75
	maxHospitals  = 1000
)

// pickState draws a state in proportion to its hospitals; a full one passes to
// the next in the list.
func pickState(r *rand.Rand, places []state, taken map[string]int) state {
	total := 0
	for i := range places {
		total += places[i].weight
	}
	u := r.IntN(total)
	at := 0
	for i := range places {
		if u -= places[i].weight; u < 0 {
			at = i
			break
		}
	}
	for taken[places[at].code] >= numbersAState {
		at = (at + 1) % len(places)
	}
	return places[at]
}

func pickKind(r *rand.Rand, families []kind) int {
	u := r.Float64()
	for i := range families {
		if u -= families[i].share; u < 0 {
			return i
		}
	}
	return len(families) - 1
}

// drawHospital makes one hospital of a kind.
func drawHospital(r *rand.Rand, place, ccn string, k *kind, st state) hospital {
	p, f := k.profile, k.flags
	vary := func(x *float64, sigma float64) { *x = logNormal(r, *x, sigma) }
	for c := range p.shares {
		vary(&p.shares[c], .25)
	}
	vary(&p.outpatient, .35)
	vary(&p.acuity, .12)
	vary(&p.snf, .22)
	vary(&p.irf, .45)
	vary(&p.snfDays, .10)
	vary(&p.readmit, .12)
	vary(&p.ambulatory, .06)
	vary(&p.dual, .30)
	vary(&p.deprived, .30)
	p.dual, p.deprived = math.Min(p.dual, .7), math.Min(p.deprived, .8)
	f.rural = r.Float64() < k.rural
	f.referral = r.Float64() < k.referral
	if f.rural {
		f.sole = r.Float64() < .30
		f.mdh = !f.sole && r.Float64() < .15
		f.each = !f.sole && !f.mdh && r.Float64() < .02
	}
	f.safetyNet = f.safetyNet || f.rural && r.Float64() < .2
	name := place + " " + k.suffix[r.IntN(len(k.suffix))]
	beds := k.beds[0] + r.IntN(k.beds[1]-k.beds[0]+1)
	return newHospital(ccn, name, st, beds, f, p, logNormal(r, k.volume, .7))
}
