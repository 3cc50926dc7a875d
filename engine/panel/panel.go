// Package panel holds the episodes in memory: one row per episode, its
// services beside it, and from them the spending of every episode at any
// length (engine.md 2). It knows no design, no price and no lever.
package panel

import (
	"fmt"
	"maps"
	"math"
	"runtime"
	"slices"
	"sort"
	"sync"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

// Known is a yes, a no, or a fact nobody has stated.
type Known int8

// The three values; Unknown counts as no in a rule, and the rule says so.
const (
	Unknown Known = iota
	No
	Yes
)

// Hospital is one hospital and the facts eligibility rules ask for.
type Hospital struct {
	CCN, Name, State                             string
	Division                                     int // census division 1..9, 0 unknown
	Beds                                         int // 0 unknown
	SafetyNet, Rural, SCH, MDH, EACH, RRC, Teach Known
}

// Episode is one row in full, to build a panel of and to read one whole. Its
// length is not stored: it is chosen later.
type Episode struct {
	Key       string // pseudonymous key, unique
	Trigger   string // MS-DRG or HCPCS as billed
	Cell      string // pooled MS-DRG that sets the price
	Surgeon   string // operating NPI, "" unknown
	Services  episode.Lines
	Hospital  int          // index into Panel.Hospitals
	Anchor    money.Cents  // standardized facility and professional amount of the anchor
	Risk      int64        // risk multiplier in millionths; 0 unknown
	Start     calendar.Day // of the anchor stay or procedure
	End       calendar.Day // discharge or procedure day: offset 0
	ObsDays   int32        // days from End that the data cover; a length up to this is exact
	EligOff   int32        // last eligible day as an offset; NoEnd when never lost
	DeathOff  int32        // day of death as an offset; NoEnd when alive
	Category  episode.Category
	Inpatient bool
	NotStd    bool // amounts are raw, not standardized
	ObsGuess  bool // ObsDays comes from the latest service seen, not from the file
}

// NoEnd is an offset that never comes.
const NoEnd = math.MaxInt32

// Cancelled says whether the episode drops out at a length: eligibility lost
// inside it with no earlier death, or death in the anchor stay (42 CFR
// 512.537(b)); with deaths, death anywhere inside (42 CFR 510.210(b); ruling
// 14).
func (e *Row) Cancelled(length int, deaths bool) bool {
	if e.DeathOff != NoEnd && (e.DeathOff <= 0 || deaths && int(e.DeathOff) < length) {
		return true
	}
	return e.EligOff != NoEnd && int(e.EligOff) < length-1 && e.DeathOff > e.EligOff
}

// Panel is the loaded data. It is read-only after New.
type Panel struct {
	Hospitals []Hospital // by CCN
	Rows                 // in database order
	Synthetic bool       // every row is made up
	Name      string     // of the database, for titles
	latest    calendar.Day
	lastYear  int
	yearFull  int
	years     map[int]bool   // calendar years with an anchor end
	ends      []calendar.Day // distinct, ascending
}

// New makes a panel of rows in full.
func New(name string, hospitals []Hospital, episodes []Episode, synthetic bool) (*Panel, error) {
	var rows Rows
	for i := range episodes {
		rows.Add(&episodes[i])
	}
	return Of(name, hospitals, rows, synthetic)
}

// Of checks the rows, which are the panel's from then on, and orders the
// hospitals by CCN.
func Of(name string, hospitals []Hospital, rows Rows, synthetic bool) (*Panel, error) {
	order := make([]int, len(hospitals))
	for i := range order {
		order[i] = i
	}
	sort.Slice(order, func(a, b int) bool { return hospitals[order[a]].CCN < hospitals[order[b]].CCN })
	rows.numbers = nil
	p := &Panel{Hospitals: make([]Hospital, len(hospitals)), Rows: rows, Synthetic: synthetic, Name: name}
	place := make([]int, len(hospitals))
	for to, from := range order {
		p.Hospitals[to], place[from] = hospitals[from], to
	}
	ends := map[calendar.Day]bool{}
	noted := [1 << 12]calendar.Day{0: 1} // by its last bits, a day that is among the ends: few days, many episodes
	for i := range p.Episodes {
		e := &p.Episodes[i]
		if e.Hospital < 0 || e.Hospital >= len(place) {
			return nil, fmt.Errorf("episode %s names hospital %d of %d", p.Key(i), e.Hospital, len(place))
		}
		e.Hospital = place[e.Hospital]
		p.latest = max(p.latest, e.End+calendar.Day(e.ObsDays)-1)
		if n := &noted[e.End&(1<<12-1)]; *n != e.End {
			*n, ends[e.End] = e.End, true
		}
	}
	p.ends = slices.Sorted(maps.Keys(ends))
	p.years = map[int]bool{}
	for _, end := range p.ends {
		p.years[end.Year()] = true
	}
	for y := range p.years {
		p.lastYear = max(p.lastYear, y)
		if p.Covers(calendar.Date(y, 12, 31)) {
			p.yearFull = max(p.yearFull, y)
		}
	}
	return p, nil
}

// Latest is the last day the data cover.
func (p *Panel) Latest() calendar.Day { return p.latest }

// Covers says whether the data reach a day.
func (p *Panel) Covers(d calendar.Day) bool { return p.latest >= d }

// DataYear is the last calendar year with episodes that the data cover whole,
// else the last calendar year with episodes (ruling 3); 0 without episodes.
func (p *Panel) DataYear() int {
	if p.yearFull != 0 {
		return p.yearFull
	}
	return p.lastYear
}

// HasYear says whether any anchor ends in a calendar year.
func (p *Panel) HasYear(y int) bool { return p.years[y] }

// FirstEnd is the first day from one to another, both included, on which an
// anchor ends.
func (p *Panel) FirstEnd(from, to calendar.Day) (calendar.Day, bool) {
	i, _ := slices.BinarySearch(p.ends, from)
	if i == len(p.ends) || p.ends[i] > to {
		return 0, false
	}
	return p.ends[i], true
}

// LastYear is the last calendar year with an episode.
func (p *Panel) LastYear() int { return p.lastYear }

// FindHospital gives the index of a CCN.
func (p *Panel) FindHospital(ccn string) (int, bool) {
	i := sort.Search(len(p.Hospitals), func(i int) bool { return p.Hospitals[i].CCN >= ccn })
	return i, i < len(p.Hospitals) && p.Hospitals[i].CCN == ccn
}

// Spending is what every episode of the panel costs at one length, before any
// lever, in cents; or every one that ends from one day to another. At says where
// an episode stands in the columns: one that was not asked for stands nowhere,
// and looking for it panics.
type Spending struct {
	Length   int
	From, To calendar.Day
	Anchor   []money.Cents                      // anchor with the pre-discharge part of services (ruling 6)
	Post     [][episode.NumSettings]money.Cents // by setting, offsets 0..Length-1
	SNFDays  []int32                            // SNF days inside the length (ruling 8)
	place    []int32                            // of an episode in the columns, -1 without one; nil where all have their own
}

// At is where episode i stands in the columns.
func (s *Spending) At(i int) int {
	if s.place == nil {
		return i
	}
	return int(s.place[i])
}

// Total is anchor and post-discharge spending of episode i.
func (s *Spending) Total(i int) money.Cents {
	i = s.At(i)
	t := s.Anchor[i]
	for _, c := range s.Post[i] {
		t += c
	}
	return t
}

// Always is a span of days in which every episode ends.
func Always() (from, to calendar.Day) { return math.MinInt32, math.MaxInt32 }

// Covers says whether the episodes that end from one day to another were asked
// for.
func (s *Spending) Covers(from, to calendar.Day) bool { return s.From <= from && to <= s.To }

// At computes the spending at a length. With exclusions false, only services
// Medicare did not pay first stay out (ruling 23).
func (p *Panel) At(length int, exclusions bool) *Spending {
	from, to := Always()
	return p.In(from, to, length, exclusions)
}

// In is At of the episodes that end from one day to another.
func (p *Panel) In(from, to calendar.Day, length int, exclusions bool) *Spending {
	s := &Spending{Length: length, From: from, To: to}
	n := len(p.Episodes)
	rows := n
	if first, last := Always(); !s.Covers(first, last) {
		// Few pages of memory are touched: that costs more than the sums.
		s.place, rows = make([]int32, n), 0
		for i := range p.Episodes {
			s.place[i] = -1
			if e := &p.Episodes[i]; from <= e.End && e.End <= to {
				s.place[i] = int32(rows)
				rows++
			}
		}
	}
	s.Anchor, s.Post, s.SNFDays = make([]money.Cents, rows), make([][episode.NumSettings]money.Cents, rows), make([]int32, rows)
	var wait sync.WaitGroup
	parts := max(1, min(runtime.GOMAXPROCS(0), n/10_000))
	for k := range parts {
		wait.Go(func() {
			w := episode.NewWindow(length, exclusions)
			for i := k * n / parts; i < (k+1)*n/parts; i++ {
				at := s.At(i)
				if at < 0 {
					continue
				}
				before, days := w.Inside(p.Services(i), &s.Post[at])
				s.Anchor[at], s.SNFDays[at] = p.Episodes[i].Anchor+before, days
			}
		})
	}
	wait.Wait()
	return s
}

// MaxLength is the longest length any episode is fully observed for.
func (p *Panel) MaxLength() int {
	var m int32
	for i := range p.Episodes {
		m = max(m, p.Episodes[i].ObsDays)
	}
	return int(m)
}
