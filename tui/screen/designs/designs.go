// Package designs is the table of the board: the same episodes settled under
// every design and track, and the rule where one forbids it.
package designs

import (
	"strings"

	"bundlelab/engine"
	"bundlelab/tui/draw"
	"bundlelab/tui/session"
)

// Pane is the table. The zero value is ready.
type Pane struct {
	top    int
	filter string
	rev    int
	cache  draw.Cache[key]
}

type key struct {
	version   uint64
	rev, w, h int
	focused   bool
	theme     draw.Theme
}

// Title is a row's name: "TEAM Track 3".
func Title(r *engine.Row) string {
	name := r.Design.Name
	if r.Track.Name != "" {
		name += " " + r.Track.Name
	} else if r.Track.ID != "" {
		name += " track " + r.Track.ID
	}
	return name
}

// title is the name as it fits: "TEAM T3" where the track has no room.
func title(r *engine.Row, w int) string {
	full := Title(r)
	if draw.Width(full)+2 <= w {
		return full
	}
	return r.Design.Name + strings.Replace(strings.TrimPrefix(full, r.Design.Name), " Track ", " T", 1)
}

// marked is a row's name in w cells with a mark behind it where the rule picks
// its track; the mark is words where they fit.
func marked(r *engine.Row, ruled bool, w int) string {
	if !ruled {
		return title(r, w)
	}
	for _, name := range []string{Title(r), title(r, 0)} {
		for _, mark := range []string{" by rule", " rule"} {
			if draw.Width(name+mark) <= w {
				return name + mark
			}
		}
	}
	return draw.Fit(title(r, 0), w-2) + " •"
}

// rows are the indices of the rows shown.
func (p *Pane) rows(s *session.Session) []int {
	var out []int
	for i := range s.Rows() {
		if p.filter == "" || strings.Contains(strings.ToLower(Title(&s.Rows()[i])), strings.ToLower(p.filter)) {
			out = append(out, i)
		}
	}
	return out
}

// Move moves the selection n rows.
func (p *Pane) Move(s *session.Session, n int) {
	rows := p.rows(s)
	if len(rows) == 0 {
		return
	}
	at := max(0, min(p.place(s, rows)+n, len(rows)-1))
	s.Select(session.ID(&s.Rows()[rows[at]]))
}

func (p *Pane) place(s *session.Session, rows []int) int {
	for i, r := range rows {
		if session.ID(&s.Rows()[r]) == s.Selected() {
			return i
		}
	}
	return 0
}

// Filter is the text the table is filtered by.
func (p *Pane) Filter() string { return p.filter }

// SetFilter filters the table, keeps the selection inside it, and says how
// many rows match.
func (p *Pane) SetFilter(s *session.Session, text string) int {
	p.filter = text
	p.rev++
	p.Move(s, 0)
	return len(p.rows(s))
}

// figures are what a row's cells read.
type figures struct {
	t    *draw.Theme
	r    *engine.DesignResult
	sum  session.Totals
	base *session.Totals
}

func (f *figures) change(of func(*session.Totals) int64) string {
	if f.base == nil {
		return ""
	}
	d := of(&f.sum) - of(f.base)
	switch {
	case d > 0:
		return "▲ "
	case d < 0:
		return "▼ "
	}
	return ""
}

// columns picks those that fit; what is left over widens the name.
func columns(w, longest int) (name int, cols []draw.Column[figures]) {
	least := max(16, min(longest, 24, w-44))
	cols, rest := draw.Pick([]draw.Column[figures]{
		{Title: "Days", W: 4, Need: 6, Cell: days},
		{Title: "Target", W: 10, Need: 4, Cell: target},
		{Title: "Spending", W: 10, Need: 5, Cell: spending},
		{Title: "Net payment", W: 11, Need: 1, Cell: net},
		{W: 15, Left: true, Need: 8, Cell: words},
		{Title: "vs base", W: 12, Need: 2, Cell: versus},
		{Title: "per episode", W: 11, Need: 7, Cell: perEpisode},
		{Title: "Grade", W: 7, Left: true, Need: 3, Cell: grade},
	}, w-2-least, 2)
	return least + min(rest, 10), cols
}

// Forget drops the lines kept of the last frame.
func (p *Pane) Forget() { p.cache.Forget() }
