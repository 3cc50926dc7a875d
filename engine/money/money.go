// Package money is exact dollars. What is stored, imported or reported is a
// whole number of cents; inside a projection money is a whole number of
// micro-dollars, because cents times a weight in basis points is exactly that
// (engine.md 1). There is one rounding rule, half away from zero (ruling 22),
// and it lives here. No float ever holds money.
package money

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"strings"

	"github.com/shopspring/decimal"
)

// Cents is an amount in whole cents.
type Cents int64

// Micros is an amount in micro-dollars, 10^-6 dollars.
type Micros int64

// BP is a weight in basis points; 10,000 leaves an amount as it is.
type BP int64

// Whole is the neutral weight.
const Whole BP = 10_000

// MicrosPerCent converts between the two units.
const MicrosPerCent = 10_000

// Micros widens cents to micro-dollars. Amounts here are below 2^63 / 10^4
// cents, about $9 trillion.
func (c Cents) Micros() Micros { return Micros(c) * MicrosPerCent }

// Times weights cents: exact, in micro-dollars.
func (c Cents) Times(w BP) Micros { return Micros(int64(c) * int64(w)) }

// Cents rounds to the nearest cent, half away from zero.
func (m Micros) Cents() Cents { return Cents(divRound(int64(m), MicrosPerCent)) }

// Abs is the size of the amount.
func (c Cents) Abs() Cents {
	if c < 0 {
		return -c
	}
	return c
}

// String writes dollars with two decimals and no grouping, as in every machine
// format: "-50000.00".
func (c Cents) String() string { return c.dollars("-", "", false) }

// Grouped writes dollars for people: "-$50,000.00".
func (c Cents) Grouped() string { return c.dollars("-$", "$", true) }

// dollars writes digits from the last to the first: a board writes hundreds of
// amounts a key.
func (c Cents) dollars(minus, plus string, grouped bool) string {
	sign, n := plus, uint64(c)
	if c < 0 {
		sign, n = minus, uint64(-c)
	}
	var b [32]byte // 2^63 cents are 17 digits, 5 commas, a point and two decimals
	i := len(b) - 3
	b[i], b[i+1], b[i+2] = '.', byte('0'+n/10%10), byte('0'+n%10)
	n /= 100
	for k := 0; k == 0 || n > 0; k++ {
		if grouped && k > 0 && k%3 == 0 {
			i--
			b[i] = ','
		}
		i--
		b[i] = byte('0' + n%10)
		n /= 10
	}
	i -= len(sign)
	copy(b[i:], sign)
	return string(b[i:])
}

// MarshalText writes the machine form.
func (c Cents) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what ParseCents reads.
func (c *Cents) UnmarshalText(b []byte) error {
	v, err := ParseCents(string(b))
	if err != nil {
		return err
	}
	*c = v
	return nil
}

// maxCents is the largest single amount accepted from outside: $21 million
// fits a claim line (data.md 6.3 A001) and aggregates stay below 10^15 cents.
const maxCents = 1_000_000_000_000_000

// ParseCents reads dollars with at most two decimals, an optional sign and no
// grouping. It reads digits, never a float.
func ParseCents(s string) (Cents, error) {
	bad := func(why string) (Cents, error) {
		return 0, fmt.Errorf("%q is not an amount in dollars: %s", s, why)
	}
	t, neg := s, false
	if t != "" && (t[0] == '-' || t[0] == '+') {
		neg, t = t[0] == '-', t[1:]
	}
	whole, frac, dotted := strings.Cut(t, ".")
	if whole == "" && frac == "" {
		return bad("no digits")
	}
	if len(frac) > 2 {
		return bad("more than two decimals")
	}
	if dotted && frac == "" && whole == "" {
		return bad("no digits")
	}
	var n int64
	for _, r := range whole + (frac + "00")[:2] {
		if r < '0' || r > '9' {
			return bad("only digits, one sign and one decimal point are allowed")
		}
		n = n*10 + int64(r-'0')
		if n > maxCents {
			return bad("larger than ten trillion dollars")
		}
	}
	if neg {
		n = -n
	}
	return Cents(n), nil
}

// RoundCents rounds an exact number of cents, half away from zero.
func RoundCents(cents decimal.Decimal) Cents { return Cents(cents.Round(0).IntPart()) }

// RoundRat rounds an exact quotient to the nearest integer, half away from
// zero.
func RoundRat(r *big.Rat) int64 {
	num, den := new(big.Int).Set(r.Num()), r.Denom()
	neg := num.Sign() < 0
	num.Abs(num)
	num.Lsh(num, 1).Add(num, den)
	q := num.Quo(num, new(big.Int).Lsh(den, 1))
	if neg {
		q.Neg(q)
	}
	return q.Int64()
}

// MulDiv is a*b/d rounded half away from zero, for d > 0, without overflow.
func MulDiv(a, b, d int64) int64 {
	if a == 0 || b == 0 {
		return 0
	}
	n := uint64(d)
	if hi, lo := bits.Mul64(size(a), size(b)); hi < n {
		var q, rem uint64
		if hi == 0 {
			q, rem = lo/n, lo%n
		} else {
			q, rem = bits.Div64(hi, lo, n)
		}
		if rem >= n-rem {
			q++
		}
		if q <= math.MaxInt64 {
			if (a < 0) != (b < 0) {
				return -int64(q)
			}
			return int64(q)
		}
	}
	num := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
	return RoundRat(new(big.Rat).SetFrac(num, big.NewInt(d)))
}

func size(v int64) uint64 {
	if v < 0 {
		return -uint64(v)
	}
	return uint64(v)
}

// divRound divides by a positive d, half away from zero.
func divRound(n, d int64) int64 {
	q, rem := n/d, n%d
	if rem < 0 {
		rem = -rem
	}
	if rem >= d-rem {
		if n < 0 {
			return q - 1
		}
		return q + 1
	}
	return q
}

// Split allocates an amount over weights so that the parts sum to it exactly:
// each part rounds down and the left-over cents go to the largest remainders,
// earlier ones first.
func Split(c Cents, weights []int64) []Cents {
	out := make([]Cents, len(weights))
	var total int64
	for _, w := range weights {
		total += w
	}
	if total <= 0 {
		return out
	}
	sign := Cents(1)
	if c < 0 {
		sign, c = -1, -c
	}
	left := c
	rest := make([]*big.Int, len(weights))
	for i, w := range weights {
		q, r := new(big.Int).QuoRem(new(big.Int).Mul(big.NewInt(int64(c)), big.NewInt(w)), big.NewInt(total), new(big.Int))
		out[i], rest[i] = Cents(q.Int64()), r
		left -= out[i]
	}
	for ; left > 0; left-- {
		best := 0
		for i := range rest {
			if rest[i].Cmp(rest[best]) > 0 {
				best = i
			}
		}
		out[best]++
		rest[best] = new(big.Int).SetInt64(-1)
	}
	for i := range out {
		out[i] *= sign
	}
	return out
}
