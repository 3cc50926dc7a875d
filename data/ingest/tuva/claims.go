package tuva

import (
	"context"
	"fmt"
	"hash/fnv"
	"strings"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/control"
	"bundlelab/data/ingest/field"
	"bundlelab/data/ingest/group"
	"bundlelab/data/ingest/record"
	"bundlelab/data/ingest/trigger"
	"bundlelab/data/store"
	"bundlelab/engine/money"
)

// maxKeys is of how many lines all keys are kept, to find doubles; past it only
// those of persons with a trigger.
const maxKeys = 5_000_000

// bill is a claim while its lines come in.
type bill struct {
	head  *claim.Event   // of a bill counted whole; its amount is the lines' so far
	lines []*claim.Event // of one counted by line
	same  bool           // every line has the same amount
	some  money.Cents
}

// events are what an episode may take of the bill.
func (b *bill) events() []*claim.Event {
	if b.head != nil {
		return append(b.lines, b.head)
	}
	return b.lines
}

// reading is one claim file on its way in.
type reading struct {
	im      *importer
	rows    *record.Rows
	books   *control.File
	paid    int // lines that count with what was paid
	spread  int // lines of a bill that began in another file
	lines   int
	codes   []string // columns of diagnoses
	drg     string
	opens   func(*claim.Event) (trigger.Trigger, bool)
	strange int // triggers without any word on hospitals
}

// claims reads one claim file.
func (im *importer) claims(ctx context.Context, f file) error {
	r := &reading{im: im, opens: group.FindTrigger(im.run.Triggers), codes: numbered("diagnosis_code_", 25)}
	err := im.read(ctx, f, "medical_claim", func(rows *record.Rows) {
		if r.rows == nil {
			r.rows, r.books, r.drg = rows, rows.Books, "drg_code"
			if !rows.Has("drg_code") {
				r.drg = "ms_drg_code"
			}
		}
		r.row()
	})
	if err != nil || r.books == nil || r.books.Refused() != nil {
		return err
	}
	r.close()
	return nil
}

// close says what stands for the file as a whole.
func (r *reading) close() {
	claim.NotStandardized(r.books)
	if r.paid > 0 {
		r.books.FindMany(store.Warning, "A005", "lines without an allowed amount: what was paid stands in, which is less by what the patient owed", r.paid)
	}
	if r.spread > 0 {
		r.books.FindMany(store.Info, "F003", "lines of a claim that begins in another file: their dollars are in that file's totals", r.spread)
	}
	doubtful := 0
	for _, b := range r.im.order {
		if b.head != nil && b.head.Books == r.books && b.same && b.head.Rows > 1 && b.some > 0 {
			doubtful++
		}
	}
	if doubtful > 0 {
		r.books.FindMany(store.Warning, "A004", "claims of several lines have one and the same amount on each: if that is the claim's total, it should stand on one line only", doubtful)
	}
	if r.strange > 0 {
		r.books.Find(store.Refuse, "C001", 0, "facility_npi", "", fmt.Sprintf("%d trigger stays or procedures were found, but the files do not say at which hospitals: put a file npi_ccn.csv with the columns npi and ccn into the folder", r.strange))
	}
}

// row takes one line.
func (r *reading) row() {
	rows, books := r.rows, r.books
	r.lines++
	v := r.event()
	key := rows.Text("data_source") + "\x00" + v.Claim
	books.Saw(1, 0)
	if !rows.Bad() {
		r.unique(key + "\x00" + v.Line)
	}
	near := r.im.near[v.Person]
	if near && !rows.Bad() && !r.place(v) {
		r.strange++
	}
	switch {
	case rows.Bad():
		books.Saw(0, v.Allowed)
		books.Rejects(1, v.Allowed)
	case r.void():
		r.im.voids++
		books.Saw(0, v.Allowed)
		books.Skips(1, v.Allowed)
	case !near:
		r.reach(v)
		books.Saw(0, v.Allowed)
		books.Skips(1, v.Allowed)
	default:
		r.reach(v)
		r.keep(key, v)
	}
}

// void says that the line is of a bill that takes another back. A feed of the
// model holds final bills: what it took back is gone already.
func (r *reading) void() bool {
	bill := r.rows.Text("bill_type_code")
	if len(bill) < 3 || bill[len(bill)-1] != '8' {
		return false
	}
	r.rows.Warn("A003", "bill_type_code", "a void bill among final ones: skipped; see that the bill it takes back is not there")
	return true
}

// reach widens the days that the claims speak of.
func (r *reading) reach(v *claim.Event) {
	im := r.im
	if im.first == 0 || v.From < im.first {
		im.first = v.From
	}
	im.last = max(im.last, v.To)
}

// unique rejects a line that came before (K001).
func (r *reading) unique(key string) {
	if len(r.im.seen) >= maxKeys && !r.im.near[r.rows.Text("person_id")] {
		return
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(key)) // never fails
	sum := h.Sum64()
	if _, twice := r.im.seen[sum]; twice {
		r.rows.Reject("K001", "claim_id", "a line of this claim, number and source came before; the first row is kept")
		return
	}
	r.im.seen[sum] = struct{}{}
}

