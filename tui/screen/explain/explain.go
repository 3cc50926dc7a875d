// Package explain answers "why this number": the formula with its numbers, the
// parts, each rule with its date, citation and grade, the assumptions behind
// it and the episodes under it.
package explain

import (
	"math"

	"bundlelab/engine/policy"
	"bundlelab/tui/draw"
	"bundlelab/tui/session"
)

// Kind says how a line of an explanation looks.
type Kind uint8

// The kinds.
const (
	Plain Kind = iota
	Head       // a heading, with a blank line before
	Pair       // a label and what it says
	Doubt      // a pair whose number nobody has confirmed
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

// graded is a pair whose grade must be seen with its number.
func (x *Text) graded(label, text string, e policy.Evidence) {
	kind := Pair
	if session.Doubtful(e) {
		kind = Doubt
	}
	x.Lines = append(x.Lines, Line{kind, label, text})
}

// labelWidth fits the labels of an explanation: wider where there is room, so
// that the names of parameters stay whole.
func labelWidth(lines []Line, w int) int {
	n := 16
	for _, l := range lines {
		if l.Kind == Pair || l.Kind == Doubt {
			n = max(n, draw.Width(l.Label)+1)
		}
	}
	return min(n, max(16, w/3))
}

// Kept is what one explanation leaves to the next: most of it is the same.
type Kept struct {
	parameters draw.Cache[session.Asked, []Line]
	drawn      draw.Each[paragraph, []string]
}

// paragraph is all that the lines of one are drawn from.
type paragraph struct {
	Line
	first    bool
	label, w int
	theme    draw.Theme
}

// Lay wraps an explanation into lines of exactly w cells.
func (x *Text) Lay(t *draw.Theme, w int) []string { return x.Top(t, w, math.MaxInt, new(Kept)) }

// Top lays out no more paragraphs than it takes to fill h lines.
func (x *Text) Top(t *draw.Theme, w, h int, kept *Kept) []string {
	var out []string
	label := labelWidth(x.Lines, w)
	for i, p := range x.Lines {
		if len(out) >= h {
			break
		}
		one := paragraph{p, i == 0, label, w, *t}
		out = append(out, kept.drawn.At(i).Of(one, func() []string { return one.lines() })...)
	}
	return out
}

func (p *paragraph) lines() []string {
	var out []string
	t, w := &p.theme, p.w
	switch p.Kind {
	case Head:
		if !p.first {
			out = append(out, draw.Spaces(w))
		}
		out = append(out, draw.On("").Add(t.Title, " "+p.Label).To(w))
	case Pair, Doubt:
		mark, style := "  ", t.Faint
		if p.Kind == Doubt {
			mark, style = "! ", t.Doubt
		}
		name := p.Label
		for _, l := range draw.Wrap(draw.Clean(p.Text), w-p.label-3) {
			out = append(out, draw.On("").Add(style, mark).Fit(t.Faint, name, p.label).Add("", l).To(w))
			mark, name = "  ", ""
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
	return out
}
