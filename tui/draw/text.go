// Package draw turns text, amounts and bars into terminal lines of an exact
// width. Everything here is a pure function of its arguments; colours are
// ready-made escape sequences, so drawing a cell costs a string copy.
package draw

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Width is the number of terminal cells a text takes; escape sequences take
// none.
func Width(s string) int {
	if n, ok := cells(s, true); ok {
		return n
	}
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 || s[i] == 0x1b {
			return ansi.StringWidth(s)
		}
	}
	return len(s)
}

// Clean makes foreign text safe to print: control characters, among them the
// ones that steer a terminal, become spaces.
func Clean(s string) string {
	for _, r := range s {
		if unicode.IsControl(r) {
			return strings.Map(func(r rune) rune {
				if unicode.IsControl(r) {
					return ' '
				}
				return r
			}, s)
		}
	}
	return s
}

// Fit cuts or pads plain text to exactly w cells; a cut shows as "…".
func Fit(s string, w int) string {
	if w <= 0 {
		return ""
	}
	n := Width(s)
	if n > w {
		s = cut(s, w)
		n = Width(s)
	}
	return s + Spaces(w-n)
}

// Right is Fit with the padding in front, for numbers. A number that does not
// fit shows only marks, never a wrong figure.
func Right(s string, w int) string {
	n := Width(s)
	if n > w {
		return strings.Repeat("#", max(w, 0))
	}
	return Spaces(w-n) + s
}

const blanks = "                                                                                                                                "

// Spaces is n blanks; none for a negative n.
func Spaces(n int) string {
	switch {
	case n <= 0:
		return ""
	case n <= len(blanks):
		return blanks[:n]
	}
	return strings.Repeat(" ", n)
}

// Wrap breaks text into lines of at most w cells, at spaces where it can.
func Wrap(s string, w int) []string {
	if w <= 0 {
		return nil
	}
	if n, ok := cells(s, false); ok && n <= w {
		return []string{s}
	}
	return strings.Split(ansi.Wrap(s, w, ""), "\n")
}

// ASCII replaces every character beyond ASCII by others of the same width, for
// terminals and fonts that have no more. Escape sequences stay.
func ASCII(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		if s[i] < 0x80 && (i+1 == len(s) || s[i+1] < 0x80) {
			b.WriteByte(s[i])
			i++
			continue
		}
		cluster, w := ansi.FirstGraphemeCluster(s[i:], ansi.GraphemeWidth)
		i += max(1, len(cluster))
		r, n := utf8.DecodeRuneInString(cluster)
		switch {
		case r < 0x80: // a letter with its accent
			b.WriteRune(r)
		case n == len(cluster) && w == 1:
			b.WriteByte(plain(r))
		default:
			b.WriteString(strings.Repeat("?", w))
		}
	}
	return b.String()
}

// plain is the nearest ASCII character.
func plain(r rune) byte {
	switch r {
	case '─', '−', '–':
		return '-'
	case '│':
		return '|'
	case '┌', '┐', '└', '┘', '├', '┤', '┬', '┴', '┼':
		return '+'
	case '█', '▉', '▊', '▋', '▌', '▐':
		return '#'
	case '▍', '▎', '▏':
		return ' '
	case '▒':
		return '='
	case '▀':
		return '"'
	case '▄':
		return '_'
	case '▲', '↑':
		return '^'
	case '▼', '↓':
		return 'v'
	case '→', '▸', '›':
		return '>'
	case '←', '◂', '‹':
		return '<'
	case '×', '✗':
		return 'x'
	case '·':
		return '.'
	case '●', '•':
		return 'o'
	case '≠':
		return '!'
	case '…':
		return '~'
	}
	return '?'
}
