package policy

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"bundlelab/engine/money"
)

// steps are the parts of a settlement every design file gives a source for.
func steps() []string {
	return []string{"target", "spending", "reconciliation_amount", "quality_adjusted", "npra", "net_payment"}
}

// optional are the ledger lines a design file may name and source besides.
func optional() []string {
	return []string{"benchmark", "discount", "dead_zone", "low_volume", "gain_floor", "min_rate", "share", "quality", "stop_limit", "post_episode", "overlap", "gate", "withhold", "warranty", "pac", "stop_loss_recovery", "deferral", "bundle_npra", "bundle_npra_booked", "lost_margin", "gainshare", "alignment", "convener"}
}

// Words that stand where a number would.
const (
	None     = "none"     // no limit, no cap, no mapping
	Waived   = "waived"   // a stop-loss: the hospital never repays
	Pooled   = "pooled"   // baseline weights: every episode counts alike
	Yes      = "yes"      // a rule that is on
	NoLoss   = "no_loss"  // low volume: the category carries no loss
	Exclude  = "exclude"  // low volume: the category is left out
	Regional = "regional" // low volume: no weight on own history
)

// spec says what a parameter's text must be.
type spec struct {
	kind   string   // rate, share, count, number, weights, words, rates, edges, cells, dollars, lengths
	lo, hi string   // range of a rate
	words  []string // what may stand in its place, or all there is of kind "words"

	needed     bool   // no settlement without it
	effect     string // needed when quality.effect has this word
	byCategory bool   // every covered category needs one
	formula    string // the only one that reads it, "" for all
}

// paramSpecs are the parameters a design may state, with their ranges. Adding
// one here and reading it in settle is how a rule becomes data.
func paramSpecs() map[string]spec {
	rate := func(lo, hi string, words ...string) spec { return spec{kind: "rate", lo: lo, hi: hi, words: words} }
	need := func(s spec) spec { s.needed = true; return s }
	with := func(effect string, s spec) spec { s.effect = effect; return s }
	only := func(formula string, s spec) spec { s.formula = formula; return s }
	words := func(w ...string) spec { return spec{kind: "words", words: w} }
	return map[string]spec{
		"episode_days":         need(spec{kind: "count"}),
		"episode_days.choices": {kind: "lengths"},
		"scope":                words("all", "post_acute"),
		"discount":             {kind: "rate", lo: "-20%", hi: "20%", needed: true, byCategory: true},
		"discount.loss":        rate("-20%", "20%"),

		"baseline.weights":  need(spec{kind: "weights", words: []string{Pooled}}),
		"blend.own":         {kind: "share"},
		"cells":             {kind: "cells", words: []string{None}},
		"risk":              words("multiplier", "cells"),
		"benchmark.factors": words("sbs_pcma_pat"),

		"trend.band":         need(rate("0%", "100%", None)),
		"normalization.band": need(rate("0%", "100%", None)),

		"cap.high":       need(words("p99", "p95", "p75", "mean+2sd", None)),
		"cap.low":        words("p1", "p5", None),
		"cap.keep_above": rate("0%", "100%"),

		"low_volume.below":  {kind: "count"},
		"low_volume.action": words(NoLoss, Exclude, Regional),

		"pool":                  words("hospital", "category"),
		"gain_share":            rate("0%", "100%"),
		"loss_share":            rate("0%", "100%"),
		"gain_floor":            rate("0%", "100%"),
		"min_rate":              rate("0%", "20%"),
		"min_rate.loss":         rate("0%", "20%"),
		"min_rate.first_dollar": words(Yes, "no"),
		"stop_gain":             need(rate("0%", "100%", None)),
		"stop_loss":             need(rate("0%", "100%", None, Waived)),
		"limit.base":            words("target", "benchmark", "reimbursement"),

		"quality.effect":   need(spec{kind: "effects"}),
		"quality.order":    words("before", "after"),
		"quality.scale":    {kind: "number", lo: "1", hi: "1000"}, // a score is divided by it
		"quality.default":  {kind: "number", lo: "0", hi: "1000"},
		"quality.gain_max": with("multiplier", rate("0%", "100%")),
		"quality.loss_max": with("multiplier", rate("0%", "100%")),
		"quality.gate":     with("gate", spec{kind: "number", lo: "0", hi: "1000"}),
		"quality.tiers":    with("discount", spec{kind: "edges"}),
		"quality.discount": with("discount", spec{kind: "rates", lo: "0%", hi: "20%"}),
		"quality.withhold": with("withhold", rate("0%", "100%")),

		"post_episode.days": {kind: "count"},
		"post_episode.sd":   {kind: "count"},
		"overlap":           words(Yes, "no"),
		"gainshare.pfs_cap": rate("0%", "100%", None),
		"alignment.cap":     rate("0%", "100%", None),
		"alignment.cap_one": rate("0%", "100%", None),
		"cancel.death":      words("anchor", "inside"),

		"warranty.share":        only("prospective", rate("0%", "100%")),
		"pac.share":             only("prometheus", rate("0%", "100%")),
		"typical.margin":        only("prometheus", rate("-50%", "100%")),
		"msk.surgery_share":     only("condition", rate("0%", "100%")),
		"msk.conservative_cost": only("condition", spec{kind: "dollars"}),
		"msk.deferral":          only("condition", rate("0%", "100%")),
		"capitation.admin":      only("capitation", rate("0%", "100%")),
		"capitation.stop_loss":  only("capitation", spec{kind: "dollars", words: []string{None}}),
		"capitation.recovery":   only("capitation", rate("0%", "100%")),
		"capitation.premium":    only("capitation", rate("0%", "100%")),
		"aco.bundle":            only("aco", spec{kind: "name"}),
		"aco.share":             only("aco", rate("0%", "100%")),
		"aco.loss_share_min":    only("aco", rate("0%", "100%")),
		"aco.loss_share_max":    only("aco", rate("0%", "100%")),
	}
}

