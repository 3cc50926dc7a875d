package engine_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"bundlelab/engine"
	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/price"
)

// region draws a small database: up to three hospitals, two cells, episodes of
// 2023 to 2026 with services, a price table that may miss a cell or a cap.
func region(t *rapid.T) *world {
	w := &world{}
	for i := range rapid.IntRange(1, 3).Draw(t, "hospitals") {
		w.hospitals = append(w.hospitals, panel.Hospital{CCN: fmt.Sprintf("10000%d", i), Division: 5})
	}
	kinds := []struct {
		c    episode.Category
		cell string
	}{{episode.LEJR, "470"}, {episode.CABG, "235"}}
	for _, k := range kinds {
		for _, kind := range []price.Kind{price.Benchmark, price.Preliminary} {
			if !rapid.Bool().Draw(t, "priced") {
				continue
			}
			r := price.Row{Kind: kind, Cell: k.cell, Division: 5, Days: rapid.SampledFrom([]int{30, 90}).Draw(t, "days"), Price: money.Cents(rapid.Int64Range(1e6, 5e6).Draw(t, "price"))}
			if rapid.Bool().Draw(t, "capped") {
				p := money.Cents(rapid.Int64Range(1e6, 6e6).Draw(t, "p99"))
				r.P99 = &p
			}
			w.rows = append(w.rows, r)
		}
	}
	latest := calendar.Date(2026, 12, 31)
	for h := range w.hospitals {
		for _, k := range kinds {
			if rapid.Bool().Draw(t, "stated") {
				w.stated = append(w.stated, price.Stated{CCN: w.hospitals[h].CCN, Category: k.c, Days: 90, Benchmark: money.Cents(rapid.Int64Range(1e6, 5e6).Draw(t, "benchmark"))})
			}
			// One in a baseline year, so that every cell has a price.
			ends := []calendar.Day{calendar.Date(2024, 6, 1)}
			for range rapid.IntRange(1, 4).Draw(t, "episodes") {
				ends = append(ends, calendar.Date(2026, 1, 1)+calendar.Day(rapid.IntRange(0, 270).Draw(t, "end")))
			}
			for _, end := range ends {
				w.episodes = append(w.episodes, panel.Episode{
					Key: fmt.Sprintf("E%03d", len(w.episodes)), Hospital: h, Category: k.c, Cell: k.cell, Start: end - 3, End: end,
					Anchor: money.Cents(rapid.Int64Range(0, 3e6).Draw(t, "anchor")), ObsDays: int32(latest - end + 1), EligOff: panel.NoEnd, DeathOff: panel.NoEnd,
					Risk: rapid.Int64Range(500_000, 2_000_000).Draw(t, "risk"), Services: episode.Pack(services(t)...),
				})
			}
		}
	}
	return w
}

func services(t *rapid.T) []episode.Service {
	var out []episode.Service
	for range rapid.IntRange(0, 4).Draw(t, "services") {
		from := rapid.Int32Range(-2, 50).Draw(t, "from")
		set := rapid.SampledFrom([]episode.Setting{episode.Readmission, episode.SNF, episode.IRF, episode.HHA, episode.Professional}).Draw(t, "setting")
		out = append(out, episode.Service{Setting: set, Rule: set.Rule(false), From: from, To: from + rapid.Int32Range(0, 40).Draw(t, "days"), GMLOS: 430, Amount: money.Cents(rapid.Int64Range(1, 2e6).Draw(t, "amount"))})
	}
	return out
}

