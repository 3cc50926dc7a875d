// Package rif imports CMS Research Identifiable Files and their synthetic
// kin: pipe-delimited text with a header, one row per claim line with the
// claim's own fields repeated. Three dialects are read alike, by column name:
// with VERSION and DML_IND in front, with DML_IND alone, and with neither.
// Files are known by their columns and claim type codes, not by their names.
package rif

import (
	"context"
	"errors"
	"fmt"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/control"
	"bundlelab/data/ingest/exclusion"
	"bundlelab/data/ingest/field"
	"bundlelab/data/ingest/group"
	"bundlelab/data/ingest/record"
	"bundlelab/data/ingest/table"
)

// importer is one RIF import.
type importer struct {
	run     *control.Run
	events  []*claim.Event
	people  *people
	claimed map[string]*control.File // claims read, by the file that brought them
	denied  int                      // lines Medicare did not pay for
	dropped int                      // rows a later action replaced or deleted
}

// Import reads every RIF file of the folder and groups the claims into
// episodes.
func Import(ctx context.Context, run *control.Run, dir string) error {
	im := &importer{run: run, people: newPeople(), claimed: map[string]*control.File{}}
	own, done, err := record.Format[content]{Name: "RIF", Endings: []string{".txt", ".csv", ".dat"}, Look: look}.Sort(ctx, run, dir)
	if done || err != nil {
		return err
	}
	claims := 0
	for _, f := range own {
		if err := im.file(ctx, f.Source, f.Kind); err != nil {
			return err
		}
		if f.Kind != peopleFile {
			claims++
		}
	}
	if claims == 0 {
		return &control.RefusedError{File: "the folder", Code: "F001", Message: "no file has the columns of RIF claims: BENE_ID, CLM_ID and NCH_CLM_TYPE_CD"}
	}
	im.notes()
	im.people.roll.Settle(im.events)
	g := &group.Grouper{Run: run, Lists: exclusion.Builtin(), Find: group.FindTrigger(run.Triggers), Acute: group.Acute, Admission: group.Admission, Approximate: true}
	return g.Group(ctx, im.people.known, im.events)
}

// content is what a file holds.
type content int

const (
	otherFile content = iota
	claimFile
	peopleFile
)

// file reads one file of the folder.
func (im *importer) file(ctx context.Context, src table.Source, what content) error {
	rows, err := record.Open(im.run, "claims", src, field.Monthly)
	if rows == nil || err != nil {
		return err
	}
	rows.Identifiers("BENE_ID", "CLM_ID", "MBI_NUM", "BENE_CRNT_HIC_NUM", "BENE_SRNM_NAME", "BENE_GVN_NAME", "BENE_MDL_NAME", "BENE_BIRTH_DT")
	rows.Drift()
	if what == peopleFile {
		rows.Books.Role = "beneficiaries"
		err = im.people.read(ctx, rows)
	} else {
		err = im.claims(ctx, rows)
	}
	return errors.Join(err, rows.Close())
}

// look tells by a header what a file holds.
func look(r *table.Reader) content {
	switch {
	case r.Has("BENE_ID", "CLM_ID", "NCH_CLM_TYPE_CD"):
		return claimFile
	case r.Has("BENE_ID", "BENE_BIRTH_DT"):
		return peopleFile
	}
	return otherFile
}

// notes says what was left out on purpose.
func (im *importer) notes() {
	if im.denied > 0 {
		im.run.Note(fmt.Sprintf("%d professional and equipment lines that Medicare denied were skipped", im.denied))
	}
	if im.dropped > 0 {
		im.run.Note(fmt.Sprintf("%d rows that a later action deleted or replaced were skipped", im.dropped))
	}
	im.run.Note("RIF files have no standardized amounts: the allowed amounts stand in (A005)")
}
