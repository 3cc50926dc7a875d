// Package policy holds the rules of bundle designs as data: each design is a
// TOML file of parameters by effective date, every number with a citation and
// an evidence grade. A look-up returns the value and the date it came from, an
// error before the first date, and says when a value is carried past the last
// day it is known for.
package policy

import (
	"fmt"
	"slices"
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
	Status     string // active, ended, proposed, contract ...
	Formula    string // which settlement the code runs: "retrospective"
	Note       string
	Categories []episode.Category
	Periods    []Period
	Tracks     []Track
	Steps      map[string]Source // where each step of the settlement is laid down, by ledger line
	params     []param
	tracks     []trackDefault
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

type param struct {
	key        string
	categories []episode.Category // empty: all
	tracks     []string           // empty: all
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

// Has says whether the design states a parameter at all.
func (d *Design) Has(key string) bool {
	return slices.ContainsFunc(d.params, func(p param) bool { return p.key == key })
}

// At looks a parameter up at a date, for a track and a category; 0 and "" ask
// for the value that serves all. The entry that names most wins.
func (d *Design) At(key string, on calendar.Day, track string, c episode.Category) (Found, error) {
	best, rank := -1, -1
	for i, p := range d.params {
		if p.key != key ||
			len(p.tracks) > 0 && !slices.Contains(p.tracks, track) ||
			len(p.categories) > 0 && !slices.Contains(p.categories, c) {
			continue
		}
		r := 0
		if len(p.tracks) > 0 {
			r++
		}
		if len(p.categories) > 0 {
			r += 2
		}
		if r > rank {
			best, rank = i, r
		}
	}
	if best < 0 {
		return Found{}, &DateError{Design: d.ID, Key: key, Asked: on}
	}
	values := d.params[best].values
	for i := len(values) - 1; i >= 0; i-- {
		if v := values[i]; v.Since <= on {
			return Found{v.Value, v.Since, v.Through != 0 && on > v.Through, v.Source}, nil
		}
	}
	return Found{}, &DateError{d.ID, key, on, values[0].Since}
}

// Rate looks up a rate.
func (d *Design) Rate(key string, on calendar.Day, track string, c episode.Category) (money.Rate, Found, error) {
	f, err := d.At(key, on, track, c)
	if err != nil {
		return money.Rate{}, f, err
	}
	r, err := money.ParseRate(f.Value)
	return r, f, err
}

// Params lists every parameter value, for `designs show` and the generated
// documents.
func (d *Design) Params() []Row {
	var rows []Row
	for _, p := range d.params {
		for _, v := range p.values {
			rows = append(rows, Row{Key: p.key, Categories: p.categories, Tracks: p.tracks, Value: v.Value, Since: v.Since, Through: v.Through, Source: v.Source})
		}
	}
	return rows
}

// Row is one parameter value with all it applies to.
type Row struct {
	Key            string
	Categories     []episode.Category
	Tracks         []string
	Value          string
	Since, Through calendar.Day
	Source
}
