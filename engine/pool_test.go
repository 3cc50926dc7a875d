package engine_test

import (
	"errors"
	"strings"
	"testing"

	"bundlelab/engine"
	"bundlelab/engine/episode"
	"bundlelab/engine/panel"
	"bundlelab/engine/policy"
)

// three hospitals: the first of simple with two episodes, a safety net with
// one, one without episodes.
func three(t testing.TB) *world {
	w := simple(t)
	w.hospitals = append(w.hospitals, panel.Hospital{CCN: "100002", Division: 5, SafetyNet: panel.Yes}, panel.Hospital{CCN: "100003", Division: 5})
	w.add(t, "S", "2026-05-01", "25000.00", 1)
	return w
}

func line(t *testing.T, d *engine.DesignResult, ccn, id string) string {
	t.Helper()
	for _, h := range d.Hospitals {
		if h.CCN == ccn {
			l, _ := h.Ledger.Line(id)
			return l.Amount.String()
		}
	}
	t.Fatalf("no hospital %s", ccn)
	return ""
}

func TestFixedCostIsCountedOnce(t *testing.T) {
	m := three(t).model(t)
	// 100.00 over 2 and 1 episodes: 66.67 and 33.33.
	d := only(t, m, levers(t, "policy.period", "PY1", "program.fixed_cost", "100.00"))
	if a, b := line(t, &d, "100001", "program"), line(t, &d, "100002", "program"); a != "-66.67" || b != "-33.33" {
		t.Errorf("shares %s and %s", a, b)
	}
	if len(d.Hospitals) != 2 {
		t.Errorf("%d hospitals, want the two with episodes", len(d.Hospitals))
	}
	// A hospital's own setting stays its own, even at the same amount.
	for _, own := range []string{"40.00", "100.00"} {
		d = only(t, m, levers(t, "policy.period", "PY1", "program.fixed_cost", "100.00", "hospital.100002.program.fixed_cost", own))
		if a, b := line(t, &d, "100001", "program"), line(t, &d, "100002", "program"); a != "-100.00" || b != "-"+own {
			t.Errorf("own cost %s: %s and %s", own, a, b)
		}
	}
	// Alone, a hospital bears all of it.
	r, err := m.Evaluate(engine.Request{Designs: []string{"team"}, Hospitals: []string{"100002"}, Levers: levers(t, "policy.period", "PY1", "program.fixed_cost", "100.00")})
	if err != nil {
		t.Fatal(err)
	}
	if got := line(t, &r.Designs[0], "100002", "program"); got != "-100.00" {
		t.Errorf("alone: %s", got)
	}
}

func TestIneligibleHospitalsAreAllNamed(t *testing.T) {
	w := three(t)
	w.add(t, "T", "2026-06-01", "25000.00", 2)
	m := w.model(t)
	_, err := m.Evaluate(engine.Request{Designs: []string{"team"}, Levers: levers(t, "policy.period", "PY2", "policy.track", "2")})
	var no *policy.IneligibleError
	if !errors.As(err, &no) || !strings.Contains(err.Error(), "100001") || !strings.Contains(err.Error(), "100003") || strings.Contains(err.Error(), "100002") {
		t.Errorf("ruling 29: %v", err)
	}
	// The one that may choose it does; the others keep their default.
	d := only(t, m, levers(t, "policy.period", "PY2", "hospital.100002.policy.track", "2"))
	if d.Hospitals[0].Track != "3" || d.Hospitals[1].Track != "2" || d.Track != "" {
		t.Errorf("tracks %s and %s, in all %q", d.Hospitals[0].Track, d.Hospitals[1].Track, d.Track)
	}
}

func TestQualityByHospital(t *testing.T) {
	m := three(t).model(t)
	d := only(t, m, levers(t, "policy.period", "PY1", "quality.cqs", "100", "hospital.100002.quality.cqs", "0"))
	// 100001: R = 2,960, kept whole at 100. 100002: 25,480 - 25,000 = 480 less
	// a tenth.
	if a, b := line(t, &d, "100001", "net_payment"), line(t, &d, "100002", "net_payment"); a != "2960.00" || b != "432.00" {
		t.Errorf("nets %s and %s", a, b)
	}
	// Unset, the score is 50 and assumed: 5% off.
	d = only(t, m, levers(t, "policy.period", "PY1"))
	if a := line(t, &d, "100001", "quality"); a != "-148.00" || d.Evidence != policy.Assumed {
		t.Errorf("quality %s, evidence %s", a, d.Evidence)
	}
}

func TestMeansComeFromTheWholeDatabase(t *testing.T) {
	// The only home-health user is at 100002: 1,000 a user also prices a moved
	// patient of 100001, asked for alone (ruling 7). A 14,000 + 4,800 + 200; B
	// 28,000 capped.
	w := three(t)
	w.episodes[2].Services = episode.Pack(episode.Service{Setting: episode.HHA, Rule: episode.Days, From: 0, To: 9, Amount: cents(t, "1000.00")})
	r, err := w.model(t).Evaluate(engine.Request{Designs: []string{"team"}, Hospitals: []string{"100001"}, Levers: levers(t, "policy.period", "PY1", "care.all.snf_to_hha", "20%")})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Designs[0].Hospitals[0].Categories[0].Spending.String(); got != "47000.00" {
		t.Errorf("spending %s, want 47000.00", got)
	}
}

