// Package settle turns a hospital's totals into money: a pure function from
// per-category benchmark and spending, quality and a design's terms to a
// ledger of ordered, cited lines that foot (engine.md 6; 42 CFR 512.550,
// 510.305).
package settle

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
)

// Graded is a rate with where it comes from.
type Graded struct {
	Rate    money.Rate
	None    bool   // the design sets no such rate
	Carried string // the date it is carried forward from, "" when current
	policy.Source
}

// Rates are one category's discounts: benchmark less Gain is the target of a
// gain, benchmark less Loss that of a loss. Between them lies a dead zone
// (42 CFR 510.300(c)).
type Rates struct {
	Name, Kind string
	Gain, Loss Graded
}

// Quality is how the composite score acts.
type Quality struct {
	Effect           Graded // its words and source
	words            []string
	after            bool // acts after the limits
	Scale            decimal.Decimal
	Default          Graded // score when none is known
	GainMax, LossMax Graded // largest reduction of a gain and of a loss
	Gate             Graded // lowest score that is paid
	Withhold         Graded
	edges            []policy.Edge
	points           []money.Rate // off both discounts, by tier
	tiers            Graded
}

// Acts says whether the score acts in one of the ways of policy.Effects.
func (q *Quality) Acts(word string) bool { return slices.Contains(q.words, word) }

// Terms are a design's settlement rules at one period and track, for one
// class of hospital, with the user's overrides.
type Terms struct {
	Design, Period, Track string
	Formula, Payer        string
	Rates                 []Rates
	GainShare, LossShare  Graded
	GainFloor             Graded
	MinGain, MinLoss      Graded
	MinStep               bool // only what lies past the least rate is shared
	StopGain, StopLoss    Graded
	LimitBase             string
	NeverRepays           bool // the stop-loss is waived
	Pooled                bool // one pool for all categories; otherwise each its own
	Quality               Quality
	LowVolume             int // baseline episodes a category needs; 0 no rule
	LowVolumeAction       Graded
	PostEpisode           policy.Source
	PFSCap                Graded
	AlignCap, AlignOne    Graded
	Band                  Bands
	Steps                 map[string]policy.Step // by ledger line
}

// Bands hold realized trend and normalization near the prospective ones.
type Bands struct{ Trend, Normalization Graded }

// Held is a realized change as far as the band lets it count.
func (g Graded) Held(relative money.Rate) money.Rate {
	if g.None {
		return relative.Plus1()
	}
	return relative.Clamp(g.Rate).Plus1()
}

// Asked is whom the terms are for.
type Asked struct {
	Track  string
	Class  policy.Class
	Days   int // episode length; 0 the design's own
	Levers lever.Set
	CCN    string
}

// resolver reads a design at a date and remembers the first error.
type resolver struct {
	d   *policy.Design
	on  calendar.Day
	s   policy.Scope
	err error
}

// text finds a parameter; one the design does not state is None.
func (r *resolver) text(key string, s policy.Scope) (Graded, string) {
	if !r.d.Has(key) {
		return Graded{None: true}, ""
	}
	f, err := r.d.At(key, r.on, s)
	if err != nil {
		return Graded{None: true}, "" // stated, but not for this scope
	}
	g := Graded{Source: f.Source, None: f.Value == policy.None}
	if f.Carried {
		g.Carried = f.Since.String()
	}
	return g, f.Value
}

func (r *resolver) rate(key string, s policy.Scope) Graded {
	g, v := r.text(key, s)
	if g.None || v == policy.Waived {
		return g
	}
	var err error
	if g.Rate, err = money.ParseRate(v); err != nil && r.err == nil {
		r.err = fmt.Errorf("design %s, %s: %w", r.d.ID, key, err)
	}
	return g
}

// need is a rate no settlement goes without.
func (r *resolver) need(key string, s policy.Scope) Graded {
	if _, err := r.d.At(key, r.on, s); err != nil && r.err == nil {
		r.err = err
	}
	return r.rate(key, s)
}

// Resolve reads a design's terms at a period and lays the user's policy levers
// for one hospital on top. Errors: *policy.DateError.
func Resolve(d *policy.Design, p policy.Period, a Asked) (Terms, error) {
	r := &resolver{d: d, on: p.Start, s: policy.Scope{Track: a.Track, Class: a.Class, Days: a.Days}}
	t := Terms{Design: d.ID, Period: p.ID, Track: a.Track, Formula: d.Formula, Payer: d.Payer, Steps: d.Steps}
	t.rates(r, a)
	t.limits(r, a)
	t.quality(r)
	t.GainShare, t.LossShare = r.rate("gain_share", r.s), r.rate("loss_share", r.s)
	t.GainFloor = r.rate("gain_floor", r.s)
	t.MinGain, t.MinLoss = r.rate("min_rate", r.s), r.rate("min_rate.loss", r.s)
	if t.MinLoss.None {
		t.MinLoss = t.MinGain
	}
	_, first := r.text("min_rate.first_dollar", r.s)
	t.MinStep = first == "no"
	_, pool := r.text("pool", r.s)
	t.Pooled = pool != "category"
	if low := r.rate("low_volume.below", r.s); !low.None {
		action, word := r.text("low_volume.action", r.s)
		action.Evidence = action.Evidence.Lowest(low.Evidence)
		if word != policy.Regional { // acts on the benchmark
			t.LowVolume, t.LowVolumeAction = int(low.Rate.Decimal().IntPart()), action
			t.LowVolumeAction.None = word == policy.Exclude
		}
	}
	post, _ := r.text("post_episode.sd", r.s)
	t.PostEpisode = post.Source
	t.PFSCap, t.AlignCap, t.AlignOne = r.rate("gainshare.pfs_cap", r.s), r.rate("alignment.cap", r.s), r.rate("alignment.cap_one", r.s)
	t.Band = Bands{r.need("trend.band", r.s), r.need("normalization.band", r.s)}
	return t, r.err
}

