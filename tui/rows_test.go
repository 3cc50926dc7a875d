package tui

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"bundlelab/engine"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/tui/action"
	"bundlelab/tui/screen/explain"
	"bundlelab/tui/screen/ledger"
	"bundlelab/tui/session"
)

// TestOtherDesignsFollowTheKey changes a lever: the design in hand is settled
// in the same key, the others look stale until their answer comes, and an
// answer to an older key is dropped.
func TestOtherDesignsFollowTheKey(t *testing.T) {
	a := app(t, 200, 60)
	other := session.RowID{Design: "bpcia"}
	net := func() int64 {
		for i := range a.s.Rows() {
			if r := &a.s.Rows()[i]; session.ID(r) == other {
				return int64(r.Result.Net)
			}
		}
		return 0
	}
	was := net()
	setByName(a, "care.all.snf_to_hha = 10%")
	if a.s.Stale("team") || !a.s.Stale("bpcia") || net() != was {
		t.Fatal("a key settles the design in hand and leaves the others stale")
	}
	if !strings.Contains(plain(a), "… BPCI Advanced") {
		t.Errorf("a stale row does not look it:\n%s", plain(a))
	}
	late := a.settleRest()
	if late == nil || a.settleRest() != nil {
		t.Fatal("one job runs at a time")
	}
	setByName(a, "care.all.snf_to_hha = 30%")
	_, cmd := a.Update(late())
	if !a.s.Stale("bpcia") || net() != was {
		t.Error("an answer to an older key is taken")
	}
	drain(a, cmd)
	if a.s.Stale("bpcia") || net() == was {
		t.Error("the row does not follow")
	}
	fresh := app(t, 200, 60)
	setByName(fresh, "care.all.snf_to_hha = 30%")
	fresh.s.SettleAll(context.Background())
	if got, want := plain(a), plain(fresh); strings.Split(got, "\n")[14] != strings.Split(want, "\n")[14] || strings.Contains(got, "… BPCI") {
		t.Errorf("in the background\n%s\nat once\n%s", got, want)
	}
}

// TestGoingToAStaleRowSettlesIt never shows a ledger of older levers.
func TestGoingToAStaleRowSettlesIt(t *testing.T) {
	a := app(t, 120, 40)
	spent := func(r *engine.Row) money.Cents { return session.Sum(r.Result).Spending }
	was := spent(&a.s.Rows()[len(a.s.Rows())-1])
	setByName(a, "market.volume = 10%")
	last := &a.s.Rows()[len(a.s.Rows())-1]
	a.s.Select(session.ID(last))
	if a.s.Stale(last.Design.ID) || spent(a.s.Row()) == was {
		t.Error("the ledger is of the levers before")
	}
}

// TestNothingRunsAfterTheScreen closes the gate while work is under way: it
// ends first, and what has not begun never does.
func TestNothingRunsAfterTheScreen(t *testing.T) {
	a := app(t, 80, 24)
	ctx, stop := context.WithCancel(t.Context())
	a.ctx = ctx
	began, ended := make(chan struct{}), false
	cmd := a.behind(func(ctx context.Context) tea.Msg {
		close(began)
		<-ctx.Done()
		time.Sleep(time.Millisecond)
		ended = true
		return nil
	})
	var wg sync.WaitGroup
	wg.Go(func() { cmd() })
	<-began
	stop()
	a.gate.Lock()
	if !ended {
		t.Error("the work outlives the screen")
	}
	if a.behind(func(context.Context) tea.Msg { t.Error("work begins after the end"); return nil })() != nil {
		t.Error("a message after the end")
	}
	wg.Wait()
}

