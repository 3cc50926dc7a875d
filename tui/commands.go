package tui

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"bundlelab/engine/lever"
	"bundlelab/scenarios"
	"bundlelab/tui/action"
	"bundlelab/tui/screen/explain"
	"bundlelab/tui/screen/levers"
	"bundlelab/tui/screen/prompt"
	"bundlelab/tui/session"
)

const (
	page = 10
	far  = 1 << 20
)

// run does one action.
func (a *App) run(id action.ID) tea.Cmd {
	if do, ok := a.handlers[id]; ok {
		return do()
	}
	return nil
}

// handle binds every action of the registry to what it does; a test holds the
// two lists together.
func (a *App) handle() map[action.ID]func() tea.Cmd {
	all := map[action.ID]func() tea.Cmd{
		action.Save:    func() tea.Cmd { return a.askName(false) },
		action.Open:    func() tea.Cmd { return a.list(forOpen) },
		action.Palette: func() tea.Cmd { return a.list(forPalette) },
		action.Fresh:   func() tea.Cmd { a.openScenario(scenarios.StatusQuo()); return nil },
		action.Quit:    a.quit,
		action.Redraw:  func() tea.Cmd { a.board.Forget(); return tea.ClearScreen },
		action.Suspend: func() tea.Cmd { return tea.Suspend },
		action.Leave:   func() tea.Cmd { return tea.Quit },
	}
	for id, do := range a.changes() {
		all[id] = func() tea.Cmd { do(); return nil }
	}
	for id, do := range a.looks() {
		all[id] = func() tea.Cmd { do(); return nil }
	}
	return all
}

// changes are the actions on levers and scenario.
func (a *App) changes() map[action.ID]func() {
	return map[action.ID]func(){
		action.StepUp:     func() { a.step(1) },
		action.StepDown:   func() { a.step(-1) },
		action.LeapUp:     func() { a.step(10) },
		action.LeapDown:   func() { a.step(-10) },
		action.Edit:       a.editLever,
		action.Reset:      a.reset,
		action.SetByName:  a.askSetting,
		action.Undo:       func() { a.travel(a.s.Undo, "undone: ") },
		action.Redo:       func() { a.travel(a.s.Redo, "done again: ") },
		action.Category:   func() { a.s.NextCategory(1) },
		action.CategoryUp: func() { a.s.NextCategory(-1) },
		action.Hospital:   a.pickHospital,
	}
}

// looks are the actions that change what is seen and nothing else.
func (a *App) looks() map[action.ID]func() {
	b := a.board
	all := map[action.ID]func(){
		action.Up:       func() { b.Move(a.s, -1) },
		action.Down:     func() { b.Move(a.s, 1) },
		action.PageUp:   func() { b.Move(a.s, -page) },
		action.PageDown: func() { b.Move(a.s, page) },
		action.Top:      func() { b.Move(a.s, -far) },
		action.Bottom:   func() { b.Move(a.s, far) },
		action.NextPane: func() { b.Shift(1) },
		action.PrevPane: func() { b.Shift(-1) },
		action.NextTab:  func() { b.Turn(1) },
		action.PrevTab:  func() { b.Turn(-1) },
		action.Zoom:     b.ToggleZoom,
		action.Filter:   a.askFilter,
		action.Back:     a.back,
		action.Explain:  a.enter,
		action.About:    a.about,
		action.Help:     a.help,
	}
	for _, id := range action.Tabs() {
		all[id] = func() { b.Tab, b.Focus = id, action.Tab }
	}
	return all
}

func (a *App) editLever() {
	if !a.board.Levers.Toggle(a.s) {
		a.editValue("")
	}
}

func (a *App) askSetting() { a.editSetting("") }

