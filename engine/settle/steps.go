package settle

import "bundlelab/engine/money"

// floor takes off what is earned by spending below the floor.
func (c *Case) floor(p *pool, x, net money.Cents) money.Cents {
	g := &c.r.floor
	if g.none && !c.r.thresholds {
		return 0
	}
	var rest money.Cents // what the design's own floor is a share of
	for i := range p.prices {
		if x := &p.prices[i]; x.twin {
			p.floor += x.floor
		} else {
			rest += x.before
		}
	}
	if !g.none {
		p.floor += g.rate.Of(rest - p.outBenchmark)
	}
	if x > 0 && p.floor > 0 && net < p.floor {
		p.gainFloor = -min(x, p.floor-net)
	}
	return p.gainFloor
}

// least takes off an amount that does not reach the least savings or loss
// rate, or, where only the part past it counts, the rate itself.
func (c *Case) least(p *pool, x money.Cents) money.Cents {
	g := of(x, &c.r.least)
	if g.none || x == 0 {
		return 0
	}
	p.need = g.rate.Of(p.benchmark - p.outBenchmark)
	switch {
	case x.Abs() < p.need:
		p.minRate = -x
	case c.r.step && x > 0:
		p.minRate = -p.need
	case c.r.step:
		p.minRate = p.need
	}
	return p.minRate
}

// split leaves the hospital its share of a gain or a loss.
func (c *Case) split(p *pool, x money.Cents) {
	if g := of(x, &c.r.part); !g.none {
		p.share = g.rate.Of(x) - x
	}
}

// scored is the CQS adjustment of an amount: a low score takes from a gain, a
// high score gives back of a loss (42 CFR 512.550(d); the linear form is from
// the preamble).
func (c *Case) scored(amount money.Cents) money.Cents {
	if amount > 0 {
		return -c.r.quality[gaining].Of(amount)
	}
	return -c.r.quality[losing].Of(amount)
}

// limit holds an amount between stop-loss and stop-gain, each rounded to a
// cent before it is compared (ruling 21).
func (c *Case) limit(p *pool, x money.Cents) money.Cents {
	g := of(x, &c.r.stop)
	base, known := c.base(p)
	p.limit = max(0, g.rate.Of(base)) // addends may take a target below zero
	switch {
	case c.r.never && x < 0:
		p.stop, p.lossBinds = -x, true
	case g.none || !known:
	case x > p.limit:
		p.stop, p.gainBinds = p.limit-x, true
	case x < -p.limit:
		p.stop, p.lossBinds = -p.limit-x, true
	}
	return p.stop
}

// base is what the limits are a share of.
func (c *Case) base(p *pool) (money.Cents, bool) {
	switch {
	case c.r.base == ofReimbursement && c.reimbursed == nil:
		return 0, false
	case c.r.base == ofReimbursement:
		return *c.reimbursed, true
	case c.r.base == ofBenchmark || p.apart: // whichever side each category is on
		return p.benchmark - p.outBenchmark, true
	}
	return p.target - p.outTarget, true
}
