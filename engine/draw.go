package engine

import (
	"context"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/risk"
	"bundlelab/engine/settle"
)

// Draw gives the distribution of a design's net payment over the hospitals
// asked for: episodes redrawn within hospital and category, caps held, every
// draw settled with its limits. The same seed gives the same draws for every
// design and lever. Errors are Evaluate's, or the context's.
func (m *Model) Draw(ctx context.Context, design string, r Request, draws int, seed uint64) (*risk.Distribution, error) {
	hospitals, err := m.hospitals(r.Hospitals)
	if err != nil {
		return nil, err
	}
	_, lenient, err := m.asked(r)
	if err != nil {
		return nil, err
	}
	e, err := m.prepare(design, r.Levers, lenient)
	if err != nil {
		return nil, err
	}
	list, fixed, err := e.stood(hospitals)
	if err != nil {
		return nil, err
	}
	nets := make([]money.Cents, draws)
	byPair := e.pairs()
	for i, at := range list {
		var p pool
		if err := e.ready(&p, at, fixed[i]); err != nil {
			return nil, err
		}
		if err := e.drawPool(ctx, &p, byPair[p.index], nets, seed); err != nil {
			return nil, err
		}
	}
	return risk.Describe(nets, seed), nil
}

// pairs gathers what each performance episode brings, by hospital and
// category, in episode order.
func (e *evaluation) pairs() [][episode.NumCategories][]risk.Episode {
	out := make([][episode.NumCategories][]risk.Episode, len(e.m.panel.Hospitals))
	spending, holds := e.spent(), e.f.index.Holds(e.outcome, e.ways.class)
	for k, i := range e.f.list {
		ep := &e.m.panel.Episodes[i]
		part := e.f.estimated[k]
		x := risk.Episode{Benchmark: e.f.bench[k] - part, Estimated: part, Spending: holds[k].Of(spending[k])}
		list := &out[ep.Hospital][ep.Category.Index()]
		*list = append(*list, x)
	}
	return out
}

// drawPool adds one hospital's net payment to every draw.
func (e *evaluation) drawPool(ctx context.Context, p *pool, lists [episode.NumCategories][]risk.Episode, nets []money.Cents, seed uint64) error {
	in := p.raw
	in.Plain = true
	in.Categories = append([]settle.Category(nil), p.raw.Categories...)
	sums := make([][]risk.Episode, len(in.Categories))
	for i := range in.Categories {
		c := p.categories[i].Category.Index()
		sums[i] = risk.Resample(lists[c], len(nets), seed, uint64(p.index*episode.NumCategories+c))
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	for d := range nets {
		for i := range in.Categories {
			c, s := &in.Categories[i], sums[i][d]
			f := &p.scale[p.categories[i].Category.Index()]
			c.Benchmark = f.benchmark(benchmarks{s.Benchmark, s.Estimated})
			c.Spending = money.MicrosToCents(s.Spending, f.volume)
		}
		t, x := p.formed(in)
		f := settle.Compute(&t, &x)
		nets[d] += f.Net
	}
	return ctx.Err()
}