// editSetting opens the field for "key = value", written as on the command
// line.
func (a *App) editSetting(text string) {
	read := func(text string) string {
		key, value, _ := strings.Cut(text, "=")
		_, d, err := lever.ParseKey(strings.TrimSpace(key))
		if err != nil {
			return ""
		}
		return understood(d, strings.TrimSpace(value))
	}
	a.ask("set ", text, "group.name = value, for example care.all.snf_days = 2", read, func(text string) error {
		if strings.TrimSpace(text) == "" {
			return nil
		}
		return a.setByName(text)
	})
}

// enter drills into a hospital, takes a length, or explains.
func (a *App) enter() {
	b := a.board
	if b.Focus == action.Tab && b.Tab == action.Hospitals {
		if ccn := b.Hospitals.Current(a.s); ccn != "" && a.s.Hospital() == "" {
			a.lookAt(ccn)
			return
		}
	}
	if b.Focus == action.Tab && b.Tab == action.Length {
		a.set(session.DaysKey(), fmt.Sprint(b.Length.Current(a.s)))
		return
	}
	if x, ok := b.Explain(a.s); ok {
		a.open(reading{explain.Show(x), func() explain.Text {
			if now, ok := b.Explain(a.s); ok {
				return now
			}
			return x
		}})
	}
}

// about explains the lever in hand.
func (a *App) about() {
	d := a.board.Levers.Current(a.s)
	if d == nil {
		a.say("choose a lever first")
		return
	}
	a.open(reading{explain.Show(explain.Lever(a.s, d, levers.Where(a.s, d))), nil})
}

func (a *App) back() {
	b := a.board
	switch {
	case b.Filter() != "":
		b.SetFilter(a.s, "")
	case b.Zoom:
		b.Zoom = false
	case a.s.Hospital() != "":
		a.lookAt("")
	}
}

func (a *App) lookAt(ccn string) {
	if err := a.s.LookAt(ccn); err != nil {
		a.fail(err)
		return
	}
	if ccn == "" {
		a.say("all hospitals")
		return
	}
	a.say("hospital " + ccn + " alone; levers are set for it alone, those of the design for all; esc shows all")
}

func (a *App) step(n int) {
	d := a.board.Levers.Current(a.s)
	if d == nil {
		if !a.board.Levers.Toggle(a.s) {
			a.say("choose a lever first")
		}
		return
	}
	if err := a.s.Step(d, n); err != nil {
		a.fail(err)
	}
}

func (a *App) set(k lever.Key, text string) {
	if err := a.s.Set(k, text); err != nil {
		a.fail(err)
	}
}

func (a *App) reset() {
	if d := a.board.Levers.Current(a.s); d != nil {
		if err := a.s.Reset(a.s.Key(d)); err != nil {
			a.fail(err)
		}
	}
}

func (a *App) travel(move func() (string, error), words string) {
	what, err := move()
	if err != nil {
		a.fail(err)
		return
	}
	a.say(words + what)
}

func (a *App) askFilter() {
	old := a.board.Filter()
	a.inline = &inline{label: "/ ", hint: "enter keeps · esc clears", field: prompt.NewField(old),
		change: func(text string) {
			n := a.board.SetFilter(a.s, text)
			a.inline.hint = fmt.Sprintf("%d match · enter keeps · esc clears", n)
		},
		done:   func(string) tea.Cmd { return nil },
		cancel: func() { a.board.SetFilter(a.s, "") },
	}
}

// quit leaves, after asking when something is not saved.
func (a *App) quit() tea.Cmd {
	if !a.s.Unsaved() {
		return tea.Quit
	}
	name := a.s.Scenario().Name
	a.open(asking{&prompt.Confirm{Title: "Quit", Question: fmt.Sprintf("%q has changes that are not saved.", name),
		Yes: "quit without saving; the draft is kept", Third: "save, then quit", No: "stay"},
		func(got prompt.Answer) tea.Cmd {
			switch got {
			case prompt.Yes:
				return tea.Quit
			case prompt.Other:
				return a.askName(true)
			case prompt.No, prompt.Waiting:
			}
			return nil
		}})
	return nil
}
