package money_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"bundlelab/engine/money"
)

// drawn is a decimal of any size: of a few digits as in a file, at the edge of
// two machine words, or past it.
func drawn(t *rapid.T, name string) decimal.Decimal {
	n := rapid.OneOf(rapid.Int64Range(-20_000, 20_000), rapid.Int64Range(-1e18-2, 1e18+2), rapid.SampledFrom([]int64{1e18, 1e18 - 1, -1e18, 1 - 1e18})).Draw(t, name)
	d := decimal.New(n, -rapid.Int32Range(-2, 20).Draw(t, name+" places"))
	if rapid.IntRange(0, 9).Draw(t, name+" times") == 0 {
		d = d.Mul(decimal.New(n|1, 0)) // of up to 36 digits
	}
	return d
}

// TestRatesAreDecimals holds every operation of a rate against the same one on
// decimals of any size.
func TestRatesAreDecimals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawn(t, "a"), drawn(t, "b")
		x, y := money.FromDecimal(a), money.FromDecimal(b)
		same := func(what string, got money.Rate, want decimal.Decimal) {
			if d := got.Decimal(); !d.Equal(want) || d.String() != want.String() || got.Sign() != want.Sign() || got.IsZero() != want.IsZero() {
				t.Fatalf("%s of %s and %s: %s, want %s", what, a, b, d, want)
			}
		}
		same("a", x, a)
		same("sum", x.Add(y), a.Add(b))
		same("difference", x.Sub(y), a.Sub(b))
		same("product", x.Mul(y), a.Mul(b))
		same("1 + a", x.Plus1(), a.Add(decimal.New(1, 0)))
		if got := x.Cmp(y); got != a.Cmp(b) {
			t.Fatalf("%s against %s: %d", a, b, got)
		}
		if got, want := x.Rat(), a.Rat(); got.Cmp(want) != 0 {
			t.Fatalf("%s as a fraction: %s", a, got)
		}
		if b.Sign() > 0 {
			same("quotient", money.Quotient(a, b), a.DivRound(b, 12))
			band := b
			want := a
			if want.GreaterThan(band) {
				want = band
			} else if want.LessThan(band.Neg()) {
				want = band.Neg()
			}
			same("clamp", x.Clamp(y), want)
		}
	})
}

// TestSharesAreDecimals holds a share of an amount against the decimal product
// rounded once, half away from zero.
func TestSharesAreDecimals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.OneOf(rapid.Int64Range(-1e15, 1e15), rapid.Int64Range(-500, 500)).Draw(t, "amount")
		factor := func(name string) decimal.Decimal {
			return decimal.New(rapid.Int64Range(-3e7, 3e7).Draw(t, name), -rapid.Int32Range(7, 12).Draw(t, name+" places"))
		}
		a, b := factor("a"), factor("b")
		if got, want := money.FromDecimal(a).Of(money.Cents(c)), decimal.New(c, 0).Mul(a).Round(0).IntPart(); int64(got) != want {
			t.Fatalf("%s of %d: %d, want %d", a, c, got, want)
		}
		if n := a.Abs(); n.IsPositive() {
			if got, want := money.Cents(c).Per(money.FromDecimal(n)), decimal.New(c, 0).DivRound(n, 0); int64(got) != want.IntPart() {
				t.Fatalf("%d over %s: %d, want %s", c, n, got, want)
			}
		}
		for _, f := range [][]decimal.Decimal{nil, {decimal.New(1, 0)}, {a}, {a, b}, {a, decimal.New(100, -2)}} {
			want, rates := decimal.New(c, -4), []money.Rate{}
			for _, d := range f {
				want, rates = want.Mul(d), append(rates, money.FromDecimal(d))
			}
			if got := money.MicrosToCents(money.Micros(c), rates...); int64(got) != want.Round(0).IntPart() {
				t.Fatalf("%d micro-dollars times %v: %d, want %s", c, f, got, want)
			}
		}
	})
}

func BenchmarkOf(b *testing.B) {
	r := money.NewRate(15, 3)
	var sum money.Cents
	for i := 0; b.Loop(); i++ {
		sum += r.Of(money.Cents(i))
	}
	_ = sum
}
