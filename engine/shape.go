package engine

import (
	"fmt"
	"math/big"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/settle"
)

// portion is an exact share of an amount.
type portion struct{ part, whole int64 }

// of takes the share of an amount, rounded once; of nothing it is nothing.
func (p portion) of(c money.Cents) money.Cents {
	if p.whole <= 0 {
		return 0
	}
	return money.Cents(money.MulDiv(int64(c), p.part, p.whole))
}

// portions are what a formula of its own needs to know of the episodes of one
// hospital and category. Draws keep them: a redrawn total is split as the
// whole is.
type portions struct {
	expected portion // readmissions of spending, before any lever
	actual   portion // readmissions of projected spending
	past     portion // projected spending past the stop-loss attachment
}

// shape is a design's own formula over a pool's totals; nil where discount,
// shares and limits alone settle.
type shape func(settle.Input) (settle.Terms, settle.Input)

// formed gives the terms and totals a design's formula makes of a pool's.
func (p *pool) formed(in settle.Input) (settle.Terms, settle.Input) {
	if p.shape == nil {
		return *p.terms, in
	}
	return p.shape(in)
}

// form lays the design's formula over a pool that is ready to settle.
func (e *evaluation) form(p *pool) error {
	p.raw = p.input
	var err error
	switch e.f.design.Formula {
	case "prospective":
		p.shape, err = e.fixedPrice(p)
	case "prometheus":
		p.shape, err = e.caseRates(p)
	case "condition":
		p.shape, err = e.condition(p)
	case "capitation":
		p.shape, err = e.capitation(p)
	case "aco":
		p.shape, err = e.nest(p)
	}
	if err != nil || p.shape == nil {
		return err
	}
	t, in := p.formed(p.raw)
	p.terms, p.input = &t, in
	for k := range p.categories {
		c, x := &p.categories[k], &p.input.Categories[k]
		c.Benchmark, c.Spending = x.Benchmark, x.Spending
	}
	return nil
}

// standsIn grades totals that stand in for figures the episodes do not hold.
func standsIn(in settle.Input, what string) settle.Input {
	in.Benchmark.Evidence, in.SpendingEvidence = policy.Assumed, policy.Assumed
	if !in.Plain {
		in.Benchmark.Note += "; " + what
	}
	return in
}

// scope is whom a pool's parameters are asked for.
func (e *evaluation) scope(p *pool) policy.Scope {
	return policy.Scope{Track: p.terms.Track, Class: class(p.hospital), Days: e.length}
}

// split gives the complications inside each category's totals.
func (p *pool) split(in *settle.Input, of *[episode.NumCategories]portions) []settle.Complications {
	out := make([]settle.Complications, len(in.Categories))
	for i := range in.Categories {
		x := &of[p.categories[i].Category.Index()]
		out[i] = settle.Complications{Expected: x.expected.of(in.Categories[i].Benchmark), Actual: x.actual.of(in.Categories[i].Spending)}
	}
	return out
}

func (e *evaluation) fixedPrice(p *pool) (shape, error) {
	share, err := settle.Stated(e.f.design, e.period, e.scope(p), "warranty.share")
	if err != nil {
		return nil, err
	}
	terms, of := *p.terms, &e.portions()[p.index]
	return func(in settle.Input) (settle.Terms, settle.Input) {
		x := settle.Warranted{Parts: p.split(&in, of), Share: share}
		return x.Settle(terms, standsIn(in, "the benchmark stands for what the payer paid"))
	}, nil
}

func (e *evaluation) caseRates(p *pool) (shape, error) {
	x, err := settle.PrometheusOf(e.f.design, e.period, e.scope(p))
	if err != nil {
		return nil, err
	}
	terms, of := *p.terms, &e.portions()[p.index]
	return func(in settle.Input) (settle.Terms, settle.Input) {
		x := x
		x.Rates = make([]settle.CaseRate, len(in.Categories))
		for i, s := range p.split(&in, of) {
			c := in.Categories[i]
			c.Benchmark -= s.Expected
			x.Rates[i] = settle.CaseRate{Category: c, PAC: s.Expected}
		}
		return x.Settle(terms, standsIn(in, "the benchmark without the readmissions in it stands for typical cost"))
	}, nil
}

// override reads a lever of a formula over the design's own term.
func (e *evaluation) override(g *settle.Graded, group, name, ccn string) {
	if v, ok := e.levers.Get(group, name, ccn, 0); ok {
		r := v.Rate
		if v.Cents != 0 {
			r = money.NewRate(int64(v.Cents), 2)
		}
		*g = settle.Given(r)
	}
}

// condition takes the stored operations as the expected number of them: the
// patients of the condition are as many as the design's share of operations
// makes them.
func (e *evaluation) condition(p *pool) (shape, error) {
	d, s, ccn := e.f.design, e.scope(p), p.hospital.CCN
	x, err := settle.ConditionOf(d, e.period, s)
	if err != nil {
		return nil, err
	}
	operated, err := settle.Stated(d, e.period, s, "msk.surgery_share")
	if err != nil {
		return nil, err
	}
	other, err := settle.Stated(d, e.period, s, "msk.conservative_cost")
	if err != nil {
		return nil, err
	}
	if operated.None || operated.Rate.Sign() == 0 {
		return nil, &InputError{Why: fmt.Sprintf("design %s: msk.surgery_share is nothing, so the stored operations belong to no number of patients", d.ID)}
	}
	e.override(&other, "condition", "conservative_cost", ccn)
	e.override(&x.Deferral, "condition", "deferral", ccn)
	e.override(&x.Margin, "condition", "margin", ccn)
	away := e.levers.Rate("condition", "avoided", ccn, 0).Rat()
	terms, cost := *p.terms, other.Rate.Rat()
	return func(in settle.Input) (settle.Terms, settle.Input) {
		x := x
		x.Treatments = branches(in.Categories, operated.Rate.Rat(), cost, away)
		return x.Settle(terms, standsIn(in, "the stored operations stand for those of the condition"))
	}, nil
}

