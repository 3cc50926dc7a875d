package session

import (
	"strings"

	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
)

// Reading is what a lever shows.
type Reading struct {
	Text   string // the value in force, with its unit
	Set    bool   // the scenario sets it at exactly this place
	From   string // where a value set elsewhere comes from: "all", "base"; "" here or baseline
	Change int    // against the base: 1 raised, -1 lowered, 2 other
	More   int    // settings of the same lever for single categories or hospitals
}

// Read tells what a lever's value is now.
func (s *Session) Read(d *lever.Def) Reading {
	k := s.Key(d)
	set := s.now.Levers.Over(s.base.levers)
	var r Reading
	_, r.Set = s.now.Levers.Exactly(k)
	for x := range set.All() {
		if x.Key.Group == d.Group && x.Key.Name == d.Name && narrower(x.Key, k) {
			r.More++
		}
	}
	v, ok := set.Get(d.Group, d.Name, k.Hospital, k.Category)
	if !ok {
		r.Text = s.baseline(d)
		return r
	}
	r.Text = Show(d, v)
	if !r.Set {
		r.From = "base"
		if _, here := s.now.Levers.Get(d.Group, d.Name, k.Hospital, k.Category); here {
			r.From = "all"
		}
	}
	r.Change = s.direction(d, k, v)
	return r
}

// Anywhere says whether the scenario or its base sets a lever at all, for
// whomever.
func (s *Session) Anywhere(d *lever.Def) bool {
	of := func(x lever.Setting) bool { return x.Key.Group == d.Group && x.Key.Name == d.Name }
	return s.now.Levers.Any(of) || s.base.levers.Any(of)
}

// narrower says whether one key of a lever sets a part of what another sets.
func narrower(x, k lever.Key) bool {
	return x != k && (k.Category == 0 || x.Category == k.Category) && (k.Hospital == "" || x.Hospital == k.Hospital)
}

// direction compares a value with the base's.
func (s *Session) direction(d *lever.Def, k lever.Key, v lever.Value) int {
	was, ok := s.base.levers.Get(d.Group, d.Name, k.Hospital, k.Category)
	if !ok {
		if was, ok = s.neutral(d); !ok {
			return 2
		}
	}
	if d.Unit == lever.ID || d.Unit == lever.Switch || was.None != v.None {
		if was.Text == v.Text {
			return 0
		}
		return 2
	}
	if d.Unit == lever.Dollars {
		return sign(int64(v.Cents - was.Cents))
	}
	return v.Rate.Cmp(was.Rate)
}

func sign(n int64) int {
	switch {
	case n > 0:
		return 1
	case n < 0:
		return -1
	}
	return 0
}

// neutral is the value a lever has when nobody sets it, as far as it is one
// number: the registry's, or what the selected row's design says.
func (s *Session) neutral(d *lever.Def) (lever.Value, bool) {
	text, _ := s.designValue(d)
	if text == "" {
		text = d.Baseline
	}
	x := s.parsed(d, text)
	return x.value, x.err == nil && d.Unit != lever.ID || d.Unit == lever.ID && len(d.Choices) > 0
}

// baseline is the text of a lever nobody sets.
func (s *Session) baseline(d *lever.Def) string {
	text, ok := s.designValue(d)
	if ok && d.Unit == lever.ID {
		return text
	}
	other := text
	if !ok {
		text, other = d.Baseline, "default"
	}
	if x := s.parsed(d, text); x.err == nil {
		return x.shown
	}
	return other
}

// unset is the text of a lever that nobody sets.
type unset struct{ group, name, text string }

// known is such a text as it was read, or why it is no value.
type known struct {
	value lever.Value
	shown string // with its unit
	err   error
}

// parsed reads what a lever is when nobody sets it, each text once: a pane asks
// for all levers at every key.
func (s *Session) parsed(d *lever.Def, text string) known {
	k := unset{d.Group, d.Name, text}
	x, ok := s.unset[k]
	if !ok {
		if x.value, x.err = lever.ParseValue(d, text); x.err == nil {
			x.shown = Show(d, x.value)
		}
		s.unset[k] = x
	}
	return x
}

