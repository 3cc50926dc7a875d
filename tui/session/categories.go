package session

import (
	"bundlelab/engine"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/settle"
)

// CategorySum is one category over the hospitals.
type CategorySum struct {
	engine.CategoryResult
	Difference money.Cents // target less spending, before quality and limits, where one of two targets counts
	PerEpisode money.Cents // the difference over episodes
	Hospitals  int         // that have the category
	Small      int         // of them with fewer baseline episodes than the low-volume rule asks
	Between    int         // of them whose spending lies between the design's two targets: nothing is owed there
	Shares     []CategoryShare
}

// CategoryShare is one hospital's part of a category.
type CategoryShare struct {
	Hospital *engine.HospitalResult
	engine.CategoryResult
	Between bool // spending lies between the two targets
}

// ByCategory adds the categories of a row's result, or of its base's, over
// hospitals, in their order; below is the number of baseline episodes under
// which a category is small.
func (s *Session) ByCategory(d *engine.DesignResult, below int) []CategorySum {
	w := s.wholeOf(d)
	if w.categories == nil || w.below != below {
		w.categories, w.below = byCategory(d.Lined(), s.zones(d), below), below
	}
	return w.categories
}

func byCategory(d *engine.DesignResult, zone map[string]map[string]bool, below int) []CategorySum {
	var sums [episode.NumCategories]CategorySum
	for h := range d.Hospitals {
		r := &d.Hospitals[h]
		in := zone[r.CCN]
		for i := range r.Categories {
			x := &r.Categories[i]
			sum := &sums[x.Category.Index()]
			if sum.Hospitals++; sum.Shares == nil {
				sum.Shares = make([]CategoryShare, 0, len(d.Hospitals))
			}
			between := in != nil && (in[x.Category.String()] || in[""])
			sum.Shares = append(sum.Shares, CategoryShare{r, *x, between})
			if between {
				sum.Between++
			} else {
				sum.Difference += x.Target - x.Spending
			}
			sum.Episodes = sum.Episodes.Add(x.Episodes)
			sum.Baseline += x.Baseline
			sum.Benchmark += x.Benchmark
			sum.Target += x.Target
			sum.Spending += x.Spending
			sum.Capped += x.Capped
			if x.Baseline < below {
				sum.Small++
			}
		}
	}
	var out []CategorySum
	for _, c := range episode.Categories() {
		if sum := &sums[c.Index()]; sum.Hospitals > 0 {
			sum.Category = c
			sum.PerEpisode = settle.PerEpisode(sum.Difference, sum.Episodes)
			out = append(out, *sum)
		}
	}
	return out
}

// zones are the categories whose spending lies between two targets, by CCN; ""
// is all of a hospital's, which then settle together.
func (s *Session) zones(d *engine.DesignResult) map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for _, st := range s.Merged(d) {
		if st.ID != "dead_zone" {
			continue
		}
		for _, h := range st.Shares {
			in := map[string]bool{"": len(h.Line.Parts) == 0}
			for _, p := range h.Line.Parts {
				in[p.Category] = true
			}
			out[h.Hospital.CCN] = in
		}
	}
	return out
}

// SmallBelow is the low-volume limit of a settled row: a category with fewer
// baseline episodes at a hospital carries no loss there. 0 where the design has
// no such rule.
func SmallBelow(r *engine.Row) int {
	if r.Result == nil || !r.Design.Has("low_volume.below") {
		return 0
	}
	n, _, err := r.Design.Rate("low_volume.below", r.Result.Period.Start, policy.Scope{Track: r.Track.ID})
	if err != nil {
		return 0
	}
	return int(n.Decimal().IntPart())
}
