package engine

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/policy"
	"bundlelab/engine/price"
	"bundlelab/engine/project"
)

// synthetic opens the source of every made-up price table.
const synthetic = "SYNTHETIC"

// priceEpisodes finds each performance episode's risk-adjusted benchmark and
// its group's cap, and counts baseline episodes.
func (m *Model) priceEpisodes(f *frame, length int) error {
	weights, err := baselineWeights(f.design, f.period)
	if err != nil {
		return err
	}
	base := m.baselineEpisodes(f, length)
	type key struct {
		project.Group
		hospital int // only for own history
	}
	known := map[key]price.Base{}
	n := len(f.list)
	f.bench, f.source, f.groups = make([]money.Micros, n), make([]price.Source, n), make([]project.Group, n)
	ratio := m.scaling(f)
	for k, i := range f.list {
		e := &m.panel.Episodes[i]
		g := project.Group{Cell: e.Cell, Division: m.panel.Hospitals[e.Hospital].Division}
		f.groups[k] = g
		b, ok := known[key{g, -1}]
		if !ok {
			discount, _, err := f.design.Rate("discount", f.period.Start, "", e.Category)
			if err != nil {
				return err
			}
			if b, ok = m.book.Find(g.Cell, g.Division, length, f.period.ID, discount, ratio); ok {
				known[key{g, -1}] = b
				f.caps[g] = b.Caps
			}
		}
		if !ok {
			if b, ok = known[key{g, e.Hospital}]; !ok {
				v := m.ownMean(f, base, e.Hospital, g, weights)
				if v == nil {
					// Only a hospital that is asked for needs its prices.
					f.facts[e.Hospital].unpriced = &InputError{fmt.Sprintf("no price for cell %s in division %d, and hospital %s has no baseline episode in it: import a price table with `bundlelab prices import`", g.Cell, g.Division, m.panel.Hospitals[e.Hospital].CCN)}
					continue
				}
				b = price.Base{Value: v, Source: price.Own}
				known[key{g, e.Hospital}] = b
			}
		}
		x := &f.facts[e.Hospital]
		risk := e.Risk
		if risk == 0 {
			risk = 1_000_000
			x.riskGuess++
		}
		f.bench[k], f.source[k] = b.Adjusted(risk), b.Source
		x.sources[b.Source]++
		if b.Row != nil && b.Row.Source != "" {
			x.priceName = b.Row.Source
			if strings.HasPrefix(b.Row.Source, synthetic) {
				x.madeUp++
			}
		}
	}
	return nil
}

func baselineWeights(d *policy.Design, p policy.Period) ([]money.Rate, error) {
	v, err := d.At("baseline.weights", p.Start, "", 0)
	if err != nil {
		return nil, err
	}
	return policy.Weights(v.Value)
}

// baselineEpisodes lists the episodes of the period's baseline years by
// position of the year, and counts them by hospital and category. Where the
// data hold none of any hospital, the last three calendar years stand in
// (ruling 3).
func (m *Model) baselineEpisodes(f *frame, length int) [][]int {
	years := f.period.Baseline
	list := m.inYears(f, years, length)
	if !slices.ContainsFunc(list, func(l []int) bool { return len(l) > 0 }) {
		years = make([]int, len(f.period.Baseline))
		for i := range years {
			years[i] = m.panel.LastYear() - len(years) + 1 + i
		}
		list = m.inYears(f, years, length)
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

func (m *Model) inYears(f *frame, years []int, length int) [][]int {
	out := make([][]int, len(years))
	for i := range m.panel.Episodes {
		e := &m.panel.Episodes[i]
		if k := slices.Index(years, e.End.Year()); k >= 0 && f.design.Covers(e.Category) && !e.Cancelled(length) {
			out[k] = append(out[k], i)
		}
	}
	return out
}

// ownMean is a hospital's mean baseline spending in a cell, weighted by year
// (ruling 15), in micro-dollars. Spending is held at the 99th percentile of
// all the database's baseline episodes of the cell and division, as 42 CFR
// 512.540(b)(4) holds regional spending.
func (m *Model) ownMean(f *frame, base [][]int, hospital int, g project.Group, weights []money.Rate) *big.Rat {
	var pool []money.Cents
	in := func(e *panel.Episode) bool {
		return e.Cell == g.Cell && m.panel.Hospitals[e.Hospital].Division == g.Division
	}
	for _, l := range base {
		for _, i := range l {
			if in(&m.panel.Episodes[i]) {
				pool = append(pool, f.spending.Total(i))
			}
		}
	}
	if len(pool) == 0 {
		return nil
	}
	slices.SortFunc(pool, cmp.Compare[money.Cents])
	top := pool[project.NearestRank(money.NewRate(99, 0), len(pool))-1]
	yearly := make([]*big.Rat, len(base))
	for y, l := range base {
		var sum, n int64
		for _, i := range l {
			if e := &m.panel.Episodes[i]; e.Hospital == hospital && in(e) {
				sum += int64(min(f.spending.Total(i), top).Micros())
				n++
			}
		}
		if n > 0 {
			yearly[y] = big.NewRat(sum, n)
		}
	}
	return price.OwnMean(yearly, weights)
}

// scaling compares a cell's own spending at two lengths: all performance
// episodes of the cell and division in the database, before levers and cap
// (ruling 18).
func (m *Model) scaling(f *frame) price.Ratio {
	return func(cell string, division, other int) *big.Rat {
		there := m.at(other, f.exclusions)
		var a, b int64
		for _, i := range f.list {
			e := &m.panel.Episodes[i]
			if e.Cell == cell && m.panel.Hospitals[e.Hospital].Division == division {
				a += int64(f.spending.Total(i))
				b += int64(there.Total(i))
			}
		}
		if a <= 0 || b <= 0 {
			return nil
		}
		return big.NewRat(a, b)
	}
}
