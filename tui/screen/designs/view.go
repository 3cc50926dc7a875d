package designs

import (
	"errors"
	"fmt"

	"bundlelab/engine"
	"bundlelab/engine/policy"
	"bundlelab/tui/draw"
	"bundlelab/tui/session"
)

// headed is the least height at which families get heading lines of their own;
// below it the column title names the family of the selected row.
const headed = 12

// View draws the table: exactly h lines of w cells.
func (p *Pane) View(t *draw.Theme, s *session.Session, w, h int, focused bool) []string {
	return p.cache.Of(key{s.Version(), p.rev, w, h, focused, *t}, func() []string {
		return p.build(t, s, w, h, focused)
	})
}

// Height is how many lines the whole table wants.
func (p *Pane) Height(s *session.Session) int {
	if n := len(p.lines(s, true)) + 1; n >= headed {
		return n
	}
	return len(p.lines(s, false)) + 1
}

func (p *Pane) build(t *draw.Theme, s *session.Session, w, h int, focused bool) []string {
	longest := 0
	for i := range s.Rows() {
		longest = max(longest, draw.Width(session.Name(&s.Rows()[i]))+8)
	}
	year, mixed := dataYears(s)
	c := p.shape.Of(shapeKey{w, longest, mixed}, func() shape { return columns(w, longest, mixed) })
	list := p.lines(s, h >= headed)
	at := p.place(s, list)
	head := draw.On("").Add(t.Faint, "  "+draw.Fit(p.heading(list, at, h >= headed), c.name))
	out := append(make([]string, 0, h), draw.Titles(head, c.cols, c.gap, t.Faint).To(w))
	p.top = draw.Window(p.top, max(at, 0), len(list), h-1)
	if at >= 0 && at+1 < len(list) && list[at+1].note && h > 2 {
		p.top = draw.Window(p.top, at+1, len(list), h-1) // the note below the cursor belongs to it
	}
	if at > 0 && p.top == at && list[at-1].head && h > 2 {
		p.top-- // the heading above the cursor belongs to it
	}
	for i := p.top; i < len(list) && len(out) < h; i++ {
		if list[i].head {
			out = append(out, draw.On("").Add(t.Title, " "+list[i].family.String()).To(w))
			continue
		}
		r := &s.Rows()[list[i].row]
		if list[i].note {
			out = append(out, note(t, s, r, w))
			continue
		}
		out = append(out, line(t, s, r, year, c, w, i == at, focused))
	}
	if len(list) == 0 {
		out = append(out, draw.On("").Add(t.Faint, "  no design matches; esc clears").To(w))
	}
	return draw.Fill(out, w, h)
}

// heading is the title of the names: the filter, else where the cursor is
// among the rows.
func (p *Pane) heading(list []entry, at int, heads bool) string {
	switch {
	case p.filter != "":
		return "/ " + p.filter
	case at < 0:
		return "Design"
	}
	rows, before := 0, 0
	for i, e := range list {
		if e.head || e.note {
			continue
		}
		if rows++; i <= at {
			before = rows
		}
	}
	if heads {
		return fmt.Sprintf("Design, %d of %d", before, rows)
	}
	return fmt.Sprintf("%d/%d %s", before, rows, list[at].family)
}

func line(t *draw.Theme, s *session.Session, r *engine.Row, year int, c shape, w int, here, focused bool) string {
	l := t.Cursor(here, focused)
	name, gap := c.name, c.gap
	stale := s.Stale(r.Design.ID)
	switch {
	case r.Result == nil && stale:
		return l.Add(t.Faint, draw.Fit(title(r, name), name)+draw.Spaces(gap)+"settling …").To(w)
	case r.Result == nil:
		mark := unsettledMark(r.Err)
		l.Add(t.Faint, draw.Fit(title(r, name-2), name-2)+" "+mark).Add("", draw.Spaces(gap))
		return l.Add(t.Faint, draw.Fit(years(s.Period(r).ID), 7)+" "+session.Brief(r.Err)).To(w)
	case stale:
		l = draw.On(t.Faint).Add("", "… ")
	}
	l.Fit("", marked(r, s.Ruled(r), name), name)
	f := figures{t: t, design: r.Design, r: r.Result, sum: s.Totals(r), all: len(s.InData()), year: year}
	if b := s.Base(session.ID(r)); b != nil {
		sum := session.Sum(b)
		f.base = &sum
	}
	return draw.Cells(l, c.cols, gap, &f).To(w)
}

// note is the line under a row whose net payment is not the hospital's.
func note(t *draw.Theme, s *session.Session, r *engine.Row, w int) string {
	own, _ := session.Own(r)
	l := draw.On("")
	if s.Stale(r.Design.ID) {
		l = draw.On(t.Faint)
	}
	l.Add(t.Faint, "    └ the hospital's own ").Add(t.Signed(own), draw.Signed(own))
	if both := "; with the ACO's " + draw.Signed(r.Result.HospitalNet); l.Width()+draw.Width(both) <= w {
		l.Add(t.Faint, both)
	}
	return l.To(w)
}

// dataYears is the year whose episodes the headline counts, and whether other
// rows count another's.
func dataYears(s *session.Session) (year int, mixed bool) {
	year = s.Model().Panel().DataYear()
	if row := s.Row(); row != nil && row.Result != nil {
		year = row.Result.DataYear
	}
	for i := range s.Rows() {
		if r := s.Rows()[i].Result; r != nil && r.DataYear != year {
			return year, true
		}
	}
	return year, false
}

// unsettledMark tells a rule's refusal from data that give no answer.
func unsettledMark(err error) string {
	var no *policy.IneligibleError
	if errors.As(err, &no) {
		return "✗"
	}
	return "-"
}
