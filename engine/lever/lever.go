// Package lever is what a user may change: one registry of keys with unit,
// range, scope and meaning, and the rule by which the care and market levers
// fold into one weight per category and setting (engine.md 3).
package lever

import (
	"fmt"
	"strings"

	"bundlelab/engine/episode"
)

// Scope says what a lever is set for.
type Scope uint8

// The scopes.
const (
	PerHospital Scope = iota // one value, or one per hospital
	PerDesign                // one value
	PerCategory              // all categories or one, for all hospitals or one
)

// Unit says how a value is written.
type Unit uint8

// The units.
const (
	ID      Unit = iota // a name
	Percent             // a rate: "15%" or "0.15"
	Number              // a plain number
	Days                // days, decimals allowed
	Count               // a whole number
	Dollars             // an amount with two decimals
	Switch              // on or off
	Limit               // a rate, or "none"
)

// Def is one lever of the registry.
type Def struct {
	Group, Name string // "care", "snf_days"; a saving's name is "saving.snf"
	Scope       Scope
	Unit        Unit
	Min, Max    string   // as the value is written; "" open
	Baseline    string   // what leaving it alone means, in words or as a value
	Step        string   // one key press
	Choices     []string // of an ID
	Title       string
	Meaning     string
	Evidence    string // what is known about its plausible range
}

// Key is the canonical key without hospital or category.
func (d *Def) Key() string { return d.Group + "." + d.Name }

// ByHospital says whether the lever can be set for one hospital: levers of the
// design, and the choice of design and period, are the same for all.
func (d *Def) ByHospital() bool {
	return d.Scope != PerDesign && d.Key() != "policy.design" && d.Key() != "policy.period"
}

const any100 = "100%"

