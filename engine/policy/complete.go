package policy

import (
	"errors"
	"fmt"
	"slices"
)

// Formulas are the settlements the program runs; a design file names one.
func Formulas() []string { return []string{"retrospective"} }

// Complete says what a design still lacks before it can settle: a parameter
// that is missing in some period, track and category, a track that nobody
// defined, a formula the program does not have. Parse checks the form of a
// file; this checks that it is whole.
func (d *Design) Complete() error {
	var errs []error
	fail := func(format string, a ...any) { errs = append(errs, fmt.Errorf("design "+d.ID+": "+format, a...)) }
	if !slices.Contains(Formulas(), d.Formula) {
		fail("formula %q: use one of %v", d.Formula, Formulas())
	}
	tracks := d.TrackIDs()
	for _, p := range d.params {
		for _, t := range p.tracks {
			if !slices.Contains(tracks, t) {
				fail("parameter %s names track %q, which the file does not define", p.key, t)
			}
		}
	}
	for _, t := range d.tracks {
		if !slices.Contains(tracks, t.Track) || t.SmallBelow > 0 && !slices.Contains(tracks, t.SmallTrack) {
			fail("the default track from %s is one the file does not define", t.Since)
		}
	}
	if len(tracks) == 0 {
		tracks = []string{""}
	}
	for _, p := range d.Periods {
		for _, t := range tracks {
			errs = append(errs, d.lacks(p, t)...)
		}
		if id, _ := d.DefaultTrack(p.Start, -1); id == "" && len(d.Tracks) > 0 {
			fail("no default track in period %s", p.ID)
		}
	}
	return errors.Join(errs...)
}

// lacks lists the needed parameters without a value.
func (d *Design) lacks(p Period, track string) []error {
	var errs []error
	for _, key := range sortedSpecs() {
		s := paramSpecs()[key]
		if !s.needed && !d.Has(key) {
			continue
		}
		categories := d.Categories
		if !s.byCategory {
			categories = categories[:min(1, len(categories))]
		}
		for _, c := range categories {
			if !s.byCategory {
				c = 0
			}
			if _, err := d.At(key, p.Start, track, c); err != nil {
				errs = append(errs, fmt.Errorf("period %s, track %q: %w", p.ID, track, err))
			}
		}
	}
	return errs
}
