// Package picker is a list to choose from by typing: the palette, the help,
// the scenarios and the hospitals.
package picker

import (
	"fmt"
	"strings"

	"github.com/sahilm/fuzzy"

	"bundlelab/tui/draw"
	"bundlelab/tui/screen/prompt"
	"bundlelab/tui/term"
)

// Item is one choice.
type Item struct {
	ID     string // what the caller knows it by
	Title  string
	Detail string // faint, behind the title
	Key    string // at the right
	Off    string // why it cannot be chosen; "" when it can
}

// Picker is an open list.
type Picker struct {
	title string
	items []Item
	free  func(string) []Item // choices made from the text typed
	fuzzy bool
	field prompt.Field
	shown []Item
	at    int
	top   int
}

// New opens a list. With loose matching letters may lie apart; else the text
// must occur, and a leading "~" asks for loose.
func New(title string, items []Item, loose bool, free func(string) []Item) *Picker {
	p := &Picker{title: title, items: items, free: free, fuzzy: loose}
	p.match()
	return p
}

// Outcome is what a key led to.
type Outcome struct {
	Closed bool
	Chosen *Item // nil when nothing was chosen
}

// Key moves, types, chooses or closes.
func (p *Picker) Key(k term.Key) Outcome {
	switch k.Name {
	case "esc":
		return Outcome{Closed: true}
	case "enter":
		if p.at < len(p.shown) && p.shown[p.at].Off == "" {
			return Outcome{true, &p.shown[p.at]}
		}
	case "up", "ctrl+p":
		p.move(-1)
	case "down", "ctrl+n":
		p.move(1)
	case "pgup":
		p.move(-10)
	case "pgdown":
		p.move(10)
	case "home":
		p.move(-len(p.shown))
	case "end":
		p.move(len(p.shown))
	default:
		if p.field.Key(k) {
			p.match()
		}
	}
	return Outcome{}
}

func (p *Picker) move(n int) { p.at = max(0, min(p.at+n, len(p.shown)-1)) }

// match lists the items that fit the text, the best first when loose.
func (p *Picker) match() {
	text := strings.TrimSpace(p.field.Text())
	p.at, p.top = 0, 0
	p.shown = nil
	if p.free != nil {
		p.shown = p.free(text)
	}
	loose := p.fuzzy
	if rest, ok := strings.CutPrefix(text, "~"); ok {
		text, loose = rest, true
	}
	switch {
	case text == "":
		p.shown = append(p.shown, p.items...)
	case loose:
		words := make([]string, len(p.items))
		for i, it := range p.items {
			words[i] = it.Title + " " + it.Detail
		}
		for _, m := range fuzzy.Find(strings.ReplaceAll(text, " ", ""), words) {
			p.shown = append(p.shown, p.items[m.Index])
		}
	default:
		for _, it := range p.items {
			if strings.Contains(strings.ToLower(it.Title+" "+it.Detail+" "+it.Key), strings.ToLower(text)) {
				p.shown = append(p.shown, it)
			}
		}
	}
}

// View draws the list as a box inside w by h cells.
func (p *Picker) View(t *draw.Theme, w, h int) []string {
	inner := max(20, min(w-6, 96))
	room := max(1, min(h-6, max(len(p.items), 6)))
	count := fmt.Sprintf("%d of %d", min(p.at+1, len(p.shown)), len(p.shown))
	l := draw.On("").Add(t.Accent, " > ")
	p.field.Add(l, t, inner-6-len(count))
	l.Raw(draw.Spaces(inner-l.Width()-len(count)-1), max(0, inner-l.Width()-len(count)-1))
	lines := []string{l.Add(t.Faint, count+" ").To(inner), t.Border + strings.Repeat("─", inner) + t.Reset}
	p.top = draw.Window(p.top, p.at, len(p.shown), room)
	for i := p.top; i < len(p.shown) && i < p.top+room; i++ {
		lines = append(lines, line(t, &p.shown[i], inner, i == p.at))
	}
	if len(p.shown) == 0 {
		lines = append(lines, draw.On("").Add(t.Faint, "  nothing matches").To(inner))
	}
	return t.Box(p.title, draw.Fill(lines, inner, room+2), inner)
}

func line(t *draw.Theme, it *Item, w int, here bool) string {
	l := t.Cursor(here, here)
	tail := it.Key
	if tail != "" {
		tail = "  " + tail
	}
	room := w - l.Width() - draw.Width(tail) - 1
	title := it.Title
	if draw.Width(title) > room {
		title = draw.Fit(title, room)
	}
	style := ""
	detail := it.Detail
	if it.Off != "" {
		style, detail = t.Faint, it.Off
	}
	l.Add(style, title)
	room -= draw.Width(title)
	if detail != "" && room > 6 {
		l.Add(t.Faint, "  "+strings.TrimRight(draw.Fit(detail, room-2), " "))
	}
	if gap := w - l.Width() - draw.Width(tail) - 1; gap > 0 {
		l.Add("", draw.Spaces(gap))
	}
	return l.Add(t.Accent, tail).To(w)
}
