package report

import (
	"encoding/json"
	"fmt"

	"github.com/shopspring/decimal"

	"bundlelab/engine/policy"
	"bundlelab/engine/quality"
)

// QualityScore is a composite score with what it is built of, in JSON. The
// points of the parts sum to the score.
type QualityScore struct {
	Score    json.Number     `json:"score"`
	Top      json.Number     `json:"top"`
	Tier     string          `json:"tier,omitempty"`
	Evidence policy.Evidence `json:"evidence"`
	Cite     string          `json:"cite"`
	Note     string          `json:"note,omitempty"`
	Parts    []QualityPart   `json:"parts"`
}

// QualityPart is one contribution to a score.
type QualityPart struct {
	ID       string          `json:"id"`
	Title    string          `json:"title"`
	Value    *json.Number    `json:"value,omitempty"`
	Weight   json.Number     `json:"weight"`
	Points   json.Number     `json:"points"`
	Evidence policy.Evidence `json:"evidence"`
	Cite     string          `json:"cite"`
	Note     string          `json:"note,omitempty"`
}

// NewQualityScore puts a score into its JSON form; nil stays nil.
func NewQualityScore(s *quality.Score) *QualityScore {
	if s == nil {
		return nil
	}
	number := func(d decimal.Decimal) json.Number { return json.Number(d.String()) }
	out := &QualityScore{number(s.Value), number(s.Top), s.Tier.Name, s.Evidence, s.Cite, s.Note, []QualityPart{}}
	for _, p := range s.Parts {
		x := QualityPart{ID: p.ID, Title: p.Title, Weight: number(p.Weight), Points: number(p.Points), Evidence: p.Evidence, Cite: p.Cite, Note: p.Note}
		if p.Value != nil {
			v := number(*p.Value)
			x.Value = &v
		}
		out.Parts = append(out.Parts, x)
	}
	return out
}

// QualitySheet is a score's parts as rows.
func QualitySheet(s *quality.Score) Sheet {
	out := Sheet{Title: fmt.Sprintf("Composite score %s of %s", s.Value, s.Top), Header: []string{"measure", "score", "weight", "points", "source", "evidence"}, Right: []bool{false, true, true, true}}
	if s.Tier.Name != "" {
		out.Title += ", " + s.Tier.Name
	}
	for _, p := range s.Parts {
		value := ""
		if p.Value != nil {
			value = p.Value.String()
		}
		out.Rows = append(out.Rows, []string{p.Title, value, p.Weight.String(), p.Points.String(), p.Cite, p.Evidence.String()})
		if p.Note != "" {
			out.Notes = append(out.Notes, p.Title+": "+p.Note)
		}
	}
	return out
}
