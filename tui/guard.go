package tui

import (
	tea "github.com/charmbracelet/bubbletea"
)

// guard stands between the terminal library and the screen: when the screen
// panics, the library would print the value and the stack. The guard leaves the
// terminal as a key to quit does, and keeps what may be told.
type guard struct {
	tea.Model
	quit     func()          // ends the program from outside its turn
	describe func(any) error // what may be told of a panic, called where it is under way
	broke    error
}

// broken says that a command of the screen panicked.
type broken struct{ err error }

// Init starts the screen.
func (g *guard) Init() (cmd tea.Cmd) {
	defer g.catch(&cmd)
	return g.guarded(g.Model.Init())
}

// Update gives the screen a message, until it breaks.
func (g *guard) Update(msg tea.Msg) (m tea.Model, cmd tea.Cmd) {
	if b, ok := msg.(broken); ok {
		g.broke = b.err
	}
	if g.broke != nil {
		return g, tea.Quit
	}
	defer g.catch(&cmd)
	m = g
	_, cmd = g.Model.Update(msg) // the screen changes in place
	return m, g.guarded(cmd)
}

// View draws the screen, until it breaks.
func (g *guard) View() string {
	if g.broke != nil {
		return ""
	}
	var cmd tea.Cmd
	defer func() {
		if cmd != nil {
			go g.quit() // drawing answers no message, so no command can say it
		}
	}()
	defer g.catch(&cmd)
	return g.Model.View()
}

// catch ends the screen on a panic.
func (g *guard) catch(cmd *tea.Cmd) {
	if r := recover(); r != nil {
		g.broke, *cmd = g.describe(r), tea.Quit
	}
}

// guarded makes a command tell of a panic, and those it starts too.
func (g *guard) guarded(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				msg = broken{g.describe(r)}
			}
		}()
		msg = cmd()
		if batch, ok := msg.(tea.BatchMsg); ok {
			for i := range batch {
				batch[i] = g.guarded(batch[i])
			}
		}
		return msg
	}
}
