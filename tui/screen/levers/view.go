package levers

import (
	"fmt"
	"strings"

	"bundlelab/engine/lever"
	"bundlelab/tui/draw"
	"bundlelab/tui/session"
)

// View draws the pane: exactly h lines of w cells.
func (p *Pane) View(t *draw.Theme, s *session.Session, w, h int, focused bool) []string {
	return p.cache.Of(key{s.Version(), p.rev, w, h, focused, *t}, func() []string {
		return p.build(t, s, w, h, focused)
	})
}

func (p *Pane) build(t *draw.Theme, s *session.Session, w, h int, focused bool) []string {
	var out []string
	if h > 8 {
		out = append(out, selector(t, "hospital", hospitalName(s), "H", w), selector(t, "category", categoryName(s), "c", w))
	}
	if p.filter != "" {
		out = append(out, draw.On("").Add(t.Accent, " / "+p.filter).To(w))
	}
	items := p.items(s)
	at := p.place(items)
	room := h - len(out)
	p.top = draw.Window(p.top, max(at, 0), len(items), room)
	if at > 0 && p.top == at && items[at-1].def == nil && room > 1 {
		p.top-- // the heading above the cursor belongs to it
	}
	for i := p.top; i < len(items) && len(out) < h; i++ {
		out = append(out, p.line(t, s, items, i, w, i == at, focused))
	}
	if len(items) == 0 && len(out) < h {
		out = append(out, draw.On("").Add(t.Faint, " no lever matches; esc clears").To(w))
	}
	return draw.Fill(out, w, h)
}

func selector(t *draw.Theme, what, value, key string, w int) string {
	l := draw.On("").Add(t.Faint, " "+what+" ")
	room := w - l.Width() - len(key) - 2
	l.Add(t.Bold, draw.Fit(value, room))
	return l.Add(t.Faint, " "+key).To(w)
}

func hospitalName(s *session.Session) string {
	all := s.Model().Panel().Hospitals
	ccn := s.Hospital()
	if ccn == "" {
		return fmt.Sprintf("all %d", len(all))
	}
	if i, ok := s.Model().Panel().FindHospital(ccn); ok && all[i].Name != "" {
		return ccn + " " + all[i].Name
	}
	return ccn
}

func categoryName(s *session.Session) string {
	if c := s.Category(); c != 0 {
		return c.String()
	}
	return "all"
}

// shown is all that a line is drawn from.
type shown struct {
	item
	reading                      session.Reading
	inside                       string // the bundle that a heading's levers act on
	stretch, idle, here, focused bool
	w                            int
	theme                        draw.Theme
}

func (p *Pane) line(t *draw.Theme, s *session.Session, items []item, i, w int, here, focused bool) string {
	x := shown{item: items[i], here: here, focused: focused, w: w, theme: *t}
	switch d := x.def; {
	case d != nil:
		x.reading, x.stretch, x.idle = s.Read(d), s.Stretch(d) != "", s.Idle(d) != ""
	case x.more == 0:
		if in := s.Inside(&lever.Def{Group: x.group}); in != nil {
			x.inside = in.Name
		}
	}
	return p.drawn.At(i).Of(x, x.draw)
}

func (x *shown) draw() string {
	t := &x.theme
	l := t.Cursor(x.here, x.focused)
	switch {
	case x.def == nil && x.more == 0:
		l = draw.On("").Add(t.Title, " "+title(x.group))
		if x.inside != "" {
			l.Add(t.Faint, " in "+x.inside+" inside")
		}
		return l.To(x.w)
	case x.def == nil && x.off != "" && x.more > 0:
		return l.Add(t.Faint, title(x.group)+" "+strings.TrimPrefix(x.off, "acts ")).To(x.w)
	case x.def == nil:
		return l.Add(t.Faint, x.text()).To(x.w)
	}
	r := x.reading
	value := r.Text
	if r.More > 0 {
		value += fmt.Sprintf(" +%d", r.More)
	}
	if x.here && x.focused {
		value = "◂ " + value + " ▸"
	}
	if x.stretch {
		value = "! " + value
	}
	value = draw.Fit(value, min(draw.Width(value), x.w-9))
	style, name := t.Faint, ""
	switch {
	case x.idle:
		name = t.Faint
	case r.Set:
		style = t.Bold
	case r.From == "base":
		style = ""
	}
	label := x.w - l.Width() - draw.Width(value) - 3
	l.Add(name, draw.Fit(x.def.Title, label)+" ").Add(style, value)
	if x.idle && r.Change == 0 {
		return l.Add(t.Faint, " –").To(x.w)
	}
	return l.Add(changeStyle(t, r.Change), " "+changeMark(r)).To(x.w)
}

func changeMark(r session.Reading) string {
	switch r.Change {
	case 1:
		return "▲"
	case -1:
		return "▼"
	case 2:
		return "≠"
	}
	if r.Set {
		return "·"
	}
	return " "
}

func changeStyle(t *draw.Theme, n int) string {
	if n != 0 {
		return t.Accent
	}
	return ""
}

// Where says what the lever in hand is set for: hospital, category and, where
// the design settles a bundle inside it, that bundle.
func Where(s *session.Session, d *lever.Def) string {
	if in := s.Inside(d); in != nil {
		return whom(s, d) + ", in " + in.Name + " inside"
	}
	return whom(s, d)
}

func whom(s *session.Session, d *lever.Def) string {
	k := s.Key(d)
	hospital := "all hospitals"
	if k.Hospital != "" {
		hospital = "this hospital alone"
	}
	switch {
	case k.Category != 0 && k.Hospital == "":
		return "for " + k.Category.Title()
	case k.Category != 0:
		return "for " + k.Category.Title() + " at " + hospital
	case d.Scope == lever.PerCategory && k.Hospital == "":
		return "for all categories"
	case d.Scope == lever.PerCategory:
		return "for all categories at " + hospital
	}
	return "for " + hospital
}

// Describe is the sentence under the board about the lever in hand.
func Describe(s *session.Session, d *lever.Def) string {
	text := fmt.Sprintf("%s: %s, %s; %s; unset: %s", d.Title, d.Meaning, Where(s, d), session.Range(d), d.Baseline)
	if why := s.Idle(d); why != "" {
		text = "– " + d.Title + " moves nothing here: " + why + ". " + d.Meaning + ", " + Where(s, d) + "; " + session.Range(d)
	}
	if why := s.Stretch(d); why != "" {
		return "! " + d.Title + " " + s.Read(d).Text + " " + why + ": allowed, and a stretch. " + d.Meaning + ", " + Where(s, d)
	}
	if d.Evidence != "" {
		text += " (known: " + d.Evidence + ")"
	}
	return text
}
