package money_test

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bundlelab/engine/money"
)

func TestParseCents(t *testing.T) {
	for _, x := range []struct {
		in   string
		want money.Cents
	}{
		{"0", 0},
		{"0.00", 0},
		{"-0.01", -1},
		{"+0.01", 1},
		{"12", 1200},
		{"12.3", 1230},  // one decimal: 12.30
		{".5", 50},      // no whole part
		{"7.", 700},     // no decimals after the point
		{"007.10", 710}, // leading zeros
		{"-50000.00", -5_000_000},
		{"10000000000000.00", 1_000_000_000_000_000}, // ten trillion dollars, the limit itself
	} {
		got, err := money.ParseCents(x.in)
		if err != nil || got != x.want {
			t.Errorf("ParseCents(%q) = %d, %v; want %d", x.in, got, err, x.want)
		}
	}
}

func TestParseCentsRefuses(t *testing.T) {
	for _, x := range []struct{ in, why string }{
		{"", "no digits"},
		{".", "no digits"},
		{"-", "no digits"},
		{"-.", "no digits"},
		{"1.005", "more than two decimals"},
		{"1,000.00", "only digits"},
		{"$5", "only digits"},
		{" 5", "only digits"},
		{"5 ", "only digits"},
		{"1e3", "only digits"},
		{"--5", "only digits"},
		{"1.-5", "only digits"},
		{"1.2.3", "more than two decimals"},
		{"1..2", "only digits"},
		{"١٢", "only digits"}, // digits of another script
		{"NaN", "only digits"},
		{"10000000000000.01", "larger than"},
		{"99999999999999999999999999", "larger than"},
	} {
		_, err := money.ParseCents(x.in)
		if err == nil || !strings.Contains(err.Error(), x.why) {
			t.Errorf("ParseCents(%q): %v, want an error saying %q", x.in, err, x.why)
		}
	}
}

func TestCentsWriting(t *testing.T) {
	for _, x := range []struct {
		c             money.Cents
		text, grouped string
	}{
		{0, "0.00", "$0.00"},
		{5, "0.05", "$0.05"},
		{-5, "-0.05", "-$0.05"},
		{99_999, "999.99", "$999.99"},
		{100_000, "1000.00", "$1,000.00"},
		{-123_456_789, "-1234567.89", "-$1,234,567.89"},
		{math.MinInt64, "-92233720368547758.08", ""}, // no positive twin, still printed right
	} {
		if got := x.c.String(); got != x.text {
			t.Errorf("String(%d) = %s, want %s", int64(x.c), got, x.text)
		}
		if got := x.c.Grouped(); x.grouped != "" && got != x.grouped {
			t.Errorf("Grouped(%d) = %s, want %s", int64(x.c), got, x.grouped)
		}
	}
}

func TestCentsTextRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := money.Cents(rapid.Int64Range(-1e15, 1e15).Draw(t, "cents"))
		b, err := c.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var back money.Cents
		if err := back.UnmarshalText(b); err != nil || back != c {
			t.Fatalf("%d written as %s reads as %d, %v", c, b, back, err)
		}
	})
}

func FuzzParseCents(f *testing.F) {
	for _, s := range []string{"", "-1.50", "10000000000000", "+.5", "1.é", "1.-5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := money.ParseCents(s)
		if err != nil {
			if c != 0 {
				t.Fatalf("%q: %d beside error %v", s, c, err)
			}
			return
		}
		again, err := money.ParseCents(c.String())
		if err != nil || again != c {
			t.Fatalf("%q = %s, read back %s, %v", s, c, again, err)
		}
	})
}

// TestDollarsArePrinted holds the digits equal to what the format library
// writes, and the groups to the digits.
func TestDollarsArePrinted(t *testing.T) {
	grouped := regexp.MustCompile(`^-?\$\d{1,3}(,\d{3})*\.\d\d$`)
	rapid.Check(t, func(r *rapid.T) {
		c := money.Cents(rapid.OneOf(rapid.Int64(), rapid.Int64Range(-1e6, 1e6)).Draw(r, "cents"))
		sign, n := "", uint64(c)
		if c < 0 {
			sign, n = "-", uint64(-c)
		}
		if want := fmt.Sprintf("%s%d.%02d", sign, n/100, n%100); c.String() != want {
			r.Fatalf("%d is written %s, want %s", int64(c), c, want)
		}
		if got := strings.NewReplacer("$", "", ",", "").Replace(c.Grouped()); got != c.String() || !grouped.MatchString(c.Grouped()) {
			r.Fatalf("%s is grouped as %s", c, c.Grouped())
		}
	})
}
