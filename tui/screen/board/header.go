package board

import (
	"bundlelab/tui/draw"
	"bundlelab/tui/session"
)

// header says where the numbers are from and which scenario is in hand. On a
// narrow screen the synthetic mark stays and the rest gives way.
func (b *Board) header(t *draw.Theme, s *session.Session, w int) string {
	p := s.Model().Panel()
	name := s.Scenario().Name
	if s.Unsaved() {
		name += " *"
	}
	left := draw.On("").Add(t.Bold, " bundlelab").Add("", "  ")
	mark := ""
	if b.Synthetic || p.Synthetic {
		mark = " SYNTHETIC DATA "
	}
	title := draw.Clean(b.Title)
	if title == "" && len(p.Hospitals) == 1 {
		if title = draw.Clean(p.Hospitals[0].Name); title == "" {
			title = p.Hospitals[0].CCN
		}
	}
	facts := draw.Of(len(p.Hospitals), "hospital") + " · " + draw.Of(len(p.Episodes), "episode")
	right := "scenario: " + draw.Clean(name) + " "
	if long := "scenario: " + draw.Clean(name) + "   base: " + draw.Clean(s.BaseName()) + " "; draw.Width(long+title+facts+mark)+20 <= w && draw.Width(long) <= w/2 {
		right = long
	}
	if draw.Width(right) > w/2 {
		right = draw.Fit(right, w/2)
	}
	room := w - left.Width() - draw.Width(mark) - draw.Width(right) - 2
	left.Add("", pickText(room, title, facts))
	if mark != "" {
		left.Add("", " ").Add(t.Reverse, mark)
	}
	gap := w - left.Width() - draw.Width(right)
	return left.Add("", draw.Spaces(gap)).Add(t.Faint, right).To(w)
}

// pickText joins a title and facts as far as the room goes.
func pickText(room int, title, facts string) string {
	if title == "" {
		title, facts = facts, ""
	}
	if both := title + " · " + facts; facts != "" && draw.Width(both) <= room {
		return both
	}
	if room < 6 {
		return ""
	}
	return draw.Fit(title, min(room, draw.Width(title)))
}
