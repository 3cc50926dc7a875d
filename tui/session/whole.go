package session

import (
	"bundlelab/engine"
	"bundlelab/engine/settle"
)

// whole is what the hospitals of a result were added up to: once and in one
// pass, though several panes show it.
type whole struct {
	steps      []Step
	tags       settle.PriceTags
	categories []CategorySum
	below      int // of the categories
	classes    []classed
	head       *engine.DesignResult // with the warnings
}

// wholeOf finds what is known of a result, or adds it up.
func (s *Session) wholeOf(d *engine.DesignResult) *whole {
	w, ok := s.whole[d]
	if !ok {
		below := 0
		if x, err := s.model.Designs().Get(d.Design); err == nil {
			below = smallBelow(x, d.Period, d.Track)
		}
		w = s.addUp(d, below)
		s.whole[d] = w
	}
	return w
}

// addUp adds the hospitals of a result up.
func (s *Session) addUp(d *engine.DesignResult, below int) *whole {
	if d.Sums.Hospitals == 1 { // its lines show their formulas
		d = d.Written()
	}
	w := &whole{below: below}
	categories, classes := bins{below: below}, classes{panel: s.model.Panel()}
	w.head = d.Each(func(h *engine.HospitalResult) {
		w.steps = merge(w.steps, h.Ledger.Lines)
		t := &h.Ledger.Tags
		w.tags.Discount, w.tags.Quality, w.tags.Cap = w.tags.Discount+t.Discount, w.tags.Quality+t.Quality, w.tags.Cap+t.Cap
		w.tags.StopGain, w.tags.StopLoss = w.tags.StopGain+t.StopGain, w.tags.StopLoss+t.StopLoss
		categories.add(h)
		classes.add(h, d.Track == "")
	})
	running(w.steps)
	for i := range w.steps {
		w.steps[i].Own = d.Sums.Hospitals == 1
	}
	w.categories, w.classes = categories.sums(), classes.named()
	return w
}

// forget drops a result that is no row's any more.
func (s *Session) forget(d *engine.DesignResult) { delete(s.whole, d) }

// Tags are what each rule moved in a result, over its hospitals.
func (s *Session) Tags(d *engine.DesignResult) settle.PriceTags { return s.wholeOf(d).tags }

// Warnings are what a result rests on.
func (s *Session) Warnings(d *engine.DesignResult) []string { return s.wholeOf(d).head.Warnings }
