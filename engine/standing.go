package engine

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/settle"
)

// standing is what a key that moves only spending or scores leaves as it is:
// every hospital's terms, benchmarks and program, under the other levers. It
// is filled hospital by hospital as they are asked for.
type standing struct {
	mu    sync.Mutex
	pools []*pool
	known []bool // by hospital; a nil pool has no episodes
	terms map[termsKey]*settle.Terms
	scale *[episode.NumCategories]scale // of the last hospital: most have the same
	met   atomic.Bool                   // its sums were asked for once
	roll  atomic.Pointer[roll]          // the hospitals last asked for

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

// keepStandings is how many stay in memory: never fewer than a board of all
// tracks needs under the present levers, with the bundle inside an ACO and a
// few others. One is about 2 kB a hospital, so that no more stay where
// hospitals are many.
func (m *Model) keepStandings() int {
	rows := 5
	for _, d := range m.designs.All() {
		rows += max(1, len(d.Tracks))
	}
	return max(rows, min(400, 20_000/(len(m.panel.Hospitals)+1)))
}

// under gives the standing of a frame and a set of levers. Once there are as
// many as stay, one that is asked for the first time is not kept: a key that is
// held on a rule asks for each once, and for none of them again.
func (m *Model) under(k standKey) *standing {
	m.mu.Lock()
	defer m.mu.Unlock()
	x, ok := m.standings.get(k)
	if ok {
		return x
	}
	n := len(m.panel.Hospitals)
	x = &standing{pools: make([]*pool, n), known: make([]bool, n), terms: map[termsKey]*settle.Terms{}}
	_, again := m.passing.get(k)
	x.met.Store(again)
	if most := m.keepStandings(); again || len(m.standings.kept) < most {
		m.standings.put(k, x, most)
	} else {
		m.passing.put(k, struct{}{}, most)
	}
	return x
}

// standingKey names the levers that move more than spending and scores. Fewer
// readmissions are care and also save the hospital money of its own. Where a
// score that a design cannot read is refused, the first hospital to be read says
// so.
func (e *evaluation) standingKey() string {
	var b strings.Builder
	if e.lenient {
		b.WriteString("lenient ")
	}
	for _, x := range e.levers.Items() {
		k := x.Key
		if k.Group == "care" && k.Name != "readmissions" || k.Group == "market" && k.Name == "cost_trend" || k.Group == "quality" && e.lenient {
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
		if s.scale != nil && p.scale != nil && *s.scale == *p.scale {
			p.scale = s.scale
		}
		s.scale, s.pools[h] = p.scale, &p
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
	for i := range p.categories {
		x, c := &p.input.Categories[i], &p.categories[i]
		k := c.Category.Index()
		x.Spending, x.Uncapped = p.scale[k].spending(&e.totals[p.index][k])
		c.Spending, c.Capped = x.Spending, x.Uncapped-x.Spending
	}
}
