package money

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/shopspring/decimal"
)

// Rate is an exact fraction from a policy or scenario file: 0.02 is two
// percent. Nearly all are small enough for two machine words, and a board
// multiplies with tens of thousands of them at a key; the others are decimals.
type Rate struct {
	n      int64 // over 10^places
	places uint8
	large  *decimal.Decimal // in place of both where they do not hold it
}

// mostPlaces is how many decimals a small rate has at most, and mostDigits how
// many digits: 10^18 is the largest power of ten in an int64.
const (
	mostPlaces = 18
	mostDigits = 18
)

// ten gives 10^k for k up to 18.
func ten(k uint8) int64 {
	return [mostPlaces + 1]int64{
		1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
	}[k]
}

// NewRate makes n / 10^places, so NewRate(15, 3) is 0.015.
func NewRate(n int64, places int32) Rate {
	if r, ok := small(n, int(places)); ok {
		return r
	}
	return FromDecimal(decimal.New(n, -places))
}

// small is a rate in two words; ok is false where they do not hold it.
func small(n int64, places int) (r Rate, ok bool) {
	if places < 0 || places > mostPlaces || n <= -1e18 || n >= 1e18 {
		return Rate{}, false
	}
	return Rate{n: n, places: uint8(places)}, true
}

// FromDecimal wraps a decimal that is already a fraction.
func FromDecimal(d decimal.Decimal) Rate {
	if d.NumDigits() <= mostDigits {
		if r, ok := small(d.CoefficientInt64(), -int(d.Exponent())); ok {
			return r
		}
	}
	large := d // so that a small one stays off the heap
	return Rate{large: &large}
}

// ParseRate reads "2.0%" or "0.02". At most ten decimals, so that every
// product stays exact and small.
func ParseRate(s string) (Rate, error) {
	t, percent := strings.CutSuffix(strings.TrimSpace(s), "%")
	t = strings.TrimSpace(t)
	if t == "" || strings.ContainsAny(t, "eE_ ") || len(t) > 24 {
		return Rate{}, fmt.Errorf("%q is not a rate: write it as \"2.0%%\" or \"0.02\"", s)
	}
	d, err := decimal.NewFromString(t)
	if err != nil {
		return Rate{}, fmt.Errorf("%q is not a rate: write it as \"2.0%%\" or \"0.02\"", s)
	}
	if d.Exponent() < -10 {
		return Rate{}, fmt.Errorf("%q is not a rate: it has more than ten decimals", s)
	}
	if percent {
		d = d.Shift(-2)
	}
	return FromDecimal(d), nil
}

// Decimal is the fraction itself.
func (r Rate) Decimal() decimal.Decimal {
	if r.large != nil {
		return *r.large
	}
	return decimal.New(r.n, -int32(r.places))
}

// Rat is the fraction for exact chains that divide.
func (r Rate) Rat() *big.Rat { return r.Decimal().Rat() }

// IsZero reports a rate of exactly nothing.
func (r Rate) IsZero() bool { return r.Sign() == 0 }

// Sign is -1, 0 or 1.
func (r Rate) Sign() int {
	switch {
	case r.large != nil:
		return r.large.Sign()
	case r.n < 0:
		return -1
	case r.n > 0:
		return 1
	}
	return 0
}

// isOne reports a factor that changes nothing.
func (r Rate) isOne() bool { return r.large == nil && r.n == ten(r.places) }

// level writes two small rates over one power of ten.
func level(a, b Rate) (x, y int64, places uint8, ok bool) {
	if a.large != nil || b.large != nil {
		return 0, 0, 0, false
	}
	places = max(a.places, b.places)
	x, fine := times(a.n, ten(places-a.places))
	y, ok = times(b.n, ten(places-b.places))
	return x, y, places, ok && fine
}

// times is a product of two sizes below 10^18 that is one itself.
func times(a, b int64) (int64, bool) {
	const half = 1 << 31
	if a > -half && a < half && b > -half && b < half {
		p := a * b
		return p, p > -1e18 && p < 1e18
	}
	if a == 0 || b == 0 {
		return 0, true
	}
	p := a * b
	return p, p > -1e18 && p < 1e18 && p/b == a
}

