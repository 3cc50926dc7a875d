package cclf

import (
	"context"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/money"
)

// extra is what CCLFA adds to a Part A header.
type extra struct {
	admitted calendar.Day // 0 without
	owed     money.Cents  // by the patient, and held back by sequestration
	outlier  money.Cents
	newTech  money.Cents
	at       int
}

// extras reads the payment components of Part A claims (CCLFA). Their dollars
// are booked with the claim in CCLF1.
func (im *importer) extras(ctx context.Context) error {
	for _, f := range im.of(partAExtra) {
		if err := im.read(ctx, f, im.extra); err != nil {
			return err
		}
	}
	return nil
}

func (im *importer) extra(in *input) {
	in.books.Saw(1, 0)
	b := im.a.byID[in.cell("CUR_CLM_UNIQ_ID")]
	rank := in.rank()
	switch {
	case b == nil:
		in.books.Skips(1, 0)
		return
	case b.from[ofExtra] == rank:
		in.reject("K001", "CUR_CLM_UNIQ_ID", "a record of this claim came before; the first is kept")
	}
	x := extra{
		owed:    in.sum("CLM_MDCR_IP_BENE_DDCTBL_AMT", "CLM_MDCR_COINSRNC_AMT", "CLM_BLOOD_LBLTY_AMT", "CLM_MDCR_DDCTBL_AMT", "CLM_SQSTRTN_RDCTN_AMT"),
		outlier: in.cents("CLM_OPRTNL_OUTLR_AMT"), newTech: in.cents("CLM_MDCR_NEW_TECH_AMT"), at: in.line(),
	}
	x.admitted, _ = in.day("CLM_ACTV_CARE_FROM_DT")
	if !in.bad && (x.owed < 0 || x.outlier < 0 || x.newTech < 0) {
		in.reject("A002", "CLM_MDCR_COINSRNC_AMT", "a payment component is negative")
	}
	switch {
	case in.bad:
		in.books.Rejects(1, 0)
	case !b.brings(ofExtra, rank):
		in.books.Skips(1, 0)
	default:
		in.books.Loads(1, 0)
		b.extra = x
	}
}

// finish turns the bills in force into events.
func (im *importer) finish() {
	for _, b := range im.bills {
		b.head.Allowed = b.paid + b.extra.owed
		if b.head.Kind == claim.Outpatient {
			im.events = append(im.events, b.outpatient()...)
			continue
		}
		b.stay()
		im.events = append(im.events, b.head)
	}
	im.bills = nil
}

// stay sets dates and amounts of a bill that is counted whole. A bill that goes
// on with a stay keeps its own first day.
func (b *bill) stay() {
	v := b.head
	v.Books.Saw(0, v.Allowed-b.booked)
	if v.Kind == claim.Inpatient && b.extra.admitted != 0 && b.extra.admitted <= v.To {
		v.From = max(v.From, b.extra.admitted)
	}
	warn := func(code, message string) { v.Books.Find(store.Warning, code, v.At, "", "", message) }
	std := v.Allowed - b.addOns - b.extra.newTech
	if std < 0 || b.addOns < 0 {
		warn("A001", "the add-on payments are larger than the whole amount: left in")
		std = v.Allowed
	}
	v.Std = &std
	if v.Kind == claim.Inpatient {
		if b.extra.outlier > v.Allowed {
			warn("A001", "the outlier part is larger than the whole amount: left out")
			b.extra.outlier = 0
		}
		v.Outlier = b.extra.outlier
	}
	b.diagnose()
}

// diagnose gives a bill the principal diagnosis when no other came.
func (b *bill) diagnose() {
	if len(b.head.Diagnoses) == 0 {
		b.head.Diagnoses = b.first
	}
}
