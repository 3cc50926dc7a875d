package settle

import (
	"fmt"
	"math/big"

	"github.com/shopspring/decimal"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
)

// Condition is a bundle around a diagnosis: patients, a price for the expected
// mix of treatments, and the mix as it turned out (designs.md 9). An operation
// avoided is a saving of the bundle and a lost margin of the hospital.
type Condition struct {
	Treatments []Treatment
	Deferral   Graded // share of avoided operations that are only put off
	Margin     Graded // the hospital's contribution margin of an operation, dollars
}

// Treatment is one branch of the mix, for all patients.
type Treatment struct {
	Name          string
	Surgery       bool
	Before, After *big.Rat // patients, in the price and in fact
	Benchmark     money.Cents
	Spending      money.Cents
}

// Branch makes a treatment of shares and costs a patient.
func Branch(name string, surgery bool, patients decimal.Decimal, share, later money.Rate, cost, costLater money.Cents) Treatment {
	n := money.FromDecimal(patients)
	return Treatment{
		Name: name, Surgery: surgery, Before: n.Mul(share).Rat(), After: n.Mul(later).Rat(),
		Benchmark: n.Mul(share).Of(cost), Spending: n.Mul(later).Of(costLater),
	}
}

// ConditionOf reads the design's deferral; no design states a margin.
func ConditionOf(d *policy.Design, p policy.Period, s policy.Scope) (Condition, error) {
	x := Condition{Margin: Graded{None: true}}
	err := stated(d, p, s, map[string]*Graded{"msk.deferral": &x.Deferral})
	return x, err
}

// Check says whether both mixes hold the same patients.
func (x *Condition) Check() error {
	before, after := new(big.Rat), new(big.Rat)
	for _, k := range x.Treatments {
		before.Add(before, k.Before)
		after.Add(after, k.After)
	}
	if before.Cmp(after) != 0 {
		return fmt.Errorf("the expected mix holds %s patients, the later one %s: the shares of each must sum to 100%%", before.FloatString(2), after.FloatString(2))
	}
	return nil
}

// Settle makes each treatment a category; the discount of the design's only
// category is that of all of them.
func (x *Condition) Settle(t Terms, in Input) (Terms, Input) {
	var first Rates
	if len(t.Rates) > 0 {
		first = t.Rates[0]
	}
	t.Rates = make([]Rates, len(x.Treatments))
	list := make([]Category, len(x.Treatments))
	for i, k := range x.Treatments {
		t.Rates[i] = first
		t.Rates[i].Name = k.Name
		n, _ := decimal.NewFromString(k.After.FloatString(2)) // a decimal by construction
		list[i] = Category{Name: k.Name, Kind: first.Kind, Episodes: n, Baseline: -1, Benchmark: k.Benchmark, Spending: k.Spending}
	}
	in.Categories = list
	in.Adds = x.adds(in.Plain)
	return t, in
}

// adds are what is put off and what the hospital loses.
func (x *Condition) adds(plain bool) []Addend {
	avoided := new(big.Rat)
	for _, k := range x.Treatments {
		if k.Surgery {
			avoided.Add(avoided, k.Before).Sub(avoided, k.After)
		}
	}
	stays := big.NewRat(1, 1) // of the avoided operations
	off := termed(ToNet, "deferral", "Operations put off to the year after", x.Deferral)
	if avoided.Sign() > 0 && !x.Deferral.None {
		stays.Sub(stays, x.Deferral.Rate.Rat())
		each := new(big.Rat).Sub(x.mean(true), x.mean(false))
		off.Line.Amount = -product(1, x.Deferral.Rate.Rat(), avoided, each)
		if !plain {
			off.Line.Formula = fmt.Sprintf("-%s × %s avoided operations × %s more a patient", x.Deferral.Rate.Percent(), avoided.FloatString(2), money.Cents(money.RoundRat(each)).Grouped())
		}
	}
	lost := termed(ToHospital, "lost_margin", "Margin of the operations avoided", x.Margin)
	if !x.Margin.None {
		lost.Line.Amount = -product(x.Margin.dollars(), avoided, stays)
		if !plain {
			lost.Line.Formula = fmt.Sprintf("-%s operations avoided for good × %s", new(big.Rat).Mul(avoided, stays).FloatString(2), x.Margin.dollars().Grouped())
		}
	}
	return []Addend{off, lost}
}

// mean is the cost of a patient with or without operation, in cents: as it
// turned out, else as expected.
func (x *Condition) mean(surgery bool) *big.Rat {
	spent, n := new(big.Rat), new(big.Rat)
	expected, m := new(big.Rat), new(big.Rat)
	for _, k := range x.Treatments {
		if k.Surgery == surgery {
			spent.Add(spent, new(big.Rat).SetInt64(int64(k.Spending)))
			n.Add(n, k.After)
			expected.Add(expected, new(big.Rat).SetInt64(int64(k.Benchmark)))
			m.Add(m, k.Before)
		}
	}
	switch {
	case n.Sign() > 0:
		return spent.Quo(spent, n)
	case m.Sign() > 0:
		return expected.Quo(expected, m)
	}
	return n
}
