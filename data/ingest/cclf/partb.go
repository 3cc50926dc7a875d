package cclf

import (
	"context"
	"fmt"
	"strings"

	"bundlelab/data/ingest/claim"
)

// partB reads the lines of professional and equipment claims (CCLF5, CCLF6).
func (im *importer) partB(ctx context.Context) error {
	for _, c := range []code{physicians, equipment} {
		for _, f := range im.of(c) {
			if err := im.read(ctx, f, im.serviceLine); err != nil {
				return err
			}
			im.notStandardized(f)
		}
	}
	for _, b := range im.b.settle() {
		for _, v := range b.denied {
			v.Books.Skips(1, v.Allowed)
			im.denied++
		}
		for _, v := range b.lines {
			v.Diagnoses = b.head.Diagnoses
			v.Std = &v.Allowed
			im.events = append(im.events, v)
		}
	}
	return nil
}

// serviceLine reads one record of CCLF5 or CCLF6.
func (im *importer) serviceLine(in *input) {
	kind, _ := kindOf(in)
	allowed := in.cents("CLM_LINE_ALOWD_CHRG_AMT")
	in.books.Saw(1, allowed)
	number := in.required("BENE_MBI_ID")
	from, to := in.span()
	if !in.bad {
		im.reach(from, to)
	}
	n := im.keeps(number, from, to)
	switch {
	case in.bad:
		in.books.Rejects(1, allowed)
	case n == nil:
		in.books.Skips(1, allowed)
	default:
		im.judge(in, n, number)
		im.keepLine(in, n, &claim.Event{Person: n.id, Kind: kind, From: from, To: to, Allowed: allowed, Rows: 1})
	}
}

// keepLine reads the rest of a line that is kept and puts it to its version of
// the claim.
func (im *importer) keepLine(in *input, n *near, v *claim.Event) {
	id := in.required("CUR_CLM_UNIQ_ID")
	v.Books, v.At, v.Line = in.books, in.line(), lineNumber(in)
	im.service(in, v)
	b := im.b.byID[id]
	if b == nil && !in.bad {
		b = im.newSheet(in, n, id, v)
	}
	if in.bad {
		in.books.Rejects(1, v.Allowed)
		return
	}
	if !b.brings(ofLines, in.rank()) {
		im.doubled[in.books]++
		in.books.Skips(1, v.Allowed)
		return
	}
	if b.hasLine(v.Line) {
		in.reject("K001", "CLM_LINE_NUM", "a line of this claim and number came before; the first is kept")
		in.books.Rejects(1, v.Allowed)
		return
	}
	v.Claim = b.head.Claim
	if len(b.lines)+len(b.denied) == 0 {
		b.paid = 0
	}
	b.paid += v.Allowed
	if claim.Denied(in.cell("CLM_CARR_PMT_DNL_CD"), in.cell("CLM_PRCSG_IND_CD")) {
		b.denied = append(b.denied, v)
	} else {
		b.lines = append(b.lines, v)
	}
}

// newSheet opens a version of a claim on its first line.
func (im *importer) newSheet(in *input, n *near, id string, v *claim.Event) *bill {
	b := &bill{rank: in.rank(), head: &claim.Event{Person: n.id, Kind: v.Kind, Books: in.books, At: v.At}}
	b.version(in)
	for i := range 12 {
		if d, ok := in.diagnosis(fmt.Sprintf("CLM_DGNS_%d_CD", i+1), v.To); ok {
			b.head.Diagnoses = append(b.head.Diagnoses, d)
		}
	}
	if in.bad {
		return nil
	}
	// The control number with the person is the claim's natural key; a claim
	// without one stands alone.
	key := in.cell("CLM_CNTL_NUM")
	if key == "" {
		key = "id " + id
	}
	b.head.Claim = strings.Join([]string{v.Kind.String(), key, n.id}, "/")
	im.b.add(id, b)
	return b
}

// service reads what a line bills.
func (im *importer) service(in *input, v *claim.Event) {
	v.HCPCS = strings.Clone(in.code("CLM_LINE_HCPCS_CD"))
	v.Place = strings.Clone(in.code("CLM_POS_CD"))
	if d, ok := in.day("CLM_LINE_FROM_DT"); ok {
		v.From, v.To = d, d
	}
	if d, ok := in.day("CLM_LINE_THRU_DT"); ok {
		v.To = d
	}
	if !in.bad && v.To < v.From {
		in.reject("D002", "CLM_LINE_THRU_DT", "the service ends before it starts")
	}
	owner, payer := []string{"RNDRG_PRVDR_NPI_NUM", "CLM_RNDRG_PRVDR_NPI_NUM"}, "CLM_LINE_PRMRY_PYR_CD"
	if in.file.code == equipment {
		owner, payer = []string{"PAYTO_PRVDR_NPI_NUM"}, "CLM_PRMRY_PYR_CD"
	}
	if v.Provider = strings.Clone(in.npi(owner...)); v.Provider != "" {
		v.OwnerKind = "NPI"
	}
	v.NotPrimary = claim.Secondary(in.cell(payer))
	v.Units = in.units("CLM_LINE_SRVC_UNIT_QTY")
	if v.Allowed < 0 && in.cell("CLM_ADJSMT_TYPE_CD") == string(original) {
		in.reject("A002", "CLM_LINE_ALOWD_CHRG_AMT", "the amount is negative")
	}
}