// rates reads the discounts of every category the design lists, and of each
// kind for those it does not.
func (t *Terms) rates(r *resolver, a Asked) {
	add := func(name, kind string, c episode.Category) {
		s := r.s
		s.Category, s.Kind = name, kind
		x := Rates{Name: name, Kind: kind, Gain: r.need("discount", s), Loss: r.rate("discount.loss", s)}
		if x.Loss.None {
			x.Loss = x.Gain
		}
		if v, ok := a.Levers.Get("policy", "discount", a.CCN, c); ok {
			x.Gain = byUser(v)
			// A loss threshold above the benchmark is no discount and stays, as
			// long as it lies above the gain's.
			if x.Loss.Rate.Sign() >= 0 || x.Loss.Rate.Cmp(v.Rate) > 0 {
				x.Loss = byUser(v)
			}
		}
		t.Rates = append(t.Rates, x)
	}
	for _, x := range r.d.Listed {
		c, err := episode.ParseCategory(x.ID)
		if err != nil {
			c = 0
		}
		add(x.ID, x.Kind, c)
	}
	if r.d.Open {
		for _, kind := range []string{"medical", "surgical", ""} {
			f, err := r.d.At("discount", r.on, policy.Scope{Track: r.s.Track, Kind: kind, Days: r.s.Days})
			if err == nil && (kind != "" || !f.Carried) { // where kinds differ, the kind must be known
				add("", kind, 0)
			}
		}
	}
}

// RatesOf finds a category's discounts: its own, else those its kind has in a
// design that names no such category, else its own under another kind.
func (t *Terms) RatesOf(c *Category) *Rates {
	var kind, name *Rates
	for i := range t.Rates {
		switch x := &t.Rates[i]; {
		case x.Name == c.Name && (c.Kind == "" || x.Kind == "" || x.Kind == c.Kind):
			return x
		case x.Name == "" && x.Kind == c.Kind:
			kind = x
		case x.Name == c.Name:
			name = x
		}
	}
	if kind != nil {
		return kind
	}
	return name
}

func (t *Terms) limits(r *resolver, a Asked) {
	t.StopGain, t.StopLoss = r.need("stop_gain", r.s), r.need("stop_loss", r.s)
	_, word := r.text("stop_loss", r.s)
	t.NeverRepays = word == policy.Waived
	_, t.LimitBase = r.text("limit.base", r.s)
	if v, ok := a.Levers.Get("policy", "stop_gain", a.CCN, 0); ok {
		t.StopGain = byUser(v)
	}
	if v, ok := a.Levers.Get("policy", "stop_loss", a.CCN, 0); ok && !t.NeverRepays { // ruling 34
		t.StopLoss = byUser(v)
	}
}

func (t *Terms) quality(r *resolver) {
	q := &t.Quality
	effect, words := r.text("quality.effect", r.s)
	q.Effect, q.words = effect, strings.Split(words, "+")
	_, order := r.text("quality.order", r.s)
	q.after = order == "after"
	q.Scale = decimal.New(100, 0)
	if g := r.rate("quality.scale", r.s); !g.None {
		q.Scale = g.Rate.Decimal()
	}
	q.Default, q.Gate, q.Withhold = r.rate("quality.default", r.s), r.rate("quality.gate", r.s), r.rate("quality.withhold", r.s)
	q.GainMax, q.LossMax = r.rate("quality.gain_max", r.s), r.rate("quality.loss_max", r.s)
	if !q.Acts("discount") {
		return
	}
	var edges, points string
	var err error
	q.tiers, edges = r.text("quality.tiers", r.s)
	if q.edges, err = policy.Edges(edges); err == nil {
		_, points = r.text("quality.discount", r.s)
		q.points, err = policy.Rates(points)
	}
	if err == nil && len(q.points) != len(q.edges)+1 {
		err = fmt.Errorf("%s needs one rate more than %s has edges", points, edges)
	}
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("design %s, quality tiers: %w", r.d.ID, err)
	}
}

// off is what the score takes off both discounts.
func (q *Quality) off(score decimal.Decimal) money.Rate {
	if !q.Acts("discount") {
		return money.Rate{}
	}
	return q.points[policy.Tier(score, q.edges)]
}

// passes says whether the score opens the gate.
func (q *Quality) passes(cqs decimal.Decimal, gate *bool) bool {
	if !q.Acts("gate") {
		return true
	}
	if gate != nil {
		return *gate
	}
	return !cqs.LessThan(q.Gate.Rate.Decimal())
}

func byUser(v lever.Value) Graded {
	return Graded{Rate: v.Rate, None: v.None, Source: policy.Source{Cite: "set by the user", Evidence: policy.User}}
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
	return c.Per(money.FromDecimal(episodes))
}