func loaded(t *rapid.T, w *world) *engine.Model {
	// New keeps the rows it is given, and a property may load them twice.
	p, err := panel.New("test", w.hospitals, slices.Clone(w.episodes), false)
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

func team(t *rapid.T, m *engine.Model, hospitals []string, kv ...string) engine.DesignResult {
	s := lever.Set{}
	for i := 0; i < len(kv); i += 2 {
		var err error
		if s, err = s.With(kv[i], kv[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	r, err := m.Evaluate(engine.Request{Designs: []string{"team"}, Hospitals: hospitals, Levers: s})
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

// figures are every number of a result, as text.
func figures(d *engine.DesignResult) []string {
	out := []string{d.Net.String(), d.HospitalNet.String(), fmt.Sprint(d.Cancelled, d.CutShort, d.DataYear)}
	for _, h := range d.Hospitals {
		out = append(out, hospital(&h)...)
	}
	return out
}

func hospital(h *engine.HospitalResult) []string {
	out := []string{h.CCN, h.Track, h.Episodes.String(), h.PerEpisode.String()}
	for _, c := range h.Categories {
		out = append(out, fmt.Sprint(c.Category, c.Episodes, c.Baseline, c.Benchmark, c.Target, c.Spending, c.Capped))
	}
	for _, l := range h.Ledger.Lines {
		out = append(out, l.ID+" "+l.Amount.String())
	}
	return out
}

func TestNeutralLeversChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := loaded(t, region(t))
		a := team(t, m, nil, "policy.period", "PY1")
		b := team(t, m, nil, "policy.period", "PY1", "policy.track", "1", "policy.episode_days", "30", "care.all.snf_to_hha", "0%", "care.all.readmissions", "0%",
			"care.all.snf_days", "0", "care.all.saving.snf", "0%", "market.volume", "0%", "market.cost_trend", "0%", "market.trend_realized", "0%",
			"market.normalization_realized", "0", "market.benchmark_level", "0%", "program.fixed_cost", "0.00", "policy.cap_source", "table",
			"policy.cap_percentile", "99", "policy.exclusions", "on", "quality.cqs", "50", "policy.stop_gain", "10%")
		if !slices.Equal(figures(&a), figures(&b)) {
			t.Fatalf("%v\n%v", figures(&a), figures(&b))
		}
	})
}

func TestTheOrderOfRowsChangesNoTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := region(t)
		kv := []string{"policy.period", "PY1", "care.all.snf_to_hha", "20%", "policy.cap_source", rapid.SampledFrom([]string{"table", "panel"}).Draw(t, "cap")}
		a := team(t, loaded(t, w), nil, kv...)
		w.episodes = rapid.Permutation(w.episodes).Draw(t, "episodes order")
		for i := range w.episodes {
			w.episodes[i].Services = episode.Pack(rapid.Permutation(slices.Collect(w.episodes[i].Services.All())).Draw(t, "services order")...)
		}
		w.rows = rapid.Permutation(w.rows).Draw(t, "prices order")
		b := team(t, loaded(t, w), nil, kv...)
		if !slices.Equal(figures(&a), figures(&b)) {
			t.Fatalf("%v\n%v", figures(&a), figures(&b))
		}
	})
}

func TestAHospitalDoesNotDependOnWhoElseIsAsked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := loaded(t, region(t))
		kv := []string{"policy.period", "PY1", "care.all.irf_to_hha", "30%", "care.all.saving.snf", "10%", "policy.cap_source", rapid.SampledFrom([]string{"table", "panel"}).Draw(t, "cap"), "program.gainshare", "10%"}
		all := team(t, m, nil, kv...)
		var net money.Cents
		for i := range all.Hospitals {
			h := &all.Hospitals[i]
			alone := team(t, m, []string{h.CCN}, kv...)
			if len(alone.Hospitals) != 1 || !slices.Equal(hospital(&alone.Hospitals[0]), hospital(h)) {
				t.Fatalf("%s alone: %v\namong all: %v", h.CCN, hospital(&alone.Hospitals[0]), hospital(h))
			}
			net += alone.Net
		}
		if net != all.Net {
			t.Fatalf("hospitals sum to %s of %s", net, all.Net)
		}
	})
}