// Registry lists every lever in the order of the board.
func Registry() []Def {
	defs := []Def{
		{Group: "policy", Name: "design", Unit: ID, Baseline: "all designs", Title: "Design", Meaning: "which bundle design settles the episodes"},
		{Group: "policy", Name: "period", Unit: ID, Baseline: "the period after the data year", Title: "Period", Meaning: "performance period whose rules apply"},
		{Group: "policy", Name: "track", Unit: ID, Baseline: "the rule's default for each hospital", Title: "Track", Meaning: "participation track; an ineligible choice is refused with the rule"},
		{Group: "policy", Name: "episode_days", Scope: PerDesign, Unit: Count, Min: "0", Max: "3650", Baseline: "the design's length", Step: "1", Title: "Episode days", Meaning: "days from discharge or procedure; targets re-derive at that length"},
		{Group: "policy", Name: "discount", Scope: PerCategory, Unit: Percent, Min: "-10%", Max: "20%", Baseline: "the design's discount", Step: "0.5%", Title: "Discount", Meaning: "Medicare's share off the benchmark"},
		{Group: "policy", Name: "cap_percentile", Scope: PerDesign, Unit: Number, Min: "50", Max: "100", Baseline: "99", Step: "0.5", Title: "Cap percentile", Meaning: "percentile of episode spending above which dollars do not count"},
		{Group: "policy", Name: "cap_source", Scope: PerDesign, Unit: ID, Choices: []string{"table", "panel"}, Baseline: "table", Title: "Cap source", Meaning: "the price table's percentile, or the loaded episodes' own projected one"},
		{Group: "policy", Name: "stop_gain", Scope: PerDesign, Unit: Limit, Min: "0%", Max: any100, Baseline: "the track's limit", Step: "1%", Title: "Stop-gain", Meaning: "largest payment as a share of the aggregate target"},
		{Group: "policy", Name: "stop_loss", Scope: PerDesign, Unit: Limit, Min: "0%", Max: any100, Baseline: "the track's limit", Step: "1%", Title: "Stop-loss", Meaning: "largest repayment as a share of the aggregate target; Track 1 never repays"},
		{Group: "policy", Name: "exclusions", Scope: PerDesign, Unit: Switch, Choices: []string{"on", "off"}, Baseline: "on", Title: "Exclusions", Meaning: "leave excluded services out of spending"},
		{Group: "policy", Name: "data_year", Scope: PerDesign, Unit: Count, Min: "2000", Max: "2100", Baseline: "the last year the data cover whole", Title: "Data year", Meaning: "calendar year of anchor ends that stands for the performance year"},
		{Group: "quality", Name: "cqs", Unit: Number, Min: "0", Max: "100", Baseline: "50, assumed", Step: "1", Title: "CQS", Meaning: "composite quality score"},
		{Group: "care", Name: "irf_to_snf", Scope: PerCategory, Unit: Percent, Min: "0%", Max: any100, Baseline: "0%", Step: "1%", Title: "IRF → SNF", Meaning: "share of IRF users who go to a SNF instead", Evidence: "CJR evaluation: -$357 IRF spending per episode"},
		{Group: "care", Name: "irf_to_hha", Scope: PerCategory, Unit: Percent, Min: "0%", Max: any100, Baseline: "0%", Step: "1%", Title: "IRF → home", Meaning: "share of IRF users who go home with home health instead", Evidence: "CJR evaluation: -$357 IRF spending per episode"},
		{Group: "care", Name: "snf_to_hha", Scope: PerCategory, Unit: Percent, Min: "0%", Max: any100, Baseline: "0%", Step: "1%", Title: "SNF → home", Meaning: "share of SNF users who go home with home health instead", Evidence: "CJR year 1: institutional post-acute use -2.9 points"},
		{Group: "care", Name: "snf_days", Scope: PerCategory, Unit: Days, Min: "0", Max: "", Baseline: "0", Step: "0.5", Title: "SNF days fewer", Meaning: "days taken off the mean SNF stay", Evidence: "CJR evaluation: -2.3 days, -$508 per episode"},
		{Group: "care", Name: "readmissions", Scope: PerCategory, Unit: Percent, Min: "-100%", Max: any100, Baseline: "0%", Step: "1%", Title: "Readmissions", Meaning: "change in readmission spending; -10% is a tenth less", Evidence: "CJR 90-day readmissions: -3.9%"},
	}
	for _, s := range episode.Settings() {
		defs = append(defs, Def{Group: "care", Name: "saving." + s.String(), Scope: PerCategory, Unit: Percent, Min: "-100%", Max: any100, Baseline: "0%", Step: "1%", Title: "Saving " + s.Title(), Meaning: "plain saving on " + s.Title() + " spending", Evidence: "whole programs saved $812 to $998 per episode (CJR)"})
	}
	return append(defs,
		Def{Group: "market", Name: "volume", Scope: PerCategory, Unit: Percent, Min: "-100%", Max: "1000%", Baseline: "0%", Step: "1%", Title: "Volume", Meaning: "change in the number of episodes"},
		Def{Group: "market", Name: "mix", Scope: PerCategory, Unit: Percent, Min: "-100%", Max: "1000%", Baseline: "0%", Step: "1%", Title: "Mix", Meaning: "change in the number of episodes of one category"},
		Def{Group: "market", Name: "cost_trend", Scope: PerCategory, Unit: Percent, Min: "-20%", Max: "20%", Baseline: "0%", Step: "0.5%", Title: "Own cost trend", Meaning: "own spending per year, from the data year to the performance year"},
		Def{Group: "market", Name: "trend_realized", Scope: PerCategory, Unit: Percent, Min: "-50%", Max: "50%", Baseline: "0%", Step: "0.5%", Title: "Realized trend", Meaning: "realized against prospective trend; the design holds it in a band"},
		Def{Group: "market", Name: "normalization_realized", Unit: Percent, Min: "-50%", Max: "50%", Baseline: "0%", Step: "0.5%", Title: "Realized normalization", Meaning: "realized against prospective normalization; the design holds it in a band"},
		Def{Group: "market", Name: "benchmark_level", Scope: PerCategory, Unit: Percent, Min: "-90%", Max: "200%", Baseline: "0%", Step: "1%", Title: "Benchmark level", Meaning: "level of estimated benchmarks (own or scaled) against the region"},
		Def{Group: "program", Name: "fixed_cost", Unit: Dollars, Min: "0.00", Baseline: "0.00", Step: "10000.00", Title: "Fixed cost", Meaning: "yearly cost of care redesign"},
		Def{Group: "program", Name: "cost_per_episode", Unit: Dollars, Min: "0.00", Baseline: "0.00", Step: "10.00", Title: "Cost per episode", Meaning: "cost of care redesign per episode"},
		Def{Group: "program", Name: "gainshare", Unit: Percent, Min: "0%", Max: any100, Baseline: "0%", Step: "1%", Title: "Gainshare", Meaning: "share of a payment passed on to collaborators"},
		Def{Group: "program", Name: "convener.gain_share", Unit: Percent, Min: "0%", Max: any100, Baseline: "0%", Step: "1%", Title: "Convener gain share", Meaning: "convener's share of a payment"},
		Def{Group: "program", Name: "convener.loss_share", Unit: Percent, Min: "0%", Max: any100, Baseline: "0%", Step: "1%", Title: "Convener loss share", Meaning: "convener's share of a repayment"},
		Def{Group: "program", Name: "convener.fee", Unit: Percent, Min: "0%", Max: any100, Baseline: "0%", Step: "0.5%", Title: "Convener fee", Meaning: "convener's fee as a share of the aggregate target"},
		Def{Group: "program", Name: "convener.fee_per_episode", Unit: Dollars, Min: "0.00", Baseline: "0.00", Step: "10.00", Title: "Convener fee per episode", Meaning: "convener's fee per episode"},
		Def{Group: "program", Name: "internal_savings", Unit: Dollars, Min: "0.00", Baseline: "0.00", Step: "100.00", Title: "Internal savings", Meaning: "own cost saved per avoided readmission, outside reconciliation"},
		Def{Group: "program", Name: "lost_margin", Unit: Dollars, Min: "0.00", Baseline: "0.00", Step: "100.00", Title: "Lost margin", Meaning: "own margin lost per avoided readmission, outside reconciliation"},
	)
}

