// Package categories is the close-up by surgical category: target, spending,
// what the cap cut, and whether the baseline is large enough to carry a loss.
package categories

import (
	"fmt"
	"strings"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/tui/draw"
	"bundlelab/tui/session"
)

// Pane is the list of categories. The zero value is ready.
type Pane struct {
	cursor episode.Category
	rev    int
	top    int
	cache  draw.Cache[key, []string]
}

type key struct {
	version   uint64
	rev, w, h int
	focused   bool
	theme     draw.Theme
}

// Sums are the categories of the selected row.
func Sums(s *session.Session) []session.CategorySum {
	r := s.Row()
	if r == nil || r.Result == nil {
		return nil
	}
	return s.ByCategory(r.Result, session.SmallBelow(r))
}

// Move moves the cursor n categories.
func (p *Pane) Move(s *session.Session, n int) {
	sums := Sums(s)
	if len(sums) == 0 {
		return
	}
	p.cursor = sums[max(0, min(p.place(sums)+n, len(sums)-1))].Category
	p.rev++
}

func (p *Pane) place(sums []session.CategorySum) int {
	for i := range sums {
		if sums[i].Category == p.cursor {
			return i
		}
	}
	return 0
}

// Current is the category under the cursor.
func (p *Pane) Current(s *session.Session) (session.CategorySum, bool) {
	sums := Sums(s)
	if len(sums) == 0 {
		return session.CategorySum{}, false
	}
	return sums[p.place(sums)], true
}

// View draws the list: exactly h lines of w cells.
func (p *Pane) View(t *draw.Theme, s *session.Session, w, h int, focused bool) []string {
	return p.cache.Of(key{s.Version(), p.rev, w, h, focused, *t}, func() []string {
		return p.build(t, s, w, h, focused)
	})
}

type figures struct {
	t     *draw.Theme
	sum   session.CategorySum
	base  *session.CategorySum
	below int
}

func columns(w int) (name int, cols []draw.Column[figures]) {
	const least = 8
	cols, rest := draw.Pick([]draw.Column[figures]{
		{Title: "Episodes", W: 9, Need: 8, Cell: episodes},
		{Title: "Baseline n", W: 13, Need: 2, Cell: baseline},
		{Title: "Target", W: 10, Need: 4, Cell: target},
		{Title: "Spending", W: 10, Need: 3, Cell: spending},
		{Title: "Difference", W: 11, Need: 1, Cell: difference},
		{Title: "vs base", W: 11, Need: 5, Cell: versus},
		{Title: "per episode", W: 11, Need: 7, Cell: perEpisode},
		{Title: "Cut by cap", W: 10, Need: 6, Cell: capped},
	}, w-2-least, 1)
	return least + min(rest, 22), cols
}

func (p *Pane) build(t *draw.Theme, s *session.Session, w, h int, focused bool) []string {
	sums := Sums(s)
	if len(sums) == 0 {
		return draw.Fill([]string{draw.On("").Add(t.Faint, "  no settlement under this design and track").To(w)}, w, h)
	}
	row := s.Row()
	below := session.SmallBelow(row)
	name, cols := columns(w)
	head := draw.On("").Add(t.Faint, "  "+draw.Fit("Category", name))
	out := []string{draw.Titles(head, cols, 1, t.Faint).To(w)}
	before := map[episode.Category]session.CategorySum{}
	if b := s.Base(s.Selected()); b != nil {
		for _, x := range s.ByCategory(b, below) {
			before[x.Category] = x
		}
	}
	at := p.place(sums)
	p.top = draw.Window(p.top, at, len(sums), h-1)
	for i := p.top; i < len(sums); i++ {
		f := figures{t: t, sum: sums[i], below: below}
		if b, ok := before[sums[i].Category]; ok {
			f.base = &b
		}
		out = append(out, line(&f, name, cols, w, i == at, focused))
	}
	if list := notes(sums, below); len(out)+1+len(list) <= h {
		out = append(out, draw.On("").To(w))
		for _, n := range list {
			out = append(out, draw.On("").Add(t.Faint, "  "+n).To(w))
		}
	}
	return draw.Fill(out, w, h)
}

func line(f *figures, name int, cols []draw.Column[figures], w int, here, focused bool) string {
	label := f.sum.Category.String()
	if full := label + " " + f.sum.Category.Title(); draw.Width(full) <= name {
		label = full
	}
	l := f.t.Cursor(here, focused).Add("", draw.Fit(label, name))
	return draw.Cells(l, cols, 1, f).To(w)
}

func notes(sums []session.CategorySum, below int) []string {
	out := []string{"Difference is target less spending, before quality, limits and program cost."}
	for _, x := range sums {
		if x.Between > 0 && x.Between < x.Hospitals {
			out = append(out, "~ leaves out hospitals between the two targets: nothing is owed there.")
			break
		}
	}
	for _, x := range sums {
		if x.Between == x.Hospitals {
			out = append(out, "between: spending lies between the design's two targets, so nothing is owed.")
			break
		}
	}
	for _, x := range sums {
		if x.Small > 0 {
			return append(out, fmt.Sprintf("! fewer than %d baseline episodes at a hospital: no loss is charged there.", below))
		}
	}
	return out
}

func episodes(f *figures) (string, string) { return draw.Number(f.sum.Episodes), "" }

// baseline marks categories with too few baseline episodes, and at how many of
// several hospitals.
func baseline(f *figures) (string, string) {
	n := draw.Count(f.sum.Baseline)
	switch {
	case f.sum.Small == 0:
		return n, ""
	case f.sum.Hospitals == 1:
		return "! " + n, f.t.Warn
	}
	return strings.TrimSpace(fmt.Sprintf("! %d/%d %s", f.sum.Small, f.sum.Hospitals, n)), f.t.Warn
}

func (f *figures) mark(of func(*session.CategorySum) money.Cents) string {
	if f.base == nil {
		return ""
	}
	return draw.Mark(of(&f.sum) - of(f.base))
}

func target(f *figures) (string, string) {
	if f.sum.Between == f.sum.Hospitals {
		return "two", ""
	}
	return f.mark(func(c *session.CategorySum) money.Cents { return c.Target }) + draw.Short(f.sum.Target), ""
}

func spending(f *figures) (string, string) {
	return f.mark(func(c *session.CategorySum) money.Cents { return c.Spending }) + draw.Short(f.sum.Spending), ""
}

// difference says which categories have none, and at how many of several
// hospitals.
func difference(f *figures) (string, string) {
	switch n := f.sum.Between; {
	case n == f.sum.Hospitals:
		return "between", f.t.Faint
	case n > 0:
		return fmt.Sprintf("~ %s", draw.Signed(f.sum.Difference)), f.t.Signed(f.sum.Difference)
	}
	return draw.Signed(f.sum.Difference), f.t.Signed(f.sum.Difference)
}

func versus(f *figures) (string, string) {
	if f.base == nil {
		return "no base", f.t.Faint
	}
	d := f.sum.Difference - f.base.Difference
	if d == 0 {
		return "same", f.t.Faint
	}
	return draw.Change(d), f.t.Signed(d)
}

func perEpisode(f *figures) (string, string) { return draw.Signed(f.sum.PerEpisode), "" }

func capped(f *figures) (string, string) { return draw.Short(f.sum.Capped), "" }

// Forget drops the lines kept of the last frame.
func (p *Pane) Forget() { p.cache.Forget() }
