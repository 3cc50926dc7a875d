package rif

import (
	"strings"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/field"
	"bundlelab/data/ingest/record"
	"bundlelab/data/store"
	"bundlelab/engine/money"
)

// patientPart is what the patient owed under the claim: with the payment it is
// the allowed amount (data.md 2.1).
func patientPart(rows *record.Rows, kind claim.Kind) money.Cents {
	var columns []string
	switch kind {
	case claim.Inpatient, claim.SNF:
		columns = []string{"NCH_BENE_IP_DDCTBL_AMT", "NCH_BENE_PTA_COINSRNC_LBLTY_AM", "NCH_BENE_BLOOD_DDCTBL_LBLTY_AM"}
	case claim.Outpatient:
		columns = []string{"NCH_BENE_PTB_DDCTBL_AMT", "NCH_BENE_PTB_COINSRNC_AMT", "NCH_BENE_BLOOD_DDCTBL_LBLTY_AM"}
	case claim.HHA, claim.Hospice, claim.Carrier, claim.DME:
	}
	return total(rows, columns...)
}

func total(rows *record.Rows, columns ...string) money.Cents {
	var sum money.Cents
	for _, c := range columns {
		amount, _ := rows.Cents(c)
		sum += amount
	}
	return sum
}

// stay puts the admission and the discharge in the place of the bill's dates.
// A bill that goes on with a stay keeps its own first day.
func stay(rows *record.Rows, v *claim.Event) {
	if d, ok := rows.Day("CLM_ADMSN_DT"); ok {
		v.From = max(v.From, d)
	}
	if d, ok := rows.Day("NCH_BENE_DSCHRG_DT"); ok {
		v.To = d
	}
	outlier := rows.OptionalCents("NCH_DRG_OUTLIER_APRVD_PMT_AMT")
	switch {
	case outlier == nil:
	case *outlier > v.Allowed:
		rows.Warn("A001", "NCH_DRG_OUTLIER_APRVD_PMT_AMT", "the outlier part is larger than the whole amount: left out")
	default:
		v.Outlier = *outlier
	}
}

// visit keeps the day of a home health visit.
func visit(rows *record.Rows, v *claim.Event) {
	if v.Kind != claim.HHA || !claim.IsVisit(rows.Text("REV_CNTR")) {
		return
	}
	if d, err := field.Monthly(rows.Text("REV_CNTR_DT")); err == nil && d != field.Null() {
		v.Visits = append(v.Visits, claim.Visit{Day: d, Count: 1})
	}
}

// line reads one line of a bill that is counted by line.
func (r *reading) line(b *bill) {
	rows := r.rows
	v := *b.head
	v.At, v.Rows = rows.Line(), 1
	v.HCPCS = strings.ToUpper(rows.Code("HCPCS_CD", false))
	denied := false
	if v.Kind == claim.Outpatient {
		b.paid += r.revenue(&v)
	} else {
		denied = r.service(&v)
	}
	rows.Books.Saw(1, v.Allowed)
	if !rows.Bad() && b.keys[v.Line] {
		rows.Reject("K001", "CLM_ID", "a line of this claim and number came before; the first row is kept")
	}
	switch {
	case rows.Bad():
		rows.Books.Rejects(1, v.Allowed)
		return
	case denied:
		r.im.denied++
		rows.Books.Skips(1, v.Allowed)
	default:
		b.lines = append(b.lines, &v)
	}
	b.keys[v.Line] = true
}

