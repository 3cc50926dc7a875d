package tui

import (
	"strings"
	"testing"

	"bundlelab/engine"
	"bundlelab/engine/money"
	"bundlelab/tui/session"
)

// told is the sum shown of the selected row, and whether it is stale.
func told(t *testing.T, a *App) (*engine.Interaction, bool) {
	t.Helper()
	x, ok, stale, err := a.s.Told(a.s.Row())
	if err != nil || !ok {
		t.Fatalf("nothing told: %v", err)
	}
	return x, stale
}

// follow runs the background until nothing waits.
func follow(a *App) { drain(a, a.settleRest()); drain(a, a.settleApart()) }

// TestLeversApartFollowTheKey changes levers: the key itself asks for nothing
// more, the sum beside it is of the levers before and says so, and the answer
// comes last, after the other designs.
func TestLeversApartFollowTheKey(t *testing.T) {
	a := app(t, 200, 60)
	if _, ok, _, _ := a.s.Told(a.s.Row()); ok || strings.Contains(plain(a), "does alone") {
		t.Fatal("without a lever there is nothing to take apart")
	}
	setByName(a, "care.all.snf_to_hha = 15%")
	if x, stale := told(t, a); x != nil || !stale || !strings.Contains(plain(a), "It is being settled.") {
		t.Fatal("the sum is there before it can be")
	}
	if rest := a.settleRest(); rest == nil || a.settleApart() != nil {
		t.Fatal("the levers are taken apart before the designs are settled")
	} else {
		_, cmd := a.Update(rest())
		drain(a, cmd)
	}
	first, stale := told(t, a)
	if stale || len(first.Alone) != 1 || first.Between != 0 || first.Base+first.Alone[0].Net != first.Net {
		t.Fatalf("%+v, stale %t", first, stale)
	}
	setByName(a, "care.all.snf_days = 2")
	if x, stale := told(t, a); !stale || x.Net != first.Net || !strings.Contains(plain(a), "(of older levers; being settled)") {
		t.Error("the sum of older levers does not say so")
	}
	follow(a)
	x, stale := told(t, a)
	sum := x.Base + x.Between
	for _, e := range x.Alone {
		sum += e.Net
	}
	if stale || len(x.Alone) != 2 || x.Alone[0].Net != first.Alone[0].Net || sum != x.Net || x.Net != a.s.Row().Result.Net {
		t.Errorf("%+v sums to %s", x, sum)
	}
	for _, part := range []string{"net payment without levers", "SNF → home 15%", "SNF days fewer 2 d", "interaction: total less the sum of each", "net payment with all levers", "above the outlier cap"} {
		if !strings.Contains(strings.Join(strings.Fields(plain(a)), " "), part) {
			t.Errorf("%q is not in\n%s", part, plain(a))
		}
	}
}

// TestLeversApartAreOfTheRow goes to another row and another length, and back.
func TestLeversApartAreOfTheRow(t *testing.T) {
	a := app(t, 200, 60)
	setByName(a, "care.all.snf_days = 2")
	setByName(a, "policy.episode_days = 60")
	follow(a)
	was, _ := told(t, a)
	net := was.Net
	a.s.Select(session.RowID{Design: "bpcia"})
	if x, stale := told(t, a); x != nil || !stale {
		t.Fatal("the sum of another row is shown")
	}
	follow(a)
	x, stale := told(t, a)
	if row := a.s.Row().Result.Net; stale || x.Design != "bpcia" || x.Net != row || row == net || len(x.Alone) != 2 {
		t.Errorf("%+v, net of the row %s", x, row)
	}
	// An answer to an older key comes while the row is the same: shown, and stale.
	setByName(a, "care.all.snf_days = 1")
	drain(a, a.settleRest())
	setByName(a, "care.all.snf_days = 2")
	follow(a)
	if x, stale = told(t, a); stale || x.Net != a.s.Row().Result.Net {
		t.Errorf("%+v, stale %t", x, stale)
	}
}

// TestAnOpenExplanationTakesTheAnswer opens the explanation before the answer
// is there.
func TestAnOpenExplanationTakesTheAnswer(t *testing.T) {
	a := app(t, 120, 60)
	setByName(a, "care.all.snf_days = 2")
	a.board.Shift(1)
	a.enter()
	if !strings.Contains(plain(a), "It is being settled.") {
		t.Fatalf("no explanation:\n%s", plain(a))
	}
	follow(a)
	if frame := plain(a); strings.Contains(frame, "It is being settled.") || !strings.Contains(frame, "SNF days fewer 2 d") {
		t.Errorf("the answer is not in\n%s", frame)
	}
}

// TestBeyondTheEvidenceIsFlagged sets SNF days past the 2.3 that programs
// reached, then care levers that together save more than whole programs did.
func TestBeyondTheEvidenceIsFlagged(t *testing.T) {
	a := app(t, 200, 60)
	press(t, a, ":", "snf_days", "enter")
	setByName(a, "care.all.snf_days = 2.3")
	if frame := plain(a); strings.Contains(frame, "! ◂ 2.3 d") || strings.Contains(frame, "a stretch") {
		t.Errorf("what programs reached is flagged:\n%s", frame)
	}
	setByName(a, "care.LEJR.snf_days = 2.5")
	if !strings.Contains(plain(a), "! ◂ 2.3 d +1 ▸") {
		t.Errorf("a category's own days are not flagged:\n%s", plain(a))
	}
	setByName(a, "care.LEJR.snf_days = 1")
	setByName(a, "care.all.snf_days = 3")
	frame := plain(a)
	for _, part := range []string{"! ◂ 3 d +1 ▸", "! SNF days fewer 3 d is beyond 2.3, the most that programs are known to have reached (CJR evaluation"} {
		if !strings.Contains(frame, part) {
			t.Errorf("%q is not in\n%s", part, frame)
		}
	}
	press(t, a, "i")
	for _, part := range []string{"most reached", "2.3; a value beyond it is allowed and flagged", "$812 to $998 per 90-day joint replacement episode, the figure of another", "! SNF days fewer 3 d is beyond 2.3"} {
		if !strings.Contains(strings.Join(strings.Fields(plain(a)), " "), part) {
			t.Errorf("%q is not in\n%s", part, plain(a))
		}
	}
	press(t, a, "esc")
	setByName(a, "care.all.snf_days = 0")
	setByName(a, "care.all.saving.snf = 10%")
	setByName(a, "care.LEJR.snf_days = 0")
	few := a.s.Row().Result.Lined().CareSaving
	setByName(a, "care.all.saving.snf = 100%")
	if d := a.s.Row().Result.Lined(); few > engine.MostSaved || d.CareSaving <= engine.MostSaved || few <= money.Cents(0) {
		t.Fatalf("a tenth saves %s, all %s", few, d.CareSaving)
	}
	if frame := plain(a); !strings.Contains(frame, "! ◂ 100% ▸") || !strings.Contains(frame, "! Saving SNF 100% with the other care levers it takes") || strings.Contains(frame, "! 0 d") {
		t.Errorf("a saving beyond whole programs is not flagged:\n%s", frame)
	}
	a.board.Shift(1)
	if !strings.Contains(plain(a), " the care levers together take $") {
		t.Errorf("the status line does not say it:\n%s", plain(a))
	}
}
