package settle

import (
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
)

// Case is a hospital before its spending is known: what terms and input come to
// as long as only spending changes. A board settles thousands of them at every
// key.
type Case struct {
	Adds [ToHospital + 1]money.Cents // of a design's own formula, by stage

	t             *Terms
	program       *Program   // nil where the user spends and shares nothing
	episodes      money.Rate // with a program
	prices        []priced
	sum           priced      // of all
	listed        money.Cents // before the discount, without targets that were given
	off           money.Rate  // what the score takes off both discounts
	share         money.Rate  // the score as a share of its scale
	post, overlap money.Cents
	own           money.Cents // internal savings less lost margin
	reimbursed    *money.Cents
	thresholds    bool // categories with two thresholds
	passes        bool // the quality gate
	multiplies    bool // how the score acts
	shares        bool
	withholds     bool
}

// priced is one category before its spending is known.
type priced struct {
	before       money.Cents    // what the discount is taken from
	cut          [2]money.Cents // the discount, of a gain and of a loss
	floor        money.Cents    // of two thresholds, what nothing more is earned below
	twin         bool           // it has two thresholds
	small, given bool           // too few baseline episodes; a target and no benchmark
}

// target is the category's target of a side; in the dead zone it is what the
// discount would be taken from.
func (x *priced) target(s side) money.Cents {
	if s == between {
		return x.before
	}
	return x.before - x.cut[s]
}

// NewCase takes terms and input as they are; neither may change afterwards. The
// categories' spending counts for nothing.
func NewCase(t *Terms, in *Input) Case {
	q := &t.Quality
	c := Case{
		t: t, prices: make([]priced, len(in.Categories)), off: q.off(in.CQS), post: in.PostEpisode, overlap: in.Overlap,
		own: in.Program.InternalSaving - in.Program.LostMargin, reimbursed: in.Reimbursement, thresholds: in.thresholds(), passes: q.passes(in),
		multiplies: q.Acts("multiplier"), shares: q.Acts("sharing_rate"), withholds: q.Acts("withhold"),
	}
	if c.multiplies || c.shares || c.withholds {
		c.share = money.Quotient(in.CQS, q.Scale)
	}
	if !in.Program.idle() {
		c.program, c.episodes = &in.Program, money.FromDecimal(in.episodes())
	}
	for i := range in.Adds {
		c.Adds[in.Adds[i].Stage] += in.Adds[i].Line.Amount
	}
	for i := range in.Categories {
		x := t.price(&in.Categories[i], c.off)
		c.prices[i] = x
		c.sum.before += x.before
		c.sum.cut[gaining] += x.cut[gaining]
		c.sum.cut[losing] += x.cut[losing]
		if !x.given {
			c.listed += x.before
		}
	}
	return c
}

// Worst is a grade that no ledger of these terms and inputs falls below,
// whatever the spending: policy.User where anything it may rest on is the user's own, else
// policy.Assumed. A figure the user gives is no doubt about the result, as in
// the ledger itself.
func Worst(t *Terms, in *Input) policy.Evidence {
	low := in.CQSEvidence.Lowest(in.SpendingEvidence).Lowest(t.worst()).Lowest(policy.Assumed)
	for i := range in.Adds {
		if x := &in.Adds[i].Line; !x.Input {
			low = low.Lowest(x.Evidence)
		}
	}
	if in.thresholds() || in.PostEpisode != 0 && t.PostEpisode.Cite == "" || !t.GainFloor.None && t.GainFloor.Cite == "" {
		return policy.User // what stands in for a source
	}
	return low
}

// worst is the lowest grade of any term.
func (t *Terms) worst() policy.Evidence {
	q := &t.Quality
	low := t.PostEpisode.Evidence
	for _, g := range [...]*Graded{
		&t.GainShare, &t.LossShare, &t.GainFloor, &t.MinGain, &t.MinLoss, &t.StopGain, &t.StopLoss, &t.LowVolumeAction,
		&q.Effect, &q.GainMax, &q.LossMax, &q.Gate, &q.Withhold, &q.tiers,
	} {
		low = low.Lowest(g.Evidence)
	}
	for i := range t.Rates {
		low = low.Lowest(t.Rates[i].Gain.Evidence).Lowest(t.Rates[i].Loss.Evidence)
	}
	for _, s := range t.Steps {
		low = low.Lowest(s.Evidence)
	}
	return low
}

// price is what the terms make of a category's benchmark.
func (t *Terms) price(c *Category, off money.Rate) priced {
	x := priced{before: t.before(c), given: c.Given, small: t.LowVolume > 0 && c.Baseline >= 0 && c.Baseline < t.LowVolume}
	switch {
	case c.Thresholds != nil:
		x.twin, x.floor = true, c.Thresholds.GainLimit
		x.cut[gaining] = c.Thresholds.Acceptable - c.Thresholds.Commendable
	case !c.Given:
		if r := t.RatesOf(c); r != nil {
			gain, loss := r.side(gaining, off), r.side(losing, off)
			x.cut[gaining] = gain.Of(c.Benchmark)
			if x.cut[losing] = x.cut[gaining]; gain != loss {
				x.cut[losing] = loss.Of(c.Benchmark)
			}
		}
	}
	return x
}

// before is what the discount is taken from.
func (t *Terms) before(c *Category) money.Cents {
	switch {
	case c.Thresholds != nil:
		return c.Thresholds.Acceptable
	case c.Given:
		return c.Target
	}
	return c.Benchmark
}

// side is the discount of a side: its rate, less what the quality score takes
// off it. It is taken of the benchmark and rounded once (ruling 1).
func (x *Rates) side(s side, off money.Rate) money.Rate {
	r := x.Gain.Rate
	if s == losing {
		r = x.Loss.Rate
	}
	if r.Sign() > 0 && r.Cmp(off) < 0 {
		return money.Rate{} // a score takes a discount to nothing, no further
	}
	return r.Sub(off)
}
