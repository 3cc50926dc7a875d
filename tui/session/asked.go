package session

import (
	"bundlelab/engine"
	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
)

// Asked is all that InForce asks a row's design about: while it stays, so do
// the answers. Levers on care and money leave it.
type Asked struct {
	row        RowID
	start      calendar.Day
	days       int
	categories [episode.NumCategories]episode.Category
	classes    string // in words
}

// Asked is what a settled row's design is asked about.
func (s *Session) Asked(r *engine.Row) Asked {
	x := Asked{row: ID(r), start: r.Result.Period.Start, days: r.Result.EpisodeDays}
	copy(x.categories[:], s.Totals(r).Categories)
	for _, c := range s.wholeOf(r.Result).classes {
		x.classes += c.track + " " + c.name + ", "
	}
	return x
}
