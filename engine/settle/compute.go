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

	toTarget, toSpending, toNet money.Cents
	pools                       []pool
	ends                        []pool // what quality and limits act on
}

// pool is what is settled against one target: all categories of a hospital, or
// each where the design says so or gives each thresholds of its own. Quality
// and limits act on the hospital, or on each where the design says so (ruling
// 32).
type pool struct {
	categories []Category
	side       side
	addTarget, addSpending, benchmark, target, spending,
	deadZone, reconciliation, lowVolume, gainFloor, minRate, share,
	quality, adjusted, stop, npra, limit, need, floor money.Cents
	gainBinds, lossBinds    bool
	outTarget, outBenchmark money.Cents // of categories left out for low volume
	apart                   bool        // the categories were compared each on its side
}

// Compute settles without words.
func Compute(t *Terms, in *Input) Figures {
	var f Figures
	for i := range in.Adds {
		switch a := &in.Adds[i]; a.Stage {
		case ToTarget:
			f.toTarget += a.Line.Amount
		case ToSpending:
			f.toSpending += a.Line.Amount
		case ToNet:
			f.toNet += a.Line.Amount
		case ToHospital:
		}
	}
	// A formula's addends belong to no category: with them all are one pool.
	apart := in.thresholds() && f.toTarget == 0 && f.toSpending == 0
	if t.Pooled && !apart || len(in.Categories) < 2 {
		f.pools = []pool{{categories: in.Categories}}
	} else {
		for i := range in.Categories {
			f.pools = append(f.pools, pool{categories: in.Categories[i : i+1]})
		}
	}
	f.pools[0].addTarget, f.pools[0].addSpending = f.toTarget, f.toSpending
	for i := range f.pools {
		p := &f.pools[i]
		t.compare(p, in)
		f.add(t, in, p)
	}
	f.ends = f.pools
	if t.Pooled && len(f.pools) > 1 {
		f.ends = []pool{f.whole(in)}
	}
	for i := range f.ends {
		p := &f.ends[i]
		t.hold(p, in)
		f.addEnd(p)
	}
	f.close(t, in)
	return f
}

