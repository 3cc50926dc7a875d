package quality_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"bundlelab/engine/policy"
	"bundlelab/engine/quality"
)

func cjr(t *testing.T, rscr, rscrBefore, hcahps, hcahpsBefore string, reported bool) quality.Score {
	t.Helper()
	s, err := quality.CJR(quality.CJRMeasures{
		Complications: quality.Percentiles{Now: at(rscr), Before: at(rscrBefore)},
		Experience:    quality.Percentiles{Now: at(hcahps), Before: at(hcahpsBefore)},
		Reported:      reported,
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestCJR(t *testing.T) {
	for _, x := range []struct {
		name                             string
		rscr, rscrBefore, hcahps, before string
		pro                              bool
		want, tier                       string
		evidence                         policy.Evidence
	}{
		// D16: 60-70th 7.75 + 50-60th 5.60 + 2 = 15.35.
		{"D16", "65", "", "55", "", true, "15.35", "excellent", policy.Regulation},
		// 10 + 8 + 2 = 20, the best there is.
		{"all", "95", "", "95", "", true, "20", "excellent", policy.Regulation},
		// 10 + 1 + 8 + 0.8 + 2 = 21.8, capped at 20.
		{"capped", "95", "10", "95", "10", true, "20", "excellent", policy.Regulation},
		// 10 + 1 + 8 + 0.8 = 19.8, under the cap.
		{"improved", "95", "10", "95", "10", false, "19.8", "excellent", policy.Regulation},
		// No value: 7.00 + 5.60 = 12.60; the year before does not make it improve.
		{"missing", "", "10", "", "10", false, "12.6", "good", policy.Regulation},
		// 0 + 0 + 2.
		{"lowest", "29.99", "", "0", "", true, "2", "below acceptable", policy.Regulation},
		// 0 + 4.40: between 4 and 5, in no tier of the text.
		{"gap", "5", "", "30", "", false, "4.4", "below acceptable", policy.Derived},
		// 0 + 5.00: acceptable from there.
		{"acceptable", "5", "", "40", "", false, "5", "acceptable", policy.Regulation},
		// 8.50 + 4.40 + 2 = 14.9.
		{"good", "70", "", "30", "", true, "14.9", "good", policy.Regulation},
		// 0 + 1.0: points for improvement do not need points for performance. Bands 0 to 2, 20 points.
		{"improved but low", "25", "5", "0", "", false, "1", "below acceptable", policy.Regulation},
	} {
		t.Run(x.name, func(t *testing.T) {
			s := cjr(t, x.rscr, x.rscrBefore, x.hcahps, x.before, x.pro)
			same(t, "score", s.Value, x.want)
			same(t, "top", s.Top, "20")
			if s.Tier.Name != x.tier || s.Evidence != x.evidence {
				t.Errorf("%s, %s; want %s, %s", s.Tier.Name, s.Evidence, x.tier, x.evidence)
			}
			sum := decimal.Zero
			for _, p := range s.Parts {
				sum = sum.Add(p.Points)
				if p.Cite == "" || p.Title == "" {
					t.Errorf("part %+v has no source or name", p)
				}
			}
			if !sum.Equal(s.Value) {
				t.Errorf("parts sum to %s of %s", sum, s.Value)
			}
		})
	}
}

// The scale of 510.315(c), every row at its lower end and just under it.
func TestCJRPoints(t *testing.T) {
	for _, x := range []struct{ percentile, complications, hcahps string }{
		{"100", "10", "8"}, {"90", "10", "8"},
		{"89.99", "9.25", "7.4"}, {"80", "9.25", "7.4"},
		{"79.99", "8.5", "6.8"}, {"70", "8.5", "6.8"},
		{"69.99", "7.75", "6.2"}, {"60", "7.75", "6.2"},
		{"59.99", "7", "5.6"}, {"50", "7", "5.6"},
		{"49.99", "6.25", "5"}, {"40", "6.25", "5"},
		{"39.99", "5.5", "4.4"}, {"30", "5.5", "4.4"},
		{"29.99", "0", "0"}, {"0", "0", "0"},
	} {
		s := cjr(t, x.percentile, "", x.percentile, "", false)
		if len(s.Parts) != 3 {
			t.Fatalf("percentile %s: parts %+v", x.percentile, s.Parts)
		}
		same(t, x.percentile+" complications", s.Parts[0].Points, x.complications)
		same(t, x.percentile+" hcahps", s.Parts[1].Points, x.hcahps)
	}
	same(t, "weight of complications", cjr(t, "1", "", "1", "", false).Parts[0].Weight, "0.5")
	same(t, "weight of hcahps", cjr(t, "1", "", "1", "", false).Parts[1].Weight, "0.4")
	same(t, "weight of data", cjr(t, "1", "", "1", "", false).Parts[2].Weight, "0.1")
}

func TestCJRImprovement(t *testing.T) {
	for _, x := range []struct {
		before, now, points string // points of the complication measure; "" = no part at all
		evidence            policy.Evidence
	}{
		{"40", "60", "1", policy.Regulation},   // bands 4 to 6 and 20 points
		{"49", "69", "1", policy.Regulation},   // the same from the end of a band
		{"59", "71", "1", policy.Unconfirmed},  // bands 5 to 7, but only 12 points
		{"59", "69.99", "", 0},                 // bands 5 to 6
		{"60", "79.99", "", 0},                 // 19.99 points, bands 6 to 7
		{"80", "100", "0", policy.Unconfirmed}, // 20 points, but the top band is one up
		{"70", "100", "1", policy.Regulation},  // bands 7 to 9
		{"79", "90", "1", policy.Unconfirmed},  // bands 7 to 9, 11 points
		{"60", "40", "", 0},                    // worse
		{"60", "60", "", 0},
	} {
		s := cjr(t, x.now, x.before, "", "", false)
		var got *quality.Part
		for i := range s.Parts {
			if s.Parts[i].ID == "complications.improvement" {
				got = &s.Parts[i]
			}
		}
		if (got == nil) != (x.points == "") {
			t.Errorf("%s to %s: part %+v", x.before, x.now, got)
			continue
		}
		if got == nil {
			continue
		}
		same(t, x.before+" to "+x.now, got.Points, x.points)
		if got.Evidence != x.evidence || s.Evidence != x.evidence || !strings.Contains(got.Note, "from percentile "+x.before) {
			t.Errorf("%s to %s: %+v, score %s; want %s", x.before, x.now, got, s.Evidence, x.evidence)
		}
	}
	// An improvement is known no better than the percentiles it compares.
	typed, err := quality.CJR(quality.CJRMeasures{Complications: quality.Percentiles{Now: at("60"), Before: at("40"), Evidence: policy.User}})
	if err != nil || typed.Parts[1].ID != "complications.improvement" || typed.Parts[1].Evidence != policy.User {
		t.Errorf("%+v, %v", typed, err)
	}
	// HCAHPS: a tenth of 8.
	s := cjr(t, "", "", "60", "40", false)
	same(t, "hcahps improvement", s.Parts[2].Points, "0.8")
}

func TestCJRSaysWhatIsMissing(t *testing.T) {
	s, err := quality.CJR(quality.CJRMeasures{Complications: quality.Percentiles{Evidence: policy.User}, Experience: quality.Percentiles{Now: at("55"), Evidence: policy.Assumed}})
	if err != nil {
		t.Fatal(err)
	}
	if p := s.Parts[0]; !p.Value.Equal(dec("50")) || p.Cite != "42 CFR 510.315(e)" || p.Evidence != policy.Regulation || !strings.Contains(p.Note, "no measure value") {
		t.Errorf("%+v", p)
	}
	if p := s.Parts[1]; p.Evidence != policy.Assumed || s.Evidence != policy.Assumed || p.Note != "" {
		t.Errorf("%+v, score %s", p, s.Evidence)
	}
}

func TestCJRRefuses(t *testing.T) {
	for _, m := range []quality.CJRMeasures{
		{Complications: quality.Percentiles{Now: at("100.1")}},
		{Complications: quality.Percentiles{Now: at("50"), Before: at("-1")}},
		{Experience: quality.Percentiles{Now: at("-0.1")}},
		{Experience: quality.Percentiles{Before: at("101")}},
	} {
		if s, err := quality.CJR(m); err == nil || !strings.Contains(err.Error(), "outside 0 to 100") || !strings.HasPrefix(err.Error(), "CJR score: ") || s.Parts != nil {
			t.Errorf("%+v, %v", s, err)
		}
	}
}

func TestCJRTier(t *testing.T) {
	for _, x := range []struct {
		score, name string
		step        int
		paid        bool
		evidence    policy.Evidence
	}{
		{"0", "below acceptable", 0, false, policy.Regulation},
		{"3.99", "below acceptable", 0, false, policy.Regulation},
		{"4", "below acceptable", 0, false, policy.Derived},
		{"4.5", "below acceptable", 0, false, policy.Derived}, // D6: no payment
		{"4.99", "below acceptable", 0, false, policy.Derived},
		{"5", "acceptable", 1, true, policy.Regulation},
		{"6.89", "acceptable", 1, true, policy.Regulation},
		{"6.9", "good", 2, true, policy.Regulation},
		{"7.00", "good", 2, true, policy.Regulation}, // P1: a published report
		{"15.0", "good", 2, true, policy.Regulation},
		{"15.01", "excellent", 3, true, policy.Regulation},
		{"16", "excellent", 3, true, policy.Regulation}, // D1
		{"20", "excellent", 3, true, policy.Regulation},
	} {
		got := quality.CJRTier(dec(x.score))
		if got.Name != x.name || got.Step != x.step || got.Paid != x.paid || got.Evidence != x.evidence || got.Cite == "" || (got.Note != "") != (x.evidence == policy.Derived) {
			t.Errorf("tier of %s: %+v", x.score, got)
		}
	}
	if n := policy.Tier(dec("5"), nil); n != 0 {
		t.Errorf("%d edges of none", n)
	}
}

func TestCJRProperties(t *testing.T) {
	percentile := rapid.Custom(func(t *rapid.T) *decimal.Decimal {
		if rapid.IntRange(0, 5).Draw(t, "missing") == 0 {
			return nil
		}
		d := decimal.New(rapid.Int64Range(0, 10_000).Draw(t, "percentile"), -2)
		return &d
	})
	rapid.Check(t, func(t *rapid.T) {
		m := quality.CJRMeasures{
			Complications: quality.Percentiles{Now: percentile.Draw(t, "c"), Before: percentile.Draw(t, "c before")},
			Experience:    quality.Percentiles{Now: percentile.Draw(t, "h"), Before: percentile.Draw(t, "h before")},
			Reported:      rapid.Bool().Draw(t, "reported"),
		}
		s, err := quality.CJR(m)
		if err != nil {
			t.Fatal(err)
		}
		sum := decimal.Zero
		for _, p := range s.Parts {
			sum = sum.Add(p.Points)
		}
		if s.Value.IsNegative() || s.Value.GreaterThan(dec("20")) || !sum.Equal(s.Value) {
			t.Fatalf("score %s, parts %s", s.Value, sum)
		}
		better := m
		for _, p := range []*quality.Percentiles{&better.Complications, &better.Experience} {
			if p.Now != nil {
				up := decimal.Min(p.Now.Add(decimal.New(rapid.Int64Range(0, 3000).Draw(t, "up"), -2)), dec("100"))
				p.Now = &up
			}
		}
		better.Reported = true
		b, err := quality.CJR(better)
		if err != nil || b.Value.LessThan(s.Value) || b.Tier.Step < s.Tier.Step {
			t.Fatalf("%s became %s (%v) with better measures", s.Value, b.Value, err)
		}
	})
}
