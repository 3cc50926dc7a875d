package engine

import (
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
)

// portion is an exact share of an amount.
type portion struct{ part, whole int64 }

// of takes the share of an amount, rounded once; of nothing it is nothing.
func (p portion) of(c money.Cents) money.Cents {
	if p.whole <= 0 {
		return 0
	}
	return money.Cents(money.MulDiv(int64(c), p.part, p.whole))
}

// portions are what a formula of its own needs to know of the episodes of one
// hospital and category. Draws keep them: a redrawn total is split as the
// whole is.
type portions struct {
	expected portion // readmissions of spending, before any lever
	actual   portion // readmissions of projected spending
	past     portion // projected spending past the stop-loss attachment
}

// portions splits the spending of a hospital by category.
func (e *evaluation) portions(h int) *[episode.NumCategories]portions {
	var out [episode.NumCategories]portions
	for c := range out {
		out[c] = portions{expected: e.expected(h, c), actual: e.readmitted(h, c), past: e.beyond(h, c)}
	}
	return &out
}

// expected is the part of spending that readmissions are before any lever.
func (e *evaluation) expected(h, c int) portion {
	b := &e.f.before[h][c]
	return portion{int64(b.again), int64(b.all)}
}

// readmitted is the part of projected spending that readmissions are.
func (e *evaluation) readmitted(h, c int) portion {
	return portion{int64(e.f.before[h][c].again.Times(e.weights[h][c].Setting[episode.Readmission])), int64(e.totals[h][c].Uncapped)}
}

// beyond is the part of projected spending past the hospital's stop-loss
// attachment.
func (e *evaluation) beyond(h, c int) portion {
	if e.f.design.Formula != "capitation" {
		return portion{}
	}
	if e.over == nil {
		e.over = e.past()
	}
	return portion{int64(e.over[h][c]), int64(e.totals[h][c].Uncapped)}
}

// attachments are the hospitals' stop-loss attachments; -1 without one.
func (e *evaluation) attachments() []money.Micros {
	s := e.standing()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.attachments != nil {
		return s.attachments
	}
	out := make([]money.Micros, len(e.m.panel.Hospitals))
	for h := range out {
		out[h] = -1
		hosp := &e.m.panel.Hospitals[h]
		if g, err := e.attachment(hosp.CCN, policy.Scope{Class: class(hosp), Days: e.length}); err == nil && !g.None {
			out[h] = g.Rate.Of(100).Micros()
		}
	}
	s.attachments = out
	return out
}
