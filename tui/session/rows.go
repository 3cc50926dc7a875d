package session

import (
	"context"
	"fmt"
	"strings"

	"bundlelab/engine"
	"bundlelab/engine/lever"
	"bundlelab/scenarios"
)

// A key settles the design in hand before the next frame. The other designs
// follow in the background; until then their rows are stale and look it.

// settle settles one design in every track, for a scenario on the base.
func (s *Session) settle(x scenarios.Scenario, design string) []engine.Row {
	return s.rowsOf(design, x.Levers.Over(s.base.levers))
}

func (s *Session) rowsOf(design string, set lever.Set) []engine.Row {
	return rowsOf(s.model, design, s.scope(), set)
}

// rowsOf settles a design in every track. One that counts none of the episodes
// has no dollars, and says so.
func rowsOf(m *engine.Model, design string, hospitals []string, set lever.Set) []engine.Row {
	rows := m.Rows(engine.Request{Designs: []string{design}, Hospitals: hospitals, Levers: set})
	for i := range rows {
		r := &rows[i]
		if r.Result == nil || r.Result.Sums.Hospitals > 0 {
			continue
		}
		names := make([]string, len(r.Design.Categories))
		for k, c := range r.Design.Categories {
			names[k] = c.String()
		}
		r.Result, r.Err = nil, &engine.InputError{Why: fmt.Sprintf("no dollars: these hospitals have no %s episode that counts in %s", strings.Join(names, " or "), r.Result.Period.ID)}
	}
	return rows
}

// attempt settles a scenario under the design in hand. When that has no answer
// with these data, other designs are tried until one has.
func (s *Session) attempt(x scenarios.Scenario, first string) map[string][]engine.Row {
	out := map[string][]engine.Row{}
	try := func(id string) bool {
		rows := s.settle(x, id)
		out[id] = rows
		for i := range rows {
			if rows[i].Result != nil {
				return true
			}
		}
		return false
	}
	if first != "" && try(first) {
		return out
	}
	for i := range s.rows {
		if id := s.rows[i].Design.ID; out[id] == nil && try(id) {
			return out
		}
	}
	return out
}

// put takes a design's settled rows as those of the present figures.
func (s *Session) put(design string, rows []engine.Row) {
	for i := range s.rows {
		r := &s.rows[i]
		if r.Design.ID != design {
			continue
		}
		s.forget(r.Result)
		r.Result, r.Err = nil, nil
		if x := find(rows, ID(r)); x != nil {
			r.Result, r.Err = x.Result, x.Err
		}
	}
	s.at[design] = s.figures
}

// freshen settles a design now if its rows are stale.
func (s *Session) freshen(design string) {
	if _, err := s.model.Designs().Get(design); err != nil {
		return
	}
	if s.Stale(design) {
		s.put(design, s.settle(s.now, design))
		s.version++
	}
	s.rebase(design)
}

// rebase settles a design under the base, once for the hospitals looked at.
func (s *Session) rebase(design string) {
	if s.baseAt[design] == s.ground {
		return
	}
	set := s.base.levers
	if same(set, s.now.Levers.Over(set)) && !s.Stale(design) {
		s.putBase(design, s.of(design))
		return
	}
	s.putBase(design, s.rowsOf(design, set))
}

func (s *Session) putBase(design string, rows []engine.Row) {
	for i := range rows {
		id := ID(&rows[i])
		if old := s.baseRows[id]; old != rows[i].Result {
			s.forget(old)
		}
		s.baseRows[id] = rows[i].Result
	}
	s.baseAt[design] = s.ground
}

// of copies a design's rows.
func (s *Session) of(design string) []engine.Row {
	var out []engine.Row
	for i := range s.rows {
		if s.rows[i].Design.ID == design {
			out = append(out, s.rows[i])
		}
	}
	return out
}

// Stale says whether a design's rows belong to older figures, or to none yet.
func (s *Session) Stale(design string) bool { return s.at[design] != s.figures }

// Rest settles some of the stale designs. It holds values only and runs on any
// goroutine.
type Rest struct {
	figures, ground uint64
	works           []work
	hospitals       []string
	model           *engine.Model
}

// work is one design to settle.
type work struct {
	design    string
	now, base lever.Set
	stale     bool // the rows
	baseless  bool // the rows under the base
	ruling    ruling
	ruled     bool // the rule's track is known
}

// Settled is what became of a work.
type Settled struct {
	work    work
	rows    []engine.Row
	base    []engine.Row
	verdict verdict
}

// restBatch is how many designs one job settles before the screen shows them.
const restBatch = 4

// Pending gives the next job while designs are stale and none runs.
func (s *Session) Pending() (Rest, bool) {
	if s.running {
		return Rest{}, false
	}
	j := Rest{figures: s.figures, ground: s.ground, hospitals: s.scope(), model: s.model}
	now := s.now.Levers.Over(s.base.levers)
	for i := range s.rows {
		d := s.rows[i].Design
		if i > 0 && d == s.rows[i-1].Design || len(j.works) == restBatch { // a design's tracks follow each other
			continue
		}
		w := work{design: d.ID, now: now, base: s.base.levers, stale: s.Stale(d.ID), baseless: s.baseAt[d.ID] != s.ground}
		if w.stale || w.baseless {
			w.ruling = s.ruling(d)
			_, w.ruled = s.ruled[w.ruling.key]
			if j.works == nil {
				j.works = make([]work, 0, restBatch)
			}
			j.works = append(j.works, w)
		}
	}
	s.running = len(j.works) > 0
	return j, s.running
}

// Run settles, and stops early when the context ends.
func (j Rest) Run(ctx context.Context) []Settled {
	out := make([]Settled, 0, len(j.works))
	for i := range j.works {
		if ctx.Err() != nil {
			return out
		}
		w := &j.works[i]
		r := Settled{work: *w}
		rows := func(set lever.Set) []engine.Row {
			return rowsOf(j.model, w.design, j.hospitals, set)
		}
		if w.stale {
			r.rows = rows(w.now)
		}
		switch {
		case w.baseless && w.stale && same(w.now, w.base):
			r.base = r.rows
		case w.baseless:
			r.base = rows(w.base)
		}
		if !w.ruled {
			r.verdict = w.ruling.judge(j.model, j.hospitals)
		}
		out = append(out, r)
	}
	return out
}

// Accept takes the answers of a job; those to an older question are dropped.
func (s *Session) Accept(j Rest, all []Settled) {
	s.running = false
	for _, r := range all {
		id := r.work.design
		if !r.work.ruled {
			s.ruled[r.work.ruling.key] = r.verdict
		}
		if r.work.baseless && j.ground == s.ground {
			s.putBase(id, r.base)
			s.version++
		}
		if r.work.stale && j.figures == s.figures {
			s.put(id, r.rows)
			s.version++
		}
	}
}

// SettleAll settles what is stale before it returns.
func (s *Session) SettleAll(ctx context.Context) {
	s.running = false
	for ctx.Err() == nil {
		j, ok := s.Pending()
		if !ok {
			return
		}
		s.Accept(j, j.Run(ctx))
	}
}
