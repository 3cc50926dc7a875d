package designs

import (
	"strconv"

	"bundlelab/engine"
	"bundlelab/tui/draw"
	"bundlelab/tui/session"
)

// View draws the table: exactly h lines of w cells.
func (p *Pane) View(t *draw.Theme, s *session.Session, w, h int, focused bool) []string {
	return p.cache.Lines(key{s.Version(), p.rev, w, h, focused, *t}, func() []string {
		return p.build(t, s, w, h, focused)
	})
}

// Height is how many lines the whole table wants.
func (p *Pane) Height(s *session.Session) int { return len(s.Rows()) + 1 }

func (p *Pane) build(t *draw.Theme, s *session.Session, w, h int, focused bool) []string {
	longest := 0
	for i := range s.Rows() {
		longest = max(longest, draw.Width(Title(&s.Rows()[i]))+2)
	}
	name, cols := columns(w, longest)
	head := draw.On("").Add(t.Faint, "  "+draw.Fit(heading(p.filter), name))
	out := []string{draw.Titles(head, cols, 2, t.Faint).To(w)}
	rows := p.rows(s)
	at := p.place(s, rows)
	p.top = draw.Window(p.top, at, len(rows), h-1)
	for i := p.top; i < len(rows) && len(out) < h; i++ {
		out = append(out, line(t, s, &s.Rows()[rows[i]], name, cols, w, i == at, focused))
	}
	if len(rows) == 0 {
		out = append(out, draw.On("").Add(t.Faint, "  no design matches; esc clears").To(w))
	}
	return draw.Fill(out, w, h)
}

func heading(filter string) string {
	if filter != "" {
		return "/ " + filter
	}
	return "Design"
}

func line(t *draw.Theme, s *session.Session, r *engine.Row, name int, cols []draw.Column[figures], w int, here, focused bool) string {
	l := t.Cursor(here, focused)
	if r.Result == nil {
		l.Add(t.Faint, draw.Fit(title(r, name)+" ✗", name)).Add("", "  ")
		return l.Add(t.Faint, session.Brief(r.Err)).To(w)
	}
	l.Add("", draw.Fit(marked(r, s.Ruled(r), name), name))
	f := figures{t: t, r: r.Result, sum: session.Sum(r.Result)}
	if b := s.Base(session.ID(r)); b != nil {
		sum := session.Sum(b)
		f.base = &sum
	}
	return draw.Cells(l, cols, 2, &f).To(w)
}

func days(f *figures) (string, string) { return strconv.Itoa(f.r.EpisodeDays), "" }

func target(f *figures) (string, string) {
	return f.change(func(t *session.Totals) int64 { return int64(t.Target) }) + draw.Short(f.sum.Target), ""
}

func spending(f *figures) (string, string) {
	return f.change(func(t *session.Totals) int64 { return int64(t.Spending) }) + draw.Short(f.sum.Spending), ""
}

func net(f *figures) (string, string) {
	return draw.Signed(f.sum.Net), f.t.Signed(f.sum.Net)
}

func words(f *figures) (string, string) {
	switch {
	case f.sum.Net > 0:
		return "Medicare pays", f.t.Gain
	case f.sum.Net < 0:
		return "hospital repays", f.t.Loss
	}
	return "nothing is owed", ""
}

func versus(f *figures) (string, string) {
	if f.base == nil {
		return "no base", f.t.Faint
	}
	d := f.sum.Net - f.base.Net
	if d == 0 {
		return "same", f.t.Faint
	}
	return draw.Change(d), f.t.Signed(d)
}

func perEpisode(f *figures) (string, string) { return draw.Signed(f.sum.PerEpisode), "" }

func grade(f *figures) (string, string) { return f.r.Evidence.Short(), f.t.Faint }
