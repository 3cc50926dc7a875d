package worked

import (
	"fmt"

	"github.com/shopspring/decimal"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/settle"
)

// formulaCase is a contract with a formula of its own: exactly one of its
// tables is given.
type formulaCase struct {
	head
	CQS        string                 `toml:"cqs"`
	Fixed      *fixedPrice            `toml:"fixed_price"`
	Warranted  *warranted             `toml:"warranted"`
	Rates      []caseRate             `toml:"case_rates"`
	Mix        *mix                   `toml:"condition"`
	Capitation *capitation            `toml:"capitation"`
	ACO        *aco                   `toml:"aco"`
	Want       map[string]string      `toml:"want"`
	Within     map[string]money.Cents `toml:"within"`
}

// fixedPrice is a price and a cost a case, with what a warranty covers.
type fixedPrice struct {
	Category string          `toml:"category"`
	Cases    decimal.Decimal `toml:"cases"`
	Price    money.Cents     `toml:"price"`
	Cost     money.Cents     `toml:"cost"`
	Warranty []struct {
		Name        string      `toml:"name"`
		Probability money.Rate  `toml:"probability"`
		Cost        money.Cents `toml:"cost"`
		Absorbed    money.Rate  `toml:"absorbed"`
	} `toml:"warranty"`
}

// warranted is a price over fee-for-service totals, their complications apart.
type warranted struct {
	Category  string          `toml:"category"`
	Cases     decimal.Decimal `toml:"cases"`
	Benchmark money.Cents     `toml:"benchmark"`
	Expected  money.Cents     `toml:"expected_complications"`
	Spending  money.Cents     `toml:"spending"`
	Actual    money.Cents     `toml:"actual_complications"`
}

// caseRate is a PROMETHEUS budget, amounts of one case.
type caseRate struct {
	Category string          `toml:"category"`
	Cases    decimal.Decimal `toml:"cases"`
	Typical  money.Cents     `toml:"typical"`
	PAC      money.Cents     `toml:"pac"`
	Actual   money.Cents     `toml:"actual"`
}

// mix is a condition's treatments, shares of the patients and costs of one.
type mix struct {
	Patients   decimal.Decimal `toml:"patients"`
	Treatments []struct {
		Name    string      `toml:"name"`
		Surgery bool        `toml:"surgery"`
		Share   money.Rate  `toml:"share"`
		Later   money.Rate  `toml:"share_later"`
		Cost    money.Cents `toml:"cost"`
	} `toml:"treatments"`
}

// capitation is a monthly amount a member against claims.
type capitation struct {
	PMPM   money.Cents     `toml:"pmpm"`
	Risk   money.Rate      `toml:"risk"`
	Months decimal.Decimal `toml:"member_months"`
	Claims money.Cents     `toml:"claims"`
	Carved money.Cents     `toml:"carve_outs"`
}

// aco are an organization's totals and what the bundle inside it was paid.
type aco struct {
	Benchmark money.Cents `toml:"benchmark"`
	Spending  money.Cents `toml:"spending"`
	NPRA      money.Cents `toml:"npra"`
}

func (c *formulaCase) run(r *rules) ([]Figure, error) {
	t, err := settle.Resolve(r.design, r.period, settle.Asked{Track: r.track})
	if err != nil {
		return nil, err
	}
	var in settle.Input
	if in.CQS, err = scored(c.CQS, &t, false); err != nil {
		return nil, err
	}
	f, err := c.formula(r, &in)
	if err != nil {
		return nil, err
	}
	t, in = f.Settle(t, in)
	more := map[string]string{}
	if w, ok := f.(*settle.Warranted); ok && !w.Share.None {
		more["warranty_share"] = w.Share.Rate.Percent()
	}
	return settled(&t, &in, c.Want, c.Within, more)
}

// formula makes the product's own formula of the case's figures and the
// design's terms.
func (c *formulaCase) formula(r *rules, in *settle.Input) (settle.Formula, error) {
	s := policy.Scope{Track: r.track}
	switch {
	case c.Fixed != nil:
		x := &settle.FixedPrice{Name: c.Fixed.Category, Cases: c.Fixed.Cases, Price: c.Fixed.Price, Cost: c.Fixed.Cost}
		for _, e := range c.Fixed.Warranty {
			x.Warranty = append(x.Warranty, settle.Event{Name: e.Name, Probability: e.Probability, Cost: e.Cost, Absorbed: e.Absorbed})
		}
		return x, nil
	case c.Warranted != nil:
		w := c.Warranted
		in.Categories = []settle.Category{{Name: w.Category, Baseline: -1, Episodes: w.Cases, Benchmark: w.Benchmark, Spending: w.Spending, Uncapped: w.Spending}}
		share, err := settle.Stated(r.design, r.period, s, "warranty.share")
		return &settle.Warranted{Parts: []settle.Complications{{Expected: w.Expected, Actual: w.Actual}}, Share: share}, err
	case c.Rates != nil:
		x, err := settle.PrometheusOf(r.design, r.period, s)
		for _, y := range c.Rates {
			x.Rates = append(x.Rates, settle.PerCase(y.Category, "", y.Cases, y.Typical, money.NewRate(1, 0), y.PAC, y.Actual))
		}
		return &x, err
	case c.Mix != nil:
		x, err := settle.ConditionOf(r.design, r.period, s)
		for _, k := range c.Mix.Treatments {
			x.Treatments = append(x.Treatments, settle.Branch(k.Name, k.Surgery, c.Mix.Patients, k.Share, k.Later, k.Cost, k.Cost))
		}
		if err == nil {
			err = x.Check()
		}
		return &x, err
	case c.Capitation != nil:
		m := c.Capitation
		x, err := settle.CapitationOf(r.design, r.period, s)
		x.Categories, x.CarveOuts = []settle.Category{settle.Members("members", m.PMPM, m.Risk, m.Months, m.Claims)}, m.Carved
		return &x, err
	case c.ACO != nil:
		x, err := settle.ACOOf(r.design, r.period, s)
		x.Categories = []settle.Category{{Name: "ACO", Baseline: -1, Benchmark: c.ACO.Benchmark, Spending: c.ACO.Spending, Uncapped: c.ACO.Spending}}
		x.NPRA, x.NPRAEvidence, x.NPRAGiven = c.ACO.NPRA, policy.User, true
		return &x, err
	}
	return nil, fmt.Errorf("a formula needs one of fixed_price, warranted, case_rates, condition, capitation, aco")
}
