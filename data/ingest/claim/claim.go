// Package claim is the common stream of the claim importers: what one stay or
// one billed line says, whatever file it came from, and what is known of the
// person. Identifiers live here in memory only; nothing of this package is
// stored or printed.
package claim

import (
	"strings"

	"bundlelab/data/ingest/control"
	"bundlelab/engine/calendar"
	"bundlelab/engine/money"
)

// Kind is the sort of bill.
type Kind uint8

// The kinds.
const (
	Inpatient Kind = 1 + iota
	Outpatient
	SNF
	HHA
	Hospice
	Carrier
	DME
)

// String is the kind as a file role.
func (k Kind) String() string {
	if k < Inpatient || k > DME {
		return "claims"
	}
	return [...]string{"inpatient", "outpatient", "snf", "hha", "hospice", "carrier", "dme"}[k-1]
}

// ByLine says that the bill is counted line by line, not claim by claim.
func (k Kind) ByLine() bool { return k == Outpatient || k == Carrier || k == DME }

// KindOfNCH reads NCH_CLM_TYPE_CD.
func KindOfNCH(code string) (Kind, bool) {
	switch code {
	case "10":
		return HHA, true
	case "20", "30":
		return SNF, true
	case "40":
		return Outpatient, true
	case "50":
		return Hospice, true
	case "60", "61":
		return Inpatient, true
	case "71", "72":
		return Carrier, true
	case "81", "82":
		return DME, true
	}
	return 0, false
}

// Event is one stay or one billed line: the smallest part of a claim that an
// episode takes or leaves.
type Event struct {
	Person     string // identifier of the file
	Claim      string // identifier of the file
	Line       string
	Kind       Kind
	Provider   string
	OwnerKind  string // CCN, NPI or ""
	From, To   calendar.Day
	DRG        string
	HCPCS      string
	Procedures []string // ICD-9, where they are the trigger
	Diagnoses  []Diagnosis
	Indicator  string // OPPS status indicator
	Place      string // place of service
	Discharge  string // patient discharge status
	Attending  string
	Operating  string
	Allowed    money.Cents  // raw: with wage index, teaching and low-income payments
	Std        *money.Cents // standardized, or nearest to it; nil when the feed has none
	Outlier    money.Cents  // part of Allowed
	Payer      money.Cents  // paid by another payer first
	NotPrimary bool
	LUPA       bool
	Visits     []Visit // of home health
	Units      int

	Books *control.File
	At    int // line of the file
	Rows  int // rows of the file it stands for
}

// Diagnosis is one diagnosis code of a bill, without its point.
type Diagnosis struct {
	Code  string
	ICD10 bool // else ICD-9
}

// Amount is what the event counts with: the standardized amount where there is
// one, else the raw one.
func (v *Event) Amount() money.Cents {
	if v.Std != nil {
		return *v.Std
	}
	return v.Allowed
}

// Secondary says that a primary payer code of a claim names a payer before
// Medicare.
func Secondary(code string) bool { return len(code) == 1 && code >= "A" && code <= "L" }

// Denied says that Medicare did not pay for a professional or equipment line: by
// the claim's denial code, all zeros, or by a processing indicator other than
// allowed, reduced or second to another payer.
func Denied(denial, indicator string) bool {
	if denial != "" && strings.Trim(denial, "0") == "" {
		return true
	}
	switch indicator {
	case "", "A", "R", "S":
		return false
	}
	return true
}

// OtherICD is what is said of a code of the version not in use on its day
// (C004).
const OtherICD = "the code's version is not the one in use on the day: ICD-10 began on 1 October 2015"

// ICD10Start is the first day of bills with ICD-10 codes (45 CFR 162.1002(c)).
func ICD10Start() calendar.Day { return calendar.Date(2015, 10, 1) }

// Differs says that an amount added up is not the one stated: by more than a
// dollar and more than half a percent of it (data.md 6.3, A004).
func Differs(sum, stated money.Cents) bool {
	gap := (sum - stated).Abs()
	return gap > 1_00 && gap*200 > stated.Abs()
}
