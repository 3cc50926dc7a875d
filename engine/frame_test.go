package engine_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"bundlelab/engine"
	"bundlelab/engine/episode"
	"bundlelab/engine/panel"
	"bundlelab/engine/policy"
	"bundlelab/engine/price"
)

func TestPreliminaryTargets(t *testing.T) {
	// 25,480 after 2% is 26,000 before (ruling 5); policy.discount changes the
	// target, not the benchmark.
	w := simple(t)
	w.rows[0].Kind, w.rows[0].Price = price.Preliminary, cents(t, "25480.00")
	for _, x := range []struct{ discount, target string }{{"2%", "50960.00"}, {"3%", "50440.00"}, {"0%", "52000.00"}} {
		d := only(t, w.model(t), levers(t, "policy.period", "PY1", "policy.discount", x.discount))
		c := d.Hospitals[0].Categories[0]
		if c.Benchmark.String() != "52000.00" || c.Target.String() != x.target || d.Sources[0].Source != "cms" {
			t.Errorf("discount %s: benchmark %s, target %s from %s", x.discount, c.Benchmark, c.Target, d.Sources[0].Source)
		}
	}
}

func TestThePeriodsOwnPriceWins(t *testing.T) {
	w := simple(t)
	own := w.rows[0]
	own.Period, own.Price = "PY2", cents(t, "30000.00")
	w.rows = append(w.rows, own)
	for period, want := range map[string]string{"PY1": "52000.00", "PY2": "60000.00"} {
		d := only(t, w.model(t), levers(t, "policy.period", period))
		if got := d.Hospitals[0].Categories[0].Benchmark.String(); got != want {
			t.Errorf("%s: %s, want %s", period, got, want)
		}
	}
}

func TestWhichEpisodesStandForAPeriod(t *testing.T) {
	// Data to the end of 2026, episodes in 2025 and 2026.
	w := simple(t)
	w.add(t, "C", "2025-05-01", "10000.00", 0)
	for _, x := range []struct {
		levers []string
		year   int
		n      string
	}{
		{[]string{"policy.period", "PY1"}, 2026, "2"}, // covered whole
		{nil, 2026, "2"}, // PY2 follows 2026 (ruling 28); the data year stands in
		{[]string{"policy.period", "PY5"}, 2026, "2"},                             // the last whole year
		{[]string{"policy.period", "PY1", "policy.data_year", "2025"}, 2025, "1"}, // the lever overrides
		{[]string{"policy.data_year", "2025"}, 2025, "1"},
		{[]string{"policy.episode_days", "90"}, 2026, "2"}, // it does not move with the length
	} {
		d := only(t, w.model(t), levers(t, x.levers...))
		if d.DataYear != x.year || d.Hospitals[0].Episodes.String() != x.n {
			t.Errorf("%v: %s episodes of %d, want %s of %d", x.levers, d.Hospitals[0].Episodes, d.DataYear, x.n, x.year)
		}
	}
	if d := only(t, w.model(t), levers(t)); d.Period.ID != "PY2" || d.Track != "3" {
		t.Errorf("an empty scenario: %s, track %s; want PY2, track 3 (ruling 28)", d.Period.ID, d.Track)
	}
	if d := only(t, w.model(t), levers(t, "policy.data_year", "2025")); d.Period.ID != "PY1" || d.Track != "1" {
		t.Errorf("with data of 2025: %s, track %s; want PY1, track 1", d.Period.ID, d.Track)
	}
	// One day short of the year's end: 2025 is the last whole year.
	for i := range w.episodes {
		w.episodes[i].ObsDays--
	}
	if d := only(t, w.model(t), levers(t, "policy.period", "PY1")); d.DataYear != 2025 {
		t.Errorf("data to 30 December: %d", d.DataYear)
	}
	var in *engine.InputError
	if _, err := w.model(t).Evaluate(engine.Request{Levers: levers(t, "policy.data_year", "2020")}); !errors.As(err, &in) {
		t.Errorf("a year without episodes: %v", err)
	}
}

