package engine

import (
	"bundlelab/engine/money"
	"bundlelab/engine/settle"
)

// settler settles one hospital after the other in the same memory.
type settler struct {
	e               *evaluation
	r               *roll
	lined           *evaluation // for whole pools, once needed
	inner           *settler    // of the bundle inside an ACO, once needed
	pool            pool
	figures         settle.Figures
	rescores        bool // the cases were made under another score
	kase            settle.Rescored
	adds            settle.Adds
	spending        []money.Cents
	held            bool        // a limit cuts, also of the bundle inside
	counted, capped money.Cents // spending of the categories, and what the outlier cap cut of it
}

// settler settles a roll under the present levers. The score of an ACO is its
// design's own.
func (e *evaluation) settler(r *roll) *settler {
	return &settler{e: e, r: r, rescores: e.f.design.Formula != "aco" && r.score != e.scoreText()}
}

// settle settles a tally; the figures hold until the next one.
func (s *settler) settle(t *tally) (*settle.Figures, error) {
	totals := &s.e.totals[t.index]
	s.spending, s.counted, s.capped, s.held = s.spending[:0], 0, 0, false
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
	if s.rescores {
		x, err := s.e.score(t.pool)
		if err != nil {
			return nil, err
		}
		kase = s.kase.Of(kase, x.cqs, x.gate)
	}
	s.adds = kase.Adds
	if t.quick != nil {
		if ok, err := t.quick(s); err != nil || !ok {
			return s.formed(t, err)
		}
	}
	for _, c := range s.spending {
		s.counted += c
	}
	s.spending = append(s.spending, t.other...)
	s.figures.Settle(kase, s.adds, s.spending)
	s.held = s.held || s.figures.GainBinds || s.figures.LossBinds
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
		s.inner = b.settler(r)
	}
	at := s.inner.r.at[h]
	if at < 0 {
		return 0, nil
	}
	f, err := s.inner.settle(&s.inner.r.tallies[at])
	if err != nil {
		return 0, err
	}
	s.held = s.inner.held
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
	s.held = true // or may
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
