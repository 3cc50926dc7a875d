package worked

import (
	"fmt"

	"github.com/shopspring/decimal"

	"bundlelab/engine/quality"
)

// score is a composite quality score: CJR's of percentiles and points, or the
// mean of scaled scores by episodes, TEAM's and BPCI Advanced's.
type score struct {
	head
	Complications *percentiles      `toml:"complications"`
	Experience    *percentiles      `toml:"hcahps"`
	Reported      bool              `toml:"pro"`
	Measures      []measured        `toml:"measures"`
	Want          map[string]string `toml:"want"`
}

type percentiles struct {
	Now    *decimal.Decimal `toml:"now"`
	Before *decimal.Decimal `toml:"before"`
}

type measured struct {
	ID       string           `toml:"id"`
	Scaled   *decimal.Decimal `toml:"scaled"`
	Episodes decimal.Decimal  `toml:"episodes"`
}

func (c *score) run(r *rules) ([]Figure, error) {
	s, err := c.score(r)
	if err != nil {
		return nil, err
	}
	said := map[string]string{"score": s.Value.String()}
	if s.Tier.Name != "" {
		said["tier"] = s.Tier.Name
	}
	for _, p := range s.Parts {
		said["points."+p.ID] = p.Points.String()
	}
	return words(c.Want, said)
}

func (c *score) score(r *rules) (quality.Score, error) {
	var list []quality.Measured
	for _, m := range c.Measures {
		list = append(list, quality.Measured{ID: m.ID, Scaled: m.Scaled, Episodes: m.Episodes})
	}
	switch r.design.ID {
	case "cjr":
		return quality.CJR(quality.CJRMeasures{Complications: c.Complications.value(), Experience: c.Experience.value(), Reported: c.Reported})
	case "team":
		return quality.Team(list, quality.Neutral)
	case "bpcia":
		return quality.BPCIA(list)
	}
	return quality.Score{}, fmt.Errorf("design %s has no composite score that is built here", r.design.ID)
}

func (p *percentiles) value() quality.Percentiles {
	if p == nil {
		return quality.Percentiles{}
	}
	return quality.Percentiles{Now: p.Now, Before: p.Before}
}
