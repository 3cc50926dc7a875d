package engine

import (
	"sync"

	"bundlelab/engine/settle"
)

// words are the whole of a result of which only the sums were settled, each
// form written once.
type words struct{ full, plain func() *DesignResult }

// Written is the result with its hospitals, their ledgers and the warnings.
// Model.Rows leaves them out, because most rows are only summed, and writing
// takes a hundred times as long; they are written when somebody asks.
func (d *DesignResult) Written() *DesignResult {
	if d.words == nil {
		return d
	}
	return d.words.full()
}

// Lined is the result with ledgers whose lines may lack their formulas: for
// sums over many hospitals, which show none.
func (d *DesignResult) Lined() *DesignResult {
	if d.words == nil {
		return d
	}
	return d.words.plain()
}

// words settles the same hospitals again when asked. It keeps nothing of the
// evaluation but what was asked for.
func (e *evaluation) words(hospitals []int) *words {
	m, id, levers, lenient := e.m, e.f.design.ID, e.levers, e.lenient
	write := func(plain bool) func() *DesignResult {
		return sync.OnceValue(func() *DesignResult {
			x, err := m.prepare(id, levers, lenient)
			if err != nil { // it settled a moment ago
				return &DesignResult{}
			}
			defer x.release()
			x.plain = plain
			d, err := x.result(hospitals)
			if err != nil {
				return &DesignResult{}
			}
			return d
		})
	}
	return &words{full: write(false), plain: write(true)}
}

// result settles a hospital.
func (p *pool) result() HospitalResult {
	r := HospitalResult{
		CCN: p.hospital.CCN, Name: p.hospital.Name, Track: p.terms.Track, Categories: p.categories, Episodes: p.episodes,
		Ledger: settle.Settle(p.terms, &p.input),
	}
	for k := range r.Categories {
		r.Categories[k].Target = r.Ledger.Targets[k]
	}
	r.PerEpisode = settle.PerEpisode(r.Ledger.Net, r.Episodes)
	return r
}
