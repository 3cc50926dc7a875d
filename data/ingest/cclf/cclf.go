// Package cclf imports Claim and Claim Line Feeds, which CMS sends every month
// to accountable care organizations: fixed-width files of version 36, told
// apart by their names and checked by the length of their records, or the same
// columns in delimited files with a header.
//
// A feed covers a whole population. It is read twice: once to find the persons
// with a surgery that may open an episode, and once to keep the claims around
// those surgeries; the claims of everybody else are counted and passed over, so
// that memory is bounded by the persons found.
//
// What no text settles was settled so:
//   - Versions of a Part A claim share the billing hospital, the dates, the
//     person (data.md 2.1) and also the kind of bill. A second original of the
//     same effective date is a duplicate; one of a later date replaces the first.
//   - The allowed amount of a Part A claim is what Medicare paid with all four
//     deductible, coinsurance and blood amounts of CCLFA and the sequestration;
//     evidence assumed for their sum. An outpatient claim's is spread over its
//     lines in proportion to their payments.
//   - The standardized amount is an approximation: allowed less teaching,
//     low-income, uncompensated care and new technology payments (42 CFR
//     512.525(f)(2) leaves the last out). The wage index stays in.
//   - Months of enrolment are those from the first day in both parts on; the
//     feed does not tell of Medicare Advantage.
package cclf

import (
	"context"
	"fmt"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/control"
	"bundlelab/data/ingest/exclusion"
	"bundlelab/data/ingest/field"
	"bundlelab/data/ingest/group"
	"bundlelab/engine/calendar"
)

// importer is one CCLF import.
type importer struct {
	run     *control.Run
	layouts map[code]*layout
	screen  *field.Screen
	files   []*file

	stated []stated
	cross  crossing
	near   map[string]*near
	known  claim.People
	a, b   *ledger
	bills  []*bill // Part A, in force
	events []*claim.Event

	first, last calendar.Day // of all persons' claims
	doubled     map[*control.File]int
	denied      int // lines Medicare did not pay for
	advantage   int // bills of Medicare Advantage
	made        int // persons that CMS made up
}

// Import reads every CCLF file of the folder and groups the claims into
// episodes.
func Import(ctx context.Context, run *control.Run, dir string) error {
	all, err := layouts()
	if err != nil {
		return err
	}
	im := &importer{
		run: run, layouts: all, screen: field.NewScreen(), cross: crossing{map[string]string{}, map[string]string{}}, near: map[string]*near{},
		known: claim.People{}, a: newLedger(), b: newLedger(), doubled: map[*control.File]int{},
	}
	done, err := im.sort(ctx, dir)
	if done || err != nil {
		return err
	}
	if len(im.of(partA)) == 0 {
		return &control.RefusedError{File: "the folder", Code: "F001", Message: "no file is CCLF1, the Part A claims, by its name (such as P.A1234.ACO.ZC1Y24.D240101.T0100000 or cclf1.txt) or by its header"}
	}
	for _, step := range []func(context.Context) error{
		im.statistics, im.numbers, im.scout, im.partA, im.extras, im.diagnoses, im.revenue, im.partB, im.rest, im.people,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	im.finish()
	im.reconcile()
	im.notes()
	if im.last != 0 {
		run.Through(im.last)
	}
	g := &group.Grouper{Run: run, Lists: exclusion.Builtin(), Find: group.FindTrigger(run.Triggers), Acute: group.Acute, Admission: group.Admission, Approximate: true, First: im.first}
	return g.Group(ctx, im.known, im.events)
}

// rest counts the files that are not needed: drugs, which no episode holds, and
// the demonstration marks of Part B lines.
func (im *importer) rest(ctx context.Context) error {
	if err := im.count(ctx, drugs); err != nil {
		return err
	}
	return im.count(ctx, partBExtra)
}

// reach notes how far the claims of all persons go.
func (im *importer) reach(from, to calendar.Day) {
	if im.first == 0 || from < im.first {
		im.first = from
	}
	im.last = max(im.last, to)
}

// notes says what a person should know of the feed and what was left out.
func (im *importer) notes() {
	for _, f := range im.files {
		claim.Overlap(f.books, im.doubled[f.books])
	}
	im.run.Note(fmt.Sprintf("%d persons with a surgery that may open an episode were found; the claims of all others were counted and skipped", len(im.near)))
	im.run.Note("episodes are built from the deliveries of this folder alone: keep every delivery of the years you want in it, and import them together")
	for _, c := range []struct {
		code code
		lack string
	}{
		{revenue, "outpatient procedures and their lines cannot be seen"}, {physicians, "professional services are missing"}, {equipment, "equipment is missing"},
		{partAExtra, "allowed amounts are Medicare's payments alone, and admission days are the claims' first days"}, {people, "ages, deaths and enrolment are unknown"},
		{diagnoses, "diagnoses are the principal ones"}, {numbers, "persons whose number changed count as two"},
	} {
		if len(im.of(c.code)) == 0 {
			im.run.Note(fmt.Sprintf("there is no CCLF%s: %s", c.code, c.lack))
		}
	}
	for _, n := range []struct {
		count int
		text  string
	}{
		{im.denied, "%d professional and equipment lines that Medicare denied were skipped"},
		{im.advantage, "%d bills of Medicare Advantage were skipped"},
		{im.made, "%d persons have numbers with an S in second place, which CMS gives to made-up persons (unconfirmed)"},
	} {
		if n.count > 0 {
			im.run.Note(fmt.Sprintf(n.text, n.count))
		}
	}
}
