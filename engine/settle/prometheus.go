package settle

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
)

// Prometheus is a budget of typical cost with a margin plus an allowance for
// potentially avoidable complications (PACs): the provider keeps what it does
// not spend of it (PROMETHEUS Payment; designs.md 8).
type Prometheus struct {
	Rates  []CaseRate
	Margin Graded // on typical cost
	Share  Graded // of expected complications inside the budget
}

// CaseRate is one category's budget and what was spent, for all its cases.
type CaseRate struct {
	Category Category    // its benchmark is the severity-adjusted typical cost, its spending all that was spent
	PAC      money.Cents // expected complications
}

// PrometheusOf reads the design's margin and share.
func PrometheusOf(d *policy.Design, p policy.Period, s policy.Scope) (Prometheus, error) {
	var x Prometheus
	err := stated(d, p, s, map[string]*Graded{"typical.margin": &x.Margin, "pac.share": &x.Share})
	return x, err
}

// PerCase makes a category's case rate from amounts of one case: typical cost
// times severity (1 where none is known), expected complications, and what a
// case cost in fact.
func PerCase(name, kind string, cases decimal.Decimal, typical money.Cents, severity money.Rate, pac, actual money.Cents) CaseRate {
	n := money.FromDecimal(cases)
	return CaseRate{
		Category: Category{Name: name, Kind: kind, Episodes: cases, Baseline: -1, Benchmark: n.Mul(severity).Of(typical), Spending: n.Of(actual)},
		PAC:      n.Of(pac),
	}
}

// TeamScore weighs a provider's own score and that of all providers of the
// episode: 70% and 30% (anesthesiallc.com, secondary).
func TeamScore(own, team decimal.Decimal) decimal.Decimal {
	return own.Mul(decimal.New(70, -2)).Add(team.Mul(decimal.New(30, -2)))
}

// Settle lays margin and allowance on the typical cost.
func (x *Prometheus) Settle(t Terms, in Input) (Terms, Input) {
	margin := termed(ToTarget, "margin", "Margin on typical cost", x.Margin)
	pac := termed(ToTarget, "pac", "Allowance for complications", x.Share)
	in.Categories = make([]Category, len(x.Rates))
	var profits, allowances []string
	for i, r := range x.Rates {
		in.Categories[i] = r.Category
		margin.part(r.Category.Name, x.Margin.Rate.Of(r.Category.Benchmark))
		pac.part(r.Category.Name, x.Share.Rate.Of(r.PAC))
		if !in.Plain {
			profits = append(profits, fmt.Sprintf("%s %s × %s", r.Category.Name, x.Margin.Rate.Percent(), r.Category.Benchmark.Grouped()))
			allowances = append(allowances, fmt.Sprintf("%s %s × %s", r.Category.Name, x.Share.Rate.Percent(), r.PAC.Grouped()))
		}
	}
	margin.Line.Formula, pac.Line.Formula = strings.Join(profits, " + "), strings.Join(allowances, " + ")
	in.Adds = []Addend{margin, pac}
	return t, in
}
