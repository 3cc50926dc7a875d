package worked

import (
	"github.com/shopspring/decimal"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/project"
	"bundlelab/engine/settle"
)

// hold is what of one dear or cheap episode counts. Thresholds are dollars;
// the share of what lies past the high one is the design's.
type hold struct {
	head
	Low      *money.Cents      `toml:"low"`
	High     *money.Cents      `toml:"high"`
	Spending money.Cents       `toml:"spending"`
	Want     map[string]string `toml:"want"`
}

func (c *hold) run(r *rules) ([]Figure, error) {
	s := policy.Scope{Track: r.track}
	keep, _, err := r.design.Rate("cap.keep_above", r.period.Start, s)
	if err != nil {
		return nil, err
	}
	h := project.Open()
	h.Keep = keep
	if c.Low != nil {
		h.Low = c.Low.Micros()
	}
	if c.High != nil {
		h.High = c.High.Micros()
	}
	said := map[string]string{"counts": h.Of(c.Spending.Micros()).Cents().String(), "kept_above": keep.Percent()}
	for name, key := range map[string]string{"low": "cap.low", "high": "cap.high"} {
		found, err := r.design.At(key, r.period.Start, s)
		if err != nil {
			return nil, err
		}
		said[name] = found.Value
	}
	return words(c.Want, said)
}

// mean is an amount of one of many, rounded to a cent.
type mean struct {
	head
	Total money.Cents     `toml:"total"`
	Of    decimal.Decimal `toml:"of"`
	Want  string          `toml:"want"`
	Near  money.Cents     `toml:"within"`
}

func (c *mean) run(*rules) ([]Figure, error) {
	f, err := dollars("per_patient", c.Want, settle.PerEpisode(c.Total, c.Of), c.Near)
	return []Figure{f}, err
}
