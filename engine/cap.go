package engine

import (
	"math/big"
	"strings"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/price"
	"bundlelab/engine/project"
	"bundlelab/engine/settle"
)

// meanPlus2SD is the cap of a design that holds spending at the mean plus two
// standard deviations (42 CFR 510.300(b)(5)).
const meanPlus2SD = "mean+2sd"

// capRule is how a design holds an episode's spending: the words of cap.high
// and cap.low, the share of the part above that still counts, and how far a
// realized trend moves both values.
type capRule struct {
	high, low string
	keep      money.Rate
	trend     settle.Graded
}

// capRuleOf reads the rule for a scope.
func capRuleOf(d *policy.Design, on calendar.Day, s policy.Scope) (*capRule, error) {
	high, err := d.At("cap.high", on, s)
	if err != nil {
		return nil, err
	}
	r := &capRule{high: high.Value, low: policy.None}
	if low, err := d.At("cap.low", on, s); err == nil {
		r.low = low.Value
	}
	if keep, _, err := d.Rate("cap.keep_above", on, s); err == nil {
		r.keep = keep
	}
	s.Category = "" // bands hold a whole design
	band, err := d.At("trend.band", on, s)
	if err != nil {
		return nil, err
	}
	r.trend = settle.Graded{None: band.Value == policy.None, Source: band.Source}
	if !r.trend.None {
		r.trend.Rate, err = money.ParseRate(band.Value)
	}
	return r, err
}

// same says whether two rules hold alike.
func (r *capRule) same(o *capRule) bool {
	return r.high == o.high && r.low == o.low && r.keep.Cmp(o.keep) == 0 && r.trend.None == o.trend.None && r.trend.Rate.Cmp(o.trend.Rate) == 0
}

// plain is a rule that holds at a 99th percentile from above, or not at all.
func (r *capRule) plain() bool {
	return (r.high == policy.None || r.high == "p99") && r.low == policy.None && r.keep.IsZero()
}

// capsByTrack says whether a design's cap depends on the track.
func capsByTrack(d *policy.Design, p policy.Period, length int) bool {
	for _, c := range d.Categories {
		var first *capRule
		for _, t := range d.TrackIDs() {
			r, err := capRuleOf(d, p.Start, policy.Scope{Track: t, Category: c.String(), Days: length})
			if err != nil {
				continue
			}
			if first == nil {
				first = r
			} else if !first.same(r) {
				return true
			}
		}
	}
	return false
}

// capsByTrack asks once for each length of a design's period.
func (m *Model) capsByTrack(d *policy.Design, p policy.Period, length int) bool {
	k := frameKey{design: d.ID, period: p.ID, length: length}
	m.mu.Lock()
	by, ok := m.byTrack[k]
	m.mu.Unlock()
	if !ok {
		by = capsByTrack(d, p, length)
		m.mu.Lock()
		m.byTrack[k] = by
		m.mu.Unlock()
	}
	return by
}

// tracks are the hospitals' tracks that the levers choose, where the design's
// cap depends on them; nil where it does not. A choice the design does not know
// is none.
func (m *Model) tracks(e *evaluation, d *policy.Design) []string {
	if !m.capsByTrack(d, e.period, e.length) {
		return nil
	}
	known := func(ccn string) string {
		if v, ok := e.levers.Get("policy", "track", ccn, 0); ok {
			if _, err := d.Track(v.Text); err == nil {
				return v.Text
			}
		}
		return ""
	}
	if len(e.levers.Hospitals()) == 0 {
		return m.inTrack(known(""))
	}
	out := make([]string, len(m.panel.Hospitals))
	for h := range out {
		out[h] = known(m.panel.Hospitals[h].CCN)
	}
	return out
}

// readCapRules finds the rule of every hospital and category; equal rules are
// one.
func (m *Model) readCapRules(f *frame, tracks []string, length int) error {
	var known []*capRule
	f.rules = make([][episode.NumCategories]*capRule, len(m.panel.Hospitals))
	for h := range m.panel.Hospitals {
		track, _ := f.design.DefaultTrack(f.period.Start, f.baselineOf(h))
		if tracks != nil && tracks[h] != "" {
			track = tracks[h]
		}
		for _, c := range f.design.Categories {
			r, err := capRuleOf(f.design, f.period.Start, policy.Scope{Track: track, Category: c.String(), Class: class(&m.panel.Hospitals[h]), Days: length})
			if err != nil {
				return err
			}
			for _, k := range known {
				if k.same(r) {
					r = k
				}
			}
			if len(known) == 0 || r != known[len(known)-1] {
				known = append(known, r)
			}
			f.rules[h][c.Index()] = r
		}
	}
	return nil
}

// percentileOf reads "p99".
func percentileOf(word string) (money.Rate, bool) {
	text, ok := strings.CutPrefix(word, "p")
	if !ok {
		return money.Rate{}, false
	}
	r, err := money.ParseRate(text)
	return r, err == nil
}

// tableCap is a cap's value in a price table, nil when it states none.
func tableCap(c price.Caps, word string) *big.Rat {
	if p, ok := percentileOf(word); ok {
		return c.At(p)
	}
	if word == meanPlus2SD {
		return c.MeanPlus(2)
	}
	return nil
}

// spreadCap is a cap's value among episodes.
func spreadCap(s project.Spread, word string) *big.Rat {
	if len(s) == 0 {
		return nil
	}
	if p, ok := percentileOf(word); ok {
		return big.NewRat(int64(s.Rank(p)), 1)
	}
	if word == meanPlus2SD {
		return big.NewRat(int64(s.MeanPlus(2)), 1)
	}
	return nil
}

// hold puts a rule's values, moved by a factor, into a hold; a value that
// nobody states does not hold.
func (r *capRule) hold(value func(word string) *big.Rat, factor *big.Rat) project.Hold {
	h := project.Open()
	h.Keep = r.keep
	if v := value(r.high); v != nil {
		h.High = money.Micros(money.RoundRat(new(big.Rat).Mul(v, factor)))
	}
	if v := value(r.low); v != nil {
		h.Low = money.Micros(money.RoundRat(new(big.Rat).Mul(v, factor)))
	}
	return h
}

// capWords are what the levers make of the rules: the percentile asked for
// and whether the loaded episodes' own spending gives the values.
type capWords struct {
	high  string // "" the design's own
	panel bool
}

func (e *evaluation) capWords() capWords {
	var w capWords
	if v, ok := e.levers.Get("policy", "cap_percentile", "", 0); ok {
		w.high = "p" + v.Rate.Decimal().String()
	}
	v, ok := e.levers.Get("policy", "cap_source", "", 0)
	w.panel = ok && v.Text == "panel" || e.f.late
	return w
}

// in is the rule as the levers leave it.
func (w capWords) in(r *capRule) capRule {
	x := *r
	if w.high != "" {
		x.high = w.high
	}
	return x
}
