package engine

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/policy"
	"bundlelab/engine/price"
	"bundlelab/engine/settle"
)

// pool is one hospital ready to settle: its terms, its totals in cents, and
// the factors that turned micro-dollar sums into them.
type pool struct {
	index      int
	hospital   *panel.Hospital
	terms      settle.Terms
	input      settle.Input
	categories []CategoryResult
	scale      [episode.NumCategories]scale
	err        error // the hospital may not choose the track
}

// scale are the exact factors on one category's micro-dollar sums.
type scale struct {
	volume, target, level money.Rate
}

// pools gathers the hospitals that have episodes.
func (e *evaluation) pools(hospitals []int) ([]pool, error) {
	if err := e.f.reachable(e.length, hospitals); err != nil {
		return nil, err
	}
	var out []pool
	for _, h := range hospitals {
		p, ok, err := e.pool(h)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, p)
		}
	}
	e.shareFixedCost(out)
	return out, nil
}

func (e *evaluation) pool(h int) (pool, bool, error) {
	p := pool{index: h, hospital: &e.m.panel.Hospitals[h]}
	n := 0
	for _, t := range e.totals[h] {
		n += t.Episodes
	}
	if n == 0 {
		return p, false, nil
	}
	if err := e.f.facts[h].unpriced; err != nil {
		return p, false, err
	}
	track, err := e.track(h)
	if err != nil {
		p.err = err
		return p, true, nil
	}
	if p.terms, err = settle.Resolve(e.f.design, e.period, track, e.levers, p.hospital.CCN); err != nil {
		return p, false, err
	}
	p.input.Benchmark, p.input.SpendingEvidence = e.benchmarkSource(h), e.spendingEvidence(h)
	e.quality(&p)
	ccn := p.hospital.CCN
	norm := e.levers.Rate("market", "normalization_realized", ccn, 0)
	for _, c := range episode.Categories() {
		t := e.totals[h][c.Index()]
		if t.Episodes == 0 {
			continue
		}
		s := &p.scale[c.Index()]
		s.volume = e.levers.Rate("market", "volume", ccn, c).Plus1().Mul(e.levers.Rate("market", "mix", ccn, c).Plus1())
		s.target = price.Realized(e.levers.Rate("market", "trend_realized", ccn, c), p.terms.Band.Trend.Rate).
			Mul(price.Realized(norm, p.terms.Band.Normalization.Rate)).Mul(s.volume)
		s.level = e.levers.Rate("market", "benchmark_level", ccn, c).Plus1()
		b := e.bench[h][c.Index()]
		x := settle.Category{
			Category: c, Episodes: s.volume.Decimal().Mul(decimal.New(int64(t.Episodes), 0)), Baseline: e.f.baseline[h][c.Index()],
			Benchmark: s.benchmark(b), Spending: money.MicrosToCents(t.Spending, s.volume), Uncapped: money.MicrosToCents(t.Uncapped, s.volume),
		}
		if x.Episodes.IsZero() {
			continue
		}
		p.input.Categories = append(p.input.Categories, x)
		p.categories = append(p.categories, CategoryResult{
			Category: c, Episodes: x.Episodes, Baseline: x.Baseline, Benchmark: x.Benchmark, Spending: x.Spending, Capped: x.Uncapped - x.Spending,
		})
	}
	p.input.PostEpisode = e.f.facts[h].post
	e.program(&p)
	return p, len(p.input.Categories) > 0, nil
}

// benchmark turns sums into cents: one rounding, after every factor.
func (s *scale) benchmark(b benchmarks) money.Cents {
	if s.level.Cmp(money.NewRate(1, 0)) == 0 {
		return money.MicrosToCents(b.fixed+b.estimated, s.target)
	}
	sum := decimal.New(int64(b.fixed), 0).Add(decimal.New(int64(b.estimated), 0).Mul(s.level.Decimal()))
	return money.RoundCents(sum.Mul(s.target.Decimal()).Shift(-4))
}

