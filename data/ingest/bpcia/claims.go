package bpcia

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"bundlelab/data/ingest/ccn"
	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/field"
	"bundlelab/data/ingest/profile"
	"bundlelab/data/ingest/record"
	"bundlelab/data/ingest/trigger"
	"bundlelab/data/store"
	"bundlelab/engine/money"
)

// reading is one file of claims on its way in.
type reading struct {
	im     *importer
	rows   *record.Rows
	bound  *profile.Binding
	kind   claim.Kind
	set    string
	visits [][2]string // fields of the revenue code and the day of each visit
	older  int         // rows of episodes that a newer delivery brings
}

// claims reads one file of claims.
func (im *importer) claims(ctx context.Context, x input, kind claim.Kind) error {
	rows, b, err := im.rows(x)
	if rows == nil || err != nil {
		return err
	}
	if !oneOf(rows, b, "std", "raw") {
		return rows.Close()
	}
	r := &reading{im: im, rows: rows, bound: b, kind: kind, set: x.set}
	if !b.Has("std") {
		claim.NotStandardized(rows.Books)
	}
	days := numbered("visit_date", b)
	for i, revenue := range numbered("visit_revenue", b) {
		if i < len(days) {
			r.visits = append(r.visits, [2]string{revenue, days[i]})
		}
	}
	if err := each(ctx, rows, r.row); err != nil {
		return err
	}
	if r.older > 0 {
		rows.Books.Find(store.Info, "F003", 0, "", "", fmt.Sprintf("%d rows are of episodes that a newer delivery brings: those are used", r.older))
	}
	return nil
}

// find is the episode of a row: of its own delivery, and only where that has no
// file of episodes, of the newest that has it. An episode's number may change
// from delivery to delivery, so a number that two of the others give to
// different persons tells nothing.
func (r *reading) find(id string) *ready {
	if own, ok := r.im.sets[r.set]; ok {
		return own[id]
	}
	var found *ready
	for _, set := range r.im.order {
		e := r.im.sets[set][id]
		switch {
		case e == nil:
		case found == nil:
			found = e
		case !bytes.Equal(found.row.BeneHash, e.row.BeneHash):
			return nil
		}
	}
	return found
}

// row takes one row.
func (r *reading) row() {
	rows := r.rows
	e := r.find(rows.Required("episode"))
	if e == nil || e.why != "" {
		r.outside(e)
		return
	}
	v := r.event()
	rows.Books.Saw(1, v.Allowed)
	part, states := rows.Cents("part")
	if rows.Bad() {
		rows.Books.Rejects(1, v.Allowed)
		return
	}
	e.lines = append(e.lines, line{v, part, states})
	r.im.run.Through(v.To)
}

// outside books a row without an episode to go to: an orphan (K002), or one of
// an episode that is left out on purpose.
func (r *reading) outside(e *ready) {
	rows := r.rows
	if rows.Bad() { // no number of an episode
		rows.Books.Saw(1, 0)
		rows.Books.Rejects(1, 0)
		return
	}
	amount, _ := field.Cents(rows.Text("raw"))
	rows.Books.Saw(1, amount)
	rows.Books.Skips(1, amount)
	switch {
	case e == nil:
		rows.Warn("K002", "episode", "the row is left out: no episode of its delivery has this number")
	case e.quiet:
		if strings.HasPrefix(e.why, "a newer") {
			r.older++
		}
	default:
		rows.Warn("K002", "episode", "the row is left out: "+e.why)
	}
}

// event reads the row as a stay, a claim or a line.
func (r *reading) event() *claim.Event {
	rows := r.rows
	v := &claim.Event{Kind: r.kind, Books: rows.Books, At: rows.Line(), Rows: 1}
	r.amounts(v)
	v.From = rows.NeedDay("from_date")
	if v.To = v.From; rows.Text("to_date") != "" {
		v.To = rows.NeedDay("to_date")
	}
	switch r.kind {
	case claim.Inpatient:
		r.stay(v)
	case claim.Outpatient, claim.Carrier, claim.DME:
		r.line(v)
	case claim.SNF, claim.HHA, claim.Hospice:
		r.bill(v)
	}
	if v.Payer > 0 {
		v.NotPrimary = true
	}
	if !rows.Bad() && v.To < v.From {
		rows.Reject("D002", "to_date", "the service ends before it starts")
	}
	return v
}

