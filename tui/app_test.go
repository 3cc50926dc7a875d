package tui

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"bundlelab/engine"
	"bundlelab/engine/lever"
	"bundlelab/scenarios"
	"bundlelab/tui/action"
	"bundlelab/tui/session"
)

// moved is what a lever may move: the selected row and its figures.
type moved struct {
	row     session.RowID
	figures [5]any
}

func answer(a *App) moved {
	m := moved{row: a.s.Selected()}
	if r := a.s.Row(); r != nil && r.Result != nil {
		sum := session.Sum(r.Result)
		m.figures = [5]any{r.Result.Period.ID, sum.Target, sum.Spending, sum.Net, r.Result.HospitalNet}
	}
	return m
}

// TestEveryLeverMovesTheAnswer sets each lever of the registry to a value that
// is not its baseline, on the row that bears losses too.
func TestEveryLeverMovesTheAnswer(t *testing.T) {
	values := map[string]string{
		"policy.design": "team-proposed", "policy.period": "PY2", "policy.track": "1", "policy.episode_days": "60", "policy.discount": "5%",
		"policy.cap_percentile": "80", "policy.cap_source": "panel", "policy.stop_gain": "0%", "policy.stop_loss": "1%", "policy.exclusions": "off",
		"policy.data_year": "2024", "quality.cqs": "100", "care.snf_days": "2", "care.readmissions": "-20%",
		"market.normalization_realized": "2%", "market.trend_realized": "2%", "market.cost_trend": "2%",
	}
	before := map[string]string{
		"policy.cap_percentile": "policy.cap_source = panel", "program.internal_savings": "care.all.readmissions = -20%", "program.lost_margin": "care.all.readmissions = -20%",
	}
	for _, d := range lever.Registry() {
		t.Run(d.Key(), func(t *testing.T) {
			a := app(t, 120, 40)
			a.s.Select(session.RowID{Design: "team", Track: "3"})
			if pre := before[d.Key()]; pre != "" {
				a.setByName(pre)
			}
			value := values[d.Key()]
			if value == "" {
				value = map[lever.Unit]string{lever.Percent: "10%", lever.Dollars: "1000.00"}[d.Unit]
			}
			was := answer(a)
			a.setByName(a.s.Key(&d).String() + " = " + value)
			if a.note.bad {
				t.Fatalf("%s = %s: %s", d.Key(), value, a.note.text)
			}
			if now := answer(a); now == was {
				t.Errorf("%s = %s leaves everything at %v", d.Key(), value, was)
			}
			press(t, a, "u")
			if now := answer(a); now != was && d.Name != "design" && d.Name != "track" {
				t.Errorf("undo of %s gives %v, want %v", d.Key(), now, was)
			}
		})
	}
}

// TestEveryLeverCanBeReached walks the pane with every group open.
func TestEveryLeverCanBeReached(t *testing.T) {
	a := app(t, 80, 24)
	seen := map[string]bool{}
	for range 200 {
		key := "down"
		if d := a.board.Levers.Current(a.s); d != nil {
			seen[d.Key()] = true
		} else if !strings.Contains(plain(a), "> fewer") {
			key = "enter"
		}
		press(t, a, key)
	}
	for _, d := range lever.Registry() {
		if !seen[d.Key()] {
			t.Errorf("lever %s is not on the board", d.Key())
		}
	}
}

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
	if !a.note.bad || !strings.Contains(a.note.text, "from 0% to 100%") {
		t.Errorf("200%% gives %q, want the range", a.note.text)
	}
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
				a.setByName(x.first)
			}
			was, set := answer(a), a.s.Scenario().Levers.Len()
			a.setByName(x.then)
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
		if _, cmd := a.Update(message(k)); !quits(cmd) {
			t.Errorf("%s does not quit an unchanged board", k)
		}
	}
	a.goTo("quality.cqs")
	press(t, a, "right")
	if _, cmd := a.Update(message("q")); quits(cmd) {
		t.Error("q quits with unsaved changes")
	}
	if _, cmd := a.Update(message("ctrl+c")); !quits(cmd) {
		t.Error("ctrl+c does not quit from a dialog")
	}
}

func quits(cmd tea.Cmd) bool {
	if cmd == nil {
		return false
	}
	switch m := cmd().(type) {
	case tea.QuitMsg:
		return true
	case tea.BatchMsg:
		for _, c := range m {
			if quits(c) {
				return true
			}
		}
	}
	return false
}

func TestHospitalScope(t *testing.T) {
	a := app(t, 120, 40)
	press(t, a, "alt+4", "down", "enter")
	if a.s.Hospital() != "100002" {
		t.Fatalf("looks at %q, want 100002", a.s.Hospital())
	}
	a.goTo("quality.cqs")
	press(t, a, "8", "0", "enter")
	k := lever.Key{Hospital: "100002", Group: "quality", Name: "cqs"}
	if v, ok := a.s.Scenario().Levers.Exactly(k); !ok || v.Text != "80" {
		t.Errorf("%s is not set: %v", k, a.s.Scenario().Levers.Items())
	}
	res, err := a.s.Model().Evaluate(engine.Request{Designs: []string{"team"}, Hospitals: []string{"100002"}, Levers: a.s.Scenario().Levers})
	if err != nil || res.Designs[0].Net != a.s.Row().Result.Net {
		t.Errorf("the board says %v, the engine %v %v", a.s.Row().Result.Net, res, err)
	}
	press(t, a, "esc")
	if a.s.Hospital() != "" {
		t.Error("esc does not go back to all hospitals")
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
	a.setByName("quality.cqs = 90")
	a.Update(settled{job, []session.Point{{Length: 30, Net: 1}}})
	if strings.Contains(plain(a), "+$0.01") {
		t.Error("an answer to an older question is shown")
	}
}

func TestNoColorKeepsMarks(t *testing.T) {
	a := New(Options{Model: model(t), NoColor: true, Folder: scenarios.Folder{Dir: t.TempDir()}, Scenario: scenarios.StatusQuo(), Env: func(string) string { return "" }})
	a.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
	a.setByName("quality.cqs = 90")
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