// revenue reads an outpatient revenue line and gives Medicare's payment for
// it. The patient's coinsurance is the reduced one where the hospital has
// elected it.
func (r *reading) revenue(v *claim.Event) money.Cents {
	rows := r.rows
	v.Line = rows.Required("CLM_LINE_NUM")
	v.Indicator = rows.Text("REV_CNTR_STUS_IND_CD")
	if d, ok := rows.Day("REV_CNTR_DT"); ok {
		v.From, v.To = d, d
	}
	paid, _ := rows.Cents("REV_CNTR_PMT_AMT_AMT")
	coinsurance, _ := rows.Cents("REV_CNTR_COINSRNC_WGE_ADJSTD_C")
	if reduced, ok := rows.Cents("REV_CNTR_RDCD_COINSRNC_AMT"); ok && reduced > 0 {
		coinsurance = reduced
	}
	v.Allowed = paid + coinsurance + total(rows, "REV_CNTR_CASH_DDCTBL_AMT", "REV_CNTR_BLOOD_DDCTBL_AMT")
	v.Payer = 0
	if other := total(rows, "REV_CNTR_1ST_MSP_PD_AMT", "REV_CNTR_2ND_MSP_PD_AMT"); other > 0 {
		v.Payer, v.NotPrimary = other, true
	}
	units(rows, "REV_CNTR_UNIT_CNT", v)
	return paid
}

// service reads a professional or equipment line; true when Medicare denied
// it.
func (r *reading) service(v *claim.Event) bool {
	rows := r.rows
	v.Line = rows.Required("LINE_NUM")
	v.Place = rows.Text("LINE_PLACE_OF_SRVC_CD")
	v.Allowed, _ = rows.Cents("LINE_ALOWD_CHRG_AMT")
	if from, ok := rows.Day("LINE_1ST_EXPNS_DT"); ok {
		v.From, v.To = from, from
	}
	if to, ok := rows.Day("LINE_LAST_EXPNS_DT"); ok {
		v.To = to
	}
	if !rows.Bad() && v.To < v.From {
		rows.Reject("D002", "LINE_LAST_EXPNS_DT", "the service ends before it starts")
	}
	npi := "PRF_PHYSN_NPI"
	if v.Kind == claim.DME {
		npi = "PRVDR_NPI"
	}
	v.OwnerKind = "NPI"
	if v.Provider = record.NPI(rows, npi); v.Provider == "" {
		v.OwnerKind = ""
	}
	payer, _ := rows.Cents("LINE_BENE_PRMRY_PYR_PD_AMT")
	v.Payer, v.NotPrimary = payer, payer > 0 || claim.Secondary(rows.Text("LINE_BENE_PRMRY_PYR_CD"))
	units(rows, "LINE_SRVC_CNT", v)
	return claim.Denied(rows.Text("CARR_CLM_PMT_DNL_CD"), rows.Text("LINE_PRCSG_IND_CD"))
}

func units(rows *record.Rows, column string, v *claim.Event) {
	if n, err := field.Units(rows.Text(column)); err == nil {
		v.Units = n
	}
}

// close settles a claim whose rows are all in.
func (r *reading) close(b *bill) {
	if b.bad || b.double {
		return
	}
	if !b.head.Kind.ByLine() {
		r.rows.Books.Saw(0, b.head.Allowed)
		r.im.events = append(r.im.events, b.head)
		return
	}
	if b.head.Kind == claim.Outpatient {
		r.reconcile(b)
	}
	r.im.events = append(r.im.events, b.lines...)
}

// reconcile compares an outpatient claim's lines with its head. Where
// Medicare's payments differ by more than $1 and 0.5% the head is right and
// its whole amount goes to the line paid most (A004).
func (r *reading) reconcile(b *bill) {
	if len(b.lines) == 0 || !claim.Differs(b.paid, b.toll) {
		return
	}
	r.rows.Books.Find(store.Warning, "A004", b.head.At, "CLM_PMT_AMT", "", "the lines do not add up to the claim: the claim's amount is used")
	most := b.lines[0]
	for _, v := range b.lines {
		if v.Allowed > most.Allowed {
			most = v
		}
	}
	for _, v := range b.lines {
		amount := money.Cents(0)
		if v == most {
			amount = b.head.Allowed
		}
		r.rows.Books.Saw(0, amount-v.Allowed)
		v.Allowed = amount
	}
}
