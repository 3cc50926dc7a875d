// Package tui is the terminal screen of bundlelab: move a lever and see at
// once what happens to money under every bundle design.
package tui

import (
	"context"
	"os"
	"strings"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"bundlelab/engine"
	"bundlelab/engine/lever"
	"bundlelab/scenarios"
	"bundlelab/tui/action"
	"bundlelab/tui/draw"
	"bundlelab/tui/screen/board"
	"bundlelab/tui/session"
	"bundlelab/tui/term"
)

// Options are what the screen opens with.
type Options struct {
	Model     *engine.Model
	Title     string // of the health system or database
	Synthetic bool   // every row is made up: said in sight at all times
	Scenario  scenarios.Scenario
	Base      lever.Set        // of what Scenario builds on, wherever that lies
	Folder    scenarios.Folder // where scenarios and the draft are kept
	NoColor   bool
	ASCII     bool                     // no character beyond ASCII
	NoSync    bool                     // no synchronized output
	Broke     func(panicked any) error // what may be told of a panic; nil for a bare sentence
	In, Out   *os.File
	Env       func(string) string // reads the environment; os.Getenv when nil
}

// App is the only tea.Model: it turns messages into changes of the session and
// the board, and draws them.
type App struct {
	s        *session.Session
	board    *board.Board
	theme    draw.Theme
	ascii    bool
	actions  []action.Action
	handlers map[action.ID]func() tea.Cmd
	ctx      context.Context // ends background settling; the program's own
	gate     *sync.RWMutex   // held for reading by background settling; closed by leave

	width, height int
	dialogs       []dialog
	inline        *inline
	note          note
	draft         uint64        // the change that a rest is awaited after
	drafted       string        // what the last draft held
	rest          time.Duration // before the draft is written
	live          bool          // on a terminal: the garbage collector is ours
	recent        []string      // palette choices, last first
}

// note is the message line; it stays until the next key.
type note struct {
	text string
	bad  bool
}

// New makes the screen without a terminal.
func New(o Options) *App {
	env := o.Env
	if env == nil {
		env = os.Getenv
	}
	palette := draw.PaletteOf(env)
	if o.NoColor {
		palette = draw.Mono
	}
	s, err := session.New(o.Model, o.Folder, o.Scenario, o.Base)
	a := &App{
		s: s, board: board.New(o.Title, o.Synthetic), theme: draw.NewTheme(palette, draw.LightBackground(env)),
		ascii: o.ASCII, actions: action.Registry(), ctx: context.Background(), gate: new(sync.RWMutex), drafted: s.Text(),
		rest: restDelay,
	}
	a.handlers = a.handle()
	if err != nil {
		a.fail(err)
	}
	return a
}

// Init looks for a draft that an earlier run left.
func (a *App) Init() tea.Cmd {
	for _, e := range a.s.Entries() {
		if session.IsDraft(e.File) && e.Err == nil && a.note.text == "" {
			a.say("an unsaved draft of " + e.Scenario.Name + " is kept: o opens it")
		}
	}
	return tea.Batch(a.settleRest(), a.settleApart())
}

// Update handles one message.
func (a *App) Update(m tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	switch m := m.(type) {
	case tea.WindowSizeMsg:
		a.width, a.height = m.Width, m.Height
	case tea.KeyMsg:
		var cmds []tea.Cmd
		for _, k := range term.Keys(m) {
			cmds = append(cmds, a.key(k))
		}
		cmd = tea.Batch(cmds...)
	case listed:
		a.listed(m)
	case savedMsg:
		cmd = a.saved(m)
	case rested:
		cmd = a.useRest(m)
	case draftFailed:
		a.fail(m.err)
	case settled:
		a.board.Length.Accept(m.job, m.points)
	case restSettled:
		a.s.Accept(m.job, m.rows)
	case apartSettled:
		a.acceptApart(m)
	}
	return a, tea.Batch(cmd, a.awaitRest(), a.settleRest(), a.settleApart(), a.settleLengths())
}

// View draws the screen.
func (a *App) View() string {
	if a.width <= 0 || a.height <= 0 {
		return ""
	}
	hints := action.Footer(a.actions, a.board.State(a.s), a.width)
	frame := a.board.View(&a.theme, a.s, a.width, a.height, a.status(), hints)
	if n := len(a.dialogs); n > 0 && a.width >= board.MinWidth && a.height >= board.MinHeight {
		lines := draw.Center(strings.Split(frame, "\n"), a.dialogs[n-1].view(&a.theme, a.width, a.height), a.width)
		frame = strings.Join(lines, "\n")
	}
	if a.ascii {
		return draw.ASCII(frame)
	}
	return frame
}

func (a *App) say(text string) { a.note = note{text: text} }

func (a *App) fail(err error) { a.note = note{session.Brief(err), true} }