// Panel caps are the one thing hospitals share, so the table caps here.
func TestAHospitalsOwnLeversMoveNobodyElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := loaded(t, region(t))
		own := []string{"care.snf_to_hha", "care.saving.snf", "market.volume", "market.cost_trend", "market.trend_realized", "policy.discount", "quality.cqs", "program.fixed_cost"}
		value := []string{"10%", "20%", "30%", "4%", "2%", "7%", "90", "5.00"}
		i := rapid.IntRange(0, len(own)-1).Draw(t, "lever")
		a := team(t, m, nil, "policy.period", "PY2", "policy.track", "3")
		b := team(t, m, nil, "policy.period", "PY2", "policy.track", "3", "hospital.100000."+own[i], value[i])
		for k := range a.Hospitals {
			if k > 0 && !slices.Equal(hospital(&a.Hospitals[k]), hospital(&b.Hospitals[k])) {
				t.Fatalf("%s moves %s", own[i], a.Hospitals[k].CCN)
			}
		}
		// For the hospital itself it is what setting it for all would be.
		all := team(t, m, []string{"100000"}, "policy.period", "PY2", "policy.track", "3", own[i], value[i])
		if !slices.Equal(hospital(&all.Hospitals[0]), hospital(&b.Hospitals[0])) {
			t.Fatalf("%s set for all: %v\nown: %v", own[i], hospital(&all.Hospitals[0]), hospital(&b.Hospitals[0]))
		}
	})
}

// Volume multiplies micro-dollar sums before the rounding (ruling 11), so a
// whole multiple is exact to the half cents it multiplies.
func TestVolumeScalesBothSides(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := loaded(t, region(t))
		k := rapid.IntRange(2, 5).Draw(t, "times")
		a := team(t, m, nil, "policy.period", "PY1")
		b := team(t, m, nil, "policy.period", "PY1", "market.volume", fmt.Sprintf("%d%%", 100*(k-1)))
		for i := range a.Hospitals {
			for j, c := range a.Hospitals[i].Categories {
				v := b.Hospitals[i].Categories[j]
				for _, x := range [][2]money.Cents{{c.Benchmark, v.Benchmark}, {c.Spending, v.Spending}} {
					if off := (x[1] - money.Cents(k)*x[0]).Abs(); 2*off > money.Cents(k)+1 {
						t.Fatalf("%d times %s is %s", k, x[0], x[1])
					}
				}
				if v.Baseline != c.Baseline {
					t.Fatal("volume moves the baseline count")
				}
				if v.Episodes.IntPart() != int64(k)*c.Episodes.IntPart() {
					t.Fatalf("%d times %s episodes is %s", k, c.Episodes, v.Episodes)
				}
			}
		}
	})
}

func TestACareSavingNeverRaisesSpending(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := loaded(t, region(t))
		name := rapid.SampledFrom([]string{"saving.snf", "saving.irf", "saving.hha", "saving.readmission", "saving.professional", "readmissions"}).Draw(t, "lever")
		size := rapid.IntRange(0, 100).Draw(t, "percent")
		text := fmt.Sprintf("%d%%", size)
		if name == "readmissions" {
			text = "-" + text
		}
		source := rapid.SampledFrom([]string{"table", "panel"}).Draw(t, "cap")
		a := team(t, m, nil, "policy.period", "PY1", "policy.cap_source", source)
		b := team(t, m, nil, "policy.period", "PY1", "policy.cap_source", source, "care.all."+name, text)
		for i := range a.Hospitals {
			for j, c := range a.Hospitals[i].Categories {
				v := b.Hospitals[i].Categories[j]
				if v.Spending > c.Spending || v.Benchmark != c.Benchmark {
					t.Fatalf("care.all.%s %s: spending %s to %s, benchmark %s to %s", name, text, c.Spending, v.Spending, c.Benchmark, v.Benchmark)
				}
			}
			if b.Hospitals[i].Ledger.Net < a.Hospitals[i].Ledger.Net {
				t.Fatal("less spending pays less")
			}
		}
	})
}

func TestSpendingNeverFallsWithLength(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := loaded(t, region(t))
		var before []money.Cents
		for _, days := range []string{"0", "1", "15", "30", "60", "90"} {
			d := team(t, m, nil, "policy.period", "PY1", "policy.episode_days", days, "policy.cap_source", "panel", "policy.cap_percentile", "100")
			var now []money.Cents
			for _, h := range d.Hospitals {
				for _, c := range h.Categories {
					now = append(now, c.Spending)
					if c.Capped != 0 {
						t.Fatal("the largest episode caps something")
					}
				}
			}
			for i := range before {
				if now[i] < before[i] {
					t.Fatalf("spending falls from %s to %s at %s days", before[i], now[i], days)
				}
			}
			before = now
		}
	})
}
