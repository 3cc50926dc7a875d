package explain

import (
	"bundlelab/tui/draw"
	"bundlelab/tui/term"
)

// Scroll is an explanation in a box, with a place in it.
type Scroll struct {
	text Text
	top  int
	last int // the furthest top, as drawn
}

// Show opens an explanation.
func Show(x Text) *Scroll { return &Scroll{text: x} }

// Renew takes a newer text in the same place.
func (s *Scroll) Renew(x Text) { s.text = x }

// Key scrolls, and says whether the box closes.
func (s *Scroll) Key(k term.Key) bool {
	switch k.Name {
	case "esc", "enter", "q", "backspace":
		return true
	case "up", "k":
		s.move(-1)
	case "down", "j":
		s.move(1)
	case "pgup", "ctrl+b":
		s.move(-10)
	case "pgdown", "ctrl+f", " ":
		s.move(10)
	case "g", "home":
		s.top = 0
	case "G", "end":
		s.top = s.last
	}
	return false
}

func (s *Scroll) move(n int) { s.top = max(0, min(s.top+n, s.last)) }

// View draws the box inside w by h cells.
func (s *Scroll) View(t *draw.Theme, w, h int) []string {
	inner := max(20, min(w-6, 110))
	lines := s.text.Lay(t, inner)
	room := max(1, min(h-5, len(lines)))
	s.last = len(lines) - room
	s.top = min(s.top, s.last)
	foot := "esc closes"
	if s.last > 0 {
		foot = "↑ ↓ scroll · " + foot
		if s.top < s.last {
			foot = "more below · " + foot
		}
	}
	out := append([]string(nil), lines[s.top:s.top+room]...)
	out = append(out, draw.On("").Add(t.Faint, " "+foot).To(inner))
	return t.Box(s.text.Title, out, inner)
}
