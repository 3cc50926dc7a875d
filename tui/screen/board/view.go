package board

import (
	"fmt"
	"strings"

	"bundlelab/tui/action"
	"bundlelab/tui/draw"
	"bundlelab/tui/session"
)

// View draws the screen: exactly h lines of w cells. status is the finished
// message line; hints go under it.
func (b *Board) View(t *draw.Theme, s *session.Session, w, h int, status string, hints []action.Hint) string {
	if w < MinWidth || h < MinHeight {
		text := fmt.Sprintf("bundlelab needs %dx%d; this is %dx%d", MinWidth, MinHeight, w, h)
		return strings.Join(draw.Fill([]string{draw.Fit(text, w)}, w, h), "\n")
	}
	l := b.divide(s, w, h)
	f := frame{side: t.Border + "│" + t.Reset}
	f.Grow(2 * w * h) // with colours
	f.line(b.header(t, s, w))
	f.line(b.headline(t, s, w))
	if l.single() {
		b.one(&f, t, s, l)
	} else {
		b.panes(&f, t, s, l)
	}
	f.line(status)
	f.WriteString(footer(t, hints, w))
	return f.String()
}

// frame is the text of a screen as it is put together: every line is copied
// once, from its panes.
type frame struct {
	strings.Builder
	side      string   // a border between panes
	left, why []string // the lines still to come of the panes on either side
}

// line adds a line of the screen's whole width.
func (f *frame) line(s string) {
	f.WriteString(s)
	f.WriteByte('\n')
}

// row adds a line of a pane between its borders and what stands beside it.
func (f *frame) row(s string) {
	f.before()
	f.WriteString(f.side)
	f.WriteString(s)
	f.WriteString(f.side)
	f.after()
}

// rule adds a line that takes the place of a pane and its borders.
func (f *frame) rule(s string) {
	f.before()
	f.WriteString(s)
	f.after()
}

func (f *frame) before() {
	if len(f.left) > 0 {
		f.WriteString(f.side)
		f.WriteString(f.left[0])
		f.left = f.left[1:]
	}
}

func (f *frame) after() {
	if len(f.why) > 0 {
		f.WriteString(f.why[0])
		f.WriteString(f.side)
		f.why = f.why[1:]
	}
	f.WriteByte('\n')
}

// one draws the focused pane alone.
func (b *Board) one(f *frame, t *draw.Theme, s *session.Session, l layout) {
	var title string
	var lines []string
	switch b.Focus {
	case action.Levers:
		title, lines = b.paneTitle(t, action.Levers, "Levers"), b.Levers.View(t, s, l.right, l.close, true)
	case action.Designs:
		title, lines = b.paneTitle(t, action.Designs, designsTitle), b.Designs.View(t, s, l.right, l.close, true)
	case action.Tab:
		title, lines = b.tabTitle(t, s, l.right), b.closeUp(b.Tab).View(t, s, l.right, l.close, true)
	}
	f.line(t.Rule("┌", "┐", l.w, draw.Junction{Title: title}))
	for _, x := range lines {
		f.row(x)
	}
	f.line(t.Rule("└", "┘", l.w))
}

const designsTitle = "Every design, same episodes"

// panes draws levers, designs and close-ups with shared borders.
func (b *Board) panes(f *frame, t *draw.Theme, s *session.Session, l layout) {
	f.left = b.Levers.View(t, s, l.left, l.body, b.Focus == action.Levers)
	f.line(t.Rule("┌", "┐", l.w,
		draw.Junction{Title: b.paneTitle(t, action.Levers, "Levers")},
		draw.Junction{At: l.left + 1, Corner: "┬", Title: b.paneTitle(t, action.Designs, designsTitle)}))
	for _, x := range b.Designs.View(t, s, l.right, l.table, b.Focus == action.Designs) {
		f.row(x)
	}
	foot := []draw.Junction{{At: l.left + 1, Corner: "┴"}}
	if l.why > 0 {
		foot = append(foot, draw.Junction{At: l.w - l.why - 2, Corner: "┴"})
	}
	b.closeUps(f, t, s, l)
	f.line(t.Rule("└", "┘", l.w, foot...))
}

