package engine

import (
	"fmt"

	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/settle"
)

// nest settles the bundle inside an ACO first, on the same episodes, and the
// ACO after it: what the bundle paid is spending of the ACO. The levers of
// policy and quality are the bundle's; the ACO keeps its design's terms but
// for the levers of its own.
func (e *evaluation) nest(p *pool) (shape, quick, error) {
	x, err := settle.ACOOf(e.f.design, e.period, e.scope(p))
	if err != nil {
		return nil, nil, err
	}
	terms, err := settle.Resolve(e.f.design, e.period, settle.Asked{Track: p.terms.Track, Class: class(p.hospital), Days: e.length})
	if err != nil {
		return nil, nil, err
	}
	ccn := p.hospital.CCN
	own := func(name string) *money.Rate {
		if v, ok := e.levers.Get("aco", name, ccn, 0); ok {
			return &v.Rate
		}
		return nil
	}
	x.MSR, x.FSR = own("msr"), own("fsr")
	more, _ := e.levers.Get("aco", "other_benchmark", ccn, 0)
	spent, _ := e.levers.Get("aco", "other_spending", ccn, 0)
	score := terms.Quality.Default
	h := p.index
	whole := func(l *live, in settle.Input) (settle.Terms, settle.Input) {
		x := x
		x.NPRANote, x.NPRAEvidence = l.bundle.note, l.bundle.evidence
		x.NPRA = l.bundle.net(l.whole, in.Categories)
		x.Categories = in.Categories
		if more.Cents != 0 || spent.Cents != 0 {
			x.Categories = append(append([]settle.Category(nil), in.Categories...), settle.Category{Name: "other care", Baseline: -1, Benchmark: more.Cents, Spending: spent.Cents})
		}
		in.CQS, in.CQSEvidence = score.Rate.Decimal(), score.Evidence
		if x.FSR != nil {
			in.CQSEvidence = 0 // no score is used
		}
		in.PostEpisode, in.Overlap, in.Gate = 0, 0, nil
		return x.Settle(terms, standsIn(in, "the episodes stand for the ACO's care"))
	}
	return whole, func(s *settler) (bool, error) {
		net, err := s.bundle(h)
		s.adds[settle.ToSpending] -= net
		s.adds[settle.ToHospital] += net
		return true, err
	}, nil
}

// inner is a hospital's settlement of the bundle inside an ACO.
type inner struct {
	pool     *pool // nil when the bundle pays for none of its episodes
	evidence policy.Evidence
	note     string
}

// bundle settles the bundle of one hospital.
func (e *evaluation) bundle(h int) (*inner, error) {
	b, err := e.inside()
	if err != nil {
		return nil, err
	}
	if err := b.f.reachable(b.length, []int{h}); err != nil {
		return nil, err
	}
	np, ok, err := b.pool(h)
	if err == nil {
		err = np.err
	}
	if err != nil {
		return nil, fmt.Errorf("the bundle inside, %s: %w", b.f.design.ID, err)
	}
	if !ok {
		return &inner{note: b.f.design.Name + " pays for none of these episodes"}, nil
	}
	note := b.f.design.Name + ", " + b.period.ID
	if np.terms.Track != "" {
		note += ", track " + np.terms.Track
	}
	if np.input.CQSEvidence != 0 {
		note += fmt.Sprintf(", at a score of %s (%s)", np.input.CQS, np.input.CQSEvidence)
	}
	l := settle.Brief(np.terms, &np.input)
	return &inner{&np, l.Evidence.Lowest(policy.Assumed), note + ": the design the ACO's file names, at its default track (assumed)"}, nil
}

// net settles the bundle of a draw: its totals move as the ACO's do. Where
// both count the same episodes alike that is the draw itself.
func (b *inner) net(whole, drawn []settle.Category) money.Cents {
	if b.pool == nil {
		return 0
	}
	in := b.pool.input
	in.Categories = append([]settle.Category(nil), in.Categories...)
	for i := range in.Categories {
		c := &in.Categories[i]
		for k := range whole {
			if whole[k].Name == c.Name {
				c.Benchmark = scaled(c.Benchmark, drawn[k].Benchmark, whole[k].Benchmark)
				c.Spending = scaled(c.Spending, drawn[k].Spending, whole[k].Spending)
			}
		}
	}
	f := settle.Compute(b.pool.terms, &in)
	return f.Net
}

func scaled(c, drawn, whole money.Cents) money.Cents {
	if whole <= 0 {
		return c
	}
	return money.Cents(money.MulDiv(int64(c), int64(drawn), int64(whole)))
}

// inside prepares the bundle an ACO design names, once: its own period where
// the one asked for is not one of it, and its default tracks.
func (e *evaluation) inside() (*evaluation, error) {
	if e.within != nil {
		return e.within, nil
	}
	f, err := e.f.design.At("aco.bundle", e.period.Start, policy.Scope{})
	if err != nil {
		return nil, err
	}
	d, err := e.m.designs.Get(f.Value)
	if err != nil {
		return nil, fmt.Errorf("design %s, aco.bundle: %w", e.f.design.ID, err)
	}
	if d.Formula != "retrospective" {
		return nil, &InputError{Why: fmt.Sprintf("design %s, aco.bundle: %s does not settle by reconciliation: name one that does", e.f.design.ID, d.ID)}
	}
	e.within, err = e.m.prepare(d.ID, bundleLevers(d, e.levers), e.lenient)
	return e.within, err
}

// bundleLevers leaves out the choices that are the ACO's.
func bundleLevers(d *policy.Design, s lever.Set) lever.Set {
	s = s.WithoutNamed("policy", "design", "track")
	if v, ok := s.Get("policy", "period", "", 0); ok {
		if _, err := d.Period(v.Text); err != nil {
			s = s.WithoutNamed("policy", "period")
		}
	}
	return s
}
