// Package policy holds the rules of bundle designs as data: each design is a
// TOML file of parameters by effective date, every number with a citation and
// an evidence grade. A look-up returns the value and the date it came from, an
// error before the first date, and says when a value is carried past the last
// day it is known for.
package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

// Design is one bundle design.
type Design struct {
	ID         string
	Name       string // short, for tables: "TEAM"
	Title      string
	Status     string // one of Statuses, or ""
	Family     string // kind of program, one of Families; "" none of them
	Payer      string // who settles with the hospital, in words
	Formula    string // which settlement the code runs: "retrospective"
	Note       string
	Categories []episode.Category // of the panel: what a projection counts
	Listed     []Category         // every category the design names, in its order
	Open       bool               // given totals may name categories that are not listed
	Periods    []Period
	Tracks     []Track
	Steps      map[string]Step // where each step of the settlement is laid down, by ledger line
	Measures   []Measure
	params     []param
	tracks     []trackDefault
	stepOrder  []string // as the file lists them
	order      int      // in tables
	src        *source
}

// Category is one clinical episode a design pays for.
type Category struct {
	ID, Title string
	Kind      string   // medical or surgical, "" where the design does not tell them apart
	Group     string   // service line
	Triggers  []string // MS-DRGs and HCPCS codes
	Source
	at string // its path in the file
}

// Step is where one ledger line is laid down, and its name where the design
// has one of its own.
type Step struct {
	Label string
	Source
}

// Measure is one quality measure of a design's composite score.
type Measure struct {
	ID, Title      string
	Weight         string // "volume" (episodes it applies to), or a share of the composite
	MaxPoints      string // of a point scale, "" for percentiles
	Categories     []string
	InpatientOnly  bool
	Since, Through calendar.Day
	Source
}

// Scope is whom a parameter is asked for; what is left out asks for the value
// that serves all.
type Scope struct {
	Track    string
	Category string
	Kind     string // of a category the design does not list
	Class    Class
	Days     int // episode length; 0 the design's own
}

// Period is one performance year.
type Period struct {
	ID         string
	Start, End calendar.Day
	Baseline   []int // calendar years, oldest first
	Source
}

// Track is one way of taking part, with who may choose it when.
type Track struct {
	ID    string
	Name  string
	Rules []TrackRule
}

// TrackRule says who may choose a track from a date on.
type TrackRule struct {
	Since, Through calendar.Day
	Open           bool   // anyone
	Closed         string // why nobody, "" when somebody may
	AnyOf          []Flag // one is enough
	Source
}

// Flag is one hospital class that opens a track.
type Flag struct {
	Name string // safety_net, rural, sch, mdh, each, rrc
	Source
}

type trackDefault struct {
	Since, Through calendar.Day
	Track          string
	SmallBelow     int    // a hospital with fewer baseline episodes ...
	SmallTrack     string // ... gets this track
	Source
}

// param is one parameter for those it names; empty lists name everyone.
type param struct {
	key        string
	categories []string
	kinds      []string
	classes    []string // a hospital of any of them
	tracks     []string
	from, to   int // episode lengths, both in; to 0 for all
	values     []dated
}

type dated struct {
	Since, Through calendar.Day
	Value          string
	Source
}

// Found is a parameter at a date: the text of its value, where it is from, and
// whether it is carried past the last day it is known for.
type Found struct {
	Value   string
	Since   calendar.Day
	Carried bool
	Source
}

// DateError says a parameter has no value yet at a date (exit code 4).
type DateError struct {
	Design, Key string
	Asked       calendar.Day
	First       calendar.Day
}

func (e *DateError) Error() string {
	if e.First == 0 {
		return fmt.Sprintf("design %s states no %s", e.Design, e.Key)
	}
	return fmt.Sprintf("design %s states no %s on %s: its first value is from %s", e.Design, e.Key, e.Asked, e.First)
}

// PeriodError says a design has no such period (exit code 4, ruling 47).
type PeriodError struct {
	Design, Period string
	Have           []string
}

func (e *PeriodError) Error() string {
	return fmt.Sprintf("design %s has no period %q: it has %s", e.Design, e.Period, strings.Join(e.Have, ", "))
}

// TrackError says a design has no such track (exit code 4).
type TrackError struct {
	Design, Track string
	Have          []string
}

func (e *TrackError) Error() string {
	if len(e.Have) == 0 {
		return fmt.Sprintf("design %s has no tracks", e.Design)
	}
	return fmt.Sprintf("design %s has no track %q: it has %s", e.Design, e.Track, strings.Join(e.Have, ", "))
}

