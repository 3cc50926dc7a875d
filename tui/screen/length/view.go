package length

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"bundlelab/engine/money"
	"bundlelab/tui/draw"
	"bundlelab/tui/session"
)

// View draws the close-up: exactly h lines of w cells.
func (p *Pane) View(t *draw.Theme, s *session.Session, w, h int, focused bool) []string {
	return p.cache.Of(key{s.Version(), p.rev, w, h, focused, *t}, func() []string {
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
	if done < len(p.lengths) {
		status = fmt.Sprintf("settling, %d of %d lengths", done, len(p.lengths))
	}
	head := draw.On("").Add(t.Faint, "  "+draw.Fit("Days", 15)+draw.Right("Net payment", 12)+"  ")
	side := (w - head.Width()) / 2
	wide := w >= 70
	if wide {
		head.Add(t.Faint, draw.Right("Target", 9)+" "+draw.Right("Spending", 9)+"  ")
		side = w - head.Width() - 1
	}
	head.Add(t.Faint, draw.Fit(status, max(side, 24)))
	out = append(out, head.To(w))
	room := h - len(out)
	at := p.place(s)
	p.top = draw.Window(at-room/2, at, len(p.lengths), room)
	for i := p.top; i < len(p.lengths) && len(out) < h; i++ {
		out = append(out, p.line(t, s, p.lengths[i], lo, hi, w, wide, i == at, focused))
	}
	return draw.Fill(out, w, h)
}

func (p *Pane) line(t *draw.Theme, s *session.Session, n int, lo, hi money.Cents, w int, wide, here, focused bool) string {
	l := t.Cursor(here, focused)
	l.Add("", draw.Right(fmt.Sprint(n), 4)+" ").Add(t.Faint, draw.Fit(p.mark(s, n), 10))
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
func (p *Pane) mark(s *session.Session, n int) string {
	var names []string
	switch n {
	case 30:
		names = append(names, "TEAM")
	case 90:
		names = append(names, "CJR")
	}
	if slices.Contains(p.own, n) && n != 30 && n != 90 {
		names = append(names, "design")
	}
	if r := s.Row().Result; r != nil && r.EpisodeDays == n {
		names = append(names, "now")
	}
	return strings.Join(names, ",")
}

// chart draws all lengths on one axis, with those that programs use and the one
// under the cursor marked below.
func (p *Pane) chart(t *draw.Theme, s *session.Session, lo, hi money.Cents, w, h int) []string {
	const left = 10
	last := p.lengths[len(p.lengths)-1]
	step := 1
	for (last/step)+1 > w-left-2 {
		step++
	}
	cols := last/step + 1
	values := make([]*money.Cents, cols)
	for _, n := range p.lengths { // of several in a column the last shows
		if x := p.points[n]; x != nil && x.Err == nil {
			values[n/step] = &x.Net
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
	for _, axis := range p.axes(s, step, cols) {
		out = append(out, draw.On("").Add(t.Faint, draw.Spaces(left)+string(axis)).To(w))
	}
	return out
}

// axes are the ticks below the chart and their labels; a label that would cover
// the one before it is left out.
func (p *Pane) axes(s *session.Session, step, cols int) [2][]rune {
	marks := map[int]string{0: "0", 30: "30 TEAM", 60: "60", every: "90 CJR"}
	for _, n := range append(slices.Clone(p.own), s.Row().Result.EpisodeDays) {
		if marks[n] == "" {
			marks[n] = fmt.Sprint(n)
		}
	}
	ticks, labels := []rune(draw.Spaces(cols+8)), []rune(draw.Spaces(cols+8))
	free := 0
	for _, n := range slices.Sorted(maps.Keys(marks)) {
		ticks[n/step] = '│'
		if n/step >= free {
			copy(labels[n/step:], []rune(marks[n]))
			free = n/step + len(marks[n]) + 1
		}
	}
	ticks[p.Current(s)/step] = '▲'
	return [2][]rune{ticks, labels}
}
