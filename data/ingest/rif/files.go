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
	"strings"

	"bundlelab/data/ingest/ccn"
	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/control"
	"bundlelab/data/ingest/exclusion"
	"bundlelab/data/ingest/field"
	"bundlelab/data/ingest/group"
	"bundlelab/data/ingest/record"
	"bundlelab/data/ingest/table"
	"bundlelab/data/ingest/trigger"
	"bundlelab/data/store"
	"bundlelab/engine/episode"
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
	sources, err := table.List(dir)
	if err != nil {
		return err
	}
	im := &importer{run: run, people: newPeople(), claimed: map[string]*control.File{}}
	own, kinds, err := im.sort(sources)
	if err != nil {
		return err
	}
	if done, err := run.AllSeen(own); done || err != nil {
		return err
	}
	claims := 0
	for i, src := range own {
		if err := im.file(ctx, src, kinds[i]); err != nil {
			return err
		}
		if kinds[i] != peopleFile {
			claims++
		}
	}
	if claims == 0 {
		return &control.RefusedError{File: "the folder", Code: "F001", Message: "no file has the columns of RIF claims: BENE_ID, CLM_ID and NCH_CLM_TYPE_CD"}
	}
	im.notes()
	im.people.settle(im.events)
	g := &group.Grouper{Run: run, Lists: exclusion.Builtin(), Find: im.find, Acute: acute, Admission: admission}
	return g.Group(ctx, im.people.known, im.events)
}

// content is what a file holds.
type content int

const (
	otherFile content = iota
	claimFile
	peopleFile
	badFile
)

// sort keeps the files that hold RIF data, with what they hold, and notes the
// others.
func (im *importer) sort(sources []table.Source) (own []table.Source, kinds []content, err error) {
	for _, src := range sources {
		what, err := classify(src)
		if err != nil {
			return nil, nil, err
		}
		if what == otherFile {
			im.run.Note(fmt.Sprintf("%s has no RIF claims or beneficiaries and was not read", control.Column(src.Name)))
			continue
		}
		own, kinds = append(own, src), append(kinds, what)
	}
	return own, kinds, nil
}

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

// classify looks at a file's header. Only text files are opened.
func classify(src table.Source) (content, error) {
	name := strings.TrimSuffix(strings.ToLower(src.Name), ".gz")
	if !strings.HasSuffix(name, ".txt") && !strings.HasSuffix(name, ".csv") {
		return otherFile, nil
	}
	r, err := table.Open(src)
	var bad *table.BadFileError
	if errors.As(err, &bad) {
		return badFile, nil
	}
	if err != nil {
		return otherFile, err
	}
	what := otherFile
	switch {
	case r.Has("BENE_ID", "CLM_ID", "NCH_CLM_TYPE_CD"):
		what = claimFile
	case r.Has("BENE_ID", "BENE_BIRTH_DT"):
		what = peopleFile
	}
	return what, r.Close()
}

// notes says what was left out on purpose.
func (im *importer) notes() {
	if im.denied > 0 {
		im.run.Note(fmt.Sprintf("%d professional and equipment lines that Medicare denied were skipped", im.denied))
	}
	if im.dropped > 0 {
		im.run.Note(fmt.Sprintf("%d rows that a later action deleted or replaced were skipped", im.dropped))
	}
	im.run.Note("RIF files have no standardized amounts: allowed amounts are used as they are (A005)")
}

// find is the trigger an event is: a stay by its MS-DRG, an outpatient line by
// its HCPCS code.
func (im *importer) find(v *claim.Event) (trigger.Trigger, bool) {
	switch v.Kind {
	case claim.Inpatient:
		return im.run.Triggers.Find(trigger.DRG, v.DRG, v.To)
	case claim.Outpatient:
		return im.run.Triggers.Find(trigger.HCPCS, v.HCPCS, v.From)
	case claim.SNF, claim.HHA, claim.Hospice, claim.Carrier, claim.DME:
	}
	return trigger.Trigger{}, false
}

// acute says that a provider is a short-term acute hospital.
func acute(provider string) bool { return ccn.KindOf(provider) == ccn.ShortTerm }

// admission is the setting of a stay by the provider's number.
func admission(provider string) episode.Setting {
	switch ccn.KindOf(provider) {
	case ccn.ShortTerm:
		return episode.Readmission
	case ccn.Rehab:
		return episode.IRF
	case ccn.LongTerm:
		return episode.LTCH
	case ccn.Skilled, ccn.SwingBed:
		return episode.SNF
	case ccn.Critical, ccn.Psych, ccn.HomeHealth, ccn.OtherAcute, ccn.Unknown:
	}
	return episode.OtherInpatient
}

// notStandardized says once per file that its dollars are raw (A005).
func notStandardized(books *control.File) {
	books.Find(store.Warning, "A005", 0, "", "", "no standardized amounts: the allowed amounts are raw")
}
