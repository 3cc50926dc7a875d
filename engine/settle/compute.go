package settle

import (
	"bundlelab/engine/money"
)

// Side says which target counts.
type side uint8

const (
	gaining side = iota // spending is below the gain target, or at an only one
	losing              // spending is above the loss target
	between             // in the dead zone: nothing is owed
)

// Figures are the numbers of a settlement without their words: what a
// thousand bootstrap draws need.
type Figures struct {
	Benchmark, Discount, Target, Spending money.Cents // Benchmark without targets that were given
	DeadZone, Reconciliation, LowVolume   money.Cents
	GainFloor, MinRate, Share             money.Cents
	Quality, QualityAdjusted              money.Cents
	StopLimit, NPRA                       money.Cents
	PostEpisode, Overlap, Withhold, Gate  money.Cents
	Net                                   money.Cents
	GainBinds, LossBinds                  bool

	c        *Case
	adds     Adds
	spending []money.Cents // by category
	pools    []pool
	ends     []pool // what quality and limits act on
}

// pool is what is settled against one target: all categories of a hospital, or
// each where the design says so or gives each thresholds of its own. Quality
// and limits act on the hospital, or on each where the design says so (ruling
// 32).
type pool struct {
	categories []Category // of figures that are written
	prices     []priced
	sum        *priced     // of them
	listed     money.Cents // before the discount, without targets that were given
	spent      []money.Cents
	side       side
	addTarget, addSpending, benchmark, target, spending,
	deadZone, reconciliation, lowVolume, gainFloor, minRate, share,
	quality, adjusted, stop, npra, limit, need, floor money.Cents
	gainBinds, lossBinds    bool
	outTarget, outBenchmark money.Cents // of categories left out for low volume
	apart                   bool        // the categories were compared each on its side
}

// Desk settles one pool after the other in the same memory: what it gives holds
// until the next.
type Desk struct {
	c        Case
	f        Figures
	spending []money.Cents
	parts    []Part
	l        Ledger
	w        writer
}

// Compute settles without words.
func Compute(t *Terms, in *Input) Figures { return *new(Desk).Compute(t, in) }

// Compute settles without words in the memory of the last settlement.
func (d *Desk) Compute(t *Terms, in *Input) *Figures {
	d.c.open(t, in)
	return d.compute(&d.c, in)
}

func (d *Desk) compute(c *Case, in *Input) *Figures {
	f := &d.f
	d.spending = d.spending[:0]
	for i := range in.Categories {
		d.spending = append(d.spending, in.Categories[i].Spending)
	}
	f.Settle(c, c.Adds, d.spending)
	for i := range f.pools {
		p := &f.pools[i]
		p.categories = in.Categories
		if len(f.pools) > 1 {
			p.categories = in.Categories[i : i+1]
		}
	}
	for i := range f.ends {
		if p := &f.ends[i]; p.categories == nil {
			p.categories = in.Categories
		}
	}
	return f
}

// Settle settles a case at a spending by category, in the memory of figures
// that nobody needs any more. Adds are a design's own addends by stage: the
// case's, or what they come to at this spending.
func (f *Figures) Settle(c *Case, adds Adds, spending []money.Cents) {
	*f = Figures{pools: f.pools[:0], c: c, adds: adds, spending: spending}
	// A formula's addends belong to no category: with them all are one pool.
	apart := c.r.thresholds && adds[ToTarget] == 0 && adds[ToSpending] == 0
	if c.r.pooled && !apart || len(c.prices) < 2 {
		f.pools = append(f.pools, pool{prices: c.prices, spent: spending, sum: &c.sum, listed: c.listed})
	} else {
		for i := range c.prices {
			x := &c.prices[i]
			f.pools = append(f.pools, pool{prices: c.prices[i : i+1], spent: spending[i : i+1], sum: x})
			if !x.given {
				f.pools[i].listed = x.before
			}
		}
	}
	f.pools[0].addTarget, f.pools[0].addSpending = adds[ToTarget], adds[ToSpending]
	for i := range f.pools {
		p := &f.pools[i]
		c.compare(p)
		f.add(p)
	}
	f.ends = f.pools
	if n := len(f.pools); c.r.pooled && n > 1 {
		all := append(f.pools, f.whole()) // behind them, so that one memory holds both
		f.pools, f.ends = all[:n], all[n:]
	}
	for i := range f.ends {
		p := &f.ends[i]
		c.hold(p)
		f.addEnd(p)
	}
	f.close()
}

// whole is the pool of all pools, as far as they are settled.
func (f *Figures) whole() pool {
	w := pool{prices: f.c.prices, spent: f.spending, apart: true}
	for i := range f.pools {
		p := &f.pools[i]
		w.addTarget += p.addTarget
		w.addSpending += p.addSpending
		w.benchmark += p.benchmark
		w.outTarget += p.outTarget
		w.outBenchmark += p.outBenchmark
		w.target += p.target
		w.spending += p.spending
		w.reconciliation += p.reconciliation
		w.lowVolume += p.lowVolume
		w.gainFloor += p.gainFloor
		w.minRate += p.minRate
		w.share += p.share
	}
	return w
}

