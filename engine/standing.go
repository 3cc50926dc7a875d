package engine

import (
	"slices"
	"strings"
	"sync"

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
}

// termsKey names the hospitals whose terms are the same where no lever is set
// for one of them.
type termsKey struct {
	track string
	facts [6]panel.Known
}

// mostStandings is how many a frame keeps: the tracks of a board under the
// present levers and under their base. One is about 3 kB a hospital.
const mostStandings = 8

// standings are those of a frame, by the levers they stand under.
type standings struct {
	mu  sync.Mutex
	all map[string]*standing
}

// under gives the standing of a set of levers.
func (s *standings) under(key string, hospitals int) *standing {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x, ok := s.all[key]; ok {
		return x
	}
	if s.all == nil || len(s.all) >= mostStandings {
		s.all = map[string]*standing{}
	}
	x := &standing{pools: make([]*pool, hospitals), known: make([]bool, hospitals), terms: map[termsKey]*settle.Terms{}}
	s.all[key] = x
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

// pool is a hospital ready to settle; ok is false where it has no episodes.
func (e *evaluation) pool(h int) (pool, bool, error) {
	if e.stands == nil {
		e.stands = e.f.standings.under(e.standingKey(), len(e.m.panel.Hospitals))
	}
	at, err := e.stands.stand(e, h)
	if err != nil || at == nil {
		return pool{index: h}, false, err
	}
	p := *at
	for _, w := range p.warnings {
		e.warnings = appendNew(e.warnings, w)
	}
	if p.err != nil {
		return p, true, nil
	}
	if len(p.categories) == 0 { // the levers leave none
		return p, false, nil
	}
	p.input.SpendingAssumed = e.supposed(p.hospital.CCN)
	p.input.Plain = e.brief || e.plain
	e.spend(&p)
	return p, true, e.form(&p)
}

// spend fills in what the episodes cost.
func (e *evaluation) spend(p *pool) {
	p.input.Categories = slices.Clone(p.input.Categories)
	p.categories = slices.Clone(p.categories)
	for i := range p.categories {
		x, c := &p.input.Categories[i], &p.categories[i]
		t := &e.totals[p.index][c.Category.Index()]
		v := p.scale[c.Category.Index()].volume
		x.Spending, x.Uncapped = money.MicrosToCents(t.Spending, v), money.MicrosToCents(t.Uncapped, v)
		c.Spending, c.Capped = x.Spending, x.Uncapped-x.Spending
	}
}
