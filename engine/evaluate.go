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
	weights  []*project.Weights // by hospital
	spending []money.Micros
	caps     []money.Micros
	totals   [][episode.NumCategories]project.Total
	bench    [][episode.NumCategories]benchmarks
	warnings []string
}

// benchmarks are one hospital and category's benchmark sums, apart by whether
// market.benchmark_level moves them (ruling 35).
type benchmarks struct{ fixed, estimated money.Micros }

func (m *Model) prepare(id string, s lever.Set) (*evaluation, error) {
	d, err := m.designs.Get(id)
	if err != nil {
		return nil, err
	}
	year, ok := askedYear(s)
	if !ok {
		year = m.panel.DataYear()
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
	e := &evaluation{m: m, f: f, levers: s, period: p, length: length}
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

// fold turns the levers into weights by hospital and category. Hospitals
// without levers of their own share one set.
func (e *evaluation) fold() error {
	hospitals := e.m.panel.Hospitals
	shared, top, err := e.foldFor("")
	if err != nil {
		return err
	}
	sets := []*project.Weights{shared}
	e.weights = make([]*project.Weights, len(hospitals))
	for h := range hospitals {
		e.weights[h] = shared
	}
	for _, ccn := range e.levers.Hospitals() {
		h, ok := e.m.panel.FindHospital(ccn)
		if !ok {
			return &UsageError{fmt.Sprintf("levers are set for hospital %s, which is not in this database: `bundlelab doctor` lists its hospitals", ccn)}
		}
		own, high, err := e.foldFor(ccn)
		if err != nil {
			return err
		}
		e.weights[h], top = own, max(top, high)
		sets = append(sets, own)
	}
	all := e.f.total
	for _, w := range sets { // what moved patients can bring on top
		for c := range w {
			for _, x := range w[c].Shifts {
				all += x.Mean.Abs() * money.Cents(e.f.means[c].Users[x.From])
			}
		}
	}
	return project.CheckOverflow(all, top)
}

func (e *evaluation) foldFor(ccn string) (*project.Weights, money.BP, error) {
	var w project.Weights
	var top money.BP
	for _, c := range episode.Categories() {
		x, warn, err := lever.Fold(e.levers, ccn, c, e.f.means[c.Index()], e.period.Start.Year()-e.f.year)
		if err != nil {
			return nil, 0, err
		}
		w[c.Index()], top = x, max(top, x.Max())
		for _, s := range warn {
			e.warnings = appendNew(e.warnings, s)
		}
	}
	return &w, top, nil
}

// project computes episode spending, caps and totals.
func (e *evaluation) project() error {
	p, f := e.m.panel, e.f
	e.spending = project.Episodes(p, f.spending, f.list, e.weights)
	if err := e.cap(); err != nil {
		return err
	}
	e.totals = project.Totals(p, f.list, e.spending, e.caps)
	e.bench = make([][episode.NumCategories]benchmarks, len(p.Hospitals))
	for k, i := range f.list {
		ep := &p.Episodes[i]
		b := &e.bench[ep.Hospital][ep.Category.Index()]
		if f.source[k].Estimated() {
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
		e.caps = project.PanelCaps(e.spending, e.f.groups, percent)
		return nil
	}
	band, _, err := e.f.design.Rate("trend.band", e.period.Start, "", 0)
	if err != nil {
		return err
	}
	own := map[int]bool{}
	for _, ccn := range e.levers.Hospitals() {
		h, _ := e.m.panel.FindHospital(ccn) // fold has refused unknown ones
		own[h] = true
	}
	type key struct {
		project.Group
		c        episode.Category
		hospital int // -1 where no lever is its own
	}
	known := map[key]money.Micros{}
	some := false
	e.caps = make([]money.Micros, len(e.f.list))
	for k, i := range e.f.list {
		ep := &e.m.panel.Episodes[i]
		x := key{e.f.groups[k], ep.Category, -1}
		ccn := ""
		if own[ep.Hospital] {
			x.hospital, ccn = ep.Hospital, e.m.panel.Hospitals[ep.Hospital].CCN
		}
		v, ok := known[x]
		if !ok {
			v = project.NoCap
			if base := e.f.caps[x.Group].At(percent); base != nil {
				factor := price.Realized(e.levers.Rate("market", "trend_realized", ccn, ep.Category), band)
				v = money.Micros(money.RoundRat(new(big.Rat).Mul(base, factor.Rat())))
			}
			known[x] = v
		}
		e.caps[k] = v
		some = some || v != project.NoCap
	}
	if !some && percent.Cmp(money.NewRate(99, 0)) != 0 {
		return &UsageError{fmt.Sprintf("policy.cap_percentile = %s: the price table has no such column (it may have 75, 95 and 99); set policy.cap_source = \"panel\" for another one", percent.Decimal())}
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

// track gives a hospital's track in a design and period: the lever's choice if
// it is eligible, else the rule's default.
func (e *evaluation) track(h int) (string, error) {
	d, hosp := e.f.design, &e.m.panel.Hospitals[h]
	if len(d.Tracks) == 0 {
		return "", nil
	}
	if v, ok := e.levers.Get("policy", "track", hosp.CCN, 0); ok {
		_, err := d.Eligible(v.Text, e.period, class(hosp))
		var no *policy.IneligibleError
		if errors.As(err, &no) {
			no.Hospital = hosp.CCN
		}
		return v.Text, err
	}
	n := 0
	for _, c := range e.f.baseline[h] {
		n += c
	}
	t, _ := d.DefaultTrack(e.period.Start, n)
	return t, nil
}

// result settles the hospitals asked for.
func (e *evaluation) result(hospitals []int) (*DesignResult, error) {
	f := e.f
	out := &DesignResult{
		Design: f.design.ID, Name: f.design.Name, Period: e.period, EpisodeDays: e.length, DataYear: f.year, Warnings: e.notes(hospitals),
	}
	counts := f.count(hospitals)
	out.Cancelled, out.CutShort = counts.cancelled, counts.cutShort
	for s := price.CMS; s <= price.Own; s++ {
		if n := counts.sources[s]; n > 0 {
			out.Sources = append(out.Sources, SourceCount{s.String(), n})
		}
	}
	var no []error
	tracks := map[string]bool{}
	unscored := 0
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
		if p.input.CQSEvidence != 0 {
			unscored++
		}
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
	if unscored > 0 {
		out.Warnings = append(out.Warnings, fmt.Sprintf("no composite quality score is given for %d of %d hospitals: %s is used (%s)", unscored, len(out.Hospitals), pools[0].terms.QualityDefault.Rate.Decimal(), pools[0].terms.QualityDefault.Evidence))
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

// notes are what a reader must know beside the figures of the hospitals asked
// for.
func (e *evaluation) notes(hospitals []int) []string {
	f, out := e.f, slices.Clone(e.warnings)
	x := f.count(hospitals)
	for _, h := range hospitals {
		if why := f.facts[h].noPost; why != "" && f.facts[h].episodes() > 0 {
			out = appendNew(out, why)
		}
	}
	n := x.episodes()
	say := func(count int, format string, a ...any) {
		if count > 0 {
			out = append(out, fmt.Sprintf(format, a...))
		}
	}
	open := 0
	asked := e.m.among(hospitals)
	for k, i := range f.list {
		if e.caps[k] == project.NoCap && asked[e.m.panel.Episodes[i].Hospital] {
			open++
		}
	}
	say(open, "%d of %d episodes are not capped: their price cell states no such percentile", open, n)
	if f.guessed {
		out = append(out, "the data hold no episode of the baseline years "+years(f.period.Baseline)+": the last three calendar years stand in (assumed)")
	}
	if f.guessed && x.sources[price.Own] > 0 {
		out = append(out, fmt.Sprintf("targets from own history rest in part on the very episodes of %d that they are compared with: read the result as a rehearsal, not a forecast", f.year))
	}
	if missing := e.emptyYears(); !f.guessed && len(missing) > 0 {
		out = append(out, fmt.Sprintf("the data hold no episode of baseline year(s) %s: baseline counts, and the low-volume rule with them, rest on the others", years(missing)))
	}
	say(x.bare, "%d of %d episodes have no service after the anchor: check that the services match the episodes", x.bare, n)
	if !e.m.panel.Synthetic {
		say(x.madeUp, "%d of %d targets come from a SYNTHETIC price table: read the result as a rehearsal, not a forecast", x.madeUp, n)
	}
	say(x.riskGuess, "%d of %d episodes have no risk multiplier: 1.000000 is used (assumed)", x.riskGuess, n)
	say(x.obsGuess, "data_through is unknown for %d of %d episodes: the latest service date stands in (assumed)", x.obsGuess, n)
	say(x.notStd, "%d of %d episodes carry raw amounts, not standardized ones: wage and add-on payments are inside (assumed comparable)", x.notStd, n)
	say(x.cutShort, "%d of %d episodes are observed for fewer than %d days and may cost more", x.cutShort, n, e.length)
	say(x.sources[price.Scaled], "%d of %d benchmarks are estimated: scaled from a table at another length", x.sources[price.Scaled], n)
	say(x.sources[price.Own], "%d of %d benchmarks come from the hospital's own baseline years (assumed)", x.sources[price.Own], n)
	return out
}

// emptyYears are the baseline years without an episode of any hospital.
func (e *evaluation) emptyYears() []int {
	var out []int
	for _, y := range e.f.period.Baseline {
		if !e.m.panel.HasYear(y) {
			out = append(out, y)
		}
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
