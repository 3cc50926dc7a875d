// Package claim is the common stream of the claim importers: what one stay or
// one billed line says, whatever file it came from, and what is known of the
// person. Identifiers live here in memory only; nothing of this package is
// stored or printed.
package claim

import (
	"time"

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
	Indicator  string   // OPPS status indicator
	Place      string   // place of service
	Discharge  string   // patient discharge status
	Attending  string
	Operating  string
	Allowed    money.Cents
	Outlier    money.Cents // part of Allowed
	Payer      money.Cents // paid by another payer first
	NotPrimary bool
	LUPA       bool
	Visits     []Visit
	Units      int

	Books *control.File
	At    int // line of the file
	Rows  int // rows of the file it stands for
}

// Visit is a home health visit.
type Visit struct {
	Day   calendar.Day
	Count int32
}

// Cover is what one month's enrolment says.
type Cover struct {
	AB   bool // Part A and Part B
	MA   bool // Medicare Advantage
	Dual string
	LIS  string
}

// Month numbers the month of a day from year 0, to count over year ends.
func Month(d calendar.Day) int {
	t := civil(d)
	return t.Year()*12 + int(t.Month()) - 1
}

// MonthEnd is the last day of a month so numbered.
func MonthEnd(month int) calendar.Day {
	return calendar.Date(month/12, time.Month(month%12+2), 1) - 1
}

func civil(d calendar.Day) time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// Person is what the beneficiary files say.
type Person struct {
	Birth, Death *calendar.Day // nil unknown, or alive
	Sex          string        // M, F or ""
	ESRD         bool          // entitled because of kidney disease
	Months       map[int]Cover
}

// AgeOn is the age in whole years; false when the birth is unknown.
func (p *Person) AgeOn(d calendar.Day) (int, bool) {
	if p == nil || p.Birth == nil || d < *p.Birth {
		return 0, false
	}
	birth, then := civil(*p.Birth), civil(d)
	years := then.Year() - birth.Year()
	if birthday := birth.AddDate(years, 0, 0); birthday.After(then) {
		years--
	}
	return years, true
}
