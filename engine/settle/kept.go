package settle

import (
	"fmt"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
)

// hospital writes what is left for the hospital after program and partners.
func (w *writer) hospital() {
	p, f := &w.in.Program, w.f
	addend := func(id, label string, amount money.Cents, formula func() string) {
		x := w.own(id, label, amount)
		if amount != 0 && !w.silent {
			x.Formula = formula()
		}
		w.add(x)
	}
	w.stage(ToHospital)
	after := f.after()
	addend("program", "Program cost", after.program, func() string {
		return fmt.Sprintf("-(%s fixed + %s × %s episodes)", p.FixedCost.Grouped(), p.PerEpisode.Grouped(), w.in.episodes())
	})
	w.add(w.gainshare(&after))
	w.add(w.alignment(&after))
	w.add(w.convener(&after))
	avoided := func() string { return p.AvoidedReadmissions.StringFixed(2) + " avoided readmissions" }
	addend("internal_savings", "Internal savings", p.InternalSaving, avoided)
	addend("lost_margin", "Lost margin", -p.LostMargin, avoided)
	w.subtotal(Line{ID: "hospital_net", Label: "Hospital net", Formula: w.t.kept(), Input: true})
}

// own is a line of the user's, outside reconciliation.
func (w *writer) own(id, label string, amount money.Cents) Line {
	return Line{ID: id, Label: label, Amount: amount, Cite: "set by the user, outside reconciliation", Evidence: policy.User, Input: true}
}

// gainshare says what collaborators get of a payment.
func (w *writer) gainshare(a *after) Line {
	p, g := &w.in.Program, w.t.PFSCap
	x := w.own("gainshare", "Gainsharing", a.gainshare)
	if a.gainshare == 0 && !a.gainHeld {
		return x
	}
	x.Formula = fmt.Sprintf("-%s × %s", p.Gainshare.Percent(), a.gain.Grouped())
	if a.gainHeld {
		x.Cite, x.Evidence = g.Cite, g.Evidence
		x.Formula += fmt.Sprintf(", held at %s × %s of fee-schedule payments", g.Rate.Percent(), p.PFS.Grouped())
	} else if !g.None && p.PFS == 0 {
		w.l.Warnings = append(w.l.Warnings, fmt.Sprintf("gainsharing is limited to %s of the collaborators' fee-schedule payments (%s), which are not given: the limit is off", g.Rate.Percent(), g.Cite))
	}
	return x
}

// alignment says what collaborators bear of a repayment, and who holds them to
// it.
func (w *writer) alignment(a *after) Line {
	p := &w.in.Program
	x := w.own("alignment", "Alignment payments", a.alignment)
	if p.Alignment.Of(a.loss) == 0 {
		return x
	}
	x.Formula = fmt.Sprintf("%s × %s", a.borne.Percent(), a.loss.Grouped())
	why := ""
	switch {
	case a.each:
		x.Cite, x.Evidence = w.t.AlignOne.Cite, w.t.AlignOne.Evidence
		why = fmt.Sprintf("%d collaborators, each at most %s", p.Collaborators, w.t.AlignOne.Rate.Percent())
	case a.together:
		x.Cite, x.Evidence, why = w.t.AlignCap.Cite, w.t.AlignCap.Evidence, "all collaborators together"
	default:
		return x
	}
	x.Formula += fmt.Sprintf(", held from %s: %s", p.Alignment.Percent(), why)
	return x
}

// convener says what the convener's part is made of.
func (w *writer) convener(a *after) Line {
	p := &w.in.Program
	x := w.own("convener", "Convener", a.convener)
	if x.Amount == 0 || w.silent {
		return x
	}
	x.Formula = fmt.Sprintf("%s of a repayment, less %s of a payment, less %s of %s, less %s × %s episodes", p.ConvenerLoss.Percent(), p.ConvenerGain.Percent(), p.ConvenerFee.Percent(), w.f.Target.Grouped(), p.ConvenerPerEpisode.Grouped(), w.in.episodes())
	if p.FeesFirst {
		x.Formula += fmt.Sprintf("; the payment split is %s after fees", a.split.Grouped())
	}
	if a.guarantee != 0 {
		x.Formula += fmt.Sprintf("; guarantee %s of the largest repayment, %s", p.ConvenerGuarantee.Percent(), a.guarantee.Grouped())
	}
	return x
}
