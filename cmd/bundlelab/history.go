package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"bundlelab/data/ingest"
	"bundlelab/data/store"
	"bundlelab/scenarios/report"
)

type importHistoryCmd struct {
	DB     string        `name:"db" help:"Database; see doctor for the default." type:"path"`
	Format report.Format `enum:"table,json,csv,md" default:"table" help:"Output: ${enum}."`
}

type importProfileCmd struct {
	Name string `arg:"" optional:"" default:"team" help:"Format whose profile to print."`
}

type importUndoCmd struct {
	Batch int64  `arg:"" help:"Number of the import, as history lists it."`
	DB    string `name:"db" help:"Database; see doctor for the default." type:"path"`
}

type batchDoc struct {
	Batch       int64          `json:"batch"`
	At          string         `json:"imported_at,omitempty"`
	Format      string         `json:"format"`
	Synthetic   bool           `json:"synthetic"`
	Note        string         `json:"note,omitempty"`
	Hospitals   int            `json:"hospitals"`
	New         int            `json:"episodes_new"`
	Replaced    int            `json:"episodes_replaced"`
	Same        int            `json:"episodes_unchanged"`
	Services    int            `json:"services"`
	Prices      int            `json:"prices"`
	DataThrough string         `json:"data_through,omitempty"`
	Undone      string         `json:"undone_at,omitempty"`
	CanUndo     bool           `json:"can_undo"`
	Files       []batchFileDoc `json:"files"`
	Findings    map[string]int `json:"findings"` // by severity
}

type batchFileDoc struct {
	Name     string `json:"name"`
	Role     string `json:"role"`
	Read     int    `json:"rows_read"`
	Loaded   int    `json:"rows_loaded"`
	Rejected int    `json:"rows_rejected"`
}

// moment is a time for people and JSON; "" when it is not known.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// Run lists the imports, oldest first.
func (c *importHistoryCmd) Run(s *session) error {
	path, _ := database(c.DB)
	db, err := store.OpenExisting(s.ctx, path, true)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // read-only: nothing is lost
	list, err := db.ListBatches(s.ctx)
	if err != nil {
		return err
	}
	docs := make([]batchDoc, 0, len(list))
	for i := range list {
		docs = append(docs, describe(&list[i]))
	}
	if c.Format == report.JSON {
		return report.WriteJSON(s.out, map[string]any{"schema": "bundlelab.history/1", "database": path, "imports": docs})
	}
	sheet := historySheet(docs)
	if c.Format == report.Table {
		if sheet.Width = terminalWidth(s.out); sheet.Width > 0 && sheet.Natural() > sheet.Width {
			sheet = narrowHistorySheet(docs, sheet.Width)
		}
	}
	sheet.Title = "Imports into " + path + ", oldest first"
	return report.Write(s.out, c.Format, sheet)
}

func describe(b *store.BatchRecord) batchDoc {
	d := batchDoc{
		Batch: b.ID, At: moment(b.At), Format: string(b.Format), Synthetic: b.Synthetic, Note: b.Note, Hospitals: b.Hospitals,
		New: b.New, Replaced: b.Replaced, Same: b.Same, Services: b.Services, Prices: b.Prices,
		Undone: moment(b.Undone), CanUndo: b.CanUndo, Files: []batchFileDoc{}, Findings: map[string]int{},
	}
	if b.DataThrough != nil {
		d.DataThrough = b.DataThrough.String()
	}
	for _, f := range b.Files {
		d.Files = append(d.Files, batchFileDoc{f.Name, f.Role, f.Read, f.Loaded, f.Rejected})
		for _, p := range f.Problems {
			d.Findings[severity(p.Severity)] += p.Count
		}
	}
	return d
}

// format is what an import read, for people.
func (d *batchDoc) format() string {
	if d.Note == pricesNote {
		return "prices"
	}
	return d.Format
}

// first is the name of the first file; "" without files.
func (d *batchDoc) first() string {
	if len(d.Files) == 0 {
		return ""
	}
	return d.Files[0].Name
}

