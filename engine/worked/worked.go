// Package worked holds the built-in worked cases: small settlements and prices
// with known answers, run through the same code as every projection, so that
// anyone can check the program with one command.
package worked

import (
	_ "embed"
	"fmt"
	"math/big"

	"github.com/pelletier/go-toml/v2"
	"github.com/shopspring/decimal"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/price"
	"bundlelab/engine/settle"
)

//go:embed cases.toml
var builtin []byte

// Figure is one checked number of a case, as text: dollars or a date.
type Figure struct{ Name, Want, Got string }

// OK says the program computes what the case expects.
func (f Figure) OK() bool { return f.Want == f.Got }

// Outcome is one case after running it.
type Outcome struct {
	ID, About, Source string
	Evidence          policy.Evidence
	Published         bool
	Figures           []Figure
}

// OK says every figure agrees.
func (o Outcome) OK() bool {
	for _, f := range o.Figures {
		if !f.OK() {
			return false
		}
	}
	return true
}

type file struct {
	Settlements []settlement `toml:"settlement"`
	Prices      []priceCase  `toml:"price"`
	Calendars   []dates      `toml:"calendar"`
	Charges     []charge     `toml:"post_episode"`
}

type head struct {
	ID        string          `toml:"id"`
	About     string          `toml:"about"`
	Source    string          `toml:"source"`
	Evidence  policy.Evidence `toml:"evidence"`
	Published bool            `toml:"published"`
}

func (h head) outcome() Outcome {
	return Outcome{ID: h.ID, About: h.About, Source: h.Source, Evidence: h.Evidence, Published: h.Published}
}

type settlement struct {
	head
	Design     string                 `toml:"design"`
	Period     string                 `toml:"period"`
	Track      string                 `toml:"track"`
	CQS        string                 `toml:"cqs"`
	Post       money.Cents            `toml:"post_episode"`
	Categories []category             `toml:"categories"`
	Want       map[string]money.Cents `toml:"want"`
}

type category struct {
	Category  string      `toml:"category"`
	Episodes  int         `toml:"episodes"`
	Baseline  *int        `toml:"baseline_episodes"`
	Target    money.Cents `toml:"target"`
	Benchmark money.Cents `toml:"benchmark"`
	Price     *chain      `toml:"price"`
	Spending  money.Cents `toml:"spending"`
}

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

type priceCase struct {
	head
	Years      []money.Cents `toml:"years"`
	Weights    string        `toml:"weights"`
	Chain      *chain        `toml:"chain"`
	Factors    []string      `toml:"factors"`
	Discounted string        `toml:"discount"`
	Want       money.Cents   `toml:"want"`
}

type dates struct {
	head
	End  calendar.Day            `toml:"anchor_end"`
	Days int                     `toml:"days"`
	Want map[string]calendar.Day `toml:"want"`
}

type charge struct {
	head
	Mean     money.Cents `toml:"mean"`
	SD       money.Cents `toml:"sd"`
	K        int64       `toml:"k"`
	Average  money.Cents `toml:"average"`
	Episodes int64       `toml:"episodes"`
	Want     money.Cents `toml:"want"`
}

// Run runs every built-in case against the designs.
func Run(designs *policy.Set) ([]Outcome, error) {
	var f file
	if err := toml.Unmarshal(builtin, &f); err != nil {
		return nil, fmt.Errorf("worked cases: %w", err)
	}
	var out []Outcome
	for _, c := range f.Settlements {
		o, err := c.run(designs)
		if err != nil {
			return nil, fmt.Errorf("case %s: %w", c.ID, err)
		}
		out = append(out, o)
	}
	bands, err := bands(designs)
	if err != nil {
		return nil, err
	}
	for _, c := range f.Prices {
		o, err := c.run(bands)
		if err != nil {
			return nil, fmt.Errorf("case %s: %w", c.ID, err)
		}
		out = append(out, o)
	}
	for _, c := range f.Calendars {
		out = append(out, c.run())
	}
	for _, c := range f.Charges {
		out = append(out, c.run())
	}
	return out, nil
}

