package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"bundlelab/engine"
	"bundlelab/engine/panel"
	"bundlelab/engine/price"
)

// classic is a hospital in BPCI Model 2, all of whose figures are of 90 days.
func classic(t testing.TB) *world {
	w := &world{
		hospitals: []panel.Hospital{{CCN: "100001", Division: 5}},
		rows: []price.Row{{
			Kind: price.Benchmark, Cell: "470", Division: 5, Days: 90, Price: cents(t, "50000.00"),
			P1: dollars(t, "8000.00"), P5: dollars(t, "10000.00"), P75: dollars(t, "50000.00"), P95: dollars(t, "60000.00"), P99: dollars(t, "70000.00"),
		}},
	}
	w.add(t, "B1", "2011-06-01", "80000.00", 0)
	w.add(t, "B2", "2012-06-01", "5000.00", 0)
	w.add(t, "P1", "2016-06-01", "80000.00", 0).Risk = 1_500_000
	w.add(t, "P2", "2016-07-01", "4000.00", 0)
	return w
}

func TestTheTrackSetsTheCapOfBothSides(t *testing.T) {
	// A: 80,000 counts 70,000 + 20% x 10,000 = 72,000, and what lies under
	// 8,000 counts 8,000: own (72,000 + 8,000)/2 = 40,000, twice; spending
	// 80,000. B: 60,000 + 4,000 = 64,000 and 10,000: own 37,000; 74,000. C:
	// 50,000 + 6,000 = 56,000 and 10,000: 33,000; 66,000.
	m := classic(t).model(t)
	rows := m.Rows(engine.Request{Designs: []string{"bpci-m2"}})
	if len(rows) != 3 {
		t.Fatalf("%d rows", len(rows))
	}
	for i, want := range []string{"A 80000.00 80000.00 4000.00", "B 74000.00 74000.00 10000.00", "C 66000.00 66000.00 18000.00"} {
		if rows[i].Err != nil {
			t.Fatal(rows[i].Err)
		}
		for _, d := range []engine.DesignResult{*rows[i].Result.Written(), one(t, m, "bpci-m2", "policy.track", want[:1])} {
			c := d.Hospitals[0].Categories[0]
			if got := fmt.Sprint(d.Track, " ", c.Benchmark, " ", c.Spending, " ", c.Capped); got != want {
				t.Errorf("track, benchmark, spending, capped: %s, want %s", got, want)
			}
		}
	}
	// A hospital's own track is its own.
	w := classic(t)
	w.hospitals = append(w.hospitals, panel.Hospital{CCN: "100002", Division: 5})
	for _, e := range w.episodes[:4] {
		e.Key, e.Hospital = e.Key+"2", 1
		w.episodes = append(w.episodes, e)
	}
	d := one(t, w.model(t), "bpci-m2", "policy.track", "B", "hospital.100002.policy.track", "C")
	if a, b := d.Hospitals[0].Categories[0], d.Hospitals[1].Categories[0]; a.Spending.String() != "74000.00" || b.Spending.String() != "66000.00" || b.Benchmark.String() != "66000.00" {
		t.Errorf("B and C beside each other: %+v, %+v", a, b)
	}
	// The percentile asked for replaces the upper one alone: p75 of track B is
	// 50,000, and 20% above it still count.
	d = one(t, m, "bpci-m2", "policy.track", "B", "policy.cap_percentile", "75")
	if c := d.Hospitals[0].Categories[0]; c.Spending.String() != "66000.00" || c.Benchmark.String() != "74000.00" {
		t.Errorf("cap percentile: %+v", c)
	}
	// The loaded episodes' own ranks: of 4,000 and 80,000 p5 is the first and
	// p95 the second, so nothing is held.
	d = one(t, m, "bpci-m2", "policy.track", "B", "policy.cap_source", "panel")
	if c := d.Hospitals[0].Categories[0]; c.Spending.String() != "84000.00" || c.Capped != 0 {
		t.Errorf("cap source panel: %+v", c)
	}
	// The realized trend moves both ends: p95 66,000, p5 11,000. 66,000 + 2,800.
	d = one(t, m, "bpci-m2", "policy.track", "B", "market.trend_realized", "10%")
	if c := d.Hospitals[0].Categories[0]; c.Spending.String() != "79800.00" {
		t.Errorf("trended caps: %+v", c)
	}
}

func TestAPanelCapOfMeanAndDeviation(t *testing.T) {
	// 23,000 and 30,000: mean 26,500, sd 3,500, so 33,500 holds nothing. Five
	// more of 23,000: mean 24,000, sd sqrt((6 x 1,000^2 + 6,000^2)/7) =
	// 2,449.48974278: p = 28,898.979485..., 6 x 23,000 + that.
	w := joints(t, 20)
	for i := range 5 {
		w.add(t, fmt.Sprintf("M%d", i), "2017-05-01", "23000.00", 0)
	}
	d := one(t, w.model(t), "cjr", "policy.period", "PY2", "policy.cap_source", "panel")
	if got := d.Hospitals[0].Categories[0].Spending.String(); got != "166898.98" {
		t.Errorf("spending %s, want 166898.98", got)
	}
	if !strings.Contains(strings.Join(d.Warnings, "\n"), "mean plus two standard deviations of the loaded episodes") {
		t.Errorf("it is not said: %q", d.Warnings)
	}
}

func TestADesignWithoutACapSaysSo(t *testing.T) {
	w := simple(t)
	w.rows[0].Days = 90
	d := one(t, w.model(t), "capitation")
	if c := d.Hospitals[0].Categories[0]; c.Capped != 0 || !strings.Contains(strings.Join(d.Warnings, "\n"), "2 of 2 episodes are not capped: the design sets no outlier cap") {
		t.Errorf("%s cut, %q", c.Capped, d.Warnings)
	}
	// A percentile asked for is a cap: B counts 28,000 of 32,000 at 90 days.
	d = one(t, w.model(t), "capitation", "policy.cap_percentile", "99")
	if c := d.Hospitals[0].Categories[0]; c.Capped.String() != "2000.00" {
		t.Errorf("p99 cuts %s", c.Capped)
	}
}

// Two performance episodes that are alike make every draw what the projection
// is: held from above with a fifth of the tail, or from below.
func TestDrawsHoldEpisodesAlike(t *testing.T) {
	for _, amount := range []string{"80000.00", "4000.00"} {
		w := classic(t)
		w.episodes[2].Anchor, w.episodes[3].Anchor = cents(t, amount), cents(t, amount)
		drawsAre(t, w.model(t), "bpci-m2", "policy.track", "B", "policy.stop_gain", "none", "policy.stop_loss", "none")
	}
	// The estimated part of a blend moves in the draws too.
	w := joints(t, 20)
	w.episodes[len(w.episodes)-1].Anchor = cents(t, "23000.00")
	drawsAre(t, w.model(t), "cjr", "policy.period", "PY2", "market.benchmark_level", "-9%", "quality.cjr_cqs", "10")
}

func drawsAre(t *testing.T, m *engine.Model, design string, kv ...string) {
	t.Helper()
	want := one(t, m, design, kv...).Net
	got, err := m.Draw(context.Background(), design, engine.Request{Designs: []string{design}, Levers: levers(t, kv...)}, 20, 1)
	if err != nil {
		t.Fatal(err)
	}
	if want == 0 || got.P5 != want || got.P95 != want {
		t.Errorf("%s %v: %s projected, %s to %s drawn", design, kv, want, got.P5, got.P95)
	}
}
