package control

import (
	"strings"
	"unicode"
)

// hintSize is the longest pattern kept.
const hintSize = 24

// Mask writes the shape of a value, never the value: digits become 9, letters
// A or a, so "1EG4-TE5" becomes "9AA9-AA9". Anything else outside plain
// punctuation becomes a question mark.
func Mask(value string) string {
	var b strings.Builder
	n := 0
	for _, r := range value {
		if n == hintSize {
			b.WriteString("...")
			break
		}
		n++
		switch {
		case r >= '0' && r <= '9':
			b.WriteByte('9')
		case unicode.IsUpper(r):
			b.WriteByte('A')
		case unicode.IsLetter(r):
			b.WriteByte('a')
		case r == ' ' || r < 0x7f && unicode.IsPunct(r) || r == '$' || r == '+':
			b.WriteRune(r)
		default:
			b.WriteByte('?')
		}
	}
	return b.String()
}

// Column writes a column's name for a message: what a header holds is the
// file's own text, so digits that could be a person's number are masked.
func Column(name string) string {
	digits := 0
	for _, r := range name {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	if digits > 4 || len(name) > 40 {
		return Mask(name)
	}
	return name
}