// whole is the pool of all pools, as far as they are settled.
func (f *Figures) whole(in *Input) pool {
	w := pool{categories: in.Categories, apart: true}
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
func (t *Terms) targets(p *pool, s side, off money.Rate) money.Cents {
	sum := p.addTarget
	for i := range p.categories {
		sum += t.target(&p.categories[i], s, off)
	}
	return sum
}

// target is one category's target of a side; in the dead zone it is the
// benchmark.
func (t *Terms) target(c *Category, s side, off money.Rate) money.Cents {
	return t.before(c) - t.cut(c, s, off)
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

// cut is the discount of a category: the rate of the side, less what the
// quality score takes off it, of the benchmark, rounded once (ruling 1).
func (t *Terms) cut(c *Category, s side, off money.Rate) money.Cents {
	if c.Thresholds != nil {
		if s == gaining {
			return c.Thresholds.Acceptable - c.Thresholds.Commendable
		}
		return 0
	}
	if c.Given || s == between {
		return 0
	}
	return t.discount(c, s, off).Of(c.Benchmark)
}

func (t *Terms) discount(c *Category, s side, off money.Rate) money.Rate {
	x := t.RatesOf(c)
	if x == nil {
		return money.Rate{}
	}
	r := x.Gain.Rate
	if s == losing {
		r = x.Loss.Rate
	}
	if r.Sign() > 0 && r.Cmp(off) < 0 {
		return money.Rate{} // a score takes a discount to nothing, no further
	}
	return r.Sub(off)
}

// compare takes a pool from its totals to the hospital's share of the gain or
// loss.
func (t *Terms) compare(p *pool, in *Input) {
	off := t.Quality.off(in.CQS)
	for i := range p.categories {
		c := &p.categories[i]
		p.benchmark += t.before(c)
		p.spending += c.Spending
	}
	net := p.spending - p.addSpending
	gain, loss := t.targets(p, gaining, off), t.targets(p, losing, off)
	relief := t.relieved(p, gaining, off)
	// A category that carries no loss does not push the pool past a target, so
	// the side is that of what is left (spending a dollar more never pays more).
	switch last := t.relieved(p, losing, off); {
	case loss-net+last < 0:
		p.side, p.target, p.lowVolume = losing, loss, last
	case gain-net+relief > 0 || gain == loss:
		p.side, p.target, p.lowVolume = gaining, gain, relief
	default:
		p.side, p.target = between, gain // where a gain would begin
		p.deadZone = net - t.targets(p, between, off)
	}
	if p.side != between {
		p.reconciliation = p.target - net
	}
	t.leaveOut(p, off)
	x := p.reconciliation + p.lowVolume
	x += t.floor(p, x, net-p.lowVolume) // a relieved category counts as on target
	x += t.least(p, x)
	t.split(p, x, in)
}

// hold takes a pool from there to its NPRA.
func (t *Terms) hold(p *pool, in *Input) {
	x := p.reconciliation + p.lowVolume + p.gainFloor + p.minRate + p.share
	if !t.Quality.after {
		p.quality = t.scored(x, in.CQS)
		x += p.quality
		p.adjusted = x
	}
	x += t.limit(p, x, in)
	if t.Quality.after {
		p.quality = t.scored(x, in.CQS)
		x += p.quality
		p.adjusted = x
	}
	p.npra = x
}

// Targets are the categories' targets of the side that counts, in the order
// given; in the dead zone those of a gain.
func (f *Figures) Targets(t *Terms, in *Input) []money.Cents {
	off := t.Quality.off(in.CQS)
	var out []money.Cents
	for i := range f.pools {
		p := &f.pools[i]
		s := p.side
		if s == between {
			s = gaining
		}
		for k := range p.categories {
			c := &p.categories[k]
			out = append(out, t.target(c, s, off)+in.added(c.Name))
		}
	}
	return out
}

// leaveOut finds what a category left out for low volume would add to the base
// of floors, least rates and limits.
func (t *Terms) leaveOut(p *pool, off money.Rate) {
	if !t.LowVolumeAction.None {
		return
	}
	for i := range p.categories {
		if c := &p.categories[i]; t.small(c) {
			p.outTarget += t.target(c, p.side, off)
			p.outBenchmark += t.before(c)
		}
	}
}

// small says whether a category has too few baseline episodes.
func (t *Terms) small(c *Category) bool {
	return t.LowVolume > 0 && c.Baseline >= 0 && c.Baseline < t.LowVolume
}

// relieved applies the low-volume rule to a side: such a category carries no
// loss, or is left out altogether.
func (t *Terms) relieved(p *pool, s side, off money.Rate) money.Cents {
	var sum money.Cents
	for i := range p.categories {
		sum += t.relief(&p.categories[i], s, off)
	}
	return sum
}

func (t *Terms) relief(c *Category, s side, off money.Rate) money.Cents {
	if !t.small(c) {
		return 0
	}
	loss := c.Spending - t.target(c, s, off)
	if loss < 0 && !t.LowVolumeAction.None {
		return 0
	}
	return loss
}

// add sums a pool into the hospital's figures.
func (f *Figures) add(t *Terms, in *Input, p *pool) {
	off := t.Quality.off(in.CQS)
	for i := range p.categories {
		c := &p.categories[i]
		f.Discount -= t.cut(c, p.side, off)
		if !c.Given {
			f.Benchmark += t.before(c)
		}
	}
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
func (f *Figures) close(t *Terms, in *Input) {
	f.PostEpisode, f.Overlap = -in.PostEpisode, -in.Overlap
	if t.NeverRepays {
		f.PostEpisode = -min(in.PostEpisode, max(f.NPRA, 0))
		f.Overlap = -min(in.Overlap, max(f.NPRA+f.PostEpisode, 0))
	}
	if t.Quality.Acts("withhold") {
		lost := money.NewRate(1, 0).Sub(money.Quotient(in.CQS, t.Quality.Scale))
		f.Withhold = -t.Quality.Withhold.Rate.Mul(lost).Of(f.Spending)
		if t.NeverRepays {
			f.Withhold = max(f.Withhold, -max(f.NPRA+f.PostEpisode+f.Overlap, 0))
		}
	}
	f.Net = f.NPRA + f.PostEpisode + f.Overlap + f.Withhold + f.toNet
	if f.Net > 0 && !t.Quality.passes(in) {
		f.Gate = -f.Net
		f.Net = 0
	}
}
