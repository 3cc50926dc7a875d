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
func (b *Board) View(t *draw.Theme, s *session.Session, w, h int, status string, hints []action.Hint) []string {
	if w < MinWidth || h < MinHeight {
		text := fmt.Sprintf("bundlelab needs %dx%d; this is %dx%d", MinWidth, MinHeight, w, h)
		return draw.Fill([]string{draw.Fit(text, w)}, w, h)
	}
	l := b.divide(s, w, h)
	out := make([]string, 0, h)
	out = append(out, b.header(t, s, w), b.headline(t, s, w))
	if l.single() {
		out = append(out, b.one(t, s, l)...)
	} else {
		out = append(out, b.panes(t, s, l)...)
	}
	return append(out, status, footer(t, hints, w))
}

// one draws the focused pane alone.
func (b *Board) one(t *draw.Theme, s *session.Session, l layout) []string {
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
	out := []string{t.Rule("┌", "┐", l.w, draw.Junction{Title: title})}
	side := t.Border + "│" + t.Reset
	for _, x := range lines {
		out = append(out, side+x+side)
	}
	return append(out, t.Rule("└", "┘", l.w))
}

const designsTitle = "Every design, same episodes"

// panes draws levers, designs and close-ups with shared borders.
func (b *Board) panes(t *draw.Theme, s *session.Session, l layout) []string {
	left := b.Levers.View(t, s, l.left, l.body, b.Focus == action.Levers)
	right := b.rightSide(t, s, l)
	side := t.Border + "│" + t.Reset
	out := []string{t.Rule("┌", "┐", l.w,
		draw.Junction{Title: b.paneTitle(t, action.Levers, "Levers")},
		draw.Junction{At: l.left + 1, Corner: "┬", Title: b.paneTitle(t, action.Designs, designsTitle)})}
	for i := range left {
		out = append(out, side+left[i]+right[i])
	}
	foot := []draw.Junction{{At: l.left + 1, Corner: "┴"}}
	if l.why > 0 {
		foot = append(foot, draw.Junction{At: l.w - l.why - 2, Corner: "┴"})
	}
	return append(out, t.Rule("└", "┘", l.w, foot...))
}

// rightSide are the lines right of the levers, both borders included.
func (b *Board) rightSide(t *draw.Theme, s *session.Session, l layout) []string {
	side := t.Border + "│" + t.Reset
	out := make([]string, 0, l.body)
	for _, x := range b.Designs.View(t, s, l.right, l.table, b.Focus == action.Designs) {
		out = append(out, side+x+side)
	}
	w := l.right
	divider := []draw.Junction{{Title: b.tabTitle(t, s, l.right)}}
	if l.why > 0 {
		w = l.right - l.why - 1
		divider = []draw.Junction{{Title: b.tabTitle(t, s, w)}, {At: w + 1, Corner: "┬", Title: t.Strong("Why")}}
	}
	out = append(out, t.Rule("├", "┤", l.right+2, divider...))
	var why []string
	if l.why > 0 {
		why = b.whyLines(t, s, l.why, l.body-len(out))
	}
	lower := b.closeUp(b.Tab).View(t, s, w, l.close, b.Focus == action.Tab)
	ends := make([]string, 0, l.body)
	for _, x := range lower {
		ends = append(ends, side+x+side)
	}
	if l.second > 0 {
		id := b.companion()
		ends = append(ends, t.Rule("├", "┤", w+2, draw.Junction{Title: t.Faint + tabName(id) + t.Reset}))
		for _, x := range b.closeUp(id).View(t, s, w, l.second, false) {
			ends = append(ends, side+x+side)
		}
	}
	for i, x := range ends {
		if l.why > 0 {
			x += why[i] + side
		}
		out = append(out, x)
	}
	return out
}

// whyLines explain what the cursor stands on, beside it.
func (b *Board) whyLines(t *draw.Theme, s *session.Session, w, h int) []string {
	x, ok := b.Explain(s)
	if !ok {
		return draw.Fill(nil, w, h)
	}
	return b.why.Lines(whyKey{s.Version(), x.Title, w, h, *t}, func() []string {
		lines := draw.Fill(append([]string{draw.On("").Add(t.Accent, " "+x.Title).To(w)}, x.Top(t, w, h)...), w, h)
		return lines
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