// Effects are the ways a quality score can act.
func Effects() []string {
	return []string{None, "gate", "discount", "multiplier", "sharing_rate", "withhold"}
}

// Statuses are what a design can be: in force, over, final for a later date,
// never begun, proposed, or a contract between the parties.
func Statuses() []string {
	return []string{"active", "ended", "final_future", "cancelled", "proposed", "contract"}
}

// kinds are the sorts of clinical episodes that rules tell apart.
func kinds() []string { return []string{"medical", "surgical"} }

// Keys are the parameters a design may state, in alphabetical order.
func Keys() []string {
	return slices.Sorted(maps.Keys(paramSpecs()))
}

// check says what is wrong with a value's text, which the error repeats.
func (s spec) check(v string) error {
	if slices.Contains(s.words, v) {
		return nil
	}
	var err error
	switch s.kind {
	case "rate":
		return s.inRange(v)
	case "count":
		if _, err := strconv.ParseUint(v, 10, 20); err != nil {
			return fmt.Errorf("%q is not a whole number", v)
		}
	case "number":
		n, err := Number(v)
		if err != nil {
			return err
		}
		return s.holds(v, money.FromDecimal(n))
	case "effects":
		for _, w := range strings.Split(v, "+") {
			if !slices.Contains(Effects(), w) {
				return fmt.Errorf("%q is not an effect%s: use %s, joined by +", w, nearest(w, Effects()), strings.Join(Effects(), ", "))
			}
		}
		if strings.Contains(v, "+") && slices.Contains(strings.Split(v, "+"), None) {
			return fmt.Errorf("%q: none stands alone", v)
		}
	case "words":
		return fmt.Errorf("%q is not a choice%s: use %s", v, nearest(v, s.words), strings.Join(s.words, ", "))
	case "name":
		if strings.TrimSpace(v) == "" {
			return fmt.Errorf("a name is missing")
		}
	case "share":
		_, err = Share(v)
	case "weights":
		_, err = Weights(v)
	case "dollars":
		_, err = money.ParseCents(v)
	case "lengths":
		_, err = Lengths(v)
	case "rates":
		return s.inRange(strings.Split(v, "/")...)
	case "edges":
		_, err = Edges(v)
	case "cells":
		_, err = Cells(v)
	}
	if err != nil && !strings.Contains(err.Error(), strconv.Quote(v)) {
		return fmt.Errorf("%q: %w", v, err)
	}
	return err
}

// inRange checks rates, each against the range.
func (s spec) inRange(rates ...string) error {
	for _, v := range rates {
		r, err := money.ParseRate(v)
		if err == nil {
			err = s.holds(v, r)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// holds checks a figure against the range.
func (s spec) holds(v string, r money.Rate) error {
	lo, _ := money.ParseRate(s.lo)
	hi, _ := money.ParseRate(s.hi)
	if r.Cmp(lo) < 0 || r.Cmp(hi) > 0 {
		return fmt.Errorf("%s is outside %s to %s", v, s.lo, s.hi)
	}
	return nil
}

// Families are the kinds of programs, in the order of the board.
func Families() []string {
	return []string{"CMS mandatory", "CMS voluntary", "State", "Commercial and condition", "Total cost of care"}
}
