package tui

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"bundlelab/scenarios"
	"bundlelab/tui/screen/board"
)

func walkKeys() []string {
	return []string{
		"up", "down", "left", "right", "tab", "shift+tab", "enter", "esc", "backspace", "pgup", "pgdown", "home", "end", "shift+left", "shift+right",
		"1", "2", "3", "4", "alt+1", "alt+2", "alt+3", "alt+4", "z", "c", "C", "H", "u", "ctrl+r", ":", "?", "/", "[", "]", "g", "G", "s", "o", "q", "n", "y", "x", "5", "-", "%",
	}
}

// checkFrame holds a frame to its size: every line as wide as the screen,
// exactly as many lines, and a selection in sight unless a box covers it.
func checkFrame(t interface{ Fatalf(string, ...any) }, a *App) {
	frame := a.View()
	lines := strings.Split(frame, "\n")
	if len(lines) != a.height {
		t.Fatalf("%d lines on a screen of %dx%d", len(lines), a.width, a.height)
	}
	for i, l := range lines {
		if n := ansi.StringWidth(l); n != a.width {
			t.Fatalf("line %d is %d cells on a screen of %dx%d: %q", i, n, a.width, a.height, ansi.Strip(l))
		}
	}
	if a.width >= board.MinWidth && a.height >= board.MinHeight && len(a.dialogs) == 0 && !strings.Contains(ansi.Strip(frame), "> ") {
		t.Fatalf("no selection in sight at %dx%d:\n%s", a.width, a.height, ansi.Strip(frame))
	}
}

func TestEverySize(t *testing.T) {
	a := app(t, 80, 24)
	for w := 20; w <= 300; w += 7 {
		for h := 5; h <= 100; h += 5 {
			a.Update(tea.WindowSizeMsg{Width: w, Height: h})
			checkFrame(t, a)
		}
	}
}

// TestRandomWalk presses random keys at random sizes: no panic, every frame
// whole, and a frame from the caches equal to one drawn anew, byte for byte.
func TestRandomWalk(t *testing.T) {
	m := model(t)
	dir := t.TempDir()
	rapid.Check(t, func(r *rapid.T) {
		a := New(Options{Model: m, Title: "Système 健康 Riverside", Synthetic: true, Scenario: scenarios.StatusQuo(), Folder: scenarios.Folder{Dir: dir}, Env: func(string) string { return "" }})
		for range rapid.IntRange(1, 40).Draw(r, "steps") {
			if rapid.IntRange(0, 9).Draw(r, "resize") == 0 || a.width == 0 {
				a.Update(tea.WindowSizeMsg{Width: rapid.IntRange(20, 240).Draw(r, "w"), Height: rapid.IntRange(5, 80).Draw(r, "h")})
			} else {
				_, cmd := a.Update(message(rapid.SampledFrom(walkKeys()).Draw(r, "key")))
				step(a, cmd)
			}
			checkFrame(r, a)
			cached := a.View()
			a.board.Forget()
			if a.View() != cached {
				r.Fatalf("the cached frame differs from a fresh one")
			}
		}
	})
}

// step runs what a key started once, but follows nothing up and waits for no
// clock: drafts and further lengths stay out of the walk.
func step(a *App, cmd tea.Cmd) {
	if cmd == nil || a.s.Unsaved() {
		return
	}
	switch m := cmd().(type) {
	case listed, settled, restSettled:
		a.Update(m)
	case tea.BatchMsg:
		for _, c := range m {
			step(a, c)
		}
	}
}

// TestUndoRedo makes random changes, takes all back and makes all again.
func TestUndoRedo(t *testing.T) {
	m := model(t)
	rapid.Check(t, func(r *rapid.T) {
		a := New(Options{Model: m, Scenario: scenarios.StatusQuo(), Env: func(string) string { return "" }})
		a.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
		first := string(a.s.Scenario().Format())
		for range rapid.IntRange(1, 25).Draw(r, "steps") {
			a.Update(message(rapid.SampledFrom([]string{"up", "down", "down", "left", "right", "shift+right", "backspace", "c"}).Draw(r, "key")))
		}
		last, figures := string(a.s.Scenario().Format()), answer(a)
		n := 0
		for a.s.CanUndo() {
			a.Update(message("u"))
			n++
		}
		if got := string(a.s.Scenario().Format()); got != first {
			r.Fatalf("undoing all gives\n%s", got)
		}
		for range n {
			a.Update(message("ctrl+r"))
		}
		if got := string(a.s.Scenario().Format()); got != last {
			r.Fatalf("redoing all gives\n%s\nwant\n%s", got, last)
		}
		if got := answer(a); got != figures && got.row == figures.row {
			r.Fatalf("redoing all gives %v, want %v", got, figures)
		}
	})
}

func BenchmarkUpdateView(b *testing.B) {
	a := appOn(b, whole(b), 200, 60)
	a.goTo("quality.cqs")
	a.Update(message("5"))
	a.Update(message("enter"))
	keys := []string{"right", "left"}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		a.Update(message(keys[i%2]))
		_ = a.View()
	}
}

func BenchmarkCursorView(b *testing.B) {
	a := appOn(b, whole(b), 200, 60)
	keys := []string{"down", "up"}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		a.Update(message(keys[i%2]))
		_ = a.View()
	}
}
