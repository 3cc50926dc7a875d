package main

import (
	"fmt"
	"path"

	"bundlelab/data/ingest"
	"bundlelab/engine/episode"
	"bundlelab/scenarios/report"
)

type controlDoc struct {
	Schema     string         `json:"schema"`
	Episodes   int            `json:"episodes"`
	Hospitals  int            `json:"hospitals"`
	Prices     int            `json:"prices"`
	Files      []fileDoc      `json:"files"`
	Settings   []settingDoc   `json:"settings"`
	Triggers   []triggerDoc   `json:"triggers"`
	Observed   map[string]int `json:"observed"`
	MaxDays    int            `json:"max_days"`
	Unchanged  bool           `json:"unchanged"`
	Notes      []string       `json:"notes"`
	AnchorStd  string         `json:"anchor"`
	DataLatest string         `json:"data_through,omitempty"`
	Shared     int            `json:"shared_lines"` // lines that two episodes hold
	SharedSum  string         `json:"shared_amount"`
}

type fileDoc struct {
	Role           string       `json:"role"`
	Name           string       `json:"name"`
	Read           int          `json:"rows_read"`
	Loaded         int          `json:"rows_loaded"`
	Skipped        int          `json:"rows_skipped"`
	Rejected       int          `json:"rows_rejected"`
	Warned         int          `json:"rows_warned"`
	AmountRead     string       `json:"amount_read"`
	AmountLoaded   string       `json:"amount_loaded"`
	AmountSkipped  string       `json:"amount_skipped"`
	AmountRejected string       `json:"amount_rejected"`
	Problems       []problemDoc `json:"problems"`
}

type problemDoc struct {
	Code     string `json:"code"`
	Severity string `json:"severity"`
	Line     int    `json:"line,omitempty"`
	Column   string `json:"column,omitempty"`
	Hint     string `json:"hint,omitempty"`
	Message  string `json:"message"`
	Count    int    `json:"count"`
}

type settingDoc struct {
	Setting string `json:"setting"`
	Lines   int    `json:"lines"`
	Amount  string `json:"amount"`
}

type triggerDoc struct {
	Category string `json:"category"`
	Trigger  string `json:"trigger"`
	Cell     string `json:"cell"`
	Episodes int    `json:"episodes"`
}

// controls prints the control totals of an import. Of a refused one a table has
// only the files and what was found in them, since nothing was loaded.
func (s *session) controls(rep *ingest.Report, f report.Format, refused bool) error {
	if f == report.JSON {
		return report.WriteJSON(s.out, controlJSON(rep))
	}
	files := fileSheet(rep)
	if f == report.CSV {
		files.Header = []string{"file", "role", "rows_read", "rows_loaded", "rows_skipped", "rows_rejected", "rows_warned", "amount_read", "amount_loaded", "amount_skipped", "amount_rejected"}
		return report.Write(s.out, f, files)
	}
	width := 0
	if f == report.Table {
		width = terminalWidth(s.out)
	}
	if width > 0 && files.Natural() > width {
		files = narrowFileSheet(rep)
	}
	sheets := []report.Sheet{files}
	if !refused {
		sheets[0].Notes = append(sheets[0].Notes, skippedNotes(rep)...)
		if rep.Episodes > 0 {
			sheets = append(sheets, settingSheet(rep), triggerSheet(rep))
		}
	}
	if x := findingSheet(rep); len(x.Rows) > 0 {
		if width > 0 && x.Natural() > width {
			x = narrowFindings(x)
		}
		sheets = append(sheets, x)
	}
	if !refused {
		last := &sheets[len(sheets)-1]
		last.Notes = append(last.Notes, rep.Notes...)
	}
	for i := range sheets {
		sheets[i].Width = width
	}
	return report.Write(s.out, f, sheets...)
}

// skippedNotes say why rows were skipped, and where too many were.
func skippedNotes(rep *ingest.Report) (notes []string) {
	skipped := 0
	for _, f := range rep.Files {
		skipped += f.Skipped
	}
	if skipped > 0 && !rep.Unchanged {
		notes = append(notes, "skipped rows are in order and not needed: care that lies in no episode loaded (of another person or time, or before the window), versions of a claim that others replace, and tables that only help to read the rest")
	}
	for _, f := range rep.Files {
		if f.Role == "services" && f.Skipped*100 > f.Read && !rep.Unchanged {
			notes = append(notes, fmt.Sprintf("WARNING: %d of %d rows of %s match no episode that was loaded, %s in all: check the episode keys", f.Skipped, f.Read, f.Name, f.AmountSkipped.Grouped()))
		}
	}
	return notes
}

func fileSheet(rep *ingest.Report) report.Sheet {
	x := report.Sheet{
		Title:  "Control totals: rows and dollars read = loaded + skipped + rejected",
		Header: []string{"file", "role", "rows read", "loaded", "skipped", "rejected", "warned", "dollars read", "loaded", "skipped", "rejected"},
		Right:  []bool{false, false, true, true, true, true, true, true, true, true, true},
	}
	for _, f := range rep.Files {
		x.Rows = append(x.Rows, []string{
			f.Name, f.Role, fmt.Sprint(f.Read), fmt.Sprint(f.Loaded), fmt.Sprint(f.Skipped), fmt.Sprint(f.Rejected), fmt.Sprint(f.Warned),
			f.AmountRead.String(), f.AmountLoaded.String(), f.AmountSkipped.String(), f.AmountRejected.String(),
		})
	}
	return x
}

