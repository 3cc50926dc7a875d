// Package tuva imports the input layer of the Tuva data model, as claims
// warehouses hold it: medical_claim (one row per claim line) and eligibility
// (one row per span of coverage), as CSV or Parquet, in one file or several
// parts each. The model knows facilities by NPI only: a third file, npi_ccn.csv
// with the columns npi and ccn, says which hospital each is.
//
// The claims are read twice. The first time finds the persons with a trigger,
// the second keeps only their claims, so that memory does not grow with a
// population.
//
// What the model leaves open was settled so:
//   - A line counts with its allowed amount; where that is blank, or zero beside
//     a payment, with the paid amount. An inpatient, skilled nursing, home health
//     or hospice claim counts with the sum of its lines.
//   - A professional line for equipment or supplies (HCPCS A4 to A8, B, E, K, L)
//     is a DME line: the model does not tell them apart. Evidence: assumed.
//   - payer_type medicare is Part A and Part B; whether it was only one of them
//     the model does not say. Evidence: assumed.
//   - Of two hospitals for one NPI the first is taken.
package tuva

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/control"
	"bundlelab/data/ingest/exclusion"
	"bundlelab/data/ingest/field"
	"bundlelab/data/ingest/group"
	"bundlelab/data/ingest/parquet"
	"bundlelab/data/ingest/record"
	"bundlelab/data/ingest/table"
	"bundlelab/engine/calendar"
)

// importer is one Tuva import.
type importer struct {
	run       *control.Run
	near      map[string]bool // persons with a trigger
	known     claim.People
	spans     map[string][]span
	enrolled  stretch           // months that any span covers
	hospitals map[string]string // CCN of an NPI
	crosswalk bool              // a file told of hospitals
	bills     map[string]*bill
	order     []*bill
	seen      map[uint64]struct{} // lines, by the hash of their key
	first     calendar.Day        // of all claims
	last      calendar.Day
	strangers int // triggers at facilities that no hospital is known for
	voids     int
}

// content is what a file holds.
type content int

const (
	otherFile content = iota
	claimFile
	peopleFile
	hospitalFile
)

// file is one file of the folder.
type file struct {
	table.Source
	what    content
	parquet bool
}

// Import reads the files of the folder and groups the claims into episodes.
func Import(ctx context.Context, run *control.Run, dir string) error {
	im := &importer{
		run: run, near: map[string]bool{}, known: claim.People{}, spans: map[string][]span{},
		hospitals: map[string]string{}, bills: map[string]*bill{}, seen: map[uint64]struct{}{},
	}
	files, done, err := im.sort(ctx, dir)
	if done || err != nil {
		return err
	}
	if len(of(files, claimFile)) == 0 {
		return &control.RefusedError{File: "the folder", Code: "F001", Message: "no file has the columns of Tuva's medical_claim: claim_id, claim_line_number, claim_type and person_id"}
	}
	for _, f := range of(files, hospitalFile) {
		if err := im.read(ctx, f, "hospitals", im.hospital); err != nil {
			return err
		}
	}
	for _, f := range of(files, claimFile) {
		if err := im.scout(ctx, f); err != nil {
			return err
		}
	}
	for _, f := range of(files, peopleFile) {
		if err := im.read(ctx, f, "eligibility", im.person); err != nil {
			return err
		}
	}
	im.enrol()
	for _, f := range of(files, claimFile) {
		if err := im.claims(ctx, f); err != nil {
			return err
		}
	}
	return im.group(ctx)
}

// group gives the claims to the grouper.
func (im *importer) group(ctx context.Context) error {
	var events []*claim.Event
	for _, b := range im.order {
		events = append(events, b.events()...)
	}
	im.notes()
	if im.last != 0 {
		im.run.Through(im.last)
	}
	g := &group.Grouper{Run: im.run, Lists: exclusion.Builtin(), Find: group.FindTrigger(im.run.Triggers), Acute: group.Acute, Admission: group.Admission, Approximate: true, First: im.first}
	return g.Group(ctx, im.known, events)
}

func (im *importer) notes() {
	if im.voids > 0 {
		im.run.Note(fmt.Sprintf("%d lines of void bills (bill type xx8) were skipped", im.voids))
	}
	if im.crosswalk && im.strangers > 0 {
		im.run.Note(fmt.Sprintf("%d trigger stays or procedures were at facilities that npi_ccn.csv does not name: they open no episode; add their NPIs to it if they are hospitals of yours", im.strangers))
	}
	im.run.Note("Tuva files have no standardized amounts: the allowed amounts stand in, or the paid ones where there is none (A005)")
}

