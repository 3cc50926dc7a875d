package engine

import (
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/shopspring/decimal"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/policy"
	"bundlelab/engine/price"
	"bundlelab/engine/project"
)

// frameKey names what a frame depends on; no other lever moves it.
type frameKey struct {
	design, period string
	length, year   int
	exclusions     bool
	tracks         string // of the hospitals, where the cap depends on them
}

// frame is everything about a design at a period and length that no lever
// changes: which episodes stand for the period, what they cost, what their
// benchmarks are (ruling 52).
type frame struct {
	key        frameKey
	design     *policy.Design
	period     policy.Period
	year       int  // the data year
	ahead      int  // years from it to the period
	past       bool // the period lies before the data year and is stood in for
	exclusions bool
	deaths     bool // a death inside cancels
	late       bool // the bundle begins after the stay: no anchor counts
	length     int
	whole      *panel.Spending // while the frame is built
	spending   *panel.Spending // likewise, what counts: whole, or without the anchors
	list       []int           // performance episodes, cancelled ones left out
	bench      []money.Micros  // risk-adjusted benchmark of each
	estimated  []money.Micros  // the part of it that market.benchmark_level moves
	source     []price.Source  // of each; 0 where there is no price
	index      project.Projector
	ways       *ways // of holding, where no hospital has its own
	table      atomic.Pointer[capTable]
	caps       map[project.Group]price.Caps // of the table
	cells      map[string]string            // the design's price cell for a stored one
	rules      [][episode.NumCategories]*capRule
	means      [episode.NumCategories]lever.Means
	years      []int                                    // baseline years
	baseline   [][episode.NumCategories]int             // baseline episodes by hospital
	small      [][episode.NumCategories]bool            // too few of them for a price of its own
	plain      [][episode.NumCategories]money.Micros    // estimated benchmarks before risk, summed
	given      [][episode.NumCategories]given           // stated ones; nil where the design has none
	sums       [][episode.NumCategories]benchmarks      // benchmarks
	counted    [][episode.NumCategories]decimal.Decimal // episodes
	before     [][episode.NumCategories]before          // spending before any lever
	readmits   [][episode.NumCategories]int             // readmission stays inside the length
	facts      []facts                                  // by hospital
	rests      []policy.Source                          // of the benchmarks, by hospital
	guessed    bool                                     // baseline years are not in the data
	total      money.Cents                              // sum of |spending|, for the overflow check
}

// facts are what a reader must know of one hospital's performance episodes.
type facts struct {
	sources   [price.Blend + 1]int // episodes by source
	seen      int                  // of any category, cancelled ones too, in the data year
	listed    int                  // performance episodes
	reach     int                  // most days any of them is observed for
	cancelled int
	cutShort  int
	obsGuess  int // covered up to the latest service seen, not up to a stated day
	notStd    int // with raw amounts
	bare      int // without any service
	madeUp    int // priced from a table that says it is SYNTHETIC
	riskGuess int // without a risk multiplier
	alone     int // at a regional price alone for want of own history
	stated    int // at a benchmark that CMS states for the hospital itself
	disputed  int // not at one, because several are stated
	blends    []string
	unpriced  error
	priceName string
	post      money.Cents // charge for spending after the episodes
	noPost    string      // why there is none
}

// add sums the counts of another hospital.
func (f *facts) add(o *facts) {
	for i, n := range o.sources {
		f.sources[i] += n
	}
	f.seen += o.seen
	f.listed += o.listed
	f.reach = max(f.reach, o.reach)
	f.cancelled += o.cancelled
	f.cutShort += o.cutShort
	f.obsGuess += o.obsGuess
	f.notStd += o.notStd
	f.bare += o.bare
	f.madeUp += o.madeUp
	f.riskGuess += o.riskGuess
	f.alone += o.alone
	f.stated += o.stated
	f.disputed += o.disputed
	for _, b := range o.blends {
		f.blends = appendNew(f.blends, b)
	}
}

// episodes counts the priced episodes.
func (f *facts) episodes() int {
	n := 0
	for _, c := range f.sources {
		n += c
	}
	return n
}

// frame builds or recalls the frame of a design.
func (m *Model) frame(d *policy.Design, p policy.Period, length, year int, exclusions bool, tracks []string) (*frame, error) {
	k := frameKey{d.ID, p.ID, length, year, exclusions, strings.Join(tracks, ",")}
	m.mu.Lock()
	f, ok := m.frames.get(k)
	m.rest(ok)
	m.mu.Unlock()
	if ok {
		return f, nil
	}
	f, err := m.build(d, p, length, year, exclusions, tracks)
	if err != nil {
		return nil, err
	}
	f.key = k
	m.remember(k, f)
	return f, nil
}

// forward says whether a design's periods are ones to come or under way. Those
// of an ended program or a contract are stood in for by today's episodes: no
// cost trend runs back to them.
func forward(d *policy.Design) bool {
	return d.Status == "active" || d.Status == "proposed" || d.Status == "final_future"
}

// year picks the data year: the period's own when the data cover it whole,
// else the last whole calendar year (ruling 3). 0 means the period itself.
func (m *Model) year(p policy.Period, s lever.Set) int {
	if y, ok := askedYear(s); ok {
		return y
	}
	if m.panel.Covers(p.End) && m.hasEpisodes(p) {
		return 0
	}
	return m.panel.DataYear()
}

// askedYear is the data year the user set, if any.
func askedYear(s lever.Set) (int, bool) {
	v, ok := s.Get("policy", "data_year", "", 0)
	return int(v.Rate.Decimal().IntPart()), ok
}

