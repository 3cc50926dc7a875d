package tui

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"bundlelab/engine"
	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/scenarios"
	"bundlelab/tui/screen/levers"
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

// other is a value of a lever that is not its baseline.
func other(d *lever.Def) string {
	special := map[string]string{
		"policy.design": "team-proposed", "policy.period": "PY2", "policy.track": "1", "policy.episode_days": "60", "policy.discount": "5%",
		"policy.cap_percentile": "80", "policy.cap_source": "panel", "policy.stop_gain": "0%", "policy.stop_loss": "1%", "policy.exclusions": "off",
		"policy.data_year": "2024", "quality.cqs": "100", "quality.cjr_cqs": "18", "quality.gate": "off", "care.snf_days": "2", "care.readmissions": "-20%",
		"market.normalization_realized": "2%", "market.trend_realized": "2%", "market.cost_trend": "2%", "program.alignment_collaborators": "1",
		"program.gainshare_pfs": "100.00", "program.convener.fees_first": "on", "capitation.stop_loss": "20000.00",
		"aco.other_benchmark": "5000000.00", "aco.other_spending": "4000000.00", "aco.fsr": "20%", "aco.msr": "15%",
	}
	if v := special[d.Key()]; v != "" {
		return v
	}
	return map[lever.Unit]string{lever.Percent: "10%", lever.Dollars: "1000.00"}[d.Unit]
}

// beforehand is what must be set for a lever to act.
func beforehand() map[string][]string {
	avoid := []string{"condition.avoided = 20%"}
	return map[string][]string{
		"policy.cap_percentile": {"policy.cap_source = panel"}, "program.internal_savings": {"care.all.readmissions = -20%"}, "program.lost_margin": {"care.all.readmissions = -20%"},
		"program.gainshare_pfs": {"program.gainshare = 50%"}, "program.alignment_collaborators": {"program.alignment = 50%", "policy.period = PY4"},
		"program.convener.guarantee":  {"program.convener.loss_share = 50%"},
		"program.convener.fees_first": {"program.convener.fee = 1%", "program.convener.gain_share = 50%"},
		"condition.conservative_cost": avoid, "condition.deferral": avoid, "condition.margin": avoid, "capitation.premium": {"capitation.stop_loss = 20000.00"},
		"aco.fsr": {"aco.other_benchmark = 5000000.00"}, "aco.msr": {"aco.other_benchmark = 300000.00"},
		"quality.gate": {"care.all.saving.snf = 60%"}, "program.aco_overlap": {"policy.period = PY4", "care.all.saving.snf = 60%"},
	}
}

// bare opens a model with only the design in hand settled.
func bare(t testing.TB, m *engine.Model) *App {
	t.Helper()
	a := New(Options{Model: m, Scenario: scenarios.StatusQuo(), Folder: scenarios.Folder{Dir: t.TempDir()}, Env: func(string) string { return "" }})
	a.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
	return a
}

// rowsFor are the rows a lever is tried on, the one that bears losses first.
func rowsFor(a *App) []session.RowID {
	out := []session.RowID{{Design: "team", Track: "3"}}
	for i := range a.s.Rows() {
		out = append(out, session.ID(&a.s.Rows()[i]))
	}
	return out
}

// TestEveryLeverMovesTheAnswer sets each lever of the registry to a value that
// is not its baseline, on the rows of every design until one moves: for all
// hospitals, and where the lever can be, for one hospital and one category
// there.
func TestEveryLeverMovesTheAnswer(t *testing.T) {
	m := whole(t)
	for _, round := range []struct {
		hospitals []string
		category  episode.Category
	}{{hospitals: []string{""}}, {hospitals: []string{"100001", "100002"}}, {hospitals: []string{"100001", "100002"}, category: episode.LEJR}} {
		for _, d := range lever.Registry() {
			k := lever.Key{Group: d.Group, Name: d.Name}
			if round.category != 0 && d.Scope != lever.PerCategory || round.hospitals[0] != "" && !d.ByHospital() {
				continue // as in a wider round
			}
			k.Category = round.category
			t.Run(strings.Join(round.hospitals, "+")+" "+k.String(), func(t *testing.T) {
				for _, ccn := range round.hospitals {
					a := bare(t, m)
					a.lookAt(ccn)
					a.s.NextCategory(int(round.category))
					if moves(t, a, &d) {
						return
					}
				}
				t.Errorf("%s = %s moves no row", k, other(&d))
			})
		}
	}
}