// event reads a line.
func (r *reading) event() *claim.Event {
	rows := r.rows
	v := &claim.Event{
		Person: rows.Required("person_id"), Claim: rows.Required("claim_id"), Line: lineNumber(rows),
		HCPCS: strings.ToUpper(rows.Code("hcpcs_code", false)), Place: rows.Code("place_of_service_code", false),
		Books: rows.Books, At: rows.Line(), Rows: 1,
	}
	kind, ok := kindOf(rows.Text("claim_type"), rows.Text("bill_type_code"), v.Place, v.HCPCS)
	if !ok {
		rows.Reject("V001", "claim_type", "neither institutional with a bill type nor professional: the line cannot be placed")
	}
	v.Kind = kind
	v.Allowed = r.amount()
	if kind == claim.Inpatient && msDRG(rows.Text("drg_code_type")) {
		v.DRG = trigger.NormalDRG(rows.Code(r.drg, false))
	}
	if !kind.ByLine() || kind == claim.Outpatient {
		v.Discharge = record.DischargeStatus(rows, "discharge_disposition_code")
	}
	r.days(v)
	if kind == claim.HHA && claim.IsVisit(rows.Text("revenue_center_code")) {
		if d, err := rows.Date(rows.Text("claim_line_start_date")); err == nil && oneDay(rows) {
			v.Visits = []claim.Visit{{Day: d, Count: 1}}
		}
	}
	r.provider(v)
	if s := rows.Text("service_unit_quantity"); s != "" {
		if n, err := field.Units(strings.TrimPrefix(s, "-")); err == nil {
			v.Units = n
		}
	}
	r.diagnoses(v)
	return v
}

// oneDay says that a line is of one day, and not of all the days of its bill.
func oneDay(rows *record.Rows) bool {
	end := rows.Text("claim_line_end_date")
	return end == "" || end == rows.Text("claim_line_start_date")
}

// lineNumber reads a number that a warehouse may have written as 1.0.
func lineNumber(rows *record.Rows) string {
	s := strings.TrimSuffix(rows.Required("claim_line_number"), ".0")
	if s != "" {
		if _, err := field.Int(s, 0, 1_000_000); err != nil {
			rows.Reject("V001", "claim_line_number", "not a whole number")
		}
	}
	return s
}

// amount is what the line counts with.
func (r *reading) amount() money.Cents {
	rows := r.rows
	allowed, given := rows.Cents("allowed_amount")
	paid, wasPaid := rows.Cents("paid_amount")
	sum, column := allowed, "allowed_amount"
	switch {
	case wasPaid && (!given || allowed == 0 && paid > 0):
		r.paid++
		sum, column = paid, "paid_amount"
	case given && wasPaid && allowed < paid:
		rows.Warn("A007", "allowed_amount", "less was allowed than paid")
	}
	if sum < 0 {
		rows.Reject("A002", column, "the amount is negative: the model holds final bills only")
	}
	return sum
}

// days reads the dates of a line: of the stay, of the bill, or of the line.
func (r *reading) days(v *claim.Event) {
	rows := r.rows
	v.From, v.To = rows.NeedDay("claim_start_date"), rows.NeedDay("claim_end_date")
	end := "claim_end_date"
	switch {
	case v.Kind == claim.Inpatient:
		if d, ok := rows.Day("admission_date"); ok {
			v.From = max(v.From, d)
		}
		if d, ok := rows.Day("discharge_date"); ok {
			v.To, end = d, "discharge_date"
		}
	case v.Kind.ByLine():
		from, started := rows.Day("claim_line_start_date")
		to, ended := rows.Day("claim_line_end_date")
		if started {
			v.From, v.To = from, max(from, min(v.To, from))
		}
		if ended {
			v.To, end = to, "claim_line_end_date"
		}
	}
	if !rows.Bad() && v.To < v.From {
		rows.Reject("D002", end, "the service ends before it starts")
	}
}

// provider reads whose bill it is: a facility by its hospital's number where
// npi_ccn.csv knows it, else by NPI.
func (r *reading) provider(v *claim.Event) {
	rows := r.rows
	if v.Kind == claim.Carrier || v.Kind == claim.DME {
		if v.Provider = record.NPI(rows, "rendering_npi"); v.Provider == "" {
			v.Provider = record.NPI(rows, "billing_npi")
		}
		if v.Provider != "" {
			v.OwnerKind = "NPI"
		}
		return
	}
	v.Attending = record.NPI(rows, "rendering_npi")
	id := record.NPI(rows, "facility_npi")
	if id == "" {
		id = record.NPI(rows, "billing_npi")
	}
	switch number := r.im.hospitals[id]; {
	case number != "":
		v.Provider, v.OwnerKind = number, "CCN"
	case id != "":
		v.Provider, v.OwnerKind = id, "NPI"
	}
}

// place says whether a trigger has a place: false where no file says which
// hospital any facility is.
func (r *reading) place(v *claim.Event) bool {
	if v.OwnerKind == "CCN" {
		return true
	}
	if _, ok := r.opens(v); !ok {
		return true
	}
	if b := r.im.bills[r.rows.Text("data_source")+"\x00"+v.Claim]; b == nil || b.head == nil {
		r.im.strangers++
		return r.im.crosswalk
	}
	return true // a further line of a stay that was counted
}

// diagnoses reads the codes of a line. The file's word on their version
// counts; where it contradicts the date that is told (C004).
func (r *reading) diagnoses(v *claim.Event) {
	late := v.To >= claim.ICD10Start()
	icd10 := late
	switch system := strings.ToLower(r.rows.Text("diagnosis_code_type")); {
	case strings.HasPrefix(system, "icd-9"), strings.HasPrefix(system, "icd9"):
		icd10 = false
	case strings.HasPrefix(system, "icd"):
		icd10 = true
	}
	for _, column := range r.codes {
		code := r.rows.Text(column)
		if code == "" {
			continue
		}
		if icd10 != late && v.To != 0 {
			r.rows.Warn("C004", "diagnosis_code_type", claim.OtherICD)
			late = icd10
		}
		if d, ok := diagnosis(code, icd10); ok {
			v.Diagnoses = append(v.Diagnoses, d)
		}
	}
}