// hasEpisodes says whether any anchor ends in the period.
func (m *Model) hasEpisodes(p policy.Period) bool { return m.firstYear(p) != 0 }

// firstYear is the first calendar year in which an anchor ends in the period,
// 0 without any.
func (m *Model) firstYear(p policy.Period) int {
	first, ok := m.panel.FirstEnd(p.Start, p.End)
	if !ok {
		return 0
	}
	return first.Year()
}

func (m *Model) build(d *policy.Design, p policy.Period, length, year int, exclusions bool, tracks []string) (*frame, error) {
	f := &frame{design: d, period: p, year: year, length: length, exclusions: exclusions, caps: map[project.Group]price.Caps{}}
	from, to := p.Start, p.End
	if year != 0 {
		from, to = calendar.Date(year, 1, 1), calendar.Date(year, 12, 31)
		f.ahead = p.Start.Year() - year
		if f.ahead < 0 && !forward(d) {
			f.ahead, f.past = 0, true
		}
	} else if f.year = p.Start.Year(); !m.panel.HasYear(f.year) {
		f.year = m.firstYear(p)
	}
	death, err := d.At("cancel.death", p.Start, policy.Scope{})
	f.deaths = err == nil && death.Value == "inside"
	f.late = m.late(d, p)
	f.whole, f.spending = m.spend(f, from, to)
	defer func() { f.whole, f.spending = nil, nil }() // large, and known again soon
	seen := 0
	f.facts = make([]facts, len(m.panel.Hospitals))
	for i := range m.panel.Episodes {
		if e := &m.panel.Episodes[i]; from <= e.End && e.End <= to {
			f.facts[e.Hospital].seen++
			if d.Covers(e.Category) && f.starts(i) {
				seen++
				f.admit(e, i, length)
			}
		}
	}
	if seen == 0 {
		return nil, &InputError{Why: fmt.Sprintf("no episodes of %s end from %s to %s: import more data or set policy.data_year", d.Name, from, to), apart: true}
	}
	done := m.arrange(f)
	f.addUp(m.panel)
	f.means = means(m.panel, f.spending, f.list)
	m.countReadmissions(f, length, exclusions)
	err = m.priceEpisodes(f, tracks, length)
	if err == nil {
		err = m.postEpisode(f, length, exclusions)
	}
	done()
	if err != nil {
		return nil, err
	}
	f.addBenchmarks(m.panel)
	for h := range f.facts {
		f.rests = append(f.rests, m.benchmarkSource(f, h))
	}
	f.ways = f.shared(m.panel)
	return f, nil
}

// late says whether a bundle begins after the stay.
func (m *Model) late(d *policy.Design, p policy.Period) bool {
	v, err := d.At("scope", p.Start, policy.Scope{})
	return err == nil && v.Value == "post_acute"
}

// spend is the spending at the frame's length of the episodes that end from one
// day to another, and what of it counts: no anchor of a bundle that begins after
// the stay. Whether such a bundle begins at all its spending tells, so that it
// is asked for of every episode.
func (m *Model) spend(f *frame, from, to calendar.Day) (whole, counts *panel.Spending) {
	if !f.late {
		whole = m.at(f.length, f.exclusions, from, to)
		return whole, whole
	}
	from, to = panel.Always()
	whole = m.at(f.length, f.exclusions, from, to)
	s := *whole
	s.Anchor = make([]money.Cents, len(s.Anchor))
	return whole, &s
}

// starts says whether episode i is one of the design's: a bundle of post-acute
// care begins with care in a facility or at home.
func (f *frame) starts(i int) bool {
	if !f.late {
		return true
	}
	post := &f.spending.Post[f.spending.At(i)]
	return post[episode.SNF] > 0 || post[episode.IRF] > 0 || post[episode.LTCH] > 0 || post[episode.HHA] > 0
}

// admit lists a performance episode, or counts it as cancelled.
func (f *frame) admit(e *panel.Row, i, length int) {
	x := &f.facts[e.Hospital]
	if e.Cancelled(length, f.deaths) {
		x.cancelled++
		return
	}
	x.listed++
	x.reach = max(x.reach, int(e.ObsDays))
	if int(e.ObsDays) < length {
		x.cutShort++
	}
	if e.ObsGuess {
		x.obsGuess++
	}
	if e.NotStd {
		x.notStd++
	}
	if e.Services == 0 {
		x.bare++
	}
	f.list = append(f.list, i)
}

// count sums the facts of the hospitals asked for.
func (f *frame) count(hospitals []int) facts {
	var x facts
	for _, h := range hospitals {
		x.add(&f.facts[h])
	}
	return x
}

// reachable refuses a length past the data of every episode of the hospitals
// asked for (ruling 13).
func (f *frame) reachable(length int, hospitals []int) error {
	if x := f.count(hospitals); x.listed > 0 && x.cutShort == x.listed {
		return &RuleError{Why: fmt.Sprintf("no episode is observed for %d days: the data of %d reach at most %d days past discharge; ask for a shorter length", length, f.year, x.reach), apart: true}
	}
	return nil
}

// countReadmissions counts stays that begin inside the length.
func (m *Model) countReadmissions(f *frame, length int, exclusions bool) {
	f.readmits = make([][episode.NumCategories]int, len(m.panel.Hospitals))
	window := episode.NewWindow(length, exclusions)
	for _, i := range f.list {
		e := &m.panel.Episodes[i]
		f.readmits[e.Hospital][e.Category.Index()] += window.Readmissions(m.panel.Services(i))
	}
}
