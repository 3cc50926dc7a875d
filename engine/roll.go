package engine

import (
	"cmp"
	"slices"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/settle"
)

// A board shows sums for most of its rows, and most keys move only spending. A
// roll keeps of every hospital what spending does not move, so that a key
// settles it without a ledger, a word or memory of its own.

// roll are the hospitals of a standing that somebody asked for.
type roll struct {
	hospitals []int // asked for
	err       error // why nothing is settled; the rest is empty then
	facts     facts
	track     string
	score     string // under which the cases were made
	sums      Sums   // what of them no spending moves
	tallies   []tally
	at        []int // of tallies, by hospital; -1 without episodes
}

// tally is one hospital of a roll, all but its spending; what every key looks at
// comes first.
type tally struct {
	index int32 // of the hospital
	n     uint8 // of categories
	cats  [episode.NumCategories]uint8
	whole bool            // the volume is as it was
	sure  policy.Evidence // a grade that every ledger of it falls to
	worst policy.Evidence // and one that none falls below which no limit cuts
	held  policy.Evidence // nor any other
	quick quick           // nil where the design has no formula of its own
	kase  settle.Case
	other []money.Cents // spending of what a formula adds to the categories
	pool  *pool
	fixed money.Cents // its part of a fixed cost set for all; -1 where it has its own
}

// roll lists the hospitals as they stand, once.
func (e *evaluation) roll(hospitals []int) (*roll, error) {
	s := e.standing()
	if r := s.roll.Load(); r != nil && slices.Equal(r.hospitals, hospitals) {
		return r, r.err
	}
	r := &roll{hospitals: slices.Clone(hospitals), score: e.scoreText()}
	list, fixed, err := e.stood(hospitals)
	if r.err = err; err == nil {
		if err := r.fill(e, list, fixed); err != nil {
			return nil, err
		}
	}
	s.roll.Store(r)
	return r, r.err
}

// rolled is the roll of the hospitals where there is one and its cases hold
// under the present score; nil otherwise.
func (e *evaluation) rolled(hospitals []int) *roll {
	r := e.standing().roll.Load()
	if r == nil || r.err != nil || !slices.Equal(r.hospitals, hospitals) || r.score != e.scoreText() {
		return nil
	}
	return r
}

// kase is the case of a hospital in the order they stand, where no formula
// changes it.
func (r *roll) kase(i int) *settle.Case {
	if r == nil || r.tallies[i].quick != nil {
		return nil
	}
	return &r.tallies[i].kase
}

func (r *roll) fill(e *evaluation, list []*pool, fixed []money.Cents) error {
	r.facts = e.f.count(r.hospitals)
	r.at = make([]int, len(e.m.panel.Hospitals))
	for h := range r.at {
		r.at[h] = -1
	}
	r.tallies = make([]tally, len(list))
	var p pool
	for i, at := range list {
		if err := e.ready(&p, at, fixed[i]); err != nil {
			return err
		}
		t := &r.tallies[i]
		*t = tally{pool: at, index: int32(at.index), quick: at.quick, fixed: fixed[i], sure: settle.Sure(p.terms, &p.input), worst: worst(&p, false), held: worst(&p, true)}
		if b := p.live.bundle; b != nil && b.pool != nil {
			t.worst, t.held = t.worst.Lowest(worst(b.pool, false)), t.held.Lowest(worst(b.pool, true))
		}
		if err := t.open(e); err != nil {
			return err
		}
		if i > 0 {
			t.kase.Alike(&r.tallies[i-1].kase)
		}
		r.at[at.index] = i
		r.sums.of(at)
	}
	slices.Sort(r.sums.Categories)
	r.track = commonTrack(list)
	return nil
}

// worst is a grade that no ledger of a pool falls below, under any score.
func worst(p *pool, held bool) policy.Evidence {
	return settle.Worst(p.terms, &p.input, held).Lowest(p.class.Quality.Default.Evidence)
}

