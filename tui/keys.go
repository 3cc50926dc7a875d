package tui

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"bundlelab/engine/lever"
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
	a.ask(k.String()+" = ", text, hint+" · enter sets · esc leaves",
		func(text string) string { return understood(d, session.Typed(d, text)) },
		func(text string) error {
			if text = session.Typed(d, text); text == "" {
				return nil
			}
			if _, err := session.Understood(d, text); err != nil {
				return fmt.Errorf("%s does not fit: %s", text, session.Range(d))
			}
			return a.s.Set(k, text)
		})
}

// understood is how a typed value is read, "" for one that is not finished or
// not a number.
func understood(d *lever.Def, text string) string {
	if read, err := session.Understood(d, text); err == nil && d.Unit != lever.ID {
		return "= " + read + " · "
	}
	return ""
}

// ask opens a field. read says how the text is understood so far; a text that
// done refuses stays in the field with the reason.
func (a *App) ask(label, text, hint string, read func(string) string, done func(string) error) {
	in := &inline{label: label, hint: read(text) + hint, field: prompt.NewField(text)}
	in.change = func(text string) {
		in.hint, in.bad = read(text)+hint, false
	}
	in.done = func(text string) tea.Cmd {
		if err := done(text); err != nil {
			in.hint, in.bad = session.Brief(err), true
			a.inline = in
		}
		return nil
	}
	a.inline = in
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
		room := max(8, a.width/3)
		if room = min(room, len([]rune(in.field.Text()))+1); in.bad {
			in.field.Add(l, t, room)
			return l.Add(t.Warn, "  ! "+in.hint).To(a.width)
		}
		in.field.Add(l, t, room)
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
	if row == nil || row.Result == nil {
		return ""
	}
	w := a.s.Warnings(row.Result)
	switch len(w) {
	case 0:
		return ""
	case 1:
		return w[0]
	}
	return fmt.Sprintf("%s (and %d more; enter on the design explains)", w[0], len(w)-1)
}
