package engine

import (
	"math/big"
	"slices"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/policy"
	"bundlelab/engine/price"
	"bundlelab/engine/project"
)

// baselineWeights are the weights of the baseline years, nil when every
// episode counts alike.
func baselineWeights(d *policy.Design, p policy.Period) ([]money.Rate, error) {
	v, err := d.At("baseline.weights", p.Start, policy.Scope{})
	if err != nil || v.Value == policy.Pooled {
		return nil, err
	}
	return policy.Weights(v.Value)
}

// baselineEpisodes lists the episodes of the period's baseline years by
// position of the year, and counts them by hospital and category. Where the
// data hold none of any hospital, as many of the last calendar years stand in,
// three for a contract that names none (ruling 3).
func (m *Model) baselineEpisodes(f *frame, length int) [][]int {
	f.years = f.period.Baseline
	list := m.inYears(f, f.years, length)
	if !slices.ContainsFunc(list, func(l []int) bool { return len(l) > 0 }) {
		n := len(f.years)
		if n == 0 {
			n = 3
		}
		f.years = make([]int, n)
		for i := range f.years {
			f.years[i] = m.panel.LastYear() - n + 1 + i
		}
		list = m.inYears(f, f.years, length)
		f.guessed = true
	}
	f.baseline = make([][episode.NumCategories]int, len(m.panel.Hospitals))
	for _, l := range list {
		for _, i := range l {
			e := &m.panel.Episodes[i]
			f.baseline[e.Hospital][e.Category.Index()]++
		}
	}
	return list
}

// baselineOf counts a hospital's baseline episodes of all categories.
func (f *frame) baselineOf(h int) int {
	n := 0
	for _, c := range f.baseline[h] {
		n += c
	}
	return n
}

func (m *Model) inYears(f *frame, years []int, length int) [][]int {
	out := make([][]int, len(years))
	type span struct{ first, last calendar.Day } // a comparison is cheaper than the year of a day
	spans := make([]span, len(years))
	for k, y := range years {
		spans[k] = span{calendar.Date(y, 1, 1), calendar.Date(y, 12, 31)}
	}
	for i := range m.panel.Episodes {
		e := &m.panel.Episodes[i]
		in := func(x span) bool { return x.first <= e.End && e.End <= x.last }
		if k := slices.IndexFunc(spans, in); k >= 0 && f.design.Covers(e.Category) && !e.Cancelled(length, f.deaths) && f.starts(i) {
			out[k] = append(out[k], i)
		}
	}
	return out
}

// histories hold the baseline episodes by cell and division, and what they
// cost.
type histories struct {
	f       *frame
	weights []money.Rate // of the years; nil when every episode counts alike
	years   int
	m       *Model
	base    [][]int
	groups  []*history // nil without a baseline episode; gathered when one is asked for
}

type history struct {
	spread   project.Spread // all hospitals, lowest first
	hospital map[int][]past
	holds    map[*capRule]project.Hold
}

// past is one baseline episode.
type past struct {
	year     int // position
	spending money.Micros
}

// gather orders the baseline episodes; a design whose every price is stated
// never asks for them.
func (x *histories) gather() {
	x.groups = make([]*history, len(x.m.groups().names))
	of := x.m.groups().of
	from, to := panel.Always()
	_, counts := x.m.spend(x.f, from, to)
	for y, l := range x.base {
		for _, i := range l {
			e := &x.m.panel.Episodes[i]
			h := x.groups[of[i]]
			if h == nil {
				h = &history{hospital: map[int][]past{}, holds: map[*capRule]project.Hold{}}
				x.groups[of[i]] = h
			}
			v := counts.Total(i).Micros()
			h.spread = append(h.spread, v)
			h.hospital[e.Hospital] = append(h.hospital[e.Hospital], past{y, v})
		}
	}
	for _, h := range x.groups {
		if h != nil {
			slices.Sort(h.spread)
		}
	}
}

// mean is a hospital's mean baseline spending in a cell, by the weights of the
// years (ruling 15), in micro-dollars; nil without an episode.
func (x *histories) mean(hospital, group int, r *capRule) *big.Rat {
	if x.groups == nil {
		x.gather()
	}
	h := x.groups[group]
	if h == nil || len(h.hospital[hospital]) == 0 {
		return nil
	}
	held, ok := h.holds[r]
	if !ok { // the same for every hospital
		held = x.hold(h, x.m.groups().names[group], r)
		h.holds[r] = held
	}
	sums, counts := make([]int64, x.years), make([]int64, x.years)
	var sum, n int64
	for _, p := range h.hospital[hospital] {
		v := int64(held.Of(p.spending))
		sums[p.year] += v
		counts[p.year]++
		sum += v
		n++
	}
	if x.weights == nil {
		return big.NewRat(sum, n)
	}
	yearly := make([]*big.Rat, x.years)
	for y := range yearly {
		if counts[y] > 0 {
			yearly[y] = big.NewRat(sums[y], counts[y])
		}
	}
	return price.OwnMean(yearly, x.weights)
}

// hold is how baseline spending is held. At a plain 99th percentile, or under a
// design without a cap, it is that of all the database's baseline episodes of
// the cell and division, as 42 CFR 512.540(b)(4) holds regional spending. Any
// other rule takes the values that hold performance spending, before trend, and
// ranks the same baseline episodes where the price table states none.
func (x *histories) hold(h *history, g project.Group, r *capRule) project.Hold {
	one := big.NewRat(1, 1)
	if r.plain() {
		p99 := capRule{high: "p99", low: policy.None}
		return p99.hold(func(w string) *big.Rat { return spreadCap(h.spread, w) }, one)
	}
	return r.hold(func(w string) *big.Rat {
		if v := tableCap(x.f.caps[g], w); v != nil && !x.f.late {
			return v
		}
		return spreadCap(h.spread, w)
	}, one)
}
