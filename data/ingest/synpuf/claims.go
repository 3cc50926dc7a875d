package synpuf

import (
	"context"
	"fmt"
	"strings"

	"bundlelab/data/ingest/ccn"
	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/record"
	"bundlelab/data/ingest/trigger"
	"bundlelab/data/store"
	"bundlelab/engine/money"
)

// bill is a claim while its segments come in, in any order. Only the first
// segment has the dates; each has its own dollars.
type bill struct {
	head     *claim.Event // from the first segment
	segments map[string]bool
	amount   money.Cents
	rows     int
	line     int
}

// institutional reads an inpatient or outpatient file.
func (im *importer) institutional(ctx context.Context, rows *record.Rows) error {
	bills := map[string]*bill{}
	var order []*bill
	doubles := map[string]bool{}
	warned := false
	for err := range rows.Each(ctx) {
		if err != nil {
			return err
		}
		id, segment := rows.Required("CLM_ID"), rows.Required("SEGMENT")
		if owner := im.claimed[id]; owner != nil && owner != rows.Books {
			doubles[id] = true
			rows.Books.Saw(1, 0)
			rows.Books.Skips(1, 0)
			continue
		}
		amount := allowed(rows)
		rows.Books.Saw(1, amount)
		b := bills[id]
		if b == nil {
			b = &bill{segments: map[string]bool{}, line: rows.Line()}
		}
		if b.segments[segment] && !rows.Bad() {
			rows.Reject("K001", "CLM_ID", "a segment of this claim and number came before; the first row is kept")
		}
		head := im.head(rows, id, segment)
		if rows.Bad() {
			rows.Books.Rejects(1, amount)
			continue
		}
		if head != nil {
			b.head = head
		}
		if !warned && !ccn.Valid(rows.Text("PRVDR_NUM")) || !warned && ccn.KindOf(rows.Text("PRVDR_NUM")) != ccn.ShortTerm {
			rows.Warn("C001", "PRVDR_NUM", "provider numbers of DE-SynPUF are scrambled: each is taken for a hospital")
			warned = true
		}
		if bills[id] == nil {
			bills[id] = b
			order = append(order, b)
			im.claimed[id] = rows.Books
		}
		b.segments[segment] = true
		b.amount += amount
		b.rows++
	}
	if rows.Books.Refused() != nil {
		return nil
	}
	for _, b := range order {
		im.close(rows, b)
	}
	claim.Overlap(rows.Books, len(doubles))
	return nil
}

// close makes one event of a claim. A claim whose first segment is missing has
// no dates and is rejected.
func (im *importer) close(rows *record.Rows, b *bill) {
	if b.head == nil {
		rows.Books.Find(store.Reject, "D001", b.line, "CLM_FROM_DT", "", "the claim has no dates: its first segment is missing")
		rows.Books.Rejects(b.rows, b.amount)
		return
	}
	b.head.Rows, b.head.Allowed = b.rows, b.amount
	im.events = append(im.events, b.head)
}

// allowed is the payment with what the patient owed.
func allowed(rows *record.Rows) money.Cents {
	var sum money.Cents
	for _, column := range []string{
		"CLM_PMT_AMT", "NCH_BENE_IP_DDCTBL_AMT", "NCH_BENE_PTA_COINSRNC_LBLTY_AM", "NCH_BENE_BLOOD_DDCTBL_LBLTY_AM",
		"NCH_BENE_PTB_DDCTBL_AMT", "NCH_BENE_PTB_COINSRNC_AMT",
	} {
		amount, _ := rows.Cents(column)
		sum += amount
	}
	return sum
}

// head reads a first segment; nil for a later one, which has no dates.
func (im *importer) head(rows *record.Rows, id, segment string) *claim.Event {
	person := rows.Required("DESYNPUF_ID")
	if segment != "1" {
		return nil
	}
	v := &claim.Event{
		Person: person, Claim: id, Kind: claim.Outpatient,
		Provider: strings.ToUpper(rows.Code("PRVDR_NUM", false)), OwnerKind: "CCN",
		From: rows.NeedDay("CLM_FROM_DT"), To: rows.NeedDay("CLM_THRU_DT"),
		Attending: record.NPI(rows, "AT_PHYSN_NPI"), Operating: record.NPI(rows, "OP_PHYSN_NPI"),
		Books: rows.Books, At: rows.Line(),
	}
	v.Payer, _ = rows.Cents("NCH_PRMRY_PYR_CLM_PD_AMT")
	v.NotPrimary = v.Payer > 0
	if rows.Has("CLM_ADMSN_DT") {
		im.stay(rows, v)
	} else {
		v.HCPCS = im.procedureCode(rows, v)
	}
	if !rows.Bad() && v.To < v.From {
		rows.Reject("D002", "CLM_THRU_DT", "the claim ends before it starts")
	}
	return v
}

