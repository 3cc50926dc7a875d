package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"bundlelab/engine"
	"bundlelab/engine/episode"
	"bundlelab/engine/policy"
	"bundlelab/engine/price"
)

// hbp is what CMS states of joint replacements at the first hospital: SBS
// 25,000 x PCMA 1.02 x PAT 0.98 = HBP 24,990.
func hbp(t testing.TB) price.Stated {
	pcma, pat := int64(1_020_000), int64(980_000)
	return price.Stated{
		CCN: "100001", Category: episode.LEJR, Days: 90, Period: "MY6", Initiator: "7777-0001",
		Benchmark: cents(t, "24990.00"), SBS: dollars(t, "25000.00"), HBP: dollars(t, "24990.00"), PCMA: &pcma, PAT: &pat,
	}
}

// figure is a category's benchmark and target, and the grade of the benchmark.
func figure(t *testing.T, d *engine.DesignResult, category int) string {
	t.Helper()
	h := &d.Hospitals[0]
	l, _ := h.Ledger.Line("benchmark")
	return fmt.Sprint(h.Categories[category].Benchmark, " ", h.Categories[category].Target, " ", l.Evidence, " ", d.Sources)
}

func TestStatedBenchmarksComeBeforeTheEstimate(t *testing.T) {
	w := simple(t)
	w.rows[0].Days = 90
	w.episodes[0].Risk, w.episodes[1].Risk = 1_100_000, 0
	m := func() *engine.Model { return w.model(t) }
	project := func(kv ...string) engine.DesignResult {
		return one(t, m(), "bpcia", append([]string{"policy.period", "MY6"}, kv...)...)
	}
	// Without: 26,000 x 1.1 + 26,000 = 54,600, less the 3% of an operation.
	d := project()
	if got, want := figure(t, &d, 0), fmt.Sprint("54600.00 52962.00 ", policy.Assumed, " [{table 2}]"); got != want {
		t.Errorf("estimated: %s, want %s", got, want)
	}
	// With: 24,990 twice, whatever the patients' risk: it is in PCMA. Less 3%
	// each is CMS's own TARGET_PRICE, 24,240.30.
	w.stated = []price.Stated{hbp(t)}
	want := fmt.Sprint("49980.00 48480.60 ", policy.User, " [{cms 2}]")
	d = project()
	if got := figure(t, &d, 0); got != want {
		t.Errorf("stated: %s, want %s", got, want)
	}
	l, _ := d.Hospitals[0].Ledger.Line("benchmark")
	if !strings.HasPrefix(l.Note, "LEJR SBS $25,000.00 × PCMA 1.020000 × PAT 0.980000 ≈ HBP $24,990.00 an episode, as CMS states it (7777-0001 MY6). ") || strings.Contains(l.Note, "estimated") {
		t.Errorf("note %q", l.Note)
	}
	if all := strings.Join(d.Warnings, "\n"); strings.Contains(all, "risk multiplier") {
		t.Errorf("no risk multiplier is wanting: %q", all)
	}
	// Somebody stated it: the level does not move it. A realized trend does, in
	// the band of 5%: 49,980 x 1.05 = 52,479.
	d = project("market.benchmark_level", "10%")
	if got := figure(t, &d, 0); got != want {
		t.Errorf("benchmark level: %s, want %s", got, want)
	}
	d = project("market.trend_realized", "8%")
	if got := d.Hospitals[0].Categories[0].Benchmark.String(); got != "52479.00" {
		t.Errorf("realized trend: %s, want 52479.00", got)
	}
	// Of another period, length or design the estimate stays.
	d = one(t, m(), "bpcia", "policy.period", "MY7")
	if got := d.Hospitals[0].Categories[0].Benchmark.String(); got != "54600.00" || !strings.Contains(strings.Join(d.Warnings, "\n"), "components are of MY6, not of MY7: benchmarks are estimated") {
		t.Errorf("another period: %s %q", got, d.Warnings)
	}
	d = project("policy.episode_days", "60")
	if got := fmt.Sprint(d.Sources); strings.Contains(got, "cms") {
		t.Errorf("60 days: %s", got)
	}
	d = one(t, m(), "cjr", "policy.period", "PY8")
	if got := fmt.Sprint(d.Sources); strings.Contains(got, "cms") {
		t.Errorf("under CJR: %s", got)
	}
}

