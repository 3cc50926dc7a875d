package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"bundlelab/engine"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/policy"
	"bundlelab/engine/price"
)

func dollars(t testing.TB, s string) *money.Cents {
	c := cents(t, s)
	return &c
}

// one evaluates a design asked for by name.
func one(t *testing.T, m *engine.Model, design string, kv ...string) engine.DesignResult {
	t.Helper()
	r, err := m.Evaluate(engine.Request{Designs: []string{design}, Levers: levers(t, kv...)})
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

// joints is a hospital under CJR in 2017: so many baseline episodes of 2014,
// all of $26,000 but one of $40,000, and two of 2017. The region's price is
// $24,000, its mean plus two standard deviations 20,000 + 2 x 4,000 = 28,000.
func joints(t testing.TB, baseline int) *world {
	w := &world{
		hospitals: []panel.Hospital{{CCN: "100001", Division: 5}},
		rows: []price.Row{{
			Kind: price.Benchmark, Cell: "470", Division: 5, Days: 90, Price: cents(t, "24000.00"),
			Mean: dollars(t, "20000.00"), SD: dollars(t, "4000.00"), P99: dollars(t, "29000.00"), Source: "a table",
		}},
	}
	w.add(t, "B0", "2014-06-01", "40000.00", 0)
	for i := 1; i < baseline; i++ {
		w.add(t, fmt.Sprintf("B%d", i), "2014-06-01", "26000.00", 0)
	}
	w.add(t, "P1", "2017-03-01", "23000.00", 0).Risk = 1_500_000
	w.add(t, "P2", "2017-04-01", "30000.00", 0).Risk = 0
	return w
}

func TestOwnHistoryIsBlendedWithTheRegion(t *testing.T) {
	// Own: (19 x 26,000 + 28,000)/20 = 26,100. Performance year 2: 2/3 x 26,100
	// + 1/3 x 24,000 = 25,400 for each of two, whatever their risk.
	// Spending 23,000 + 28,000 held = 51,000. The assumed score of 12.60 takes
	// one point: 50,800 x (1 - 1%) = 50,292 is the target of a loss of 708.
	m := joints(t, 20).model(t)
	d := one(t, m, "cjr", "policy.period", "PY2")
	c := d.Hospitals[0].Categories[0]
	if got := []string{c.Benchmark.String(), c.Spending.String(), c.Capped.String(), d.Net.String()}; strings.Join(got, " ") != "50800.00 51000.00 2000.00 -708.00" {
		t.Errorf("benchmark, spending, capped, net: %v", got)
	}
	l, _ := d.Hospitals[0].Ledger.Line("benchmark")
	if l.Cite != "2/3 own baseline years, 1/3 regional table: a table" || l.Evidence != policy.Assumed {
		t.Errorf("benchmark from %q, graded %s", l.Cite, l.Evidence)
	}
	if len(d.Sources) != 1 || d.Sources[0] != (engine.SourceCount{Source: "blend", Episodes: 2}) {
		t.Errorf("sources %v", d.Sources)
	}
	// The level moves the estimated part: 2/3 x 26,100 x 1.1 + 8,000 = 27,140.
	d = one(t, m, "cjr", "policy.period", "PY2", "market.benchmark_level", "10%")
	if got := d.Hospitals[0].Categories[0].Benchmark.String(); got != "54280.00" {
		t.Errorf("benchmark level: %s, want 54280.00", got)
	}
	// Prices are set ahead: a realized trend moves neither price nor cap.
	d = one(t, m, "cjr", "policy.period", "PY2", "market.trend_realized", "3%")
	if c := d.Hospitals[0].Categories[0]; c.Benchmark.String() != "50800.00" || c.Spending.String() != "51000.00" {
		t.Errorf("a trend outside the design's band counts: %+v", c)
	}
	// Fewer than 20 baseline episodes: the region's price alone.
	d = one(t, joints(t, 19).model(t), "cjr", "policy.period", "PY2")
	if got := d.Hospitals[0].Categories[0].Benchmark.String(); got != "48000.00" || !strings.Contains(strings.Join(d.Warnings, "\n"), "too few baseline episodes for a price of their own, so the regional price stands alone: 100001 LEJR (19)") {
		t.Errorf("low volume: %s, %q", got, d.Warnings)
	}
}

func TestAnOwnHistoryOfTwoCellsCountsByCell(t *testing.T) {
	// The first cell blends; the second has no history at this hospital and
	// stands at its regional price; a third has history and no price.
	w := joints(t, 20)
	w.rows = append(w.rows, price.Row{Kind: price.Benchmark, Cell: "469", Division: 5, Days: 90, Price: cents(t, "40000.00")})
	w.episodes[len(w.episodes)-1].Cell = "469"
	w.add(t, "B522", "2014-06-01", "31000.00", 0).Cell = "522"
	w.add(t, "P522", "2017-05-01", "31000.00", 0).Cell = "522"
	d := one(t, w.model(t), "cjr", "policy.period", "PY2")
	// 25,400 + 40,000 + 31,000, all of the last its own.
	if got := d.Hospitals[0].Categories[0].Benchmark.String(); got != "96400.00" {
		t.Errorf("benchmark %s, want 96400.00", got)
	}
	if got := fmt.Sprint(d.Sources); got != "[{table 1} {own 1} {blend 1}]" {
		t.Errorf("sources %s", got)
	}
	all := strings.Join(d.Warnings, "\n")
	for _, want := range []string{"1 of 3 benchmarks are the regional price alone", "1 of 3 benchmarks are a blend", "2 of 3 episodes are not capped"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not said in %q", want, all)
		}
	}
}

