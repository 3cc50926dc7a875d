package money_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"bundlelab/engine/money"
)

func TestMicrosToCentsRoundsHalfAwayFromZero(t *testing.T) {
	for _, x := range []struct {
		micros money.Micros
		want   money.Cents
	}{
		{0, 0},
		{4_999, 0}, {5_000, 1}, {5_001, 1}, // half a cent is 5,000 micro-dollars
		{-4_999, 0}, {-5_000, -1}, {-5_001, -1},
		{14_999, 1}, {15_000, 2}, {25_000, 3}, // 2.5 cents go up, not to even
		{-15_000, -2}, {-25_000, -3},
		{math.MaxInt64, 922_337_203_685_478}, // 9223372036854775807 / 10^4 = ...477.58
		{math.MinInt64, -922_337_203_685_478},
	} {
		if got := x.micros.Cents(); got != x.want {
			t.Errorf("%d micro-dollars = %d cents, want %d", x.micros, got, x.want)
		}
	}
}

func TestRateOf(t *testing.T) {
	for _, x := range []struct {
		rate   string
		amount money.Cents
		want   money.Cents
	}{
		{"2%", 150_000_000, 3_000_000}, // 1,500,000.00 x 2%
		{"1.5%", 100, 2},               // 1.5 cents away from zero
		{"1.5%", -100, -2},
		{"2.5%", 100, 3}, // 2.5 cents away from zero, not to even
		{"-2.5%", 100, -3},
		{"1.49%", 100, 1},
		{"33.3333333333%", 100, 33},
		{"0%", 12345, 0},
	} {
		if got := rate(t, x.rate).Of(x.amount); got != x.want {
			t.Errorf("%s of %d = %d, want %d", x.rate, x.amount, got, x.want)
		}
	}
}

func TestFactorsRoundOnce(t *testing.T) {
	// 0.4 cents x 1.1 x 1.2 = 0.528 cents = 1; rounding after each step would
	// give 0.
	if got := money.MicrosToCents(4_000, rate(t, "1.1"), rate(t, "1.2")); got != 1 {
		t.Errorf("got %d, want 1", got)
	}
	// 1 cent x 1.5 = 1.5 = 2 away from zero, both signs.
	if got := money.MicrosToCents(-10_000, rate(t, "1.5")); got != -2 {
		t.Errorf("got %d, want -2", got)
	}
	if got := money.MicrosToCents(15_000); got != 2 {
		t.Errorf("got %d, want 2", got)
	}
}

func TestUnits(t *testing.T) {
	if got := money.Cents(-123).Micros(); got != -1_230_000 {
		t.Errorf("-1.23 = %d micro-dollars", got)
	}
	// 12.34 at 95% = 11.723 exactly: 1234 x 9500 = 11,723,000 micro-dollars.
	if got := money.Cents(1234).Times(9500); got != 11_723_000 {
		t.Errorf("12.34 x 9,500 bp = %d micro-dollars", got)
	}
	if got := money.Cents(77).Times(money.Whole); got.Cents() != 77 {
		t.Errorf("the neutral weight changes 0.77 to %s", got.Cents())
	}
	if money.Cents(-5).Abs() != 5 || money.Cents(5).Abs() != 5 {
		t.Error("Abs")
	}
}

func TestRoundRat(t *testing.T) {
	for _, x := range []struct{ num, den, want int64 }{
		{1, 2, 1}, {-1, 2, -1}, {3, 2, 2}, {5, 2, 3}, {-5, 2, -3}, {1, 3, 0}, {2, 3, 1}, {-2, 3, -1}, {0, 7, 0}, {49, 100, 0}, {51, 100, 1},
	} {
		if got := money.RoundRat(big.NewRat(x.num, x.den)); got != x.want {
			t.Errorf("%d/%d rounds to %d, want %d", x.num, x.den, got, x.want)
		}
	}
}