// Key is where a lever is set: hospital beats category beats all (ruling 26).
type Key struct {
	Hospital string           // CCN, "" for all
	Category episode.Category // 0 for all
	Group    string
	Name     string
}

// String writes the key as scenario files do: "care.LEJR.snf_days",
// "hospital.100001.quality.cqs".
func (k Key) String() string {
	s := k.Group + "."
	if k.Category != 0 {
		s += k.Category.String() + "."
	} else if k.Group == "care" {
		s += "all."
	}
	s += k.Name
	if k.Hospital != "" {
		s = "hospital." + k.Hospital + "." + s
	}
	return s
}

// KeyError says a key is not one of the registry.
type KeyError struct{ Key, Why string }

func (e *KeyError) Error() string { return fmt.Sprintf("lever %q: %s", e.Key, e.Why) }

// ParseKey reads group[.category].name, hospital.<CCN>.group.name, and
// market.mix.<category> in either order.
func ParseKey(s string) (Key, *Def, error) {
	var k Key
	parts := strings.Split(s, ".")
	if parts[0] == "hospital" {
		if len(parts) < 4 || parts[1] == "" {
			return k, nil, &KeyError{s, "write hospital.<CCN>.<group>.<name>"}
		}
		k.Hospital, parts = parts[1], parts[2:]
	}
	if len(parts) < 2 {
		return k, nil, &KeyError{s, "write <group>.<name>, for example policy.track"}
	}
	k.Group = parts[0]
	rest, inner := parts[1:], ""
	if len(rest) > 1 && isCategory(rest[0]) {
		inner, rest = rest[0], rest[1:]
	} else if len(rest) == 2 && rest[0] == "mix" && isCategory(rest[1]) {
		inner, rest = rest[1], rest[:1]
	}
	if inner != "" && inner != "all" {
		k.Category, _ = episode.ParseCategory(inner)
	}
	k.Name = strings.Join(rest, ".")
	for _, d := range Registry() {
		if d.Group != k.Group || d.Name != k.Name {
			continue
		}
		switch {
		case k.Category != 0 && d.Scope != PerCategory:
			return k, nil, &KeyError{s, "this lever is not set by category"}
		case k.Hospital != "" && !d.ByHospital():
			return k, nil, &KeyError{s, "this lever is not set by hospital"}
		}
		return k, &d, nil
	}
	return k, nil, &KeyError{s, unknown(k.Group, k.Name)}
}

func isCategory(s string) bool {
	_, err := episode.ParseCategory(s)
	return err == nil || s == "all"
}

// unknown suggests the registry's nearest name.
func unknown(group, name string) string {
	best, score := "", 0
	for _, d := range Registry() {
		n := 0
		if d.Group == group {
			n += 2
		}
		n += common(d.Name, name)
		if n > score {
			best, score = d.Key(), n
		}
	}
	if score < 4 {
		return "there is no such lever; `bundlelab designs` lists designs and docs/methodology.md lists levers"
	}
	return fmt.Sprintf("there is no such lever; did you mean %s?", best)
}

func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
