package session

import (
	"context"

	"bundlelab/engine"
)

// What each lever does alone takes one settlement for each, so it follows in
// the background when everything else is settled; until then the last answer
// stays and is stale.

// apart is the last answer and what it belongs to.
type apart struct {
	row     RowID
	figures uint64
	result  engine.Interaction
	err     error
	known   bool
	running bool
}

// Apart asks what the levers of one row do alone. It holds values only and runs
// on any goroutine.
type Apart struct {
	row     RowID
	figures uint64
	whole   *engine.DesignResult // nil where it belongs to older figures
	request engine.Request
	model   *engine.Model
}

// Parted is the answer; without done the context ended first.
type Parted struct {
	result engine.Interaction
	err    error
	done   bool
}

// Told is what a row's levers do alone and together. ok is false where there is
// nothing to tell: no lever beyond the design's own terms, or no result. A nil
// answer is not known yet, and a stale one belongs to older figures.
func (s *Session) Told(r *engine.Row) (x *engine.Interaction, ok, stale bool, err error) {
	if r.Result == nil || !engine.Tells(s.now.Levers.Over(s.base.levers)) {
		return nil, false, false, nil
	}
	if a := &s.apart; a.known && a.row == ID(r) {
		if stale = a.figures != s.figures; a.err != nil {
			return nil, true, stale, a.err
		}
		return &a.result, true, stale, nil
	}
	return nil, true, true, nil
}

// PendingApart gives the next question about the selected row, once no design
// waits to be settled. A length set by a lever asks about another length too,
// which must not push out what the board remembers.
func (s *Session) PendingApart() (Apart, bool) {
	row := s.Row()
	if row == nil || s.running || s.apart.running {
		return Apart{}, false
	}
	if _, ok, stale, _ := s.Told(row); !ok || !stale {
		return Apart{}, false
	}
	set := s.now.Levers.Over(s.base.levers)
	m := s.model
	if _, ok := set.Get("policy", "episode_days", "", 0); ok {
		m = s.sweep
	}
	s.apart.running = true
	whole := row.Result
	if s.Stale(row.Design.ID) {
		whole = nil
	}
	return Apart{s.selected, s.figures, whole, engine.Request{Hospitals: s.scope(), Levers: set}, m}, true
}

// Run settles the row once for each lever, unless the context has ended.
func (j Apart) Run(ctx context.Context) Parted {
	if ctx.Err() != nil {
		return Parted{}
	}
	x, err := j.model.InteractionIn(j.row.Design, j.row.Track, j.whole, j.request)
	return Parted{x, err, true}
}

// AcceptApart takes an answer. One to an older question is kept too, as stale,
// where it is of the selected row: the next question is asked at once.
func (s *Session) AcceptApart(j Apart, p Parted) {
	s.apart.running = false
	if p.done && j.row == s.selected {
		s.apart = apart{row: j.row, figures: j.figures, result: p.result, err: p.err, known: true}
		s.version++
	}
}
