package draw

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Box puts lines, already w cells wide, into a border with a title.
func (t *Theme) Box(title string, lines []string, w int) []string {
	out := make([]string, 0, len(lines)+2)
	out = append(out, t.Rule("┌", "┐", w+2, Junction{Title: t.Strong(title)}))
	side := t.Border + "│" + t.Reset
	for _, l := range lines {
		out = append(out, side+l+side)
	}
	return append(out, t.Rule("└", "┘", w+2))
}

// Junction is where another line meets a rule, and the title that follows it.
type Junction struct {
	At     int
	Corner string // "┬", "┴"; "" for the rule's own start
	Title  string // finished text: styles it opens it also ends
}

// Strong is text in the style of titles.
func (t *Theme) Strong(s string) string { return t.Title + Clean(s) + t.Reset }

// Rule draws a border line of w cells between two corners, with junctions and
// titles, left to right.
func (t *Theme) Rule(left, right string, w int, at ...Junction) string {
	var b strings.Builder
	b.Grow(3*w + 128) // a dash is three bytes; colours
	b.WriteString(t.Border + left)
	x := 1
	dash := func(to int) {
		if to > x {
			for ; x < to; x++ {
				b.WriteString("─")
			}
		}
	}
	for i, j := range at {
		end := w - 1
		if i+1 < len(at) {
			end = min(end, at[i+1].At)
		}
		if j.Corner != "" {
			dash(j.At)
			b.WriteString(j.Corner)
			x++
		}
		if j.Title == "" || end-x < 6 {
			continue
		}
		title := j.Title
		if Width(title) > end-x-3 {
			title = cut(title, end-x-3)
		}
		b.WriteString(" " + t.Reset + title + t.Reset + t.Border + " ")
		x += Width(title) + 2
	}
	dash(w - 1)
	b.WriteString(right + t.Reset)
	return b.String()
}

// Overlay lays a box over lines of w cells with its corner at column x, line
// y. A wide character that the box cuts in half becomes a blank.
func Overlay(base, box []string, x, y, w int) []string {
	out := make([]string, len(base))
	copy(out, base)
	for i, top := range box {
		k := y + i
		if k < 0 || k >= len(out) {
			continue
		}
		end := x + Width(top)
		left := ansi.Truncate(out[k], x, "")
		left += reset + Spaces(x-Width(left))
		right := ansi.TruncateLeft(out[k], end, "")
		if Width(right) > w-end {
			right = ansi.TruncateLeft(out[k], end+1, "")
		}
		out[k] = left + top + reset + Spaces(w-end-Width(right)) + right + reset
	}
	return out
}

// Center overlays a box in the middle of a frame.
func Center(base, box []string, w int) []string {
	if len(box) == 0 {
		return base
	}
	return Overlay(base, box, max(0, (w-Width(box[0]))/2), max(0, (len(base)-len(box))/2), w)
}
