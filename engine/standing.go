package engine

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/settle"
)

// standing is what a key that moves only spending leaves as it is: every
// hospital's terms, score, benchmarks and program, under the other levers. It
// is filled hospital by hospital as they are asked for.
type standing struct {
	mu    sync.Mutex
	pools []*pool
	known []bool // by hospital; a nil pool has no episodes
	terms map[termsKey]*settle.Terms
	met   atomic.Bool          // its sums were asked for once
	roll  atomic.Pointer[roll] // the hospitals last asked for

	attachments []money.Micros // by hospital, once asked for
}

// termsKey names the hospitals whose terms are the same where no lever is set
// for one of them.
type termsKey struct {
	track string
	facts [6]panel.Known
}

// standKey names the levers of a frame's standing.
type standKey struct {
	frame  frameKey
	levers string
}

// keepStandings is how many stay in memory: a board of all tracks under the
// present levers, under their base and a few others. One is about 3 kB a
// hospital, so that it is fewer where hospitals are many.
func (m *Model) keepStandings() int { return max(40, min(400, 60_000/(len(m.panel.Hospitals)+1))) }

// under gives the standing of a frame and a set of levers.
func (m *Model) under(k standKey) *standing {
	m.mu.Lock()
	defer m.mu.Unlock()
	x, ok := m.standings.get(k)
	if !ok {
		n := len(m.panel.Hospitals)
		x = &standing{pools: make([]*pool, n), known: make([]bool, n), terms: map[termsKey]*settle.Terms{}}
		m.standings.put(k, x, m.keepStandings())
	}
	return x
}

// standingKey names the levers that move more than spending. Fewer readmissions
// are care and also save the hospital money of its own.
func (e *evaluation) standingKey() string {
	var b strings.Builder
	if e.lenient {
		b.WriteString("lenient ")
	}
	for _, x := range e.levers.Items() {
		k := x.Key
		if k.Group == "care" && k.Name != "readmissions" || k.Group == "market" && k.Name == "cost_trend" {
			continue
		}
		b.WriteString(k.String() + "=" + x.Value.Text + "\n")
	}
	return b.String()
}

// stand gives a hospital as it stands before its spending is known; nil where
// it has no episodes. The caller copies it.
func (s *standing) stand(e *evaluation, h int) (*pool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known[h] {
		return s.pools[h], nil
	}
	said := e.warnings
	e.warnings = nil
	p, ok, err := e.unspent(h, s)
	p.warnings, e.warnings = e.warnings, said
	if err != nil {
		return nil, err
	}
	if s.known[h] = true; ok {
		s.pools[h] = &p
	}
	return s.pools[h], nil
}

// resolve reads the terms of a hospital. Hospitals of one class in one track
// share them, but for levers of their own.
func (s *standing) resolve(e *evaluation, x *panel.Hospital, track string) (*settle.Terms, error) {
	k := termsKey{track, [6]panel.Known{x.SafetyNet, x.Rural, x.SCH, x.MDH, x.EACH, x.RRC}}
	own := slices.Contains(e.levers.Hospitals(), x.CCN)
	if t, ok := s.terms[k]; ok && !own {
		return t, nil
	}
	t, err := settle.Resolve(e.f.design, e.period, settle.Asked{Track: track, Class: class(x), Days: e.length, Levers: e.levers, CCN: x.CCN})
	if err == nil && !own {
		s.terms[k] = &t
	}
	return &t, err
}

// standing is what the present levers leave as it is.
func (e *evaluation) standing() *standing {
	if e.stands == nil {
		e.stands = e.m.under(standKey{e.f.key, e.standingKey()})
	}
	return e.stands
}

// pool is a hospital ready to settle, without a part of a fixed cost; ok is
// false where it has no episodes.
func (e *evaluation) pool(h int) (pool, bool, error) {
	at, err := e.standing().stand(e, h)
	switch {
	case err != nil || at == nil:
		return pool{index: h}, false, err
	case at.err != nil:
		return *at, true, nil
	case len(at.categories) == 0: // the levers leave none
		return *at, false, nil
	}
	var p pool
	err = e.ready(&p, at, -1)
	return p, true, err
}

// spend fills in what the episodes cost.
func (e *evaluation) spend(p *pool) {
	p.input.Categories = slices.Clone(p.input.Categories)
	p.categories = slices.Clone(p.categories)
	for i := range p.categories {
		x, c := &p.input.Categories[i], &p.categories[i]
		k := c.Category.Index()
		x.Spending, x.Uncapped = p.scale[k].spending(&e.totals[p.index][k])
		c.Spending, c.Capped = x.Spending, x.Uncapped-x.Spending
	}
}
