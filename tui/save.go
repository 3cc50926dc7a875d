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

// restDelay is how long no key comes before the draft is written.
const restDelay = 500 * time.Millisecond

// saving is a scenario to save under the name it carries.
type saving struct {
	scenario scenarios.Scenario // as the folder keeps it
	folded   string             // the base whose levers were written in, "" for none
	force    bool               // overwrite what is there
	quit     bool               // leave the board when it is saved
}

// savedMsg says how saving went.
type savedMsg struct {
	saving
	path string
	err  error
}

// askName saves under a name the user gives or confirms, and then may quit.
func (a *App) askName(quit bool) tea.Cmd {
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
		x := saving{scenario: a.s.Standalone(), quit: quit}
		x.scenario.Name = text
		if x.scenario.Base != a.s.Scenario().Base {
			x.folded = a.s.BaseName()
		}
		return a.save(x)
	}}
	return nil
}

func (a *App) save(x saving) tea.Cmd {
	folder := a.s.Folder()
	if folder.Dir == "" {
		a.fail(errors.New("this board was opened without a scenario folder, so nothing can be saved"))
		return nil
	}
	return func() tea.Msg {
		path, err := folder.Save(x.scenario, x.force)
		if err == nil {
			err = session.DropDraft(folder)
		}
		return savedMsg{x, path, err}
	}
}

func (a *App) saved(m savedMsg) tea.Cmd {
	if errors.Is(m.err, scenarios.ErrExists) {
		q := &prompt.Confirm{Title: "Save", Question: fmt.Sprintf("%s exists and holds something else.", m.path), Yes: "overwrite it", No: "keep it"}
		if m.scenario.Name == a.s.Scenario().Name {
			q.Question, q.Yes, q.No = fmt.Sprintf("Replace your saved version of %q?", m.scenario.Name), "replace it", "keep the saved version"
		}
		a.open(asking{q,
			func(got prompt.Answer) tea.Cmd {
				if got == prompt.Yes {
					m.force = true
					return a.save(m.saving)
				}
				return nil
			}})
		return nil
	}
	if m.err != nil {
		a.fail(fmt.Errorf("save %s: %w", m.scenario.Name, m.err))
		return nil
	}
	a.s.Rename(m.scenario.Name)
	a.s.Saved(m.scenario)
	a.drafted = a.s.Text()
	if m.quit {
		return tea.Quit
	}
	said := "saved " + m.path
	if m.folded != "" {
		said += "; the levers of its base " + m.folded + ", which is not in that folder, are written into it"
	}
	a.say(said)
	return nil
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

// rested comes back when the keyboard has rested after a change.
type rested struct{ change uint64 }

// draftFailed says the draft could not be kept.
type draftFailed struct{ err error }

// awaitRest arms what a rest is for after a change of the scenario: the draft,
// and a collection. Nothing ticks while nothing changes.
func (a *App) awaitRest() tea.Cmd {
	body := a.s.Text()
	if body == a.drafted {
		return nil
	}
	a.drafted = body
	a.draft++
	due := rested{a.draft}
	return tea.Tick(a.rest, func(time.Time) tea.Msg { return due })
}

func (a *App) useRest(m rested) tea.Cmd {
	if m.change != a.draft {
		return nil
	}
	if !a.live {
		return a.writeDraft()
	}
	return tea.Batch(a.writeDraft(), a.behind(sigh))
}

func (a *App) writeDraft() tea.Cmd {
	if a.s.Folder().Dir == "" || !a.s.Unsaved() {
		return nil
	}
	folder, x := a.s.Folder(), a.s.Standalone()
	return func() tea.Msg {
		if err := session.WriteDraft(folder, x); err != nil {
			return draftFailed{err}
		}
		return nil
	}
}

// leave keeps what is not saved once the board is closed, however that came:
// the draft on the disk may be half a second old.
func (a *App) leave() error {
	if a.s.Folder().Dir == "" || !a.s.Unsaved() {
		return nil
	}
	return session.WriteDraft(a.s.Folder(), a.s.Standalone())
}
