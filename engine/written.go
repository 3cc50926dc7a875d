package engine

import (
	"sync"

	"bundlelab/engine/settle"
)

// words are the whole of a result of which only the sums were settled, each
// form written once.
type words struct {
	full, plain func() *DesignResult
	each        func(visit func(*HospitalResult)) *DesignResult
}

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
// lists of many hospitals, which show none.
func (d *DesignResult) Lined() *DesignResult {
	if d.words == nil {
		return d
	}
	return d.words.plain()
}

// Each shows the hospitals of Lined one after the other, for sums over them. A
// hospital and its ledger hold until the next: they lie in the same memory. It
// gives the result with its warnings; the hospitals need not be in it.
func (d *DesignResult) Each(visit func(*HospitalResult)) *DesignResult {
	if d.words == nil {
		for i := range d.Hospitals {
			visit(&d.Hospitals[i])
		}
		return d
	}
	return d.words.each(visit)
}

// words settles the same hospitals again when asked. It keeps nothing of the
// evaluation but what was asked for.
func (e *evaluation) words(of *DesignResult, hospitals []int) *words {
	m, id, levers, lenient := e.m, e.f.design.ID, e.levers, e.lenient
	again := func(plain bool, write func(*evaluation) (*DesignResult, error)) *DesignResult {
		x, err := m.prepare(id, levers, lenient)
		if err != nil { // it settled a moment ago
			return &DesignResult{}
		}
		defer x.release()
		x.plain = plain
		d, err := write(x)
		if err != nil {
			return &DesignResult{}
		}
		return d
	}
	write := func(plain bool) func() *DesignResult {
		return sync.OnceValue(func() *DesignResult {
			return again(plain, func(x *evaluation) (*DesignResult, error) { return x.result(hospitals) })
		})
	}
	return &words{write(false), write(true), func(visit func(*HospitalResult)) *DesignResult {
		return again(true, func(x *evaluation) (*DesignResult, error) {
			out := *of
			return &out, x.each(&out, hospitals, false, visit)
		})
	}}
}

// result settles a hospital, of which the case may be known.
func (p *pool) result(desk *settle.Desk, kase *settle.Case, r *HospitalResult) {
	var l *settle.Ledger
	if kase != nil {
		l = desk.SettleCase(kase, &p.input)
	} else {
		l = desk.Settle(p.terms, &p.input)
	}
	for k := range p.categories {
		p.categories[k].Target = l.Targets[k]
	}
	*r = HospitalResult{
		CCN: p.hospital.CCN, Name: p.hospital.Name, Track: p.terms.Track, Categories: p.categories, Episodes: p.episodes,
		Ledger: *l, PerEpisode: settle.PerEpisode(l.Net, p.episodes),
	}
}
