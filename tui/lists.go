package tui

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"bundlelab/engine/lever"
	"bundlelab/scenarios"
	"bundlelab/tui/action"
	"bundlelab/tui/draw"
	"bundlelab/tui/screen/picker"
	"bundlelab/tui/session"
)

// purpose says what a fresh list of scenarios is for.
type purpose uint8

const (
	forOpen purpose = iota
	forPalette
)

// listed brings the scenario folder back from the disk.
type listed struct {
	entries []scenarios.Entry
	err     error
	why     purpose
}

func (a *App) list(why purpose) tea.Cmd {
	folder := a.s.Folder()
	return func() tea.Msg {
		entries, err := folder.List()
		return listed{entries, err, why}
	}
}

func (a *App) listed(m listed) {
	if m.err != nil {
		a.fail(fmt.Errorf("read the scenario folder: %w", m.err))
	} else {
		a.s.SetEntries(m.entries)
	}
	switch m.why {
	case forOpen:
		a.open(picking{picker.New("Open a scenario", a.scenarioItems(), false, nil), a.chosen})
	case forPalette:
		a.open(picking{picker.New("Command", a.paletteItems(), true, typedSetting), a.chosen})
	}
}

// The kinds of palette entries, as prefixes of their ids.
const (
	isAction   = "action "
	isLever    = "lever "
	isScenario = "scenario "
	isHospital = "hospital "
	isSetting  = "set "
)

func (a *App) scenarioItems() []picker.Item {
	quo := scenarios.StatusQuo()
	items := []picker.Item{{ID: isScenario, Title: quo.Name, Detail: "no lever set"}}
	for _, e := range a.s.Entries() {
		it := picker.Item{ID: isScenario + e.File, Title: e.Scenario.Name, Detail: draw.Of(e.Scenario.Levers.Len(), "lever") + " over " + baseName(e.Scenario.Base)}
		switch {
		case e.Err != nil:
			it.Title, it.Off = filepath.Base(e.File), session.Brief(e.Err)
		case session.IsDraft(e.File):
			it.Title, it.Detail = "Draft: "+e.Scenario.Name, "kept when something was not saved"
		}
		items = append(items, it)
	}
	return items
}

func baseName(b string) string {
	if b == "" || b == "status-quo" {
		return "the status quo"
	}
	return b
}

func (a *App) hospitalItems() []picker.Item {
	items := []picker.Item{{ID: isHospital, Title: "All hospitals"}}
	for _, h := range a.s.Model().Panel().Hospitals {
		items = append(items, picker.Item{ID: isHospital + h.CCN, Title: strings.TrimSpace(h.CCN + " " + h.Name), Detail: h.State})
	}
	return items
}

func (a *App) pickHospital() {
	a.open(picking{picker.New("Look at", a.hospitalItems(), false, nil), a.chosen})
}

// help lists every action with its keys, and why it does not work here.
func (a *App) help() {
	a.open(picking{picker.New("Keys: type to search, enter runs", a.actionItems(), false, nil), a.chosen})
}

func (a *App) actionItems() []picker.Item {
	st := a.board.State(a.s)
	var items []picker.Item
	for i := range a.actions {
		x := &a.actions[i]
		keys := make([]string, len(x.Keys))
		for k, name := range x.Keys {
			keys[k] = action.Key(name)
		}
		why, _ := x.Works(st)
		items = append(items, picker.Item{ID: isAction + string(x.ID), Title: x.Group + ": " + x.Title, Key: strings.Join(keys, "  "), Off: why})
	}
	return items
}

// paletteItems are actions, levers, scenarios and hospitals, those chosen last
// first.
func (a *App) paletteItems() []picker.Item {
	items := a.actionItems()
	for i := range a.s.Defs() {
		d := &a.s.Defs()[i]
		items = append(items, picker.Item{ID: isLever + d.Key(), Title: "Lever: " + d.Title, Detail: d.Key(), Key: a.s.Read(d).Text})
	}
	for _, it := range a.scenarioItems() {
		it.Title = "Open: " + it.Title
		items = append(items, it)
	}
	for _, it := range a.hospitalItems() {
		it.Title = "Look at: " + it.Title
		items = append(items, it)
	}
	rank := func(it picker.Item) int {
		if i := slices.Index(a.recent, it.ID); i >= 0 {
			return i
		}
		return len(a.recent)
	}
	slices.SortStableFunc(items, func(x, y picker.Item) int { return rank(x) - rank(y) })
	return items
}

// typedSetting offers "set key = value" for what is being typed.
func typedSetting(text string) []picker.Item {
	rest := strings.TrimPrefix(text, "set ")
	key, value, ok := strings.Cut(rest, "=")
	key, value = strings.TrimSpace(key), strings.TrimSpace(value)
	if !ok || key == "" {
		return nil
	}
	it := picker.Item{ID: isSetting + key + "=" + value, Title: "Set " + key + " = " + value}
	k, d, err := lever.ParseKey(key)
	switch {
	case err != nil:
		it.Off = err.Error()
	case value == "":
		it.Off = "type a value: " + session.Range(d)
	default:
		read, err := session.Understood(d, value)
		if err != nil {
			it.Off = err.Error()
			break
		}
		it.Detail = "= " + read + ", as " + k.String()
	}
	return []picker.Item{it}
}

// chosen does what was picked in any list.
func (a *App) chosen(it picker.Item) tea.Cmd {
	a.recent = append([]string{it.ID}, slices.DeleteFunc(a.recent, func(s string) bool { return s == it.ID })...)
	if id, ok := strings.CutPrefix(it.ID, isAction); ok {
		return a.run(action.ID(id))
	}
	if key, ok := strings.CutPrefix(it.ID, isLever); ok {
		a.goTo(key)
		return nil
	}
	if setting, ok := strings.CutPrefix(it.ID, isSetting); ok {
		if err := a.setByName(setting); err != nil {
			key, value, _ := strings.Cut(setting, "=")
			a.editSetting(key + " = " + value)
			a.inline.hint, a.inline.bad = session.Brief(err), true
		}
		return nil
	}
	if ccn, ok := strings.CutPrefix(it.ID, isHospital); ok {
		a.lookAt(ccn)
		return nil
	}
	if file, ok := strings.CutPrefix(it.ID, isScenario); ok {
		if file == "" {
			a.openScenario(scenarios.StatusQuo())
			return nil
		}
		for _, e := range a.s.Entries() {
			if e.File == file {
				a.openScenario(e.Scenario)
			}
		}
	}
	return nil
}

// goTo puts a lever under the cursor.
func (a *App) goTo(key string) {
	for i := range a.s.Defs() {
		if d := &a.s.Defs()[i]; d.Key() == key {
			a.board.Zoom = false
			a.board.Focus = action.Levers
			a.board.Levers.Find(d)
		}
	}
}

// setByName sets "key = value", written as on the command line.
func (a *App) setByName(text string) error {
	key, value, ok := strings.Cut(text, "=")
	if !ok {
		return errors.New("write group.name = value, for example care.all.snf_days = 2")
	}
	k, d, err := lever.ParseKey(strings.TrimSpace(key))
	if err != nil {
		return err
	}
	a.goTo(d.Key())
	return a.s.Set(k, strings.TrimSpace(value))
}
