package tui

import (
	"errors"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

var errBroke = errors.New("broke")

// faulty panics where it is told to.
type faulty struct{ where string }

func (f faulty) fail(where string) {
	if f.where == where {
		panic("patient 1EG4TE5MK73")
	}
}

func (f faulty) Init() tea.Cmd { f.fail("init"); return f.command }

func (f faulty) Update(tea.Msg) (tea.Model, tea.Cmd) { f.fail("update"); return f, f.command }

func (f faulty) View() string { f.fail("view"); return "frame" }

func (f faulty) command() tea.Msg {
	f.fail("command")
	return tea.BatchMsg{func() tea.Msg { f.fail("batch"); return nil }}
}

func TestGuard(t *testing.T) {
	for _, where := range []string{"", "init", "update", "view", "command", "batch"} {
		t.Run(where, func(t *testing.T) {
			quit := make(chan bool, 1)
			g := &guard{Model: faulty{where}, quit: func() { quit <- true }, describe: func(any) error { return errBroke }}
			frame := g.View()
			if where == "view" {
				<-quit
			}
			last := run(g, g.Init())
			_, cmd := g.Update(nil)
			last = append(last, run(g, cmd)...)
			if where == "" {
				if g.broke != nil || frame != "frame" || len(last) != 0 {
					t.Errorf("a sound screen: %v, %q, %v", g.broke, frame, last)
				}
				return
			}
			if g.broke == nil || len(last) == 0 || g.View() != "" {
				t.Fatalf("broke %v, messages %v", g.broke, last)
			}
			if !errors.Is(g.broke, errBroke) {
				t.Error(g.broke)
			}
		})
	}
}

// run plays the program's loop for a command and gives the quit messages.
func run(g *guard, cmd tea.Cmd) (quits []tea.Msg) {
	if cmd == nil {
		return nil
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.QuitMsg:
		return []tea.Msg{msg}
	case tea.BatchMsg:
		for _, c := range msg {
			quits = append(quits, run(g, c)...)
		}
	default:
		_, next := g.Update(msg)
		return run(g, next)
	}
	return quits
}
