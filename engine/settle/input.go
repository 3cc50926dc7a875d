package settle

import (
	"slices"

	"github.com/shopspring/decimal"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
)

// Category are one category's totals, already rounded to cents (ruling 1).
type Category struct {
	Name       string // "LEJR", or another clinical episode of the design
	Kind       string // medical or surgical, for a name the design does not list
	Episodes   decimal.Decimal
	Baseline   int         // episodes in the baseline years; -1 unknown
	Benchmark  money.Cents // before discount
	Target     money.Cents // after discount, when Given
	Given      bool        // Target was given and Benchmark is not known
	Thresholds *Thresholds // of a design with two thresholds, in place of a benchmark
	Spending   money.Cents
	Uncapped   money.Cents // spending before the outlier cap
}

// Thresholds are the two thresholds of a state's episode design and the
// average below which nothing more is earned, each for all the episodes.
type Thresholds struct{ Commendable, Acceptable, GainLimit money.Cents }

// thresholds says whether any category has thresholds of its own.
func (in *Input) thresholds() bool {
	return slices.ContainsFunc(in.Categories, func(c Category) bool { return c.Thresholds != nil })
}

// Input is one pool: a hospital in a period.
type Input struct {
	Categories  []Category
	CQS         decimal.Decimal
	CQSEvidence policy.Evidence // how the score is known
	Gate        *bool           // whether the quality gate is passed, where that is all that is known
	PostEpisode money.Cents     // charge for spending after the episodes, >= 0
	Overlap     money.Cents     // what an ACO was paid out of the discount, >= 0
	Benchmark   policy.Source   // where the benchmarks come from

	Reimbursement    *money.Cents    // base of the limits where the design says so; nil unknown
	SpendingEvidence policy.Evidence // how the spending is known; 0 as imported
	SpendingAssumed  bool            // what the user supposes moves it: labelled, no doubt about the result
	Adds             []Addend
	Program          Program
	Plain            bool // nobody reads formulas: lines, and a design's own formula, leave them out
}

// Stage says where an addend stands in the ledger.
type Stage uint8

// The stages.
const (
	ToTarget   Stage = iota // part of the target, after the discount
	ToSpending              // beside the spending
	ToNet                   // after the limits
	ToHospital              // after the net payment: what is left for the hospital
)

// Addend is a line of a design's own formula, such as a warranty.
type Addend struct {
	Stage Stage
	Line  Line
}

// Program is what the hospital spends and shares outside the payer's
// settlement; all rates and amounts are the user's.
type Program struct {
	FixedCost, PerEpisode money.Cents
	Gainshare             money.Rate  // of a payment, to collaborators
	PFS                   money.Cents // the collaborators' physician fee schedule payments; 0 unknown
	Alignment             money.Rate  // of a repayment, borne by collaborators
	Collaborators         int         // how many bear it; 0 unknown
	ConvenerGain          money.Rate
	ConvenerLoss          money.Rate
	ConvenerFee           money.Rate
	ConvenerPerEpisode    money.Cents
	ConvenerGuarantee     money.Rate  // yearly price of the guarantee, of the largest repayment
	FeesFirst             bool        // the convener's fees come off before the split
	InternalSaving        money.Cents // already for all avoided readmissions
	LostMargin            money.Cents // likewise
	AvoidedReadmissions   decimal.Decimal
}
