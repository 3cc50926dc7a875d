package main

import (
	"errors"
	"fmt"
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
	return report.Write(s.out, c.Format, historySheet(docs))
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

func historySheet(docs []batchDoc) report.Sheet {
	x := report.Sheet{
		Title:  "Imports, oldest first",
		Header: []string{"import", "at", "format", "files", "episodes new", "replaced", "unchanged", "services", "prices", "rejected", "warned", "state"},
		Right:  []bool{true, false, false, true, true, true, true, true, true, true, true, false},
	}
	for i := range docs {
		d := &docs[i]
		state := "stands"
		switch {
		case d.Undone != "":
			state = "undone " + d.Undone
		case !d.CanUndo:
			state = "stands, cannot be undone"
		}
		x.Rows = append(x.Rows, []string{
			fmt.Sprint(d.Batch), d.At, d.Format, fmt.Sprint(len(d.Files)), fmt.Sprint(d.New), fmt.Sprint(d.Replaced), fmt.Sprint(d.Same),
			fmt.Sprint(d.Services), fmt.Sprint(d.Prices), fmt.Sprint(d.Findings[severity(store.Reject)]), fmt.Sprint(d.Findings[severity(store.Warning)]), state,
		})
	}
	if len(docs) == 0 {
		x.Notes = append(x.Notes, "nothing was imported yet")
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
	done, err := db.Undo(s.ctx, c.Batch, time.Now())
	if err == nil {
		s.say("import %d is undone: %d episodes removed, %d put back as they were, %d given back to the import before, %d price rows taken back",
			done.Batch, done.Removed, done.Restored, done.Returned, done.Prices)
		s.snapshot(db)
	}
	var no *store.UndoError
	if errors.As(err, &no) {
		err = input(fmt.Errorf("%s: %w", path, err))
	}
	return errors.Join(err, db.Close())
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
