package main

import (
	"fmt"
	"math/big"

	"bundlelab/data/store"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/scenarios/report"
)

type pricesShowCmd struct {
	DB         string        `name:"db" help:"Database; see doctor for the default." type:"path"`
	Cell       string        `help:"Only this price cell."`
	Division   int           `help:"Only this census division."`
	Days       int           `default:"-1" help:"Only this length; -1 for all."`
	Components bool          `help:"The components of BPCI Advanced target prices, with peer groups and bounds, instead."`
	Format     report.Format `enum:"table,json,csv,md" default:"table" help:"Output: ${enum}."`
}

type priceDoc struct {
	Kind     string       `json:"kind"`
	Cell     string       `json:"cell"`
	Division int          `json:"division"`
	Days     int          `json:"days"`
	Period   string       `json:"period"`
	Price    money.Cents  `json:"price"`
	P99      *money.Cents `json:"p99,omitempty"`
	PostMean *money.Cents `json:"post_mean,omitempty"`
	PostSD   *money.Cents `json:"post_sd,omitempty"`
	Episodes int          `json:"episodes,omitempty"`
	Source   string       `json:"source"`
	AsOf     string       `json:"as_of,omitempty"`
}

// Run shows the price rows.
func (c *pricesShowCmd) Run(s *session) error {
	path, _ := database(c.DB)
	db, err := store.OpenExisting(s.ctx, path, true)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // read-only: nothing is lost
	if c.Components {
		return c.components(s, db)
	}
	rows, err := db.ListPrices(s.ctx)
	if err != nil {
		return err
	}
	docs := []priceDoc{}
	// The columns are those of prices.csv: what CSV shows can be imported.
	sheet := report.Sheet{
		Header: []string{"kind", "cell", "division", "days", "period", "price", "p99", "post_mean", "post_sd", "mean", "sd", "p1", "p5", "p75", "p95", "episodes", "source", "as_of"},
		Right:  []bool{false, false, true, true, false, true, true, true, true, true, true, true, true, true, true, true},
	}
	for i := range rows {
		r := &rows[i]
		if c.Cell != "" && r.Cell != c.Cell || c.Division != 0 && r.Division != c.Division || c.Days >= 0 && r.Days != c.Days {
			continue
		}
		docs = append(docs, priceDoc{string(r.Kind), r.Cell, r.Division, r.Days, r.Period, r.Price, r.P99, r.PostMean, r.PostSD, r.Episodes, r.Source, asOf(r)})
		sheet.Rows = append(sheet.Rows, []string{
			string(r.Kind), r.Cell, fmt.Sprint(r.Division), fmt.Sprint(r.Days), r.Period, r.Price.String(), dollars(r.P99), dollars(r.PostMean), dollars(r.PostSD),
			dollars(r.Mean), dollars(r.SD), dollars(r.P1), dollars(r.P5), dollars(r.P75), dollars(r.P95), count(r.Episodes), r.Source, asOf(r),
		})
	}
	if c.Format == report.JSON {
		return report.WriteJSON(s.out, map[string]any{"schema": "bundlelab.prices/1", "prices": docs})
	}
	return report.Write(s.out, c.Format, sheet)
}

// dollars is an amount that may not be stated.
func dollars(v *money.Cents) string {
	if v == nil {
		return ""
	}
	return v.String()
}

