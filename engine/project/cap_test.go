package project_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/project"
)

func percent(t testing.TB, s string) money.Rate {
	t.Helper()
	r, err := money.ParseRate(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestNearestRank(t *testing.T) {
	for _, x := range []struct {
		p    string
		n    int
		want int
	}{
		{"99", 100, 99},  // exactly 99
		{"99", 101, 100}, // 99.99
		{"99", 99, 99},   // 98.01
		{"99", 1, 1},
		{"99", 200, 198},
		{"100", 7, 7},
		{"50", 2, 1}, {"50", 3, 2}, {"50", 4, 2},
		{"97.5", 40, 39}, // exactly 39
		{"97.5", 41, 40}, // 39.975
		{"0", 5, 1},      // never before the first
		{"5", 10_000, 500},
		{"95", 1_000, 950},
	} {
		if got := project.NearestRank(percent(t, x.p), x.n); got != x.want {
			t.Errorf("p%s of %d is number %d, want %d", x.p, x.n, got, x.want)
		}
	}
}

func TestSpreadsRankWithinTheirGroup(t *testing.T) {
	a, b := project.Group{Cell: "470", Division: 5}, project.Group{Cell: "470", Division: 6}
	spending := []money.Micros{40, 10, 30, 20, 7}
	got := project.Spreads(spending, []project.Group{a, a, a, a, b})
	// ceil(0.5 x 4) = 2nd of 10 20 30 40; the other division stands alone.
	if got[a].Rank(percent(t, "50")) != 20 || got[b].Rank(percent(t, "50")) != 7 {
		t.Errorf("spreads %v", got)
	}
	// ceil(0.99 x 4) = 4th: nothing is cut. ceil(0.01 x 4) = 1st.
	if got[a].Rank(percent(t, "99")) != 40 || got[a].Rank(percent(t, "1")) != 10 {
		t.Errorf("spreads %v", got)
	}
	if spending[0] != 40 {
		t.Error("the spending is reordered")
	}
}

func TestMeanPlusStandardDeviations(t *testing.T) {
	for _, x := range []struct {
		v    project.Spread
		sds  int64
		want money.Micros
	}{
		// Mean 25, variance (225 + 25 + 25 + 225)/4 = 125, sd 11.18...: 25 +
		// 22.36 = 47.36. In integers: (100 + floor(sqrt(4 (4 x 3000 - 10000)))) / 4
		// = (100 + 89) / 4 = 47.25.
		{project.Spread{10, 20, 30, 40}, 2, 47},
		// Two values 3 apart: mean 1.5, sd 1.5: 4.5 rounds away from zero.
		{project.Spread{0, 3}, 2, 5},
		{project.Spread{0, 3}, 0, 2},
		{project.Spread{7}, 2, 7},
		{project.Spread{5, 5, 5}, 2, 5},
		// Dollars: 10,000 and 30,000 have mean 20,000 and sd 10,000.
		{project.Spread{10_000_000_000, 30_000_000_000}, 2, 40_000_000_000},
	} {
		if got := x.v.MeanPlus(x.sds); got != x.want {
			t.Errorf("mean + %d sd of %v is %d, want %d", x.sds, x.v, got, x.want)
		}
	}
}

func TestHold(t *testing.T) {
	keep := percent(t, "20%")
	for _, x := range []struct {
		name     string
		h        project.Hold
		spending money.Micros
		want     money.Micros
	}{
		{"open", project.Open(), 123, 123},
		{"cap", project.Hold{Low: project.NoFloor, High: 100}, 180, 100},
		{"at the cap", project.Hold{Low: project.NoFloor, High: 100}, 100, 100},
		// D11: track B counts 60,000 + 20% x 20,000 = 64,000 of 80,000.
		{"kept tail", project.Hold{Low: project.NoFloor, High: 60_000_000_000, Keep: keep}, 80_000_000_000, 64_000_000_000},
		// 100 + 0.2 x 2 = 100.4; 100 + 0.2 x 3 = 100.6.
		{"rounds down", project.Hold{Low: project.NoFloor, High: 100, Keep: keep}, 102, 100},
		{"rounds up", project.Hold{Low: project.NoFloor, High: 100, Keep: keep}, 103, 101},
		// 100 + 0.5 x 1 rounds away from zero.
		{"half away", project.Hold{Low: project.NoFloor, High: 100, Keep: percent(t, "50%")}, 101, 101},
		{"low", project.Hold{Low: 40, High: 100, Keep: keep}, 10, 40},
		{"low above high", project.Hold{Low: 150, High: 100, Keep: keep}, 200, 150},
	} {
		if got := x.h.Of(x.spending); got != x.want {
			t.Errorf("%s: %d counts %d, want %d", x.name, x.spending, got, x.want)
		}
	}
}

func TestAWiderHoldNeverLowersSpending(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.Int64Range(0, 1000)
		keep := func(n string) money.Rate { return money.NewRate(rapid.Int64Range(0, 100).Draw(t, n), 2) }
		a := project.Hold{Low: money.Micros(at.Draw(t, "low")), High: money.Micros(at.Draw(t, "high")), Keep: keep("keep")}
		more := rapid.Int64Range(0, 500)
		b := a
		b.High += money.Micros(more.Draw(t, "higher"))
		s := money.Micros(at.Draw(t, "spending"))
		c := a
		if c.Keep = keep("keep more"); c.Keep.Cmp(a.Keep) < 0 {
			a, c = c, a
		}
		if b.Keep = a.Keep; b.Of(s) < a.Of(s) || c.Of(s) < a.Of(s) {
			t.Fatalf("%d counts %d under %v, %d under %v, %d under %v", s, a.Of(s), a, b.Of(s), b, c.Of(s), c)
		}
		if more := s + money.Micros(more.Draw(t, "more")); a.Of(more) < a.Of(s) {
			t.Fatalf("%d counts more than %d under %v", s, more, a)
		}
	})
}

