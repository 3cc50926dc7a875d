package engine

import (
	"cmp"
	"fmt"
	"slices"

	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/price"
	"bundlelab/engine/project"
	"bundlelab/engine/settle"
)

// evaluation is one design with the levers applied: projected spending by
// hospital and category.
type evaluation struct {
	m        *Model
	f        *frame
	levers   lever.Set
	lenient  bool // the user named no design
	period   policy.Period
	length   int
	weights  []*project.Weights // by hospital
	ways     *ways
	outcome  *project.Outcome
	totals   [][episode.NumCategories]project.Total
	warnings []string
	over     [][episode.NumCategories]money.Micros // projected spending past stop-loss attachments, once asked for
	scores   map[*settle.Terms]*score              // by class, once asked for
	within   *evaluation                           // the bundle inside an ACO, likewise
	stands   *standing                             // what these levers leave as it is, likewise
	plain    bool                                  // lines without formulas
}

// benchmarks are one hospital and category's benchmark sums, apart by whether
// market.benchmark_level moves them (ruling 35).
type benchmarks struct{ fixed, estimated money.Micros }

func (m *Model) prepare(id string, s lever.Set, lenient bool) (*evaluation, error) {
	e, d, err := m.begin(id, s, lenient)
	if err != nil {
		return nil, err
	}
	off, _ := s.Get("policy", "exclusions", "", 0)
	if e.f, err = m.frame(d, e.period, e.length, m.year(e.period, s), !off.None, m.tracks(e, d)); err != nil {
		return nil, err
	}
	if err := e.fold(); err != nil {
		return nil, err
	}
	return e, e.project()
}

// begin finds a design with its period and length.
func (m *Model) begin(id string, s lever.Set, lenient bool) (*evaluation, *policy.Design, error) {
	d, err := m.designs.Get(id)
	if err != nil {
		return nil, nil, err
	}
	e := &evaluation{m: m, levers: s, lenient: lenient}
	if err := e.choosePeriod(d); err != nil {
		return nil, nil, err
	}
	e.length, err = m.length(d, e.period, s)
	return e, d, err
}

func (m *Model) length(d *policy.Design, p policy.Period, s lever.Set) (int, error) {
	r, _, err := d.Rate("episode_days", p.Start, policy.Scope{})
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
	shared, top, err := e.foldFor("")
	if err != nil {
		return err
	}
	sets := []*project.Weights{shared}
	e.weights = e.m.alike(shared)
	for _, ccn := range e.levers.Hospitals() {
		h, ok := e.m.panel.FindHospital(ccn)
		if !ok {
			return &UsageError{fmt.Sprintf("levers are set for hospital %s, which is not in this database: `bundlelab doctor` lists its hospitals", ccn)}
		}
		own, high, err := e.foldFor(ccn)
		if err != nil {
			return err
		}
		top = max(top, high)
		if !sameWeights(own, shared) { // levers of policy or quality weigh nothing
			if len(sets) == 1 { // the list of all is not this evaluation's own
				e.weights = slices.Clone(e.weights)
			}
			e.weights[h] = own
			sets = append(sets, own)
		}
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

func sameWeights(a, b *project.Weights) bool {
	for c := range a {
		if !a[c].Same(&b[c]) {
			return false
		}
	}
	return true
}

func (e *evaluation) foldFor(ccn string) (*project.Weights, money.BP, error) {
	var w project.Weights
	var top money.BP
	for _, c := range episode.Categories() {
		x, warn, err := lever.Fold(e.levers, ccn, c, e.f.means[c.Index()], e.f.ahead)
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

// project computes caps and totals.
func (e *evaluation) project() error {
	e.outcome = e.f.index.Project(e.weights, e.holding())
	e.totals = e.outcome.Totals
	return e.checkCaps()
}

// release ends an evaluation whose sums nobody looks at any more.
func (e *evaluation) release() {
	if e.within != nil {
		e.within.release()
	}
	if e.outcome != nil {
		e.f.index.Release(e.outcome)
	}
	e.outcome, e.totals, e.within = nil, nil, nil
}

// heading is what a result says before any hospital is settled.
func (e *evaluation) heading(hospitals []int, x *facts) *DesignResult {
	f := e.f
	out := &DesignResult{
		Design: f.design.ID, Name: f.design.Name, Period: e.period, EpisodeDays: e.length, DataYear: f.year,
		Counts: e.counts(hospitals, x), Cancelled: x.cancelled, CutShort: x.cutShort,
	}
	for s := price.CMS; s <= price.Blend; s++ {
		if n := x.sources[s]; n > 0 {
			out.Sources = append(out.Sources, SourceCount{s.String(), n})
		}
	}
	return out
}

// result settles the hospitals asked for, each with its ledger.
func (e *evaluation) result(hospitals []int) (*DesignResult, error) {
	x := e.f.count(hospitals)
	out := e.heading(hospitals, &x)
	if err := e.each(out, hospitals, true, func(h *HospitalResult) { out.Hospitals = append(out.Hospitals, *h) }); err != nil {
		return nil, err
	}
	out.addUp()
	out.Says = e.f.design.Says(cmp.Compare(out.Net, 0))
	return out, nil
}

// each settles the hospitals one after the other and shows each to visit; one
// that is not kept holds until the next. It writes the warnings of the result.
func (e *evaluation) each(out *DesignResult, hospitals []int, keep bool, visit func(*HospitalResult)) error {
	list, fixed, err := e.stood(hospitals)
	if err != nil {
		return err
	}
	out.CareSaving = e.careSaving(hospitals)
	out.Warnings = append(e.stretches(hospitals, out.CareSaving), e.notes(hospitals)...)
	known := e.rolled(hospitals)
	unscored := 0
	var first *settle.Terms
	var p pool
	var r HospitalResult
	desk := &settle.Desk{}
	for i, at := range list {
		if keep {
			p, desk = pool{}, &settle.Desk{}
		}
		if err := e.ready(&p, at, fixed[i]); err != nil {
			return err
		}
		if p.input.CQSEvidence != 0 {
			unscored++
		}
		if first == nil {
			first = p.terms
		}
		p.result(desk, known.kase(i), &r)
		for _, w := range r.Ledger.Warnings {
			out.Warnings = appendNew(out.Warnings, r.CCN+": "+w)
		}
		visit(&r)
	}
	if unscored > 0 {
		out.Warnings = append(out.Warnings, fmt.Sprintf("no composite quality score is given for %d of %d hospitals: %s is used (%s)", unscored, len(list), first.Quality.Default.Rate.Decimal(), first.Quality.Default.Evidence))
	}
	return nil
}