func TestBaselineEpisodes(t *testing.T) {
	w := simple(t)
	for _, end := range []string{"2021-05-01", "2022-05-01", "2023-05-01", "2024-05-01", "2024-06-01", "2025-05-01"} {
		w.add(t, end, end, "10000.00", 0)
	}
	w.add(t, "gone", "2024-07-01", "10000.00", 0).EligOff = 3 // cancelled, so not counted
	for period, want := range map[string]int{"PY1": 4, "PY2": 4, "PY3": 5} {
		// PY1 2022-24, PY2 2023-25, PY3 2024-26 with the two of 2026.
		d := only(t, w.model(t), levers(t, "policy.period", period))
		if got := d.Hospitals[0].Categories[0].Baseline; got != want {
			t.Errorf("%s: %d baseline episodes, want %d", period, got, want)
		}
	}
	// None in 2022-24: the last three calendar years stand in, graded assumed.
	d := only(t, simple(t).model(t), levers(t, "policy.period", "PY1"))
	if d.Hospitals[0].Categories[0].Baseline != 2 || d.Evidence != policy.Assumed || !strings.Contains(strings.Join(d.Warnings, "\n"), "last three calendar years") {
		t.Errorf("%d baseline episodes, evidence %s, warnings %q", d.Hospitals[0].Categories[0].Baseline, d.Evidence, d.Warnings)
	}
}

func TestExclusionsCanBeSwitchedOff(t *testing.T) {
	w := simple(t)
	w.rows[0].P99 = nil
	w.more(0,
		episode.Service{Setting: episode.PartBDrug, Rule: episode.Whole, From: 1, To: 1, Amount: 30_000, Excluded: episode.PartBDrugList},
		episode.Service{Setting: episode.DME, Rule: episode.Whole, From: 1, To: 1, Amount: 70_000, Excluded: episode.Payer})
	// 20,000 + 30,000; with the drug 300 more; a line Medicare did not pay
	// first never counts (ruling 23).
	for set, want := range map[string]string{"on": "50000.00", "off": "50300.00"} {
		d := only(t, w.model(t), levers(t, "policy.period", "PY1", "policy.exclusions", set))
		if got := d.Hospitals[0].Categories[0].Spending.String(); got != want {
			t.Errorf("exclusions %s: %s, want %s", set, got, want)
		}
		if !strings.Contains(strings.Join(d.Warnings, "\n"), "2 of 2 episodes are not capped") {
			t.Errorf("no word on the missing cap: %q", d.Warnings)
		}
	}
}

func TestPostEpisodeCharge(t *testing.T) {
	// Days 30-59: A has 10 of 40 SNF days, 2,000; B gets a visit of 500 on day
	// 45 and one of 900 on day 60. Spent 2,500. Threshold 2 x (300 + 3 x 200)
	// = 1,800: 700 are charged.
	w := simple(t)
	mean, sd := cents(t, "300.00"), cents(t, "200.00")
	w.rows[0].PostMean, w.rows[0].PostSD = &mean, &sd
	visit := func(on int32, amount string) episode.Service {
		return episode.Service{Setting: episode.Professional, Rule: episode.Whole, From: on, To: on, Amount: cents(t, amount)}
	}
	w.more(1, visit(45, "500.00"), visit(60, "900.00"))
	charge := func(w *world, kv ...string) (string, bool) {
		d := only(t, w.model(t), levers(t, append([]string{"policy.period", "PY1", "policy.track", "3"}, kv...)...))
		l, ok := d.Hospitals[0].Ledger.Line("post_episode")
		return l.Amount.String(), ok
	}
	if got, _ := charge(w); got != "-700.00" {
		t.Errorf("charge %s, want -700.00", got)
	}
	// Baseline levers, whatever the care levers say (ruling 30).
	if got, _ := charge(w, "care.all.saving.snf", "50%"); got != "-700.00" {
		t.Errorf("charge %s under a saving", got)
	}
	// One episode short of 60 days: no line.
	w.episodes[1].ObsDays = 59
	if got, ok := charge(w); ok {
		t.Errorf("charge %s though the data do not reach it", got)
	}
	w.episodes[1].ObsDays = 60 // days 30 to 59, just
	if got, _ := charge(w); got != "-700.00" {
		t.Errorf("charge %s at 60 days, want -700.00", got)
	}
	w.rows[0].PostSD = nil
	if got, ok := charge(w); ok {
		t.Errorf("charge %s though the table states no deviation", got)
	}
}