// closeUps draws what stands under the designs: the close-ups, and beside them
// the explanation if there is room for one.
func (b *Board) closeUps(f *frame, t *draw.Theme, s *session.Session, l layout) {
	w, divider := l.right, make([]draw.Junction, 1, 2)
	var why []string
	if l.why > 0 {
		w -= l.why + 1
		divider = append(divider, draw.Junction{At: w + 1, Corner: "┬", Title: t.Strong("Why")})
		why = b.whyLines(t, s, l.why, l.body-l.table-1)
	}
	divider[0].Title = b.tabTitle(t, s, w)
	f.rule(t.Rule("├", "┤", l.right+2, divider...))
	f.why = why
	for _, x := range b.closeUp(b.Tab).View(t, s, w, l.close, b.Focus == action.Tab) {
		f.row(x)
	}
	if l.second == 0 {
		return
	}
	id := b.companion()
	f.rule(t.Rule("├", "┤", w+2, draw.Junction{Title: t.Faint + tabName(id) + t.Reset}))
	for _, x := range b.closeUp(id).View(t, s, w, l.second, false) {
		f.row(x)
	}
}

// whyLines explain what the cursor stands on, beside it.
func (b *Board) whyLines(t *draw.Theme, s *session.Session, w, h int) []string {
	x, ok := b.Explain(s)
	if !ok {
		return draw.Fill(nil, w, h)
	}
	return b.why.Of(whyKey{s.Version(), x.Title, w, h, *t}, func() []string {
		return draw.Fill(append([]string{draw.On("").Add(t.Accent, " "+x.Title).To(w)}, x.Top(t, w, h, &b.kept)...), w, h)
	})
}

// paneTitle marks the focused pane by reverse video and ">".
func (b *Board) paneTitle(t *draw.Theme, p action.Pane, name string) string {
	if b.Focus == p {
		return t.Reverse + "> " + name + " " + t.Reset
	}
	return t.Strong(name)
}

func tabName(id action.ID) string {
	name := string(id)
	return strings.ToUpper(name[:1]) + name[1:]
}

// tabTitle lists the close-ups, the open one in brackets, and the grade of what
// they show, in the longest form that w cells of pane have room for.
func (b *Board) tabTitle(t *draw.Theme, s *session.Session, w int) string {
	long, short := "", ""
	if row := s.Row(); row != nil && row.Result != nil {
		e := row.Result.Evidence
		style := t.Grade(session.Doubtful(e))
		long, short = style+"evidence: "+e.String()+t.Reset, style+e.Short()+t.Reset
	}
	out := ""
	for _, form := range []struct {
		numbers bool
		gap     string
		grade   string
	}{{true, "  ", long}, {true, "  ", short}, {false, "  ", short}, {false, " ", short}} {
		out = b.tabs(t, form.numbers, form.gap)
		if form.grade != "" {
			out += form.gap + form.grade
		}
		if (!form.numbers || w >= 56) && draw.Width(out) <= w-3 {
			return out
		}
	}
	return out
}

func (b *Board) tabs(t *draw.Theme, numbers bool, gap string) string {
	out := ""
	for i, id := range action.Tabs() {
		name := tabName(id)
		if numbers {
			name = fmt.Sprintf("%d %s", i+1, name)
		}
		switch {
		case id != b.Tab:
			name = t.Faint + name + t.Reset
		case b.Focus == action.Tab:
			name = t.Reverse + "> " + name + " " + t.Reset
		default:
			name = t.Strong("[" + name + "]")
		}
		if out != "" {
			out += gap
		}
		out += name
	}
	return out
}

func footer(t *draw.Theme, hints []action.Hint, w int) string {
	l := draw.On("")
	for _, h := range hints {
		l.Add("", " ").Add(t.Bold, h.Key).Add(t.Faint, " "+h.Text).Add("", "  ")
	}
	return l.To(w)
}