// TestPeriodWalksTheRowsOwnPeriods steps the period under each design: every
// period comes up once, and what another design lacks leaves that one alone.
func TestPeriodWalksTheRowsOwnPeriods(t *testing.T) {
	a := app(t, 120, 40)
	for _, id := range []session.RowID{{Design: "bpcia"}, {Design: "team", Track: "3"}, {Design: "cjr"}} {
		a.s.Select(id)
		a.goTo("policy.period")
		seen := map[string]bool{}
		have := a.s.Row().Design.PeriodIDs()
		for range have {
			press(t, a, "right")
			if a.note.bad {
				t.Errorf("%v: %s", id, a.note.text)
			}
			if a.s.Selected().Design != id.Design {
				t.Fatalf("the cursor left %v for %v", id, a.s.Selected())
			}
			seen[a.s.Row().Result.Period.ID] = true
		}
		if len(seen) != len(have) {
			t.Errorf("%v: the periods come up as %v, want each of %v", id, seen, have)
		}
		for i := range a.s.Rows() {
			if r := &a.s.Rows()[i]; r.Result == nil && strings.Contains(session.Brief(r.Err), "no period") {
				t.Errorf("%s is refused a period of another design", session.Name(r))
			}
		}
	}
}

// TestTrackOfAnotherDesign chooses BPCI's track B: levers still move under a
// design that has no such track, and the choice marks only its own design.
func TestTrackOfAnotherDesign(t *testing.T) {
	a := app(t, 120, 40)
	a.s.Select(session.RowID{Design: "bpci-m2", Track: "B"})
	setByName(a, "policy.track = B")
	if a.note.bad || a.s.Ruled(a.s.Row()) {
		t.Fatalf("track B: %q", a.note.text)
	}
	for _, id := range []session.RowID{{Design: "cjr"}, {Design: "team", Track: "3"}} {
		a.s.Select(id)
		was := answer(a)
		setByName(a, "market.volume = 10%")
		if a.note.bad || answer(a) == was {
			t.Errorf("%v: %q", id, a.note.text)
		}
		press(t, a, "u")
	}
	a.s.Select(session.RowID{Design: "team", Track: "1"})
	setByName(a, "policy.track = A")
	if !a.note.bad || !strings.Contains(a.note.text, "no track") {
		t.Errorf("a track the design lacks is taken: %q", a.note.text)
	}
	if v, _ := a.s.Scenario().Levers.Exactly(lever.Key{Group: "policy", Name: "track"}); v.Text != "B" {
		t.Errorf("the track is %q, want B", v.Text)
	}
}

// TestRowsStandByFamily holds the order of the board.
func TestRowsStandByFamily(t *testing.T) {
	a := bare(t, whole(t))
	last := session.Family(0)
	for i := range a.s.Rows() {
		f := session.FamilyOf(a.s.Rows()[i].Design)
		if f < last {
			t.Errorf("%s (%s) stands after %s", session.Name(&a.s.Rows()[i]), f, last)
		}
		last = f
	}
	if last.String() != "Total cost of care" {
		t.Errorf("the last family is %s", last)
	}
}

// TestDoubtIsMarked finds every parameter nobody has confirmed in the
// explanation of its row, with its mark and its grade.
func TestDoubtIsMarked(t *testing.T) {
	a := appOn(t, whole(t), 200, 60)
	for i := range a.s.Rows() {
		r := &a.s.Rows()[i]
		a.s.Select(session.ID(r))
		if r.Result == nil {
			continue
		}
		a.board.Focus = action.Designs
		x, _ := a.board.Explain(a.s)
		lines := x.Lay(&a.theme, 100)
		text := strings.Join(lines, "\n")
		for _, p := range r.Design.Params() {
			for _, f := range a.s.InForce(a.s.Row(), p.Key) {
				if !strings.Contains(text, f.Evidence.String()) {
					t.Errorf("%s: %s is shown without its grade %s", session.Name(r), p.Key, f.Evidence)
				}
			}
		}
	}
}

// TestParametersOfEachClass asks CJR's stop-loss of 2019: 20%, and 5% for
// rural hospitals such as the third (42 CFR 510.305(e)(1)(v)(C)-(D)).
func TestParametersOfEachClass(t *testing.T) {
	a := app(t, 120, 40)
	a.s.Select(session.RowID{Design: "cjr"})
	setByName(a, "policy.period = PY4")
	got := map[string]string{}
	for _, f := range a.s.InForce(a.s.Row(), "stop_loss") {
		got[f.Value] = f.For
	}
	want := map[string]string{"20%": "2 hospitals of no class", "5%": "1 safety-net rural hospitals"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("stop-loss (-want +got):\n%s", d)
	}
	a.board.Focus = action.Designs
	x, _ := a.board.Explain(a.s)
	if text := strings.Join(x.Lay(&a.theme, 110), "\n"); !strings.Contains(text, "5% for 1 safety-net rural") {
		t.Errorf("the explanation does not tell the class:\n%s", ansi.Strip(text))
	}
}