// narrowFileSheet is the part of the control totals that a narrow terminal has
// room for. The name comes last, so that a long one goes under its row.
func narrowFileSheet(rep *ingest.Report) report.Sheet {
	x := report.Sheet{
		Title:  "Control totals: rows read = loaded + skipped + rejected",
		Header: []string{"rows read", "loaded", "skipped", "rejected", "dollars loaded", "file"},
		Right:  []bool{true, true, true, true, true, false},
		Notes:  []string{"the dollars read, skipped and rejected, and the rows warned of: --format csv, md or json, or a wider terminal"},
	}
	for _, f := range rep.Files {
		x.Rows = append(x.Rows, []string{fmt.Sprint(f.Read), fmt.Sprint(f.Loaded), fmt.Sprint(f.Skipped), fmt.Sprint(f.Rejected), f.AmountLoaded.String(), path.Base(f.Name)})
	}
	return x
}

// middle shortens a text to so many characters by its middle.
func middle(text string, width int) string {
	r := []rune(text)
	if len(r) <= width {
		return text
	}
	head := (width - 1) / 2
	return string(r[:head]) + "…" + string(r[len(r)-(width-1-head):])
}

func settingSheet(rep *ingest.Report) report.Sheet {
	x := report.Sheet{Title: "Loaded by setting", Header: []string{"setting", "lines", "dollars"}, Right: []bool{false, true, true}}
	x.Rows = append(x.Rows, []string{"anchor", fmt.Sprint(rep.Episodes), rep.Anchor.String()})
	for _, set := range episode.Settings() {
		if t := rep.Settings[set]; t.Lines > 0 {
			x.Rows = append(x.Rows, []string{set.Title(), fmt.Sprint(t.Lines), t.Amount.String()})
		}
	}
	if rep.SharedLines > 0 {
		x.Notes = append(x.Notes, fmt.Sprintf("%d lines (%s) belong to two episodes and are counted in both", rep.SharedLines, rep.Shared.Grouped()))
	}
	return x
}

func triggerSheet(rep *ingest.Report) report.Sheet {
	x := report.Sheet{Title: fmt.Sprintf("%d episodes", rep.Episodes), Header: []string{"category", "trigger", "price cell", "episodes"}, Right: []bool{false, false, false, true}}
	for _, t := range rep.Triggers {
		x.Rows = append(x.Rows, []string{t.Category.String(), t.Trigger, t.Cell, fmt.Sprint(t.Episodes)})
	}
	for i, o := range rep.Observed {
		x.Notes = append(x.Notes, fmt.Sprintf("%d of %d episodes (%.0f%%) are observed for %d days", o.Episodes, rep.Episodes, rep.SharePercent(i), o.Days))
	}
	x.Notes = append(x.Notes, fmt.Sprintf("longest length any episode is observed for: %d days", rep.MaxDays))
	return x
}

func controlJSON(rep *ingest.Report) controlDoc {
	d := controlDoc{
		Schema: "bundlelab.import/1", Episodes: rep.Episodes, Hospitals: rep.Hospitals + rep.BareHospitals, Prices: rep.Prices,
		Observed: map[string]int{}, MaxDays: rep.MaxDays, Unchanged: rep.Unchanged, Notes: rep.Notes, AnchorStd: rep.Anchor.String(),
		Shared: rep.SharedLines, SharedSum: rep.Shared.String(), Files: []fileDoc{}, Settings: []settingDoc{}, Triggers: []triggerDoc{},
	}
	if rep.Latest != 0 {
		d.DataLatest = rep.Latest.String()
	}
	if d.Notes == nil {
		d.Notes = []string{}
	}
	for _, o := range rep.Observed {
		d.Observed[fmt.Sprint(o.Days)] = o.Episodes
	}
	for _, f := range rep.Files {
		x := fileDoc{
			Role: f.Role, Name: f.Name, Read: f.Read, Loaded: f.Loaded, Skipped: f.Skipped, Rejected: f.Rejected, Warned: f.Warned,
			AmountRead: f.AmountRead.String(), AmountLoaded: f.AmountLoaded.String(), AmountSkipped: f.AmountSkipped.String(), AmountRejected: f.AmountRejected.String(),
			Problems: []problemDoc{},
		}
		for _, p := range f.Problems {
			x.Problems = append(x.Problems, problemDoc{p.Code, severity(p.Severity), p.Line, p.Column, p.Hint, p.Message, p.Count})
		}
		d.Files = append(d.Files, x)
	}
	for _, set := range episode.Settings() {
		if t := rep.Settings[set]; t.Lines > 0 {
			d.Settings = append(d.Settings, settingDoc{set.String(), t.Lines, t.Amount.String()})
		}
	}
	for _, t := range rep.Triggers {
		d.Triggers = append(d.Triggers, triggerDoc{t.Category.String(), t.Trigger, t.Cell, t.Episodes})
	}
	return d
}