// targets sums a pool's targets of a side.
func (p *pool) targets(s side) money.Cents { return p.addTarget + p.sum.target(s) }

// compare takes a pool from its totals to the hospital's share of the gain or
// loss.
func (c *Case) compare(p *pool) {
	p.benchmark = p.sum.before
	for _, c := range p.spent {
		p.spending += c
	}
	net := p.spending - p.addSpending
	gain, loss := p.targets(gaining), p.targets(losing)
	relief := c.relieved(p, gaining)
	// A category that carries no loss does not push the pool past a target, so
	// the side is that of what is left (spending a dollar more never pays more).
	switch last := c.relieved(p, losing); {
	case loss-net+last < 0:
		p.side, p.target, p.lowVolume = losing, loss, last
	case gain-net+relief > 0 || gain == loss:
		p.side, p.target, p.lowVolume = gaining, gain, relief
	default:
		p.side, p.target = between, gain // where a gain would begin
		p.deadZone = net - p.targets(between)
	}
	if p.side != between {
		p.reconciliation = p.target - net
	}
	c.leaveOut(p)
	x := p.reconciliation + p.lowVolume
	x += c.floor(p, x, net-p.lowVolume) // a relieved category counts as on target
	x += c.least(p, x)
	c.split(p, x)
}

// hold takes a pool from there to its NPRA.
func (c *Case) hold(p *pool) {
	x := p.reconciliation + p.lowVolume + p.gainFloor + p.minRate + p.share
	if !c.r.after {
		p.quality = c.scored(x)
		x += p.quality
		p.adjusted = x
	}
	x += c.limit(p, x)
	if c.r.after {
		p.quality = c.scored(x)
		x += p.quality
		p.adjusted = x
	}
	p.npra = x
}

// targets adds the categories' targets of the side that counts, in the order
// given; in the dead zone those of a gain.
func (f *Figures) targets(out []money.Cents, in *Input) []money.Cents {
	for i := range f.pools {
		p := &f.pools[i]
		s := p.side
		if s == between {
			s = gaining
		}
		for k := range p.prices {
			out = append(out, p.prices[k].target(s)+in.added(p.categories[k].Name))
		}
	}
	return out
}

// leaveOut finds what a category left out for low volume would add to the base
// of floors, least rates and limits.
func (c *Case) leaveOut(p *pool) {
	if !c.r.small || !c.r.leaves {
		return
	}
	for i := range p.prices {
		if x := &p.prices[i]; x.small {
			p.outTarget += x.target(p.side)
			p.outBenchmark += x.before
		}
	}
}

// relieved applies the low-volume rule to a side: such a category carries no
// loss, or is left out altogether.
func (c *Case) relieved(p *pool, s side) money.Cents {
	if !c.r.small {
		return 0
	}
	var sum money.Cents
	for i := range p.prices {
		sum += c.relief(p, i, s)
	}
	return sum
}

func (c *Case) relief(p *pool, i int, s side) money.Cents {
	x := &p.prices[i]
	if !x.small {
		return 0
	}
	loss := p.spent[i] - x.target(s)
	if loss < 0 && !c.r.leaves {
		return 0
	}
	return loss
}

// add sums a pool into the hospital's figures.
func (f *Figures) add(p *pool) {
	f.Discount -= p.sum.before - p.sum.target(p.side)
	f.Benchmark += p.listed
	f.Target += p.target
	f.Spending += p.spending
	f.DeadZone += p.deadZone
	f.Reconciliation += p.reconciliation
	f.LowVolume += p.lowVolume
	f.GainFloor += p.gainFloor
	f.MinRate += p.minRate
	f.Share += p.share
}

// addEnd sums what quality and limits made of it.
func (f *Figures) addEnd(p *pool) {
	f.Quality += p.quality
	f.QualityAdjusted += p.adjusted
	f.StopLimit += p.stop
	f.NPRA += p.npra
	f.GainBinds = f.GainBinds || p.gainBinds
	f.LossBinds = f.LossBinds || p.lossBinds
}

// close takes the NPRA to the net payment. One that never repays owes none of
// what follows either; a gate withholds a payment, not a repayment (42 CFR
// 510.305(f)(2)-(3)).
func (f *Figures) close() {
	c, r := f.c, f.c.r
	f.PostEpisode, f.Overlap = -c.post, -c.overlap
	if r.never {
		f.PostEpisode = -min(c.post, max(f.NPRA, 0))
		f.Overlap = -min(c.overlap, max(f.NPRA+f.PostEpisode, 0))
	}
	if f.Withhold = -r.withhold.Of(f.Spending); r.never {
		f.Withhold = max(f.Withhold, -max(f.NPRA+f.PostEpisode+f.Overlap, 0))
	}
	f.Net = f.NPRA + f.PostEpisode + f.Overlap + f.Withhold + f.adds[ToNet]
	if f.Net > 0 && !r.passes {
		f.Gate = -f.Net
		f.Net = 0
	}
}
