package engine

import (
	"fmt"
	"math/big"
	"strings"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/policy"
	"bundlelab/engine/price"
)

// synthetic opens the source of every made-up price table.
const synthetic = "SYNTHETIC"

// quote is the benchmark of a cell before risk: its value, the part of it that
// market.benchmark_level moves (ruling 35), and where it is from.
type quote struct {
	value, estimated *big.Rat
	source           price.Source
	row              *price.Row
	title            string        // of a blend
	stated           *price.Stated // by CMS for the hospital itself
	alone            bool          // the design wants own history and the hospital has none
}

// pricer prices the episodes of one frame.
type pricer struct {
	m       *Model
	f       *frame
	length  int
	own     *big.Rat // weight of own history; nil when it only stands in
	byCell  bool     // prices by cell only: no risk multiplier
	past    *histories
	groups  *groups
	regions map[int]*price.Base // by group
	quotes  map[quoteKey]*quote
	said    map[saidKey]*said // nil where the design has no such benchmarks
	anchors []sum             // of performance episodes, by group, once asked for
	spent   map[int][]sum     // spending at a length, likewise
}

// sum is a total and how many episodes it is of.
type sum struct{ total, n int64 }

type quoteKey struct {
	group    int
	hospital int // -1 where own history does not count
}

// priceEpisodes finds each performance episode's risk-adjusted benchmark and
// its group's caps, and counts baseline episodes.
func (m *Model) priceEpisodes(f *frame, tracks []string, length int) error {
	x, err := m.pricer(f, tracks, length)
	if err != nil {
		return err
	}
	n := len(f.list)
	f.bench, f.estimated, f.source = make([]money.Micros, n), make([]money.Micros, n), make([]price.Source, n)
	f.plain = make([][episode.NumCategories]money.Micros, len(m.panel.Hospitals))
	for k, i := range f.list {
		e := &m.panel.Episodes[i]
		q, err := x.quote(e, int(x.groups.of[i]))
		if err != nil {
			return err
		}
		y := &f.facts[e.Hospital]
		if q == nil {
			// Only a hospital that is asked for needs its prices.
			g := x.groups.names[x.groups.of[i]]
			y.unpriced = f.unpriced(g.Cell, g.Division, m.panel.Hospitals[e.Hospital].CCN)
			continue
		}
		risk := e.Risk
		switch {
		case x.byCell, q.stated != nil: // which holds the patients' case mix (PCMA)
			risk = 1_000_000
		case risk == 0:
			risk = 1_000_000
			y.riskGuess++
		}
		f.bench[k], f.source[k] = adjusted(q.value, risk), q.source
		if f.estimated[k] = f.bench[k]; q.estimated != q.value {
			f.estimated[k] = adjusted(q.estimated, risk)
		}
		if q.stated != nil {
			f.given[e.Hospital][e.Category.Index()].add(q.stated)
		} else {
			f.plain[e.Hospital][e.Category.Index()] += adjusted(q.value, 1_000_000)
		}
		y.count(q)
	}
	return nil
}

// adjusted is a value times a risk multiplier in millionths, rounded once, half
// away from zero, to a micro-dollar (engine.md 1).
func adjusted(v *big.Rat, risk int64) money.Micros {
	b := price.Base{Value: v}
	return b.Adjusted(risk)
}

// count notes where one episode's benchmark is from.
func (x *facts) count(q *quote) {
	x.sources[q.source]++
	if q.title != "" {
		x.blends = appendNew(x.blends, q.title)
	}
	if q.alone {
		x.alone++
	}
	if q.stated != nil {
		x.stated++
	}
	if q.row != nil && q.row.Source != "" {
		x.priceName = q.row.Source
		if strings.HasPrefix(q.row.Source, synthetic) {
			x.madeUp++
		}
	}
}

