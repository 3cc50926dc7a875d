package project_test

import (
	"errors"
	"math"
	"slices"
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

func TestPanelCaps(t *testing.T) {
	a, b := project.Group{Cell: "470", Division: 5}, project.Group{Cell: "470", Division: 6}
	spending := []money.Micros{40, 10, 30, 20, 7}
	groups := []project.Group{a, a, a, a, b}
	// ceil(0.5 x 4) = 2nd of 10 20 30 40; the other division stands alone.
	got := project.PanelCaps(spending, groups, percent(t, "50"))
	if !slices.Equal(got, []money.Micros{20, 20, 20, 20, 7}) {
		t.Errorf("caps %v", got)
	}
	// ceil(0.99 x 4) = 4th: nothing is cut.
	if got = project.PanelCaps(spending, groups, percent(t, "99")); got[0] != 40 {
		t.Errorf("caps %v", got)
	}
	if spending[0] != 40 {
		t.Error("the spending is reordered")
	}
}

func TestPanelCapHoldsItsShareOfEpisodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.SliceOfN(rapid.Int64Range(0, 1000), 1, 60).Draw(t, "spending")
		p := rapid.IntRange(500, 1000).Draw(t, "tenths of a percent")
		v := make([]money.Micros, len(raw))
		for i, x := range raw {
			v[i] = money.Micros(x)
		}
		top := project.PanelCaps(v, make([]project.Group, len(v)), money.NewRate(int64(p), 1))[0]
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
		{Hospital: 0, Category: episode.LEJR, Anchor: 1_000, Services: []episode.Service{{Setting: episode.SNF, Rule: episode.Whole, Amount: 300}, {Setting: episode.HHA, Rule: episode.Whole, Amount: 50}}},
		{Hospital: 1, Category: episode.CABG, Anchor: 2_000, Services: []episode.Service{{Setting: episode.IRF, Rule: episode.Whole, Amount: 700}}},
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
	got := project.Totals(p, list, spending, []money.Micros{60, project.NoCap})
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
