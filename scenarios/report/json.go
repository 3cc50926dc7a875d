// Package report renders results for people and programs: JSON, CSV, Markdown
// and plain tables of the same ledger lines that every screen shows.
package report

import (
	"encoding/json"
	"io"

	"github.com/shopspring/decimal"

	"bundlelab/engine"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/risk"
	"bundlelab/engine/settle"
)

// The schema keys of the JSON documents.
const (
	LedgerSchema     = "bundlelab.ledger/1"
	ProjectionSchema = "bundlelab.projection/1"
)

// Line is a ledger line in JSON.
type Line struct {
	ID       string          `json:"id"`
	Label    string          `json:"label"`
	Amount   money.Cents     `json:"amount"`
	Subtotal bool            `json:"subtotal"`
	Formula  string          `json:"formula"`
	Cite     string          `json:"cite"`
	Evidence policy.Evidence `json:"evidence"`
	Note     string          `json:"note,omitempty"`
	Parts    []Part          `json:"parts,omitempty"`
}

// Part is one category's share of a line.
type Part struct {
	Category string      `json:"category"`
	Amount   money.Cents `json:"amount"`
	Rate     *money.Rate `json:"rate,omitempty"`
}

// Tags are the dollars each rule moved.
type Tags struct {
	Discount money.Cents `json:"discount"`
	Quality  money.Cents `json:"quality"`
	StopGain money.Cents `json:"stop_gain"`
	StopLoss money.Cents `json:"stop_loss"`
	Cap      money.Cents `json:"cap"`
}

// Ledger is a settlement in JSON.
type Ledger struct {
	Schema      string          `json:"schema"`
	Design      string          `json:"design"`
	Period      string          `json:"period"`
	Track       string          `json:"track"`
	Lines       []Line          `json:"lines"`
	Tags        Tags            `json:"price_tags"`
	NetPayment  money.Cents     `json:"net_payment"`
	HospitalNet money.Cents     `json:"hospital_net"`
	Evidence    policy.Evidence `json:"evidence"`
	Warnings    []string        `json:"warnings,omitempty"`

	QualityScore *QualityScore `json:"quality_score,omitempty"` // built from measures
}

func lines(l *settle.Ledger) []Line {
	out := make([]Line, len(l.Lines))
	for i, x := range l.Lines {
		out[i] = Line{ID: x.ID, Label: x.Label, Amount: x.Amount, Subtotal: x.Subtotal, Formula: x.Formula, Cite: x.Cite, Evidence: x.Evidence, Note: x.Note}
		for _, p := range x.Parts {
			part := Part{Category: p.Category, Amount: p.Amount}
			if x.ID == "discount" {
				part.Rate = &p.Rate
			}
			out[i].Parts = append(out[i].Parts, part)
		}
	}
	return out
}

func tags(t settle.PriceTags) Tags {
	return Tags{t.Discount, t.Quality, t.StopGain, t.StopLoss, t.Cap}
}

// NewLedger puts a settlement into its JSON form.
func NewLedger(design, period, track string, l *settle.Ledger) Ledger {
	return Ledger{LedgerSchema, design, period, track, lines(l), tags(l.Tags), l.Net, l.Hospital, l.Evidence, l.Warnings, nil}
}

// Database names the data behind a projection.
type Database struct {
	Path        string `json:"path"`
	Name        string `json:"name,omitempty"`
	Hospitals   int    `json:"hospitals"`
	Episodes    int    `json:"episodes"`
	Synthetic   bool   `json:"synthetic"`
	DataThrough string `json:"data_through,omitempty"`
}

// Scenario names the levers behind a projection.
type Scenario struct {
	Name   string            `json:"name,omitempty"`
	Base   string            `json:"base,omitempty"`
	Levers map[string]string `json:"levers"`
}

// Projection is a projection in JSON.
type Projection struct {
	Schema   string    `json:"schema"`
	Database Database  `json:"database"`
	Scenario Scenario  `json:"scenario"`
	Results  []Result  `json:"results"`
	Skipped  []Skipped `json:"skipped,omitempty"`
}

// Skipped is a design without a projection, in JSON.
type Skipped struct {
	Design string `json:"design"`
	Reason string `json:"reason"`
}

// NewSkipped puts the designs that were left out into their JSON form.
func NewSkipped(list []engine.Skipped) []Skipped {
	var out []Skipped
	for _, s := range list {
		out = append(out, Skipped{s.Design, s.Why})
	}
	return out
}

// Counts say which episodes a design counts, in JSON.
type Counts struct {
	Categories []string `json:"categories"`
	Episodes   int      `json:"episodes"`
	Of         int      `json:"of"`
}

