package tui

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"bundlelab/engine"
	"bundlelab/engine/lever"
	"bundlelab/scenarios"
	"bundlelab/tui/session"
)

func TestSaveOpenAndDraft(t *testing.T) {
	a := app(t, 120, 40)
	a.goTo("care.snf_days")
	press(t, a, "2", "enter")
	dir := a.s.Folder().Dir
	draft := filepath.Join(dir, ".draft.toml")
	if info, err := os.Stat(draft); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("draft: %v %v", info, err)
	}
	if !strings.Contains(plain(a), "New scenario *") {
		t.Error("the header does not mark the scenario as changed")
	}
	press(t, a, "s", "Fewer days", "enter")
	if a.s.Unsaved() || a.s.Scenario().Name != "Fewer days" {
		t.Errorf("after saving: unsaved %v, name %q", a.s.Unsaved(), a.s.Scenario().Name)
	}
	if _, err := os.Stat(draft); !errors.Is(err, os.ErrNotExist) {
		t.Error("the draft outlives the save")
	}
	press(t, a, "right", "s", "enter")
	if len(a.dialogs) != 1 {
		t.Fatal("overwriting did not ask")
	}
	press(t, a, "n")
	if x, _ := scenarios.Load(filepath.Join(dir, "fewer-days.toml")); x.Levers.Items()[0].Value.Text != "2" {
		t.Error("no overwrote the file")
	}
	press(t, a, "q")
	if len(a.dialogs) != 1 || !strings.Contains(plain(a), "not saved") {
		t.Fatal("quitting did not ask")
	}
	press(t, a, "esc", "o", "Fewer", "down", "enter") // the draft of that name comes first
	if a.s.Unsaved() || a.s.Scenario().Name != "Fewer days" {
		t.Errorf("opened %q, unsaved %v: %s", a.s.Scenario().Name, a.s.Unsaved(), a.note.text)
	}
	press(t, a, "u", "o", "Draft", "enter")
	if got, _ := a.s.Scenario().Levers.Exactly(lever.Key{Group: "care", Name: "snf_days"}); got.Text != "2.5" {
		t.Errorf("the draft holds %q, want 2.5 (%s)", got.Text, a.note.text)
	}
}

func TestQuit(t *testing.T) {
	a := app(t, 120, 40)
	for _, k := range []string{"q", "ctrl+c"} {
		if _, cmd := a.Update(message(k)); !quits(a, cmd) {
			t.Errorf("%s does not quit an unchanged board", k)
		}
	}
	a.goTo("quality.cqs")
	press(t, a, "right")
	if _, cmd := a.Update(message("q")); quits(a, cmd) {
		t.Error("q quits with unsaved changes")
	}
	if _, cmd := a.Update(message("ctrl+c")); !quits(a, cmd) {
		t.Error("ctrl+c does not quit from a dialog")
	}
}

// quits runs what a key started and says whether the program ends by it.
func quits(a *App, cmd tea.Cmd) bool {
	if cmd == nil {
		return false
	}
	switch m := cmd().(type) {
	case tea.QuitMsg:
		return true
	case tea.BatchMsg:
		for _, c := range m {
			if quits(a, c) {
				return true
			}
		}
	case savedMsg:
		_, next := a.Update(m)
		return quits(a, next)
	}
	return false
}

// TestLeavingKeepsTheLastChange leaves before the draft was due.
func TestLeavingKeepsTheLastChange(t *testing.T) {
	a := app(t, 120, 40)
	draft := filepath.Join(a.s.Folder().Dir, ".draft.toml")
	if err := a.leave(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(draft); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("nothing was changed, but there is a draft: %v", err)
	}
	setByName(a, "quality.cqs = 77")
	if _, cmd := a.Update(message("ctrl+c")); !quits(a, cmd) {
		t.Error("ctrl+c does not quit")
	}
	if err := a.leave(); err != nil {
		t.Fatal(err)
	}
	if x, err := scenarios.Load(draft); err != nil || x.Levers.Len() != 1 {
		t.Errorf("the draft holds %+v, %v", x, err)
	}
}

