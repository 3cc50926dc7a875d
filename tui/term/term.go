// Package term is the seam between the screens and Bubble Tea: key names,
// program options and the writer. A move to another terminal library changes
// this package and the top model, nothing else.
package term

import (
	"context"
	"os"

	tea "github.com/charmbracelet/bubbletea"
	xterm "github.com/charmbracelet/x/term"

	_ "bundlelab/tui/term/early" // before bubbletea's init asks the terminal
)

// Key is one key press: its name as the action registry writes it, and the
// text it types, if any.
type Key struct {
	Name string // "up", "ctrl+r", "shift+left", "u"
	Text string // what a text field inserts; "" for a command key
}

// Keys reads a Bubble Tea key message. Letters that arrive together, as a held
// key does on a busy machine, are one message but several key presses; pasted
// text is one.
func Keys(m tea.KeyMsg) []Key {
	typed := m.Type == tea.KeyRunes || m.Type == tea.KeySpace
	switch {
	case m.Paste:
		return []Key{{Name: "paste", Text: string(m.Runes)}}
	case !typed || m.Alt:
		return []Key{{Name: m.String()}}
	}
	out := make([]Key, len(m.Runes))
	for i, r := range m.Runes {
		out[i] = Key{string(r), string(r)}
	}
	return out
}

// EditMsg is the message a text field of the library understands: typed text,
// or one of the keys that edit a line. False for every other key.
func (k Key) EditMsg() (tea.KeyMsg, bool) {
	if k.Text != "" {
		return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(k.Text)}, true
	}
	types := map[string]tea.KeyType{
		"left": tea.KeyLeft, "right": tea.KeyRight, "home": tea.KeyHome, "end": tea.KeyEnd,
		"backspace": tea.KeyBackspace, "delete": tea.KeyDelete, "ctrl+left": tea.KeyCtrlLeft, "ctrl+right": tea.KeyCtrlRight,
		"ctrl+a": tea.KeyCtrlA, "ctrl+b": tea.KeyCtrlB, "ctrl+d": tea.KeyCtrlD, "ctrl+e": tea.KeyCtrlE, "ctrl+f": tea.KeyCtrlF,
		"ctrl+h": tea.KeyCtrlH, "ctrl+k": tea.KeyCtrlK, "ctrl+u": tea.KeyCtrlU, "ctrl+w": tea.KeyCtrlW,
	}
	t, ok := types[k.Name]
	return tea.KeyMsg{Type: t}, ok
}

// IsTerminal says whether a file is one.
func IsTerminal(f *os.File) bool { return f != nil && xterm.IsTerminal(f.Fd()) }

// Options are the Bubble Tea options of a full-screen program. noSync leaves
// out synchronized output, which a few terminals get wrong.
func Options(ctx context.Context, in, out *os.File, noSync bool) []tea.ProgramOption {
	opts := []tea.ProgramOption{tea.WithContext(ctx), tea.WithAltScreen(), tea.WithInput(in)}
	if noSync {
		return append(opts, tea.WithOutput(out))
	}
	return append(opts, tea.WithOutput(syncWriter{out}))
}
