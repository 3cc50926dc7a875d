package engine

import (
	"github.com/shopspring/decimal"

	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/settle"
)

// Request asks for projections: the levers, the designs in the order wanted,
// and the hospitals by CCN. Empty lists mean all.
type Request struct {
	Designs   []string
	Hospitals []string
	Levers    lever.Set
}

// Result is the projected reconciliation under each design asked for, on the
// same episodes.
type Result struct {
	Designs []DesignResult
	Skipped []Skipped // designs left out, where none was named
}

// Skipped is a design that cannot settle these episodes, and why.
type Skipped struct{ Design, Why string }

// Counts say what a design counts: its categories that have episodes, and how
// many of the hospitals' episodes in the data year.
type Counts struct {
	Categories []episode.Category
	Episodes   int // counted: of its categories, not cancelled
	Of         int // of any category
}

// DesignResult is one design's projection.
type DesignResult struct {
	Design, Name string
	Says         string // what the net payment is, in words
	Period       policy.Period
	Track        string // one track for all, or "" when hospitals differ
	EpisodeDays  int
	DataYear     int // calendar year whose episodes stand for the period
	Counts       Counts
	Hospitals    []HospitalResult
	Sums         Sums        // over them
	Net          money.Cents // sum of hospital nets (ruling 32)
	HospitalNet  money.Cents // after program costs and sharing
	Evidence     policy.Evidence
	CareSaving   money.Cents // spending the care levers take off an episode, before cap and volume
	Cancelled    int         // episodes that dropped out (ruling 14)
	CutShort     int         // episodes observed for fewer days than the length
	Sources      []SourceCount
	Warnings     []string
	words        *words // of a result of sums alone; see Written
}

// SourceCount says how many episodes were priced from one source.
type SourceCount struct {
	Source   string // cms, table, scaled, own, blend
	Episodes int
}

// HospitalResult is one hospital's settlement.
type HospitalResult struct {
	CCN, Name, Track string
	Categories       []CategoryResult // only those with episodes
	Episodes         decimal.Decimal
	Ledger           settle.Ledger
	PerEpisode       money.Cents // net payment per episode, half away from zero
}

// CategoryResult is one category's totals.
type CategoryResult struct {
	Category  episode.Category
	Episodes  decimal.Decimal
	Baseline  int
	Benchmark money.Cents
	Target    money.Cents
	Spending  money.Cents
	Capped    money.Cents // dollars the outlier cap cut; negative where it lifts low episodes by more
}
