package worked

import (
	"fmt"
	"math/big"

	"github.com/shopspring/decimal"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/price"
	"bundlelab/engine/settle"
)

// settlement is a hospital's totals under a design.
type settlement struct {
	head
	Class         []string               `toml:"class"` // of the hospital: rural, sch, ...
	Days          int                    `toml:"days"`  // episode length; 0 the design's own
	CQS           string                 `toml:"cqs"`   // score, where the design has one
	Gate          *bool                  `toml:"gate"`  // or whether quality is passed
	Post          money.Cents            `toml:"post_episode"`
	Overlap       money.Cents            `toml:"overlap"`
	Reimbursement *money.Cents           `toml:"reimbursement"`
	Categories    []category             `toml:"categories"`
	Want          map[string]string      `toml:"want"`
	Within        map[string]money.Cents `toml:"within"`
}

// category gives one clinical episode's target, or its benchmark in one of the
// ways a benchmark comes about.
type category struct {
	Category   string                 `toml:"category"`
	Kind       string                 `toml:"kind"`
	Episodes   decimal.Decimal        `toml:"episodes"`
	Baseline   *int                   `toml:"baseline_episodes"`
	Target     money.Cents            `toml:"target"`
	Benchmark  money.Cents            `toml:"benchmark"`
	Price      *chain                 `toml:"price"`
	Blend      *blend                 `toml:"blend"`
	Thresholds map[string]money.Cents `toml:"thresholds"` // of one episode
	Spending   money.Cents            `toml:"spending"`
}

// blend is one episode's price from the hospital's own history and the
// region's.
type blend struct {
	Own    money.Cents `toml:"own"`
	Region money.Cents `toml:"region"`
}

func (c *settlement) run(r *rules) ([]Figure, error) {
	class := policy.Class{}
	for _, x := range c.Class {
		class[x] = true
	}
	t, err := settle.Resolve(r.design, r.period, settle.Asked{Track: r.track, Class: class, Days: c.Days})
	if err != nil {
		return nil, err
	}
	in := settle.Input{PostEpisode: c.Post, Overlap: c.Overlap, Gate: c.Gate, Reimbursement: c.Reimbursement}
	if in.CQS, err = scored(c.CQS, &t, c.Gate != nil); err != nil {
		return nil, err
	}
	for i := range c.Categories {
		y, err := c.Categories[i].totals(r, t.Band)
		if err != nil {
			return nil, err
		}
		in.Categories = append(in.Categories, y)
	}
	return settled(&t, &in, c.Want, c.Within, nil)
}

// scored reads a score; a design that pays by one needs it.
func scored(text string, t *settle.Terms, gated bool) (decimal.Decimal, error) {
	if text != "" {
		return policy.Number(text)
	}
	if !gated && !t.Quality.Acts("none") {
		return decimal.Zero, fmt.Errorf("design %s pays by quality: the case needs cqs", t.Design)
	}
	return decimal.Zero, nil
}

// totals are a category's as settlement takes them.
func (x *category) totals(r *rules, b settle.Bands) (settle.Category, error) {
	y := settle.Category{Name: x.Category, Kind: x.Kind, Episodes: x.Episodes, Baseline: -1, Benchmark: x.Benchmark, Target: x.Target, Given: x.Target != 0, Spending: x.Spending, Uncapped: x.Spending}
	if _, ok := r.design.List(x.Category); !ok && !r.design.Open {
		return y, fmt.Errorf("design %s has no category %q", r.design.ID, x.Category)
	}
	if x.Baseline != nil {
		y.Baseline = *x.Baseline
	}
	if x.Price != nil {
		var err error
		if y.Benchmark, err = x.Price.value(b); err != nil {
			return y, err
		}
	}
	if x.Blend != nil {
		each, err := x.Blend.mean(r)
		if err != nil {
			return y, err
		}
		y.Benchmark = money.Cents(money.RoundRat(each.Mul(each, x.Episodes.Rat())))
	}
	if x.Thresholds != nil {
		all := func(key string) money.Cents { return money.FromDecimal(x.Episodes).Of(x.Thresholds[key]) }
		y.Thresholds = &settle.Thresholds{Commendable: all("commendable"), Acceptable: all("acceptable"), GainLimit: all("gain_limit")}
	}
	return y, nil
}

// mean weighs own history and region by the design's share of own history, as
// yearly means are weighed, exact, in cents.
func (b *blend) mean(r *rules) (*big.Rat, error) {
	found, err := r.design.At("blend.own", r.period.Start, policy.Scope{})
	if err != nil {
		return nil, err
	}
	own, err := policy.Share(found.Value)
	if err != nil {
		return nil, err
	}
	part, whole := own.Num().Int64(), own.Denom().Int64()
	prices := []*big.Rat{big.NewRat(int64(b.Own), 1), big.NewRat(int64(b.Region), 1)}
	return price.OwnMean(prices, []money.Rate{money.NewRate(part, 0), money.NewRate(whole-part, 0)}), nil
}
