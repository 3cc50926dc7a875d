package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"bundlelab/engine/policy"
	"bundlelab/scenarios/designdoc"
	"bundlelab/scenarios/report"
)

type designsCmd struct {
	List  designsListCmd  `cmd:"" default:"1" help:"List the designs."`
	Show  designsShowCmd  `cmd:"" help:"Show one design: periods, tracks, categories, steps, parameters by date, with source and evidence."`
	Check designsCheckCmd `cmd:"" help:"Check a design file of your own."`
}

// loadDesigns loads the built-in designs and the user's own files. A file that
// is not in order is an error (exit code 3): a projection without one of the
// user's designs would look complete and not be. Beside that error stands the
// set of all that are in order, for commands that only look at designs.
func loadDesigns() (*policy.Set, error) {
	set, err := policy.Builtin()
	if err != nil {
		return nil, err
	}
	dir := places().designs()
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return set, nil
	}
	own, err := policy.LoadOwn(os.DirFS(dir))
	if own != nil {
		var taken error
		set, taken = set.With(own)
		err = errors.Join(err, taken)
	}
	if err != nil {
		return set, input(fmt.Errorf("design files in %s: %w\nCorrect the file, with `bundlelab designs check`, or move it out of that folder", dir, err))
	}
	return set, nil
}

type designsListCmd struct {
	Format report.Format `enum:"table,json,csv,md" default:"table" help:"Output: ${enum}."`
}

// Run lists the designs; files that are not in order are named beside them.
func (c *designsListCmd) Run(s *session) error {
	set, err := s.shownDesigns()
	if err != nil {
		return err
	}
	if c.Format != report.JSON {
		return report.Write(s.out, c.Format, designdoc.List(set.All()))
	}
	var docs []designdoc.Summary
	for _, d := range set.All() {
		docs = append(docs, designdoc.Summarize(d))
	}
	return report.WriteJSON(s.out, map[string]any{"schema": "bundlelab.designs/1", "designs": docs})
}

// shownDesigns are the designs there are to look at; what is wrong with the
// others goes to stderr.
func (s *session) shownDesigns() (*policy.Set, error) {
	set, err := loadDesigns()
	if set == nil {
		return nil, err
	}
	if err != nil {
		s.say("bundlelab: %v", err)
	}
	return set, nil
}

type designsShowCmd struct {
	ID     string        `arg:"" help:"Design id."`
	Period string        `help:"Only what is in force in this performance year or period."`
	Format report.Format `enum:"table,json,csv,md" default:"table" help:"Output: ${enum}."`
}

// Run shows a design.
func (c *designsShowCmd) Run(s *session) error {
	set, err := s.shownDesigns()
	if err != nil {
		return err
	}
	d, err := set.Get(c.ID)
	if err != nil {
		return err
	}
	var period *policy.Period
	if c.Period != "" {
		p, err := d.Period(c.Period)
		if err != nil {
			return err
		}
		period = &p
	}
	if c.Format == report.JSON {
		return report.WriteJSON(s.out, designdoc.New(d, period))
	}
	sheets := designdoc.Sheets(d, period)
	if c.Format != report.CSV {
		title := fmt.Sprintf("%s (%s, %s)", d.Title, d.ID, d.Status)
		if period != nil {
			title += ", in force on " + period.Start.String()
		}
		sheets = slices.Concat([]report.Sheet{designdoc.Head(d, title)}, designdoc.Doubts(d, period), sheets)
	}
	return report.Write(s.out, c.Format, sheets...)
}

type designsCheckCmd struct {
	File string `arg:"" help:"Design file, TOML; - reads standard input."`
}

// Run checks a user's design file and names all its faults, one a line.
func (c *designsCheckCmd) Run(s *session) error {
	name, body, err := read(s, c.File)
	if err != nil {
		return err
	}
	builtin, err := policy.Builtin()
	if err != nil {
		return err
	}
	d, err := builtin.Check(name, body)
	var faults *policy.FileError
	if errors.As(err, &faults) {
		for _, p := range faults.Problems {
			s.say("%s", report.Clean(p.String()))
		}
		if len(faults.Problems) == 1 {
			return input(fmt.Errorf("1 fault in %s", name))
		}
		return input(fmt.Errorf("%d faults in %s", len(faults.Problems), name))
	}
	if err != nil {
		return err
	}
	s.say("%s: %s is in order: %d periods, %d tracks, %d parameter values, weakest grade %s", name, d.ID, len(d.Periods), len(d.Tracks), len(d.Params()), d.Weakest())
	for _, n := range d.Notes() {
		s.say("note: %s", report.Clean(n.String()))
	}
	if own := places().designs(); !inside(own, name) && !slices.Contains(builtin.IDs(), d.ID) {
		s.say("to use it, put it in %s", own)
	}
	return nil
}

// inside says whether a file lies in a folder.
func inside(dir, file string) bool {
	abs, err := filepath.Abs(file)
	return err == nil && filepath.Dir(abs) == filepath.Clean(dir)
}
