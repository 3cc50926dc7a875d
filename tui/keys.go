package tui

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"bundlelab/tui/action"
	"bundlelab/tui/draw"
	"bundlelab/tui/screen/levers"
	"bundlelab/tui/screen/prompt"
	"bundlelab/tui/session"
	"bundlelab/tui/term"
)

// key sends a key where it belongs: the way out first, then the field or the
// box that is open, then a value being typed, then the registry.
func (a *App) key(k term.Key) tea.Cmd {
	switch k.Name {
	case "ctrl+c":
		return tea.Quit
	case "ctrl+z":
		return tea.Suspend
	}
	if a.inline != nil {
		return a.edit(k)
	}
	a.note = note{}
	if n := len(a.dialogs); n > 0 {
		return a.dialogs[n-1].key(a, k)
	}
	if a.board.Focus == action.Levers && startsValue(k.Text) && a.board.Levers.Current(a.s) != nil {
		a.editValue(k.Text)
		return nil
	}
	id, why := action.Find(a.actions, k.Name, a.board.State(a.s))
	if id == "" {
		if why != "" {
			a.say(action.Key(k.Name) + ": " + why)
		}
		return nil
	}
	return a.run(id)
}

// startsValue says whether typed text begins a value rather than a command.
func startsValue(text string) bool {
	return text != "" && strings.ContainsRune("0123456789.+-$", rune(text[0]))
}

// editValue opens the field for the lever in hand.
func (a *App) editValue(text string) {
	d := a.board.Levers.Current(a.s)
	if d == nil {
		return
	}
	k := a.s.Key(d)
	hint := session.Range(d)
	if c := a.s.Choices(d); len(c) > 0 {
		hint = strings.Join(c, ", ")
	}
	a.ask(k.String()+" = ", text, hint+" · enter sets · esc leaves", func(text string) {
		if text = strings.TrimSpace(text); text != "" {
			a.set(k, session.Typed(d, text))
		}
	})
}

func (a *App) ask(label, text, hint string, done func(string)) {
	a.inline = &inline{label: label, hint: hint, field: prompt.NewField(text),
		done: func(text string) tea.Cmd { done(text); return nil }}
}

// status is the message line: the open field, the last message, or what the
// lever in hand means.
func (a *App) status() string {
	t := &a.theme
	l := draw.On("").Add("", " ")
	switch {
	case a.inline != nil:
		in := a.inline
		l.Add(t.Bold, in.label)
		in.field.Add(l, t, max(8, a.width/3))
		return l.Add(t.Faint, "  "+in.hint).To(a.width)
	case a.note.bad:
		return l.Add(t.Warn, "! "+a.note.text).To(a.width)
	case a.note.text != "":
		return l.Add(t.Bold, a.note.text).To(a.width)
	case a.board.Focus == action.Levers:
		if d := a.board.Levers.Current(a.s); d != nil {
			return l.Add(t.Faint, levers.Describe(a.s, d)).To(a.width)
		}
	case a.board.Filter() != "":
		return l.Add(t.Faint, fmt.Sprintf("filtered by %q; esc clears", a.board.Filter())).To(a.width)
	}
	return l.Add(t.Faint, a.warning()).To(a.width)
}

// warning is the first thing to know about the selected row.
func (a *App) warning() string {
	row := a.s.Row()
	if row == nil || row.Result == nil || len(row.Result.Warnings) == 0 {
		return ""
	}
	w := row.Result.Warnings
	if len(w) == 1 {
		return w[0]
	}
	return fmt.Sprintf("%s (and %d more; enter on the design explains)", w[0], len(w)-1)
}
