// Package settle turns a hospital's totals into money: a pure function from
// per-category benchmark and spending, quality and a design's terms to a
// ledger of ordered, cited lines that foot (engine.md 6; 42 CFR 512.550).
package settle

import (
	"github.com/shopspring/decimal"

	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
)

// Graded is a rate with where it comes from.
type Graded struct {
	Rate    money.Rate
	Carried string // the date it is carried forward from, "" when current
	policy.Source
}

// waived is the stop-loss of a track that never repays.
const waived = "waived"

// Limit is a stop-gain or stop-loss: a share of the target, or none.
type Limit struct {
	Graded
	None bool
}

// Terms are a design's settlement rules at one period and track, with the
// user's overrides.
type Terms struct {
	Design, Period, Track string
	Discount              [episode.NumCategories]Graded
	StopGain, StopLoss    Limit
	QualityGain           Graded // largest reduction of a gain
	QualityLoss           Graded // largest reduction of a loss
	QualityDefault        Graded // score when none is known
	LowVolume             int    // baseline episodes a category needs to carry a loss; 0 no rule
	LowVolumeSource       policy.Source
	NeverRepays           bool                     // the stop-loss is waived
	Steps                 map[string]policy.Source // by ledger line
	PostEpisode           policy.Source
	Band                  Bands
}

// Bands hold realized trend and normalization near the prospective ones.
type Bands struct{ Trend, Normalization Graded }

// Resolve reads a design's terms at a period and track and lays the user's
// policy levers for one hospital on top.
func Resolve(d *policy.Design, p policy.Period, track string, s lever.Set, ccn string) (Terms, error) {
	t := Terms{Design: d.ID, Period: p.ID, Track: track, Steps: d.Steps}
	get := func(key string, c episode.Category) (Graded, policy.Found, error) {
		f, err := d.At(key, p.Start, track, c)
		if err != nil {
			return Graded{}, f, err
		}
		g := Graded{Source: f.Source}
		if f.Carried {
			g.Carried = f.Since.String()
		}
		if f.Value != "none" && f.Value != waived {
			g.Rate, err = money.ParseRate(f.Value)
		}
		return g, f, err
	}
	var err error
	for _, c := range episode.Categories() {
		if !d.Covers(c) {
			continue
		}
		g := &t.Discount[c.Index()]
		if *g, _, err = get("discount", c); err != nil {
			return t, err
		}
		if v, ok := s.Get("policy", "discount", ccn, c); ok {
			*g = byUser(v)
		}
	}
	for _, x := range []struct {
		to        *Limit
		key, name string
	}{{&t.StopGain, "stop_gain", "stop_gain"}, {&t.StopLoss, "stop_loss", "stop_loss"}} {
		g, f, err := get(x.key, 0)
		if err != nil {
			return t, err
		}
		*x.to = Limit{g, f.Value == "none"}
		t.NeverRepays = t.NeverRepays || f.Value == waived
		if v, ok := s.Get("policy", x.name, ccn, 0); ok && (x.name == "stop_gain" || !t.NeverRepays) {
			*x.to = Limit{byUser(v), v.None}
		}
	}
	for _, x := range []struct {
		to  *Graded
		key string
	}{
		{&t.QualityGain, "quality.gain_max"}, {&t.QualityLoss, "quality.loss_max"}, {&t.QualityDefault, "quality.default"},
		{&t.Band.Trend, "trend.band"}, {&t.Band.Normalization, "normalization.band"},
	} {
		if *x.to, _, err = get(x.key, 0); err != nil {
			return t, err
		}
	}
	if d.Has("low_volume.below") {
		g, _, err := get("low_volume.below", 0)
		if err != nil {
			return t, err
		}
		t.LowVolume, t.LowVolumeSource = int(g.Rate.Decimal().IntPart()), g.Source
	}
	if d.Has("post_episode.sd") {
		sd, _, err := get("post_episode.sd", 0)
		if err != nil {
			return t, err
		}
		t.PostEpisode = sd.Source
	}
	return t, nil
}

func byUser(v lever.Value) Graded {
	return Graded{Rate: v.Rate, Source: policy.Source{Cite: "set by the user", Evidence: policy.User}}
}

// ResolveRules reads a design's terms with no lever on top.
func ResolveRules(d *policy.Design, p policy.Period, track string) (Terms, error) {
	return Resolve(d, p, track, lever.Set{}, "")
}

// PostEpisodeCharge is what spending in the days after the episodes costs: the
// part above the threshold, both summed over episodes (42 CFR 512.550(f);
// summing over episodes is derived).
func PostEpisodeCharge(spending, threshold money.Cents) money.Cents {
	return max(0, spending-threshold)
}

// PerEpisode is an amount per episode, half away from zero; zero without
// episodes.
func PerEpisode(c money.Cents, episodes decimal.Decimal) money.Cents {
	if !episodes.IsPositive() {
		return 0
	}
	return money.Cents(decimal.New(int64(c), 0).DivRound(episodes, 0).IntPart())
}
