package designdoc

import (
	"fmt"
	"strings"

	"bundlelab/engine/policy"
	"bundlelab/scenarios/report"
)

// Schema is the schema key of one design in JSON.
const Schema = "bundlelab.design/1"

// Summary is a design in the list of designs.
type Summary struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Title      string   `json:"title"`
	Status     string   `json:"status"`
	Formula    string   `json:"formula"`
	Periods    []string `json:"periods"`
	Tracks     []string `json:"tracks"`
	Categories []string `json:"categories"`
	Counted    []string `json:"counted"` // categories a projection counts
	Open       bool     `json:"open_categories"`
	Evidence   string   `json:"evidence"` // the weakest of the file
	Assumed    int      `json:"assumed_values"`
	Note       string   `json:"note,omitempty"`
}

// Summarize puts a design into its line of the list.
func Summarize(d *policy.Design) Summary {
	x := Summary{ID: d.ID, Name: d.Name, Title: d.Title, Status: d.Status, Formula: d.Formula, Periods: d.PeriodIDs(), Tracks: d.TrackIDs(), Open: d.Open, Evidence: d.Weakest().String(), Assumed: len(view{d: d}.graded(policy.Assumed)), Note: d.Note}
	for _, c := range d.Listed {
		x.Categories = append(x.Categories, c.ID)
	}
	for _, c := range d.Categories {
		x.Counted = append(x.Counted, c.String())
	}
	return x
}

// Counts says how many of a design's categories a projection counts.
func (s Summary) Counts() string {
	n := fmt.Sprintf("%d of %d", len(s.Counted), len(s.Categories))
	if s.Open {
		n += "+"
	}
	return n
}

// List is the sheet of all designs.
func List(designs []*policy.Design) report.Sheet {
	sheet := report.Sheet{Header: []string{"id", "name", "status", "periods", "tracks", "counts", "weakest", "assumed", "categories", "title"}}
	for _, d := range designs {
		x := Summarize(d)
		sheet.Rows = append(sheet.Rows, []string{x.ID, x.Name, x.Status, strings.Join(x.Periods, " "), strings.Join(x.Tracks, " "), x.Counts(), x.Evidence, fmt.Sprint(x.Assumed), strings.Join(x.Categories, " "), x.Title})
	}
	sheet.Notes = []string{"counts: categories a projection counts, of those the design names (+: others can be settled from given totals); weakest: the lowest evidence grade of anything the file states; assumed: parameter values nobody has published"}
	return sheet
}

// Document is one design in JSON, or what of it is in force in one period.
type Document struct {
	Schema        string     `json:"schema"`
	Design        Summary    `json:"design"`
	Period        string     `json:"period,omitempty"`
	Settles       string     `json:"settles"`
	Parameters    []Row      `json:"parameters"`
	DefaultTracks []Row      `json:"default_tracks"`
	Categories    []Category `json:"categories"`
	Steps         []Row      `json:"steps"`
	Measures      []Row      `json:"measures"`
	Assumed       []Row      `json:"assumed"`     // not known: the user sets these
	Unconfirmed   []Row      `json:"unconfirmed"` // the user checks these
}

// Category is one category of a design in JSON.
type Category struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Kind     string   `json:"kind,omitempty"`
	Group    string   `json:"group,omitempty"`
	Triggers []string `json:"triggers,omitempty"`
	Counted  bool     `json:"counted"` // by a projection
	Cite     string   `json:"cite,omitempty"`
	Evidence string   `json:"evidence,omitempty"`
	Note     string   `json:"note,omitempty"`
}

