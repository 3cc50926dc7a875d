// Package prompt asks one thing: a line of text, or yes or no.
package prompt

import (
	"github.com/charmbracelet/bubbles/textinput"

	"bundlelab/tui/draw"
	"bundlelab/tui/term"
)

// maxText bounds a field, so that a pasted file does no harm.
const maxText = 200

// Field is one line of text with a cursor. The library edits it; drawing it
// is ours, because the library's drawing loses the cursor without colours. The
// zero Field is empty and ready.
type Field struct{ in textinput.Model }

// NewField starts with text and the cursor behind it.
func NewField(text string) Field {
	in := textinput.New()
	in.CharLimit = maxText
	in.SetValue(text)
	in.CursorEnd()
	in.Focus() // the command only makes the library's own cursor blink
	return Field{in}
}

// Text is what was typed.
func (f *Field) Text() string { return f.in.Value() }

// Key edits, and says whether the key was an editing key.
func (f *Field) Key(k term.Key) bool {
	k.Text = draw.Clean(k.Text)
	msg, ok := k.EditMsg()
	if ok {
		if !f.in.Focused() {
			*f = NewField("")
		}
		f.in, _ = f.in.Update(msg) // likewise
	}
	return ok
}

// Add draws the field on a line in at most w cells; the cursor is a reversed
// cell and always in sight.
func (f *Field) Add(l *draw.Line, t *draw.Theme, w int) *draw.Line {
	if w < 2 {
		return l
	}
	text, at := []rune(f.in.Value()), f.in.Position()
	from := 0
	for draw.Width(string(text[from:at])) > w-1 {
		from++
	}
	l.Add("", string(text[from:at]))
	under, rest := " ", ""
	if at < len(text) {
		under, rest = string(text[at]), string(text[at+1:])
	}
	l.Add(t.Reverse, under)
	room := w - draw.Width(string(text[from:at])) - draw.Width(under)
	if draw.Width(rest) > room {
		rest = draw.Fit(rest, max(0, room))
	}
	return l.Add("", rest)
}
