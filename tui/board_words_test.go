package tui

import (
	"fmt"
	"strings"
	"testing"

	"bundlelab/engine/lever"
	"bundlelab/tui/action"
	"bundlelab/tui/draw"
	"bundlelab/tui/session"
)

// TestTheACOsPaymentIsNotTheHospitals holds the nested row to both figures at
// every size: what the ACO settles, and what the hospital has from the bundle.
func TestTheACOsPaymentIsNotTheHospitals(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
		a := appOn(t, whole(t), size[0], size[1])
		a.s.Select(session.RowID{Design: "aco-nested"})
		setByName(a, "aco.other_benchmark = 5000000.00")
		setByName(a, "policy.stop_loss = 20%")
		r := a.s.Row()
		own, ok := session.Own(r)
		var bundle string
		for _, st := range a.s.Steps(a.s.Selected()) {
			if st.ID == "bundle_npra" {
				bundle = draw.Signed(st.Amount)
			}
		}
		if !ok || draw.Signed(own) != bundle {
			t.Errorf("the hospital's own is %s, the bundle paid %s", draw.Signed(own), bundle)
		}
		frame := plain(a)
		head := strings.Split(frame, "\n")[1]
		if !strings.Contains(head, "pays the ACO") || !strings.Contains(head, draw.Signed(own)) {
			t.Errorf("%v: the headline tells one figure: %q", size, head)
		}
		if !strings.Contains(frame, "the hospital's own "+draw.Signed(own)) {
			t.Errorf("%v: the row does not tell the hospital's own:\n%s", size, frame)
		}
	}
}

// TestLeversInsideAnACO reads the bundle's values, not the ACO's: TEAM's
// discounts of 42 CFR 512.540 and the assumed score of 50, where the ACO has no
// discount and a score of 100.
func TestLeversInsideAnACO(t *testing.T) {
	a := appOn(t, whole(t), 120, 40)
	a.s.Select(session.RowID{Design: "aco-nested"})
	for key, want := range map[string]string{"policy.discount": "1.5%-2.0%", "policy.stop_gain": "10%", "quality.cqs": "50", "policy.period": "PY1", "aco.fsr": "75%"} {
		_, d, err := lever.ParseKey(key)
		if err != nil {
			t.Fatal(err)
		}
		if got := a.s.Read(d).Text; got != want {
			t.Errorf("%s reads %q, want %q", key, got, want)
		}
	}
	frame := plain(a)
	for _, want := range []string{"POLICY in TEAM inside", "QUALITY in TEAM inside"} {
		if !strings.Contains(frame, want) {
			t.Errorf("%q is missing:\n%s", want, frame)
		}
	}
	a.goTo("policy.discount")
	if got := plain(a); !strings.Contains(got, "in TEAM inside;") {
		t.Errorf("the lever does not say where it acts:\n%s", got)
	}
}

// TestNoFigureIsHidden moves the rows by dollars of every size: no cell may
// fall back to marks.
func TestNoFigureIsHidden(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {100, 30}, {120, 40}, {160, 50}, {200, 60}} {
		a := app(t, size[0], size[1])
		for _, volume := range []string{"5%", "20%", "300%", "9000%"} {
			setByName(a, "market.benchmark_level = 10%")
			setByName(a, "market.cost_trend = 10%")
			setByName(a, "market.volume = "+volume)
			drain(a, a.settleRest())
			for _, tab := range []string{"alt+1", "alt+2", "alt+3", "alt+4"} {
				if press(t, a, tab); strings.Contains(plain(a), "##") {
					t.Errorf("%v, volume %s, %s:\n%s", size, volume, tab, plain(a))
				}
			}
		}
	}
}

// TestLengthBeyondNinety opens the lengths of an episode of 120 days: it is
// listed, marked, and the arrow stands at the end of the axis.
func TestLengthBeyondNinety(t *testing.T) {
	for _, n := range []string{"120", "365"} {
		a := app(t, 120, 40)
		setByName(a, "policy.episode_days = "+n)
		press(t, a, "alt+3")
		frame := plain(a)
		if !strings.Contains(frame, n+" now") || a.board.Length.Current(a.s) != a.s.Row().Result.EpisodeDays {
			t.Errorf("%s days are not listed:\n%s", n, frame)
		}
		press(t, a, "g", "up", "down")
		for range 12 {
			press(t, a, "down")
		}
		plain(a)
	}
}

