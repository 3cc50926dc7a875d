package engine

import (
	"errors"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/policy"
	"bundlelab/engine/price"
	"bundlelab/engine/project"
	"bundlelab/engine/settle"
)

// pool is one hospital ready to settle: its terms, its totals in cents, and
// the factors that turned micro-dollar sums into them.
type pool struct {
	index      int
	hospital   *panel.Hospital
	terms      *settle.Terms
	input      settle.Input
	categories []CategoryResult
	scale      [episode.NumCategories]scale
	err        error           // the hospital may not choose the track
	episodes   decimal.Decimal // of all categories
	warnings   []string
	raw        settle.Input
	shape      shape // a formula of the design's own, over raw
	live       live  // what that needs
	quick      quick
}

// scale are the exact factors on one category's micro-dollar sums.
type scale struct {
	volume, target, level money.Rate
}

// stood lists the hospitals that have episodes as they stand before their
// spending is known, with their parts of a fixed cost; the error says which of
// them may not be in the track they would be in.
func (e *evaluation) stood(hospitals []int) ([]*pool, []money.Cents, error) {
	if err := e.f.reachable(e.length, hospitals); err != nil {
		return nil, nil, err
	}
	out := make([]*pool, 0, len(hospitals))
	for _, h := range hospitals {
		p, err := e.standing().stand(e, h)
		if err != nil {
			return nil, nil, err
		}
		if p == nil {
			continue
		}
		for _, w := range p.warnings {
			e.warnings = appendNew(e.warnings, w)
		}
		if p.err != nil || len(p.categories) > 0 { // else the levers leave none
			out = append(out, p)
		}
	}
	if err := refused(out); err != nil {
		return nil, nil, err
	}
	return out, e.fixedCosts(out), nil
}

// refused joins what keeps hospitals out of a track.
func refused(pools []*pool) error {
	var no []error
	said := map[string]bool{}
	for _, p := range pools {
		if p.err != nil && !said[p.err.Error()] {
			said[p.err.Error()] = true
			no = append(no, p.err)
		}
	}
	return errors.Join(no...)
}

// ready makes a pool that stands ready to settle, in the memory of p; fixed is
// its part of a fixed cost, or -1.
func (e *evaluation) ready(p, at *pool, fixed money.Cents) error {
	*p = *at
	p.input.SpendingAssumed = e.supposed(p.hospital.CCN)
	p.input.Plain = e.plain
	e.spend(p)
	err := e.form(p)
	if fixed >= 0 {
		p.input.Program.FixedCost = fixed
	}
	return err
}

// unspent is a hospital before its spending is known; ok is false where it has
// no episodes.
func (e *evaluation) unspent(h int, st *standing) (pool, bool, error) {
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
	track, warning, err := e.track(h)
	if err != nil {
		p.err = err
		return p, true, nil
	}
	if warning != "" {
		e.warnings = appendNew(e.warnings, warning)
	}
	if p.terms, err = st.resolve(e, p.hospital, track); err != nil {
		return p, false, err
	}
	p.input.Categories = make([]settle.Category, 0, episode.NumCategories)
	p.categories = make([]CategoryResult, 0, episode.NumCategories)
	p.input.Benchmark, p.input.SpendingEvidence = e.benchmarkSource(h), e.spendingEvidence(h)
	if err := e.quality(&p); err != nil {
		return p, false, err
	}
	ccn := p.hospital.CCN
	norm := e.levers.Rate("market", "normalization_realized", ccn, 0)
	for _, c := range episode.Categories() {
		t := e.totals[h][c.Index()]
		if t.Episodes == 0 {
			continue
		}
		s := &p.scale[c.Index()]
		s.volume = e.levers.Rate("market", "volume", ccn, c).Plus1().Mul(e.levers.Rate("market", "mix", ccn, c).Plus1())
		trend := e.levers.Rate("market", "trend_realized", ccn, c)
		s.target = p.terms.Band.Trend.Held(trend).Mul(p.terms.Band.Normalization.Held(norm)).Mul(s.volume)
		e.banded(&p, c.String()+" realized trend", "market.trend_realized", trend, p.terms.Band.Trend)
		if len(p.input.Categories) == 0 {
			e.banded(&p, "realized normalization", "market.normalization_realized", norm, p.terms.Band.Normalization)
		}
		s.level = e.levers.Rate("market", "benchmark_level", ccn, c).Plus1()
		b := e.f.sums[h][c.Index()]
		x := settle.Category{
			Name: c.String(), Episodes: s.volume.Decimal().Mul(decimal.New(int64(t.Episodes), 0)), Baseline: e.f.baseline[h][c.Index()],
			Benchmark: s.benchmark(b),
		}
		if x.Episodes.IsZero() {
			continue
		}
		p.episodes = p.episodes.Add(x.Episodes)
		p.input.Categories = append(p.input.Categories, x)
		p.categories = append(p.categories, CategoryResult{
			Category: c, Episodes: x.Episodes, Baseline: x.Baseline, Benchmark: x.Benchmark,
		})
	}
	p.input.PostEpisode = e.f.facts[h].post
	e.factors(&p)
	e.reimbursement(&p)
	e.program(&p)
	if len(p.categories) > 0 {
		err = e.shapeUp(&p)
	}
	return p, true, err
}

