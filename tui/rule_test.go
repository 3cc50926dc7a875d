package tui

import (
	"strings"
	"testing"

	"bundlelab/engine"
	"bundlelab/tui/screen/board"
	"bundlelab/tui/session"
)

// TestBoardFollowsTheRule compares the row under the cursor with what the
// command line reports when no track is chosen: Track 1 for all in PY1, then
// Track 3, until the user goes to another track.
func TestBoardFollowsTheRule(t *testing.T) {
	a := app(t, 120, 40)
	agrees := func(when, track string) {
		t.Helper()
		set := a.s.Scenario().Levers
		var in []string
		if ccn := a.s.Hospital(); ccn != "" {
			in = []string{ccn}
		}
		res, err := a.s.Model().Evaluate(engine.Request{Designs: []string{"team"}, Hospitals: in, Levers: set})
		if err != nil {
			t.Fatal(err)
		}
		if r := a.s.Row(); r.Track.ID != track || res.Designs[0].Track != track || r.Result.Net != res.Designs[0].Net {
			t.Errorf("%s: the cursor is on track %s with %v, the engine says %s %v", when, r.Track.ID, r.Result.Net, res.Designs[0].Track, res.Designs[0].Net)
		}
		if !strings.Contains(plain(a), "TEAM Track "+track+" by rule") {
			t.Errorf("%s: track %s is not marked", when, track)
		}
	}
	agrees("at first", "1")
	setByName(a, "policy.period = PY2")
	agrees("in PY2", "3")
	a.lookAt("100003")
	agrees("at one hospital", "3")
	a.lookAt("")
	press(t, a, "u")
	agrees("after undo", "1")
	setByName(a, "policy.track = 3")
	if r := a.s.Row(); a.s.Ruled(r) || r.Track.ID != "3" {
		t.Errorf("a chosen track %s is marked as the rule's", r.Track.ID)
	}
	press(t, a, "u")
	agrees("after the choice is undone", "1")
	a.s.Select(session.RowID{Design: "team", Track: "3"})
	setByName(a, "policy.period = PY1")
	if got := a.s.Selected().Track; got != "3" {
		t.Errorf("the cursor left the user's track 3 for %s", got)
	}
	a.s.Select(session.RowID{Design: "team", Track: "1"})
	setByName(a, "hospital.100001.policy.track = 3")
	if a.s.Ruled(a.s.Row()) || a.s.Rule("team") != session.ByHospital || !strings.Contains(plain(a), "by hospital") {
		t.Error("hospitals in different tracks are not told")
	}
}

func TestRefusedTrackShowsThePeriodInForce(t *testing.T) {
	a := app(t, 120, 60)
	setByName(a, "policy.period = PY2")
	a.s.Select(session.RowID{Design: "team", Track: "1"})
	press(t, a, "tab", "enter")
	frame := plain(a)
	if !strings.Contains(frame, "PY2, 2027-01-01") || strings.Contains(frame, "open to every hospital") || !strings.Contains(frame, "safety net") {
		t.Errorf("the explanation is not of PY2:\n%s", frame)
	}
}

func TestTheSameValueIsNoChange(t *testing.T) {
	a := app(t, 120, 40)
	for _, set := range []string{"care.all.snf_to_hha = 0%", "program.fixed_cost = 0.00", "policy.cap_source = table"} {
		setByName(a, set)
		if a.s.CanUndo() || a.note.bad {
			t.Errorf("%s is a change: %s", set, a.note.text)
		}
	}
	setByName(a, "care.all.snf_to_hha = 15%")
	setByName(a, "care.all.snf_to_hha = 0.15")
	press(t, a, "u")
	if a.s.CanUndo() || a.s.Scenario().Levers.Len() != 0 {
		t.Error("15% written as 0.15 is a second change")
	}
	setByName(a, "quality.cqs = 50") // a given score is no assumed one
	if a.s.Scenario().Levers.Len() != 1 {
		t.Error("a score that equals the assumed one cannot be given")
	}
}

func TestTypingShowsHowItIsRead(t *testing.T) {
	a := app(t, 120, 40)
	a.goTo("care.snf_to_hha")
	press(t, a, "0", ".", "0", "2", "5")
	if !strings.Contains(plain(a), "= 0.025%") {
		t.Errorf("the field does not say 0.025%%: %s", a.status())
	}
	press(t, a, "esc", ":", "set care.snf_to_hha=0.025")
	if !strings.Contains(plain(a), "= 2.5%") {
		t.Error("the palette does not say 2.5%")
	}
	press(t, a, "esc", ":", "set policy.track = 2", "enter")
	if a.inline == nil || !a.inline.bad || !strings.Contains(plain(a), "! not eligible") {
		t.Errorf("a refused setting leaves the field: %s", a.status())
	}
}

func TestLedgerOnASmallScreenKeepsTheNetPayment(t *testing.T) {
	a := app(t, 80, 24)
	press(t, a, "alt+1")
	for range 15 {
		if frame := plain(a); !strings.Contains(frame, "Net payment      ") {
			t.Fatalf("the net payment is out of sight:\n%s", frame)
		}
		press(t, a, "down")
	}
	press(t, a, "tab")
	if frame := plain(a); !strings.Contains(frame, "Net payment      ") || !strings.Contains(frame, "lines, tab") {
		t.Errorf("without the focus:\n%s", frame)
	}
}

// TestHeadlineSaysWhatItRestsOn takes a length that no price table states.
func TestHeadlineSaysWhatItRestsOn(t *testing.T) {
	for w := board.MinWidth; w < 200; w += 5 {
		a := app(t, w, 24)
		setByName(a, "policy.episode_days = 60")
		line := strings.Split(plain(a), "\n")[1]
		if strings.Contains(line, "…") || w >= 120 && !strings.Contains(line, "estimated") || !strings.Contains(line, "assumed") {
			t.Errorf("%d cells: %q", w, line)
		}
	}
}

func TestAboutALever(t *testing.T) {
	a := app(t, 80, 24)
	a.goTo("care.snf_days")
	press(t, a, "i")
	for _, want := range []string{"About this lever", "days taken off the mean SNF stay", "-2.3 days, -$508 per episode", "care.all.snf_days"} {
		if !strings.Contains(plain(a), want) {
			t.Errorf("%q is missing:\n%s", want, plain(a))
		}
	}
}
