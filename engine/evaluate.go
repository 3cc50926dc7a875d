package engine

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/policy"
	"bundlelab/engine/price"
	"bundlelab/engine/project"
	"bundlelab/engine/settle"
)

// evaluation is one design with the levers applied: projected spending of
// every performance episode, ready to be totalled by hospital.
type evaluation struct {
	m        *Model
	f        *frame
	levers   lever.Set
	period   policy.Period
	length   int
	weights  [episode.NumCategories]lever.Weights
	spending []money.Micros
	caps     []money.Micros
	totals   [][episode.NumCategories]project.Total
	bench    [][episode.NumCategories]benchmarks
	warnings []string
	panelCap bool
}

// benchmarks are one hospital and category's benchmark sums, apart by whether
// market.benchmark_level moves them (ruling 35).
type benchmarks struct{ fixed, estimated money.Micros }

func (m *Model) prepare(id string, s lever.Set) (*evaluation, error) {
	d, err := m.designs.Get(id)
	if err != nil {
		return nil, err
	}
	year := m.panel.DataYear()
	if v, ok := s.Get("policy", "data_year", "", 0); ok {
		year = int(v.Rate.Decimal().IntPart())
	}
	p := d.DefaultPeriod(year)
	if v, ok := s.Get("policy", "period", "", 0); ok {
		if p, err = d.Period(v.Text); err != nil {
			return nil, err
		}
	}
	length, err := m.length(d, p, s)
	if err != nil {
		return nil, err
	}
	off, _ := s.Get("policy", "exclusions", "", 0)
	f, err := m.frame(d, p, length, m.year(p, s), !off.None)
	if err != nil {
		return nil, err
	}
	e := &evaluation{m: m, f: f, levers: s, period: p, length: length, warnings: slices.Clone(f.notes)}
	if err := e.fold(); err != nil {
		return nil, err
	}
	return e, e.project()
}

func (m *Model) length(d *policy.Design, p policy.Period, s lever.Set) (int, error) {
	r, _, err := d.Rate("episode_days", p.Start, "", 0)
	if err != nil {
		return 0, err
	}
	if v, ok := s.Get("policy", "episode_days", "", 0); ok {
		r = v.Rate
	}
	return int(r.Decimal().IntPart()), nil
}

// fold turns the levers into weights by category.
func (e *evaluation) fold() error {
	var top money.BP
	for _, c := range episode.Categories() {
		w, warn, err := lever.Fold(e.levers, c, e.f.means[c.Index()], e.period.Start.Year()-e.f.year)
		if err != nil {
			return err
		}
		e.weights[c.Index()] = w
		e.warnings = append(e.warnings, warn...)
		top = max(top, w.Max())
	}
	var all money.Cents
	for _, i := range e.f.list {
		all += e.f.spending.Total(i)
	}
	return project.CheckOverflow(all, top)
}

// project computes episode spending, caps and totals.
func (e *evaluation) project() error {
	p, f := e.m.panel, e.f
	e.spending = project.Episodes(p, f.spending, f.list, &e.weights)
	if err := e.cap(); err != nil {
		return err
	}
	e.totals = project.Totals(p, f.list, e.spending, e.caps)
	e.bench = make([][episode.NumCategories]benchmarks, len(p.Hospitals))
	for k, i := range f.list {
		ep := &p.Episodes[i]
		b := &e.bench[ep.Hospital][ep.Category.Index()]
		if f.source[k] == price.Own || f.source[k] == price.Scaled {
			b.estimated += f.bench[k]
		} else {
			b.fixed += f.bench[k]
		}
	}
	return nil
}

// cap sets each episode's cap (engine.md 4; rulings 2 and 12).
func (e *evaluation) cap() error {
	percent := money.NewRate(99, 0)
	if v, ok := e.levers.Get("policy", "cap_percentile", "", 0); ok {
		percent = v.Rate
	}
	if v, ok := e.levers.Get("policy", "cap_source", "", 0); ok && v.Text == "panel" {
		e.panelCap = true
		e.caps = project.PanelCaps(e.spending, e.f.groups, percent)
		return nil
	}
	if percent.Cmp(money.NewRate(99, 0)) != 0 {
		return &UsageError{fmt.Sprintf("policy.cap_percentile = %s: the price table holds the 99th percentile only; set policy.cap_source = \"panel\" for another one", percent.Decimal())}
	}
	band, _, err := e.f.design.Rate("trend.band", e.period.Start, "", 0)
	if err != nil {
		return err
	}
	type key struct {
		project.Group
		c episode.Category
	}
	known := map[key]money.Micros{}
	e.caps = make([]money.Micros, len(e.f.list))
	missing := 0
	for k, i := range e.f.list {
		c := e.m.panel.Episodes[i].Category
		x := key{e.f.groups[k], c}
		v, ok := known[x]
		if !ok {
			v = project.NoCap
			if base := e.f.caps[x.Group]; base != nil {
				factor := price.Realized(e.levers.Rate("market", "trend_realized", c), band)
				v = money.Micros(money.RoundRat(new(big.Rat).Mul(base, factor.Rat())))
			}
			known[x] = v
		}
		if v == project.NoCap {
			missing++
		}
		e.caps[k] = v
	}
	if missing > 0 {
		e.warnings = append(e.warnings, fmt.Sprintf("%d of %d episodes are not capped: their price cell states no 99th percentile", missing, len(e.f.list)))
	}
	return nil
}

