package engine

import (
	"fmt"
	"math/big"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/settle"
)

// live is what a design's own formula needs of the present spending.
type live struct {
	parts  *[episode.NumCategories]portions
	bundle *inner            // inside an ACO
	whole  []settle.Category // the hospital's own totals, before any draw
}

// shape is a design's own formula over a pool's totals; nil where discount,
// shares and limits alone settle. It rests on terms and levers that no spending
// moves, so that a standing keeps it.
type shape func(l *live, in settle.Input) (settle.Terms, settle.Input)

// quick is a formula for a case that was made without spending: it changes a
// settler's spending and addends by what the spending of an evaluation comes
// to, as the shape does. It says no where only the shape answers.
type quick func(s *settler) (bool, error)

// formed gives the terms and totals a design's formula makes of a pool's.
func (p *pool) formed(in settle.Input) (settle.Terms, settle.Input) {
	if p.shape == nil {
		return *p.terms, in
	}
	return p.shape(&p.live, in)
}

// shapeUp finds the design's formula for a pool, if it has one.
func (e *evaluation) shapeUp(p *pool) (err error) {
	switch e.f.design.Formula {
	case "prospective":
		p.shape, p.quick, err = e.fixedPrice(p)
	case "prometheus":
		p.shape, p.quick, err = e.caseRates(p)
	case "condition":
		p.shape, p.quick, err = e.condition(p)
	case "capitation":
		p.shape, p.quick, err = e.capitation(p)
	case "aco":
		p.shape, p.quick, err = e.nest(p)
	}
	return err
}

// enliven gives a formula what it needs of the present spending.
func (e *evaluation) enliven(l *live, h int, whole []settle.Category) error {
	l.whole = whole
	switch e.f.design.Formula {
	case "prospective", "prometheus", "capitation":
		l.parts = e.portions(h)
	case "aco":
		var err error
		l.bundle, err = e.bundle(h)
		return err
	}
	return nil
}

// form lays the design's formula over a pool that is ready to settle.
func (e *evaluation) form(p *pool) error {
	p.raw = p.input
	if p.shape == nil {
		return nil
	}
	if err := e.enliven(&p.live, p.index, p.raw.Categories); err != nil {
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

// split gives the complications inside each category's totals; of names the
// categories.
func (l *live) split(in *settle.Input, of []CategoryResult) []settle.Complications {
	out := make([]settle.Complications, len(in.Categories))
	for i := range in.Categories {
		x := &l.parts[of[i].Category.Index()]
		out[i] = settle.Complications{Expected: x.expected.of(in.Categories[i].Benchmark), Actual: x.actual.of(in.Categories[i].Spending)}
	}
	return out
}

func (e *evaluation) fixedPrice(p *pool) (shape, quick, error) {
	share, err := settle.Stated(e.f.design, e.period, e.scope(p), "warranty.share")
	if err != nil {
		return nil, nil, err
	}
	terms, of, h := *p.terms, p.categories, p.index
	whole := func(l *live, in settle.Input) (settle.Terms, settle.Input) {
		x := settle.Warranted{Parts: l.split(&in, of), Share: share}
		return x.Settle(terms, standsIn(in, "the benchmark stands for what the payer paid"))
	}
	return whole, func(s *settler) (bool, error) {
		for i := range of {
			actual := s.e.readmitted(h, of[i].Category.Index()).of(s.spending[i])
			s.spending[i] -= actual
			s.adds[settle.ToSpending] -= actual
		}
		return true, nil
	}, nil
}

func (e *evaluation) caseRates(p *pool) (shape, quick, error) {
	x, err := settle.PrometheusOf(e.f.design, e.period, e.scope(p))
	if err != nil {
		return nil, nil, err
	}
	terms, of := *p.terms, p.categories
	return func(l *live, in settle.Input) (settle.Terms, settle.Input) {
		x := x
		x.Rates = make([]settle.CaseRate, len(in.Categories))
		for i, s := range l.split(&in, of) {
			c := in.Categories[i]
			c.Benchmark -= s.Expected
			x.Rates[i] = settle.CaseRate{Category: c, PAC: s.Expected}
		}
		return x.Settle(terms, standsIn(in, "the benchmark without the readmissions in it stands for typical cost"))
	}, nothing, nil
}

// nothing of a formula depends on spending.
func nothing(*settler) (bool, error) { return true, nil }

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
func (e *evaluation) condition(p *pool) (shape, quick, error) {
	d, s, ccn := e.f.design, e.scope(p), p.hospital.CCN
	x, err := settle.ConditionOf(d, e.period, s)
	if err != nil {
		return nil, nil, err
	}
	operated, err := settle.Stated(d, e.period, s, "msk.surgery_share")
	if err != nil {
		return nil, nil, err
	}
	other, err := settle.Stated(d, e.period, s, "msk.conservative_cost")
	if err != nil {
		return nil, nil, err
	}
	if operated.None || operated.Rate.Sign() == 0 {
		return nil, nil, &InputError{Why: fmt.Sprintf("design %s: msk.surgery_share is nothing, so the stored operations belong to no number of patients", d.ID)}
	}
	e.override(&other, "condition", "conservative_cost", ccn)
	e.override(&x.Deferral, "condition", "deferral", ccn)
	e.override(&x.Margin, "condition", "margin", ccn)
	away := e.levers.Rate("condition", "avoided", ccn, 0).Rat()
	terms, cost := *p.terms, other.Rate.Rat()
	whole := func(_ *live, in settle.Input) (settle.Terms, settle.Input) {
		x := x
		x.Treatments = branches(in.Categories, operated.Rate.Rat(), cost, away)
		return x.Settle(terms, standsIn(in, "the stored operations stand for those of the condition"))
	}
	// Where no operation is avoided the mix is the expected one.
	return whole, func(*settler) (bool, error) { return away.Sign() == 0, nil }, nil
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

func (e *evaluation) capitation(p *pool) (shape, quick, error) {
	x, err := settle.CapitationOf(e.f.design, e.period, e.scope(p))
	if err != nil {
		return nil, nil, err
	}
	ccn := p.hospital.CCN
	if x.Attachment, err = e.attachment(ccn, e.scope(p)); err != nil {
		return nil, nil, err
	}
	e.override(&x.Premium, "capitation", "premium", ccn)
	e.override(&x.Admin, "capitation", "admin", ccn)
	x.PastWhat = "episodes"
	terms, of, h := *p.terms, p.categories, p.index
	whole := func(l *live, in settle.Input) (settle.Terms, settle.Input) {
		x := x
		x.Categories, x.Past = in.Categories, make([]money.Cents, len(in.Categories))
		for i := range in.Categories {
			x.Past[i] = l.parts[of[i].Category.Index()].past.of(in.Categories[i].Spending)
		}
		return x.Settle(terms, standsIn(in, "the benchmark of the episodes stands for the capitation"))
	}
	return whole, func(s *settler) (bool, error) {
		var cost [episode.NumCategories]money.Cents
		for i := range of {
			cost[i] = s.e.beyond(h, of[i].Category.Index()).of(s.spending[i])
		}
		s.adds[settle.ToSpending] += x.Recovered(cost[:len(of)])
		return true, nil
	}, nil
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
