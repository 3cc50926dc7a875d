package tui

import (
	"strings"
	"testing"

	"bundlelab/engine"
	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
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

// TestEveryLeverMovesTheAnswer sets each lever of the registry to a value that
// is not its baseline, on the row that bears losses too: for all hospitals,
// and where the lever can be, for one hospital and one category there.
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
	for _, round := range []struct {
		hospital string
		category episode.Category
	}{{}, {hospital: "100001"}, {hospital: "100001", category: episode.Bowel}} {
		for _, d := range lever.Registry() {
			x := round
			if x.hospital != "" && d.Name == "convener.loss_share" {
				x.hospital = "100002" // the first has no loss to share
			}
			a := app(t, 120, 40)
			a.lookAt(x.hospital)
			a.s.NextCategory(int(x.category))
			k := a.s.Key(&d)
			if k.Hospital != x.hospital && d.ByHospital() {
				t.Errorf("%s is not set for hospital %s", k, x.hospital)
			}
			if x.category != 0 && k.Category == 0 || x.hospital != "" && k.Hospital == "" {
				continue // as in a wider round
			}
			t.Run(k.String(), func(t *testing.T) {
				a.s.Select(session.RowID{Design: "team", Track: "3"})
				if pre := before[d.Key()]; pre != "" {
					setByName(a, pre)
				}
				value := values[d.Key()]
				if value == "" {
					value = map[lever.Unit]string{lever.Percent: "10%", lever.Dollars: "1000.00"}[d.Unit]
				}
				was := answer(a)
				setByName(a, k.String()+" = "+value)
				if a.note.bad {
					t.Fatalf("%s = %s: %s", k, value, a.note.text)
				}
				if now := answer(a); now == was {
					t.Errorf("%s = %s leaves everything at %v", k, value, was)
				}
				press(t, a, "u")
				if now := answer(a); now != was && d.Name != "design" && d.Name != "track" {
					t.Errorf("undo of %s gives %v, want %v", k, now, was)
				}
			})
		}
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
