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
	sums      Sums // what of them no spending moves
	tallies   []tally
	at        []int // of tallies, by hospital; -1 without episodes
}

// tally is one hospital of a roll, all but its spending.
type tally struct {
	index int   // of the hospital
	quick quick // nil where the design has no formula of its own
	cats  [episode.NumCategories]uint8
	n     int  // of them
	whole bool // the volume is as it was
	pool  *pool
	fixed money.Cents // its part of a fixed cost set for all; -1 where it has its own
	kase  settle.Case
	other []money.Cents // spending of what a formula adds to the categories
	worst policy.Evidence
}

// roll lists the hospitals as they stand, once.
func (e *evaluation) roll(hospitals []int) (*roll, error) {
	s := e.standing()
	if r := s.roll.Load(); r != nil && slices.Equal(r.hospitals, hospitals) {
		return r, r.err
	}
	r := &roll{hospitals: slices.Clone(hospitals)}
	list, fixed, err := e.stood(hospitals)
	if r.err = err; err == nil {
		if err := r.fill(e, list, fixed); err != nil {
			return nil, err
		}
	}
	s.roll.Store(r)
	return r, r.err
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
		*t = tally{pool: at, index: at.index, quick: at.quick, fixed: fixed[i], worst: settle.Worst(p.terms, &p.input)}
		if b := p.live.bundle; b != nil && b.pool != nil {
			t.worst = t.worst.Lowest(settle.Worst(b.pool.terms, &b.pool.input))
		}
		t.open(e)
		r.at[at.index] = i
		r.sums.of(at)
	}
	slices.Sort(r.sums.Categories)
	r.track = commonTrack(list)
	return nil
}

// open makes the case of the hospital as if it spent nothing.
func (t *tally) open(e *evaluation) {
	p := t.pool
	t.n, t.whole = len(p.categories), true
	for i := range p.categories {
		k := p.categories[i].Category.Index()
		t.cats[i] = uint8(k)
		t.whole = t.whole && p.scale[k].volume.Cmp(money.NewRate(1, 0)) == 0
	}
	terms, in := p.terms, p.input
	in.Plain = true
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
	s := settler{e: e, r: r}
	for i := range r.tallies {
		t := &r.tallies[i]
		f, err := s.settle(t)
		if err != nil {
			return nil, err
		}
		out.add(f, s.counted, s.capped)
		// Only a ledger tells a grade, but none has to be looked at once this
		// hospital cannot lower it.
		if out.Evidence < t.worst {
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
	var spending []money.Cents
	var f settle.Figures
	for i, at := range list {
		if err := plain.ready(&p, at, fixed[i]); err != nil {
			return nil, err
		}
		c := settle.NewCase(p.terms, &p.input)
		spending = spending[:0]
		for k := range p.input.Categories {
			spending = append(spending, p.input.Categories[k].Spending)
		}
		f.Settle(&c, spending)
		var counted, capped money.Cents
		for k := range p.categories {
			counted, capped = counted+p.categories[k].Spending, capped+p.categories[k].Capped
		}
		out.add(&f, counted, capped)
		out.Sums.of(at)
		if out.Evidence < policy.Assumed || out.Evidence < settle.Worst(p.terms, &p.input) {
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
	out.words = e.words(hospitals)
}

// commonTrack is the track of all of them, "" where they differ.
func commonTrack(list []*pool) string {
	if len(list) == 0 || !all(list, func(p *pool) bool { return p.terms.Track == list[0].terms.Track }) {
		return ""
	}
	return list[0].terms.Track
}

// settler settles one hospital after the other in the same memory.
type settler struct {
	e               *evaluation
	r               *roll
	lined           *evaluation // for whole pools, once needed
	inner           *settler    // of the bundle inside an ACO, once needed
	pool            pool
	figures         settle.Figures
	kase            settle.Case
	spending        []money.Cents
	counted, capped money.Cents // spending of the categories, and what the outlier cap cut of it
}

// settle settles a tally; the figures hold until the next one.
func (s *settler) settle(t *tally) (*settle.Figures, error) {
	totals := &s.e.totals[t.index]
	s.spending, s.counted, s.capped = s.spending[:0], 0, 0
	for _, k := range t.cats[:t.n] {
		x := &totals[k]
		var held, uncapped money.Cents
		if t.whole {
			held = x.Spending.Cents()
			if uncapped = held; x.Uncapped != x.Spending {
				uncapped = x.Uncapped.Cents()
			}
		} else {
			held, uncapped = t.pool.scale[k].spending(x)
		}
		s.spending = append(s.spending, held)
		s.capped += uncapped - held
	}
	kase := &t.kase
	if t.quick != nil {
		s.kase = t.kase
		kase = &s.kase
		if ok, err := t.quick(s, kase); err != nil || !ok {
			return s.formed(t, err)
		}
	}
	for _, c := range s.spending {
		s.counted += c
	}
	s.spending = append(s.spending, t.other...)
	s.figures.Settle(kase, s.spending)
	return &s.figures, nil
}

// bundle is what the bundle inside an ACO pays a hospital, nothing without
// episodes.
func (s *settler) bundle(h int) (money.Cents, error) {
	if s.inner == nil {
		b, err := s.e.inside()
		if err != nil {
			return 0, err
		}
		r, err := b.roll(s.r.hospitals)
		if err != nil {
			return 0, err
		}
		s.inner = &settler{e: b, r: r}
	}
	at := s.inner.r.at[h]
	if at < 0 {
		return 0, nil
	}
	f, err := s.inner.settle(&s.inner.r.tallies[at])
	if err != nil {
		return 0, err
	}
	return f.Net, nil
}

// formed settles a tally of which only the whole formula tells.
func (s *settler) formed(t *tally, err error) (*settle.Figures, error) {
	if err != nil {
		return nil, err
	}
	full, err := s.whole(t)
	if err != nil {
		return nil, err
	}
	for i := range full.categories {
		s.counted += full.categories[i].Spending
	}
	f := settle.Compute(full.terms, &full.input)
	return &f, nil
}

// whole is a tally's pool with all that a ledger needs.
func (s *settler) whole(t *tally) (*pool, error) {
	if s.lined == nil {
		x := *s.e
		x.plain, x.within, x.warnings = true, nil, nil
		s.lined = &x
	}
	err := s.lined.ready(&s.pool, t.pool, t.fixed)
	return &s.pool, err
}
