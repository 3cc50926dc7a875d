package cclf

import (
	"context"
	"strings"

	"bundlelab/data/ingest/ccn"
	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/record"
	"bundlelab/data/ingest/trigger"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
)

// partA reads the Part A headers (CCLF1).
func (im *importer) partA(ctx context.Context) error {
	for _, f := range im.of(partA) {
		if err := im.read(ctx, f, im.header); err != nil {
			return err
		}
		im.notStandardized(f)
	}
	im.bills = im.a.settle()
	return nil
}

// notStandardized says once per file that amounts are approximations (A005).
func (im *importer) notStandardized(f *file) {
	if f.books.Read > 0 && f.books.Refused() == nil {
		f.books.Find(store.Warning, "A005", 0, "", "", "no standardized amounts: an approximation is used, the allowed amount less teaching, low-income, uncompensated care and new technology payments, with the wage index still in it")
	}
}

// header reads one record of CCLF1. The dollars of an outpatient claim are on
// its lines.
func (im *importer) header(in *input) {
	kind, part := kindOf(in)
	paid := in.cents("CLM_PMT_AMT")
	booked := paid
	if kind == claim.Outpatient {
		booked = 0
	}
	in.books.Saw(1, booked)
	if part == otherPart {
		im.advantage++
		in.books.Skips(1, booked)
		return
	}
	number := in.required("BENE_MBI_ID")
	from, to := in.span()
	if !in.bad && paid < 0 && in.cell("CLM_ADJSMT_TYPE_CD") == string(original) {
		in.reject("A002", "CLM_PMT_AMT", "the amount is negative")
	}
	if !in.bad {
		im.reach(from, to)
	}
	n := im.keeps(number, from, to)
	switch {
	case in.bad:
		in.books.Rejects(1, booked)
	case n == nil:
		in.books.Skips(1, booked)
	default:
		im.judge(in, n, number)
		im.keepHeader(in, n, &bill{booked: booked, paid: paid, head: &claim.Event{Person: n.id, Kind: kind, From: from, To: to, Rows: 1}})
	}
}

// part says where a claim type belongs.
type part int

const (
	wrongPart part = iota
	rightPart
	otherPart // a bill of Medicare Advantage, which is none under Part A or B
)

// kindOf reads the claim type; one that the file should not have rejects the
// record.
func kindOf(in *input) (claim.Kind, part) {
	text := in.cell("CLM_TYPE_CD")
	kind, ok := claim.KindOfNCH(text)
	belongs := false
	switch in.file.code {
	case physicians:
		belongs = kind == claim.Carrier || kind == claim.DME
	case equipment:
		belongs = kind == claim.DME
	default:
		belongs = ok && kind != claim.Carrier && kind != claim.DME
	}
	switch {
	case ok && belongs:
		return kind, rightPart
	case text == "62" || text == "63" || text == "64":
		return claim.Inpatient, otherPart
	}
	in.reject("V001", "CLM_TYPE_CD", "not a claim type of this file")
	return kind, wrongPart
}

// judge looks at the form of a kept person's number, once (C006).
func (im *importer) judge(in *input, n *near, number string) {
	if n.judged {
		return
	}
	n.judged = true
	switch ok, made := claim.NumberForm(number); {
	case made && ok:
		im.made++
	case !ok:
		in.warn("C006", "BENE_MBI_ID", claim.OtherForm)
	}
}

