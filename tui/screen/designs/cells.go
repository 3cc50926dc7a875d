package designs

import (
	"strconv"

	"bundlelab/engine"
	"bundlelab/engine/policy"
	"bundlelab/tui/draw"
	"bundlelab/tui/session"
)

// figures are what a row's cells read.
type figures struct {
	t      *draw.Theme
	design *policy.Design
	r      *engine.DesignResult
	sum    session.Totals
	base   *session.Totals
	all    int // categories in the data
	year   int // the data year of the headline
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

// shape is what the table's columns are at a width.
type shape struct {
	name int // cells of the names
	cols []draw.Column[figures]
	gap  int
}

type shapeKey struct {
	w, longest int
	years      bool
}

// columns picks those that fit; what is left over widens the name. On a narrow
// table the change against the base is an arrow at the net payment.
func columns(w, longest int, years bool) shape {
	gap := 2
	if w < 130 {
		gap = 1
	}
	least := max(16, min(longest, 21, w-30))
	days := draw.Column[figures]{Title: "Days", W: 4, Need: 6, Cell: days}
	counts := draw.Column[figures]{Title: "Counts", W: 9, Left: true, Need: 7, Cell: counts}
	if w < 100 {
		days.Title, days.W = "Day", 3
		counts.W, counts.Cell = 6, briefly
	}
	if years {
		counts.W += len(", 2026")
	}
	all := []draw.Column[figures]{
		{Title: "Period", W: 9, Left: true, Need: 4, Cell: period},
		days, counts,
		{Title: "Target", W: 10, Need: 8, Cell: target},
		{Title: "Spending", W: 10, Need: 9, Cell: spending},
		{Title: "Net payment", W: 11, Need: 1, Cell: net},
		{W: wordsWidth, Left: true, Need: 11, Cell: words},
		{Title: "vs base", W: 12, Need: 3, Cell: versus},
		{Title: "per episode", W: 11, Need: 10, Cell: perEpisode},
		{Title: "Grade", W: 7, Left: true, Need: 2, Cell: grade},
	}
	room := w - 2 - least
	if w < 100 {
		all[0].W, all[0].Cell = 8, shortPeriod
		if w < 60 {
			all[0].W = 7
		}
		all[7].W, all[8].W, all[8].Title = 11, 8, "per ep."
	}
	if room < 12+8+11+7 {
		all[5].Cell = arrowed
		all = append(all[:7:7], all[8:]...)
	}
	cols, rest := draw.Pick(all, room, gap)
	return shape{least + min(rest, max(0, min(longest, 52)-least)), cols, gap}
}

func period(f *figures) (string, string) { return f.r.Period.ID, "" }

func shortPeriod(f *figures) (string, string) { return years(f.r.Period.ID), "" }

// years writes a span of years short: "2013-18".
func years(id string) string {
	if len(id) == 9 && id[4] == '-' && id[:2] == id[5:7] {
		return id[:5] + id[7:]
	}
	return id
}

func days(f *figures) (string, string) { return strconv.Itoa(f.r.EpisodeDays), "" }

// counts says which categories of the data the design counts, and of which
// year where that is not the headline's.
func counts(f *figures) (string, string) {
	text := f.counted()
	if len(f.sum.Categories) == 1 && f.all > 1 {
		text += " only"
	}
	return text + f.ofYear(), ""
}

func briefly(f *figures) (string, string) { return f.counted() + f.ofYear(), "" }

func (f *figures) counted() string {
	if len(f.sum.Categories) == 1 {
		return f.sum.Categories[0].String()
	}
	return strconv.Itoa(len(f.sum.Categories)) + " of " + strconv.Itoa(f.all)
}

func (f *figures) ofYear() string {
	if f.r.DataYear == f.year {
		return ""
	}
	return ", " + strconv.Itoa(f.r.DataYear)
}

func target(f *figures) (string, string) {
	return f.change(func(t *session.Totals) int64 { return int64(t.Target) }) + draw.Short(f.sum.Target), ""
}

func spending(f *figures) (string, string) {
	return f.change(func(t *session.Totals) int64 { return int64(t.Spending) }) + draw.Short(f.sum.Spending), ""
}

func net(f *figures) (string, string) {
	return draw.Signed(f.sum.Net), f.t.Signed(f.sum.Net)
}

func arrowed(f *figures) (string, string) {
	return f.change(func(t *session.Totals) int64 { return int64(t.Net) }) + draw.Signed(f.sum.Net), f.t.Signed(f.sum.Net)
}

// wordsWidth fits what words says.
const wordsWidth = 17

// words say short what the design's own words for the sign of a net payment
// say.
func words(f *figures) (string, string) {
	style := f.t.Signed(f.sum.Net)
	paid, owed := f.design.Payer+" pays", "hospital repays"
	switch f.design.Formula {
	case "aco":
		paid, owed = "payer pays ACO", "ACO repays"
	case "prospective", "capitation":
		paid, owed = "margin over cost", "short of the cost"
	}
	switch {
	case f.sum.Net > 0:
		return paid, style
	case f.sum.Net < 0:
		return owed, style
	}
	return "nothing is owed", style
}

func versus(f *figures) (string, string) {
	if f.base == nil {
		return "no base", f.t.Faint
	}
	d := f.sum.Net - f.base.Net
	if d == 0 {
		return "same", f.t.Faint
	}
	return draw.Change(d), f.t.Signed(d)
}

// perEpisode is in millions from a hundred thousand dollars on, where it would
// not fit a narrow column.
func perEpisode(f *figures) (string, string) {
	if n := f.sum.PerEpisode; n.Abs() >= 100_000_00 {
		return draw.Millions(n), ""
	}
	return draw.Signed(f.sum.PerEpisode), ""
}

func grade(f *figures) (string, string) {
	return f.r.Evidence.Short(), f.t.Grade(session.Doubtful(f.r.Evidence))
}