func TestMulDiv(t *testing.T) {
	for _, x := range []struct{ a, b, d, want int64 }{
		{10, 1, 4, 3}, // 2.5
		{-10, 1, 4, -3},
		{10, -1, 4, -3},
		{-10, -1, 4, 3},
		{800_000, 30, 40, 600_000},
		{1, 1, 3, 0},
		{2, 1, 3, 1},
		{0, 9, 7, 0},
		{9, 0, 7, 0},
		{math.MaxInt64, math.MaxInt64, math.MaxInt64, math.MaxInt64}, // product past 2^63
		{math.MinInt64, math.MaxInt64, math.MaxInt64, math.MinInt64},
		{math.MinInt64, 1, 1, math.MinInt64},
		{math.MaxInt64, 1, 1, math.MaxInt64},
		{math.MaxInt64, 3, 6, 1 << 62}, // (2^63-1)/2 = 2^62 - 0.5, away from zero
		{1 << 61, 1, 1 << 61, 1},
		{1, math.MaxInt64, math.MaxInt64 - 1, 1},
		{1, 1 << 62, math.MaxInt64, 1}, // just above one half
	} {
		if got := money.MulDiv(x.a, x.b, x.d); got != x.want {
			t.Errorf("MulDiv(%d, %d, %d) = %d, want %d", x.a, x.b, x.d, got, x.want)
		}
	}
}

func TestMulDivEqualsTheExactQuotient(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64().Draw(t, "a"), rapid.Int64().Draw(t, "b")
		d := rapid.Int64Range(1, math.MaxInt64).Draw(t, "d")
		q := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
		twice := new(big.Int).Mul(q, big.NewInt(2))
		if !new(big.Int).Quo(twice, big.NewInt(d)).IsInt64() {
			return // the quotient itself is past 2^62
		}
		// |2ab - 2d x result| <= d is what rounding to nearest means; a tie lies
		// away from zero.
		got := money.MulDiv(a, b, d)
		diff := new(big.Int).Sub(twice, new(big.Int).Mul(big.NewInt(2), new(big.Int).Mul(big.NewInt(d), big.NewInt(got))))
		switch diff.CmpAbs(big.NewInt(d)) {
		case 1:
			t.Fatalf("MulDiv(%d, %d, %d) = %d is not the nearest", a, b, d, got)
		case 0:
			if diff.Sign() == q.Sign() {
				t.Fatalf("MulDiv(%d, %d, %d) = %d rounds a half toward zero", a, b, d, got)
			}
		}
	})
}

func TestRoundingIsSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := money.Micros(rapid.Int64Range(-1e17, 1e17).Draw(t, "micros"))
		if -m.Cents() != (-m).Cents() {
			t.Fatalf("%d and its negative round to %d and %d", m, m.Cents(), (-m).Cents())
		}
		if m.Cents() != money.RoundCents(decimal.New(int64(m), -4)) || m.Cents() != money.MicrosToCents(m) {
			t.Fatalf("%d: three ways to round disagree", m)
		}
	})
}

func TestSplit(t *testing.T) {
	for _, x := range []struct {
		amount  money.Cents
		weights []int64
		want    []money.Cents
	}{
		{100, []int64{1, 1, 1}, []money.Cents{34, 33, 33}},     // the odd cent goes to the first of equals
		{-100, []int64{1, 1, 1}, []money.Cents{-34, -33, -33}}, // the same, mirrored
		{100, []int64{1, 2}, []money.Cents{33, 67}},            // remainders 1/3 and 2/3
		{10, []int64{0, 5, 0}, []money.Cents{0, 10, 0}},
		{1, []int64{3, 3}, []money.Cents{1, 0}},
		{7, []int64{}, []money.Cents{}},
		{7, []int64{0, 0}, []money.Cents{0, 0}}, // nobody to give it to
	} {
		got := money.Split(x.amount, x.weights)
		if len(got) != len(x.want) {
			t.Fatalf("Split(%d, %v) = %v", x.amount, x.weights, got)
		}
		for i := range got {
			if got[i] != x.want[i] {
				t.Errorf("Split(%d, %v) = %v, want %v", x.amount, x.weights, got, x.want)
				break
			}
		}
	}
}

func TestSplitFoots(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := money.Cents(rapid.Int64Range(-1e15, 1e15).Draw(t, "amount"))
		w := rapid.SliceOfN(rapid.Int64Range(0, 1e9), 1, 12).Draw(t, "weights")
		var total int64
		for _, x := range w {
			total += x
		}
		if total == 0 {
			return
		}
		var sum money.Cents
		for i, p := range money.Split(c, w) {
			sum += p
			exact := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(int64(c)), big.NewInt(w[i])), big.NewInt(total))
			off := new(big.Rat).Sub(big.NewRat(int64(p), 1), exact)
			if off.Abs(off).Cmp(big.NewRat(1, 1)) >= 0 {
				t.Fatalf("part %d is %d, a cent or more from %s", i, p, exact.FloatString(3))
			}
		}
		if sum != c {
			t.Fatalf("parts sum to %d, not %d", sum, c)
		}
	})
}
