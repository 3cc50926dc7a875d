package worked

import (
	"math/big"

	"github.com/shopspring/decimal"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/price"
	"bundlelab/engine/settle"
)

// chain builds a benchmark from a price: base x realized trend and
// normalization, each held near its prospective factor, x the sum of episodes
// times multipliers.
type chain struct {
	Base       money.Cents `toml:"base"`
	TrendPro   string      `toml:"trend_prospective"`
	Trend      string      `toml:"trend_realized"`
	NormPro    string      `toml:"normalization_prospective"`
	Norm       string      `toml:"normalization_realized"`
	Multiplier string      `toml:"multiplier"` // sum of episodes x multiplier
}

// value is the benchmark, times further factors, rounded once.
func (c *chain) value(b settle.Bands, factors ...money.Rate) (money.Cents, error) {
	for _, x := range []struct {
		pro, real string
		band      money.Rate
	}{{c.TrendPro, c.Trend, b.Trend.Rate}, {c.NormPro, c.Norm, b.Normalization.Rate}} {
		pro, err := policy.Number(x.pro)
		if err != nil {
			return 0, err
		}
		realized, err := policy.Number(x.real)
		if err != nil {
			return 0, err
		}
		// Inside the band the realized factor itself counts; only a factor
		// past an edge becomes prospective x (1 +- band).
		relative := money.FromDecimal(realized.DivRound(pro, 12).Sub(decimal.New(1, 0)))
		if held := relative.Clamp(x.band); held.Cmp(relative) != 0 {
			realized = pro.Mul(price.Realized(relative, x.band).Decimal())
		}
		factors = append(factors, money.FromDecimal(realized))
	}
	m, err := policy.Number(c.Multiplier)
	return money.MicrosToCents(c.Base.Micros(), append(factors, money.FromDecimal(m))...), err
}

// priceCase is the price of one episode of a joint replacement.
type priceCase struct {
	head
	Years      []money.Cents `toml:"years"` // mean spending of the baseline years, oldest first
	Chain      *chain        `toml:"chain"`
	Factors    []string      `toml:"factors"`
	Discounted bool          `toml:"discounted"` // by the design's own rate
	Want       string        `toml:"want"`
}

func (c *priceCase) run(r *rules) ([]Figure, error) {
	t, err := settle.Resolve(r.design, r.period, settle.Asked{Track: r.track})
	if err != nil {
		return nil, err
	}
	var left []money.Rate
	if c.Discounted { // one episode's price is rounded once, after the discount
		x := t.RatesOf(&settle.Category{Name: episode.LEJR.String()})
		left = append(left, money.NewRate(1, 0).Sub(x.Gain.Rate))
	}
	var v money.Cents
	if c.Chain != nil {
		v, err = c.Chain.value(t.Band, left...)
	} else {
		v, err = c.baseline(r, left...)
	}
	if err != nil {
		return nil, err
	}
	f, err := dollars("price", c.Want, v, 0)
	return []Figure{f}, err
}

// baseline is the mean of the baseline years by the design's weights, times
// the factors.
func (c *priceCase) baseline(r *rules, factors ...money.Rate) (money.Cents, error) {
	found, err := r.design.At("baseline.weights", r.period.Start, policy.Scope{})
	if err != nil {
		return 0, err
	}
	weights, err := policy.Weights(found.Value)
	if err != nil {
		return 0, err
	}
	means := make([]*big.Rat, len(c.Years))
	for i, y := range c.Years {
		means[i] = big.NewRat(int64(y.Micros()), 1)
	}
	for _, f := range c.Factors {
		x, err := policy.Number(f)
		if err != nil {
			return 0, err
		}
		factors = append(factors, money.FromDecimal(x))
	}
	return money.MicrosToCents(money.Micros(money.RoundRat(price.OwnMean(means, weights))), factors...), nil
}

// charge is what spending after the episodes costs.
type charge struct {
	head
	Mean     money.Cents `toml:"mean"`
	SD       money.Cents `toml:"sd"`
	Average  money.Cents `toml:"average"`
	Episodes int64       `toml:"episodes"`
	Want     string      `toml:"want"`
}

func (c *charge) run(r *rules) ([]Figure, error) {
	sds, _, err := r.design.Rate("post_episode.sd", r.period.Start, policy.Scope{Track: r.track})
	if err != nil {
		return nil, err
	}
	n := money.Cents(c.Episodes)
	f, err := dollars("post_episode", c.Want, settle.PostEpisodeCharge(c.Average*n, (c.Mean+sds.Of(c.SD))*n), 0)
	return []Figure{f}, err
}

// dates are an episode's last day and the days after it that are watched: found
// by what of a one-day service of a dollar is inside, day by day.
type dates struct {
	head
	End  calendar.Day      `toml:"anchor_end"`
	Want map[string]string `toml:"want"`
}

func (c *dates) run(r *rules) ([]Figure, error) {
	days, _, err := r.design.Rate("episode_days", r.period.Start, policy.Scope{Track: r.track})
	if err != nil {
		return nil, err
	}
	watched, _, err := r.design.Rate("post_episode.days", r.period.Start, policy.Scope{Track: r.track})
	if err != nil {
		return nil, err
	}
	length := int(days.Decimal().IntPart())
	first := c.outside(length)
	return words(c.Want, map[string]string{
		"last_day":           (first - 1).String(),
		"post_episode_first": first.String(),
		"post_episode_last":  (c.outside(length+int(watched.Decimal().IntPart())) - 1).String(),
	})
}

// outside is the first day whose service is not in an episode of that length.
func (c *dates) outside(length int) calendar.Day {
	s := episode.Service{Amount: 100}
	for s.Inside(length) > 0 {
		s.From, s.To = s.From+1, s.To+1
	}
	return c.End + calendar.Day(s.From)
}
