package engine_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"bundlelab/engine"
	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/policy"
	"bundlelab/engine/price"
)

// builtin reads the shipped designs once.
var builtin = sync.OnceValues(policy.Builtin)

// world is a small system whose every figure can be checked by hand.
type world struct {
	hospitals []panel.Hospital
	episodes  []panel.Episode
	rows      []price.Row
	stated    []price.Stated
}

func cents(t testing.TB, s string) money.Cents {
	t.Helper()
	c, err := money.ParseCents(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func day(t testing.TB, s string) calendar.Day {
	t.Helper()
	d, err := calendar.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (w *world) add(t testing.TB, key, end, anchor string, hospital int, services ...episode.Service) *panel.Episode {
	t.Helper()
	e := day(t, end)
	w.episodes = append(w.episodes, panel.Episode{
		Key: key, Hospital: hospital, Category: episode.LEJR, Inpatient: true, Trigger: "470", Cell: "470", Start: e - 2, End: e,
		Anchor: cents(t, anchor), ObsDays: int32(day(t, "2026-12-31") - e + 1), EligOff: panel.NoEnd, DeathOff: panel.NoEnd, Risk: 1_000_000, Services: episode.Pack(services...),
	})
	return &w.episodes[len(w.episodes)-1]
}

// more gives an episode more services.
func (w *world) more(i int, services ...episode.Service) {
	e := &w.episodes[i]
	e.Services = episode.Pack(append(slices.Collect(e.Services.All()), services...)...)
}

func (w *world) model(t testing.TB) *engine.Model {
	t.Helper()
	p, err := panel.New("test", w.hospitals, w.episodes, false)
	if err != nil {
		t.Fatal(err)
	}
	b, err := price.NewBook(w.rows)
	if err != nil {
		t.Fatal(err)
	}
	b.State(w.stated)
	d, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	m, err := engine.New(p, b, d)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func levers(t interface {
	Helper()
	Fatal(args ...any)
}, kv ...string) lever.Set {
	t.Helper()
	var s lever.Set
	for i := 0; i < len(kv); i += 2 {
		var err error
		if s, err = s.With(kv[i], kv[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// one hospital, two 2026 episodes of $20,000 and $30,000 with SNF stays that
// cross day 30, a table price of $26,000 and a cap of $28,000.
func simple(t testing.TB) *world {
	snf := func(from, to int32, amount string) episode.Service {
		return episode.Service{Setting: episode.SNF, Rule: episode.Days, From: from, To: to, Amount: cents(t, amount)}
	}
	p99 := cents(t, "28000.00")
	w := &world{
		hospitals: []panel.Hospital{{CCN: "100001", Division: 5}},
		rows:      []price.Row{{Kind: price.Benchmark, Cell: "470", Division: 5, Days: 30, Price: cents(t, "26000.00"), P99: &p99}},
	}
	// 20 of 40 days inside: 8,000 x 30/40 = 6,000 at L = 30.
	w.add(t, "A", "2026-03-01", "14000.00", 0, snf(0, 39, "8000.00"))
	// Wholly inside.
	w.add(t, "B", "2026-04-01", "20000.00", 0, snf(0, 19, "10000.00"))
	return w
}

func only(t *testing.T, m *engine.Model, s lever.Set) engine.DesignResult {
	t.Helper()
	r, err := m.Evaluate(engine.Request{Designs: []string{"team"}, Levers: s})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range r.Designs[0].Hospitals {
		if !h.Ledger.Foots() {
			t.Fatalf("ledger of %s does not foot", h.CCN)
		}
	}
	return r.Designs[0]
}

func TestProjectionByHand(t *testing.T) {
	// Target 2 x 26,000 x 0.98 = 50,960. Spending 20,000 + min(30,000, 28,000)
	// = 48,000; 2,000 are cut. R = 2,960; CQS 60 leaves 96%: 2,841.60.
	d := only(t, simple(t).model(t), levers(t, "policy.period", "PY1", "policy.track", "3", "quality.cqs", "60"))
	c := d.Hospitals[0].Categories[0]
	for _, x := range []struct{ name, want, got string }{
		{"benchmark", "52000.00", c.Benchmark.String()},
		{"target", "50960.00", c.Target.String()},
		{"spending", "48000.00", c.Spending.String()},
		{"capped", "2000.00", c.Capped.String()},
		{"net", "2841.60", d.Net.String()},
		{"per episode", "1420.80", d.Hospitals[0].PerEpisode.String()},
	} {
		if x.want != x.got {
			t.Errorf("%s: want %s, got %s", x.name, x.want, x.got)
		}
	}
	if d.DataYear != 2026 || d.EpisodeDays != 30 {
		t.Errorf("data year %d, %d days", d.DataYear, d.EpisodeDays)
	}
}

func TestLeversByHand(t *testing.T) {
	for _, x := range []struct {
		name     string
		set      []string
		spending string
		bench    string
	}{
		// SNF mean (30 + 20)/2 = 25 days; 5 fewer leave 0.8: 6,000 -> 4,800 and
		// 10,000 -> 8,000: 18,800 + 28,000.
		{"snf days", []string{"care.LEJR.snf_days", "5"}, "46800.00", "52000.00"},
		// A saving of half: 14,000 + 3,000 and 20,000 + 5,000.
		{"saving", []string{"care.all.saving.snf", "50%"}, "42000.00", "52000.00"},
		// Volume doubles both sides.
		{"volume", []string{"market.volume", "100%"}, "96000.00", "104000.00"},
		// Trend held at 3%: prices 26,780 each, cap 28,840.
		{"trend", []string{"market.trend_realized", "10%"}, "48840.00", "53560.00"},
		// Normalization held at -5%: the cap does not move.
		{"normalization", []string{"market.normalization_realized", "-9%"}, "48000.00", "49400.00"},
		// Own cost trend over 2027 - 2026 = 1 year: 22,000 and 33,000, capped.
		{"cost trend", []string{"policy.period", "PY2", "market.cost_trend", "10%"}, "50000.00", "52000.00"},
		// The panel's own 99th percentile is its largest: nothing is cut.
		{"panel cap", []string{"policy.cap_source", "panel"}, "50000.00", "52000.00"},
		// The 50th percentile of two is the smaller: both count 20,000.
		{"median cap", []string{"policy.cap_source", "panel", "policy.cap_percentile", "50"}, "40000.00", "52000.00"},
	} {
		t.Run(x.name, func(t *testing.T) {
			d := only(t, simple(t).model(t), levers(t, append([]string{"policy.period", "PY1", "quality.cqs", "60"}, x.set...)...))
			c := d.Hospitals[0].Categories[0]
			if c.Spending.String() != x.spending || c.Benchmark.String() != x.bench {
				t.Errorf("spending %s benchmark %s, want %s and %s", c.Spending, c.Benchmark, x.spending, x.bench)
			}
		})
	}
}

func TestShiftAddsTheMeanOfTheOtherSetting(t *testing.T) {
	// A third episode with home health of 1,000 prices a moved patient. 20% of
	// SNF users go home: A 14,000 + 4,800 + 200, B 20,000 + 8,000 + 200 capped
	// at 28,000, C 15,000 + 1,000.
	w := simple(t)
	w.add(t, "C", "2026-05-01", "15000.00", 0, episode.Service{Setting: episode.HHA, Rule: episode.Days, From: 1, To: 10, Amount: cents(t, "1000.00")})
	d := only(t, w.model(t), levers(t, "policy.period", "PY1", "care.all.snf_to_hha", "20%"))
	if got := d.Hospitals[0].Categories[0].Spending.String(); got != "63000.00" {
		t.Errorf("spending %s, want 63000.00", got)
	}
}

func TestLengthScalesTheTable(t *testing.T) {
	// At 15 days A costs 14,000 + 3,000, B 20,000 + 7,500: 44,500 against
	// 50,000 at 30 days, so the price is 26,000 x 0.89 = 23,140 and the cap
	// 24,920.
	d := only(t, simple(t).model(t), levers(t, "policy.period", "PY1", "policy.episode_days", "15"))
	c := d.Hospitals[0].Categories[0]
	if c.Benchmark.String() != "46280.00" || c.Spending.String() != "41920.00" {
		t.Errorf("benchmark %s, spending %s, want 46280.00 and 41920.00", c.Benchmark, c.Spending)
	}
	if len(d.Sources) != 1 || d.Sources[0].Source != "scaled" {
		t.Errorf("sources %v", d.Sources)
	}
}

func TestCancelledEpisodesDropOut(t *testing.T) {
	w := simple(t)
	w.add(t, "C", "2026-05-01", "90000.00", 0).EligOff = 28
	w.add(t, "D", "2026-05-01", "90000.00", 0).DeathOff = 0
	kept := w.add(t, "E", "2026-05-01", "10000.00", 0)
	kept.EligOff, kept.DeathOff = 5, 5
	w.add(t, "F", "2026-05-01", "10000.00", 0).EligOff = 29
	d := only(t, w.model(t), levers(t, "policy.period", "PY1"))
	if got := d.Hospitals[0].Categories[0].Spending.String(); got != "68000.00" || d.Cancelled != 2 {
		t.Errorf("spending %s with %d cancelled, want 68000.00 and 2", got, d.Cancelled)
	}
}

func TestOwnHistoryPricesAMissingCell(t *testing.T) {
	// 2023 mean 20,000, 2024 mean 26,000, none in 2022: (33 x 20,000 + 50 x
	// 26,000)/83 = 23,614.4578..., one episode of risk 1.1 each.
	w := &world{hospitals: []panel.Hospital{{CCN: "100001", Division: 5}}}
	w.add(t, "A", "2023-05-01", "20000.00", 0)
	w.add(t, "B", "2024-05-01", "24000.00", 0)
	w.add(t, "C", "2024-06-01", "28000.00", 0)
	w.add(t, "D", "2026-06-01", "25000.00", 0).Risk = 1_100_000
	d := only(t, w.model(t), levers(t, "policy.period", "PY1"))
	if got := d.Hospitals[0].Categories[0].Benchmark.String(); got != "25975.90" {
		t.Errorf("benchmark %s, want 25975.90", got)
	}
	if d.Evidence != policy.Assumed || d.Sources[0].Source != "own" {
		t.Errorf("evidence %s, sources %v", d.Evidence, d.Sources)
	}
}

func TestForbiddenRequests(t *testing.T) {
	m := simple(t).model(t)
	eval := func(kv ...string) error {
		_, err := m.Evaluate(engine.Request{Designs: []string{"team"}, Levers: levers(t, kv...)})
		return err
	}
	var track *policy.IneligibleError
	if err := eval("policy.period", "PY2", "policy.track", "2"); !errors.As(err, &track) || track.Hospital != "100001" {
		t.Errorf("track 2 of an ordinary hospital: %v", err)
	}
	var period *policy.PeriodError
	if err := eval("policy.period", "PY9"); !errors.As(err, &period) {
		t.Errorf("PY9: %v", err)
	}
	var usage *engine.UsageError
	if err := eval("policy.cap_percentile", "95"); !errors.As(err, &usage) {
		t.Errorf("p95 of a table: %v", err)
	}
	var rule *engine.RuleError
	w := simple(t)
	for i := range w.episodes {
		w.episodes[i].ObsDays = 20
	}
	if _, err := w.model(t).Evaluate(engine.Request{Designs: []string{"team"}}); !errors.As(err, &rule) {
		t.Errorf("length past the data: %v", err)
	}
	var input *engine.InputError
	w = simple(t)
	w.rows = nil
	w.episodes[0].Cell = "469"
	w.episodes[0].End = day(t, "2026-03-01")
	w.add(t, "Z", "2023-01-01", "1.00", 0)
	if _, err := w.model(t).Evaluate(engine.Request{Designs: []string{"team"}, Levers: levers(t, "policy.period", "PY1")}); !errors.As(err, &input) {
		t.Errorf("a cell without price or history: %v", err)
	}
}

func TestAHospitalsOwnLeversAreItsOwn(t *testing.T) {
	// Both hospitals treat the patients of simple; the second saves half of its
	// SNF spending and all others a tenth. Hospital beats category beats all.
	w := simple(t)
	w.hospitals = append(w.hospitals, panel.Hospital{CCN: "100002", Division: 5})
	for _, e := range w.episodes[:2] {
		e.Key, e.Hospital = e.Key+"2", 1
		w.episodes = append(w.episodes, e)
	}
	d := only(t, w.model(t), levers(t, "policy.period", "PY1", "care.all.saving.snf", "90%", "care.LEJR.saving.snf", "10%", "hospital.100002.care.saving.snf", "50%"))
	// First: 14,000 + 5,400 and min(20,000 + 9,000, 28,000). Second: 14,000 +
	// 3,000 and 20,000 + 5,000.
	for i, want := range []string{"47400.00", "42000.00"} {
		if got := d.Hospitals[i].Categories[0].Spending.String(); got != want {
			t.Errorf("hospital %d: spending %s, want %s", i, got, want)
		}
	}
}

func TestAHospitalAloneIsWhatItIsAmongOthers(t *testing.T) {
	// The second hospital has no price and no history for its cell, is cut
	// short, and lacks a multiplier: none of it is the first one's matter.
	w := simple(t)
	w.hospitals = append(w.hospitals, panel.Hospital{CCN: "100002", Division: 5})
	e := w.add(t, "Z", "2026-05-01", "1.00", 1)
	e.Cell, e.Risk, e.ObsDays = "469", 0, 5
	w.add(t, "Y", "2023-05-01", "1.00", 0)
	m := w.model(t)
	r, err := m.Evaluate(engine.Request{Designs: []string{"team"}, Hospitals: []string{"100001"}, Levers: levers(t, "policy.period", "PY1", "quality.cqs", "60", "policy.track", "3")})
	if err != nil {
		t.Fatal(err)
	}
	d := r.Designs[0]
	if d.Net.String() != "2841.60" || d.CutShort != 0 || len(d.Sources) != 1 || d.Sources[0].Episodes != 2 {
		t.Errorf("net %s, %d cut short, sources %v", d.Net, d.CutShort, d.Sources)
	}
	if line, _ := d.Hospitals[0].Ledger.Line("benchmark"); line.Evidence != policy.User {
		t.Errorf("benchmark graded %s", line.Evidence)
	}
	var input *engine.InputError
	if _, err := m.Evaluate(engine.Request{Designs: []string{"team"}, Levers: levers(t, "policy.period", "PY1")}); !errors.As(err, &input) {
		t.Errorf("with the second hospital: %v", err)
	}
	var usage *engine.UsageError
	if _, err := m.Evaluate(engine.Request{Levers: levers(t, "hospital.999999.quality.cqs", "10")}); !errors.As(err, &usage) {
		t.Errorf("levers of a hospital that is not there: %v", err)
	}
}

func TestTheCapTakesTheColumnAskedFor(t *testing.T) {
	// p95 of 25,000: A at 20,000 and B cut to 25,000. At 31 days the price is
	// scaled from 30 days, and so is the column: spending 50,200 against 50,000
	// makes the cap 25,100.
	w := simple(t)
	p95 := cents(t, "25000.00")
	w.rows[0].P95 = &p95
	for _, x := range []struct{ days, want string }{{"30", "45000.00"}, {"31", "45300.00"}} {
		d := only(t, w.model(t), levers(t, "policy.period", "PY1", "policy.cap_percentile", "95", "policy.episode_days", x.days))
		if got := d.Hospitals[0].Categories[0].Spending.String(); got != x.want {
			t.Errorf("%s days: spending %s, want %s", x.days, got, x.want)
		}
	}
}

func TestResultsSayWhatTheyRestOn(t *testing.T) {
	w := simple(t)
	w.rows = nil
	w.add(t, "C", "2026-06-01", "10000.00", 0)
	d := only(t, w.model(t), levers(t, "policy.period", "PY1"))
	all := strings.Join(d.Warnings, "\n")
	for _, want := range []string{"the very episodes of 2026", "1 of 3 episodes have no service", "50 is used (assumed)"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not said in %q", want, all)
		}
	}
	w = simple(t)
	w.rows[0].Source = "SYNTHETIC regional table"
	d = only(t, w.model(t), levers(t, "policy.period", "PY1", "quality.cqs", "60"))
	if l, _ := d.Hospitals[0].Ledger.Line("benchmark"); l.Evidence != policy.Assumed || !strings.Contains(strings.Join(d.Warnings, " "), "2 of 2 targets come from a SYNTHETIC") {
		t.Errorf("made-up prices pass for real: %s, %q", l.Evidence, d.Warnings)
	}
	d = only(t, simple(t).model(t), levers(t, "policy.period", "PY5"))
	if all := strings.Join(d.Warnings, "\n"); !strings.Contains(all, "baseline year(s) 2027, 2028") {
		t.Errorf("years without data are not named: %q", all)
	}
	// Every subtotal carries the worst grade of what it rests on.
	if l, _ := d.Hospitals[0].Ledger.Line("net_payment"); l.Evidence != policy.Assumed {
		t.Errorf("net payment graded %s above an assumed score", l.Evidence)
	}
}
