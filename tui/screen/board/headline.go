package board

import (
	"cmp"
	"fmt"
	"slices"

	"bundlelab/engine"
	"bundlelab/tui/draw"
	"bundlelab/tui/screen/explain"
	"bundlelab/tui/session"
)

// phrase is a part of the headline in its forms, the longest first. A part
// without room for its shortest form is left out: half an amount misleads.
type phrase struct {
	need  int // 0 is the last to go
	style string
	forms []string
}

// extra is the first need of parts that only take room nobody else wants.
const extra = 6

// headline is the answer in a sentence: what the selected row pays, against
// the base, what that rests on, and how well it is known.
func (b *Board) headline(t *draw.Theme, s *session.Session, w int) string {
	row := s.Row()
	l := draw.On("").Add("", " ")
	if row == nil {
		return l.Add(t.Faint, "no designs").To(w)
	}
	l.Add(t.Bold, session.Name(row))
	if row.Result == nil {
		return l.Add("", " ").Add(t.Warn, "✗ ").Add("", session.Brief(row.Err)).To(w)
	}
	grade := " evidence: " + row.Result.Evidence.String() + " "
	if w < 100 {
		grade = " " + row.Result.Evidence.String() + " "
	}
	parts := phrases(t, s, row)
	for i, text := range choose(parts, w-l.Width()-draw.Width(grade)) {
		l.Add(parts[i].style, text)
	}
	return l.To(w-draw.Width(grade)) + t.Warn + grade + t.Reset
}

// phrases are the parts of the headline behind the row's name, in order.
func phrases(t *draw.Theme, s *session.Session, row *engine.Row) []phrase {
	r := row.Result
	var out []phrase
	if s.Ruled(row) {
		out = append(out, phrase{extra, t.Faint, []string{" by rule"}})
	}
	out = append(out,
		phrase{2, "", []string{" · " + r.Period.ID}},
		phrase{extra + 1, "", []string{fmt.Sprintf(" · %d days", r.EpisodeDays)}},
		yearPhrase(r, s.Model().Panel().DataYear()),
		phrase{0, "", []string{": "}},
		phrase{1, t.Signed(r.Net), []string{explain.Pays(row.Design, r.Net)}})
	if own, ok := session.Own(row); ok {
		out = append(out, phrase{1, t.Signed(own), []string{" · the hospital's own " + draw.Signed(own), " · hospital " + draw.Signed(own)}})
	}
	if base := s.Base(session.ID(row)); base != nil && base.Net != r.Net {
		d := r.Net - base.Net
		out = append(out, phrase{3, t.Signed(d), []string{"  " + draw.Change(d) + " vs base", "  " + draw.Change(d)}})
	}
	n, scaled := 0, 0
	for _, c := range r.Sources {
		n += c.Episodes
		if c.Source == "scaled" {
			scaled = c.Episodes
		}
	}
	if r.CutShort > 0 {
		some := draw.Count(r.CutShort) + " of " + draw.Count(n)
		out = append(out, phrase{4, t.Warn, []string{" · " + some + " cut short", " · " + draw.Count(r.CutShort) + " cut short", " · " + draw.Count(r.CutShort) + " cut"}})
	}
	if scaled > 0 {
		some := draw.Count(scaled) + " of " + draw.Count(n) + " targets estimated (scaled)"
		if scaled == n {
			some = "targets estimated (scaled)"
		}
		out = append(out, phrase{5, t.Warn, []string{" · " + some, " · targets estimated", " · estimated", " · est."}})
	}
	if _, apart := session.Own(row); !apart && r.HospitalNet != r.Net {
		out = append(out, phrase{extra + 2, t.Faint, []string{"  hospital keeps " + draw.Signed(r.HospitalNet)}})
	}
	return out
}

// yearPhrase says whose episodes count; one that is not the data's own year
// must be seen.
func yearPhrase(r *engine.DesignResult, year int) phrase {
	text := fmt.Sprintf(" · episodes of %d", r.DataYear)
	if r.DataYear == year {
		return phrase{extra + 1, "", []string{text}}
	}
	return phrase{4, "", []string{text, fmt.Sprintf(" · of %d", r.DataYear)}}
}

// choose gives each part the longest form that room cells allow, "" for none:
// first every needed part its shortest, then what is left to those needed
// most, and to the extras last.
func choose(parts []phrase, room int) []string {
	out := make([]string, len(parts))
	order := make([]int, len(parts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(parts[a].need, parts[b].need) })
	for _, i := range order {
		f := parts[i].forms
		if parts[i].need >= extra {
			continue
		}
		if short := f[len(f)-1]; draw.Width(short) <= room {
			out[i] = short
			room -= draw.Width(short)
		}
	}
	for _, i := range order {
		for _, long := range parts[i].forms {
			if more := draw.Width(long) - draw.Width(out[i]); (out[i] != "" || parts[i].need >= extra) && more <= room {
				out[i] = long
				room -= more
				break
			}
		}
	}
	return out
}
