package engine

import (
	"slices"
	"sync"

	"bundlelab/engine/settle"
)

// Written is the result with every line of its ledgers. Model.Rows leaves them
// out, because most rows are only summed, and writing takes ten times as long as
// settling; here they are written once, when somebody asks.
func (d *DesignResult) Written() *DesignResult {
	if d.words == nil {
		return d
	}
	out := *d
	out.words = nil
	out.Hospitals = slices.Clone(d.Hospitals)
	for i, l := range d.words() {
		out.Hospitals[i].Ledger = l
	}
	return &out
}

// words settles the same hospitals again, in full.
func (e *evaluation) words(hospitals []int) func() []settle.Ledger {
	x := *e
	x.brief, x.parts, x.within, x.warnings = false, nil, nil, nil
	return sync.OnceValue(func() []settle.Ledger {
		pools, err := x.pools(hospitals)
		if err != nil { // it settled a moment ago
			return nil
		}
		out := make([]settle.Ledger, len(pools))
		for i := range pools {
			out[i] = settle.Settle(pools[i].terms, &pools[i].input)
		}
		return out
	})
}

// result settles a hospital; brief leaves the lines of its ledger out.
func (p *pool) result(brief bool) HospitalResult {
	r := HospitalResult{CCN: p.hospital.CCN, Name: p.hospital.Name, Track: p.terms.Track, Categories: p.categories, Episodes: p.episodes}
	if brief {
		r.Ledger = settle.Brief(p.terms, &p.input)
	} else {
		r.Ledger = settle.Settle(p.terms, &p.input)
	}
	for k := range r.Categories {
		r.Categories[k].Target = r.Ledger.Targets[k]
	}
	r.PerEpisode = settle.PerEpisode(r.Ledger.Net, r.Episodes)
	return r
}
