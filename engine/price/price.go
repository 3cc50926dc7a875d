// Package price finds the benchmark of an episode: from an imported
// target-price file, a regional table, a table at another length, or the
// hospital's own baseline years (engine.md 5). It always says which.
package price

import (
	"fmt"
	"sort"

	"bundlelab/engine/calendar"
	"bundlelab/engine/money"
)

// Kind is what a price row states.
type Kind string

// The two kinds of rows (rulings 4 and 5).
const (
	Benchmark   Kind = "benchmark"          // before discount; prospective trend and normalization inside
	Preliminary Kind = "preliminary_target" // after the design's discount, as CMS publishes it
)

// Row is one line of a price table. Amounts are dollars per episode; the
// optional ones are nil when the table does not state them.
type Row struct {
	Kind     Kind
	Cell     string // pooled MS-DRG
	Division int    // census division 1..9
	Days     int    // episode length the price is for
	Period   string // performance period; "" serves all (ruling 16)
	Price    money.Cents
	P99      *money.Cents // 99th percentile of episode spending
	PostMean *money.Cents // mean spending of the 30 days after the episode
	PostSD   *money.Cents
	Mean, SD *money.Cents // for designs with other caps (ruling 48)
	P1, P5   *money.Cents
	P75, P95 *money.Cents
	Episodes int // behind the row; 0 unknown
	Source   string
	AsOf     calendar.Day // when the source states its price; 0 unknown
}

type group struct {
	kind     Kind
	cell     string
	division int
	period   string
}

// Book is a set of price rows, looked up by cell, division, length and period,
// and of the benchmarks that CMS itself states by hospital.
type Book struct {
	rows   []Row
	groups map[group]map[int]int // days -> index into rows
	sorted map[group][]int       // days, ascending
	stated map[statedKey][]*Stated
}

// NewBook indexes rows. Two rows of one key are an error (ruling 16).
func NewBook(rows []Row) (*Book, error) {
	b := &Book{rows: rows, groups: map[group]map[int]int{}, sorted: map[group][]int{}}
	for i := range rows {
		r := &rows[i]
		g := group{r.Kind, r.Cell, r.Division, r.Period}
		if b.groups[g] == nil {
			b.groups[g] = map[int]int{}
		}
		if _, dup := b.groups[g][r.Days]; dup {
			return nil, fmt.Errorf("two %s prices for cell %s, division %d, %d days, period %q", r.Kind, r.Cell, r.Division, r.Days, r.Period)
		}
		b.groups[g][r.Days] = i
	}
	for g, days := range b.groups {
		for d := range days {
			b.sorted[g] = append(b.sorted[g], d)
		}
		sort.Ints(b.sorted[g])
	}
	return b, nil
}

// Rows are the rows of the book, in the order given.
func (b *Book) Rows() []Row { return b.rows }

// Exact finds the row at a length: the period's own row before one that
// serves all periods.
func (b *Book) Exact(kind Kind, cell string, division, days int, period string) (*Row, bool) {
	for _, p := range periods(period) {
		if i, ok := b.groups[group{kind, cell, division, p}][days]; ok {
			return &b.rows[i], true
		}
	}
	return nil, false
}

// Nearest finds the row whose length is closest; the longer of two (ruling
// 18).
func (b *Book) Nearest(kind Kind, cell string, division, days int, period string) (*Row, bool) {
	best := -1
	for _, p := range periods(period) {
		g := group{kind, cell, division, p}
		for _, d := range b.sorted[g] {
			if best < 0 || nearer(d, b.rows[best].Days, days) {
				best = b.groups[g][d]
			}
		}
	}
	if best < 0 {
		return nil, false
	}
	return &b.rows[best], true
}

// nearer says whether a beats the holder b as a stand-in for days. A tie at
// the same length keeps the holder, which the period's own rows reach first.
func nearer(a, b, days int) bool {
	da, db := a-days, b-days
	if da < 0 {
		da = -da
	}
	if db < 0 {
		db = -db
	}
	return da < db || da == db && a > b
}

func periods(p string) []string {
	if p == "" {
		return []string{""}
	}
	return []string{p, ""}
}