// count is a number of which 0 says that none is stated.
func count(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

type componentDoc struct {
	Initiator string       `json:"initiator"`
	Kind      string       `json:"kind,omitempty"`
	CCN       string       `json:"ccn"`
	Type      string       `json:"type,omitempty"`
	Given     string       `json:"episode_category"`
	Category  string       `json:"category,omitempty"`
	Period    string       `json:"period,omitempty"`
	Convener  string       `json:"convener,omitempty"`
	Episodes  *int         `json:"episodes,omitempty"`
	Over40    *bool        `json:"over_40,omitempty"`
	Spend     *money.Cents `json:"spend,omitempty"`
	SBS       *money.Cents `json:"sbs,omitempty"`
	HBP       *money.Cents `json:"hbp,omitempty"`
	Benchmark *money.Cents `json:"benchmark,omitempty"`
	Target    *money.Cents `json:"target,omitempty"`
	Real      *money.Cents `json:"real_target,omitempty"`
	PCMA      string       `json:"pcma,omitempty"`
	PAT       string       `json:"pat,omitempty"`
	CaseMix   string       `json:"case_mix,omitempty"`
	Payout    string       `json:"payment_ratio,omitempty"`
}

// components shows what BPCI Advanced states behind its target prices.
func (c *pricesShowCmd) components(s *session, db *store.Store) error {
	all, err := db.ListComponents(s.ctx)
	if err != nil {
		return err
	}
	peers, err := db.ListPeerGroups(s.ctx)
	if err != nil {
		return err
	}
	bounds, err := db.ListWinsors(s.ctx)
	if err != nil {
		return err
	}
	docs := []componentDoc{}
	for i := range all {
		docs = append(docs, describeComponent(&all[i]))
	}
	switch c.Format {
	case report.JSON:
		return report.WriteJSON(s.out, map[string]any{"schema": "bundlelab.components/1", "components": docs, "peer_groups": peerDocs(peers), "winsor": boundDocs(bounds)})
	case report.CSV: // one header: the components alone
		return report.Write(s.out, c.Format, componentSheet(docs))
	case report.Table, report.Markdown:
	}
	return report.Write(s.out, c.Format, componentSheet(docs), peerSheet(peers), boundSheet(bounds))
}

func describeComponent(x *store.Component) componentDoc {
	d := componentDoc{
		Initiator: x.Initiator, Kind: x.Kind, CCN: x.CCN, Type: x.Type, Given: x.Given, Period: x.Period, Convener: x.Convener, Episodes: x.Episodes,
		Spend: x.Spend, SBS: x.SBS, HBP: x.HBP, Benchmark: x.Benchmark, Target: x.Target, Real: x.Real,
		PCMA: ratio(x.PCMA), PAT: ratio(x.PAT), CaseMix: ratio(x.CaseMix), Payout: ratio(x.Payout),
	}
	if x.Category != 0 {
		d.Category = x.Category.String()
	}
	if x.Over40 != panel.Unknown {
		yes := x.Over40 == panel.Yes
		d.Over40 = &yes
	}
	return d
}

// ratio writes millionths; "" when not stated.
func ratio(n *int64) string {
	if n == nil {
		return ""
	}
	return big.NewRat(*n, 1_000_000).FloatString(6)
}

func componentSheet(docs []componentDoc) report.Sheet {
	x := report.Sheet{
		Title:  "Components of BPCI Advanced target prices",
		Header: []string{"initiator", "kind", "ccn", "episode category", "ours", "period", "episodes", "sbs", "pcma", "pat", "hbp", "case mix", "benchmark", "target", "real target"},
		Right:  []bool{false, false, false, false, false, false, true, true, true, true, true, true, true, true, true},
	}
	for i := range docs {
		d := &docs[i]
		n := ""
		if d.Episodes != nil {
			n = fmt.Sprint(*d.Episodes)
		}
		x.Rows = append(x.Rows, []string{
			d.Initiator, d.Kind, d.CCN, d.Given, d.Category, d.Period, n, dollars(d.SBS), d.PCMA, d.PAT, dollars(d.HBP), d.CaseMix,
			dollars(d.Benchmark), dollars(d.Target), dollars(d.Real),
		})
	}
	if len(docs) == 0 {
		x.Notes = append(x.Notes, "none: import --from bpcia brings them from TP_Components.csv")
	}
	return x
}

type peerDoc struct {
	CCN        string `json:"ccn"`
	Academic   string `json:"academic"`
	UrbanRural string `json:"urban_rural"`
	SafetyNet  string `json:"safety_net"`
	BedSize    string `json:"bed_size"`
	Census     string `json:"census"`
}

func peerDocs(peers []store.PeerGroup) []peerDoc {
	docs := []peerDoc{}
	for _, p := range peers {
		docs = append(docs, peerDoc(p))
	}
	return docs
}

func peerSheet(peers []store.PeerGroup) report.Sheet {
	x := report.Sheet{Title: "Peer groups", Header: []string{"ccn", "academic", "urban or rural", "safety net", "bed size", "census division"}}
	for _, p := range peers {
		x.Rows = append(x.Rows, []string{p.CCN, p.Academic, p.UrbanRural, p.SafetyNet, p.BedSize, p.Census})
	}
	return x
}

type boundDoc struct {
	Given    string       `json:"episode_category"`
	Code     string       `json:"code"`
	Category string       `json:"category,omitempty"`
	Low      *money.Cents `json:"low,omitempty"`
	High     *money.Cents `json:"high,omitempty"`
}

func boundDocs(bounds []store.Winsor) []boundDoc {
	docs := []boundDoc{}
	for _, w := range bounds {
		d := boundDoc{Given: w.Given, Code: w.Code, Low: w.Low, High: w.High}
		if w.Category != 0 {
			d.Category = w.Category.String()
		}
		docs = append(docs, d)
	}
	return docs
}

func boundSheet(bounds []store.Winsor) report.Sheet {
	x := report.Sheet{Title: "Bounds of one episode's spending", Header: []string{"episode category", "code", "low", "high"}, Right: []bool{false, false, true, true}}
	for _, w := range bounds {
		x.Rows = append(x.Rows, []string{w.Given, w.Code, dollars(w.Low), dollars(w.High)})
	}
	return x
}