func (m *Model) pricer(f *frame, tracks []string, length int) (*pricer, error) {
	on := f.period.Start
	weights, err := baselineWeights(f.design, f.period)
	if err != nil {
		return nil, err
	}
	x := &pricer{m: m, f: f, length: length, groups: m.groups(), regions: map[int]*price.Base{}, quotes: map[quoteKey]*quote{}, spent: map[int][]sum{}}
	base := m.baselineEpisodes(f, length)
	x.past = &histories{m: m, f: f, base: base, weights: weights, years: len(base)}
	if v, err := f.design.At("blend.own", on, policy.Scope{}); err == nil {
		if x.own, err = policy.Share(v.Value); err != nil {
			return nil, fmt.Errorf("design %s, blend.own: %w", f.design.ID, err)
		}
	}
	if v, err := f.design.At("cells", on, policy.Scope{}); err == nil && v.Value != policy.None {
		if f.cells, err = policy.Cells(v.Value); err != nil {
			return nil, fmt.Errorf("design %s, cells: %w", f.design.ID, err)
		}
	}
	if v, err := f.design.At("risk", on, policy.Scope{}); err == nil {
		x.byCell = v.Value == "cells"
	}
	if f.design.Has("benchmark.factors") && !f.late { // stated of whole episodes
		x.said, f.given = map[saidKey]*said{}, make([][episode.NumCategories]given, len(m.panel.Hospitals))
	}
	if err := x.smallVolume(); err != nil {
		return nil, err
	}
	return x, m.readCapRules(f, tracks, length)
}

// smallVolume marks the hospitals and categories whose price is the region's
// alone, because too few baseline episodes stand behind their own (42 CFR
// 510.300(b)(3)).
func (x *pricer) smallVolume() error {
	f, on := x.f, x.f.period.Start
	f.small = make([][episode.NumCategories]bool, len(f.baseline))
	action, err := f.design.At("low_volume.action", on, policy.Scope{})
	if err != nil || action.Value != policy.Regional {
		return nil
	}
	below, _, err := f.design.Rate("low_volume.below", on, policy.Scope{})
	if err != nil {
		return err
	}
	for h := range f.baseline {
		for c, n := range f.baseline[h] {
			f.small[h][c] = int64(n) < below.Decimal().IntPart()
		}
	}
	return nil
}

// priceCells are the cells to look a stored one up by, first to last (ruling
// 48).
func (f *frame) priceCells(stored string) []string {
	if c, ok := f.cells[stored]; ok {
		return []string{c, stored}
	}
	return []string{stored}
}

// region is the regional price of a group, nil when nobody states one. It also
// keeps the group's caps.
func (x *pricer) region(e *panel.Row, at int) (*price.Base, error) {
	if b, ok := x.regions[at]; ok {
		return b, nil
	}
	g := x.groups.names[at]
	discount, _, err := x.f.design.Rate("discount", x.f.period.Start, policy.Scope{Category: e.Category.String(), Days: x.length})
	if err != nil {
		return nil, err
	}
	x.regions[at] = nil
	for _, cell := range x.f.priceCells(g.Cell) {
		b, ok := x.m.book.Find(cell, g.Division, x.length, x.f.period.ID, discount, x.scaling(at))
		if !ok {
			continue
		}
		x.f.caps[g] = b.Caps
		if x.f.late {
			b.Value.Sub(b.Value, x.meanAnchor(at))
			if b.Value.Sign() <= 0 {
				continue
			}
		}
		x.regions[at] = &b
		break
	}
	return x.regions[at], nil
}

// meanAnchor is what the anchors of a group's performance episodes cost on
// average, in micro-dollars: a regional price of whole episodes less that is
// the price of a bundle that begins after the stay (assumed).
func (x *pricer) meanAnchor(at int) *big.Rat {
	if x.anchors == nil {
		x.anchors = x.sums(func(i int) int64 { return int64(x.f.whole.Anchor[x.f.whole.At(i)].Micros()) })
	}
	return big.NewRat(x.anchors[at].total, x.anchors[at].n) // the group is an episode's own
}