// of are the files of one sort.
func of(files []file, what content) []file {
	var own []file
	for _, f := range files {
		if f.what == what {
			own = append(own, f)
		}
	}
	return own
}

// sort lists the files that are read, and notes the others. Done says that all
// of them were imported before.
func (im *importer) sort(ctx context.Context, dir string) (files []file, done bool, err error) {
	all, err := im.run.List(ctx, dir)
	if err != nil {
		return nil, false, err
	}
	var sources []table.Source
	for _, src := range all {
		f, err := classify(src)
		if err != nil {
			return nil, false, err
		}
		if f.what == otherFile {
			im.run.Note(fmt.Sprintf("%s has no Tuva claims, eligibility or hospitals and was not read", src.Name))
			continue
		}
		files, sources = append(files, f), append(sources, src)
	}
	done, err = im.run.AllSeen(sources)
	return files, done, err
}

// classify tells by its columns what a file is. One that cannot be read goes
// by its name: opening it writes the refusal.
func classify(src table.Source) (f file, err error) {
	f = file{Source: src}
	name := src.Stem()
	var columns []string
	switch {
	case strings.HasSuffix(name, ".parquet"):
		f.parquet = true
		columns, err = parquetColumns(src)
	case strings.HasSuffix(name, ".csv"), strings.HasSuffix(name, ".txt"), strings.HasSuffix(name, ".dat"):
		var r *table.Reader
		if r, err = src.Head(); err == nil {
			columns, err = r.Header, r.Close()
		}
	default:
		return f, nil
	}
	var bad *table.BadFileError
	switch {
	case errors.As(err, &bad):
		f.what = byName(name)
		return f, nil
	case err != nil:
		return f, err
	}
	f.what = look(columns)
	return f, nil
}

func parquetColumns(src table.Source) ([]string, error) {
	p, err := parquet.Open(src)
	if err != nil {
		return nil, err
	}
	return p.Columns(), p.Close()
}

// look tells by a header what a file holds. Older versions of the model call
// the person patient_id.
func look(columns []string) content {
	has := func(names ...string) bool {
		return !slices.ContainsFunc(names, func(n string) bool {
			return !slices.ContainsFunc(columns, func(c string) bool { return strings.EqualFold(strings.TrimSpace(c), n) })
		})
	}
	person := has("person_id") || has("patient_id")
	switch {
	case person && has("claim_id", "claim_type"):
		return claimFile
	case person && has("enrollment_start_date"):
		return peopleFile
	case has("npi", "ccn"):
		return hospitalFile
	}
	return otherFile
}

func byName(name string) content {
	switch {
	case strings.Contains(name, "elig"):
		return peopleFile
	case strings.Contains(name, "npi"), strings.Contains(name, "ccn"):
		return hospitalFile
	}
	return claimFile
}

// open is a file as a table.
func (f *file) open(columns []string) (*table.Reader, error) {
	if f.parquet {
		return parquet.Rows(f.Source, columns)
	}
	return table.Open(f.Source)
}

// read reads one file row by row.
func (im *importer) read(ctx context.Context, f file, role string, row func(*record.Rows)) error {
	used, all := columns(f.what)
	rows, err := record.OpenWith(im.run, role, f.Source, date, func() (*table.Reader, error) { return f.open(used) })
	if rows == nil || err != nil {
		return err
	}
	rows.Identifiers("person_id", "patient_id", "member_id", "subscriber_id", "claim_id", "birth_date", "first_name", "middle_name", "last_name", "social_security_number", "address", "phone", "email", "zip_code")
	need := required(f.what)
	if !rows.Has("person_id") && rows.Has("patient_id") {
		rows.Rename(map[string]string{"person_id": "PATIENT_ID"}, nil)
		need = slices.Concat([]string{"patient_id"}, slices.DeleteFunc(need, func(c string) bool { return c == "person_id" }))
	}
	if !rows.Expect(need, all) {
		return rows.Close()
	}
	for err := range rows.Each(ctx) {
		if err != nil {
			return errors.Join(err, rows.Close())
		}
		row(rows)
	}
	return rows.Close()
}

// date reads a day, with or without a time of day after it.
func date(s string) (calendar.Day, error) {
	if len(s) > 10 && (s[10] == ' ' || s[10] == 'T') {
		s = s[:10]
	}
	return field.ISO(s)
}
