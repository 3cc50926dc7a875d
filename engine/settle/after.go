package settle

import (
	"github.com/shopspring/decimal"

	"bundlelab/engine/money"
)

// after is what the net payment goes through until it is the hospital's.
type after struct {
	gain, loss          money.Cents // the net payment, by its sign
	program             money.Cents
	gainshare           money.Cents
	gainHeld            bool // at the design's part of fee-schedule payments
	alignment           money.Cents
	borne               money.Rate // what collaborators bear of a repayment
	together, each      bool       // held at the design's part for all of them, for each
	convener, guarantee money.Cents
	split               money.Cents // the payment that the convener shares
}

// after works out what stands after the net payment.
func (f *Figures) after() after {
	a := after{gain: max(f.Net, 0), loss: max(-f.Net, 0)}
	p := f.c.program
	if p == nil {
		return a
	}
	a.program = -p.FixedCost - f.c.episodes.Of(p.PerEpisode)
	a.share(f.c.t, p)
	a.align(f.c.t, p)
	a.convene(f, p)
	return a
}

// idle says whether the user spends and shares nothing.
func (p *Program) idle() bool {
	return p.FixedCost == 0 && p.PerEpisode == 0 && p.ConvenerPerEpisode == 0 && p.Gainshare.IsZero() && p.Alignment.IsZero() &&
		p.ConvenerGain.IsZero() && p.ConvenerLoss.IsZero() && p.ConvenerFee.IsZero() && p.ConvenerGuarantee.IsZero()
}

// Kept is what the hospital is left with, hospital_net, without a ledger.
func (f *Figures) Kept() money.Cents {
	a := f.after()
	return f.Net + f.adds[ToHospital] + a.program + a.gainshare + a.alignment + a.convener + f.c.own
}

// episodes counts the episodes of all categories.
func (in *Input) episodes() (n decimal.Decimal) {
	for i := range in.Categories {
		n = n.Add(in.Categories[i].Episodes)
	}
	return n
}

// share gives collaborators the user's share of a payment, at most the design's
// part of their fee-schedule payments (42 CFR 510.500(c)(4)).
func (a *after) share(t *Terms, p *Program) {
	a.gainshare = -p.Gainshare.Of(a.gain)
	if g := t.PFSCap; a.gainshare != 0 && !g.None && p.PFS != 0 {
		if most := g.Rate.Of(p.PFS); -a.gainshare > most {
			a.gainshare, a.gainHeld = -most, true
		}
	}
}

// align lets collaborators bear of a repayment together at most the design's
// part, and each at most a smaller one (42 CFR 510.500(c)(10)-(13), 512.565).
func (a *after) align(t *Terms, p *Program) {
	if p.Alignment.Of(a.loss) == 0 { // no limit makes more of it
		return
	}
	a.borne = p.Alignment
	if g := t.AlignCap; !g.None && a.borne.Cmp(g.Rate) > 0 {
		a.borne, a.together = g.Rate, true
	}
	if p.Collaborators > 0 && !t.AlignOne.None {
		if most := t.AlignOne.Rate.Mul(money.NewRate(int64(p.Collaborators), 0)); a.borne.Cmp(most) > 0 {
			a.borne, a.each = most, true
		}
	}
	a.alignment = a.borne.Of(a.loss)
}

// convene is the convener's part: shares of a payment or a repayment, fees and
// the price of the guarantee. With FeesFirst the fees come off a payment before
// it is split.
func (a *after) convene(f *Figures, p *Program) {
	t := f.c.t
	for i := range f.ends {
		if !t.StopLoss.None && !t.NeverRepays {
			if b, ok := f.c.base(&f.ends[i]); ok {
				a.guarantee += p.ConvenerGuarantee.Of(t.StopLoss.Rate.Of(b))
			}
		}
	}
	fees := p.ConvenerFee.Of(f.Target) + f.c.episodes.Of(p.ConvenerPerEpisode) + a.guarantee
	a.split = a.gain
	if p.FeesFirst {
		a.split = max(0, a.gain-fees)
	}
	a.convener = p.ConvenerLoss.Of(a.loss) - p.ConvenerGain.Of(a.split) - fees
}