func TestPanelCapHoldsItsShareOfEpisodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.SliceOfN(rapid.Int64Range(0, 1000), 1, 60).Draw(t, "spending")
		p := rapid.IntRange(500, 1000).Draw(t, "tenths of a percent")
		v := make([]money.Micros, len(raw))
		for i, x := range raw {
			v[i] = money.Micros(x)
		}
		top := project.Spreads(v, make([]project.Group, len(v)))[project.Group{}].Rank(money.NewRate(int64(p), 1))
		atMost, below := 0, 0
		for _, x := range v {
			if x <= top {
				atMost++
			}
			if x < top {
				below++
			}
		}
		// At least p percent lie at or under the cap, fewer than p under it.
		if atMost*1000 < p*len(v) || below*1000 >= p*len(v) {
			t.Fatalf("p%d/10 of %v is %d: %d at most, %d below", p, raw, top, atMost, below)
		}
	})
}

func two(t testing.TB) (*panel.Panel, *panel.Spending) {
	t.Helper()
	p, err := panel.New("test", []panel.Hospital{{CCN: "1"}, {CCN: "2"}}, []panel.Episode{
		{Hospital: 0, Category: episode.LEJR, Anchor: 1_000, Services: episode.Pack(episode.Service{Setting: episode.SNF, Rule: episode.Whole, Amount: 300}, episode.Service{Setting: episode.HHA, Rule: episode.Whole, Amount: 50})},
		{Hospital: 1, Category: episode.CABG, Anchor: 2_000, Services: episode.Pack(episode.Service{Setting: episode.IRF, Rule: episode.Whole, Amount: 700})},
	}, false)
	if err != nil {
		t.Fatal(err)
	}
	return p, p.At(30, true)
}

func TestEpisodesAreWeighted(t *testing.T) {
	p, s := two(t)
	var w [episode.NumCategories]lever.Weights
	for i := range w {
		var err error
		if w[i], _, err = lever.Fold(lever.Set{}, "", episode.LEJR, lever.Means{}, 0); err != nil {
			t.Fatal(err)
		}
	}
	got := project.Episodes(p, s, []int{0, 1}, []*project.Weights{&w, &w})
	if got[0] != 13_500_000 || got[1] != 27_000_000 {
		t.Errorf("neutral weights: %v", got)
	}
	// 10.00 x 1.1 + 3.00 x 0.5 + 0.50 x 1 + a shift of 8.00 x 0.25 for a SNF
	// user = 11.00 + 1.50 + 0.50 + 2.00 = 15.00. CABG is not touched: its
	// IRF user is no SNF user.
	l := &w[episode.LEJR.Index()]
	l.Anchor, l.Setting[episode.SNF] = 11_000, 5_000
	l.Shifts = []lever.Shift{{From: episode.SNF, To: episode.HHA, Mean: 800, Weight: 2_500}, {From: episode.IRF, To: episode.HHA, Mean: 800, Weight: 2_500}}
	got = project.Episodes(p, s, []int{1, 0}, []*project.Weights{&w, &w})
	if got[1] != 15_000_000 || got[0] != 27_000_000 {
		t.Errorf("weighted: %v", got)
	}
}

func TestTotalsCapEachEpisode(t *testing.T) {
	p, _ := two(t)
	list, spending := []int{0, 1}, []money.Micros{100, 200}
	got := project.Totals(p, list, spending, []project.Hold{{Low: project.NoFloor, High: 60}, project.Open()})
	lejr, cabg := got[0][episode.LEJR.Index()], got[1][episode.CABG.Index()]
	if lejr != (project.Total{Episodes: 1, Uncapped: 100, Spending: 60}) || cabg != (project.Total{Episodes: 1, Uncapped: 200, Spending: 200}) {
		t.Errorf("%+v, %+v", lejr, cabg)
	}
	if got = project.Totals(p, list, spending, nil); got[0][episode.LEJR.Index()].Spending != 100 {
		t.Error("spending is cut without caps")
	}
}

func TestOverflowIsRefused(t *testing.T) {
	limit := money.Cents(math.MaxInt64 / 10_000)
	var oe *project.OverflowError
	for _, x := range []struct {
		total  money.Cents
		weight money.BP
		ok     bool
	}{
		{limit, 10_000, true}, {limit + 1, 10_000, false}, {-limit - 1, 10_000, false}, {limit, 10_001, false}, {0, 20_000, true}, {limit, 0, true},
	} {
		err := project.CheckOverflow(x.total, x.weight)
		if (err == nil) != x.ok || err != nil && (!errors.As(err, &oe) || !strings.Contains(err.Error(), "split the database")) {
			t.Errorf("%d x %d: %v", x.total, x.weight, err)
		}
	}
}