// New describes a design; a period narrows it to the values in force at the
// period's start.
func New(d *policy.Design, period *policy.Period) Document {
	v := see(d, period)
	doc := Document{Schema: Schema, Design: Summarize(d), Period: v.id, Settles: Settles(d), DefaultTracks: v.defaults(), Steps: v.steps(), Measures: v.measures(), Assumed: v.graded(policy.Assumed), Unconfirmed: v.graded(policy.Unconfirmed)}
	doc.Parameters = append(append(v.periods(), v.tracks()...), v.parameters()...)
	for _, c := range d.Listed {
		doc.Categories = append(doc.Categories, Category{c.ID, c.Title, c.Kind, c.Group, c.Triggers, Counted(d, c.ID), c.Cite, grade(c.Source), c.Note})
	}
	for _, list := range []*[]Row{&doc.DefaultTracks, &doc.Steps, &doc.Measures, &doc.Assumed, &doc.Unconfirmed} {
		if *list == nil {
			*list = []Row{}
		}
	}
	return doc
}

func see(d *policy.Design, period *policy.Period) view {
	if period == nil {
		return view{d: d}
	}
	return view{d, period.Start, period.ID}
}

// graded are the parameter values of one grade.
func (v view) graded(e policy.Evidence) []Row {
	var out []Row
	for _, p := range v.values() {
		if p.Evidence == e {
			out = append(out, v.parameter(p))
		}
	}
	return out
}

// doubt is a grade of values that a reader must do something about.
type doubt struct {
	grade             policy.Evidence
	title, text, none string
}

func doubts() []doubt {
	return []doubt{
		{policy.Assumed, "Not known: set these", "Nobody has published these; the values stand in until you set your own.", "No parameter is assumed."},
		{policy.Unconfirmed, "Not confirmed: check these", "These are reported, but no rule or second source confirms them.", "No parameter is unconfirmed."},
	}
}

// Doubts are the values nobody has published or confirmed, for tables that
// people read: each stands in its chapter (Sheets) too.
func Doubts(d *policy.Design, period *policy.Period) []report.Sheet {
	v := see(d, period)
	var out []report.Sheet
	for _, x := range doubts() {
		if rows := v.graded(x.grade); len(rows) > 0 {
			out = append(out, sheet(x.title, rows))
		}
	}
	return out
}

// sheet shows rows of any kind.
func sheet(title string, rows []Row) report.Sheet {
	s := report.Sheet{Title: title, Header: []string{"parameter", "for", "value", "from", "to", "source", "evidence", "note"}}
	for _, r := range rows {
		s.Rows = append(s.Rows, []string{r.Key, r.For, r.Value, r.Since, r.Through, r.Cite, r.Evidence, r.Note})
	}
	return s
}

// Sheets are the design's facts by chapter, all of one shape.
func Sheets(d *policy.Design, period *policy.Period) []report.Sheet {
	v := see(d, period)
	var out []report.Sheet
	add := func(title string, rows []Row) {
		if len(rows) > 0 {
			out = append(out, sheet(title, rows))
		}
	}
	add("Periods", v.periods())
	add("Tracks", append(v.tracks(), v.defaults()...))
	add("Categories", v.categories())
	add("Steps of the settlement", v.steps())
	add("Quality measures", v.measures())
	for _, g := range groups() {
		add(g.title, v.group(g))
	}
	return out
}

// Head opens the sheets: how the design settles, and what nobody knows of it.
func Head(d *policy.Design, title string) report.Sheet {
	s := report.Sheet{Title: title, Header: []string{"how it settles"}, Rows: [][]string{}}
	for _, text := range sentences(d) {
		s.Rows = append(s.Rows, []string{text})
	}
	s.Notes = []string{"counts in a projection: " + Summarize(d).Counts() + " categories; weakest grade: " + d.Weakest().String()}
	if d.Note != "" {
		s.Notes = append(s.Notes, d.Note)
	}
	return s
}

// group are the values of one chapter, in its order.
func (v view) group(g group) []Row {
	var out []Row
	for _, e := range g.entries {
		for _, p := range v.values() {
			if p.Key == e.key {
				out = append(out, v.parameter(p))
			}
		}
	}
	return out
}