// TestFormulaOfOneOfSeveral explains lines that one of three hospitals has, by
// that hospital's formula, and then the lines of one hospital looked at.
func TestFormulaOfOneOfSeveral(t *testing.T) {
	a := app(t, 200, 60)
	count := 0
	for i := range a.s.Rows() {
		r := &a.s.Rows()[i]
		for _, st := range a.s.Steps(session.ID(r)) {
			if st.Hospitals > 1 {
				continue
			}
			count++
			share := a.s.Shares(r, &st)[0]
			x := explain.Step(a.s, r, &st)
			if want := "= " + share.Formula; share.Formula != "" && !slices.ContainsFunc(x.Lines, func(l explain.Line) bool { return strings.HasSuffix(l.Text, want) }) {
				t.Errorf("%s, %s: no line ends in %q", session.Name(r), st.ID, want)
			}
			if got := ledger.Formula(&st); got == "" {
				t.Errorf("%s, %s: the ledger says nothing of it", session.Name(r), st.ID)
			}
		}
	}
	if count == 0 {
		t.Error("no hospital has a line alone")
	}
	if err := a.s.LookAt("100001"); err != nil {
		t.Fatal(err)
	}
	r := a.s.Row()
	for _, st := range a.s.Steps(session.ID(r)) {
		if want := a.s.Shares(r, &st)[0].Formula; ledger.Formula(&st) != want {
			t.Errorf("%s: %q, want %q", st.ID, ledger.Formula(&st), want)
		}
	}
}

// TestSmallBelowAnotherNumber counts small categories anew when the number moves.
func TestSmallBelowAnotherNumber(t *testing.T) {
	a := app(t, 200, 60)
	for _, below := range []int{0, 1 << 30, 0} {
		for _, c := range a.s.ByCategory(a.s.Row().Result, below) {
			if want := min(below, 1) * c.Hospitals; c.Small != want {
				t.Errorf("%s: %d small below %d, want %d", c.Category, c.Small, below, want)
			}
		}
	}
}

// TestExplanationKeepsNothingThatMoved explains every row with what the last
// explanations left and with nothing, at other lengths and for other hospitals.
func TestExplanationKeepsNothingThatMoved(t *testing.T) {
	a := app(t, 200, 60)
	kept := map[session.RowID]*explain.Kept{}
	all := &explain.Kept{}
	look := func(when string) {
		a.s.SettleAll(context.Background())
		for i := range a.s.Rows() {
			r := &a.s.Rows()[i]
			id := session.ID(r)
			if kept[id] == nil {
				kept[id] = &explain.Kept{}
			}
			want := explain.Row(a.s, r, &explain.Kept{})
			for _, k := range []*explain.Kept{kept[id], all} {
				if d := cmp.Diff(want, explain.Row(a.s, r, k)); d != "" {
					t.Errorf("%s, %s: %s", when, session.Name(r), d)
				}
			}
		}
	}
	look("at first")
	for _, days := range []string{"30", "60", "90"} {
		setByName(a, "policy.episode_days = "+days)
		look(days + " days")
	}
	for _, ccn := range []string{"100003", "100001", ""} {
		if err := a.s.LookAt(ccn); err != nil {
			t.Fatal(err)
		}
		look("hospital " + ccn)
	}
}

// TestAskedNamesEveryClass asks for all hospitals and for the last alone.
func TestAskedNamesEveryClass(t *testing.T) {
	a := app(t, 200, 60)
	was := a.s.Asked(a.s.Row())
	if was != a.s.Asked(a.s.Row()) {
		t.Error("the same is not the same")
	}
	if err := a.s.LookAt("100003"); err != nil {
		t.Fatal(err)
	}
	if was == a.s.Asked(a.s.Row()) {
		t.Error("one hospital is asked about as all are")
	}
}
