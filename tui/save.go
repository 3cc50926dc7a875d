package tui

import (
	"errors"
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"bundlelab/scenarios"
	"bundlelab/tui/screen/prompt"
	"bundlelab/tui/session"
)

// draftDelay is how long the keyboard rests before the draft is written.
const draftDelay = 500 * time.Millisecond

// savedMsg says how saving went.
type savedMsg struct {
	scenario scenarios.Scenario
	path     string
	err      error
}

// askName saves under a name the user gives or confirms.
func (a *App) askName() tea.Cmd {
	name := a.s.Scenario().Name
	if name == scenarios.StatusQuo().Name || name == session.Unnamed {
		name = ""
	}
	a.inline = &inline{label: "save as ", hint: "enter saves · esc leaves", field: prompt.NewField(name), done: func(text string) tea.Cmd {
		text = strings.TrimSpace(text)
		if text == "" {
			a.fail(errors.New("a scenario needs a name to be saved"))
			return nil
		}
		x := a.s.Scenario()
		x.Name = text
		return a.save(x, false)
	}}
	return nil
}

func (a *App) save(x scenarios.Scenario, force bool) tea.Cmd {
	folder := a.s.Folder()
	if folder.Dir == "" {
		a.fail(errors.New("this board was opened without a scenario folder, so nothing can be saved"))
		return nil
	}
	return func() tea.Msg {
		path, err := folder.Save(x, force)
		if err == nil {
			err = session.DropDraft(folder)
		}
		return savedMsg{x, path, err}
	}
}

func (a *App) saved(m savedMsg) {
	if errors.Is(m.err, scenarios.ErrExists) {
		a.open(asking{&prompt.Confirm{Title: "Save", Question: fmt.Sprintf("%s exists and holds something else.", m.path),
			Yes: "overwrite it", No: "keep it"},
			func(got prompt.Answer) tea.Cmd {
				if got == prompt.Yes {
					return a.save(m.scenario, true)
				}
				return nil
			}})
		return
	}
	if m.err != nil {
		a.fail(fmt.Errorf("save %s: %w", m.scenario.Name, m.err))
		return
	}
	a.s.Rename(m.scenario.Name)
	a.s.Saved(m.scenario)
	a.drafted = string(a.s.Scenario().Format())
	a.say("saved " + m.path)
}

// openScenario takes another scenario; undo brings the old one back, so
// nothing is lost and nobody is asked.
func (a *App) openScenario(x scenarios.Scenario) {
	if err := a.s.Load(x); err != nil {
		a.fail(fmt.Errorf("open %s: %w", x.Name, err))
		return
	}
	a.say("opened " + x.Name + "; u goes back")
}

// draftDue comes back when the keyboard has rested.
type draftDue struct{ change uint64 }

// draftFailed says the draft could not be kept.
type draftFailed struct{ err error }

// keepDraft arms the draft after a change of the scenario. Nothing ticks while
// nothing changes.
func (a *App) keepDraft() tea.Cmd {
	body := string(a.s.Scenario().Format())
	if body == a.drafted || a.s.Folder().Dir == "" {
		return nil
	}
	a.drafted = body
	a.draft++
	due := draftDue{a.draft}
	return tea.Tick(a.rest, func(time.Time) tea.Msg { return due })
}

func (a *App) writeDraft(m draftDue) tea.Cmd {
	if m.change != a.draft || !a.s.Unsaved() {
		return nil
	}
	return a.draftNow()
}

// draftNow writes the draft at once.
func (a *App) draftNow() tea.Cmd {
	folder, x := a.s.Folder(), a.s.Scenario()
	if folder.Dir == "" {
		return nil
	}
	return func() tea.Msg {
		if err := session.WriteDraft(folder, x); err != nil {
			return draftFailed{err}
		}
		return nil
	}
}