// branches are the operated, by category, and all the others together.
func branches(list []settle.Category, share, cost, away *big.Rat) []settle.Treatment {
	one := big.NewRat(1, 1)
	stays := new(big.Rat).Sub(one, away)
	before, after := new(big.Rat), new(big.Rat) // patients without operation
	var out []settle.Treatment
	for _, c := range list {
		n := c.Episodes.Rat()
		rest := new(big.Rat).Mul(n, new(big.Rat).Sub(one, share))
		rest.Quo(rest, share)
		before.Add(before, rest)
		after.Add(after, rest).Add(after, new(big.Rat).Mul(n, away))
		out = append(out, settle.Treatment{
			Name: c.Name, Surgery: true, Before: n, After: new(big.Rat).Mul(n, stays), Benchmark: c.Benchmark,
			Spending: money.Cents(money.RoundRat(new(big.Rat).Mul(stays, new(big.Rat).SetInt64(int64(c.Spending))))),
		})
	}
	all := func(n *big.Rat) money.Cents {
		cents := new(big.Rat).Mul(cost, big.NewRat(100, 1))
		return money.Cents(money.RoundRat(cents.Mul(cents, n)))
	}
	return append(out, settle.Treatment{Name: "without operation", Before: before, After: after, Benchmark: all(before), Spending: all(after)})
}

// attachment is where a hospital's individual stop-loss begins.
func (e *evaluation) attachment(ccn string, s policy.Scope) (settle.Graded, error) {
	g, err := settle.Stated(e.f.design, e.period, s, "capitation.stop_loss")
	e.override(&g, "capitation", "stop_loss", ccn)
	return g, err
}

func (e *evaluation) capitation(p *pool) (shape, error) {
	x, err := settle.CapitationOf(e.f.design, e.period, e.scope(p))
	if err != nil {
		return nil, err
	}
	ccn := p.hospital.CCN
	if x.Attachment, err = e.attachment(ccn, e.scope(p)); err != nil {
		return nil, err
	}
	e.override(&x.Premium, "capitation", "premium", ccn)
	e.override(&x.Admin, "capitation", "admin", ccn)
	x.PastWhat = "episodes"
	terms, of := *p.terms, &e.portions()[p.index]
	return func(in settle.Input) (settle.Terms, settle.Input) {
		x := x
		x.Categories, x.Past = in.Categories, nil
		for i := range in.Categories {
			x.Past = append(x.Past, of[p.categories[i].Category.Index()].past.of(in.Categories[i].Spending))
		}
		return x.Settle(terms, standsIn(in, "the benchmark of the episodes stands for the capitation"))
	}, nil
}

// portions splits the spending of every hospital and category, once.
func (e *evaluation) portions() [][episode.NumCategories]portions {
	if e.parts != nil {
		return e.parts
	}
	out := make([][episode.NumCategories]portions, len(e.m.panel.Hospitals))
	past := e.past()
	for h := range out {
		for c := range out[h] {
			b, t := &e.f.before[h][c], int64(e.totals[h][c].Uncapped)
			out[h][c] = portions{
				expected: portion{int64(b.again), int64(b.all)},
				actual:   portion{int64(b.again.Times(e.weights[h][c].Setting[episode.Readmission])), t},
				past:     portion{int64(past[h][c]), t},
			}
		}
	}
	e.parts = out
	return out
}

// attachments are the hospitals' stop-loss attachments; -1 without one.
func (e *evaluation) attachments() []money.Micros {
	out := make([]money.Micros, len(e.m.panel.Hospitals))
	for h := range out {
		out[h] = -1
		hosp := &e.m.panel.Hospitals[h]
		if g, err := e.attachment(hosp.CCN, policy.Scope{Class: class(hosp), Days: e.length}); err == nil && !g.None && e.f.design.Formula == "capitation" {
			out[h] = g.Rate.Of(100).Micros()
		}
	}
	return out
}

// assumptions are what a reader must know of a formula that settles stored
// episodes in place of a contract's own figures.
func (e *evaluation) assumptions() []string {
	switch e.f.design.Formula {
	case "prospective":
		return []string{"Medicare's allowed amounts stand for what the care costs the hospital, the benchmark for what the payer paid, and readmissions for warranted complications, absorbed in full (assumed)"}
	case "prometheus":
		return []string{"the benchmark stands for the case rate and the share of readmissions in spending, before any lever, for expected complications (assumed)"}
	case "condition":
		return []string{"the stored operations stand for those of the condition; the patients without operation and their cost are the design's (assumed): set condition.avoided, condition.conservative_cost, condition.deferral and condition.margin"}
	case "capitation":
		return []string{"the benchmark of the episodes stands for members x amount a month, and their spending for the claims: the episodes hold no member months (assumed)"}
	case "aco":
		return []string{"each hospital has an ACO of its own whose only care is these episodes and what aco.other_benchmark and aco.other_spending say (assumed); levers of policy and quality act on the bundle inside it, aco.msr and aco.fsr on the ACO"}
	}
	return nil
}
