package quality_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"bundlelab/engine/policy"
	"bundlelab/engine/quality"
)

// quartiles is a nation whose raw scores run 10, 12, 14, 14, 20 at percentiles
// 0, 25, 50, 75, 100.
func quartiles() []quality.Cut {
	var out []quality.Cut
	for i, raw := range []string{"10", "12", "14", "14", "20"} {
		out = append(out, quality.Cut{Percentile: decimal.New(int64(25*i), 0), Raw: dec(raw)})
	}
	return out
}

func TestScale(t *testing.T) {
	for _, x := range []struct{ raw, higher, lower, why string }{
		{"9.99", "0", "100", "below every hospital: worst, or best"},
		{"10", "0", "100", "the lowest raw score itself"},
		{"10.01", "25", "100", "between 0 and 25: the higher, 25; reversed between 100 and 75: 100"},
		{"12", "25", "75", "on a cut: its percentile"},
		{"13", "50", "75", "between 25 and 50; reversed between 75 and 50"},
		{"14", "75", "50", "50 and 75 share it: 75; reversed 50 and 25: 50"},
		{"15", "100", "25", "between 75 and 100; reversed between 25 and 0"},
		{"20", "100", "0", "the highest raw score itself"},
		{"20.01", "100", "0", "above every hospital: best, or worst"},
	} {
		for better, want := range map[quality.Direction]string{quality.HigherBetter: x.higher, quality.LowerBetter: x.lower} {
			got, err := quality.Scale(dec(x.raw), quartiles(), better)
			if err != nil || !got.Equal(dec(want)) {
				t.Errorf("raw %s, direction %d = %s, %v; want %s (%s)", x.raw, better, got, err, want, x.why)
			}
		}
	}
}

// Where the nation shares its best raw score, that score is worth 100, and its
// worst 0 only when nothing better shares it.
func TestScaleTiedEnds(t *testing.T) {
	cuts := []quality.Cut{{dec("0"), dec("0")}, {dec("40"), dec("0")}, {dec("100"), dec("3")}}
	for _, x := range []struct {
		raw    string
		better quality.Direction
		want   string
	}{
		{"0", quality.LowerBetter, "100"}, // percentiles 0 to 40 have no falls: 100 and 60, the higher
		{"0", quality.HigherBetter, "40"},
		{"-1", quality.HigherBetter, "0"}, // below the minimum, not level with it
		{"-1", quality.LowerBetter, "100"},
		{"1", quality.LowerBetter, "60"}, // between 60 and 0
	} {
		if got, err := quality.Scale(dec(x.raw), cuts, x.better); err != nil || !got.Equal(dec(x.want)) {
			t.Errorf("raw %s, direction %d = %s, %v; want %s", x.raw, x.better, got, err, x.want)
		}
	}
}

func TestScaleRefuses(t *testing.T) {
	edit := func(f func([]quality.Cut) []quality.Cut) []quality.Cut { return f(quartiles()) }
	for _, x := range []struct {
		why  string
		cuts []quality.Cut
	}{
		{"first cut must be percentile 0", nil},
		{"first cut must be percentile 0", edit(func(c []quality.Cut) []quality.Cut { return c[:1] })},
		{"first cut must be percentile 0", edit(func(c []quality.Cut) []quality.Cut { return c[1:] })},
		{"last percentile 100", edit(func(c []quality.Cut) []quality.Cut { return c[:4] })},
		{"percentile 25 follows 25", edit(func(c []quality.Cut) []quality.Cut { c[2].Percentile = dec("25"); return c })},
		{"raw score 11 at percentile 50 is below 12", edit(func(c []quality.Cut) []quality.Cut { c[2].Raw = dec("11"); return c })},
	} {
		if _, err := quality.Scale(dec("12"), x.cuts, quality.HigherBetter); err == nil || !strings.Contains(err.Error(), x.why) {
			t.Errorf("%v: %v, want an error saying %q", x.cuts, err, x.why)
		}
	}
	if _, err := quality.Scale(dec("12"), quartiles(), 0); err == nil {
		t.Error("a direction of neither is taken")
	}
}