// keepHeader reads the rest of a header that is kept.
func (im *importer) keepHeader(in *input, n *near, b *bill) {
	id := in.required("CUR_CLM_UNIQ_ID")
	v := b.head
	v.Books, v.At, v.OwnerKind = in.books, in.line(), "CCN"
	v.Provider = strings.Clone(in.code("PRVDR_OSCAR_NUM"))
	v.DRG = strings.Clone(trigger.NormalDRG(in.code("DGNS_DRG_CD")))
	v.Discharge = strings.Clone(in.discharge("BENE_PTNT_STUS_CD"))
	v.Operating = strings.Clone(in.npi("OPRTG_PRVDR_NPI_NUM", "CLM_OPRTG_PRVDR_NPI_NUM"))
	v.Attending = strings.Clone(in.npi("ATNDG_PRVDR_NPI_NUM", "CLM_ATNDG_PRVDR_NPI_NUM"))
	v.NotPrimary = claim.Secondary(in.cell("CLM_NCH_PRMRY_PYR_CD"))
	switch {
	case !ccn.Valid(v.Provider):
		in.reject("C001", "PRVDR_OSCAR_NUM", "not a provider's number of six characters")
	case !ccn.KnownState(v.Provider):
		in.warn("C001", "PRVDR_OSCAR_NUM", "the provider's number starts with no state's code")
	}
	b.addOns = in.sum("CLM_MDCR_IP_PPS_CPTL_IME_AMT", "CLM_OPRTNL_IME_AMT", "CLM_MDCR_IP_PPS_DSPRPRTNT_AMT", "CLM_OPRTNL_DSPRPRTNT_AMT", "CLM_HIPPS_UNCOMPD_CARE_AMT")
	b.version(in)
	b.rank = in.rank()
	if d, ok := in.diagnosis("PRNCPL_DGNS_CD", v.To); ok {
		b.first = []claim.Diagnosis{d}
	}
	billing := in.cell("CLM_BLG_PRVDR_OSCAR_NUM")
	if billing == "" {
		billing = v.Provider
	}
	if im.twice(in, im.a, id, b) {
		return
	}
	// Bills of two kinds may share provider and dates and are still two claims.
	v.Claim = strings.Join([]string{v.Kind.String(), in.cell("CLM_BILL_FAC_TYPE_CD") + in.cell("CLM_BILL_CLSFCTN_CD"), billing,
		in.cell("CLM_FROM_DT"), in.cell("CLM_THRU_DT"), n.id}, "/")
	im.a.add(id, b)
}

// version reads what places a record among the versions of its claim.
func (b *bill) version(in *input) {
	b.act = original
	switch s := in.cell("CLM_ADJSMT_TYPE_CD"); s {
	case "0", "00":
	case "1", "01":
		b.act = canceled
	case "2", "02":
		b.act = adjusted
	default:
		in.reject("V001", "CLM_ADJSMT_TYPE_CD", "not 0 (original), 1 (cancellation) or 2 (adjustment)")
	}
	b.effective, _ = in.day("CLM_EFCTV_DT")
	b.loaded, _ = in.day("CLM_IDR_LD_DT")
}

// twice books a header that is faulty, or whose version a newer delivery
// brought too; true when it is not to be kept. A second one of the same
// delivery is rejected (K001).
func (im *importer) twice(in *input, l *ledger, id string, b *bill) bool {
	switch old := l.byID[id]; {
	case in.bad:
	case old == nil:
		return false
	case old.rank == b.rank:
		in.reject("K001", "CUR_CLM_UNIQ_ID", "a record of this claim came before; the first is kept")
	case old.rank < b.rank:
		im.doubled[old.head.Books]++
		old.drop()
		l.remove(id, old)
		return false
	default:
		im.doubled[in.books]++
		in.books.Skips(1, b.booked)
		return true
	}
	in.books.Rejects(1, b.booked)
	return true
}

// discharge is a patient status as two digits; one not in use is said and kept
// when it has no more (C005).
func (in *input) discharge(column string) string {
	s, used := record.Status(in.code(column))
	if !used {
		in.warn("C005", column, record.UnusedStatus)
	}
	return s
}

// diagnosis reads a code without its point; one of the other version than its
// day's is said (C004).
func (in *input) diagnosis(column string, on calendar.Day) (claim.Diagnosis, bool) {
	s := strings.ReplaceAll(in.code(column), ".", "")
	if s == "" {
		return claim.Diagnosis{}, false
	}
	d := claim.Diagnosis{Code: strings.Clone(s), ICD10: on >= claim.ICD10Start()}
	switch in.cell("DGNS_PRCDR_ICD_IND") {
	case "0":
		d.ICD10 = true
	case "9":
		d.ICD10 = false
	default:
		return d, true
	}
	if d.ICD10 != (on >= claim.ICD10Start()) {
		in.warn("C004", column, claim.OtherICD)
	}
	return d, true
}
