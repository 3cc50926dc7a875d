// Package synpuf imports CMS's DE-SynPUF 2008-2010: wide comma files of
// made-up people with real layouts. Its MS-DRGs are scrambled, so episodes are
// opened by ICD-9 procedures and priced in a stand-in cell per category: good
// for testing an import from end to end, worthless for prices.
package synpuf

import (
	"context"
	"errors"
	"regexp"
	"slices"

	"bundlelab/data/ingest/ccn"
	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/control"
	"bundlelab/data/ingest/exclusion"
	"bundlelab/data/ingest/field"
	"bundlelab/data/ingest/group"
	"bundlelab/data/ingest/record"
	"bundlelab/data/ingest/table"
	"bundlelab/engine/episode"
)

// content is what a file holds.
type content int

const (
	otherFile content = iota
	inpatientFile
	outpatientFile
	carrierFile
	peopleFile
)

// importer is one DE-SynPUF import.
type importer struct {
	run     *control.Run
	events  []*claim.Event
	people  map[string]*claim.Person
	roll    claim.Roll
	claimed map[string]*control.File
}

// Import reads every DE-SynPUF file of the folder and groups the claims into
// episodes. Files may overlap: a claim counts once.
func Import(ctx context.Context, run *control.Run, dir string) error {
	im := &importer{run: run, people: map[string]*claim.Person{}, claimed: map[string]*control.File{}}
	own, done, err := record.Format[content]{Name: "DE-SynPUF", Endings: []string{".csv", ".dat"}, Look: look}.Sort(ctx, run, dir)
	if done || err != nil {
		return err
	}
	if !slices.ContainsFunc(own, func(f record.Found[content]) bool { return f.Kind == inpatientFile || f.Bad }) {
		return &control.RefusedError{File: "the folder", Code: "F001", Message: "no file has the columns of DE-SynPUF inpatient claims: DESYNPUF_ID, CLM_ID, SEGMENT and CLM_ADMSN_DT"}
	}
	for _, f := range own {
		if err := im.file(ctx, f.Source, f.Kind); err != nil {
			return err
		}
	}
	run.Note("DE-SynPUF is made-up test data: procedures open the episodes and the price cells are stand-ins; do not use its dollars")
	im.roll.Settle(im.events)
	g := &group.Grouper{Run: run, Lists: exclusion.Builtin(), Find: im.find, Acute: acute, Admission: admission}
	return g.Group(ctx, im.people, im.events)
}

// look tells by a header what a file holds.
func look(r *table.Reader) content {
	switch {
	case !r.Has("DESYNPUF_ID"):
	case r.Has("CLM_ID", "SEGMENT", "CLM_ADMSN_DT"):
		return inpatientFile
	case r.Has("CLM_ID", "SEGMENT", "NCH_BENE_PTB_DDCTBL_AMT"):
		return outpatientFile
	case r.Has("CLM_ID", "LINE_ALOWD_CHRG_AMT_1"):
		return carrierFile
	case r.Has("BENE_BIRTH_DT"):
		return peopleFile
	}
	return otherFile
}

// file reads one file.
func (im *importer) file(ctx context.Context, src table.Source, what content) error {
	rows, err := record.Open(im.run, "claims", src, field.Compact)
	if rows == nil || err != nil {
		return err
	}
	rows.Identifiers("DESYNPUF_ID", "CLM_ID", "BENE_BIRTH_DT")
	read := im.institutional
	switch what {
	case inpatientFile:
		rows.Books.Role = claim.Inpatient.String()
	case outpatientFile:
		rows.Books.Role = claim.Outpatient.String()
	case carrierFile:
		rows.Books.Role, read = claim.Carrier.String(), im.carrier
	case peopleFile:
		rows.Books.Role, read = "beneficiaries", im.beneficiaries(yearOf(src.Base()))
	case otherFile:
	}
	if rows.Expect(required(what), rows.Header()) {
		if what != peopleFile {
			claim.NotStandardized(rows.Books)
		}
		err = read(ctx, rows)
	}
	return errors.Join(err, rows.Close())
}

func required(what content) []string {
	switch what {
	case inpatientFile:
		return []string{"DESYNPUF_ID", "CLM_ID", "SEGMENT", "CLM_FROM_DT", "CLM_THRU_DT", "CLM_ADMSN_DT", "PRVDR_NUM", "CLM_PMT_AMT", "ICD9_PRCDR_CD_1"}
	case outpatientFile:
		return []string{"DESYNPUF_ID", "CLM_ID", "SEGMENT", "CLM_FROM_DT", "CLM_THRU_DT", "PRVDR_NUM", "CLM_PMT_AMT", "HCPCS_CD_1"}
	case carrierFile:
		return []string{"DESYNPUF_ID", "CLM_ID", "CLM_FROM_DT", "CLM_THRU_DT", "HCPCS_CD_1", "LINE_ALOWD_CHRG_AMT_1"}
	case otherFile, peopleFile:
	}
	return []string{"DESYNPUF_ID"}
}

// yearOf reads the year a beneficiary file is for from its name; 0 when the
// name has none.
func yearOf(name string) int {
	m := regexp.MustCompile(`(?:^|_)(20[0-9]{2})_Beneficiary`).FindStringSubmatch(name)
	if m == nil {
		return 0
	}
	year, err := field.Int(m[1], 2000, 2099)
	if err != nil {
		return 0
	}
	return year
}

// acute takes every provider for a hospital: DE-SynPUF's numbers are scrambled
// and the kind of provider cannot be read from them.
func acute(string) bool { return true }

// admission reads only the letter of a unit, which DE-SynPUF kept.
func admission(provider string) episode.Setting {
	switch ccn.KindOf(provider) {
	case ccn.Rehab:
		return episode.IRF
	case ccn.Psych:
		return episode.OtherInpatient
	case ccn.Unknown, ccn.ShortTerm, ccn.Critical, ccn.LongTerm, ccn.SwingBed, ccn.Skilled, ccn.HomeHealth, ccn.OtherAcute:
	}
	return episode.Readmission
}