func TestPriceCellsOfADesign(t *testing.T) {
	// Performance year 2 prices 521 as 469 with fracture where the table has
	// it, and falls back to 521; from year 6 521 is a cell of its own.
	for _, x := range []struct {
		period, year string
		fracture     bool
		want         string
	}{{"PY2", "2017", true, "50000.00"}, {"PY2", "2017", false, "41000.00"}, {"PY7", "2023", true, "41000.00"}} {
		w := &world{hospitals: []panel.Hospital{{CCN: "100001", Division: 5}}}
		w.rows = []price.Row{{Kind: price.Benchmark, Cell: "521", Division: 5, Days: 90, Price: cents(t, "41000.00"), Mean: dollars(t, "1.00"), SD: dollars(t, "0.00"), P99: dollars(t, "30000.00")}}
		if x.fracture {
			w.rows = append(w.rows, price.Row{Kind: price.Benchmark, Cell: "469F", Division: 5, Days: 90, Price: cents(t, "50000.00"), Mean: dollars(t, "20000.00"), SD: dollars(t, "1000.00")})
		}
		w.add(t, "A", x.year+"-05-01", "45000.00", 0).Cell = "521"
		d := one(t, w.model(t), "cjr", "policy.period", x.period)
		c := d.Hospitals[0].Categories[0]
		if c.Benchmark.String() != x.want {
			t.Errorf("%s: benchmark %s, want %s", x.period, c.Benchmark, x.want)
		}
		// The cap is of the same row.
		if want := map[bool]string{true: "22000.00", false: "1.00"}[x.fracture]; x.period == "PY2" && c.Spending.String() != want {
			t.Errorf("%s: spending %s, want %s", x.period, c.Spending, want)
		}
	}
}

func TestPostAcuteBundlesLeaveTheStayOut(t *testing.T) {
	care := func(amount string) episode.Service {
		return episode.Service{Setting: episode.SNF, Rule: episode.Whole, From: 1, To: 20, Amount: cents(t, amount)}
	}
	w := &world{
		hospitals: []panel.Hospital{{CCN: "100001", Division: 5}},
		rows:      []price.Row{{Kind: price.Benchmark, Cell: "470", Division: 5, Days: 90, Price: cents(t, "30000.00"), P99: dollars(t, "20000.00"), P1: dollars(t, "19000.00")}},
	}
	w.add(t, "P1", "2016-06-01", "12000.00", 0, care("9000.00"))
	w.add(t, "P2", "2016-06-01", "16000.00", 0, care("11000.00"))
	w.add(t, "none", "2016-06-01", "50000.00", 0)
	w.add(t, "other cell", "2011-06-01", "1.00", 0, care("1.00")).Cell = "469"
	// No history: 30,000 less the mean anchor of 14,000, twice. Spending 20,000:
	// the table's columns are of whole episodes and do not hold.
	d := one(t, w.model(t), "bpci-m3")
	c := d.Hospitals[0].Categories[0]
	if c.Benchmark.String() != "32000.00" || c.Spending.String() != "20000.00" || d.Counts.Episodes != 2 || d.Counts.Of != 3 {
		t.Errorf("%+v, %+v", c, d.Counts)
	}
	if !strings.Contains(strings.Join(d.Warnings, "\n"), "anchor stays count neither") {
		t.Errorf("it is not said: %q", d.Warnings)
	}
	// Own history of 8,000 a case, without its stay.
	w.add(t, "B", "2011-06-01", "40000.00", 0, care("8000.00"))
	w.add(t, "B without", "2011-06-01", "40000.00", 0)
	if c := one(t, w.model(t), "bpci-m3").Hospitals[0].Categories[0]; c.Benchmark.String() != "16000.00" {
		t.Errorf("own history: %+v", c)
	}
}

func TestADeathInsideCancelsWhereTheDesignSaysSo(t *testing.T) {
	w := joints(t, 20)
	w.rows = append(w.rows, price.Row{Kind: price.Benchmark, Cell: "470", Division: 5, Days: 30, Price: cents(t, "24000.00")})
	w.episodes[len(w.episodes)-1].DeathOff = 20
	m := w.model(t)
	if d := one(t, m, "cjr", "policy.period", "PY2"); d.Cancelled != 1 || d.Counts.Episodes != 1 {
		t.Errorf("CJR: %d cancelled, %+v", d.Cancelled, d.Counts)
	}
	if d := one(t, m, "team", "policy.data_year", "2017"); d.Cancelled != 0 || d.Counts.Episodes != 2 {
		t.Errorf("TEAM: %d cancelled, %+v", d.Cancelled, d.Counts)
	}
}