func TestStatedBenchmarksBesideEstimates(t *testing.T) {
	// CABG at this hospital is stated nowhere: 40,000 of the table, risk 1.05.
	w := simple(t)
	w.rows[0].Days = 90
	w.rows = append(w.rows, price.Row{Kind: price.Benchmark, Cell: "235", Division: 5, Days: 90, Price: cents(t, "40000.00")})
	c := w.add(t, "C", "2026-05-01", "30000.00", 0)
	c.Category, c.Cell, c.Risk = episode.CABG, "235", 1_050_000
	w.stated = []price.Stated{hbp(t)}
	d := one(t, w.model(t), "bpcia", "policy.period", "MY6")
	if got := figure(t, &d, 0) + d.Hospitals[0].Categories[1].Benchmark.String(); got != fmt.Sprint("49980.00 48480.60 ", policy.Assumed, " [{cms 2} {table 1}]42000.00") {
		t.Errorf("beside an estimate: %s", got)
	}
	l, _ := d.Hospitals[0].Ledger.Line("benchmark")
	if !strings.HasPrefix(l.Note, "SBS $40,000.00 × PCMA 1.050000 × PAT 1.000000 × 1 episodes ≈ $42,000.00; ") || !strings.Contains(l.Note, "LEJR SBS $25,000.00") {
		t.Errorf("note %q", l.Note)
	}
	// An outpatient row leaves the stays at the estimate: 26,000 + 24,990.
	w = simple(t)
	w.rows[0].Days = 90
	w.episodes[1].Inpatient = false
	w.stated = []price.Stated{hbp(t)}
	w.stated[0].Anchor = price.OutpatientAnchor
	d = one(t, w.model(t), "bpcia", "policy.period", "MY6")
	if got := d.Hospitals[0].Categories[0].Benchmark.String() + fmt.Sprint(d.Sources); got != "50990.00[{cms 1} {table 1}]" {
		t.Errorf("outpatient: %s", got)
	}
	l, _ = d.Hospitals[0].Ledger.Line("benchmark")
	if !strings.HasPrefix(l.Note, "SBS $26,000.00 × PCMA 1.000000 × PAT 1.000000 × 1 episodes ≈ $26,000.00; ") {
		t.Errorf("note %q", l.Note)
	}
	// Two physician groups at the hospital: whose an episode is nobody tells.
	a, b := hbp(t), hbp(t)
	a.Group, b.Group, b.Initiator, b.Benchmark = true, true, "7777-0002", cents(t, "24000.00")
	w.stated = []price.Stated{a, b}
	d = one(t, w.model(t), "bpcia", "policy.period", "MY6")
	if got := d.Hospitals[0].Categories[0].Benchmark.String(); got != "52000.00" || !strings.Contains(strings.Join(d.Warnings, "\n"), "2 of 2 benchmarks are estimated: the imported target-price components state more than one") {
		t.Errorf("two groups: %s %q", got, d.Warnings)
	}
	// One group: its own benchmark, not HBP.
	w.stated = []price.Stated{b}
	d = one(t, w.model(t), "bpcia", "policy.period", "MY6")
	l, _ = d.Hospitals[0].Ledger.Line("benchmark")
	if got := d.Hospitals[0].Categories[0].Benchmark.String(); got != "48000.00" || !strings.Contains(l.Note, "≈ HBP $24,990.00, of which the physician group's benchmark is $24,000.00 an episode") {
		t.Errorf("one group: %s %q", got, l.Note)
	}
}