// moves tries a lever on one row after the other.
func moves(t *testing.T, a *App, d *lever.Def) bool {
	t.Helper()
	for _, pre := range beforehand()[d.Key()] {
		setByName(a, pre)
		if a.note.bad {
			t.Fatalf("%s: %s", pre, a.note.text)
		}
	}
	for _, id := range rowsFor(a) {
		if a.s.Select(id); a.s.Row().Result == nil || a.s.Idle(d) != "" {
			continue
		}
		k := a.s.Key(d)
		if k.Hospital != a.s.Hospital() && d.ByHospital() {
			t.Errorf("%s is not set for hospital %s", k, a.s.Hospital())
		}
		was := answer(a)
		setByName(a, k.String()+" = "+other(d))
		if a.note.bad {
			continue
		}
		now := answer(a)
		if now == was {
			press(t, a, "u")
			continue
		}
		press(t, a, "u")
		if back := answer(a); back != was && d.Name != "design" && d.Name != "track" {
			t.Errorf("undo of %s gives %v, want %v", k, back, was)
		}
		return true
	}
	return false
}

// TestIdleLeversMoveNothing sets every lever that is dimmed on a row and holds
// the row to its figures.
func TestIdleLeversMoveNothing(t *testing.T) {
	m := whole(t)
	n := 0
	for _, ccn := range []string{"", "100002"} {
		a := bare(t, m)
		a.lookAt(ccn)
		a.s.NextCategory(int(episode.CABG))
		for _, id := range rowsFor(a)[1:] {
			if a.s.Select(id); a.s.Row().Result == nil {
				continue
			}
			was := answer(a)
			for _, d := range lever.Registry() {
				why := a.s.Idle(&d)
				if why == "" || a.s.Set(a.s.Key(&d), other(&d)) != nil {
					continue
				}
				a.s.Select(id)
				if now := answer(a); now != was {
					t.Errorf("%v, hospital %q: %s is said to move nothing (%s), and moves %v to %v", id, ccn, d.Key(), why, was, now)
				}
				n++
				if _, err := a.s.Undo(); err != nil {
					t.Fatal(err)
				}
				a.s.Select(id)
			}
		}
	}
	if n < 100 {
		t.Errorf("only %d idle levers were tried", n)
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
	if press(t, a, "c"); a.board.Levers.Current(a.s) == nil {
		t.Fatal("the category took the lever out of sight")
	}
	for key, want := range map[string]string{
		"care.snf_days": "LEJR at this hospital alone", "quality.cqs": "for this hospital alone", "policy.cap_source": "for all hospitals",
	} {
		_, d, err := lever.ParseKey(key)
		if err != nil {
			t.Fatal(err)
		}
		want = strings.ReplaceAll(want, "LEJR", episode.LEJR.Title())
		if got := levers.Describe(a.s, d); !strings.Contains(got, want) {
			t.Errorf("%s is described as %q, want %q in it", key, got, want)
		}
	}
	a.goTo("care.snf_days")
	press(t, a, "2", "enter", "C")
	if _, ok := a.s.Scenario().Levers.Exactly(lever.Key{Hospital: "100002", Category: episode.LEJR, Group: "care", Name: "snf_days"}); !ok {
		t.Errorf("the category lever is not set for the hospital: %v", a.s.Scenario().Levers.Items())
	}
	if r := a.s.Read(a.board.Levers.Current(a.s)); r.More != 1 || r.Set {
		t.Errorf("over all categories the lever reads %+v, want one narrower setting", r)
	}
	press(t, a, "esc")
	if a.s.Hospital() != "" {
		t.Error("esc does not go back to all hospitals")
	}
}
