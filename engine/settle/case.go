package settle

import (
	"github.com/shopspring/decimal"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
)

// Adds are the sums of a design's own addends, by stage.
type Adds [ToHospital + 1]money.Cents

// Case is a hospital before its spending is known: what terms and input come to
// as long as only spending changes. A board settles thousands of them at every
// key, so that what is looked at then lies together.
type Case struct {
	Adds Adds // of a design's own formula

	r             *rules
	sum           priced      // of all categories
	listed        money.Cents // before the discount, without targets that were given
	post, overlap money.Cents
	own           money.Cents // internal savings less lost margin
	reimbursed    *money.Cents
	program       *Program // nil where the user spends and shares nothing
	prices        []priced

	t        *Terms
	off      money.Rate // what the score takes off both discounts
	episodes money.Rate // with a program
}

// rules are what terms and score come to. Most hospitals of a design have the
// same.
type rules struct {
	part     [2]term       // what the hospital keeps of a gain and of a loss, the score in it
	least    [2]term       // least rates of both
	stop     [2]term       // limits of both
	floor    term          // below which nothing more is earned
	quality  [2]money.Rate // what the score takes from a gain and gives back of a loss
	withhold money.Rate    // not returned
	base     base

	pooled, after, never, step bool // as in the terms
	thresholds                 bool // categories with two thresholds
	small                      bool // any category has too few baseline episodes
	leaves                     bool // such a one is left out
	passes                     bool // the quality gate
}

// term is a rate that may not be set.
type term struct {
	rate money.Rate
	none bool
}

// base is what limits are a share of.
type base uint8

const (
	ofTarget base = iota
	ofBenchmark
	ofReimbursement
)

// of picks the one that acts on a gain or a loss.
func of(x money.Cents, both *[2]term) *term {
	if x < 0 {
		return &both[losing]
	}
	return &both[gaining]
}

// rules of a design's terms under a score.
func (t *Terms) rules(cqs decimal.Decimal, gate *bool) rules {
	q := &t.Quality
	as := func(g *Graded) term { return term{g.Rate, g.None} }
	both := func(gain, loss *Graded) [2]term { return [2]term{as(gain), as(loss)} }
	r := rules{
		part: both(&t.GainShare, &t.LossShare), least: both(&t.MinGain, &t.MinLoss), stop: both(&t.StopGain, &t.StopLoss), floor: as(&t.GainFloor),
		pooled: t.Pooled, after: q.after, never: t.NeverRepays, step: t.MinStep, leaves: t.LowVolumeAction.None,
		passes: q.passes(cqs, gate),
	}
	switch t.LimitBase {
	case "benchmark":
		r.base = ofBenchmark
	case "reimbursement":
		r.base = ofReimbursement
	}
	multiplies, shares, withholds := q.Acts("multiplier"), q.Acts("sharing_rate"), q.Acts("withhold")
	if !multiplies && !shares && !withholds {
		return r
	}
	share, one := money.Quotient(cqs, q.Scale), money.NewRate(1, 0)
	if shares {
		if gain := &r.part[gaining]; gain.none {
			*gain = term{rate: share}
		} else {
			gain.rate = gain.rate.Mul(share)
		}
	}
	if multiplies {
		r.quality = [2]money.Rate{q.GainMax.Rate.Mul(one.Sub(share)), q.LossMax.Rate.Mul(share)}
	}
	if withholds {
		r.withhold = q.Withhold.Rate.Mul(one.Sub(share))
	}
	return r
}

// priced is one category before its spending is known.
type priced struct {
	before       money.Cents    // what the discount is taken from
	cut          [2]money.Cents // the discount, of a gain and of a loss
	floor        money.Cents    // of two thresholds, what nothing more is earned below
	twin         bool           // it has two thresholds
	rates        *Rates         // of the discount; nil without one
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
	var c Case
	c.open(t, in)
	return c
}

