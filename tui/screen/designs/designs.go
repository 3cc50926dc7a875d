// Package designs is the table of the board: the same episodes settled under
// every design and track, family by family, and the rule where one forbids it.
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
	cache  draw.Cache[key, []string]
	list   [2]draw.Cache[listKey, []entry] // without headings and with them
	shape  draw.Cache[shapeKey, shape]
}

type listKey struct {
	version uint64
	rev     int
}

type key struct {
	version   uint64
	rev, w, h int
	focused   bool
	theme     draw.Theme
}

// title is a row's name in the longest form that fits: "TEAM Track 3", "TEAM
// T3"; what a track's name says in brackets goes first.
func title(r *engine.Row, w int) string {
	full := session.Name(r)
	if draw.Width(full) <= w {
		return full
	}
	plain, _, _ := strings.Cut(full, " (")
	if draw.Width(plain) <= w {
		return plain
	}
	switch id := r.Track.ID; {
	case id == "":
	case id[0] >= '0' && id[0] <= '9':
		return r.Design.Name + " T" + id
	default:
		return r.Design.Name + " " + id
	}
	return full
}

// marked is a row's name in w cells with a mark behind it where the rule picks
// its track; the mark is words where they fit.
func marked(r *engine.Row, ruled bool, w int) string {
	if !ruled {
		return title(r, w)
	}
	for _, name := range []string{title(r, 1<<10), title(r, 0)} {
		for _, mark := range []string{" by rule", " rule"} {
			if draw.Width(name+mark) <= w {
				return name + mark
			}
		}
	}
	return draw.Fit(title(r, 0), w-2) + " •"
}

// entry is one line of the table: a row, a note under it, or the heading of a
// family.
type entry struct {
	row    int
	family session.Family
	head   bool
	note   bool
}

// lines are the entries of the table with the notes under the rows.
func (p *Pane) lines(s *session.Session, heads bool) []entry {
	kept := &p.list[0]
	if heads {
		kept = &p.list[1]
	}
	return kept.Of(listKey{s.Version(), p.rev}, func() []entry {
		rows := p.entries(s, heads)
		out := make([]entry, 0, len(rows)+4) // few rows have a note
		for _, e := range rows {
			out = append(out, e)
			if e.head {
				continue
			}
			if _, ok := session.Own(&s.Rows()[e.row]); ok {
				out = append(out, entry{row: e.row, family: e.family, note: true})
			}
		}
		return out
	})
}

// entries are the rows of the table, with headings or without.
func (p *Pane) entries(s *session.Session, heads bool) []entry {
	out := make([]entry, 0, len(s.Rows())+8) // and the families
	last := session.Family(-1)
	for i := range s.Rows() {
		r := &s.Rows()[i]
		f := session.FamilyOf(r.Design)
		if !p.matches(r, f) {
			continue
		}
		if heads && f != last {
			out = append(out, entry{family: f, head: true, row: -1})
		}
		last = f
		out = append(out, entry{row: i, family: f})
	}
	return out
}

func (p *Pane) matches(r *engine.Row, f session.Family) bool {
	return p.filter == "" || strings.Contains(strings.ToLower(session.Name(r)+" "+f.String()+" "+r.Design.ID), strings.ToLower(p.filter))
}

// Move moves the selection n rows.
func (p *Pane) Move(s *session.Session, n int) {
	rows := p.entries(s, false)
	if len(rows) == 0 {
		return
	}
	at := max(0, min(max(0, p.place(s, rows))+n, len(rows)-1))
	s.Select(session.ID(&s.Rows()[rows[at].row]))
}

// place is the line of the selected row, -1 when it is filtered out.
func (p *Pane) place(s *session.Session, list []entry) int {
	for i, e := range list {
		if !e.head && !e.note && session.ID(&s.Rows()[e.row]) == s.Selected() {
			return i
		}
	}
	return -1
}

// Filter is the text the table is filtered by.
func (p *Pane) Filter() string { return p.filter }

// SetFilter filters the table, keeps the selection inside it, and says how
// many rows match.
func (p *Pane) SetFilter(s *session.Session, text string) int {
	p.filter = text
	p.rev++
	p.Move(s, 0)
	return len(p.entries(s, false))
}

// Forget drops the lines kept of the last frame.
func (p *Pane) Forget() {
	p.cache.Forget()
	p.list = [2]draw.Cache[listKey, []entry]{}
	p.shape.Forget()
}
