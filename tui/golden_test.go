package tui

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"bundlelab/engine"
	"bundlelab/scenarios"
)

var update = flag.Bool("update", false, "rewrite the golden frames")

// golden compares text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run the test with -update to make it", err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); d != "" {
		t.Errorf("frame %s changed (-want +got):\n%s", name, d)
	}
}

// app opens the fixture at a size, every design settled.
func app(t testing.TB, w, h int) *App {
	t.Helper()
	return appOn(t, model(t), w, h)
}

func appOn(t testing.TB, m *engine.Model, w, h int) *App {
	t.Helper()
	a := New(Options{Model: m, Title: "Riverside Health", Synthetic: true, Scenario: scenarios.StatusQuo(),
		Folder: scenarios.Folder{Dir: t.TempDir()}, Env: func(k string) string {
			return map[string]string{"TERM": "xterm-256color"}[k]
		}})
	a.rest = 0
	drain(a, a.Init())
	_, cmd := a.Update(tea.WindowSizeMsg{Width: w, Height: h})
	drain(a, cmd)
	return a
}

// press sends keys by name, draws after each, and runs what they start, except
// what waits.
func press(t testing.TB, a *App, keys ...string) {
	t.Helper()
	for _, k := range keys {
		_, cmd := a.Update(message(k))
		a.View()
		drain(a, cmd)
	}
}

func message(k string) tea.KeyMsg {
	named := map[string]tea.KeyType{
		"up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight, "shift+left": tea.KeyShiftLeft, "shift+right": tea.KeyShiftRight,
		"tab": tea.KeyTab, "shift+tab": tea.KeyShiftTab, "enter": tea.KeyEnter, "esc": tea.KeyEsc, "backspace": tea.KeyBackspace, "delete": tea.KeyDelete,
		"home": tea.KeyHome, "end": tea.KeyEnd, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown,
		"ctrl+r": tea.KeyCtrlR, "ctrl+p": tea.KeyCtrlP, "ctrl+c": tea.KeyCtrlC, "ctrl+u": tea.KeyCtrlU, "ctrl+z": tea.KeyCtrlZ,
	}
	if x, ok := named[k]; ok {
		return tea.KeyMsg{Type: x}
	}
	if digit, ok := strings.CutPrefix(k, "alt+"); ok {
		return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(digit), Alt: true}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(k)}
}

// drain runs commands until nothing follows. Commands that wait for the clock
// are told apart by what they bring: a draft that is due is written.
func drain(a *App, cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch m := cmd().(type) {
	case nil, tea.QuitMsg, tea.SuspendMsg:
	case tea.BatchMsg:
		for _, c := range m {
			drain(a, c)
		}
	default:
		_, next := a.Update(m)
		drain(a, next)
	}
}

// setByName sets a lever and shows a refusal as a message.
func setByName(a *App, text string) {
	a.note = note{}
	if err := a.setByName(text); err != nil {
		a.fail(err)
	}
}

func plain(a *App) string { return ansi.Strip(a.View()) }

func TestFrames(t *testing.T) {
	for _, x := range []struct {
		name string
		w, h int
		keys []string
	}{
		{"board-60x15", 60, 15, nil},
		{"board-80x24", 80, 24, nil},
		{"board-120x40", 120, 40, nil},
		{"board-200x60", 200, 60, nil},
		{"levers-moved-120x40", 120, 40, []string{":", "snf to hha", "enter", "15", "enter", "j", "2", "enter"}},
		{"alone-200x60", 200, 60, []string{":", "set care.all.snf_to_hha = 15%", "enter", ":", "set care.all.snf_days = 3", "enter"}},
		{"categories-120x40", 120, 40, []string{"alt+2"}},
		{"length-120x40", 120, 40, []string{"alt+3"}},
		{"hospitals-120x40", 120, 40, []string{"alt+4"}},
		{"ledger-zoom-120x40", 120, 40, []string{"z"}},
		{"explain-120x40", 120, 40, []string{"tab", "enter"}},
		{"designs-zoom-80x24", 80, 24, []string{"tab", "z", "down", "down", "down"}},
		{"designs-zoom-120x40", 120, 40, []string{"tab", "G", "z"}},
		{"state-120x40", 120, 40, []string{"tab", "G"}},
		{"explain-parameters-120x40", 120, 40, []string{"tab", "G", "enter", "G"}},
		{"idle-lever-120x40", 120, 40, []string{"tab", "G", ":", "stop-gain", "enter"}},
		{"explain-line-80x24", 80, 24, []string{"alt+1", "down", "enter"}},
		{"help-80x24", 80, 24, []string{"?"}},
		{"palette-80x24", 80, 24, []string{":", "set care.LEJR.snf_days = 2"}},
		{"small-59x20", 59, 20, nil},
	} {
		t.Run(x.name, func(t *testing.T) {
			a := app(t, x.w, x.h)
			press(t, a, x.keys...)
			golden(t, x.name+".txt", plain(a)+"\n")
		})
	}
}
