package settle

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"bundlelab/engine/money"
)

// FixedPrice is a contract at one price a case, set ahead, whose provider
// bears the complications its warranty covers: the margin of a case is price
// less cost less expected warranty (designs.md 7). Nothing is reconciled.
type FixedPrice struct {
	Name, Kind  string
	Cases       decimal.Decimal
	Price, Cost money.Cents // of one case; the cost without warranted complications
	Warranty    []Event
}

// Event is one kind of complication under a warranty.
type Event struct {
	Name        string
	Probability money.Rate  // a case
	Cost        money.Cents // when it happens
	Absorbed    money.Rate  // the provider's part: 1 of a covered cause, 0 of an excluded one
}

// FixedPrices are contracts for several kinds of cases, settled together.
type FixedPrices []FixedPrice

// Settle takes the prices as they are given: no discount comes off.
func (x FixedPrices) Settle(t Terms, in Input) (Terms, Input) {
	t.Rates, in.Categories = nil, nil
	w := given(ToSpending, "warranty", "Warranty", 0)
	// The line is rounded once; the parts are what each event adds to the
	// rounded running sum, so that they foot.
	exact, before := decimal.Zero, money.Cents(0)
	var terms []string
	for _, c := range x {
		n := money.FromDecimal(c.Cases)
		in.Categories = append(in.Categories, Category{Name: c.Name, Kind: c.Kind, Episodes: c.Cases, Baseline: -1, Benchmark: n.Of(c.Price), Spending: n.Of(c.Cost)})
		for _, e := range c.Warranty {
			name := e.Name
			if len(x) > 1 {
				name = c.Name + " " + e.Name
			}
			exact = exact.Add(n.Mul(e.Probability).Mul(e.Absorbed).Decimal().Mul(decimal.New(int64(e.Cost), 0)))
			after := money.RoundCents(exact)
			w.part(name, before-after)
			before = after
			terms = append(terms, fmt.Sprintf("%s %s × %s × %s × %s", name, c.Cases, e.Probability.Percent(), e.Cost.Grouped(), e.Absorbed.Percent()))
		}
	}
	w.Line.Formula = "-(" + strings.Join(terms, " + ") + ")"
	in.Adds = []Addend{w}
	return t, in
}

// Settle settles one contract alone.
func (x *FixedPrice) Settle(t Terms, in Input) (Terms, Input) {
	return FixedPrices{*x}.Settle(t, in)
}

// Complications are what readmissions make of one category's totals.
type Complications struct {
	Expected money.Cents // inside the benchmark
	Actual   money.Cents // inside the spending
}

// Warranted is a fixed price over fee-for-service totals: the benchmark stands
// for what the payer paid, its expected complications apart. The price is the
// rest after discount plus a share of the expected complications, and the
// provider absorbs all that happen.
type Warranted struct {
	Parts []Complications // of each category of the input
	Share Graded          // None: the price is the whole benchmark after discount
}

// Settle splits cost and complications.
func (x *Warranted) Settle(t Terms, in Input) (Terms, Input) {
	inside := termed(ToTarget, "warranty_price", "Expected complications inside the price", x.Share)
	absorbed := Addend{Stage: ToSpending, Line: Line{ID: "warranty", Label: "Complications the provider absorbs", Cite: "terms of the contract", Evidence: x.Share.Evidence.Lowest(in.SpendingEvidence), Note: "every readmission of the episodes counts as a warranted complication, absorbed in full"}}
	list := make([]Category, len(in.Categories))
	var terms []string
	for i, c := range in.Categories {
		p := x.Parts[i]
		if !x.Share.None {
			c.Benchmark -= p.Expected
			inside.part(c.Name, x.Share.Rate.Of(p.Expected))
			if !in.Plain {
				terms = append(terms, fmt.Sprintf("%s %s × %s", c.Name, x.Share.Rate.Percent(), p.Expected.Grouped()))
			}
		}
		c.Spending -= p.Actual
		c.Uncapped -= p.Actual
		absorbed.part(c.Name, -p.Actual)
		list[i] = c
	}
	if !in.Plain {
		inside.Line.Formula = strings.Join(terms, " + ")
		absorbed.Line.Formula = "-(" + partsText(absorbed.Line.Parts) + "), readmissions of the projected episodes"
	}
	in.Categories, in.Adds = list, []Addend{inside, absorbed}
	return t, in
}

// partsText writes parts without their sign.
func partsText(parts []Part) string {
	var terms []string
	for _, p := range parts {
		terms = append(terms, p.Category+" "+p.Amount.Abs().Grouped())
	}
	return strings.Join(terms, " + ")
}
