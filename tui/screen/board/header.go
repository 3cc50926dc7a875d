package board

import (
	"fmt"

	"bundlelab/tui/draw"
	"bundlelab/tui/screen/designs"
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
	facts := fmt.Sprintf("%d hospitals · %s episodes", len(p.Hospitals), draw.Count(len(p.Episodes)))
	right := "scenario: " + draw.Clean(name) + " "
	if long := "scenario: " + draw.Clean(name) + "   base: " + draw.Clean(s.BaseName()) + " "; draw.Width(long+title+facts+mark)+20 <= w {
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
	if both := title + " · " + facts; title != "" && draw.Width(both) <= room {
		return both
	}
	if room < 6 || title == "" {
		return ""
	}
	return draw.Fit(title, min(room, draw.Width(title)))
}

// headline is the answer in a sentence: what the selected row pays, against
// the base, and how well it is known.
func (b *Board) headline(t *draw.Theme, s *session.Session, w int) string {
	row := s.Row()
	l := draw.On("").Add("", " ")
	if row == nil {
		return l.Add(t.Faint, "no designs").To(w)
	}
	l.Add(t.Bold, designs.Title(row))
	if row.Result == nil {
		return l.Add("", " ").Add(t.Warn, "✗ ").Add("", session.Brief(row.Err)).To(w)
	}
	r := row.Result
	grade := " evidence: " + r.Evidence.String() + " "
	if w < 100 {
		l.Add("", fmt.Sprintf(" %s: ", r.Period.ID))
	} else {
		l.Add("", fmt.Sprintf(" · %s · %d days · episodes of %d: ", r.Period.ID, r.EpisodeDays, r.DataYear))
	}
	l.Add(t.Signed(r.Net), draw.Pays(r.Net))
	if base := s.Base(session.ID(row)); base != nil && base.Net != r.Net {
		change := " " + draw.Change(r.Net-base.Net)
		if l.Width()+draw.Width(change)+len(" vs base")+len(grade) < w {
			change += " vs base"
		}
		l.Add("", " ").Add(t.Signed(r.Net-base.Net), change)
	}
	if r.HospitalNet != r.Net {
		text := "  hospital keeps " + draw.Signed(r.HospitalNet)
		if l.Width()+len(text)+len(grade) < w {
			l.Add(t.Faint, text)
		}
	}
	return l.To(w-len(grade)) + t.Warn + grade + t.Reset
}
