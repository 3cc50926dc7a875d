package price_test

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"bundlelab/engine/money"
	"bundlelab/engine/price"
)

func rate(t testing.TB, s string) money.Rate {
	t.Helper()
	r, err := money.ParseRate(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func half(string, int, int) *big.Rat { return big.NewRat(1, 2) }

func none(string, int, int) *big.Rat { return nil }

func TestFindWalksTheSourcesInOrder(t *testing.T) {
	p99 := money.Cents(4_000_000)
	table := row(price.Benchmark, 30, "", 2_600_000)
	table.P99 = &p99
	for _, x := range []struct {
		name   string
		rows   []price.Row
		days   int
		ratio  price.Ratio
		source price.Source
		value  money.Micros // of an episode of risk 1
		top    int64        // cap in dollars, 0 none
	}{
		// 24,500 after a 2% discount is 24,500 / 0.98 = 25,000 before (ruling 5).
		// Its file states no percentile: the table's of the same length caps.
		{"cms before table", []price.Row{table, row(price.Preliminary, 30, "PY1", 2_450_000)}, 30, none, price.CMS, 25_000_000_000, 40_000},
		{"cms alone", []price.Row{row(price.Preliminary, 30, "PY1", 2_450_000)}, 30, none, price.CMS, 25_000_000_000, 0},
		// A table row is before discount already (ruling 4).
		{"table", []price.Row{table}, 30, none, price.Table, 26_000_000_000, 40_000},
		// Another length: price and cap times own spending there and here.
		{"scaled", []price.Row{table}, 15, half, price.Scaled, 13_000_000_000, 20_000},
		// 24,500 / 0.98 x 1/2; cms rows scale before table rows (ruling 18),
		// even when a table row is nearer.
		{"scaled cms", []price.Row{row(price.Benchmark, 20, "", 1), row(price.Preliminary, 30, "", 2_450_000)}, 15, half, price.Scaled, 12_500_000_000, 0},
		// An exact table row beats a cms row of another length.
		{"table before scaled cms", []price.Row{table, row(price.Preliminary, 60, "", 2_450_000)}, 30, half, price.Table, 26_000_000_000, 40_000},
		{"nothing to scale by", []price.Row{table}, 15, none, 0, 0, 0},
		{"no row", nil, 30, half, 0, 0, 0},
	} {
		t.Run(x.name, func(t *testing.T) {
			b, ok := book(t, x.rows...).Find("470", 5, x.days, "PY1", rate(t, "2%"), x.ratio)
			if ok != (x.source != 0) || ok && b.Source != x.source {
				t.Fatalf("source %s, found %v, want %s", b.Source, ok, x.source)
			}
			if !ok {
				return
			}
			if got := b.Adjusted(1_000_000); got != x.value {
				t.Errorf("benchmark %d, want %d", got, x.value)
			}
			top := b.Caps.At(money.NewRate(99, 0))
			if x.top == 0 != (top == nil) || top != nil && top.Cmp(big.NewRat(x.top*1_000_000, 1)) != 0 {
				t.Errorf("cap %v, want %d dollars", top, x.top)
			}
		})
	}
}

func TestAdjustedRoundsOnce(t *testing.T) {
	// 24,000.01 / 0.98 x 1.05 = 25,714,296,428.571... micro-dollars. Rounding
	// the division first gives the same here; 1/3 of a cent does not: 0.01/0.97
	// x 1.5 = 15,463.917.
	for _, x := range []struct {
		price    money.Cents
		discount string
		risk     int64
		want     money.Micros
	}{
		{2_400_001, "2%", 1_050_000, 25_714_296_429},
		{1, "3%", 1_500_000, 15_464},
		{1, "0%", 1_000_050, 10_001}, // 10,000.5 away from zero
		{1, "0%", 1_000_049, 10_000},
		{2_600_000, "0%", 1_108_800, 28_828_800_000}, // 26,000 x 1.1088
		{0, "2%", 1_500_000, 0},
	} {
		b, ok := book(t, row(price.Preliminary, 30, "", x.price)).Find("470", 5, 30, "", rate(t, x.discount), none)
		if got := b.Adjusted(x.risk); !ok || got != x.want {
			t.Errorf("%s at %s, risk %d: %d, want %d", x.price, x.discount, x.risk, got, x.want)
		}
	}
}

func TestOwnMean(t *testing.T) {
	w := []money.Rate{rate(t, "17%"), rate(t, "33%"), rate(t, "50%")}
	r := func(n int64) *big.Rat { return big.NewRat(n, 1) }
	for _, x := range []struct {
		name  string
		years []*big.Rat
		want  *big.Rat
	}{
		// 0.17 x 100 + 0.33 x 200 + 0.5 x 300 = 17 + 66 + 150.
		{"all years", []*big.Rat{r(100), r(200), r(300)}, r(233)},
		// (33 x 200 + 50 x 300)/83.
		{"two years", []*big.Rat{nil, r(200), r(300)}, big.NewRat(21_600, 83)},
		{"one year", []*big.Rat{r(100), nil, nil}, r(100)},
		{"no year", []*big.Rat{nil, nil, nil}, nil},
	} {
		got := price.OwnMean(x.years, w)
		if (got == nil) != (x.want == nil) || got != nil && got.Cmp(x.want) != 0 {
			t.Errorf("%s: %v, want %v", x.name, got, x.want)
		}
	}
}

func TestRealizedIsHeldInTheBand(t *testing.T) {
	for _, x := range []struct{ relative, want string }{{"1%", "1.0100"}, {"9%", "1.0300"}, {"-9%", "0.9700"}, {"0", "1.0000"}} {
		if got := price.Realized(rate(t, x.relative), rate(t, "3%")); got.String() != x.want {
			t.Errorf("%s: %s, want %s", x.relative, got, x.want)
		}
	}
}

func TestAPreliminaryTargetComesBackAfterItsDiscount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := money.Cents(rapid.Int64Range(1, 20_000_000).Draw(t, "price"))
		d := money.NewRate(int64(rapid.IntRange(-1000, 2000).Draw(t, "discount")), 4)
		b, err := price.NewBook([]price.Row{row(price.Preliminary, 30, "", c)})
		if err != nil {
			t.Fatal(err)
		}
		base, ok := b.Find("470", 5, 30, "PY1", d, none)
		if !ok {
			t.Fatal("not found")
		}
		before := base.Adjusted(1_000_000)
		one := money.NewRate(1, 0)
		if got := money.MicrosToCents(before, one.Sub(d)); got != c {
			t.Fatalf("%s at %s: back to %s", c, d.Percent(), got)
		}
	})
}

func TestSourceNames(t *testing.T) {
	for s, want := range map[price.Source]string{price.CMS: "cms", price.Table: "table", price.Scaled: "scaled", price.Own: "own", 0: "Source(0)", 9: "Source(9)"} {
		if s.String() != want {
			t.Errorf("%s, want %s", s, want)
		}
	}
}
