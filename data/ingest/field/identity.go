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
	hicShape = `[0-9]{9}[A-Za-z][0-9A-Za-z]?`
)

// A Screen looks for text that identifies a person where none belongs (P001).
type Screen struct{ id, loose, hic, name, address *regexp.Regexp }

// NewScreen compiles the shapes.
func NewScreen() *Screen {
	return &Screen{
		id:      regexp.MustCompile(`(^|[^0-9A-Za-z])(` + mbiShape + `|` + ssnShape + `)($|[^0-9A-Za-z])`),
		loose:   regexp.MustCompile(mbiShape + `|` + ssnShape),
		hic:     regexp.MustCompile(`^(` + hicShape + `|[0-9]{9})$`),
		name:    regexp.MustCompile(`^[A-Za-z'.-]{2,}(, ?| )[A-Za-z'. -]{1,}$`),
		address: regexp.MustCompile(`^[0-9]{1,6} [A-Za-z0-9. ]* ?[A-Za-z]{2,}`),
	}
}

// Identifies says that free text holds an MBI or a social security number.
func (s *Screen) Identifies(text string) bool { return len(text) >= 11 && s.id.MatchString(text) }

// InCode says that a cell meant for a code holds a person's name, address or
// number instead. A tax number is nine digits too: pass tin for such a cell.
func (s *Screen) InCode(text string, tin bool) bool {
	if len(text) < 5 {
		return false
	}
	if s.Identifies(text) {
		return true
	}
	if len(text) >= 9 && s.hic.MatchString(text) {
		return !tin || len(text) != 9
	}
	return strings.IndexByte(text, ' ') >= 0 && (s.name.MatchString(text) || s.address.MatchString(text)) ||
		strings.IndexByte(text, ',') >= 0 && s.name.MatchString(text)
}
