package report

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"bundlelab/engine"
	"bundlelab/engine/money"
	"bundlelab/engine/settle"
)

// Verdict says what a net payment is in words a CFO says aloud; says is the
// design's wording of its sign.
func Verdict(says string, net money.Cents) string {
	if net == 0 {
		return says
	}
	return says + " " + net.Abs().Grouped()
}

// LedgerSheet is a ledger as rows.
func LedgerSheet(title string, l *settle.Ledger) Sheet {
	s := Sheet{Title: title, Header: []string{"line", "amount", "formula", "source", "evidence"}, Right: []bool{false, true}}
	for _, x := range l.Lines {
		label := x.Label
		if !x.Subtotal {
			label = "  " + label
		}
		s.Rows = append(s.Rows, []string{label, x.Amount.Grouped(), x.Formula, x.Cite, x.Evidence.String()})
	}
	for _, w := range l.Warnings {
		s.Notes = append(s.Notes, "note: "+w)
	}
	return s
}

// LedgerRows is a ledger for CSV: machine amounts, one row a line. basis is
// what the figures rest on, such as "SYNTHETIC, 30 days, data year 2026".
func LedgerRows(design, period, track, ccn, basis string, l *settle.Ledger) Sheet {
	s := Sheet{Header: []string{"design", "period", "track", "ccn", "id", "label", "amount", "subtotal", "formula", "cite", "evidence", "basis"}}
	for _, x := range l.Lines {
		s.Rows = append(s.Rows, []string{design, period, track, ccn, x.ID, x.Label, x.Amount.String(), fmt.Sprint(x.Subtotal), x.Formula, x.Cite, x.Evidence.String(), basis})
	}
	return s
}

// ProjectionSheets are a projection's tables: the designs side by side, then
// each design's hospitals, then every ledger when there is one hospital, then
// what the levers do alone, where apart has it by design.
func ProjectionSheets(r *engine.Result, dist []*Distribution, apart map[string]*engine.Interaction) []Sheet {
	all := Sheet{
		Title:  "Every design, same episodes",
		Header: []string{"design", "period", "track", "days", "target", "spending", "net payment", "per episode", "evidence"},
		Right:  []bool{false, false, false, true, true, true, true, true},
	}
	sheets := []Sheet{all}
	for i := range r.Designs {
		d := &r.Designs[i]
		var target, spending money.Cents
		hosp := Sheet{
			Title:  fmt.Sprintf("%s %s, %d-day episodes: anchors that ended in %d%s", d.Name, d.Period.ID, d.EpisodeDays, d.DataYear, standsFor(d)),
			Header: []string{"ccn", "hospital", "track", "episodes", "target", "spending", "net payment", "per episode", "evidence"},
			Right:  []bool{false, false, false, true, true, true, true, true},
		}
		for k := range d.Hospitals {
			h := &d.Hospitals[k]
			target += h.Ledger.Target
			spending += h.Ledger.Spending
			hosp.Rows = append(hosp.Rows, []string{h.CCN, h.Name, h.Track, string(Count(h.Episodes)), h.Ledger.Target.Grouped(), h.Ledger.Spending.Grouped(), h.Ledger.Net.Grouped(), h.PerEpisode.Grouped(), h.Ledger.Evidence.String()})
		}
		hosp.Notes = append(hosp.Notes, Verdict(d.Says, d.Net)+" in all; targets from "+sources(d))
		if i < len(dist) && dist[i] != nil {
			x := dist[i]
			hosp.Notes = append(hosp.Notes, fmt.Sprintf("expect %s to %s (P5 to P95 of %d draws), %s chance of repaying; evidence: %s", x.P5.Grouped(), x.P95.Grouped(), x.Draws, x.PRepay.Percent(), d.Evidence))
		}
		if c := counted(d); c != "" {
			hosp.Notes = append(hosp.Notes, c)
		}
		for _, w := range d.Warnings {
			hosp.Notes = append(hosp.Notes, "note: "+w)
		}
		sheets[0].Rows = append(sheets[0].Rows, []string{d.Name, d.Period.ID, trackName(d), fmt.Sprint(d.EpisodeDays), target.Grouped(), spending.Grouped(), d.Net.Grouped(), perEpisode(d).Grouped(), d.Evidence.String()})
		sheets = append(sheets, hosp)
		if len(d.Hospitals) == 1 {
			sheets = append(sheets, LedgerSheet("Ledger of "+d.Hospitals[0].CCN, &d.Hospitals[0].Ledger))
		}
		if x := apart[d.Design]; x != nil {
			sheets = append(sheets, InteractionSheet(d, x))
		}
	}
	for _, x := range r.Skipped {
		sheets[0].Notes = append(sheets[0].Notes, "left out: "+x.Design+": "+x.Why)
	}
	return sheets
}

// standsFor says when another year's episodes stand for the period.
func standsFor(d *engine.DesignResult) string {
	if d.Period.Start.Year() <= d.DataYear && d.DataYear <= d.Period.End.Year() {
		return ""
	}
	return " stand for " + d.Period.ID
}

func perEpisode(d *engine.DesignResult) money.Cents {
	var n decimal.Decimal
	for i := range d.Hospitals {
		n = n.Add(d.Hospitals[i].Episodes)
	}
	return settle.PerEpisode(d.Net, n)
}

func trackName(d *engine.DesignResult) string {
	switch {
	case d.Track != "" || len(d.Hospitals) == 0:
		return d.Track
	case d.Hospitals[0].Track == "":
		return "none"
	}
	return "by hospital"
}

// counted says which episodes a design counts, "" when it is all of them.
func counted(d *engine.DesignResult) string {
	c := d.Counts
	if c.Episodes+d.Cancelled >= c.Of {
		return ""
	}
	names := make([]string, len(c.Categories))
	for i, x := range c.Categories {
		names[i] = x.String()
	}
	return fmt.Sprintf("counts %s: %d of %d episodes", strings.Join(names, ", "), c.Episodes, c.Of)
}

func sources(d *engine.DesignResult) string {
	parts := make([]string, len(d.Sources))
	for i, s := range d.Sources {
		parts[i] = fmt.Sprintf("%s (%d episodes)", s.Source, s.Episodes)
	}
	return strings.Join(parts, ", ")
}
