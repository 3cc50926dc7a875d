package episode_test

import (
	"testing"

	"pgregory.net/rapid"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

type at struct {
	length int
	want   money.Cents
}

func TestInside(t *testing.T) {
	for _, x := range []struct {
		name string
		s    episode.Service
		at   []at
	}{
		{
			"whole: all or nothing by the first day",
			episode.Service{Rule: episode.Whole, From: 29, To: 40, Amount: 10_000},
			[]at{{29, 0}, {30, 10_000}, {41, 10_000}},
		},
		{
			// 40 days, 200.01 each way: 8,000.00 x 30/40 = 6,000.00; x 1/40 = 200.00.
			"days: share of days",
			episode.Service{Rule: episode.Days, From: 0, To: 39, Amount: 800_000},
			[]at{{0, 0}, {1, 20_000}, {30, 600_000}, {39, 780_000}, {40, 800_000}, {90, 800_000}},
		},
		{
			// 100.00 over 3 days: 33.333 = 33.33, 66.667 = 66.67.
			"days: rounded to a cent",
			episode.Service{Rule: episode.Days, From: 5, To: 7, Amount: 10_000},
			[]at{{5, 0}, {6, 3_333}, {7, 6_667}, {8, 10_000}},
		},
		{
			// 0.01 over 2 days: half a cent is a cent.
			"days: half away from zero",
			episode.Service{Rule: episode.Days, From: 0, To: 1, Amount: 1},
			[]at{{1, 1}, {2, 1}},
		},
		{
			// A SNF claim from 4 days before discharge: 4 of 10 days are the
			// anchor's.
			"days: before discharge",
			episode.Service{Rule: episode.Days, From: -4, To: 5, Amount: 100_000},
			[]at{{-4, 0}, {0, 40_000}, {1, 50_000}, {6, 100_000}},
		},
		{
			// GMLOS 5.0, 10 days: 1 day inside counts 2 of 5, 2 count 3, 3 count 4;
			// 4 days inside are GMLOS - 1: whole.
			"gmlos: first day counts two, whole at GMLOS - 1",
			episode.Service{Rule: episode.GMLOS, From: 25, To: 34, GMLOS: 500, Amount: 1_000_000},
			[]at{{25, 0}, {26, 400_000}, {27, 600_000}, {28, 800_000}, {29, 1_000_000}, {30, 1_000_000}},
		},
		{
			// GMLOS 4.37: 2 days inside count 3/4.37 x 10,000.00 = 6,864.988...;
			// 3 days: 4 < 4.37 counts 4/4.37 = 9,153.318...; 4 days: 5 >= 4.37.
			"gmlos: hundredths of a day",
			episode.Service{Rule: episode.GMLOS, From: 28, To: 37, GMLOS: 437, Amount: 1_000_000},
			[]at{{29, 457_666}, {30, 686_499}, {31, 915_332}, {32, 1_000_000}},
		},
		{
			// Base 8,000.00 at GMLOS 5.0 and outlier 2,000.00 over 10 days. Two
			// days: 8,000 x 3/5 + 2,000 x 2/10 = 4,800 + 400. Four days: 8,000 +
			// 2,000 x 4/10.
			"gmlos: the outlier part goes by days",
			episode.Service{Rule: episode.GMLOS, From: 0, To: 9, GMLOS: 500, Amount: 1_000_000, Outlier: 200_000},
			[]at{{2, 520_000}, {4, 880_000}, {9, 980_000}, {10, 1_000_000}},
		},
		{
			// Base 0.01 x 2/4 + outlier 0.01 x 1/2 = half a cent + half a cent =
			// one cent; rounding each part alone would give two.
			"gmlos: one rounding for both parts",
			episode.Service{Rule: episode.GMLOS, From: 0, To: 1, GMLOS: 400, Amount: 2, Outlier: 1},
			[]at{{1, 1}, {2, 2}},
		},
		{
			"gmlos: a stay that ends inside is whole whatever its GMLOS",
			episode.Service{Rule: episode.GMLOS, From: 0, To: 1, GMLOS: 2_000, Amount: 900},
			[]at{{1, 90}, {2, 900}}, // (1 + 1)/20 of 9.00
		},
		{
			// Ruling 24: 6 of 10 days.
			"gmlos: unknown GMLOS falls back to days",
			episode.Service{Rule: episode.GMLOS, From: 24, To: 33, Amount: 100_000},
			[]at{{30, 60_000}},
		},
		{
			// 4 visits, the third on day 31: 2 of 4 inside 30.
			"visits",
			episode.Service{Rule: episode.Visits, From: 3, To: 32, Amount: 50_000, Visits: []episode.Visit{{Offset: 3, Count: 1}, {Offset: 29, Count: 1}, {Offset: 30, Count: 2}}},
			[]at{{3, 0}, {4, 12_500}, {29, 12_500}, {30, 25_000}, {31, 50_000}, {33, 50_000}},
		},
		{
			// Ruling 24: 10 of 30 days of 300.00.
			"visits: none known falls back to days",
			episode.Service{Rule: episode.Visits, From: 20, To: 49, Amount: 30_000},
			[]at{{30, 10_000}},
		},
		{
			"always, whatever its dates",
			episode.Service{Rule: episode.Always, From: 50, To: 60, Amount: 777},
			[]at{{0, 777}, {30, 777}},
		},
	} {
		t.Run(x.name, func(t *testing.T) {
			for _, a := range x.at {
				if got := x.s.Inside(a.length); got != a.want {
					t.Errorf("inside %d days: %s, want %s", a.length, got, a.want)
				}
			}
		})
	}
}

// service draws any service an importer lets through: dates in order, the
// outlier no larger than the amount, visits inside the dates.
func service(t *rapid.T) episode.Service {
	s := episode.Service{
		Setting: episode.Setting(rapid.IntRange(0, episode.NumSettings-1).Draw(t, "setting")),
		Rule:    episode.Rule(rapid.IntRange(0, int(episode.Visits)).Draw(t, "rule")),
		From:    rapid.Int32Range(-60, 100).Draw(t, "from"),
		Amount:  money.Cents(rapid.Int64Range(0, 2_100_000_000).Draw(t, "amount")),
		GMLOS:   rapid.Int32Range(0, 4_000).Draw(t, "gmlos"),
	}
	s.To = s.From + rapid.Int32Range(0, 120).Draw(t, "days")
	s.Outlier = money.Cents(rapid.Int64Range(0, int64(s.Amount)).Draw(t, "outlier"))
	for n := rapid.IntRange(0, 4).Draw(t, "visits"); n > 0; n-- {
		s.Visits = append(s.Visits, episode.Visit{Offset: rapid.Int32Range(s.From, s.To).Draw(t, "on"), Count: rapid.Int32Range(0, 5).Draw(t, "count")})
	}
	return s
}

func TestInsideNeverFallsAndReachesTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := service(t)
		var before money.Cents
		for l := -70; l <= 230; l++ {
			v := s.Inside(l)
			if v < before {
				t.Fatalf("inside %d days %s, inside %d days %s", l-1, before, l, v)
			}
			before = v
		}
		if before != s.Amount {
			t.Fatalf("inside all days %s of %s", before, s.Amount)
		}
		if s.Inside(int(s.From)) != 0 {
			t.Fatal("something is inside before the first day")
		}
	})
}

func TestAdjacentWindowsSumToTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := service(t)
		cut := rapid.SliceOfN(rapid.IntRange(1, 40), 1, 8).Draw(t, "widths")
		from := -70
		sum := s.Inside(from)
		for _, w := range cut {
			sum += s.Inside(from+w) - s.Inside(from)
			from += w
		}
		if sum != s.Inside(from) {
			t.Fatalf("windows up to %d sum to %s, one window holds %s", from, sum, s.Inside(from))
		}
	})
}

func TestDayShareIsWithinHalfACentOfExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := service(t)
		s.Rule = episode.Days
		l := rapid.Int32Range(s.From, s.To+1).Draw(t, "length")
		days := int64(s.To - s.From + 1)
		off := int64(s.Inside(int(l)))*days - int64(s.Amount)*int64(l-s.From)
		if 2*max(off, -off) > days {
			t.Fatalf("%s over %d days, %d inside: %s", s.Amount, days, l-s.From, s.Inside(int(l)))
		}
	})
}