// open takes them in the memory of a case that nobody needs any more.
func (c *Case) open(t *Terms, in *Input) {
	r, prices := c.r, c.prices[:0]
	if r == nil {
		r, prices = &rules{}, make([]priced, 0, len(in.Categories))
	}
	*r = t.rules(in.CQS, in.Gate)
	r.thresholds = in.thresholds()
	*c = Case{
		r: r, t: t, prices: prices, off: t.Quality.off(in.CQS), post: in.PostEpisode, overlap: in.Overlap,
		own: in.Program.InternalSaving - in.Program.LostMargin, reimbursed: in.Reimbursement,
	}
	if !in.Program.idle() {
		c.program, c.episodes = &in.Program, money.FromDecimal(in.episodes())
	}
	for i := range in.Adds {
		c.Adds[in.Adds[i].Stage] += in.Adds[i].Line.Amount
	}
	for i := range in.Categories {
		x := t.price(&in.Categories[i], c.off)
		c.prices = append(c.prices, x)
		r.small = r.small || x.small
		c.sum.before += x.before
		c.sum.cut[gaining] += x.cut[gaining]
		c.sum.cut[losing] += x.cut[losing]
		if !x.given {
			c.listed += x.before
		}
	}
}

// Rescored is memory for a case at another score.
type Rescored struct {
	c      Case
	r      rules
	prices []priced
}

// Of is a case as NewCase makes it at another score; it holds until the next.
func (x *Rescored) Of(c *Case, cqs decimal.Decimal, gate *bool) *Case {
	x.c, x.r = *c, c.t.rules(cqs, gate)
	x.r.thresholds, x.r.small = c.r.thresholds, c.r.small
	x.c.r = &x.r
	off := c.t.Quality.off(cqs)
	if off.Cmp(c.off) == 0 {
		return &x.c
	}
	x.prices = append(x.prices[:0], c.prices...)
	x.c.prices, x.c.off, x.c.sum.cut = x.prices, off, [2]money.Cents{}
	for i := range x.prices {
		p := &x.prices[i]
		p.discount(off)
		x.c.sum.cut[gaining] += p.cut[gaining]
		x.c.sum.cut[losing] += p.cut[losing]
	}
	return &x.c
}

// Alike keeps one copy of rules that two cases have in common.
func (c *Case) Alike(o *Case) {
	if *c.r == *o.r {
		c.r = o.r
	}
}

// Worst is a grade that no ledger of these terms and inputs falls below,
// whatever the spending: policy.User where anything it may rest on is the user's own, else
// policy.Assumed. A figure the user gives is no doubt about the result, as in
// the ledger itself.
//
// Held says that a limit may cut: one of the user's own that cuts nothing is no
// doubt about the result.
func Worst(t *Terms, in *Input, held bool) policy.Evidence {
	low := in.CQSEvidence.Lowest(in.SpendingEvidence).Lowest(t.worst()).Lowest(policy.Assumed)
	for _, g := range [...]*Graded{&t.StopGain, &t.StopLoss} {
		if held || g.Evidence != policy.User {
			low = low.Lowest(g.Evidence)
		}
	}
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

// Sure is a grade that every ledger of these terms and inputs falls to: that of
// its benchmark, which no spending moves.
func Sure(t *Terms, in *Input) policy.Evidence {
	var sum money.Cents
	for i := range in.Categories {
		if c := &in.Categories[i]; !c.Given {
			sum += t.before(c)
		}
	}
	if sum == 0 || in.Benchmark.Cite == "" || in.Benchmark.Evidence == policy.User { // the line is absent, or the user's own
		return 0
	}
	return in.Benchmark.Evidence
}

// worst is the lowest grade of any term but the limits.
func (t *Terms) worst() policy.Evidence {
	q := &t.Quality
	low := t.PostEpisode.Evidence
	for _, g := range [...]*Graded{
		&t.GainShare, &t.LossShare, &t.GainFloor, &t.MinGain, &t.MinLoss, &t.LowVolumeAction,
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
		x.rates = t.RatesOf(c)
		x.discount(off)
	}
	return x
}

// discount takes the rates of the benchmark.
func (x *priced) discount(off money.Rate) {
	if x.rates == nil {
		return
	}
	gain, loss := x.rates.side(gaining, off), x.rates.side(losing, off)
	x.cut[gaining] = gain.Of(x.before)
	if x.cut[losing] = x.cut[gaining]; gain != loss {
		x.cut[losing] = loss.Of(x.before)
	}
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
