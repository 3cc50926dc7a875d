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
	class      *settle.Terms // as hospitals of its class share them
	input      settle.Input
	categories []CategoryResult
	scale      *[episode.NumCategories]scale
	err        error           // the hospital may not choose the track
	episodes   decimal.Decimal // of all categories
	warnings   []string
	said       int   // of the warnings, before the score's
	shape      shape // a formula of the design's own, over raw
	quick      quick
	*made      // once its spending is known
}

// made is what a pool has only once its spending is known.
type made struct {
	raw  settle.Input // before the design's own formula
	live live         // what that needs
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
		if err := e.repeat(p); err != nil {
			return nil, nil, err
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

// ready makes a pool that stands ready to settle, in the memory of p, whatever
// that held before; fixed is its part of a fixed cost, or -1.
func (e *evaluation) ready(p, at *pool, fixed money.Cents) error {
	m, results := p.made, p.categories[:0]
	if m == nil {
		m = &made{}
	}
	totals := m.raw.Categories[:0]
	*p, *m = *at, made{}
	p.made = m
	p.input.Categories, p.categories = append(totals, at.input.Categories...), append(results, at.categories...)
	x, err := e.score(p)
	if err != nil {
		return err
	}
	p.input.CQS, p.input.CQSEvidence, p.input.Gate = x.cqs, x.evidence, x.gate
	p.input.SpendingAssumed = e.supposed(p.hospital.CCN)
	p.input.Plain = e.plain
	e.spend(p)
	err = e.form(p)
	if fixed >= 0 {
		p.input.Program.FixedCost = fixed
	}
	return err
}

// unspent is a hospital before its spending is known; ok is false where it has
// no episodes.
func (e *evaluation) unspent(h int, st *standing) (pool, bool, error) {
	p, f := pool{index: h, hospital: &e.m.panel.Hospitals[h]}, e.f
	n := 0
	for _, t := range e.totals[h] {
		n += t.Episodes
	}
	if n == 0 {
		return p, false, nil
	}
	if err := f.facts[h].unpriced; err != nil {
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
	if p.class, err = st.resolve(e, p.hospital, track); err != nil {
		return p, false, err
	}
	if _, err := e.score(&p); err != nil {
		return p, false, err
	}
	p.terms, p.said = p.class, len(e.warnings)
	p.scale = &[episode.NumCategories]scale{}
	p.input.Categories = make([]settle.Category, 0, episode.NumCategories)
	p.categories = make([]CategoryResult, 0, episode.NumCategories)
	p.input.Benchmark, p.input.SpendingEvidence = f.rests[h], e.spendingEvidence(h)
	ccn := p.hospital.CCN
	norm := e.levers.Rate("market", "normalization_realized", ccn, 0)
	n, whole := 0, true // episodes of categories that are left, and whether the volume is as it was
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
		b := f.sums[h][c.Index()]
		x := settle.Category{
			Name: c.String(), Episodes: f.counted[h][c.Index()], Baseline: f.baseline[h][c.Index()],
			Benchmark: s.benchmark(b),
		}
		if s.volume != money.NewRate(1, 0) {
			x.Episodes, whole = s.volume.Decimal().Mul(x.Episodes), false
		}
		if x.Episodes.IsZero() {
			continue
		}
		n += t.Episodes
		p.input.Categories = append(p.input.Categories, x)
		p.categories = append(p.categories, CategoryResult{
			Category: c, Episodes: x.Episodes, Baseline: x.Baseline, Benchmark: x.Benchmark,
		})
	}
	if p.episodes = decimal.New(int64(n), 0); !whole {
		p.episodes = decimal.Decimal{}
		for i := range p.categories {
			p.episodes = p.episodes.Add(p.categories[i].Episodes)
		}
	}
	p.input.PostEpisode = f.facts[h].post
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

// benchmarkSource says where a hospital's targets come from and how well that
// is known.
func (m *Model) benchmarkSource(f *frame, h int) policy.Source {
	x := &f.facts[h]
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
	case x.stated > 0 && x.stated == x.episodes() && !m.panel.Synthetic: // no baseline year behind it
	case x.sources[price.Own] > 0, x.sources[price.Blend] > 0, x.riskGuess > 0, x.madeUp > 0, f.guessed, m.panel.Synthetic:
		s.Evidence = policy.Assumed
	case x.sources[price.Scaled] > 0:
		s.Evidence = policy.Derived
	}
	s.Note = fmt.Sprintf("risk-adjusted prices of %d-day episodes", f.length)
	if r, err := f.design.At("risk", f.period.Start, policy.Scope{}); err == nil && r.Value == "cells" {
		s.Note = fmt.Sprintf("prices of %d-day episodes by price cell, not adjusted for the patient's risk", f.length)
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
