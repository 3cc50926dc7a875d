package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"bundlelab/engine/money"
)

// steps are the parts of a settlement every design file gives a source for.
func steps() []string {
	return []string{"target", "spending", "reconciliation_amount", "quality_adjusted", "npra", "net_payment"}
}

// spec says what a parameter's text must be.
type spec struct {
	kind   string // rate, count, days, number, weights
	lo, hi string // range of a rate
	none   bool   // "none" is allowed
	waived bool   // "waived" is allowed: the hospital never repays

	needed     bool // no settlement without it
	byCategory bool // every covered category needs one
}

// paramSpecs are the parameters a design may state, with their ranges. Adding
// one here and reading it in settle is how a rule becomes data.
func paramSpecs() map[string]spec {
	return map[string]spec{
		"episode_days":       {kind: "count", needed: true},
		"discount":           {kind: "rate", lo: "-10%", hi: "20%", needed: true, byCategory: true},
		"stop_gain":          {kind: "rate", lo: "0%", hi: "100%", none: true, needed: true},
		"stop_loss":          {kind: "rate", lo: "0%", hi: "100%", none: true, waived: true, needed: true},
		"quality.gain_max":   {kind: "rate", lo: "0%", hi: "100%", needed: true},
		"quality.loss_max":   {kind: "rate", lo: "0%", hi: "100%", needed: true},
		"quality.default":    {kind: "number", needed: true},
		"low_volume.below":   {kind: "count"},
		"trend.band":         {kind: "rate", lo: "0%", hi: "100%", needed: true},
		"normalization.band": {kind: "rate", lo: "0%", hi: "100%", needed: true},
		"baseline.weights":   {kind: "weights", needed: true},
		"cap.percentile":     {kind: "number", needed: true},
		"post_episode.days":  {kind: "count"},
		"post_episode.sd":    {kind: "count"},
	}
}

// sortedSpecs are the keys in a fixed order, for messages.
func sortedSpecs() []string {
	return slices.Sorted(maps.Keys(paramSpecs()))
}

func (s spec) check(v string) error {
	if s.none && v == "none" || s.waived && v == "waived" {
		return nil
	}
	switch s.kind {
	case "rate":
		r, err := money.ParseRate(v)
		if err != nil {
			return err
		}
		lo, _ := money.ParseRate(s.lo)
		hi, _ := money.ParseRate(s.hi)
		if r.Cmp(lo) < 0 || r.Cmp(hi) > 0 {
			return fmt.Errorf("%s is outside %s to %s", v, s.lo, s.hi)
		}
	case "weights":
		_, err := Weights(v)
		return err
	case "count":
		for _, c := range v {
			if c < '0' || c > '9' {
				return fmt.Errorf("%q is not a whole number", v)
			}
		}
		if v == "" || len(v) > 6 {
			return fmt.Errorf("%q is not a whole number", v)
		}
	case "number":
		_, err := money.ParseRate(v)
		return err
	}
	return nil
}

// Weights reads "17%/33%/50%", the weights of the baseline years, oldest
// first; they must sum to one.
func Weights(v string) ([]money.Rate, error) {
	var out []money.Rate
	sum := money.Rate{}
	for _, part := range strings.Split(v, "/") {
		r, err := money.ParseRate(part)
		if err != nil {
			return nil, err
		}
		out, sum = append(out, r), sum.Add(r)
	}
	if sum.Cmp(money.NewRate(1, 0)) != 0 {
		return nil, fmt.Errorf("weights %s sum to %s, not 100%%", v, sum.Percent())
	}
	return out, nil
}