func TestAvoidedReadmissions(t *testing.T) {
	// Two readmissions inside 30 days, one after, one excluded. 25% fewer avoid
	// 0.5; volume doubles it to 1.
	w := simple(t)
	again := func(on int32, x episode.Exclusion) episode.Service {
		return episode.Service{Setting: episode.Readmission, Rule: episode.GMLOS, From: on, To: on + 2, GMLOS: 300, Amount: 100_000, Excluded: x}
	}
	w.more(0, again(3, 0), again(29, 0), again(30, 0), again(10, episode.ExcludedDRG))
	kv := []string{"policy.period", "PY1", "program.internal_savings", "1000.00", "program.lost_margin", "300.00", "care.all.readmissions", "-25%"}
	for volume, want := range map[string][2]string{"0%": {"500.00", "-150.00"}, "100%": {"1000.00", "-300.00"}} {
		d := only(t, w.model(t), levers(t, append(kv, "market.volume", volume)...))
		if a, b := line(t, &d, "100001", "internal_savings"), line(t, &d, "100001", "lost_margin"); a != want[0] || b != want[1] {
			t.Errorf("volume %s: %s and %s, want %v", volume, a, b, want)
		}
	}
	// More readmissions avoid none.
	d := only(t, w.model(t), levers(t, append(kv[:6:6], "care.all.readmissions", "25%")...))
	if got := line(t, &d, "100001", "internal_savings"); got != "0.00" {
		t.Errorf("more readmissions save %s", got)
	}
}

func TestVolumeAndMix(t *testing.T) {
	// (1 + 50%)(1 - 10%) = 1.35 of 2 episodes, 52,000 and 48,000.
	d := only(t, simple(t).model(t), levers(t, "policy.period", "PY1", "market.volume", "50%", "market.mix.LEJR", "-10%"))
	c := d.Hospitals[0].Categories[0]
	if c.Episodes.String() != "2.7" || c.Benchmark.String() != "70200.00" || c.Spending.String() != "64800.00" || c.Baseline != 2 {
		t.Errorf("%+v", c)
	}
	// Nothing left: the hospital and the category are absent (ruling 44).
	d = only(t, simple(t).model(t), levers(t, "policy.period", "PY1", "market.volume", "-100%"))
	if len(d.Hospitals) != 0 || d.Net != 0 {
		t.Errorf("without episodes: %+v", d.Hospitals)
	}
	// Another category's mix moves nothing here.
	d = only(t, simple(t).model(t), levers(t, "policy.period", "PY1", "market.mix.CABG", "50%"))
	if d.Hospitals[0].Categories[0].Episodes.String() != "2" {
		t.Error("the mix of another category counts")
	}
}

func TestRowsSettleEveryTrack(t *testing.T) {
	m := simple(t).model(t)
	rows := m.Rows(engine.Request{Designs: []string{"team"}, Levers: levers(t, "policy.period", "PY2", "policy.track", "1", "policy.design", "team")})
	if len(rows) != 3 {
		t.Fatalf("%d rows, want one a track", len(rows))
	}
	var no *policy.IneligibleError
	for i, open := range []bool{false, false, true} {
		r := rows[i]
		if open != (r.Err == nil) || !open && !errors.As(r.Err, &no) || open && (r.Result == nil || r.Result.Track != r.Track.ID) {
			t.Errorf("track %s: %v", r.Track.ID, r.Err)
		}
	}
	if rows := m.Rows(engine.Request{Designs: []string{"nosuch"}}); len(rows) != 0 {
		t.Errorf("a design nobody knows has %d rows", len(rows))
	}
}

func TestRequestsAreChecked(t *testing.T) {
	m := simple(t).model(t)
	var usage *engine.UsageError
	if _, err := m.Evaluate(engine.Request{Hospitals: []string{"999999"}}); !errors.As(err, &usage) {
		t.Errorf("a hospital nobody loaded: %v", err)
	}
	var nf *policy.NotFoundError
	if _, err := m.Evaluate(engine.Request{Designs: []string{"nosuch"}}); !errors.As(err, &nf) {
		t.Errorf("a design nobody knows: %v", err)
	}
	if _, err := m.Evaluate(engine.Request{Levers: levers(t, "policy.design", "nosuch")}); !errors.As(err, &nf) {
		t.Errorf("a design lever nobody knows: %v", err)
	}
	r, err := m.Evaluate(engine.Request{Designs: []string{"team-proposed", "team"}, Hospitals: []string{"100001", "100001"}, Levers: levers(t, "policy.period", "PY1")})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Designs) != 2 || r.Designs[0].Design != "team-proposed" || len(r.Designs[1].Hospitals) != 1 {
		t.Error("designs come in the order asked, a hospital once")
	}
}
