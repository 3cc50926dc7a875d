package draw

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"bundlelab/engine/money"
)

// Short writes an amount in at most eight cells up to a trillion dollars:
// "$123.45", "$123,456", "$6.92M", "-$410.2M". Its rounding is half away from
// zero and only for the eye; the exact amount is Grouped.
func Short(c money.Cents) string {
	sign := ""
	if c < 0 {
		sign = "-"
	}
	n := int64(c.Abs())
	switch {
	case n < 1_000_00:
		return sign + c.Abs().Grouped()
	case n < 999_999_50:
		whole := money.Cents(money.MulDiv(n, 1, 100) * 100).Grouped()
		return sign + whole[:len(whole)-3]
	}
	for _, u := range [...]struct {
		dollars int64
		name    string
	}{{1_000_000, "M"}, {1_000_000_000, "B"}, {1_000_000_000_000, "T"}} {
		if v := money.MulDiv(n, 100, u.dollars*100); v < 1000 {
			return sign + hundredths(v) + u.name
		}
		if v := money.MulDiv(n, 10, u.dollars*100); v < 10_000 {
			return sign + "$" + strconv.FormatInt(v/10, 10) + "." + strconv.FormatInt(v%10, 10) + u.name
		}
	}
	return sign + c.Abs().Grouped()
}

// hundredths writes v/100 as dollars: an amount of v cents.
func hundredths(v int64) string { return "$" + money.Cents(v).String() }

// Signed is Short with a plus in front of a gain.
func Signed(c money.Cents) string {
	if c > 0 {
		return "+" + Short(c)
	}
	return Short(c)
}

// Millions is a signed amount in millions of dollars, whatever its size:
// "+$0.12M"; from a billion on it is Signed.
func Millions(c money.Cents) string {
	n := money.MulDiv(int64(c.Abs()), 1, 10_000*100)
	if n >= 100_000 {
		return Signed(c)
	}
	sign := "+"
	if c < 0 {
		sign = "-"
	}
	return sign + hundredths(n) + "M"
}

// Exact is the amount to the cent with a plus in front of a gain.
func Exact(c money.Cents) string {
	if c > 0 {
		return "+" + c.Grouped()
	}
	return c.Grouped()
}

// Change is the mark and the size of a difference against base: "▲ +$2.10M";
// nothing for no difference.
func Change(d money.Cents) string {
	switch {
	case d > 0:
		return "▲ " + Signed(d)
	case d < 0:
		return "▼ " + Signed(d)
	}
	return ""
}

// Mark is the arrow of Change alone with a blank after it; nothing for no
// difference.
func Mark(d money.Cents) string {
	switch {
	case d > 0:
		return "▲ "
	case d < 0:
		return "▼ "
	}
	return ""
}

// Count writes a whole number with thousands separators.
func Count(n int) string {
	s := money.Cents(int64(n) * 100).Grouped()
	s = s[:len(s)-3]
	if n < 0 {
		return "-" + s[2:]
	}
	return s[1:]
}

// Number is a count that may have decimals, with thousands separators:
// "2,322", "2,438.1".
func Number(d decimal.Decimal) string {
	out := Count(int(d.IntPart()))
	if _, rest, ok := strings.Cut(d.String(), "."); ok {
		out += "." + rest
	}
	return out
}

// Of counts things in words: "1 hospital", "2 hospitals".
func Of(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return Count(n) + " " + thing + "s"
}
