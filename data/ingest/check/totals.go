package check

import (
	"fmt"
	"slices"

	"bundlelab/data/store"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

// listed is how many differences from the feed's own totals are told one by one
// (A006).
const listed = 20

// CapDays is the length of the price rows whose 99th percentile is looked at
// (A008).
const CapDays = 30

// many is how often the median of its category an episode costs that a person
// should look at (A008).
const many = 10

// totals compares what episodes come to with what the feed says and with each
// other.
type totals struct {
	stated int     // episodes whose feed states a total
	gaps   []int64 // what ours is more by, in cents, where it differs
	cells  []string
	place  map[string]int32
	all    [episode.NumCategories][]total
}

// total is one episode's, with its exclusions out.
type total struct {
	cents int64
	early int64 // in the first CapDays days
	line  int32
	cell  int32
}

func (t *totals) episode(e *store.Episode, at Place) {
	sum, early := e.StdAnchor, e.StdAnchor
	for i := range e.Services {
		if s := &e.Services[i]; s.Excluded == 0 {
			sum += s.Amount
			early += s.Inside(CapDays)
		}
	}
	if t.place == nil {
		t.place = map[string]int32{}
	}
	cell, ok := t.place[e.Cell]
	if !ok {
		cell = int32(len(t.cells))
		t.place[e.Cell] = cell
		t.cells = append(t.cells, e.Cell)
	}
	c := e.Category.Index()
	t.all[c] = append(t.all[c], total{int64(sum), int64(early), int32(at.Line), cell})
	t.compare(e, at)
}

// compare holds the episode against the total its feed states (A006).
func (t *totals) compare(e *store.Episode, at Place) {
	if e.CMSTotal == nil || e.CMSDays == 0 {
		return
	}
	t.stated++
	sum := e.StdAnchor
	for i := range e.Services {
		if s := &e.Services[i]; s.Excluded == 0 {
			sum += s.Inside(e.CMSDays)
		}
	}
	gap := sum - *e.CMSTotal
	if gap.Abs() <= 1_00 {
		return
	}
	t.gaps = append(t.gaps, int64(gap))
	if len(t.gaps) <= listed {
		side := " more"
		if gap < 0 {
			side = " less"
		}
		at.warn("A006", "cms_episode_total", "the services come to "+gap.Abs().String()+side+" than the stated total of the episode")
	}
}

// close writes the distribution of the differences and the episodes that cost
// far more than others.
func (t *totals) close(books Books, caps map[string]int64) {
	if len(t.gaps) > 1 {
		slices.Sort(t.gaps)
		at := func(percent int) string { return money.Cents(rank(t.gaps, percent)).String() }
		books.FindMany(store.Warning, "A006", fmt.Sprintf("%d of %d episodes differ from their stated total by more than $1, ours less the stated one: least %s, 5th percentile %s, median %s, 95th %s, most %s",
			len(t.gaps), t.stated, at(0), at(5), at(50), at(95), at(100)), max(1, len(t.gaps)-listed))
	}
	for c := range t.all {
		t.costly(books, episode.Category(c+1), caps)
	}
}

// rank is the nearest rank of sorted numbers.
func rank(sorted []int64, percent int) int64 {
	return sorted[max(0, (len(sorted)*percent+99)/100-1)]
}

// costly lists the episodes of a category above ten times its median, or above
// the 99th percentile that the price table has for their cell (A008).
func (t *totals) costly(books Books, c episode.Category, caps map[string]int64) {
	all := t.all[c.Index()]
	if len(all) == 0 {
		return
	}
	sorted := make([]int64, len(all))
	for i := range all {
		sorted[i] = all[i].cents
	}
	slices.Sort(sorted)
	high := many * rank(sorted, 50)
	for _, x := range all {
		limit, known := caps[t.cells[x.cell]]
		switch {
		case x.cents > high:
			books.Find(store.Info, "A008", int(x.line), "", "", fmt.Sprintf("the episode costs more than %d times the median of %s", many, c))
		case known && x.early > limit:
			books.Find(store.Info, "A008", int(x.line), "", "", "the episode costs more in 30 days than the 99th percentile of its price cell")
		}
	}
}