func TestSaveAndQuit(t *testing.T) {
	a := app(t, 120, 40)
	setByName(a, "quality.cqs = 77")
	press(t, a, "q", "s", "esc")
	if a.inline != nil || len(a.dialogs) != 0 || !a.s.Unsaved() {
		t.Fatal("esc at the name does not go back to the board")
	}
	press(t, a, "q", "s", "Better quality")
	if _, cmd := a.Update(message("enter")); !quits(a, cmd) {
		t.Errorf("saving on the way out does not quit: %s", a.note.text)
	}
	if x, err := scenarios.Load(a.s.Folder().Path("Better quality")); err != nil || x.Levers.Len() != 1 || a.s.Unsaved() {
		t.Errorf("saved %+v, %v; unsaved %v", x, err, a.s.Unsaved())
	}
	press(t, a, "s", "enter")
	if _, cmd := a.Update(message("x")); quits(a, cmd) {
		t.Error("a plain save quits")
	}
}

// TestBaseOutsideTheFolder opens a scenario whose base lies elsewhere: the
// board compares with that base, and what it saves can be read on its own.
func TestBaseOutsideTheFolder(t *testing.T) {
	m := model(t)
	under := with(t, "quality.cqs", "80")
	x := scenarios.Scenario{Name: "Child", Base: "Parent", Levers: with(t, "care.all.snf_days", "2")}
	a := New(Options{Model: m, Scenario: x, Base: under, Folder: scenarios.Folder{Dir: t.TempDir()}, Env: func(string) string { return "" }})
	a.rest = 0
	a.Update(tea.WindowSizeMsg{Width: 200, Height: 40})
	if a.note.bad || a.s.Unsaved() || a.s.Scenario().Levers.Len() != 1 {
		t.Fatalf("opened with %q, unsaved %v, %v", a.note.text, a.s.Unsaved(), a.s.Scenario().Levers.Items())
	}
	if !strings.Contains(plain(a), "base: Parent") {
		t.Errorf("the header does not name the base:\n%s", plain(a))
	}
	net := func(l lever.Set) any {
		res, err := m.Evaluate(engine.Request{Designs: []string{"team"}, Levers: l})
		if err != nil {
			t.Fatal(err)
		}
		return res.Designs[0].Net
	}
	a.s.Select(session.RowID{Design: "team", Track: a.s.Row().Track.ID})
	if got := a.s.Base(a.s.Selected()).Net; got != net(under) {
		t.Errorf("the base pays %v, want %v", got, net(under))
	}
	if got := a.s.Row().Result.Net; got != net(x.Levers.Over(under)) || got == net(x.Levers) {
		t.Errorf("the scenario pays %v, want %v", got, net(x.Levers.Over(under)))
	}
	press(t, a, "s", "enter")
	saved, err := scenarios.Load(a.s.Folder().Path("Child"))
	if err != nil || saved.Base != "status-quo" || saved.Levers.Len() != 2 || !strings.Contains(a.note.text, "base Parent") {
		t.Fatalf("saved %+v, %v: %s", saved, err, a.note.text)
	}
	press(t, a, ":", "esc") // reads the folder anew
	if a.s.Unsaved() || a.s.BaseName() != "Parent" {
		t.Errorf("after saving: unsaved %v, base %s", a.s.Unsaved(), a.s.BaseName())
	}
	press(t, a, "o", "Child", "enter")
	if a.s.BaseName() != "Status quo" || a.s.Row().Result.Net != net(x.Levers.Over(under)) {
		t.Errorf("opened again: base %s, %v", a.s.BaseName(), a.s.Row().Result.Net)
	}
	press(t, a, "u")
	if a.s.BaseName() != "Parent" || a.s.Base(a.s.Selected()).Net != net(under) {
		t.Errorf("undo leaves the base at %s", a.s.BaseName())
	}
}

func with(t *testing.T, key, value string) lever.Set {
	t.Helper()
	s, err := lever.Set{}.With(key, value)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