// class gathers the facts eligibility rules ask for.
func class(h *panel.Hospital) policy.Class {
	c := policy.Class{}
	for name, v := range map[string]panel.Known{"safety_net": h.SafetyNet, "rural": h.Rural, "sch": h.SCH, "mdh": h.MDH, "each": h.EACH, "rrc": h.RRC} {
		if v != panel.Unknown {
			c[name] = v == panel.Yes
		}
	}
	return c
}

// Track gives a hospital's track in a design and period and the rule behind
// it: the lever's choice if it is eligible, else the rule's default.
func (e *evaluation) track(h int) (string, policy.Source, error) {
	d, hosp := e.f.design, &e.m.panel.Hospitals[h]
	if len(d.Tracks) == 0 {
		return "", policy.Source{}, nil
	}
	if v, ok := e.levers.Get("policy", "track", hosp.CCN, 0); ok {
		src, err := d.Eligible(v.Text, e.period, class(hosp))
		var no *policy.IneligibleError
		if errors.As(err, &no) {
			no.Hospital = hosp.CCN
		}
		return v.Text, src, err
	}
	n := 0
	for _, c := range e.f.baseline[h] {
		n += c
	}
	t, src := d.DefaultTrack(e.period.Start, n)
	return t, src, nil
}

// result settles the hospitals asked for.
func (e *evaluation) result(hospitals []int) (*DesignResult, error) {
	f := e.f
	out := &DesignResult{
		Design: f.design.ID, Name: f.design.Name, Period: e.period, EpisodeDays: e.length, DataYear: f.year,
		Cancelled: f.cancelled, CutShort: f.cutShort, Warnings: e.notes(),
	}
	for s := price.CMS; s <= price.Own; s++ {
		if f.counts[s] > 0 {
			out.Sources = append(out.Sources, SourceCount{s.String(), f.counts[s]})
		}
	}
	var no []error
	tracks := map[string]bool{}
	pools, err := e.pools(hospitals)
	if err != nil {
		return nil, err
	}
	for _, p := range pools {
		if p.err != nil {
			no = append(no, p.err)
			continue
		}
		r := HospitalResult{CCN: p.hospital.CCN, Name: p.hospital.Name, Track: p.terms.Track, Categories: p.categories, Ledger: settle.Settle(&p.terms, &p.input)}
		for _, c := range p.categories {
			r.Episodes = r.Episodes.Add(c.Episodes)
		}
		for k := range r.Categories {
			c := &r.Categories[k]
			c.Target = c.Benchmark - p.terms.Discount[c.Category.Index()].Rate.Of(c.Benchmark)
		}
		r.PerEpisode = settle.PerEpisode(r.Ledger.Net, r.Episodes)
		tracks[r.Track] = true
		out.Hospitals = append(out.Hospitals, r)
		out.Net += r.Ledger.Net
		out.HospitalNet += r.Ledger.Hospital
		out.Evidence = out.Evidence.Lowest(r.Ledger.Evidence)
		for _, w := range r.Ledger.Warnings {
			out.Warnings = appendNew(out.Warnings, p.hospital.CCN+": "+w)
		}
	}
	if len(no) > 0 {
		return nil, errors.Join(no...)
	}
	if len(tracks) == 1 {
		out.Track = out.Hospitals[0].Track
	}
	return out, nil
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// notes are what a reader must know beside the figures.
func (e *evaluation) notes() []string {
	f, out := e.f, slices.Clone(e.warnings)
	if f.guessed {
		out = append(out, "the data hold no episode of the baseline years "+years(f.period.Baseline)+": the last three calendar years stand in (assumed)")
	}
	if f.riskGuess {
		out = append(out, "some episodes have no risk multiplier: 1.000000 is used (assumed)")
	}
	if f.obsGuess {
		out = append(out, "data_through is unknown for some episodes: the latest service date stands in (assumed)")
	}
	if f.notStd > 0 {
		out = append(out, fmt.Sprintf("%d of %d episodes carry raw amounts, not standardized ones: wage and add-on payments are inside (assumed comparable)", f.notStd, len(f.list)))
	}
	if f.cutShort > 0 {
		out = append(out, fmt.Sprintf("%d episodes are observed for fewer than %d days and may cost more", f.cutShort, e.length))
	}
	if f.counts[price.Scaled] > 0 {
		out = append(out, fmt.Sprintf("%d benchmarks are estimated: scaled from a table at another length", f.counts[price.Scaled]))
	}
	if f.counts[price.Own] > 0 {
		out = append(out, fmt.Sprintf("%d benchmarks come from the hospital's own baseline years (assumed)", f.counts[price.Own]))
	}
	return out
}

func years(y []int) string {
	s := make([]string, len(y))
	for i, v := range y {
		s[i] = fmt.Sprint(v)
	}
	return strings.Join(s, ", ")
}
