package settle

import (
	"fmt"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
)

// ACO is a bundle inside an accountable care organization: the bundle settles
// first, and what it paid counts as the ACO's spending (42 CFR
// 425.610(a)(6)(ii), text of 2015-17). The ACO shares savings and losses past
// a least rate, up to limits on its benchmark.
type ACO struct {
	Categories   []Category      // the ACO's benchmark and spending, the bundle's payments not in it
	NPRA         money.Cents     // the bundle's net payment: > 0 was paid to the hospital
	NPRAEvidence policy.Evidence // how it is known
	NPRAGiven    bool            // by the user, as a figure
	NPRANote     string
	MSR          *money.Rate // least savings and loss rate of the user; nil the design's
	FSR          *money.Rate // final sharing rate of the user, quality in it; nil the design's times quality
	Share        Graded      // highest final sharing rate
	LossMin      Graded      // the loss rate is 1 - final sharing rate, held
	LossMax      Graded      // between these
}

// ACOOf reads the design's sharing and loss rates.
func ACOOf(d *policy.Design, p policy.Period, s policy.Scope) (ACO, error) {
	var x ACO
	err := stated(d, p, s, map[string]*Graded{"aco.share": &x.Share, "aco.loss_share_min": &x.LossMin, "aco.loss_share_max": &x.LossMax})
	return x, err
}

// Settle sets the ACO's own terms: no discount, its shares, its least rate.
func (x *ACO) Settle(t Terms, in Input) (Terms, Input) {
	t.Rates = nil
	if x.MSR != nil {
		t.MinGain = Given(*x.MSR)
		t.MinLoss = t.MinGain
	}
	t.GainShare = x.Share
	final := x.Share
	switch {
	case x.FSR != nil:
		final = Given(*x.FSR)
		t.GainShare, t.Quality.words = final, nil // quality is in it
	case t.Quality.Acts("sharing_rate"):
		final.Rate = final.Rate.Mul(money.Quotient(in.CQS, t.Quality.Scale))
		final.Evidence = final.Evidence.Lowest(in.CQSEvidence)
	}
	t.LossShare = x.lossShare(final)
	in.Categories = x.Categories
	evidence := max(x.NPRAEvidence, policy.Regulation)
	booked := Line{
		ID: "bundle_npra_booked", Label: "Bundle payments count as the ACO's spending", Amount: -x.NPRA,
		Cite: "42 CFR 425.610(a)(6)(ii) (text of 2015-17)", Evidence: evidence, Note: x.NPRANote, Input: x.NPRAGiven,
	}
	hospital := booked
	hospital.ID, hospital.Label, hospital.Amount = "bundle_npra", "The hospital's own net payment from the bundle", x.NPRA
	if !in.Plain {
		booked.Formula = fmt.Sprintf("-(%s)", x.NPRA.Grouped())
		hospital.Formula = x.NPRA.Grouped() + ", settled before the ACO"
	}
	in.Adds = []Addend{{Stage: ToSpending, Line: booked}, {Stage: ToHospital, Line: hospital}}
	return t, in
}

// lossShare is 1 - the final sharing rate, held between the design's bounds
// (42 CFR 425.610(f), text of 2015-17).
func (x *ACO) lossShare(final Graded) Graded {
	g := final
	g.Rate = money.NewRate(1, 0).Sub(final.Rate)
	g.Note = joinNote(g.Note, "1 - final sharing rate "+final.Rate.Percent())
	for _, bound := range []struct {
		g    Graded
		sign int
	}{{x.LossMin, -1}, {x.LossMax, 1}} {
		if !bound.g.None && g.Rate.Cmp(bound.g.Rate)*bound.sign > 0 {
			g.Rate = bound.g.Rate
			g.Note = joinNote(g.Note, "held at "+bound.g.Rate.Percent())
		}
	}
	return g
}
