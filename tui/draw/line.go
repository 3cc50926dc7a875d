package draw

import "strings"

// Line builds one terminal line from styled pieces and knows its width. With a
// base style every piece lies on it, which is how a selected row stays
// reversed under coloured cells.
type Line struct {
	b     strings.Builder
	w     int
	base  string
	plain bool // pieces keep the base style only
}

// On starts a line on a base style.
func On(base string) *Line {
	l := &Line{base: base, plain: base != ""}
	l.b.Grow(common)
	l.b.WriteString(base)
	return l
}

// common is enough room for most lines with their colours, in bytes.
const common = 224

const reset = "\x1b[0m"

// Add appends text in a style, or in none.
func (l *Line) Add(style, s string) *Line {
	if s == "" {
		return l
	}
	n, ok := cells(s, false)
	if !ok {
		s = Clean(s)
		n = Width(s)
	}
	l.w += n
	if style == "" || l.plain {
		l.b.WriteString(s)
		return l
	}
	l.b.WriteString(style)
	l.b.WriteString(s)
	l.b.WriteString(reset)
	return l
}

// Fit appends text cut or padded to w cells.
func (l *Line) Fit(style, s string, w int) *Line { return l.cell(style, s, w, true) }

// Right appends a number in w cells with the padding in front.
func (l *Line) Right(style, s string, w int) *Line { return l.cell(style, s, w, false) }

func (l *Line) cell(style, s string, w int, left bool) *Line {
	n, ok := cells(s, false)
	switch {
	case (!ok || n > w) && left:
		return l.Add(style, Fit(s, w))
	case !ok || n > w:
		return l.Add(style, Right(s, w))
	case w == 0:
		return l
	}
	l.w += w
	styled := style != "" && !l.plain
	if styled {
		l.b.WriteString(style)
	}
	if !left {
		l.b.WriteString(Spaces(w - n))
	}
	l.b.WriteString(s)
	if left {
		l.b.WriteString(Spaces(w - n))
	}
	if styled {
		l.b.WriteString(reset)
	}
	return l
}

// Raw appends finished text of a known width.
func (l *Line) Raw(s string, w int) *Line {
	l.b.WriteString(s)
	l.w += w
	return l
}

// Width is what the line takes so far.
func (l *Line) Width() int { return l.w }

// To pads or cuts to exactly w cells and ends the base style.
func (l *Line) To(w int) string {
	if l.w > w {
		s := cut(l.b.String(), w)
		return s + reset + Spaces(w-Width(s))
	}
	l.b.WriteString(Spaces(w - l.w))
	if l.base != "" {
		l.b.WriteString(reset)
	}
	return l.b.String()
}

// Fill returns exactly h lines: blank ones of w cells are added, extra ones
// dropped.
func Fill(lines []string, w, h int) []string {
	for len(lines) < h {
		lines = append(lines, Spaces(w))
	}
	return lines[:max(h, 0)]
}

// Window is the first visible row of n rows in h lines that keeps the cursor
// in sight, moving as little as it can from top.
func Window(top, cursor, n, h int) int {
	if h <= 0 {
		return 0
	}
	top = min(top, cursor)
	top = max(top, cursor-h+1)
	return max(0, min(top, n-h))
}
