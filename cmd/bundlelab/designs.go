package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"bundlelab/engine/policy"
	"bundlelab/scenarios/report"
)

type designsCmd struct {
	List  designsListCmd  `cmd:"" default:"1" help:"List the designs."`
	Show  designsShowCmd  `cmd:"" help:"Show one design's parameters by date, with source and evidence."`
	Check designsCheckCmd `cmd:"" help:"Check a design file of your own."`
}

// loadDesigns loads the built-in designs and the user's own files.
func loadDesigns() (*policy.Set, error) {
	set, err := policy.Builtin()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(places().config, "designs")
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return set, nil
	}
	own, err := policy.Load(os.DirFS(dir))
	if err != nil {
		return nil, input(fmt.Errorf("design files in %s: %w", dir, err))
	}
	for _, d := range own.All() {
		if err := d.Complete(); err != nil {
			return nil, input(fmt.Errorf("design files in %s: %w", dir, err))
		}
	}
	set, err = set.With(own)
	if err != nil {
		return nil, input(fmt.Errorf("design files in %s: %w", dir, err))
	}
	return set, nil
}

type designsListCmd struct {
	Format report.Format `enum:"table,json,csv,md" default:"table" help:"Output: ${enum}."`
}

type designDoc struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Title      string   `json:"title"`
	Status     string   `json:"status"`
	Periods    []string `json:"periods"`
	Tracks     []string `json:"tracks"`
	Categories []string `json:"categories"`
	Note       string   `json:"note,omitempty"`
}

func describe(d *policy.Design) designDoc {
	x := designDoc{ID: d.ID, Name: d.Name, Title: d.Title, Status: d.Status, Periods: d.PeriodIDs(), Tracks: d.TrackIDs(), Note: d.Note}
	for _, c := range d.Categories {
		x.Categories = append(x.Categories, c.String())
	}
	return x
}

// Run lists the designs.
func (c *designsListCmd) Run(s *session) error {
	set, err := loadDesigns()
	if err != nil {
		return err
	}
	sheet := report.Sheet{Header: []string{"id", "name", "status", "periods", "tracks", "categories", "title"}}
	var docs []designDoc
	for _, d := range set.All() {
		x := describe(d)
		docs = append(docs, x)
		sheet.Rows = append(sheet.Rows, []string{x.ID, x.Name, x.Status, strings.Join(x.Periods, " "), strings.Join(x.Tracks, " "), strings.Join(x.Categories, " "), x.Title})
	}
	if c.Format == report.JSON {
		return report.WriteJSON(s.out, map[string]any{"schema": "bundlelab.designs/1", "designs": docs})
	}
	return report.Write(s.out, c.Format, sheet)
}

type designsShowCmd struct {
	ID     string        `arg:"" help:"Design id."`
	Format report.Format `enum:"table,json,csv,md" default:"table" help:"Output: ${enum}."`
}

type paramDoc struct {
	Key        string   `json:"key"`
	Categories []string `json:"categories,omitempty"`
	Tracks     []string `json:"tracks,omitempty"`
	Value      string   `json:"value"`
	Since      string   `json:"since"`
	Through    string   `json:"through,omitempty"`
	Cite       string   `json:"cite"`
	Evidence   string   `json:"evidence"`
	Note       string   `json:"note,omitempty"`
}

// Run shows a design.
func (c *designsShowCmd) Run(s *session) error {
	set, err := loadDesigns()
	if err != nil {
		return err
	}
	d, err := set.Get(c.ID)
	if err != nil {
		return err
	}
	docs := designRows(d)
	if c.Format == report.JSON {
		return report.WriteJSON(s.out, map[string]any{"schema": "bundlelab.design/1", "design": describe(d), "parameters": docs})
	}
	sheet := designSheet(docs)
	sheet.Title = d.Title + " (" + d.ID + ", " + d.Status + ")"
	if d.Note != "" {
		sheet.Notes = []string{d.Note}
	}
	return report.Write(s.out, c.Format, sheet)
}

// designSheet lays a design's rows out, for the command and for the document.
func designSheet(docs []paramDoc) report.Sheet {
	sheet := report.Sheet{Header: []string{"parameter", "for", "value", "from", "to", "source", "evidence", "note"}}
	for _, p := range docs {
		who := strings.Join(p.Categories, " ")
		if len(p.Tracks) > 0 {
			who = strings.TrimSpace(who + " track " + strings.Join(p.Tracks, " "))
		}
		sheet.Rows = append(sheet.Rows, []string{p.Key, who, p.Value, p.Since, p.Through, p.Cite, p.Evidence, p.Note})
	}
	return sheet
}

// designRows are a design's periods, track rules and parameters as rows.
func designRows(d *policy.Design) []paramDoc {
	var out []paramDoc
	for _, p := range d.Periods {
		out = append(out, paramDoc{Key: "period." + p.ID, Value: fmt.Sprintf("baseline %v", p.Baseline), Since: p.Start.String(), Through: p.End.String(), Cite: p.Cite, Evidence: p.Evidence.String(), Note: p.Note})
	}
	for _, t := range d.Tracks {
		for _, r := range t.Rules {
			x := paramDoc{Key: "track." + t.ID, Value: "anyone", Since: r.Since.String(), Through: r.Through.String(), Cite: r.Cite, Evidence: r.Evidence.String(), Note: r.Note}
			if r.Closed != "" {
				x.Value = "nobody: " + r.Closed
			}
			for _, f := range r.AnyOf {
				y := x
				y.Value, y.Cite, y.Evidence, y.Note = f.Name, f.Cite, f.Evidence.String(), f.Note
				out = append(out, y)
			}
			if len(r.AnyOf) == 0 {
				out = append(out, x)
			}
		}
	}
	for _, p := range d.Params() {
		x := paramDoc{Key: p.Key, Tracks: p.Tracks, Value: p.Value, Since: p.Since.String(), Cite: p.Cite, Evidence: p.Evidence.String(), Note: p.Note}
		if p.Through != 0 {
			x.Through = p.Through.String()
		}
		for _, cat := range p.Categories {
			x.Categories = append(x.Categories, cat.String())
		}
		out = append(out, x)
	}
	return out
}

type designsCheckCmd struct {
	File string `arg:"" help:"Design file, TOML; - reads standard input."`
}

// Run checks a user's design file.
func (c *designsCheckCmd) Run(s *session) error {
	name, body, err := read(s, c.File)
	if err != nil {
		return err
	}
	d, err := policy.Parse(filepath.Base(name), body)
	if err != nil {
		return input(err)
	}
	if err := d.Complete(); err != nil {
		return input(fmt.Errorf("%s: %w", name, err))
	}
	s.say("%s: %s is in order: %d periods, %d tracks, %d parameter values", name, d.ID, len(d.Periods), len(d.Tracks), len(d.Params()))
	return nil
}