// spending turns sums into cents: one rounding, after volume.
func (s *scale) spending(t *project.Total) (held, uncapped money.Cents) {
	held = money.MicrosToCents(t.Spending, s.volume)
	if uncapped = held; t.Uncapped != t.Spending {
		uncapped = money.MicrosToCents(t.Uncapped, s.volume)
	}
	return held, uncapped
}

// benchmark turns sums into cents: one rounding, after every factor.
func (s *scale) benchmark(b benchmarks) money.Cents {
	if s.level.Cmp(money.NewRate(1, 0)) == 0 {
		return money.MicrosToCents(b.fixed+b.estimated, s.target)
	}
	sum := decimal.New(int64(b.fixed), 0).Add(decimal.New(int64(b.estimated), 0).Mul(s.level.Decimal()))
	return money.RoundCents(sum.Mul(s.target.Decimal()).Shift(-4))
}

// quality finds what is known of the hospital's quality: its composite score,
// or the default that stands in; where a gate is all there is, whether it is
// passed.
func (e *evaluation) quality(p *pool) error {
	q := &p.terms.Quality
	v, ok, err := e.score(p)
	if err != nil {
		return err
	}
	if ok {
		p.input.CQS = v.Rate.Decimal()
	} else {
		p.input.CQS, p.input.CQSEvidence = q.Default.Rate.Decimal(), q.Default.Evidence
	}
	if v, ok := e.levers.Get("quality", "gate", p.hospital.CCN, 0); ok && q.Acts("gate") && !q.Acts("discount") {
		passed := !v.None
		p.input.Gate, p.input.CQSEvidence = &passed, 0
	}
	return nil
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
	parts = append(parts, x.blends...)
	s := policy.Source{Cite: strings.Join(parts, ", "), Evidence: policy.User}
	if x.priceName != "" {
		s.Cite += ": " + x.priceName
	}
	switch {
	case x.stated > 0 && x.stated == x.episodes() && !e.m.panel.Synthetic: // no baseline year behind it
	case x.sources[price.Own] > 0, x.sources[price.Blend] > 0, x.riskGuess > 0, x.madeUp > 0, e.f.guessed, e.m.panel.Synthetic:
		s.Evidence = policy.Assumed
	case x.sources[price.Scaled] > 0:
		s.Evidence = policy.Derived
	}
	s.Note = fmt.Sprintf("risk-adjusted prices of %d-day episodes", e.length)
	if r, err := e.f.design.At("risk", e.period.Start, policy.Scope{}); err == nil && r.Value == "cells" {
		s.Note = fmt.Sprintf("prices of %d-day episodes by price cell, not adjusted for the patient's risk", e.length)
	}
	return s
}

// spendingEvidence is lower where the data's reach or basis is assumed.
func (e *evaluation) spendingEvidence(h int) policy.Evidence {
	if x := &e.f.facts[h]; x.obsGuess > 0 || x.notStd > 0 {
		return policy.Assumed
	}
	return 0
}