func (c *settlement) run(designs *policy.Set) (Outcome, error) {
	o := c.outcome()
	d, err := designs.Get(c.Design)
	if err != nil {
		return o, err
	}
	p, err := d.Period(c.Period)
	if err != nil {
		return o, err
	}
	t, err := settle.ResolveRules(d, p, c.Track)
	if err != nil {
		return o, err
	}
	in := settle.Input{PostEpisode: c.Post}
	if in.CQS, err = decimal.NewFromString(c.CQS); err != nil {
		return o, err
	}
	for _, x := range c.Categories {
		cat, err := episode.ParseCategory(x.Category)
		if err != nil {
			return o, err
		}
		y := settle.Category{Category: cat, Episodes: decimal.New(int64(x.Episodes), 0), Baseline: -1, Benchmark: x.Benchmark, Target: x.Target, Given: x.Target != 0, Spending: x.Spending}
		if x.Baseline != nil {
			y.Baseline = *x.Baseline
		}
		if x.Price != nil {
			v, err := x.Price.value(t.Band)
			if err != nil {
				return o, err
			}
			y.Benchmark = money.RoundCents(v)
		}
		in.Categories = append(in.Categories, y)
	}
	l := settle.Settle(&t, &in)
	if !l.Foots() {
		return o, fmt.Errorf("the ledger does not foot")
	}
	for _, id := range []string{"target", "spending", "reconciliation_amount", "low_volume", "quality", "quality_adjusted", "npra", "post_episode", "net_payment"} {
		want, ok := c.Want[id]
		if !ok {
			continue
		}
		line, _ := l.Line(id) // an absent addend is zero
		o.Figures = append(o.Figures, Figure{id, want.String(), line.Amount.String()})
	}
	return o, nil
}

// value is the exact benchmark in cents.
func (c *chain) value(b settle.Bands) (decimal.Decimal, error) {
	v := decimal.New(int64(c.Base), 0)
	for _, x := range []struct {
		pro, real string
		band      money.Rate
	}{{c.TrendPro, c.Trend, b.Trend.Rate}, {c.NormPro, c.Norm, b.Normalization.Rate}} {
		pro, err := decimal.NewFromString(x.pro)
		if err != nil {
			return v, err
		}
		realized, err := decimal.NewFromString(x.real)
		if err != nil {
			return v, err
		}
		// Inside the band the realized factor itself counts; only a factor
		// past an edge becomes prospective x (1 +- band).
		relative := money.FromDecimal(realized.DivRound(pro, 12).Sub(decimal.New(1, 0)))
		if held := relative.Clamp(x.band); held.Cmp(relative) != 0 {
			realized = pro.Mul(price.Realized(relative, x.band).Decimal())
		}
		v = v.Mul(realized)
	}
	m, err := decimal.NewFromString(c.Multiplier)
	return v.Mul(m), err
}

// bands are TEAM's own, for the cases that price one episode.
func bands(designs *policy.Set) (settle.Bands, error) {
	d, err := designs.Get("team")
	if err != nil {
		return settle.Bands{}, err
	}
	p, err := d.Period("PY2")
	if err != nil {
		return settle.Bands{}, err
	}
	t, err := settle.ResolveRules(d, p, "3")
	return t.Band, err
}

func (c *priceCase) run(b settle.Bands) (Outcome, error) {
	o := c.outcome()
	var v decimal.Decimal
	if c.Chain != nil {
		var err error
		if v, err = c.Chain.value(b); err != nil {
			return o, err
		}
	} else {
		weights, err := policy.Weights(c.Weights)
		if err != nil {
			return o, err
		}
		means := make([]*big.Rat, len(c.Years))
		for i, y := range c.Years {
			means[i] = big.NewRat(int64(y), 1)
		}
		m := price.OwnMean(means, weights)
		v = decimal.NewFromBigRat(m, 8)
	}
	for _, f := range c.Factors {
		x, err := decimal.NewFromString(f)
		if err != nil {
			return o, err
		}
		v = v.Mul(x)
	}
	if c.Discounted != "" {
		r, err := money.ParseRate(c.Discounted)
		if err != nil {
			return o, err
		}
		v = v.Mul(decimal.New(1, 0).Sub(r.Decimal()))
	}
	o.Figures = []Figure{{"price", c.Want.String(), money.RoundCents(v).String()}}
	return o, nil
}

func (c *dates) run() Outcome {
	o := c.outcome()
	first := c.End + calendar.Day(c.Days)
	for _, x := range []struct {
		name string
		day  calendar.Day
	}{{"last_day", first - 1}, {"post_episode_first", first}, {"post_episode_last", first + 29}} {
		o.Figures = append(o.Figures, Figure{x.name, c.Want[x.name].String(), x.day.String()})
	}
	return o
}

func (c *charge) run() Outcome {
	o := c.outcome()
	got := settle.PostEpisodeCharge(c.Average*money.Cents(c.Episodes), (c.Mean+c.SD*money.Cents(c.K))*money.Cents(c.Episodes))
	o.Figures = []Figure{{"post_episode", c.Want.String(), got.String()}}
	return o
}