// The regulation word for word, found the slow way: the best percentile whose
// neighbourhood holds the raw score.
func TestScaleAgainstTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 12).Draw(t, "cuts")
		var raws []int64
		for range n {
			raws = append(raws, rapid.Int64Range(0, 8).Draw(t, "raw"))
		}
		slices.Sort(raws)
		cuts := make([]quality.Cut, n)
		for i := range cuts {
			cuts[i] = quality.Cut{Percentile: decimal.New(int64(i), 0), Raw: decimal.New(raws[i], 0)}
		}
		cuts[n-1].Percentile = dec("100")
		raw := decimal.New(rapid.Int64Range(-2, 20).Draw(t, "own"), 0).Div(dec("2"))
		better := rapid.SampledFrom([]quality.Direction{quality.HigherBetter, quality.LowerBetter}).Draw(t, "direction")
		scaled := func(p decimal.Decimal) decimal.Decimal {
			if better == quality.LowerBetter {
				return dec("100").Sub(p)
			}
			return p
		}
		var fits []decimal.Decimal
		for _, c := range cuts {
			if c.Raw.Equal(raw) {
				fits = append(fits, scaled(c.Percentile))
			}
		}
		for i := 1; i < n && len(fits) == 0; i++ {
			if cuts[i-1].Raw.LessThan(raw) && raw.LessThan(cuts[i].Raw) {
				fits = append(fits, scaled(cuts[i-1].Percentile), scaled(cuts[i].Percentile))
			}
		}
		if len(fits) == 0 {
			end := cuts[0].Percentile
			if raw.GreaterThan(cuts[n-1].Raw) {
				end = cuts[n-1].Percentile
			}
			fits = append(fits, scaled(end))
		}
		got, err := quality.Scale(raw, cuts, better)
		if want := decimal.Max(fits[0], fits...); err != nil || !got.Equal(want) {
			t.Fatalf("raw %s in %v: %s, %v; want %s", raw, cuts, got, err, want)
		}
	})
}

func TestPeerPercentile(t *testing.T) {
	nation := []decimal.Decimal{dec("1"), dec("2"), dec("2"), dec("3"), dec("4"), dec("5"), dec("9")}
	for _, x := range []struct {
		own    string
		better quality.Direction
		want   string
		grade  policy.Evidence
	}{
		{"2", quality.LowerBetter, "85", policy.Secondary}, // 6 of 7 at or above: 85.71, floor 85
		{"1", quality.LowerBetter, "100", policy.Secondary},
		{"9", quality.LowerBetter, "14", policy.Secondary}, // 1 of 7: 14.28
		{"9.5", quality.LowerBetter, "0", policy.Secondary},
		{"2", quality.HigherBetter, "42", policy.Derived}, // 3 of 7 at or below: 42.86
		{"9", quality.HigherBetter, "100", policy.Derived},
		{"0", quality.HigherBetter, "0", policy.Derived},
	} {
		got, grade, err := quality.PeerPercentile(dec(x.own), nation, x.better)
		if err != nil || !got.Equal(dec(x.want)) || grade != x.grade {
			t.Errorf("own %s, direction %d = %s, %s, %v; want %s, %s", x.own, x.better, got, grade, err, x.want, x.grade)
		}
	}
	if _, _, err := quality.PeerPercentile(dec("1"), nil, quality.LowerBetter); err == nil {
		t.Error("a percentile among no hospitals")
	}
	if _, _, err := quality.PeerPercentile(dec("1"), nation, 3); err == nil {
		t.Error("a direction of neither is taken")
	}
}

// A better raw score never lowers the percentile, in either scaling.
func TestBetterRawNeverLowers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		better := rapid.SampledFrom([]quality.Direction{quality.HigherBetter, quality.LowerBetter}).Draw(t, "direction")
		worse := rapid.Int64Range(800, 2200).Draw(t, "raw")
		step := rapid.Int64Range(0, 600).Draw(t, "step")
		if better == quality.LowerBetter {
			step = -step
		}
		a, b := decimal.New(worse, -2), decimal.New(worse+step, -2)
		var nation []decimal.Decimal
		for _, c := range quartiles() {
			nation = append(nation, c.Raw)
		}
		sa, err1 := quality.Scale(a, quartiles(), better)
		sb, err2 := quality.Scale(b, quartiles(), better)
		pa, _, err3 := quality.PeerPercentile(a, nation, better)
		pb, _, err4 := quality.PeerPercentile(b, nation, better)
		if err1 != nil || err2 != nil || err3 != nil || err4 != nil || sb.LessThan(sa) || pb.LessThan(pa) {
			t.Fatalf("%s to %s: scaled %s to %s, percentile %s to %s", a, b, sa, sb, pa, pb)
		}
	})
}

func TestVolume(t *testing.T) {
	counts := []quality.Episodes{
		{Category: "LEJR", Inpatient: dec("100"), Outpatient: dec("40.5")},
		{Category: "FUSION", Inpatient: dec("30"), Outpatient: dec("10")},
		{Category: "CABG", Inpatient: dec("20")},
	}
	for _, x := range []struct {
		categories []string
		where      quality.Where
		want       string
	}{
		{nil, quality.Anywhere, "200.5"},      // 140.5 + 40 + 20
		{nil, quality.InpatientOnly, "150"},   // 100 + 30 + 20
		{nil, quality.OutpatientOnly, "50.5"}, // 40.5 + 10
		{[]string{"LEJR"}, quality.InpatientOnly, "100"},
		{[]string{"LEJR", "FUSION"}, quality.OutpatientOnly, "50.5"},
		{[]string{"CABG"}, quality.Anywhere, "20"},
		{[]string{"BOWEL"}, quality.Anywhere, "0"},
	} {
		same(t, "volume", quality.Volume(counts, x.categories, x.where), x.want)
	}
}
