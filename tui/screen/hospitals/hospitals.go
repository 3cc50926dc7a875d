// Package hospitals is the close-up by hospital: each one's own settlement
// under the selected design. Medicare settles with hospitals, not systems.
package hospitals

import (
	"strings"

	"bundlelab/engine"
	"bundlelab/engine/money"
	"bundlelab/tui/draw"
	"bundlelab/tui/session"
)

// Pane is the list of hospitals. The zero value is ready.
type Pane struct {
	cursor string // CCN
	filter string
	top    int
	rev    int
	cache  draw.Cache[key, []string]
}

type key struct {
	version   uint64
	rev, w, h int
	focused   bool
	theme     draw.Theme
}

func (p *Pane) list(s *session.Session) []*engine.HospitalResult {
	r := s.Row()
	if r == nil || r.Result == nil {
		return nil
	}
	var out []*engine.HospitalResult
	all := r.Result.Lined().Hospitals
	for i := range all {
		h := &all[i]
		if p.filter == "" || strings.Contains(strings.ToLower(h.CCN+" "+h.Name), strings.ToLower(p.filter)) {
			out = append(out, h)
		}
	}
	return out
}

func (p *Pane) place(list []*engine.HospitalResult) int {
	for i, h := range list {
		if h.CCN == p.cursor {
			return i
		}
	}
	return 0
}

// Move moves the cursor n hospitals.
func (p *Pane) Move(s *session.Session, n int) {
	list := p.list(s)
	if len(list) == 0 {
		return
	}
	p.cursor = list[max(0, min(p.place(list)+n, len(list)-1))].CCN
	p.rev++
}

// Current is the CCN under the cursor, "" without any.
func (p *Pane) Current(s *session.Session) string {
	list := p.list(s)
	if len(list) == 0 {
		return ""
	}
	return list[p.place(list)].CCN
}

// Filter is the text the list is filtered by.
func (p *Pane) Filter() string { return p.filter }

// SetFilter filters the list and says how many hospitals match.
func (p *Pane) SetFilter(s *session.Session, text string) int {
	p.filter = text
	p.rev++
	return len(p.list(s))
}

// View draws the list: exactly h lines of w cells.
func (p *Pane) View(t *draw.Theme, s *session.Session, w, h int, focused bool) []string {
	return p.cache.Of(key{s.Version(), p.rev, w, h, focused, *t}, func() []string {
		return p.build(t, s, w, h, focused)
	})
}

type figures struct {
	t    *draw.Theme
	h    *engine.HospitalResult
	base *engine.HospitalResult
}

func columns(w int) (name int, cols []draw.Column[figures]) {
	least := 14
	if w >= 80 {
		least = 26
	}
	cols, rest := draw.Pick([]draw.Column[figures]{
		{Title: "Track", W: 5, Left: true, Need: 2, Cell: track},
		{Title: "Episodes", W: 9, Need: 5, Cell: episodes},
		{Title: "Target", W: 10, Need: 7, Cell: target},
		{Title: "Spending", W: 10, Need: 8, Cell: spending},
		{Title: "Net payment", W: 11, Need: 1, Cell: net},
		{Title: "vs base", W: 11, Need: 4, Cell: versus},
		{Title: "per episode", W: 11, Need: 3, Cell: perEpisode},
		{Title: "Limit", W: 9, Left: true, Need: 9, Cell: limit},
		{Title: "Grade", W: 7, Left: true, Need: 6, Cell: grade},
	}, w-2-least, 1)
	return least + min(rest, 26), cols
}

func (p *Pane) build(t *draw.Theme, s *session.Session, w, h int, focused bool) []string {
	list := p.list(s)
	name, cols := columns(w)
	head := draw.On("").Add(t.Faint, "  "+draw.Fit(heading(p.filter), name))
	out := []string{draw.Titles(head, cols, 1, t.Faint).To(w)}
	if len(list) == 0 {
		out = append(out, draw.On("").Add(t.Faint, "  no hospital to show").To(w))
		return draw.Fill(out, w, h)
	}
	before := map[string]*engine.HospitalResult{}
	if b := s.Base(s.Selected()); b != nil {
		all := b.Lined().Hospitals
		for i := range all {
			before[all[i].CCN] = &all[i]
		}
	}
	at := p.place(list)
	p.top = draw.Window(p.top, at, len(list), h-1)
	for i := p.top; i < len(list) && len(out) < h; i++ {
		out = append(out, line(&figures{t, list[i], before[list[i].CCN]}, name, cols, w, i == at, focused))
	}
	if s.Hospital() != "" && len(out)+2 <= h {
		out = append(out, draw.On("").To(w), draw.On("").Add(t.Faint, "  one hospital is looked at; esc shows all").To(w))
	}
	return draw.Fill(out, w, h)
}

func heading(filter string) string {
	if filter != "" {
		return "/ " + filter
	}
	return "Hospital"
}

func line(f *figures, name int, cols []draw.Column[figures], w int, here, focused bool) string {
	l := f.t.Cursor(here, focused).Add("", draw.Fit(draw.Clean(f.h.CCN+" "+f.h.Name), name))
	return draw.Cells(l, cols, 1, f).To(w)
}

func track(f *figures) (string, string) { return f.h.Track, "" }

func episodes(f *figures) (string, string) { return draw.Number(f.h.Episodes), "" }

func (f *figures) mark(of func(*engine.HospitalResult) money.Cents) string {
	if f.base == nil {
		return ""
	}
	return draw.Mark(of(f.h) - of(f.base))
}

func target(f *figures) (string, string) {
	of := func(h *engine.HospitalResult) money.Cents { return h.Ledger.Target }
	return f.mark(of) + draw.Short(f.h.Ledger.Target), ""
}

func spending(f *figures) (string, string) {
	of := func(h *engine.HospitalResult) money.Cents { return h.Ledger.Spending }
	return f.mark(of) + draw.Short(f.h.Ledger.Spending), ""
}

func net(f *figures) (string, string) {
	n := f.h.Ledger.Net
	return draw.Signed(n), f.t.Signed(n)
}

func versus(f *figures) (string, string) {
	if f.base == nil {
		return "no base", f.t.Faint
	}
	d := f.h.Ledger.Net - f.base.Ledger.Net
	if d == 0 {
		return "same", f.t.Faint
	}
	return draw.Change(d), f.t.Signed(d)
}

func perEpisode(f *figures) (string, string) { return draw.Signed(f.h.PerEpisode), "" }

func limit(f *figures) (string, string) {
	switch {
	case f.h.Ledger.GainBinds:
		return "stop-gain", f.t.Warn
	case f.h.Ledger.LossBinds:
		return "stop-loss", f.t.Warn
	}
	return "", ""
}

func grade(f *figures) (string, string) {
	return f.h.Ledger.Evidence.Short(), f.t.Grade(session.Doubtful(f.h.Ledger.Evidence))
}

// Forget drops the lines kept of the last frame.
func (p *Pane) Forget() { p.cache.Forget() }