// Cmp compares two rates.
func (r Rate) Cmp(o Rate) int {
	x, y, _, ok := level(r, o)
	switch {
	case !ok:
		return r.Decimal().Cmp(o.Decimal())
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// Add is exact.
func (r Rate) Add(o Rate) Rate {
	if x, y, places, ok := level(r, o); ok {
		if z, ok := small(x+y, int(places)); ok {
			return z
		}
	}
	return FromDecimal(r.Decimal().Add(o.Decimal()))
}

// Sub is exact.
func (r Rate) Sub(o Rate) Rate {
	if x, y, places, ok := level(r, o); ok {
		if z, ok := small(x-y, int(places)); ok {
			return z
		}
	}
	return FromDecimal(r.Decimal().Sub(o.Decimal()))
}

// Mul is exact.
func (r Rate) Mul(o Rate) Rate {
	if r.large == nil && o.large == nil {
		if n, ok := times(r.n, o.n); ok {
			if z, ok := small(n, int(r.places)+int(o.places)); ok {
				return z
			}
		}
	}
	return FromDecimal(r.Decimal().Mul(o.Decimal()))
}

// Plus1 is 1 + r, the factor of a relative change.
func (r Rate) Plus1() Rate { return r.Add(NewRate(1, 0)) }

// Clamp holds r inside [-band, band].
func (r Rate) Clamp(band Rate) Rate {
	if r.Cmp(band) > 0 {
		return band
	}
	if neg := (Rate{}).Sub(band); r.Cmp(neg) < 0 {
		return neg
	}
	return r
}

// Percent writes the rate for people: "2.0%", "3.25%".
func (r Rate) Percent() string {
	p := r.Decimal().Shift(2)
	if p.Exponent() > -1 || p.Equal(p.Truncate(1)) {
		return p.StringFixed(1) + "%"
	}
	return trimZeros(p.String()) + "%"
}

// String writes the machine form with at least four decimals: "0.0200".
func (r Rate) String() string {
	d := r.Decimal()
	if d.Exponent() >= -4 || d.Equal(d.Truncate(4)) {
		return d.StringFixed(4)
	}
	return trimZeros(d.String())
}

// MarshalText writes the machine form.
func (r Rate) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what ParseRate reads.
func (r *Rate) UnmarshalText(b []byte) error {
	v, err := ParseRate(string(b))
	if err != nil {
		return err
	}
	*r = v
	return nil
}

// Of takes the share r of an amount, rounded once to the cent.
func (r Rate) Of(c Cents) Cents {
	if r.large == nil {
		return Cents(MulDiv(int64(c), r.n, ten(r.places)))
	}
	return RoundCents(decimal.New(int64(c), 0).Mul(*r.large))
}

// Per divides an amount by a rate above zero, rounded once to the cent.
func (c Cents) Per(r Rate) Cents {
	if r.large == nil {
		return Cents(MulDiv(int64(c), ten(r.places), r.n))
	}
	return Cents(decimal.New(int64(c), 0).DivRound(*r.large, 0).IntPart())
}

// MicrosToCents multiplies micro-dollars by exact factors and rounds once to
// the cent (ruling 11: factors act on the micro-dollar sum).
func MicrosToCents(m Micros, factors ...Rate) Cents {
	f := NewRate(1, 0)
	for _, x := range factors {
		f = f.Mul(x)
	}
	switch {
	case f.isOne():
		return m.Cents()
	case f.large == nil && f.places+4 <= mostPlaces:
		return Cents(MulDiv(int64(m), f.n, ten(f.places+4)))
	}
	return RoundCents(decimal.New(int64(m), -4).Mul(f.Decimal()))
}

// Quotient is a / b to twelve decimals, half away from zero: what a score is of
// its scale.
func Quotient(a, b decimal.Decimal) Rate {
	const places = 12
	x, y := FromDecimal(a), FromDecimal(b)
	if x.large == nil && y.large == nil && y.n > 0 {
		if up := places + int(y.places) - int(x.places); up >= 0 && up <= mostPlaces {
			if n, ok := times(x.n, ten(uint8(up))); ok {
				return Rate{n: divRound(n, y.n), places: places}
			}
		}
	}
	return FromDecimal(a.DivRound(b, places))
}

func trimZeros(s string) string {
	if !strings.Contains(s, ".") {
		return s
	}
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}
