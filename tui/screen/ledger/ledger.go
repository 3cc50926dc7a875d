// Package ledger is the close-up of one row: the waterfall from the benchmark
// to what the hospital keeps, each line with its rule.
package ledger

import (
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/tui/draw"
	"bundlelab/tui/session"
)

// Pane is the ledger. The zero value is ready.
type Pane struct {
	cursor int
	top    int
	rev    int
	cache  draw.Cache[key, []string]
}

type key struct {
	version   uint64
	rev, w, h int
	focused   bool
	theme     draw.Theme
}

// Move moves the cursor n lines.
func (p *Pane) Move(s *session.Session, n int) {
	p.cursor = max(0, min(p.at(s)+n, len(s.Steps(s.Selected()))-1))
	p.rev++
}

func (p *Pane) at(s *session.Session) int {
	return max(0, min(p.cursor, len(s.Steps(s.Selected()))-1))
}

// Current is the line under the cursor.
func (p *Pane) Current(s *session.Session) (session.Step, bool) {
	steps := s.Steps(s.Selected())
	if len(steps) == 0 {
		return session.Step{}, false
	}
	return steps[p.at(s)], true
}

// View draws the ledger: exactly h lines of w cells.
func (p *Pane) View(t *draw.Theme, s *session.Session, w, h int, focused bool) []string {
	return p.cache.Of(key{s.Version(), p.rev, w, h, focused, *t}, func() []string {
		return p.build(t, s, w, h, focused)
	})
}

// shape says which columns a width has room for, in cells; 0 leaves one out.
type shape struct{ label, amount, change, bar, formula, cite, grade int }

// shapeOf fits the columns to the lines: amounts in full first, then the
// labels, then what explains them.
func shapeOf(d *policy.Design, steps []session.Step, w int) shape {
	var c shape
	longest := 20
	for i := range steps {
		c.amount = max(c.amount, draw.Width(draw.Exact(steps[i].Amount)))
		longest = max(longest, draw.Width(label(d, &steps[i], w)))
	}
	c.amount = min(c.amount, 20)
	room := w - 2 - c.amount - 2
	c.label = min(longest, max(18, room-9), max(30, w/4)) // the grade stays in sight
	room -= c.label
	take := func(to *int, n int) {
		if room >= n+2 {
			*to = n
			room -= n + 2
		}
	}
	take(&c.grade, 7)
	take(&c.change, 11)
	take(&c.bar, 12)
	take(&c.cite, 22)
	take(&c.formula, 34)
	switch {
	case c.formula > 0:
		wider := min(room/2, 18)
		c.cite += wider
		c.formula += room - wider
	case c.cite > 0:
		c.cite += min(room, 18)
	case c.bar > 0:
		c.bar += room
	}
	return c
}

func (p *Pane) build(t *draw.Theme, s *session.Session, w, h int, focused bool) []string {
	steps := s.Steps(s.Selected())
	if len(steps) == 0 {
		return draw.Fill(forbidden(t, s, w), w, h)
	}
	d := s.Row().Design
	c := shapeOf(d, steps, w)
	detail := 0
	if h >= len(steps)+5 {
		detail = 4
	}
	out := []string{header(t, c, w)}
	at := p.at(s)
	before := s.BaseSteps()
	runs := spans(steps)
	list, hidden := p.fit(steps, at, h-1-detail, focused)
	for _, i := range list {
		out = append(out, line(t, d, &steps[i], before, c, runs[i], w, i == at, focused))
	}
	if hidden > 0 && !focused {
		out = append(out, draw.On("").Add(t.Faint, "  +"+draw.Of(hidden, "line")+", tab").To(w))
	}
	if detail > 0 {
		out = append(out, detailOf(t, &steps[at], c.bar > 0, w)...)
	}
	return draw.Fill(out, w, h)
}

func header(t *draw.Theme, c shape, w int) string {
	l := draw.On("").Add(t.Faint, "  "+draw.Fit("Line", c.label)+"  "+draw.Right("Dollars", c.amount))
	if c.change > 0 {
		l.Add(t.Faint, "  "+draw.Right("vs base", c.change))
	}
	if c.bar > 0 {
		l.Add(t.Faint, "  "+draw.Fit("Bars", c.bar))
	}
	if c.formula > 0 {
		l.Add(t.Faint, "  "+draw.Fit("Formula", c.formula))
	}
	if c.cite > 0 {
		l.Add(t.Faint, "  "+draw.Fit("Rule", c.cite))
	}
	if c.grade > 0 {
		l.Add(t.Faint, "  "+draw.Fit("Grade", c.grade))
	}
	return l.To(w)
}

func line(t *draw.Theme, d *policy.Design, st *session.Step, before map[string]money.Cents, c shape, sp span, w int, here, focused bool) string {
	weight := ""
	if st.Subtotal {
		weight = t.Bold
	}
	l := t.Cursor(here, focused).Add(weight, draw.Fit(label(d, st, w), c.label))
	l.Add("", "  ").Add(weight, amount(st, c.amount))
	if c.change > 0 {
		text, style := change(t, st, before)
		l.Add("", "  ").Add(style, draw.Right(text, c.change))
	}
	if c.bar > 0 {
		l.Add("", "  ").Add(barStyle(t, st), draw.Bar(st.Amount, sp.from, sp.to, sp.lo, sp.hi, c.bar))
	}
	if c.formula > 0 {
		l.Add("", "  ").Add("", draw.Fit(Formula(st), c.formula))
	}
	if c.cite > 0 {
		l.Add("", "  ").Add(t.Faint, draw.Fit(st.Cite, c.cite))
	}
	if c.grade > 0 {
		l.Add("", "  ").Add(t.Grade(session.Doubtful(st.Evidence)), draw.Fit(st.Evidence.Short(), c.grade))
	}
	return l.To(w)
}

// label is the line's name: the design's own where it has one, else a shorter
// one where columns are few.
func label(d *policy.Design, st *session.Step, w int) string {
	if d.Steps[st.ID].Label == "" && w < 110 {
		switch st.ID {
		case "target":
			return "Target price"
		case "spending":
			return "Spending"
		case "low_volume":
			return "Low-volume losses removed"
		case "quality":
			return "Quality (CQS)"
		case "quality_adjusted":
			return "Quality-adjusted amount"
		case "npra":
			return "NPRA"
		case "dead_zone":
			return "Between the targets"
		}
	}
	return st.Label
}

// amount is the exact figure, or the short one where it does not fit.
func amount(st *session.Step, w int) string {
	text := st.Amount.Grouped()
	if st.ID != "benchmark" && st.ID != "target" {
		text = draw.Exact(st.Amount)
	}
	if draw.Width(text) > w {
		text = draw.Signed(st.Amount)
	}
	return draw.Right(text, w)
}

func change(t *draw.Theme, st *session.Step, before map[string]money.Cents) (string, string) {
	if before == nil {
		return "", ""
	}
	d := st.Amount - before[st.ID]
	return draw.Change(d), t.Signed(d)
}

func barStyle(t *draw.Theme, st *session.Step) string {
	if st.Subtotal {
		return t.Accent
	}
	return t.Signed(st.Amount)
}

// Formula is the line's formula with its numbers; of several hospitals it says
// how many it adds.
func Formula(st *session.Step) string {
	if st.Own {
		return st.Formula
	}
	return "sum of " + draw.Of(st.Hospitals, "hospital") + "; enter shows each"
}

// Forget drops the lines kept of the last frame.
func (p *Pane) Forget() { p.cache.Forget() }