// quality finds the hospital's composite score, or the default that stands in.
func (e *evaluation) quality(p *pool) {
	if v, ok := e.levers.Get("quality", "cqs", p.hospital.CCN, 0); ok {
		p.input.CQS = v.Rate.Decimal()
		return
	}
	d := p.terms.QualityDefault
	p.input.CQS, p.input.CQSEvidence = d.Rate.Decimal(), d.Evidence
}

// benchmarkSource says where a hospital's targets come from and how well that
// is known.
func (e *evaluation) benchmarkSource(h int) policy.Source {
	x := &e.f.facts[h]
	var parts []string
	for k := price.CMS; k <= price.Own; k++ {
		if x.sources[k] > 0 {
			parts = append(parts, k.Title())
		}
	}
	s := policy.Source{Cite: strings.Join(parts, ", "), Evidence: policy.User}
	if x.priceName != "" {
		s.Cite += ": " + x.priceName
	}
	switch {
	case x.sources[price.Own] > 0, x.riskGuess > 0, x.madeUp > 0, e.f.guessed, e.m.panel.Synthetic:
		s.Evidence = policy.Assumed
	case x.sources[price.Scaled] > 0:
		s.Evidence = policy.Derived
	}
	s.Note = fmt.Sprintf("risk-adjusted prices of %d-day episodes", e.length)
	return s
}

// spendingEvidence is lower where the data's reach or basis is assumed.
func (e *evaluation) spendingEvidence(h int) policy.Evidence {
	if x := &e.f.facts[h]; x.obsGuess > 0 || x.notStd > 0 {
		return policy.Assumed
	}
	return 0
}

// program reads what the hospital spends and shares outside reconciliation.
func (e *evaluation) program(p *pool) {
	ccn := p.hospital.CCN
	rate := func(name string) money.Rate { return e.levers.Rate("program", name, ccn, 0) }
	cents := func(name string) money.Cents {
		v, _ := e.levers.Get("program", name, ccn, 0)
		return v.Cents
	}
	g := &p.input.Program
	g.FixedCost, g.PerEpisode = cents("fixed_cost"), cents("cost_per_episode")
	g.Gainshare = rate("gainshare")
	g.ConvenerGain, g.ConvenerLoss, g.ConvenerFee = rate("convener.gain_share"), rate("convener.loss_share"), rate("convener.fee")
	g.ConvenerPerEpisode = cents("convener.fee_per_episode")
	for _, c := range episode.Categories() {
		if x := e.levers.Rate("care", "readmissions", ccn, c); x.Sign() < 0 {
			n := decimal.New(int64(e.f.readmits[p.index][c.Index()]), 0)
			g.AvoidedReadmissions = g.AvoidedReadmissions.Sub(n.Mul(x.Decimal()).Mul(p.scale[c.Index()].volume.Decimal()))
		}
	}
	avoided := money.FromDecimal(g.AvoidedReadmissions)
	g.InternalSaving, g.LostMargin = avoided.Of(cents("internal_savings")), avoided.Of(cents("lost_margin"))
}

// shareFixedCost counts a fixed cost set for all hospitals once: it is split
// over the hospitals asked for by their episodes. A hospital's own setting
// stays its own.
func (e *evaluation) shareFixedCost(pools []pool) {
	v, ok := e.levers.Exactly(lever.Key{Group: "program", Name: "fixed_cost"})
	if !ok {
		return
	}
	weights := make([]int64, len(pools))
	for i := range pools {
		_, own := e.levers.Exactly(lever.Key{Hospital: pools[i].hospital.CCN, Group: "program", Name: "fixed_cost"})
		if !own && pools[i].err == nil {
			for _, t := range e.totals[pools[i].index] {
				weights[i] += int64(t.Episodes)
			}
		}
	}
	for i, c := range money.Split(v.Cents, weights) {
		if weights[i] > 0 {
			pools[i].input.Program.FixedCost = c
		}
	}
}
