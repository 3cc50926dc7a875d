package rif

import (
	"context"
	"fmt"
	"strings"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/record"
	"bundlelab/data/ingest/trigger"
	"bundlelab/data/store"
	"bundlelab/engine/money"
)

// bill is a claim while its rows come in.
type bill struct {
	head   *claim.Event   // the claim's own fields, from its first row
	lines  []*claim.Event // of bills counted by line
	paid   money.Cents    // what Medicare paid for the lines, to compare
	toll   money.Cents    // what Medicare paid for the claim
	keys   map[string]bool
	bad    bool // its first row was rejected
	double bool // another file brought it
}

// reading is one claim file on its way in.
type reading struct {
	im      *importer
	rows    *record.Rows
	bills   map[string]*bill
	order   []*bill
	checked map[claim.Kind]bool
	codes   [][2]string // columns of diagnoses
	doubles int
}

// claims reads one claim file.
func (im *importer) claims(ctx context.Context, rows *record.Rows) error {
	r := &reading{im: im, rows: rows, bills: map[string]*bill{}, checked: map[claim.Kind]bool{}, codes: diagnosisColumns(rows)}
	for err := range rows.Each(ctx) {
		if err != nil {
			return err
		}
		if !r.row() {
			break
		}
	}
	if rows.Books.Refused() != nil {
		return nil
	}
	for _, b := range r.order {
		r.close(b)
	}
	claim.Overlap(rows.Books, r.doubles)
	if len(r.order) > 0 {
		claim.NotStandardized(rows.Books)
	}
	return nil
}

// required are the columns a kind of bill cannot do without.
func required(k claim.Kind) []string {
	switch k {
	case claim.Inpatient:
		return []string{"CLM_FROM_DT", "CLM_THRU_DT", "CLM_PMT_AMT", "PRVDR_NUM", "CLM_DRG_CD"}
	case claim.Outpatient:
		return []string{"CLM_FROM_DT", "CLM_THRU_DT", "CLM_PMT_AMT", "PRVDR_NUM", "HCPCS_CD", "CLM_LINE_NUM"}
	case claim.Carrier, claim.DME:
		return []string{"CLM_FROM_DT", "CLM_THRU_DT", "HCPCS_CD", "LINE_NUM", "LINE_ALOWD_CHRG_AMT"}
	case claim.SNF, claim.HHA, claim.Hospice:
	}
	return []string{"CLM_FROM_DT", "CLM_THRU_DT", "CLM_PMT_AMT", "PRVDR_NUM"}
}

// row takes one row; false when the file turns out to lack columns.
func (r *reading) row() bool {
	rows := r.rows
	if strings.EqualFold(rows.Text("DML_IND"), "DELETE") || rows.Has("FINAL_ACTION") && rows.Text("FINAL_ACTION") != "F" {
		r.im.dropped++
		r.skip()
		return true
	}
	kind, ok := claim.KindOfNCH(rows.Text("NCH_CLM_TYPE_CD"))
	if !ok {
		rows.Reject("V001", "NCH_CLM_TYPE_CD", "not a claim type of a bill under Part A or B")
		rows.Books.Saw(1, 0)
		rows.Books.Rejects(1, 0)
		return true
	}
	if !r.checked[kind] && !r.check(kind) {
		return false
	}
	id := rows.Required("CLM_ID")
	b := r.bills[id]
	if b == nil {
		b = r.start(kind, id)
	}
	switch {
	case b.double:
		r.skip()
	case b.bad:
		rows.Books.Saw(1, 0)
		rows.Books.Rejects(1, 0)
	case kind.ByLine():
		r.line(b)
	default:
		rows.Books.Saw(1, 0)
		b.head.Rows++
		visit(rows, b.head)
	}
	return true
}

func (r *reading) skip() {
	r.rows.Books.Saw(1, 0)
	r.rows.Books.Skips(1, 0)
}

// check looks for the columns of a kind, once per file (F001).
func (r *reading) check(kind claim.Kind) bool {
	r.checked[kind] = true
	r.rows.Books.Role = kind.String()
	var missing []string
	for _, c := range required(kind) {
		if !r.rows.Has(c) {
			missing = append(missing, c)
		}
	}
	if len(missing) == 0 {
		return true
	}
	r.rows.Books.Find(store.Refuse, "F001", 1, "", "", fmt.Sprintf("required columns of %s claims are missing: %s", kind, strings.Join(missing, ", ")))
	return false
}

// start opens a claim on its first row.
func (r *reading) start(kind claim.Kind, id string) *bill {
	rows := r.rows
	b := &bill{keys: map[string]bool{}}
	b.head, b.toll = head(rows, kind, id)
	r.diagnoses(b.head)
	if owner := r.im.claimed[id]; owner != nil {
		b.double = true
		r.doubles++
	} else if id != "" {
		r.im.claimed[id] = rows.Books
	}
	b.bad = rows.Bad()
	if b.bad && !b.double {
		rows.Books.Saw(0, b.head.Allowed)
		rows.Books.Rejects(0, b.head.Allowed)
	}
	r.bills[id] = b
	r.order = append(r.order, b)
	return b
}

// head reads the fields a claim repeats on every row, and what Medicare paid
// for the claim. Professional and equipment claims have their dollars on the
// lines.
func head(rows *record.Rows, kind claim.Kind, id string) (*claim.Event, money.Cents) {
	v := &claim.Event{
		Person: rows.Required("BENE_ID"), Claim: id, Kind: kind,
		Provider: strings.ToUpper(rows.Code("PRVDR_NUM", false)), OwnerKind: "CCN",
		From: rows.NeedDay("CLM_FROM_DT"), To: rows.NeedDay("CLM_THRU_DT"),
		DRG:       trigger.NormalDRG(rows.Code("CLM_DRG_CD", false)),
		Discharge: record.DischargeStatus(rows, "PTNT_DSCHRG_STUS_CD"),
		Books:     rows.Books, At: rows.Line(),
	}
	if kind == claim.Carrier || kind == claim.DME {
		return v, 0
	}
	v.Attending, v.Operating = record.NPI(rows, "AT_PHYSN_NPI"), record.NPI(rows, "OP_PHYSN_NPI")
	v.LUPA = rows.Text("CLM_HHA_LUPA_IND_CD") == "L"
	payer, _ := rows.Cents("NCH_PRMRY_PYR_CLM_PD_AMT")
	v.Payer, v.NotPrimary = payer, payer > 0 || claim.Secondary(rows.Text("NCH_PRMRY_PYR_CD"))
	paid, _ := rows.Cents("CLM_PMT_AMT")
	v.Allowed = paid + patientPart(rows, kind)
	if kind == claim.Inpatient {
		stay(rows, v)
		standardize(rows, v)
	}
	if !rows.Bad() && v.To < v.From {
		rows.Reject("D002", "CLM_THRU_DT", "the claim ends before it starts")
	}
	return v, paid
}
