package prompt

import (
	"bundlelab/tui/draw"
	"bundlelab/tui/term"
)

// Answer is what a question got.
type Answer uint8

// The answers.
const (
	Waiting Answer = iota
	Yes
	No
	Other // the question's third way
)

// Confirm asks before something is lost. It names the thing.
type Confirm struct {
	Title    string
	Question string
	Yes, No  string // what each answer does
	Third    string // what "s" does; "" when there is no third way
}

// Key answers.
func (c *Confirm) Key(k term.Key) Answer {
	switch k.Name {
	case "y", "Y":
		return Yes
	case "n", "N", "esc", "q":
		return No
	case "s", "S":
		if c.Third != "" {
			return Other
		}
	}
	return Waiting
}

// View draws the question as a box no wider than w.
func (c *Confirm) View(t *draw.Theme, w int) []string {
	inner := max(20, min(w-4, 64))
	var lines []string
	add := func(s string) { lines = append(lines, draw.On("").Add("", s).To(inner)) }
	for _, l := range draw.Wrap(draw.Clean(c.Question), inner-2) {
		add(" " + l)
	}
	add("")
	answer := func(key, does string) {
		if does != "" {
			lines = append(lines, draw.On("").Add("", " ").Add(t.Bold, key).Add("", "  "+does).To(inner))
		}
	}
	answer("y", c.Yes)
	answer("s", c.Third)
	answer("n", c.No)
	return t.Box(c.Title, lines, inner)
}