func TestCutShortIsCounted(t *testing.T) {
	w := simple(t)
	w.episodes[1].ObsDays = 30
	if d := only(t, w.model(t), levers(t, "policy.period", "PY1")); d.CutShort != 0 {
		t.Errorf("%d cut short at 30 of 30 days", d.CutShort)
	}
	w.episodes[1].ObsDays = 29
	d := only(t, w.model(t), levers(t, "policy.period", "PY1"))
	if d.CutShort != 1 || !strings.Contains(strings.Join(d.Warnings, "\n"), "observed for fewer than 30 days") {
		t.Errorf("%d cut short, warnings %q", d.CutShort, d.Warnings)
	}
}

func TestOwnHistoryIsCapped(t *testing.T) {
	// 101 baseline episodes of the cell in two hospitals: the 100th smallest
	// holds them (ceil 0.99 x 101), so the 90,000 counts 20,000: a mean of
	// 20,000 for the hospital whose only history it is.
	w := &world{hospitals: []panel.Hospital{{CCN: "100001", Division: 5}, {CCN: "100002", Division: 5}}}
	for i := range 100 {
		w.add(t, fmt.Sprintf("A%d", i), "2024-05-01", "20000.00", 0)
	}
	w.add(t, "B", "2024-05-01", "90000.00", 1)
	w.add(t, "C", "2026-05-01", "25000.00", 1)
	d := only(t, w.model(t), levers(t, "policy.period", "PY1"))
	if got := d.Hospitals[0].Categories[0].Benchmark.String(); got != "20000.00" {
		t.Errorf("benchmark %s, want 20000.00", got)
	}
}

func TestEstimatedBenchmarksFollowTheLevel(t *testing.T) {
	// Scaled prices move with market.benchmark_level, table prices do not
	// (ruling 35). 46,280 x 1.1 = 50,908.
	for days, want := range map[string]string{"15": "50908.00", "30": "52000.00"} {
		d := only(t, simple(t).model(t), levers(t, "policy.period", "PY1", "policy.episode_days", days, "market.benchmark_level", "10%"))
		if got := d.Hospitals[0].Categories[0].Benchmark.String(); got != want {
			t.Errorf("%s days: %s, want %s", days, got, want)
		}
	}
}

func TestUnknownRiskIsAssumed(t *testing.T) {
	w := simple(t)
	w.episodes[0].Risk = 0
	w.episodes[1].Risk = 1_108_800
	d := only(t, w.model(t), levers(t, "policy.period", "PY1"))
	// 26,000 + 26,000 x 1.1088 = 54,828.80.
	if got := d.Hospitals[0].Categories[0].Benchmark.String(); got != "54828.80" || d.Evidence != policy.Assumed {
		t.Errorf("benchmark %s, evidence %s", got, d.Evidence)
	}
}

func TestBenchmarksRoundOncePerCategory(t *testing.T) {
	// Two of 0.25 cents and a half: 26,000.01 x 1.000001 twice = 52,000.02 +
	// 0.05200002 = 52,000.07; rounding each to a cent gives 52,000.08.
	w := simple(t)
	w.rows[0].Price = cents(t, "26000.01")
	for i := range w.episodes {
		w.episodes[i].Risk = 1_000_001
	}
	d := only(t, w.model(t), levers(t, "policy.period", "PY1"))
	if got := d.Hospitals[0].Categories[0].Benchmark.String(); got != "52000.07" {
		t.Errorf("benchmark %s, want 52000.07", got)
	}
}

func TestOverflowIsRefusedAtLoad(t *testing.T) {
	w := &world{hospitals: []panel.Hospital{{CCN: "100001"}}}
	w.add(t, "A", "2026-03-01", "9000000000000.00", 0)
	w.add(t, "B", "2026-03-01", "9000000000000.00", 0)
	p, err := panel.New("test", w.hospitals, w.episodes, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := engine.New(p, nil, nil); err == nil || !strings.Contains(err.Error(), "exact arithmetic") {
		t.Errorf("9 x 10^12 dollars: %v", err)
	}
}
