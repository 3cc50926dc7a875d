// Package check looks at finished episodes, whatever files they came from, and
// writes what a person should look at into the books: the checks of data.md 6.3
// that need no more than the episode with its services. Nothing is rejected
// here, and no finding repeats a value but an amount.
package check

import (
	"bundlelab/data/store"
	"bundlelab/engine/episode"
)

// The days that a grouper keeps to and a check looks for.
const (
	LongStay   = 60  // an anchor stay (D003)
	DaysBefore = 3   // care before the anchor (D004)
	DaysAfter  = 180 // and after its end
)

// The limits of the checks, in days.
const (
	longSkilled = 100 // a skilled nursing stay (S001)
	acuteStay   = 3   // before Medicare pays skilled nursing
	near        = 30  // between two anchors of a person (K003)
	far         = 90
)

// Books take findings. A line of 0 is the file as a whole.
type Books interface {
	Find(severity store.Severity, code string, line int, column, hint, message string)
	FindMany(severity store.Severity, code, message string, times int)
}

// Place is a line of a file.
type Place struct {
	Books Books
	Line  int
}

func (p Place) warn(code, column, message string) {
	p.Books.Find(store.Warning, code, p.Line, column, "", message)
}

// Checker looks at the episodes of one import, one after the other. The zero
// Checker is ready.
type Checker struct {
	people people
	totals totals
	waived int // episodes with skilled nursing and no three-day stay

}

// Episode looks at an episode. Each service may have a place of its own; the
// others share the episode's.
func (c *Checker) Episode(e *store.Episode, at Place, services []Place) {
	if e.End-e.Start > LongStay {
		at.warn("D003", "anchor_end", "the anchor stay is longer than 60 days")
	}
	if e.Death != nil && *e.Death < e.Start {
		at.warn("S004", "death_date", "the patient died before the anchor starts")
	}
	if len(e.Services) == 0 {
		at.warn("K002", "", "an episode has no service")
	}
	for i := range e.Services {
		place := at
		if i < len(services) {
			place = services[i]
		}
		service(e, &e.Services[i], place)
	}
	c.skilled(e, at, services)
	home(e, at, services)
	c.people.anchor(e, at)
	c.totals.episode(e, at)
}

// Close writes what only all episodes together show, into the books of the file
// that brought them. Caps are, by price cell, the highest 99th percentile of an
// episode of CapDays days, in cents.
func (c *Checker) Close(books Books, caps map[string]int64) {
	if c.waived > 0 {
		books.FindMany(store.Warning, "S001", "skilled nursing without an inpatient stay of three days before it: Medicare pays it only under a waiver, as TEAM has one", c.waived)
	}
	c.totals.close(books, caps)
}

// homePeriod is the length of a home health payment period: 30 days since 2020,
// 60 before.
func homePeriod(e *store.Episode, s *store.Service) int32 {
	if (e.End + day(s.From)).Year() < 2020 {
		return 60
	}
	return 30
}

// counts says that a service counts for something.
func counts(s *store.Service) bool { return s.Excluded == 0 && s.Amount > 0 }

// stay says that a service is an admission.
func stay(s *store.Service) bool {
	switch s.Setting {
	case episode.Readmission, episode.IRF, episode.LTCH, episode.OtherInpatient:
		return true
	case episode.SNF, episode.HHA, episode.Outpatient, episode.Professional, episode.DME, episode.Hospice, episode.PartBDrug:
	}
	return false
}