// Result is one design's projection in JSON.
type Result struct {
	Design       string          `json:"design"`
	Period       string          `json:"period"`
	Track        string          `json:"track"`
	EpisodeDays  int             `json:"episode_days"`
	DataYear     int             `json:"data_year"`
	PriceSource  map[string]int  `json:"price_source"`
	Cancelled    int             `json:"cancelled"`
	CutShort     int             `json:"cut_short"`
	Counts       Counts          `json:"counts"`
	Hospitals    []Hospital      `json:"hospitals"`
	NetPayment   money.Cents     `json:"net_payment"`
	HospitalNet  money.Cents     `json:"hospital_net"`
	Evidence     policy.Evidence `json:"evidence"`
	Warnings     []string        `json:"warnings"`
	Distribution *Distribution   `json:"distribution,omitempty"`
	Interaction  *Interaction    `json:"interaction,omitempty"`
}

// Hospital is one hospital's settlement in JSON.
type Hospital struct {
	CCN         string          `json:"ccn"`
	Name        string          `json:"name,omitempty"`
	Track       string          `json:"track"`
	Episodes    json.Number     `json:"episodes"`
	Categories  []Category      `json:"categories"`
	Lines       []Line          `json:"lines"`
	Tags        Tags            `json:"price_tags"`
	NetPayment  money.Cents     `json:"net_payment"`
	PerEpisode  money.Cents     `json:"per_episode"`
	HospitalNet money.Cents     `json:"hospital_net"`
	Evidence    policy.Evidence `json:"evidence"`
}

// Category is one category's totals in JSON.
type Category struct {
	Category         string      `json:"category"`
	Episodes         json.Number `json:"episodes"`
	BaselineEpisodes int         `json:"baseline_episodes"`
	Benchmark        money.Cents `json:"benchmark"`
	Target           money.Cents `json:"target"`
	Spending         money.Cents `json:"spending"`
	Capped           money.Cents `json:"capped"`
}

// Distribution is the spread of the net payment in JSON.
type Distribution struct {
	Draws  int         `json:"draws"`
	Seed   uint64      `json:"seed"`
	P5     money.Cents `json:"p5"`
	P25    money.Cents `json:"p25"`
	P50    money.Cents `json:"p50"`
	P75    money.Cents `json:"p75"`
	P95    money.Cents `json:"p95"`
	Mean   money.Cents `json:"mean"`
	PRepay money.Rate  `json:"p_repay"`
}

// NewDistribution puts a distribution into its JSON form.
func NewDistribution(d *risk.Distribution) *Distribution {
	return &Distribution{d.Draws, d.Seed, d.P5, d.P25, d.P50, d.P75, d.P95, d.Mean, d.PRepay()}
}

// Count writes an episode count with up to two decimals (ruling 11).
func Count(d decimal.Decimal) json.Number {
	return json.Number(d.Round(2).String())
}

// NewResult puts a design's projection into its JSON form.
func NewResult(d *engine.DesignResult) Result {
	r := Result{
		Design: d.Design, Period: d.Period.ID, Track: d.Track, EpisodeDays: d.EpisodeDays, DataYear: d.DataYear,
		PriceSource: map[string]int{}, Cancelled: d.Cancelled, CutShort: d.CutShort,
		NetPayment: d.Net, HospitalNet: d.HospitalNet, Evidence: d.Evidence, Warnings: d.Warnings, Hospitals: []Hospital{},
	}
	if r.Warnings == nil {
		r.Warnings = []string{}
	}
	r.Counts = Counts{Categories: []string{}, Episodes: d.Counts.Episodes, Of: d.Counts.Of}
	for _, c := range d.Counts.Categories {
		r.Counts.Categories = append(r.Counts.Categories, c.String())
	}
	for _, s := range d.Sources {
		r.PriceSource[s.Source] = s.Episodes
	}
	for i := range d.Hospitals {
		h := &d.Hospitals[i]
		x := Hospital{
			CCN: h.CCN, Name: h.Name, Track: h.Track, Episodes: Count(h.Episodes), Lines: lines(&h.Ledger), Tags: tags(h.Ledger.Tags),
			NetPayment: h.Ledger.Net, PerEpisode: h.PerEpisode, HospitalNet: h.Ledger.Hospital, Evidence: h.Ledger.Evidence,
		}
		for _, c := range h.Categories {
			x.Categories = append(x.Categories, Category{c.Category.String(), Count(c.Episodes), c.Baseline, c.Benchmark, c.Target, c.Spending, c.Capped})
		}
		r.Hospitals = append(r.Hospitals, x)
	}
	return r
}

// WriteJSON writes a document, indented, with one newline at the end.
func WriteJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
