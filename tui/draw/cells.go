package draw

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Nearly all text on a screen is ASCII and a few marks of one cell each, so it
// is measured and cut by counting; the library, which looks for grapheme
// clusters, is asked about the rest.

// cells counts printable ASCII, the marks and, in finished text, colours; ok is
// false for a text with anything else in it.
func cells(s string, finished bool) (n int, ok bool) {
	for i := 0; i < len(s); {
		if c := s[i]; ' ' <= c && c <= '~' {
			i++
			n++
			continue
		}
		size, wide := next(s[i:], finished)
		if size == 0 {
			return 0, false
		}
		i += size
		n += wide
	}
	return n, true
}

// next is the length in bytes of the character or colour a text begins with,
// and its cells: 0 bytes for what only the library knows.
func next(s string, finished bool) (size, wide int) {
	switch c := s[0]; {
	case ' ' <= c && c <= '~':
		return 1, 1
	case c == 0x1b && finished:
		return color(s), 0
	case c < utf8.RuneSelf:
		return 0, 0
	}
	if r, n := utf8.DecodeRuneInString(s); mark(r) {
		return n, 1
	}
	return 0, 0
}

// color is the length of the sequence that sets a style, 0 for any other.
func color(s string) int {
	if len(s) < 3 || s[1] != '[' {
		return 0
	}
	for i := 2; i < len(s); i++ {
		switch c := s[i]; {
		case c == 'm':
			return i + 1
		case (c < '0' || c > '9') && c != ';':
			return 0
		}
	}
	return 0
}

// mark says whether a character beyond ASCII is one of those that the screens
// and the designs' files are full of: each a cell wide, and a grapheme cluster
// by itself behind and before any of its like.
func mark(r rune) bool {
	switch r {
	case '·', '×', '§', '–', '—', '…', '•', '‹', '›', '←', '↑', '→', '↓', '−', '≠', '≤', '≥', '▲', '▸', '▼', '◂', '●', '✗':
		return true
	}
	return '─' <= r && r <= '▟' // lines and blocks
}

// cut shortens a text to w cells, the last of them "…"; the colours behind the
// cut stay.
func cut(s string, w int) string {
	n, ok := cells(s, true)
	switch {
	case !ok:
		return ansi.Truncate(s, w, "…")
	case n <= w:
		return s
	case w < 1:
		return ""
	}
	var b strings.Builder
	b.Grow(len(s))
	at, i := 0, 0
	for at < w-1 {
		size, wide := next(s[i:], true)
		i += size
		at += wide
	}
	for i < len(s) { // colours before the first character that goes
		size, wide := next(s[i:], true)
		if wide > 0 {
			break
		}
		i += size
	}
	b.WriteString(s[:i])
	b.WriteString("…")
	for i < len(s) {
		size, wide := next(s[i:], true)
		if wide == 0 {
			b.WriteString(s[i : i+size])
		}
		i += size
	}
	return b.String()
}
