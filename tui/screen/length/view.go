package length

import (
	"fmt"
	"strings"

	"bundlelab/engine/money"
	"bundlelab/tui/draw"
	"bundlelab/tui/session"
)

// View draws the close-up: exactly h lines of w cells.
func (p *Pane) View(t *draw.Theme, s *session.Session, w, h int, focused bool) []string {
	return p.cache.Lines(key{s.Version(), p.rev, w, h, focused, *t}, func() []string {
		return p.build(t, s, w, h, focused)
	})
}

func (p *Pane) build(t *draw.Theme, s *session.Session, w, h int, focused bool) []string {
	row := s.Row()
	if row == nil || row.Result == nil {
		return draw.Fill([]string{draw.On("").Add(t.Faint, "  no settlement under this design and track").To(w)}, w, h)
	}
	if p.figures != s.Figures() || p.row != s.Selected() {
		return draw.Fill([]string{draw.On("").Add(t.Faint, "  …").To(w)}, w, h)
	}
	lo, hi, done := p.bounds()
	var out []string
	if h >= 15 && w >= 50 {
		out = p.chart(t, s, lo, hi, w, max(3, min(9, h/4)))
	}
	status := "net payment by length"
	if done <= Last {
		status = fmt.Sprintf("settling, %d of %d lengths", done, Last+1)
	}
	head := draw.On("").Add(t.Faint, "  "+draw.Fit("Days", 14)+draw.Right("Net payment", 12)+"  ")
	side := (w - head.Width()) / 2
	wide := w >= 70
	if wide {
		head.Add(t.Faint, draw.Right("Target", 9)+" "+draw.Right("Spending", 9)+"  ")
		side = w - head.Width() - 1
	}
	head.Add(t.Faint, draw.Fit(status, max(side, 24)))
	out = append(out, head.To(w))
	room := h - len(out)
	at := p.at(s)
	p.top = draw.Window(at-room/2, at, Last+1, room)
	for n := p.top; n <= Last && len(out) < h; n++ {
		out = append(out, p.line(t, s, n, lo, hi, w, wide, n == at, focused))
	}
	return draw.Fill(out, w, h)
}

func (p *Pane) line(t *draw.Theme, s *session.Session, n int, lo, hi money.Cents, w int, wide, here, focused bool) string {
	l := t.Cursor(here, focused)
	l.Add("", draw.Right(fmt.Sprint(n), 3)+" ").Add(t.Faint, draw.Fit(mark(s, n), 10))
	x := p.points[n]
	switch {
	case x == nil:
		return l.Add(t.Faint, draw.Right("…", 12)).To(w)
	case x.Err != nil:
		return l.Add(t.Faint, "  "+session.Brief(x.Err)).To(w)
	}
	l.Add(t.Signed(x.Net), draw.Right(draw.Signed(x.Net), 12)).Add("", "  ")
	if wide {
		l.Add("", draw.Right(draw.Short(x.Target), 9)+" "+draw.Right(draw.Short(x.Spending), 9)+"  ")
	}
	if room := w - l.Width() - 1; room >= 8 {
		l.Add(t.Signed(x.Net), draw.Bar(x.Net, 0, x.Net, lo, hi, room))
	}
	return l.To(w)
}

// mark names the lengths that programs use.
func mark(s *session.Session, n int) string {
	var names []string
	switch n {
	case 30:
		names = append(names, "TEAM")
	case 90:
		names = append(names, "CJR")
	}
	if s.OwnLength(n) && n != 30 && n != 90 {
		names = append(names, "design")
	}
	if r := s.Row().Result; r != nil && r.EpisodeDays == n {
		names = append(names, "now")
	}
	return strings.Join(names, ",")
}

// chart draws all lengths on one axis, with TEAM's and CJR's marked below.
func (p *Pane) chart(t *draw.Theme, s *session.Session, lo, hi money.Cents, w, h int) []string {
	step := 1
	const left = 10
	for (Last/step)+1 > w-left-2 {
		step++
	}
	cols := Last/step + 1
	values := make([]*money.Cents, cols)
	for i := range values {
		if x := p.points[i*step]; x != nil && x.Err == nil {
			values[i] = &x.Net
		}
	}
	var out []string
	for y, row := range draw.Plot(values, lo, hi, h) {
		label := ""
		switch y {
		case 0:
			label = draw.Signed(hi)
		case h - 1:
			label = draw.Signed(lo)
		}
		out = append(out, draw.On("").Add(t.Faint, draw.Right(label, left-1)+" ").Add(t.Accent, row).To(w))
	}
	ticks, labels := []rune(draw.Spaces(cols+8)), []rune(draw.Spaces(cols+8))
	for _, m := range []struct {
		days  int
		label string
	}{{0, "0"}, {30, "30 TEAM"}, {60, "60"}, {90, "90 CJR"}} {
		ticks[m.days/step] = '│'
		copy(labels[m.days/step:], []rune(m.label))
	}
	ticks[p.at(s)/step] = '▲'
	for _, axis := range [][]rune{ticks, labels} {
		out = append(out, draw.On("").Add(t.Faint, draw.Spaces(left)+string(axis)).To(w))
	}
	return out
}
