package engine

import (
	"slices"

	"github.com/shopspring/decimal"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/settle"
)

// Sums are a result's figures over its hospitals.
type Sums struct {
	Hospitals, Paid, Repaying int // with episodes; of them with a net payment above and below zero
	Target, Spending          money.Cents
	Counted, Capped           money.Cents // projected spending of the categories, and what the outlier cap cut of it
	Episodes                  decimal.Decimal
	PerEpisode                money.Cents        // net payment per episode, half away from zero
	Categories                []episode.Category // with episodes that count
}

// net counts a hospital by what it is owed.
func (s *Sums) net(c money.Cents) {
	switch {
	case c > 0:
		s.Paid++
	case c < 0:
		s.Repaying++
	}
}

// of counts a hospital as it stands.
func (s *Sums) of(p *pool) {
	s.Hospitals++
	s.Episodes = s.Episodes.Add(p.episodes)
	for k := range p.categories {
		s.Categories = appendNew(s.Categories, p.categories[k].Category)
	}
}

// add sums one hospital's figures.
func (d *DesignResult) add(f *settle.Figures, counted, capped money.Cents) {
	x := &d.Sums
	x.net(f.Net)
	x.Target, x.Spending, x.Counted, x.Capped = x.Target+f.Target, x.Spending+f.Spending, x.Counted+counted, x.Capped+capped
	d.Net += f.Net
	d.HospitalNet += f.Kept()
}

// addUp sums the hospitals of a result.
func (d *DesignResult) addUp() {
	s := &d.Sums
	s.Hospitals = len(d.Hospitals)
	for i := range d.Hospitals {
		h := &d.Hospitals[i]
		l := &h.Ledger
		d.Net, d.HospitalNet, d.Evidence = d.Net+l.Net, d.HospitalNet+l.Hospital, d.Evidence.Lowest(l.Evidence)
		s.net(l.Net)
		s.Target, s.Spending, s.Episodes = s.Target+l.Target, s.Spending+l.Spending, s.Episodes.Add(h.Episodes)
		for k := range h.Categories {
			c := &h.Categories[k]
			s.Counted, s.Capped = s.Counted+c.Spending, s.Capped+c.Capped
			s.Categories = appendNew(s.Categories, c.Category)
		}
	}
	slices.Sort(s.Categories)
	s.PerEpisode = settle.PerEpisode(d.Net, s.Episodes)
	if same := func(h HospitalResult) bool { return h.Track == d.Hospitals[0].Track }; s.Hospitals > 0 && all(d.Hospitals, same) {
		d.Track = d.Hospitals[0].Track
	}
}

func all[T any](list []T, is func(T) bool) bool {
	return !slices.ContainsFunc(list, func(x T) bool { return !is(x) })
}
