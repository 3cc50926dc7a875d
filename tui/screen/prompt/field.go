// Package prompt asks one thing: a line of text, or yes or no.
package prompt

import (
	"unicode"

	"bundlelab/tui/draw"
	"bundlelab/tui/term"
)

// maxText bounds a field, so that a pasted file does no harm.
const maxText = 200

// Field is one line of text with a cursor.
type Field struct {
	text []rune
	at   int
}

// NewField starts with text and the cursor behind it.
func NewField(text string) Field {
	r := []rune(text)
	return Field{r, len(r)}
}

// Text is what was typed.
func (f *Field) Text() string { return string(f.text) }

// Key edits, and says whether the key was an editing key.
func (f *Field) Key(k term.Key) bool {
	switch k.Name {
	case "left", "ctrl+b":
		f.at = max(0, f.at-1)
	case "right", "ctrl+f":
		f.at = min(len(f.text), f.at+1)
	case "home", "ctrl+a":
		f.at = 0
	case "end", "ctrl+e":
		f.at = len(f.text)
	case "backspace", "ctrl+h":
		f.cut(f.at - 1)
	case "delete":
		f.cut(f.at)
	case "ctrl+u":
		f.text, f.at = f.text[f.at:], 0
	case "ctrl+w":
		for f.at > 0 && unicode.IsSpace(f.text[f.at-1]) {
			f.cut(f.at - 1)
		}
		for f.at > 0 && !unicode.IsSpace(f.text[f.at-1]) {
			f.cut(f.at - 1)
		}
	default:
		if k.Text == "" {
			return false
		}
		f.insert(k.Text)
	}
	return true
}

func (f *Field) cut(i int) {
	if i < 0 || i >= len(f.text) {
		return
	}
	f.text = append(append([]rune(nil), f.text[:i]...), f.text[i+1:]...)
	if i < f.at {
		f.at--
	}
}

func (f *Field) insert(s string) {
	for _, r := range draw.Clean(s) {
		if len(f.text) >= maxText {
			return
		}
		f.text = append(f.text, 0)
		copy(f.text[f.at+1:], f.text[f.at:])
		f.text[f.at] = r
		f.at++
	}
}

// Add draws the field on a line in at most w cells; the cursor is a reversed
// cell and always in sight.
func (f *Field) Add(l *draw.Line, t *draw.Theme, w int) *draw.Line {
	if w < 2 {
		return l
	}
	from := 0
	for draw.Width(string(f.text[from:f.at])) > w-1 {
		from++
	}
	l.Add("", string(f.text[from:f.at]))
	under, rest := " ", ""
	if f.at < len(f.text) {
		under, rest = string(f.text[f.at]), string(f.text[f.at+1:])
	}
	l.Add(t.Reverse, under)
	room := w - draw.Width(string(f.text[from:f.at])) - draw.Width(under)
	if draw.Width(rest) > room {
		rest = draw.Fit(rest, max(0, room))
	}
	return l.Add("", rest)
}