// TestGradeAtEveryCloseUp finds the result's grade in the title of each.
func TestGradeAtEveryCloseUp(t *testing.T) {
	for _, size := range [][2]int{{60, 15}, {80, 24}, {120, 40}, {200, 60}} {
		for k := range action.Tabs() {
			a := app(t, size[0], size[1])
			press(t, a, fmt.Sprintf("alt+%d", k+1))
			want := "evidence: assumed"
			if size[0] < 100 {
				want = "assumed"
			}
			found := false
			for _, l := range strings.Split(plain(a), "\n") {
				found = found || strings.Contains(l, "> ") && strings.Contains(l, "Hospitals") && strings.Contains(l, want)
			}
			if !found {
				t.Errorf("%v, close-up %d:\n%s", size, k+1, plain(a))
			}
		}
	}
}

// TestDeadZone opens Arkansas, whose spending lies between its two targets: no
// difference is shown beside "nothing is owed", and the tag is no discount.
func TestDeadZone(t *testing.T) {
	a := app(t, 120, 40)
	a.s.Select(session.RowID{Design: "state-ar"})
	press(t, a, "alt+2")
	if frame := plain(a); !strings.Contains(frame, "between") || !strings.Contains(frame, "between the design's two targets") && !strings.Contains(frame, "hospitals between the two targets") {
		t.Errorf("the categories do not tell the dead zone:\n%s", frame)
	}
	for _, c := range a.s.ByCategory(a.s.Row().Result, 0) {
		for _, h := range a.s.CategoryShares(a.s.Row(), c.Category) {
			if h.Between {
				c.Difference += h.Target - h.Spending
			}
		}
		if c.Between > 0 && c.Difference != c.Target-c.Spending {
			t.Errorf("%s: the hospitals between the targets are counted", c.Category)
		}
	}
	a.board.Focus = action.Designs
	x, _ := a.board.Explain(a.s)
	if text := strings.Join(x.Lay(&a.theme, 100), "\n"); !strings.Contains(text, "between targets") || !strings.Contains(text, "What each rule moved (evidence: assumed)") {
		t.Errorf("the tags:\n%s", text)
	}
}

// TestAnotherDataYearIsInTheRow gives a row episodes of another year than the
// headline's.
func TestAnotherDataYearIsInTheRow(t *testing.T) {
	for _, w := range []int{120, 200} {
		a := app(t, w, 40)
		for i := range a.s.Rows() {
			if r := &a.s.Rows()[i]; r.Design.ID == "bpcia" {
				x := *r.Result
				x.DataYear = 2023
				r.Result = &x
			}
		}
		a.board.Forget()
		for _, l := range strings.Split(plain(a), "\n") {
			if strings.Contains(l, "BPCI Advanced ") != strings.Contains(l, "5 of 5, 2023") {
				t.Errorf("%d cells: %q", w, l)
			}
		}
		a.s.Select(session.RowID{Design: "bpcia"})
		if head := strings.Split(plain(a), "\n")[1]; !strings.Contains(head, "of 2023") {
			t.Errorf("the headline is of another year: %q", head)
		}
	}
}

// TestLinesKeepTheDesignsNames looks for the names of the design's file.
func TestLinesKeepTheDesignsNames(t *testing.T) {
	a := appOn(t, whole(t), 120, 40)
	for id, want := range map[string]string{"state-oh": "After the limits", "state-ar": "Shared gain or loss", "aco-nested": "The ACO's settlement"} {
		a.s.Select(rowOf(a, id))
		if frame := plain(a); !strings.Contains(frame, want) {
			t.Errorf("%s: %q is missing:\n%s", id, want, frame)
		}
	}
}

func rowOf(a *App, design string) session.RowID {
	var out session.RowID
	for i := range a.s.Rows() {
		if r := &a.s.Rows()[i]; r.Design.ID == design && (r.Result != nil || out == (session.RowID{})) {
			out = session.ID(r)
		}
	}
	return out
}
