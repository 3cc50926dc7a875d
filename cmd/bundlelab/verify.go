package main

import (
	"fmt"

	"bundlelab/engine/policy"
	"bundlelab/engine/worked"
	"bundlelab/scenarios/report"
)

type verifyCmd struct {
	Format report.Format `enum:"table,json,csv,md" default:"table" help:"Output: ${enum}."`
}

type verifyDoc struct {
	Schema string       `json:"schema"`
	Cases  []verifyCase `json:"cases"`
	Passed int          `json:"passed"`
	Failed int          `json:"failed"`
}

type verifyCase struct {
	ID        string         `json:"id"`
	About     string         `json:"about"`
	Source    string         `json:"source"`
	Evidence  string         `json:"evidence"`
	Published bool           `json:"published"`
	OK        bool           `json:"ok"`
	Figures   []verifyFigure `json:"figures"`
}

type verifyFigure struct {
	Name     string `json:"name"`
	Expected string `json:"expected"`
	Computed string `json:"computed"`
	OK       bool   `json:"ok"`
}

// Run runs the worked cases on the built-in designs, whatever the user's own
// files say; a case that disagrees fails the command.
func (c *verifyCmd) Run(s *session) error {
	designs, err := policy.Builtin()
	if err != nil {
		return err
	}
	all, err := worked.Run(designs)
	if err != nil {
		return err
	}
	doc := verifyDoc{Schema: "bundlelab.verify/1"}
	sheet := report.Sheet{Header: []string{"case", "figure", "expected", "computed", "", "origin", "evidence", "what it shows", "source"}, Right: []bool{false, false, true, true}}
	published := 0
	for _, o := range all {
		origin := "constructed"
		if o.Published {
			origin = "published"
			published++
		}
		v := verifyCase{ID: o.ID, About: o.About, Source: o.Source, Evidence: o.Evidence.String(), Published: o.Published, OK: o.OK()}
		for _, f := range o.Figures {
			v.Figures = append(v.Figures, verifyFigure{f.Name, f.Want, f.Got, f.OK()})
			mark := "ok"
			if !f.OK() {
				mark = "DIFFERS"
			}
			sheet.Rows = append(sheet.Rows, []string{o.ID, f.Name, f.Want, f.Got, mark, origin, o.Evidence.String(), o.About, o.Source})
		}
		doc.Cases = append(doc.Cases, v)
		if v.OK {
			doc.Passed++
		} else {
			doc.Failed++
		}
	}
	sheet.Notes = []string{fmt.Sprintf("%d cases agree, %d differ; %d expect published figures, the others arithmetic on the rules named", doc.Passed, doc.Failed, published)}
	if c.Format == report.JSON {
		err = report.WriteJSON(s.out, doc)
	} else {
		err = report.Write(s.out, c.Format, sheet)
	}
	if err == nil && doc.Failed > 0 {
		return fmt.Errorf("%d worked cases differ: do not rely on this build", doc.Failed)
	}
	return err
}
