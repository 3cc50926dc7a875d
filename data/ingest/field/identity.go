package field

import (
	"regexp"
	"strings"
)

// The shapes of identifiers. An MBI has eleven characters: a digit from 1, a
// letter, a letter or digit, a digit, and the last six in the same manner; the
// letters S, L, O, I, B and Z are not used by real ones but by synthetic ones.
const (
	mbiShape = `[1-9][A-Za-z][A-Za-z0-9][0-9]-?[A-Za-z][A-Za-z0-9][0-9]-?[A-Za-z]{2}[0-9]{2}`
	ssnShape = `[0-9]{3}-[0-9]{2}-[0-9]{4}`
)

// A Screen looks for text that identifies a person where none belongs (P001).
type Screen struct{ id, loose, name, address, cclf *regexp.Regexp }

// NewScreen compiles the shapes.
func NewScreen() *Screen {
	return &Screen{
		id:      regexp.MustCompile(`(^|[^0-9A-Za-z])(` + mbiShape + `|` + ssnShape + `)($|[^0-9A-Za-z])`),
		loose:   regexp.MustCompile(mbiShape + `|` + ssnShape),
		name:    regexp.MustCompile(`^[A-Za-z'.-]{2,}(, ?| )[A-Za-z'. -]{1,}$`),
		cclf:    regexp.MustCompile(`^(?i:P\.[A-Z][0-9]{4}\.ACO\.ZC[0-9AB]W?[A-Z][0-9]{2}\.D[0-9]{6}\.T[0-9]{6,7})$`),
		address: regexp.MustCompile(`^[0-9]{1,6} [A-Za-z0-9. ]* ?[A-Za-z]{2,}`),
	}
}

// Identifies says that free text holds an MBI or a social security number.
func (s *Screen) Identifies(text string) bool {
	return len(text) >= 11 && possible(text) && s.id.MatchString(text)
}

// possible says that a text may hold an MBI or a social security number: each
// has five digits and eleven characters that are digits, letters or dashes.
func possible(text string) bool {
	digits, run := 0, 0
	for i := range len(text) {
		c := text[i]
		switch {
		case c >= '0' && c <= '9':
			digits++
			run++
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c == '-':
			run++
		default:
			digits, run = 0, 0
		}
		if digits >= 5 && run >= 11 {
			return true
		}
	}
	return false
}

// personal says that a text is a number of the shape that Medicare numbers had
// until 2020, or nine digits: a social security number, or a tax number.
func personal(text string) bool {
	if len(text) < 9 || len(text) > 11 {
		return false
	}
	for i := range len(text) {
		c := text[i]
		digit := c >= '0' && c <= '9'
		letter := c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
		if i < 9 && !digit || i == 9 && !letter || i == 10 && !letter && !digit {
			return false
		}
	}
	return true
}

// InCode says that a cell meant for a code holds a person's name, address or
// number instead. A tax number is nine digits too: pass tin for such a cell.
func (s *Screen) InCode(text string, tin bool) bool {
	if len(text) < 5 {
		return false
	}
	if s.Identifies(text) {
		return true
	}
	if personal(text) {
		return !tin || len(text) != 9
	}
	return strings.IndexByte(text, ' ') >= 0 && (s.name.MatchString(text) || s.address.MatchString(text)) ||
		strings.IndexByte(text, ',') >= 0 && s.name.MatchString(text)
}
