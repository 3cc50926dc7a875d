package money_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bundlelab/engine/money"
)

func rate(t testing.TB, s string) money.Rate {
	t.Helper()
	r, err := money.ParseRate(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestParseRate(t *testing.T) {
	for _, x := range []struct{ in, text, percent string }{
		{"2.0%", "0.0200", "2.0%"},
		{"0.02", "0.0200", "2.0%"},
		{" 2 % ", "0.0200", "2.0%"},
		{"-3%", "-0.0300", "-3.0%"},
		{"3.25%", "0.0325", "3.25%"},
		{"0.00001%", "0.0000001", "0.00001%"},
		{"100%", "1.0000", "100.0%"},
		{"99", "99.0000", "9900.0%"},
		{"1.1088", "1.1088", "110.88%"},
		{"0.12345", "0.12345", "12.345%"},
		{"0.0000000001", "0.0000000001", "0.00000001%"}, // ten decimals, the limit
	} {
		r, err := money.ParseRate(x.in)
		if err != nil || r.String() != x.text || r.Percent() != x.percent {
			t.Errorf("ParseRate(%q) = %s = %s, %v; want %s = %s", x.in, r, r.Percent(), err, x.text, x.percent)
		}
	}
}

func TestParseRateRefuses(t *testing.T) {
	for _, s := range []string{
		"", "%", " ", "two", "2%%", "1e-2", "1E2", "1_000", "2 0%", "0.00000000001", "NaN", "Inf", "0x10",
		".", "-", "--1", "1.2.3", ".-5", ".+5", "1.+5", "1.-5", "1111111111111111111111111", "٢%",
	} {
		if r, err := money.ParseRate(s); err == nil || !strings.Contains(err.Error(), "is not a rate") {
			t.Errorf("ParseRate(%q) = %s, %v; want an error", s, r, err)
		}
	}
}

func TestClamp(t *testing.T) {
	band := rate(t, "3%")
	for _, x := range []struct{ in, want string }{
		{"3.0001%", "0.0300"}, {"3%", "0.0300"}, {"2.99%", "0.0299"}, {"0", "0.0000"},
		{"-2.99%", "-0.0299"}, {"-3%", "-0.0300"}, {"-50%", "-0.0300"},
	} {
		if got := rate(t, x.in).Clamp(band).String(); got != x.want {
			t.Errorf("%s held in 3%% = %s, want %s", x.in, got, x.want)
		}
	}
}

func TestRateArithmeticIsExact(t *testing.T) {
	// 0.1 + 0.2 = 0.3 exactly; 1.1 x 1.1 = 1.21; 1 + 3% = 1.03.
	if got := rate(t, "0.1").Add(rate(t, "0.2")); got.Cmp(rate(t, "0.3")) != 0 {
		t.Errorf("0.1 + 0.2 = %s", got)
	}
	if got := rate(t, "1.1").Mul(rate(t, "1.1")); got.Cmp(rate(t, "1.21")) != 0 {
		t.Errorf("1.1 x 1.1 = %s", got)
	}
	if got := rate(t, "3%").Plus1().Sub(rate(t, "0.01")); got.Cmp(rate(t, "1.02")) != 0 {
		t.Errorf("1 + 3%% - 1%% = %s", got)
	}
	if r := rate(t, "-0.5"); r.Sign() != -1 || r.IsZero() || !(money.Rate{}).IsZero() {
		t.Error("signs")
	}
}

func TestRateTextRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := money.NewRate(rapid.Int64Range(-1e9, 1e9).Draw(t, "n"), int32(rapid.IntRange(0, 10).Draw(t, "places")))
		b, err := r.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var back money.Rate
		if err := back.UnmarshalText(b); err != nil || back.Cmp(r) != 0 {
			t.Fatalf("%s written as %s reads as %s, %v", r.Decimal(), b, back, err)
		}
		p, err := money.ParseRate(r.Percent())
		if err != nil || p.Cmp(r) != 0 {
			t.Fatalf("%s written as %s reads as %s, %v", r.Decimal(), r.Percent(), p, err)
		}
	})
}

func FuzzParseRate(f *testing.F) {
	for _, s := range []string{"2.0%", "-0.17", ".5", "1e9", "0.0000000001", "+3", ".+5", "%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := money.ParseRate(s)
		if err != nil {
			return
		}
		if digits := strings.Trim(s, "+-.%0123456789 \t\r\n\v\f\u0085\u00a0"); digits != "" && strings.TrimSpace(digits) != "" {
			t.Fatalf("%q is read as %s", s, r)
		}
		again, err := money.ParseRate(r.String())
		if err != nil || again.Cmp(r) != 0 {
			t.Fatalf("%q = %s, read back %s, %v", s, r, again, err)
		}
	})
}
