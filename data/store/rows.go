package store

import (
	"time"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/price"
)

// Format names where a batch came from, as stored in import_batch.format.
type Format string

// The formats that exist today.
const (
	Native    Format = "native"
	BPCIA     Format = "bpcia"
	TEAM      Format = "team"
	CCLF      Format = "cclf"
	RIF       Format = "rif"
	SynPUF    Format = "synpuf"
	Tuva      Format = "tuva"
	Synthetic Format = "synthetic"
)

// BatchInfo opens a batch: one import, one transaction.
type BatchInfo struct {
	Format    Format
	App       string // program version
	Synthetic bool   // every row is made up
	Note      string
	At        time.Time // of the import, to the second; zero: not stated
}

// Episode is one episode on its way into the database. Identifiers are
// already hashed: BeneHash is a keyed hash, and Key holds nothing a person
// could be found by.
type Episode struct {
	Key         string // unique in the database: the same key again replaces the episode
	BeneHash    []byte
	CCN         string
	Category    episode.Category
	Inpatient   bool
	Trigger     string
	Cell        string
	Start, End  calendar.Day
	StdAnchor   money.Cents
	RawAnchor   *money.Cents
	DataThrough *calendar.Day // nil: the batch's latest service date, marked assumed
	EligEnd     *calendar.Day
	Death       *calendar.Day
	Discharge   string // patient discharge status, two digits
	Age         *int
	Sex         string // M, F or ""
	HCC         *int
	Dual        panel.Known
	LIS         panel.Known
	CDI         panel.Known
	PriorPAC    panel.Known
	Fracture    panel.Known
	Attending   string  // NPI
	Operating   string  // NPI
	Risk        int64   // multiplier in millionths; 0 unknown
	RiskFacts   *string // what claims said for Risk beside the fields (data/reference); nil: Risk is the file's own
	Target      *money.Cents
	CMSTotal    *money.Cents // total the feed states, at CMSDays
	CMSDays     int
	DropFlags   uint32 // reasons a person would look at the episode twice
	NotStd      bool   // amounts are raw, not standardized (A005)
	Services    []Service
}

// Service is one service line on its way into the database. Offsets are days
// from the episode's anchor end.
type Service struct {
	episode.Service
	LineKey      string // unique within the episode
	Raw          *money.Cents
	Provider     string
	ProviderKind string // CCN, NPI, TIN or ""
	CodeKind     string // DRG, HCPCS, HIPPS, REV or ""
	Code         string
	Units        int
	Stay         string // links the claims of one stay
	Exclusion    string // the file's own words for why the line is out
	PrimaryPayer money.Cents
}

// File is one input file of a batch with its control totals.
type File struct {
	Role     string // episodes, services, hospitals, prices, inpatient, snf ...
	Name     string // base name
	SHA256   []byte
	Bytes    int64
	Read     int // data rows read; always Loaded + Rejected + Skipped
	Loaded   int
	Skipped  int // rows that need no place: already loaded, or outside every episode
	Warned   int
	Rejected int
	// Dollars in the same split.
	AmountRead, AmountLoaded, AmountSkipped, AmountRejected money.Cents
	Problems                                                []Problem
}

// Problem is a coded finding (data.md 6.3) on a row of a file. Hint is a
// pattern such as "9A99-AA9", never the value.
type Problem struct {
	Code     string
	Severity Severity
	Line     int // 0: the file as a whole
	Column   string
	Hint     string
	Message  string
	Count    int // 1, or how many more of this code were not kept
}

// Severity ranks a problem; the number is the one stored.
type Severity int

// The severities.
const (
	Info Severity = 1 + iota
	Warning
	Reject
	Refuse // the whole file
)

// Hospital and PriceRow are stored as the engine knows them.
type (
	// Hospital is one hospital row.
	Hospital = panel.Hospital
	// PriceRow is one price-table row.
	PriceRow = price.Row
)
