package tui

import (
	"errors"
	"os"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"bundlelab/engine/lever"
	"bundlelab/scenarios"
	"bundlelab/tui/action"
	"bundlelab/tui/session"
)

func TestEveryActionHasAHandler(t *testing.T) {
	a := app(t, 80, 24)
	seen := map[action.ID]bool{}
	for _, x := range a.actions {
		if a.handlers[x.ID] == nil {
			t.Errorf("action %s does nothing", x.ID)
		}
		seen[x.ID] = true
	}
	for id := range a.handlers {
		if !seen[id] {
			t.Errorf("handler %s is in no registry", id)
		}
	}
}

func TestTypedValueAndRange(t *testing.T) {
	a := app(t, 120, 40)
	a.goTo("care.snf_to_hha")
	press(t, a, "1", "5", "enter")
	if v, ok := a.s.Scenario().Levers.Exactly(lever.Key{Group: "care", Name: "snf_to_hha"}); !ok || v.Text != "15%" {
		t.Fatalf("typed 15, lever is %+v", v)
	}
	was := answer(a)
	press(t, a, "2", "0", "0", "enter")
	if a.inline == nil || a.inline.field.Text() != "200" || !strings.Contains(plain(a), "! 200% does not fit: 0% to 100%") {
		t.Errorf("200%% gives %q, want the text and the range", a.status())
	}
	press(t, a, "esc")
	if answer(a) != was {
		t.Error("a refused value changed the answer")
	}
	press(t, a, "right", "shift+right", "left")
	if v, _ := a.s.Scenario().Levers.Exactly(lever.Key{Group: "care", Name: "snf_to_hha"}); v.Text != "25%" {
		t.Errorf("15%% + 1 + 10 - 1 = %s, want 25%%", v.Text)
	}
	press(t, a, "backspace")
	if a.s.Scenario().Levers.Len() != 0 {
		t.Error("backspace leaves the lever set")
	}
}

func TestModelErrorsKeepTheLever(t *testing.T) {
	for name, x := range map[string]struct{ first, then, want string }{
		"ineligible track":  {"", "policy.track = 2", "not eligible"},
		"unknown period":    {"", "policy.period = PY9", "no period"},
		"over all patients": {"care.all.irf_to_snf = 60%", "care.all.irf_to_hha = 60%", "100%"},
		"longer than stays": {"", "care.all.snf_days = 90", "mean stay"},
		"percentile alone":  {"", "policy.cap_percentile = 90", "cap_source"},
		"no such lever":     {"", "care.all.snf = 2", "no such lever"},
		"no such year":      {"", "policy.data_year = 2010", "no episodes"},
	} {
		t.Run(name, func(t *testing.T) {
			a := app(t, 120, 40)
			if x.first != "" {
				setByName(a, x.first)
			}
			was, set := answer(a), a.s.Scenario().Levers.Len()
			setByName(a, x.then)
			if !a.note.bad || !strings.Contains(a.note.text, x.want) {
				t.Errorf("message %q, want %q in it", a.note.text, x.want)
			}
			if answer(a) != was || a.s.Scenario().Levers.Len() != set {
				t.Error("a refused value changed the scenario")
			}
			if !strings.Contains(plain(a), "! ") {
				t.Error("the message is not on the screen")
			}
		})
	}
}

func TestStepSkipsForbiddenTracks(t *testing.T) {
	a := app(t, 120, 40)
	a.goTo("policy.track")
	press(t, a, "right")
	if got := a.s.Selected().Track; got != "1" {
		t.Fatalf("track %s, want 1", got)
	}
	press(t, a, "right") // 2 is closed in PY1
	if got := a.s.Selected().Track; got != "3" {
		t.Errorf("track %s, want 3", got)
	}
}

func TestLengthsComeInAndGrowStale(t *testing.T) {
	a := app(t, 120, 40)
	press(t, a, "alt+3")
	if !strings.Contains(plain(a), "net payment by length") {
		t.Fatalf("the lengths are not complete:\n%s", plain(a))
	}
	job := a.s.Job([]int{30})
	a.s.NextCategory(1)
	setByName(a, "quality.cqs = 90")
	a.Update(settled{job, []session.Point{{Length: 30, Net: 1}}})
	if strings.Contains(plain(a), "+$0.01") {
		t.Error("an answer to an older question is shown")
	}
}

func TestNoColorKeepsMarks(t *testing.T) {
	a := New(Options{Model: model(t), NoColor: true, Folder: scenarios.Folder{Dir: t.TempDir()}, Scenario: scenarios.StatusQuo(), Env: func(string) string { return "" }})
	a.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
	setByName(a, "quality.cqs = 90")
	frame := a.View()
	for what, want := range map[string]string{"reverse": "\x1b[7m", "bold": "\x1b[1m", "selection": "> ", "change": "▲"} {
		if !strings.Contains(frame, want) {
			t.Errorf("no %s without colours", what)
		}
	}
	for _, colour := range []string{"\x1b[3", "\x1b[9", "\x1b[1;3"} {
		if strings.Contains(frame, colour) {
			t.Errorf("a colour %q is left", colour)
		}
	}
}

func TestASCII(t *testing.T) {
	a := app(t, 120, 40)
	a.ascii = true
	press(t, a, "alt+3", "?")
	frame := ansi.Strip(a.View())
	for i := range len(frame) {
		if frame[i] >= 0x80 {
			t.Fatalf("byte %d of the frame is not ASCII: %q", i, frame[max(0, i-20):i+4])
		}
	}
}

func TestHeldKeysInOneMessage(t *testing.T) {
	a := app(t, 120, 40)
	press(t, a, "jjj")
	one := app(t, 120, 40)
	press(t, one, "j", "j", "j")
	if plain(a) != plain(one) {
		t.Error("three letters in one message are not three key presses")
	}
}

func TestRunRefusesAFile(t *testing.T) {
	f, err := os.CreateTemp(t.TempDir(), "out")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if err := Run(t.Context(), Options{Out: f, In: f}); !errors.Is(err, ErrNotTerminal) {
		t.Errorf("got %v", err)
	}
}
