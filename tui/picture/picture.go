// Package picture turns a drawn frame into an SVG, so that the documents show
// the real board and not a drawing of it.
package picture

import (
	"fmt"
	"html"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// The measure of one character cell, in SVG units.
const (
	cellWidth  = 8.4
	cellHeight = 18
	fontSize   = 14
	margin     = 8
)

const (
	background = "#101216"
	foreground = "#d4d7dc"
)

// style is what the escape sequences of a theme can say.
type style struct {
	color                string
	bold, faint, reverse bool
}

// SVG draws a frame of a terminal, escape sequences included, at its size in
// columns and rows.
func SVG(frame string, cols, rows int) string {
	var b strings.Builder
	w, h := float64(cols)*cellWidth+2*margin, rows*cellHeight+2*margin
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.1f %d" font-family="DejaVu Sans Mono,Menlo,Consolas,monospace" font-size="%d">`+"\n", w, h, fontSize)
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" rx="6" fill="%s"/>`+"\n", background)
	for row, line := range strings.Split(frame, "\n") {
		if row < rows {
			drawLine(&b, line, row)
		}
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// drawLine draws runs of one style, each fixed to its columns.
func drawLine(b *strings.Builder, line string, row int) {
	var s style
	var state byte
	var run strings.Builder
	start, col := 0, 0
	flush := func() {
		s.draw(b, run.String(), start, col-start, row)
		run.Reset()
		start = col
	}
	for line != "" {
		seq, width, n, next := ansi.DecodeSequence(line, state, nil)
		state = next
		if width > 0 {
			run.WriteString(seq)
			col += width
		} else if strings.HasPrefix(seq, "\x1b[") && strings.HasSuffix(seq, "m") {
			flush()
			s.apply(seq[2 : len(seq)-1])
		}
		line = line[n:]
	}
	flush()
}

func (s *style) draw(b *strings.Builder, text string, col, width, row int) {
	fill, back := s.color, ""
	if fill == "" {
		fill = foreground
	}
	if s.reverse {
		fill, back = background, fill
	}
	x, y := margin+float64(col)*cellWidth, margin+row*cellHeight
	if back != "" && width > 0 {
		fmt.Fprintf(b, `<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"/>`, x, y, float64(width)*cellWidth, cellHeight, back)
	}
	if strings.TrimSpace(text) == "" {
		return
	}
	extra := ""
	if s.bold {
		extra += ` font-weight="bold"`
	}
	if s.faint {
		extra += ` opacity="0.6"`
	}
	fmt.Fprintf(b, `<text x="%.1f" y="%d" textLength="%.1f" lengthAdjust="spacingAndGlyphs" fill="%s"%s xml:space="preserve">%s</text>`+"\n",
		x, y+fontSize, float64(width)*cellWidth, fill, extra, html.EscapeString(text))
}

// apply reads the parameters of one SGR sequence.
func (s *style) apply(params string) {
	codes := strings.Split(params, ";")
	for i := 0; i < len(codes); i++ {
		n, _ := strconv.Atoi(codes[i]) // an empty parameter is 0
		switch n {
		case 0:
			*s = style{}
		case 1:
			s.bold = true
		case 2:
			s.faint = true
		case 7:
			s.reverse = true
		case 22:
			s.bold, s.faint = false, false
		case 27:
			s.reverse = false
		case 38:
			if i+2 < len(codes) && codes[i+1] == "5" {
				c, _ := strconv.Atoi(codes[i+2]) // written by the theme
				s.color = color(c)
				i += 2
			}
		case 39:
			s.color = ""
		}
	}
}

// color is the terminal's 256-colour palette.
func color(n int) string {
	switch {
	case n >= 232:
		v := 8 + 10*(n-232)
		return fmt.Sprintf("#%02x%02x%02x", v, v, v)
	case n >= 16:
		step := func(v int) int {
			if v == 0 {
				return 0
			}
			return 55 + 40*v
		}
		n -= 16
		return fmt.Sprintf("#%02x%02x%02x", step(n/36), step(n/6%6), step(n%6))
	}
	return foreground
}