// open makes the case of the hospital as if it spent nothing.
func (t *tally) open(e *evaluation) error {
	p := t.pool
	x, err := e.score(p)
	if err != nil {
		return err
	}
	t.n, t.whole = uint8(len(p.categories)), true
	for i := range p.categories {
		k := p.categories[i].Category.Index()
		t.cats[i] = uint8(k)
		t.whole = t.whole && p.scale[k].volume.Cmp(money.NewRate(1, 0)) == 0
	}
	terms, in := p.terms, p.input
	in.Plain, in.CQS, in.Gate = true, x.cqs, x.gate
	if p.shape != nil {
		var parts [episode.NumCategories]portions
		for c := range parts {
			parts[c].expected = e.expected(p.index, c)
		}
		var own settle.Terms
		own, in = p.shape(&live{parts: &parts, bundle: &inner{}}, in)
		terms = &own
		for _, c := range in.Categories[len(p.categories):] {
			t.other = append(t.other, c.Spending)
		}
	}
	if t.fixed >= 0 {
		in.Program.FixedCost = t.fixed
	}
	t.kase = settle.NewCase(terms, &in)
	return nil
}

// summed is result without hospitals, notes and warnings: what most rows of a
// board show. The first time under a standing there is no roll yet, and under a
// key that moves rules or quality never will be.
func (e *evaluation) summed(hospitals []int) (*DesignResult, error) {
	if s := e.standing(); s.roll.Load() == nil && !s.met.Swap(true) {
		return e.summedOnce(hospitals)
	}
	r, err := e.roll(hospitals)
	if err != nil {
		return nil, err
	}
	out := e.heading(hospitals, &r.facts)
	out.Track, out.Sums = r.track, r.sums
	s := e.settler(r)
	for i := range r.tallies {
		t := &r.tallies[i]
		f, err := s.settle(t)
		if err != nil {
			return nil, err
		}
		out.add(f, s.counted, s.capped)
		// Only a ledger tells a grade between the two, but none has to be looked at
		// once this hospital cannot lower it.
		worst := t.worst
		if s.held {
			worst = t.held
		}
		if out.Evidence = out.Evidence.Lowest(t.sure); out.Evidence < worst {
			full, err := s.whole(t)
			if err != nil {
				return nil, err
			}
			l := settle.Brief(full.terms, &full.input)
			out.Evidence = out.Evidence.Lowest(l.Evidence)
		}
	}
	e.conclude(out, hospitals)
	return out, nil
}

// summedOnce is summed without a roll.
func (e *evaluation) summedOnce(hospitals []int) (*DesignResult, error) {
	list, fixed, err := e.stood(hospitals)
	if err != nil {
		return nil, err
	}
	x := e.f.count(hospitals)
	out := e.heading(hospitals, &x)
	out.Track = commonTrack(list)
	plain := *e
	plain.plain = true
	var p pool
	var desk settle.Desk
	for i, at := range list {
		if err := plain.ready(&p, at, fixed[i]); err != nil {
			return nil, err
		}
		f := desk.Compute(p.terms, &p.input)
		var counted, capped money.Cents
		for k := range p.categories {
			counted, capped = counted+p.categories[k].Spending, capped+p.categories[k].Capped
		}
		out.add(f, counted, capped)
		out.Sums.of(at)
		if out.Evidence = out.Evidence.Lowest(settle.Sure(p.terms, &p.input)); out.Evidence < policy.Assumed || out.Evidence < settle.Worst(p.terms, &p.input, f.GainBinds || f.LossBinds) {
			l := settle.Brief(p.terms, &p.input)
			out.Evidence = out.Evidence.Lowest(l.Evidence)
		}
	}
	slices.Sort(out.Sums.Categories)
	e.within = plain.within // to be released with e
	e.conclude(out, hospitals)
	return out, nil
}

// conclude says what the sums come to.
func (e *evaluation) conclude(out *DesignResult, hospitals []int) {
	out.Sums.PerEpisode = settle.PerEpisode(out.Net, out.Sums.Episodes)
	out.Says = e.f.design.Says(cmp.Compare(out.Net, 0))
	out.words = e.words(out, hospitals)
}

// commonTrack is the track of all of them, "" where they differ.
func commonTrack(list []*pool) string {
	if len(list) == 0 || !all(list, func(p *pool) bool { return p.terms.Track == list[0].terms.Track }) {
		return ""
	}
	return list[0].terms.Track
}
