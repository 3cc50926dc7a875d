package cclf

import (
	"context"
	"slices"
	"strings"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/money"
)

// revenue reads the lines of Part A claims (CCLF2). Those of outpatient claims
// hold the claim's dollars, those of home health its visits; those of others
// are passed over.
func (im *importer) revenue(ctx context.Context) error {
	for _, f := range im.of(revenue) {
		if err := im.read(ctx, f, im.revenueLine); err != nil {
			return err
		}
	}
	return nil
}

func (im *importer) revenueLine(in *input) {
	kind, part := kindOf(in)
	if kind != claim.Outpatient && part != wrongPart {
		in.books.Saw(1, 0)
		if kind == claim.HHA {
			im.visit(in)
		}
		if in.bad {
			in.books.Rejects(1, 0)
		} else {
			in.books.Skips(1, 0)
		}
		return
	}
	paid := in.cents("CLM_LINE_CVRD_PD_AMT")
	in.books.Saw(1, paid)
	b := im.a.byID[in.cell("CUR_CLM_UNIQ_ID")]
	switch {
	case in.bad:
		in.books.Rejects(1, paid)
		return
	case b == nil || b.head.Kind != claim.Outpatient || !b.brings(ofLines, in.rank()):
		in.books.Skips(1, paid)
		return
	}
	v := *b.head
	v.Books, v.At, v.Allowed = in.books, in.line(), paid
	v.Line = lineNumber(in)
	v.HCPCS = strings.Clone(in.code("CLM_LINE_HCPCS_CD"))
	if d, ok := lineDay(in); ok {
		v.From, v.To = d, d
	}
	v.Units = in.units("CLM_LINE_SRVC_UNIT_QTY")
	if paid < 0 {
		in.reject("A002", "CLM_LINE_CVRD_PD_AMT", "the amount is negative")
	}
	if !in.bad && b.hasLine(v.Line) {
		in.reject("K001", "CLM_LINE_NUM", "a line of this claim and number came before; the first is kept")
	}
	if in.bad {
		in.books.Rejects(1, paid)
		return
	}
	b.lines = append(b.lines, &v)
}

// visit keeps the day of a home health visit.
func (im *importer) visit(in *input) {
	b := im.a.byID[in.cell("CUR_CLM_UNIQ_ID")]
	if b == nil || b.head.Kind != claim.HHA || !claim.IsVisit(in.cell("CLM_LINE_PROD_REV_CTR_CD")) || !b.brings(ofLines, in.rank()) {
		return
	}
	if d, ok := lineDay(in); ok {
		b.head.Visits = append(b.head.Visits, claim.Visit{Day: d, Count: 1})
	}
}

// lineDay is the day of a revenue line.
func lineDay(in *input) (day calendar.Day, ok bool) {
	for _, column := range []string{"CLM_LINE_FROM_DT", "CLM_LINE_INSTNL_REV_CTR_DT"} {
		if d, given := in.day(column); given {
			day, ok = d, true
		}
	}
	return day, ok
}

// lineNumber is a line's number without the zeros that fill its column.
func lineNumber(in *input) string {
	s := in.required("CLM_LINE_NUM")
	if s == "" {
		return ""
	}
	if s = strings.TrimLeft(s, "0"); s == "" {
		return "0"
	}
	return strings.Clone(s)
}

func (b *bill) hasLine(number string) bool {
	same := func(v *claim.Event) bool { return v.Line == number }
	return slices.ContainsFunc(b.lines, same) || slices.ContainsFunc(b.denied, same)
}

// outpatient gives the lines of an outpatient claim their parts of its allowed
// amount, in proportion to what Medicare paid for each: CCLF has the patient's
// part for the claim only. A claim without lines stands as one.
func (b *bill) outpatient() []*claim.Event {
	b.diagnose()
	head := b.head
	if len(b.lines) == 0 {
		head.Books.Saw(0, head.Allowed)
		head.Std = &head.Allowed
		return []*claim.Event{head}
	}
	head.Books.Loads(head.Rows, 0)
	var paid money.Cents
	for _, v := range b.lines {
		paid += v.Allowed
	}
	if claim.Differs(paid, b.paid) {
		head.Books.Find(store.Warning, "A004", head.At, "CLM_PMT_AMT", "", "the lines do not add up to the claim: the claim's amount is used, in proportion to them")
	}
	for i, part := range shares(head.Allowed, b.lines, paid) {
		v := b.lines[i]
		v.Books.Saw(0, part-v.Allowed)
		v.Allowed = part
		v.Std = &v.Allowed
		v.Diagnoses = head.Diagnoses
	}
	return b.lines
}

// shares splits an amount in proportion to the lines' payments, to the cent;
// where nothing was paid the first line has it all.
func shares(amount money.Cents, lines []*claim.Event, paid money.Cents) []money.Cents {
	weights := make([]int64, len(lines))
	for i, v := range lines {
		weights[i] = int64(v.Allowed)
	}
	if paid <= 0 {
		weights[0] = 1
	}
	return money.Split(amount, weights)
}
