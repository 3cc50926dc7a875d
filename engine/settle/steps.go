package settle

import "bundlelab/engine/money"

// floor takes off what is earned by spending below the floor.
func (t *Terms) floor(p *pool, x, net money.Cents) money.Cents {
	var rest money.Cents // what the design's own floor is a share of
	for i := range p.prices {
		if x := &p.prices[i]; x.twin {
			p.floor += x.floor
		} else {
			rest += x.before
		}
	}
	if !t.GainFloor.None {
		p.floor += t.GainFloor.Rate.Of(rest - p.outBenchmark)
	}
	if x > 0 && p.floor > 0 && net < p.floor {
		p.gainFloor = -min(x, p.floor-net)
	}
	return p.gainFloor
}

// least takes off an amount that does not reach the least savings or loss
// rate, or, where only the part past it counts, the rate itself.
func (t *Terms) least(p *pool, x money.Cents) money.Cents {
	g := t.minRate(x)
	if g.None || x == 0 {
		return 0
	}
	p.need = g.Rate.Of(p.benchmark - p.outBenchmark)
	switch {
	case x.Abs() < p.need:
		p.minRate = -x
	case t.MinStep && x > 0:
		p.minRate = -p.need
	case t.MinStep:
		p.minRate = p.need
	}
	return p.minRate
}

// minRate, shareOf and stopOf are the rates that act on a gain or a loss.
func (t *Terms) minRate(x money.Cents) Graded { return either(x, t.MinGain, t.MinLoss) }
func (t *Terms) shareOf(x money.Cents) Graded { return either(x, t.GainShare, t.LossShare) }
func (t *Terms) stopOf(x money.Cents) Graded  { return either(x, t.StopGain, t.StopLoss) }

func either(x money.Cents, gain, loss Graded) Graded {
	if x < 0 {
		return loss
	}
	return gain
}

// split leaves the hospital its share of a gain or a loss.
func (c *Case) split(p *pool, x money.Cents) {
	g := c.t.shareOf(x)
	r := money.NewRate(1, 0)
	if !g.None {
		r = g.Rate
	}
	if c.shares && x > 0 {
		r = r.Mul(c.share)
	}
	p.share = r.Of(x) - x
}

// scored is the CQS adjustment of an amount: a low score takes from a gain, a
// high score gives back of a loss (42 CFR 512.550(d); the linear form is from
// the preamble).
func (c *Case) scored(amount money.Cents) money.Cents {
	if !c.multiplies {
		return 0
	}
	if amount > 0 {
		lost := c.t.Quality.GainMax.Rate.Mul(money.NewRate(1, 0).Sub(c.share))
		return -lost.Of(amount)
	}
	return -c.t.Quality.LossMax.Rate.Mul(c.share).Of(amount)
}

// limit holds an amount between stop-loss and stop-gain, each rounded to a
// cent before it is compared (ruling 21).
func (c *Case) limit(p *pool, x money.Cents) money.Cents {
	g := c.t.stopOf(x)
	base, known := c.base(p)
	p.limit = max(0, g.Rate.Of(base)) // addends may take a target below zero
	switch {
	case c.t.NeverRepays && x < 0:
		p.stop, p.lossBinds = -x, true
	case g.None || !known:
	case x > p.limit:
		p.stop, p.gainBinds = p.limit-x, true
	case x < -p.limit:
		p.stop, p.lossBinds = -p.limit-x, true
	}
	return p.stop
}

// base is what the limits are a share of.
func (c *Case) base(p *pool) (money.Cents, bool) {
	switch c.t.LimitBase {
	case "benchmark":
		return p.benchmark - p.outBenchmark, true
	case "reimbursement":
		if c.reimbursed == nil {
			return 0, false
		}
		return *c.reimbursed, true
	}
	if p.apart { // whichever side each category is on
		return p.benchmark - p.outBenchmark, true
	}
	return p.target - p.outTarget, true
}
