package session

import (
	"slices"

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
}

// CategoryShare is one hospital's part of a category.
type CategoryShare struct {
	CCN string
	engine.CategoryResult
	Between bool // spending lies between the two targets
}

// ByCategory adds the categories of a row's result, or of its base's, over
// hospitals, in their order; below is the number of baseline episodes under
// which a category is small.
func (s *Session) ByCategory(d *engine.DesignResult, below int) []CategorySum {
	w := s.wholeOf(d)
	if w.below != below {
		x := s.addUp(d, below)
		w.categories, w.below = x.categories, below
	}
	return w.categories
}

// CategoryShares are the parts of a category, hospital by hospital.
func (s *Session) CategoryShares(r *engine.Row, c episode.Category) []CategoryShare {
	var out []CategoryShare
	d := r.Result.Lined()
	for h := range d.Hospitals {
		x := &d.Hospitals[h]
		zone := deadZone(x)
		for _, share := range x.Categories {
			if share.Category == c {
				out = append(out, CategoryShare{x.CCN, share, inZone(zone, c)})
			}
		}
	}
	return out
}

// bins add categories over hospitals.
type bins struct {
	below    int
	of       [episode.NumCategories]CategorySum
	episodes [episode.NumCategories]money.Rate
}

func (b *bins) add(h *engine.HospitalResult) {
	zone := deadZone(h)
	for i := range h.Categories {
		x := &h.Categories[i]
		sum := &b.of[x.Category.Index()]
		sum.Hospitals++
		if inZone(zone, x.Category) {
			sum.Between++
		} else {
			sum.Difference += x.Target - x.Spending
		}
		b.episodes[x.Category.Index()] = b.episodes[x.Category.Index()].Add(money.FromDecimal(x.Episodes))
		sum.Baseline += x.Baseline
		sum.Benchmark += x.Benchmark
		sum.Target += x.Target
		sum.Spending += x.Spending
		sum.Capped += x.Capped
		if x.Baseline < b.below {
			sum.Small++
		}
	}
}

// sums are the categories that any hospital has.
func (b *bins) sums() []CategorySum {
	var out []CategorySum
	for _, c := range episode.Categories() {
		if sum := b.of[c.Index()]; sum.Hospitals > 0 {
			sum.Category, sum.Episodes = c, b.episodes[c.Index()].Decimal()
			sum.PerEpisode = settle.PerEpisode(sum.Difference, sum.Episodes)
			out = append(out, sum)
		}
	}
	return out
}

// deadZone is the line of the dead zone of one hospital, nil where spending lies
// between no two targets.
func deadZone(h *engine.HospitalResult) *settle.Line {
	for i := range h.Ledger.Lines {
		if l := &h.Ledger.Lines[i]; l.ID == "dead_zone" {
			return l
		}
	}
	return nil
}

// inZone says whether a category's spending lies between its two targets. A line
// without parts is of all categories, which then settle together.
func inZone(l *settle.Line, c episode.Category) bool {
	return l != nil && (len(l.Parts) == 0 || slices.ContainsFunc(l.Parts, func(p settle.Part) bool { return p.Category == c.String() }))
}

// SmallBelow is the low-volume limit of a settled row: a category with fewer
// baseline episodes at a hospital carries no loss there. 0 where the design has
// no such rule.
func SmallBelow(r *engine.Row) int {
	if r.Result == nil {
		return 0
	}
	return smallBelow(r.Design, r.Result.Period, r.Track.ID)
}

func smallBelow(d *policy.Design, p policy.Period, track string) int {
	if !d.Has("low_volume.below") {
		return 0
	}
	n, _, err := d.Rate("low_volume.below", p.Start, policy.Scope{Track: track})
	if err != nil {
		return 0
	}
	return int(n.Decimal().IntPart())
}
