package engine

import (
	"fmt"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/policy"
	"bundlelab/engine/price"
	"bundlelab/engine/project"
	"bundlelab/engine/settle"
)

// frameKey names what a frame depends on; no other lever moves it.
type frameKey struct {
	design, period string
	length, year   int
	exclusions     bool
}

// frame is everything about a design at a period and length that no lever
// changes: which episodes stand for the period, what they cost, what their
// benchmarks are (ruling 52).
type frame struct {
	design     *policy.Design
	period     policy.Period
	year       int // the data year
	exclusions bool
	spending   *panel.Spending
	list       []int          // performance episodes, cancelled ones left out
	bench      []money.Micros // risk-adjusted benchmark of each
	source     []price.Source // of each; 0 where there is no price
	groups     []project.Group
	caps       map[project.Group]price.Caps // of the table
	means      [episode.NumCategories]lever.Means
	baseline   [][episode.NumCategories]int // baseline episodes by hospital
	readmits   [][episode.NumCategories]int // readmission stays inside the length
	facts      []facts                      // by hospital
	guessed    bool                         // baseline years are not in the data
	total      money.Cents                  // sum of |spending|, for the overflow check
}

// facts are what a reader must know of one hospital's performance episodes.
type facts struct {
	sources   [price.Own + 1]int // episodes by source
	listed    int                // performance episodes
	reach     int                // most days any of them is observed for
	cancelled int
	cutShort  int
	obsGuess  int // covered up to the latest service seen, not up to a stated day
	notStd    int // with raw amounts
	bare      int // without any service
	madeUp    int // priced from a table that says it is SYNTHETIC
	riskGuess int // without a risk multiplier
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
	f.listed += o.listed
	f.reach = max(f.reach, o.reach)
	f.cancelled += o.cancelled
	f.cutShort += o.cutShort
	f.obsGuess += o.obsGuess
	f.notStd += o.notStd
	f.bare += o.bare
	f.madeUp += o.madeUp
	f.riskGuess += o.riskGuess
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
func (m *Model) frame(d *policy.Design, p policy.Period, length, year int, exclusions bool) (*frame, error) {
	k := frameKey{d.ID, p.ID, length, year, exclusions}
	m.mu.Lock()
	f, ok := m.frames[k]
	m.mu.Unlock()
	if ok {
		return f, nil
	}
	f, err := m.build(d, p, length, year, exclusions)
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.frames) >= m.keep() {
		clear(m.frames)
	}
	m.frames[k] = f
	return f, nil
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
func (m *Model) hasEpisodes(p policy.Period) bool {
	for i := range m.panel.Episodes {
		if end := m.panel.Episodes[i].End; p.Start <= end && end <= p.End {
			return true
		}
	}
	return false
}

func (m *Model) build(d *policy.Design, p policy.Period, length, year int, exclusions bool) (*frame, error) {
	f := &frame{design: d, period: p, year: year, exclusions: exclusions, caps: map[project.Group]price.Caps{}}
	from, to := p.Start, p.End
	if year != 0 {
		from, to = calendar.Date(year, 1, 1), calendar.Date(year, 12, 31)
	} else {
		f.year = p.Start.Year()
	}
	eps := m.panel.Episodes
	f.facts = make([]facts, len(m.panel.Hospitals))
	seen := 0
	for i := range eps {
		e := &eps[i]
		if e.End < from || e.End > to || !d.Covers(e.Category) {
			continue
		}
		seen++
		x := &f.facts[e.Hospital]
		if e.Cancelled(length) {
			x.cancelled++
			continue
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
		if len(e.Services) == 0 {
			x.bare++
		}
		f.list = append(f.list, i)
	}
	if seen == 0 {
		return nil, &InputError{fmt.Sprintf("no episodes of %s end from %s to %s: import more data or set policy.data_year", d.Name, from, to)}
	}
	f.spending = m.at(length, exclusions)
	for _, i := range f.list {
		f.total += f.spending.Total(i).Abs()
	}
	f.means = means(m.panel, f.spending, f.list)
	if err := m.priceEpisodes(f, length); err != nil {
		return nil, err
	}
	m.countReadmissions(f, length, exclusions)
	return f, m.postEpisode(f, length, exclusions)
}

// among marks the hospitals of a list.
func (m *Model) among(hospitals []int) []bool {
	out := make([]bool, len(m.panel.Hospitals))
	for _, h := range hospitals {
		out[h] = true
	}
	return out
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
		return &RuleError{fmt.Sprintf("no episode is observed for %d days: the data of %d reach at most %d days past discharge; ask for a shorter length", length, f.year, x.reach)}
	}
	return nil
}

// countReadmissions counts stays that begin inside the length.
func (m *Model) countReadmissions(f *frame, length int, exclusions bool) {
	f.readmits = make([][episode.NumCategories]int, len(m.panel.Hospitals))
	for _, i := range f.list {
		e := &m.panel.Episodes[i]
		for k := range e.Services {
			v := &e.Services[k]
			if v.Setting == episode.Readmission && !v.Excluded.Out(exclusions) && v.From >= 0 && int(v.From) < length && v.Amount > 0 {
				f.readmits[e.Hospital][e.Category.Index()]++
			}
		}
	}
}

// postEpisode computes each hospital's charge for spending in the days after
// its episodes: above the region's mean plus some standard deviations, on
// sums, only when every priced cell states both and the data reach that far
// (ruling 30).
func (m *Model) postEpisode(f *frame, length int, exclusions bool) error {
	on := f.period.Start
	if !f.design.Has("post_episode.days") {
		return nil
	}
	dr, _, err := f.design.Rate("post_episode.days", on, "", 0)
	if err != nil {
		return err
	}
	sr, _, err := f.design.Rate("post_episode.sd", on, "", 0)
	if err != nil {
		return err
	}
	days, sd := int(dr.Decimal().IntPart()), sr.Decimal().IntPart()
	spent := make([]money.Cents, len(m.panel.Hospitals))
	threshold := make([]money.Cents, len(m.panel.Hospitals))
	after := m.at(length+days, exclusions)
	for _, i := range f.list {
		e := &m.panel.Episodes[i]
		x := &f.facts[e.Hospital]
		row := m.exactRow(e, f, length)
		switch {
		case int(e.ObsDays) < length+days:
			x.noPost = fmt.Sprintf("no post-episode charge: the data do not reach %d days past every discharge", length+days)
		case row == nil || row.PostMean == nil || row.PostSD == nil:
			x.noPost = "no post-episode charge: the price table does not state post_mean and post_sd for every cell at this length"
		default:
			spent[e.Hospital] += after.Total(i) - f.spending.Total(i)
			threshold[e.Hospital] += *row.PostMean + *row.PostSD*money.Cents(sd)
		}
	}
	for h := range f.facts {
		if x := &f.facts[h]; x.noPost == "" {
			x.post = settle.PostEpisodeCharge(spent[h], threshold[h])
		}
	}
	return nil
}

func (m *Model) exactRow(e *panel.Episode, f *frame, length int) *price.Row {
	div := m.panel.Hospitals[e.Hospital].Division
	for _, kind := range []price.Kind{price.Preliminary, price.Benchmark} {
		if r, ok := m.book.Exact(kind, e.Cell, div, length, f.period.ID); ok {
			return r
		}
	}
	return nil
}