// Period finds a period by id.
func (d *Design) Period(id string) (Period, error) {
	for _, p := range d.Periods {
		if p.ID == id {
			return p, nil
		}
	}
	return Period{}, &PeriodError{d.ID, id, d.PeriodIDs()}
}

// PeriodIDs lists the periods in order.
func (d *Design) PeriodIDs() []string {
	ids := make([]string, len(d.Periods))
	for i, p := range d.Periods {
		ids[i] = p.ID
	}
	return ids
}

// DefaultPeriod is the period that follows a data year, else the first
// (ruling 28).
func (d *Design) DefaultPeriod(dataYear int) Period {
	for _, p := range d.Periods {
		if p.Start.Year() == dataYear+1 {
			return p
		}
	}
	return d.Periods[0]
}

// Track finds a track by id.
func (d *Design) Track(id string) (Track, error) {
	for _, t := range d.Tracks {
		if t.ID == id {
			return t, nil
		}
	}
	return Track{}, &TrackError{d.ID, id, d.TrackIDs()}
}

// TrackIDs lists the tracks in order.
func (d *Design) TrackIDs() []string {
	ids := make([]string, len(d.Tracks))
	for i, t := range d.Tracks {
		ids[i] = t.ID
	}
	return ids
}

// Covers says whether the design pays for a category.
func (d *Design) Covers(c episode.Category) bool { return slices.Contains(d.Categories, c) }

// List finds a category the design names, by id.
func (d *Design) List(id string) (Category, bool) {
	for _, c := range d.Listed {
		if c.ID == id {
			return c, true
		}
	}
	return Category{}, false
}

// Has says whether the design states a parameter at all.
func (d *Design) Has(key string) bool {
	return slices.ContainsFunc(d.params, func(p param) bool { return p.key == key })
}

// At looks a parameter up at a date. The entry that names most of the scope
// wins: a category before a kind, a hospital class, a length, a track; two that
// name as much give the same, or the reader refuses them.
func (d *Design) At(key string, on calendar.Day, s Scope) (Found, error) {
	if c, ok := d.List(s.Category); ok && s.Kind == "" {
		s.Kind = c.Kind
	}
	best, rank := -1, -1
	for i := range d.params {
		p := &d.params[i]
		if p.key != key {
			continue
		}
		if p.to > 0 && s.Days == 0 {
			s.Days = d.days(on, s.Track)
		}
		if r, ok := p.fits(s); ok && r > rank {
			best, rank = i, r
		}
	}
	if best < 0 {
		return Found{}, &DateError{Design: d.ID, Key: key, Asked: on}
	}
	values := d.params[best].values
	if len(values) == 0 { // of a broken file
		return Found{}, &DateError{Design: d.ID, Key: key, Asked: on}
	}
	for i := len(values) - 1; i >= 0; i-- {
		if v := values[i]; v.Since <= on {
			return Found{v.Value, v.Since, v.Through != 0 && on > v.Through, v.Source}, nil
		}
	}
	return Found{}, &DateError{d.ID, key, on, values[0].Since}
}

// fits says whether an entry serves a scope, and how much of it the entry
// names.
func (p *param) fits(s Scope) (rank int, ok bool) {
	for _, x := range []struct {
		names []string
		has   func(string) bool
		worth int
	}{
		{p.tracks, func(n string) bool { return n == s.Track }, 1},
		{p.classes, func(n string) bool { return s.Class[n] }, 4},
		{p.kinds, func(n string) bool { return n == s.Kind }, 8},
		{p.categories, func(n string) bool { return n == s.Category }, 16},
	} {
		if len(x.names) == 0 {
			continue
		}
		if !slices.ContainsFunc(x.names, x.has) {
			return 0, false
		}
		rank += x.worth
	}
	if p.to > 0 {
		if s.Days < p.from || s.Days > p.to {
			return 0, false
		}
		rank += 2
	}
	return rank, true
}

// days is the design's own episode length, 0 where it states none.
func (d *Design) days(on calendar.Day, track string) int {
	f, err := d.At("episode_days", on, Scope{Track: track, Days: -1})
	if err != nil {
		return 0
	}
	n, _ := strconv.Atoi(f.Value) // the reader has checked it
	return n
}

// Rate looks up a rate.
func (d *Design) Rate(key string, on calendar.Day, s Scope) (money.Rate, Found, error) {
	f, err := d.At(key, on, s)
	if err != nil {
		return money.Rate{}, f, err
	}
	r, err := money.ParseRate(f.Value)
	return r, f, err
}
