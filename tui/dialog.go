package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"bundlelab/tui/draw"
	"bundlelab/tui/screen/explain"
	"bundlelab/tui/screen/picker"
	"bundlelab/tui/screen/prompt"
	"bundlelab/tui/term"
)

// dialog is a box over the board. It gets every key while it is on top.
type dialog interface {
	key(a *App, k term.Key) tea.Cmd
	view(t *draw.Theme, w, h int) []string
}

func (a *App) open(d dialog) { a.dialogs = append(a.dialogs, d) }

func (a *App) closeTop() {
	if n := len(a.dialogs); n > 0 {
		a.dialogs = a.dialogs[:n-1]
	}
}

// picking chooses from a list.
type picking struct {
	*picker.Picker
	chosen func(picker.Item) tea.Cmd
}

func (d picking) key(a *App, k term.Key) tea.Cmd {
	out := d.Key(k)
	if !out.Closed {
		return nil
	}
	a.closeTop()
	if out.Chosen == nil {
		return nil
	}
	return d.chosen(*out.Chosen)
}

func (d picking) view(t *draw.Theme, w, h int) []string { return d.View(t, w, h) }

// asking waits for yes or no.
type asking struct {
	*prompt.Confirm
	answer func(prompt.Answer) tea.Cmd
}

func (d asking) key(a *App, k term.Key) tea.Cmd {
	got := d.Key(k)
	if got == prompt.Waiting {
		return nil
	}
	a.closeTop()
	return d.answer(got)
}

func (d asking) view(t *draw.Theme, w, _ int) []string { return d.View(t, w) }

// reading shows an explanation. renew, where there is one, writes it anew when
// background work brings more.
type reading struct {
	*explain.Scroll
	renew func() explain.Text
}

func (d reading) key(a *App, k term.Key) tea.Cmd {
	if d.Key(k) {
		a.closeTop()
	}
	return nil
}

func (d reading) view(t *draw.Theme, w, h int) []string { return d.View(t, w, h) }

// inline is a field in the message line: a value, a filter or a name. The
// board stays in sight above it.
type inline struct {
	label  string
	hint   string
	bad    bool // the hint says why the text was refused
	field  prompt.Field
	change func(text string)         // on every edit; nil for none
	done   func(text string) tea.Cmd // on enter
	cancel func()                    // on esc; nil for none
}

// edit passes a key to the inline field.
func (a *App) edit(k term.Key) tea.Cmd {
	in := a.inline
	switch k.Name {
	case "enter":
		a.inline = nil
		return in.done(in.field.Text())
	case "esc":
		a.inline = nil
		if in.cancel != nil {
			in.cancel()
		}
		return nil
	}
	if in.field.Key(k) && in.change != nil {
		in.change(in.field.Text())
	}
	return nil
}