// stay reads what only inpatient files have.
func (im *importer) stay(rows *record.Rows, v *claim.Event) {
	v.Kind = claim.Inpatient
	if !rows.Bad() && !ccn.Valid(v.Provider) {
		rows.Reject("C001", "PRVDR_NUM", "a hospital's number has six letters or digits")
	}
	if d, ok := rows.Day("CLM_ADMSN_DT"); ok {
		v.From = d
	}
	if d, ok := rows.Day("NCH_BENE_DSCHRG_DT"); ok {
		v.To = d
	}
	v.DRG = trigger.NormalDRG(rows.Text("CLM_DRG_CD"))
	for i := 1; i <= 6; i++ {
		if code := rows.Text(fmt.Sprintf("ICD9_PRCDR_CD_%d", i)); code != "" {
			v.Procedures = append(v.Procedures, strings.ReplaceAll(code, ".", ""))
		}
	}
}

// procedureCode is the claim's trigger code, else its first code: DE-SynPUF
// has one amount for up to 45 codes.
func (im *importer) procedureCode(rows *record.Rows, v *claim.Event) string {
	first := ""
	for i := 1; i <= 45; i++ {
		code := strings.ToUpper(rows.Text(fmt.Sprintf("HCPCS_CD_%d", i)))
		if code == "" {
			continue
		}
		if _, ok := im.run.Triggers.Find(trigger.HCPCS, code, v.From); ok {
			return code
		}
		if first == "" {
			first = code
		}
	}
	return first
}

// lines is how many lines a carrier row holds side by side.
const lines = 13

// carrier reads a professional file: one row a claim, thirteen lines wide.
func (im *importer) carrier(ctx context.Context, rows *record.Rows) error {
	doubles := 0
	for err := range rows.Each(ctx) {
		if err != nil {
			return err
		}
		id := rows.Required("CLM_ID")
		if owner := im.claimed[id]; owner != nil && owner != rows.Books {
			doubles++
			rows.Books.Saw(1, 0)
			rows.Books.Skips(1, 0)
			continue
		}
		if im.claimed[id] == rows.Books {
			rows.Reject("K001", "CLM_ID", "this claim came before; the first row is kept")
		}
		events, sum := im.professional(rows, id)
		rows.Books.Saw(1, sum)
		switch {
		case rows.Bad():
			rows.Books.Rejects(1, sum)
			continue
		case len(events) == 0:
			rows.Books.Skips(1, sum)
		default:
			events[0].Rows = 1
			im.events = append(im.events, events...)
		}
		im.claimed[id] = rows.Books
	}
	claim.Overlap(rows.Books, doubles)
	return nil
}

// professional reads the lines of a carrier row. The row is counted with the
// first of them: they share its dates, and so its fate.
func (im *importer) professional(rows *record.Rows, id string) ([]*claim.Event, money.Cents) {
	head := claim.Event{
		Person: rows.Required("DESYNPUF_ID"), Claim: id, Kind: claim.Carrier,
		From: rows.NeedDay("CLM_FROM_DT"), To: rows.NeedDay("CLM_THRU_DT"),
		Books: rows.Books, At: rows.Line(),
	}
	if !rows.Bad() && head.To < head.From {
		rows.Reject("D002", "CLM_THRU_DT", "the claim ends before it starts")
	}
	var events []*claim.Event
	var sum money.Cents
	for i := 1; i <= lines; i++ {
		n := fmt.Sprint(i)
		v := head
		v.Line, v.HCPCS = n, strings.ToUpper(rows.Text("HCPCS_CD_"+n))
		v.Allowed, _ = rows.Cents("LINE_ALOWD_CHRG_AMT_" + n)
		if v.HCPCS == "" && v.Allowed == 0 {
			continue
		}
		if v.Provider = record.NPI(rows, "PRF_PHYSN_NPI_"+n); v.Provider != "" {
			v.OwnerKind = "NPI"
		}
		v.Payer, _ = rows.Cents("LINE_BENE_PRMRY_PYR_PD_AMT_" + n)
		v.NotPrimary = v.Payer > 0
		sum += v.Allowed
		events = append(events, &v)
	}
	return events, sum
}