// designValue is what the selected row says of a lever that its design
// decides; false for the other levers.
func (s *Session) designValue(d *lever.Def) (string, bool) {
	row := s.Row()
	if row == nil || d.Group == "care" || d.Group == "market" || d.Group == "program" {
		return "", false
	}
	acts := s.acting(d, row)
	days, year, length := "", "", 0
	if row.Result != nil {
		length = row.Result.EpisodeDays
		days, year = count(row.Result.EpisodeDays), count(row.Result.DataYear)
	}
	at := func(key string, c episode.Category) (string, bool) {
		f, err := acts.design.At(key, acts.period.Start, policy.Scope{Track: acts.track, Category: c.Name(), Days: length})
		return f.Value, err == nil
	}
	switch d.Key() {
	case "policy.design":
		return "all", true
	case "policy.period":
		return acts.period.ID, true
	case "policy.track":
		return s.ruleWords(row.Design), true
	case "policy.episode_days":
		return days, true
	case "policy.data_year":
		return year, true
	case "policy.discount":
		return s.discounts(acts.design, at)
	}
	if key := parameterOf(d.Key()); key != "" {
		if scale, _ := at("quality.scale", 0); d.Name == "cjr_cqs" && scale != "20" {
			return "", false
		}
		return at(key, 0)
	}
	return "", false
}

// parameterOf is the design's parameter that a lever overrides.
func parameterOf(key string) string {
	switch key {
	case "policy.stop_gain", "policy.stop_loss":
		return strings.TrimPrefix(key, "policy.")
	case "policy.cap_percentile":
		return "cap.high"
	case "quality.cqs", "quality.cjr_cqs":
		return "quality.default"
	case "condition.conservative_cost", "condition.deferral":
		return "msk." + strings.TrimPrefix(key, "condition.")
	case "capitation.stop_loss", "capitation.premium", "capitation.admin":
		return key
	case "aco.msr":
		return "min_rate"
	case "aco.fsr":
		return "aco.share"
	}
	return ""
}

// ruleWords says which track a design's rule picks.
func (s *Session) ruleWords(d *policy.Design) string {
	if len(d.Tracks) == 0 {
		return "no tracks"
	}
	if t := s.Rule(d.ID); t != ByHospital {
		return "by rule: " + t
	}
	return "by hospital"
}

// discounts is the chosen category's discount, or "1.5%-2.0%" over all.
func (s *Session) discounts(d *policy.Design, at func(string, episode.Category) (string, bool)) (string, bool) {
	if s.category != 0 {
		return at("discount", s.category)
	}
	lo, hi := "", ""
	for _, c := range d.Categories {
		v, ok := at("discount", c)
		if !ok {
			continue
		}
		if lo == "" || less(v, lo) {
			lo = v
		}
		if hi == "" || less(hi, v) {
			hi = v
		}
	}
	if lo == hi {
		return lo, lo != ""
	}
	return lo + "-" + hi, true
}

func less(a, b string) bool {
	x, errX := money.ParseRate(a)
	y, errY := money.ParseRate(b)
	return errX == nil && errY == nil && x.Cmp(y) < 0
}

// Show writes a value with its unit: "15%", "2 d", "$250,000".
func Show(d *lever.Def, v lever.Value) string {
	switch d.Unit {
	case lever.Percent, lever.Limit:
		if v.None {
			return "none"
		}
		return v.Rate.Decimal().Shift(2).String() + "%"
	case lever.Days:
		return v.Rate.Decimal().String() + " d"
	case lever.Count:
		if d.Name == "episode_days" {
			return v.Rate.Decimal().String() + " d"
		}
		return v.Rate.Decimal().String()
	case lever.Number:
		return v.Rate.Decimal().String()
	case lever.Dollars:
		return strings.TrimSuffix(v.Cents.Grouped(), ".00")
	case lever.ID, lever.Switch:
	}
	return v.Text
}
