package tuva

import (
	"strings"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/reference"
)

// diagnosis is a code without its point; false for what is none.
func diagnosis(code string, icd10 bool) (claim.Diagnosis, bool) {
	if icd10 {
		code = reference.Diagnosis(code)
	} else {
		code = strings.ReplaceAll(code, ".", "")
	}
	return claim.Diagnosis{Code: code, ICD10: icd10}, code != "" && len(code) <= 7
}

// keep adds a line to its bill. The dollars of a bill counted whole are booked
// with its first line's file.
func (r *reading) keep(key string, v *claim.Event) {
	b := r.im.bills[key]
	if b == nil {
		b = &bill{same: true, some: v.Allowed}
		r.im.bills[key] = b
		r.im.order = append(r.im.order, b)
	}
	v.Claim = strings.ReplaceAll(key, "\x00", "|")
	if v.Kind.ByLine() {
		r.books.Saw(0, v.Allowed)
		b.lines = append(b.lines, v)
		return
	}
	if b.head == nil {
		r.books.Saw(0, v.Allowed)
		v.Line, v.HCPCS = "", ""
		b.head = v
		return
	}
	r.join(b.head, v)
	b.same = b.same && v.Allowed == b.some
}

// join adds a line to the claim it is of.
func (r *reading) join(head, v *claim.Event) {
	head.Books.Saw(0, v.Allowed)
	head.Allowed += v.Allowed
	if head.Books == r.books {
		head.Rows++
	} else {
		r.spread++
		r.books.Skips(1, 0)
	}
	head.Visits = append(head.Visits, v.Visits...)
	head.From, head.To = min(head.From, v.From), max(head.To, v.To)
	if head.DRG == "" {
		head.DRG = v.DRG
	}
	if head.Discharge == "" {
		head.Discharge = v.Discharge
	}
	if head.OwnerKind != "CCN" && v.OwnerKind != "" {
		head.Provider, head.OwnerKind = v.Provider, v.OwnerKind
	}
}
