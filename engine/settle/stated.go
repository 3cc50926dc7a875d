package settle

import (
	"cmp"
	"fmt"
	"math/big"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
)

// Formula is a settlement that discounts, shares and limits alone do not
// express. Settle takes the design's terms and what is known besides (score,
// charges, program) and gives back what the one kernel settles: its categories
// and addends stand in place of those that came in.
type Formula interface {
	Settle(t Terms, in Input) (Terms, Input)
}

// Given grades a term as the user's own.
func Given(r money.Rate) Graded {
	return Graded{Rate: r, Source: policy.Source{Cite: "given by the user", Evidence: policy.User}}
}

// Stated reads a term of a design's own formula; one the design does not state
// for the scope is None. An amount in dollars is a rate of one dollar.
func Stated(d *policy.Design, p policy.Period, s policy.Scope, key string) (Graded, error) {
	r := &resolver{d: d, on: p.Start, s: s}
	return r.rate(key, s), r.err
}

// dollars reads a graded amount.
func (g Graded) dollars() money.Cents { return g.Rate.Of(100) }

// stated reads several terms; the first error stays.
func stated(d *policy.Design, p policy.Period, s policy.Scope, into map[string]*Graded) error {
	for key, g := range into {
		var err error
		if *g, err = Stated(d, p, s, key); err != nil {
			return err
		}
	}
	return nil
}

// given is an addend that rests on the user's figures alone.
func given(s Stage, id, label string, amount money.Cents) Addend {
	return Addend{Stage: s, Line: Line{ID: id, Label: label, Amount: amount, Cite: "given by the user", Evidence: policy.User, Input: true}}
}

// termed is an addend that rests on a term.
func termed(s Stage, id, label string, g Graded) Addend {
	x := Line{ID: id, Label: label, Cite: g.Cite, Evidence: g.Evidence, Note: carried(g.Note, &g), Input: g.Evidence == policy.User}
	return Addend{Stage: s, Line: x}
}

// part adds one category's share to an addend.
func (a *Addend) part(name string, amount money.Cents) {
	a.Line.Amount += amount
	if amount != 0 {
		a.Line.Parts = append(a.Line.Parts, Part{Category: name, Amount: amount})
	}
}

// product multiplies cents by exact factors and rounds once.
func product(c money.Cents, factors ...*big.Rat) money.Cents {
	x := new(big.Rat).SetInt64(int64(c))
	for _, f := range factors {
		x.Mul(x, f)
	}
	return money.Cents(money.RoundRat(x))
}

// owed says what a net payment is.
func (t *Terms) owed(net money.Cents) string {
	return policy.Says(t.Formula, t.Payer, cmp.Compare(net, 0))
}

// kept says what hospital_net is.
func (t *Terms) kept() string {
	if t.Formula == "aco" {
		return "what the ACO and the hospital keep together, less what the program costs and shares"
	}
	return "net payment less what the program costs and shares"
}

// difference writes what reconciliation_amount is.
func (f *Figures) difference() string {
	text := f.Target.Grouped() + " - " + f.Spending.Grouped()
	switch {
	case f.c.Adds[ToSpending] < 0:
		text += fmt.Sprintf(" - %s beside the spending", (-f.c.Adds[ToSpending]).Grouped())
	case f.c.Adds[ToSpending] > 0:
		text += fmt.Sprintf(" + %s beside the spending", f.c.Adds[ToSpending].Grouped())
	}
	return text
}

// added is a category's part of what a formula adds to the target.
func (in *Input) added(name string) money.Cents {
	var sum money.Cents
	for i := range in.Adds {
		if in.Adds[i].Stage != ToTarget {
			continue
		}
		for _, x := range in.Adds[i].Line.Parts {
			if x.Category == name {
				sum += x.Amount
			}
		}
	}
	return sum
}