// files names the first file and how many there are beside it.
func (d *batchDoc) files() string {
	if n := len(d.Files); n > 1 {
		return fmt.Sprintf("%s +%d", d.first(), n-1)
	}
	return d.first()
}

func (d *batchDoc) state() string {
	switch {
	case d.Undone != "":
		return "undone " + d.Undone
	case !d.CanUndo:
		return "stands, cannot be undone"
	}
	return "stands"
}

func historySheet(docs []batchDoc) report.Sheet {
	x := report.Sheet{
		Header: []string{"import", "at", "format", "first file", "files", "episodes new", "replaced", "unchanged", "services", "prices", "rejected", "warned", "state"},
		Right:  []bool{true, false, false, false, true, true, true, true, true, true, true, true, false},
	}
	for i := range docs {
		d := &docs[i]
		x.Rows = append(x.Rows, []string{
			fmt.Sprint(d.Batch), d.At, d.format(), d.first(), fmt.Sprint(len(d.Files)), fmt.Sprint(d.New), fmt.Sprint(d.Replaced), fmt.Sprint(d.Same),
			fmt.Sprint(d.Services), fmt.Sprint(d.Prices), fmt.Sprint(d.Findings[severity(store.Reject)]), fmt.Sprint(d.Findings[severity(store.Warning)]), d.state(),
		})
	}
	if len(docs) == 0 {
		x.Notes = append(x.Notes, "nothing was imported yet")
	}
	return x
}

// narrowHistorySheet is the part that a narrow terminal has room for.
func narrowHistorySheet(docs []batchDoc, width int) report.Sheet {
	x := report.Sheet{
		Header: []string{"import", "on", "format", "files", "new", "replaced", "state"},
		Right:  []bool{true, false, false, false, true, true, false},
		Notes:  []string{"more columns: --format csv, md or json, or a wider terminal"},
		Width:  width,
	}
	const day = len("2006-01-02")
	for i := range docs {
		d := &docs[i]
		state, _, _ := strings.Cut(d.state(), "T")
		x.Rows = append(x.Rows, []string{fmt.Sprint(d.Batch), d.At[:min(day, len(d.At))], d.format(), "", fmt.Sprint(d.New), fmt.Sprint(d.Replaced), state})
	}
	const least = 12
	room := max(least, width-x.Natural()+len("files"))
	for i := range docs {
		x.Rows[i][3] = middle(filepath.Base(docs[i].files()), room)
	}
	return x
}

// Run takes an import back in one transaction.
func (c *importUndoCmd) Run(s *session) error {
	path, _ := database(c.DB)
	db, err := store.OpenExisting(s.ctx, path, false)
	if err != nil {
		return err
	}
	what := ""
	list, err := db.ListBatches(s.ctx)
	for i := range list {
		if list[i].ID == c.Batch {
			d := describe(&list[i])
			what = fmt.Sprintf("%s, %s, imported %s", d.format(), report.Clean(d.files()), d.At)
		}
	}
	if err != nil {
		return errors.Join(err, db.Close())
	}
	done, err := db.Undo(s.ctx, c.Batch, time.Now())
	if err == nil {
		s.say("import %d is undone in %s (%s): %d episodes removed, %d put back as they were, %d given back to the import before, %d price rows taken back",
			done.Batch, path, what, done.Removed, done.Restored, done.Returned, done.Prices)
		if done.Restored > 0 {
			err = s.refill(db)
		}
		s.snapshot(db)
	}
	var no *store.UndoError
	if errors.As(err, &no) {
		err = input(fmt.Errorf("%s: %w", path, err))
	}
	return errors.Join(err, db.Close())
}

// refill gives what an undo put back the tables that came after it was replaced.
func (s *session) refill(db *store.Store) error {
	if err := s.applyReference(db, nil); err != nil {
		return fmt.Errorf("filling what was put back from the reference tables: %w; run \"bundlelab reference apply\"", err)
	}
	return nil
}

// Run prints the profile that ships for a format.
func (c *importProfileCmd) Run(s *session) error {
	text, err := ingest.ShippedProfile(c.Name)
	if err != nil {
		return refused(err)
	}
	_, err = s.out.Write(text)
	return err
}
