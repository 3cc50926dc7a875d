package engine

import (
	"slices"
	"sync"

	"bundlelab/engine/settle"
)

// words are the ledgers of a result that was settled without their lines, each
// written once.
type words struct{ full, plain func() []settle.Ledger }

// Written is the result with every line of its ledgers. Model.Rows leaves them
// out, because most rows are only summed, and writing takes ten times as long as
// settling; they are written when somebody asks.
func (d *DesignResult) Written() *DesignResult {
	if d.words == nil {
		return d
	}
	return d.with(d.words.full())
}

// Lined is the result with ledgers whose lines may lack their formulas: for
// sums over many hospitals, which show none.
func (d *DesignResult) Lined() *DesignResult {
	if d.words == nil {
		return d
	}
	return d.with(d.words.plain())
}

func (d *DesignResult) with(ledgers []settle.Ledger) *DesignResult {
	out := *d
	out.Hospitals = slices.Clone(d.Hospitals)
	for i := range ledgers {
		out.Hospitals[i].Ledger = ledgers[i]
	}
	return &out
}

// words settles the same hospitals again when asked.
func (e *evaluation) words(hospitals []int) *words {
	write := func(plain bool) func() []settle.Ledger {
		x := *e
		x.brief, x.plain, x.parts, x.within, x.warnings = false, plain, nil, nil, nil
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
	return &words{full: write(false), plain: write(true)}
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
