// Package explain answers "why this number": the formula with its numbers, the
// parts, each rule with its date, citation and grade, the assumptions behind
// it and the episodes under it.
package explain

import (
	"bundlelab/tui/draw"
)

// Kind says how a line of an explanation looks.
type Kind uint8

// The kinds.
const (
	Plain Kind = iota
	Head       // a heading, with a blank line before
	Pair       // a label and what it says
	Warn       // what a reader must not miss
)

// Line is one paragraph of an explanation.
type Line struct {
	Kind        Kind
	Label, Text string
}

// Text is an explanation: a title and its paragraphs.
type Text struct {
	Title string
	Lines []Line
}

func (x *Text) head(label string)       { x.Lines = append(x.Lines, Line{Head, label, ""}) }
func (x *Text) plain(text string)       { x.Lines = append(x.Lines, Line{Plain, "", text}) }
func (x *Text) pair(label, text string) { x.Lines = append(x.Lines, Line{Pair, label, text}) }
func (x *Text) warn(text string)        { x.Lines = append(x.Lines, Line{Warn, "", text}) }

const labelWidth = 16

// Lay wraps an explanation into lines of exactly w cells.
func (x *Text) Lay(t *draw.Theme, w int) []string {
	var out []string
	for i, p := range x.Lines {
		switch p.Kind {
		case Head:
			if i > 0 {
				out = append(out, draw.Spaces(w))
			}
			out = append(out, draw.On("").Add(t.Title, " "+p.Label).To(w))
		case Pair:
			for k, l := range draw.Wrap(draw.Clean(p.Text), w-labelWidth-3) {
				label := p.Label
				if k > 0 {
					label = ""
				}
				out = append(out, draw.On("").Add(t.Faint, "  "+draw.Fit(label, labelWidth)).Add("", l).To(w))
			}
		case Plain, Warn:
			mark, style := "  ", ""
			if p.Kind == Warn {
				mark, style = "! ", t.Warn
			}
			for k, l := range draw.Wrap(draw.Clean(p.Text), w-4) {
				if k > 0 {
					mark = "  "
				}
				out = append(out, draw.On("").Add("", "  ").Add(style, mark+l).To(w))
			}
		}
	}
	return out
}
