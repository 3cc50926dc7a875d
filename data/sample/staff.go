package sample

import (
	"fmt"
	"math"
	"math/rand/v2"

	"bundlelab/engine/episode"
)

// hire gives hospital i the facilities its patients go to and the surgeons who
// operate. Facility numbers come from the top of the provider range of their
// type, where few are assigned; surgeon numbers start with 9, which no real NPI
// does.
func (h *hospital) hire(r *rand.Rand, i int) {
	prefix := h.row.CCN[:2]
	ccn := func(first, count, k int) string { return fmt.Sprintf("%s%04d", prefix, first+(i*7+k)%count) }
	draw := func(n int, sigma float64, id func(k int) string) []provider {
		list := make([]provider, n)
		for k := range list {
			list[k] = provider{id(k), math.Exp(sigma * r.NormFloat64())}
		}
		return list
	}
	h.snfs = draw(7, .16, func(k int) string { return ccn(6300, 200, k) })
	h.agencies = draw(4, .06, func(k int) string { return ccn(7700, 100, k) })
	h.rehabs = draw(2, .05, func(k int) string { return ccn(3070, 30, k) })
	h.ltch, h.psych, h.hospice, h.neighbor = ccn(2250, 50, 0), ccn(4450, 50, 0), ccn(1750, 50, 0), ccn(780, 20, 0)
	npi := func(k int) string { return fmt.Sprintf("9%04d%05d", i, k) }
	for c := range h.surgeons {
		n := 3 + int(5*h.shares[c]*math.Sqrt(1+h.volume*6))
		h.surgeons[c] = draw(n, .15, func(k int) string { return npi(100*(c+1) + k) })
	}
	h.clinic = make([]string, 12)
	for k := range h.clinic {
		h.clinic[k] = npi(10 + k)
	}
}

// pickProvider favours the first of the list, as referrals do.
func pickProvider(r *rand.Rand, list []provider) *provider {
	u := r.Float64()
	return &list[int(u*u*float64(len(list)))]
}

// regionalHospital stands for all hospitals of a place whose post-acute index
// is known: every factor at the average, nobody with an effect of their own.
func regionalHospital(index float64) hospital {
	plain := []provider{{"150000", 1}}
	h := hospital{
		profile: profile{outpatient: 1, acuity: 1, snf: 1, irf: 1, snfDays: 1, readmit: 1, ambulatory: 1, dual: dualShare, deprived: deprivedShare, raw: 1},
		region:  index, snfs: plain, agencies: plain, rehabs: plain, clinic: []string{"9000000000"},
	}
	for c := range episode.NumCategories {
		h.surgeons[c] = plain
	}
	return h
}

// inventedName makes a place name nobody lives in; every i below 1,120 has its
// own.
func inventedName(i int) string {
	first := [...]string{
		"Amber", "Ash", "Bramble", "Briar", "Cinder", "Clover", "Copper", "Dapple", "Drift", "Ember", "Fallow", "Flint", "Frost", "Gale",
		"Glimmer", "Harrow", "Hazel", "Heron", "Hollow", "Ivory", "Juniper", "Kestrel", "Larch", "Lantern", "Marrow", "Mistle", "Nettle", "Otter",
		"Pebble", "Quill", "Raven", "Rowan", "Saffron", "Sorrel", "Thistle", "Umber", "Velvet", "Willow", "Wren", "Yarrow",
	}
	second := [...]string{
		"barrow", "beck", "brook", "combe", "crest", "dell", "fen", "fell", "ford", "gate", "glen", "haven", "holt", "keep",
		"lea", "mere", "moor", "reach", "ridge", "rill", "shaw", "stead", "strand", "thorpe", "vale", "wick", "wold", "wyn",
	}
	// 40 and 28 share a factor of 4, so the second index also steps once a lap.
	return first[i%len(first)] + second[(i+i/len(first))%len(second)]
}