// amounts reads the standardized and the raw amount. Where the raw one is
// missing the standardized one stands in; where the standardized one is, the
// raw (A005).
func (r *reading) amounts(v *claim.Event) {
	rows := r.rows
	std, hasStd := rows.Cents("std")
	raw, hasRaw := rows.Cents("raw")
	switch {
	case rows.Bad():
		v.Allowed = raw
		return
	case hasStd && hasRaw:
		v.Allowed, v.Std = raw, &std
	case hasStd:
		v.Allowed, v.Std = std, &std
	case hasRaw:
		v.Allowed = raw
		if r.bound.Has("std") {
			rows.Warn("A005", "std", "the standardized amount is missing: the raw amount is used")
		}
	default:
		rows.Reject("A001", "std", "the amount is missing, standardized and raw")
	}
	switch outlier, _ := rows.Cents("outlier"); {
	case below(v):
		v.Outlier = min(outlier, 0)
	case outlier < 0:
		rows.Reject("A002", "outlier", "the amount is negative")
	case outlier > v.Allowed:
		rows.Warn("A001", "outlier", "the outlier part is larger than the whole amount: left out")
	default:
		v.Outlier = outlier
	}
	v.Payer = r.payer("payer") + r.payer("payer_2")
}

// payer is what another payer paid first; a negative amount takes such a
// payment back and says nothing of this row.
func (r *reading) payer(name string) money.Cents {
	c, _ := r.rows.Cents(name)
	return max(c, 0)
}

// stay reads an inpatient stay, whose claims the feed has joined.
func (r *reading) stay(v *claim.Event) {
	rows := r.rows
	v.Claim = strings.Clone(rows.Required("stay"))
	r.provider(v)
	v.DRG = r.im.text(trigger.NormalDRG(r.formed("drg", 4)))
	v.Discharge = r.im.text(record.DischargeStatus(rows, "status"))
	v.Attending, v.Operating = r.im.text(record.NPI(rows, "attending")), r.im.text(record.NPI(rows, "operating"))
	if d, ok := rows.Day("admission"); ok {
		v.From = d
	}
	if d, ok := rows.Day("discharge"); ok {
		v.To = d
	}
}

// line reads a line of an outpatient, professional or equipment claim.
func (r *reading) line(v *claim.Event) {
	rows := r.rows
	v.Claim, v.Line = strings.Clone(rows.Required("claim")), r.place(rows.Required("line"))
	v.HCPCS = r.im.text(strings.ToUpper(r.formed("hcpcs", 5)))
	if d, ok := rows.Day("line_date"); ok {
		v.From, v.To = d, d
	}
	if d, ok := rows.Day("line_end"); ok {
		v.To = d
	}
	if n, err := field.Units(rows.Text("units")); err == nil {
		v.Units = n
	}
	if r.kind == claim.Outpatient {
		r.provider(v)
		v.Indicator = r.im.text(rows.Text("indicator"))
		return
	}
	v.Place = r.im.text(rows.Text("place"))
	if v.Provider = r.im.text(record.NPI(rows, "npi")); v.Provider != "" {
		v.OwnerKind = "NPI"
	}
}

// bill reads a SNF, home health or hospice claim.
func (r *reading) bill(v *claim.Event) {
	rows := r.rows
	v.Claim, v.Line = strings.Clone(rows.Required("claim")), r.place(rows.Text("segment"))
	r.provider(v)
	if r.kind != claim.HHA {
		return
	}
	v.LUPA = lupa(rows.Text("lupa"))
	for _, fields := range r.visits {
		if !claim.IsVisit(rows.Text(fields[0])) {
			continue
		}
		if d, err := rows.Date(rows.Text(fields[1])); err == nil && d != field.Null() {
			v.Visits = append(v.Visits, claim.Visit{Day: d, Count: 1})
		}
	}
}

// provider reads the number of a facility; anything else is left out (C001).
func (r *reading) provider(v *claim.Event) {
	n := strings.ToUpper(r.rows.Code("provider", false))
	switch {
	case n == "":
	case !ccn.Valid(n):
		r.rows.Warn("C001", "provider", "a provider's number has six letters or digits: left out")
	default:
		v.Provider, v.OwnerKind = r.im.text(n), "CCN"
	}
}

// formed is a code of at most so many letters and digits; a longer one is left
// out.
func (r *reading) formed(name string, most int) string {
	s := r.rows.Code(name, false)
	if len(s) > most {
		r.rows.Warn("V001", name, "the code is longer than one is: left out")
		return ""
	}
	return s
}

// place is the number of a line or segment; a keyed hash stands for anything
// else.
func (r *reading) place(s string) string {
	if len(s) <= 6 && strings.Trim(s, "0123456789") == "" {
		return r.im.text(s)
	}
	return r.im.run.Key.Short("line", s)
}

// lupa says that a home health period was paid by the visit.
func lupa(s string) bool {
	switch strings.ToUpper(s) {
	case "L", "1", "Y", "YES", "TRUE":
		return true
	}
	return false
}
