package settle

import (
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
)

// Line is one step of a settlement. An addend carries its sign; a subtotal
// repeats the running result and is not added again (ruling 42).
type Line struct {
	ID       string
	Label    string
	Amount   money.Cents
	Formula  string // with its numbers
	Cite     string
	Evidence policy.Evidence
	Note     string
	Subtotal bool
	Parts    []Part // by category, of the discount, low-volume and limit lines
	Input    bool   // the user's own figure: it does not lower the ledger's grade
}

// Part is one category's share of a line.
type Part struct {
	Category string
	Amount   money.Cents
	Rate     money.Rate
}

// PriceTags are the dollars each rule moved, with the sign of the hospital's
// gain (ruling 43).
type PriceTags struct {
	Discount, Quality, StopGain, StopLoss, Cap money.Cents
}

// Ledger is a settlement that explains itself: its addends sum to every
// subtotal after them, to the cent.
type Ledger struct {
	Lines     []Line
	Tags      PriceTags
	Target    money.Cents   // aggregate reconciliation target price
	Spending  money.Cents   // performance-year spending
	Targets   []money.Cents // of each category
	Net       money.Cents   // net_payment: > 0 CMS pays, < 0 the hospital repays
	Hospital  money.Cents   // hospital_net
	Evidence  policy.Evidence
	Warnings  []string
	GainBinds bool
	LossBinds bool
}

// Line finds a line by id.
func (l *Ledger) Line(id string) (Line, bool) {
	for _, x := range l.Lines {
		if x.ID == id {
			return x, true
		}
	}
	return Line{}, false
}

// Foots re-adds the lines and says whether every subtotal is the sum of the
// addends before it.
func (l *Ledger) Foots() bool {
	var run money.Cents
	for _, x := range l.Lines {
		if x.Subtotal {
			if x.Amount != run {
				return false
			}
			continue
		}
		run += x.Amount
	}
	return run == l.Hospital
}