// quote prices an episode's cell at its hospital; nil when nothing does.
func (x *pricer) quote(e *panel.Row, at int) (*quote, error) {
	region, err := x.region(e, at) // the caps of a stated benchmark, too
	if err != nil {
		return nil, err
	}
	if q := x.stated(e); q != nil {
		return q, nil
	}
	own := x.own
	if own == nil || x.f.small[e.Hospital][e.Category.Index()] {
		own = new(big.Rat)
	}
	k := quoteKey{at, -1}
	if own.Sign() > 0 || region == nil {
		k.hospital = e.Hospital
	}
	if q, ok := x.quotes[k]; ok {
		return q, nil
	}
	var history *big.Rat
	if k.hospital >= 0 {
		history = x.past.mean(e.Hospital, at, x.f.rules[e.Hospital][e.Category.Index()])
	}
	q := mix(own, history, region)
	x.quotes[k] = q
	return q, nil
}

// mix weighs own history against the regional price, exactly. Without the one
// the other stands alone (42 CFR 510.300(b)(2)-(3)).
func mix(own, history *big.Rat, region *price.Base) *quote {
	one := big.NewRat(1, 1)
	switch {
	case history == nil && region == nil:
		return nil
	case region == nil || history != nil && own.Cmp(one) == 0:
		return &quote{value: history, estimated: history, source: price.Own}
	case history == nil || own.Sign() == 0:
		q := &quote{value: region.Value, estimated: new(big.Rat), source: region.Source, row: region.Row, alone: own.Sign() > 0}
		if region.Source.Estimated() {
			q.estimated = q.value
		}
		return q
	}
	rest := new(big.Rat).Sub(one, own)
	part := new(big.Rat).Mul(own, history)
	other := new(big.Rat).Mul(rest, region.Value)
	q := &quote{value: new(big.Rat).Add(part, other), estimated: part, source: price.Blend, row: region.Row}
	if region.Source.Estimated() {
		q.estimated = q.value
	}
	q.title = fmt.Sprintf("%s %s, %s %s", own.RatString(), price.Own.Title(), rest.RatString(), region.Source.Title())
	return q
}

// scaling compares a cell's own spending at two lengths: all performance
// episodes of the stored cell and division in the database, before levers and
// cap (ruling 18).
func (x *pricer) scaling(at int) price.Ratio {
	return func(_ string, _, other int) *big.Rat {
		a, b := x.spending(x.length)[at].total, x.spending(other)[at].total
		if a <= 0 || b <= 0 {
			return nil
		}
		return big.NewRat(a, b)
	}
}

// spending is what the performance episodes of each group cost at a length.
func (x *pricer) spending(length int) []sum {
	if _, ok := x.spent[length]; !ok {
		at := x.f.whole
		if length != x.length {
			from, to := panel.Always()
			at = x.m.at(length, x.f.exclusions, from, to)
		}
		x.spent[length] = x.sums(func(i int) int64 { return int64(at.Total(i)) })
	}
	return x.spent[length]
}

// sums adds a value of every performance episode by group.
func (x *pricer) sums(value func(i int) int64) []sum {
	out := make([]sum, len(x.groups.names))
	for _, i := range x.f.list {
		s := &out[x.groups.of[i]]
		s.total += value(i)
		s.n++
	}
	return out
}

// unpriced refuses what has no price (ruling 15). Among all designs one that is
// not in force is left out instead, so that an old program's cells do not hide
// the one the hospital is in.
func (f *frame) unpriced(cell string, division int, ccn string) error {
	return &InputError{
		Why:   fmt.Sprintf("no price for cell %s in division %d under %s, and hospital %s has no baseline episode in it: import a price table with `bundlelab prices import`", cell, division, f.design.Name, ccn),
		apart: f.design.Status != "active",
	}
}
