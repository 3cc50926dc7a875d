package cclf

import (
	"context"

	"bundlelab/data/ingest/claim"
)

// diagnoses reads the diagnosis codes of Part A claims (CCLF4) and looks at the
// versions of the procedure codes (CCLF3), which are not used otherwise.
func (im *importer) diagnoses(ctx context.Context) error {
	for _, f := range im.of(diagnoses) {
		err := im.read(ctx, f, func(in *input) {
			im.coded(in, "CLM_DGNS_CD", func(b *bill, d claim.Diagnosis) {
				b.head.Diagnoses = append(b.head.Diagnoses, d)
			})
		})
		if err != nil {
			return err
		}
	}
	for _, f := range im.of(procedures) {
		if err := im.read(ctx, f, func(in *input) { im.coded(in, "CLM_PRCDR_CD", nil) }); err != nil {
			return err
		}
	}
	return nil
}

// coded reads one code of a claim; keep is nil for codes that are only looked
// at.
func (im *importer) coded(in *input, column string, keep func(*bill, claim.Diagnosis)) {
	in.books.Saw(1, 0)
	b := im.a.byID[in.cell("CUR_CLM_UNIQ_ID")]
	if b == nil {
		in.books.Skips(1, 0)
		return
	}
	d, ok := in.diagnosis(column, b.head.To)
	switch {
	case in.bad:
		in.books.Rejects(1, 0)
	case !ok || keep == nil || !b.brings(ofDiagnoses, in.rank()):
		in.books.Skips(1, 0)
	default:
		keep(b, d)
		in.books.Loads(1, 0)
	}
}
