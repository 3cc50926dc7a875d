package quality_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"bundlelab/engine/policy"
	"bundlelab/engine/quality"
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func at(s string) *decimal.Decimal {
	if s == "" {
		return nil
	}
	d := dec(s)
	return &d
}

func measured(id, scaled, episodes string) quality.Measured {
	return quality.Measured{ID: id, Title: "Measure " + id, Scaled: at(scaled), Episodes: dec(episodes)}
}

// same compares two decimals given as text.
func same(t *testing.T, what string, got decimal.Decimal, want string) {
	t.Helper()
	if !got.Equal(dec(want)) {
		t.Errorf("%s = %s, want %s", what, got, want)
	}
}

func TestTeam(t *testing.T) {
	type part struct{ weight, points string }
	for _, x := range []struct {
		name     string
		missing  quality.Missing
		in       []quality.Measured
		want     string
		evidence policy.Evidence
		parts    []part
	}{
		{ // 240 + 240 + 120 = 600; .4 x 70 + .4 x 50 + .2 x 90 = 28 + 20 + 18 = 66.
			name: "worked", missing: quality.Neutral,
			in:   []quality.Measured{measured("hwr", "70", "240"), measured("psi90", "50", "240"), measured("pro", "90", "120")},
			want: "66", evidence: policy.Derived,
			parts: []part{{"0.4", "28"}, {"0.4", "20"}, {"0.2", "18"}},
		},
		{ // No joint replacements: (70 + 50) / 2 = 60, and a missing score of no weight costs no grade.
			name: "no episodes of a measure", missing: quality.Neutral,
			in:   []quality.Measured{measured("hwr", "70", "240"), measured("psi90", "50", "240"), measured("pro", "", "0")},
			want: "60", evidence: policy.Derived,
			parts: []part{{"0.5", "35"}, {"0.5", "25"}, {"0", "0"}},
		},
		{ // FY2026: 50 stands in. .4 x 70 + .4 x 50 + .2 x 50 = 28 + 20 + 10 = 58.
			name: "neutral", missing: quality.Neutral,
			in:   []quality.Measured{measured("hwr", "70", "240"), measured("psi90", "50", "240"), measured("pro", "", "120")},
			want: "58", evidence: policy.Unconfirmed,
			parts: []part{{"0.4", "28"}, {"0.4", "20"}, {"0.2", "10"}},
		},
		{ // FY2025: the other two alone, (70 + 50) / 2 = 60.
			name: "left out", missing: quality.LeftOut,
			in:   []quality.Measured{measured("hwr", "70", "240"), measured("psi90", "50", "240"), measured("pro", "", "120")},
			want: "60", evidence: policy.Derived,
			parts: []part{{"0.5", "35"}, {"0.5", "25"}, {"0", "0"}},
		},
		{ // 1/3 x 70 + 2/3 x 55 = 23.333333.. + 36.666666.. = 60. Both parts round down to
			// 59.999999; the unit left goes to .666.. over .333.. . Weights likewise.
			name: "parts foot", missing: quality.LeftOut,
			in:   []quality.Measured{measured("a", "70", "1"), measured("b", "55", "2")},
			want: "60", evidence: policy.Derived,
			parts: []part{{"0.333333", "23.333333"}, {"0.666667", "36.666667"}},
		},
		{ // Three equal: 1/3 each; the unit left goes to the first.
			name: "first of equals", missing: quality.LeftOut,
			in:   []quality.Measured{measured("a", "70", "5"), measured("b", "70", "5"), measured("c", "70", "5")},
			want: "70", evidence: policy.Derived,
			parts: []part{{"0.333334", "23.333334"}, {"0.333333", "23.333333"}, {"0.333333", "23.333333"}},
		},
		{ // 0.000001 x 1/2 = 0.0000005, half away: 0.000001.
			name: "half away", missing: quality.LeftOut,
			in:   []quality.Measured{measured("a", "0.000001", "1"), measured("b", "0", "1")},
			want: "0.000001", evidence: policy.Derived,
			parts: []part{{"0.5", "0.000001"}, {"0.5", "0"}},
		},
		{ // (71 + 71 + 70) / 3 = 70.666666.. up to 70.666667.
			name: "rounded once", missing: quality.LeftOut,
			in:   []quality.Measured{measured("a", "71", "1"), measured("b", "71", "1"), measured("c", "70", "1")},
			want: "70.666667", evidence: policy.Derived,
			parts: []part{{"0.333334", "23.666667"}, {"0.333333", "23.666667"}, {"0.333333", "23.333333"}},
		},
	} {
		t.Run(x.name, func(t *testing.T) {
			s, err := quality.Team(x.in, x.missing)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "score", s.Value, x.want)
			same(t, "top", s.Top, "100")
			if s.Evidence != x.evidence {
				t.Errorf("evidence %s, want %s", s.Evidence, x.evidence)
			}
			if s.Cite == "" || s.Tier.Name != "" {
				t.Errorf("cite %q, tier %q", s.Cite, s.Tier.Name)
			}
			if len(s.Parts) != len(x.parts) {
				t.Fatalf("%d parts, want %d", len(s.Parts), len(x.parts))
			}
			for i, p := range s.Parts {
				same(t, p.ID+" weight", p.Weight, x.parts[i].weight)
				same(t, p.ID+" points", p.Points, x.parts[i].points)
				if p.ID != x.in[i].ID || p.Title != x.in[i].Title || p.Cite == "" {
					t.Errorf("part %+v", p)
				}
			}
		})
	}
}

// A part says why it counts as it does, and its own grade.
func TestTeamSaysWhatIsMissing(t *testing.T) {
	in := []quality.Measured{measured("hwr", "70", "240"), measured("psi90", "", "240"), measured("pro", "", "0")}
	s, err := quality.Team(in, quality.Neutral)
	if err != nil {
		t.Fatal(err)
	}
	if p := s.Parts[1]; p.Value == nil || !p.Value.Equal(quality.NeutralScore()) || p.Evidence != policy.Unconfirmed || !strings.Contains(p.Note, "50th percentile") {
		t.Errorf("neutral part %+v", p)
	}
	if p := s.Parts[2]; !strings.Contains(p.Note, "weight 0") {
		t.Errorf("part without episodes %+v", p)
	}
	if p := s.Parts[0]; p.Note != "" || p.Evidence != policy.Derived {
		t.Errorf("plain part %+v", p)
	}
	if s, err = quality.Team(in, quality.LeftOut); err != nil {
		t.Fatal(err)
	}
	if p := s.Parts[1]; p.Value != nil || p.Evidence != policy.Derived || !strings.Contains(p.Note, "left out") || !strings.Contains(p.Cite, "(D)") {
		t.Errorf("part left out %+v", p)
	}
}

// A score rests on the grade of the numbers typed in, but only of those that
// count.
func TestTeamCarriesTheGradeOfItsInputs(t *testing.T) {
	a, b := measured("a", "70", "10"), measured("b", "50", "0")
	a.Evidence, b.Evidence = policy.Assumed, policy.User
	s, err := quality.Team([]quality.Measured{a, b}, quality.Neutral)
	if err != nil || s.Evidence != policy.Assumed || s.Parts[0].Evidence != policy.Assumed || s.Parts[1].Evidence != policy.User {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestWeightedRefuses(t *testing.T) {
	for _, x := range []struct {
		name string
		in   []quality.Measured
		why  string
	}{
		{"nothing", nil, "none of the 0 measures"},
		{"no episodes", []quality.Measured{measured("a", "70", "0")}, "none of the 1 measures"},
		{"above", []quality.Measured{measured("a", "100.01", "1")}, `"a": 100.01 is outside 0 to 100`},
		{"below", []quality.Measured{measured("a", "-0.01", "1")}, "outside 0 to 100"},
		{"negative volume", []quality.Measured{measured("a", "50", "-1")}, "a volume is 0 or more"},
		{"twice", []quality.Measured{measured("a", "50", "1"), measured("a", "60", "1")}, "given twice"},
	} {
		if s, err := quality.Team(x.in, quality.Neutral); err == nil || !strings.Contains(err.Error(), x.why) || !strings.HasPrefix(err.Error(), "TEAM score: ") || s.Parts != nil {
			t.Errorf("%s: %v, %v; want an error saying %q", x.name, s, err, x.why)
		}
		if _, err := quality.BPCIA(x.in); err == nil || !strings.Contains(err.Error(), x.why) {
			t.Errorf("%s, BPCI Advanced: %v; want an error saying %q", x.name, err, x.why)
		}
	}
	alone := []quality.Measured{measured("a", "", "5")}
	if _, err := quality.Team(alone, quality.LeftOut); err == nil {
		t.Error("a score of nothing but a missing measure")
	}
	if _, err := quality.Team(alone, 0); err == nil || !strings.Contains(err.Error(), "neither") {
		t.Errorf("no missing-measure rule: %v", err)
	}
	if s, err := quality.Team(alone, quality.Neutral); err != nil || !s.Value.Equal(dec("50")) {
		t.Errorf("neutral alone: %v, %v", s.Value, err)
	}
}

func TestBPCIA(t *testing.T) {
	// (80 x 100 + 40 x 300) / 400 = 20,000 / 400 = 50.
	s, err := quality.BPCIA([]quality.Measured{measured("readmission", "80", "100"), measured("care_plan", "40", "300")})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "score", s.Value, "50")
	if s.Evidence != policy.Unconfirmed || s.Cite == "" {
		t.Errorf("%+v", s)
	}
	// The missing one is left out: 80 remains, and the grade falls to assumed.
	s, err = quality.BPCIA([]quality.Measured{measured("readmission", "80", "100"), measured("care_plan", "", "300")})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "score", s.Value, "80")
	if s.Evidence != policy.Assumed || s.Parts[1].Value != nil || !s.Parts[1].Weight.IsZero() {
		t.Errorf("%+v", s)
	}
}

func drawMeasures(t *rapid.T, value *rapid.Generator[int64]) []quality.Measured {
	n := rapid.IntRange(1, 6).Draw(t, "measures")
	out := make([]quality.Measured, n)
	for i := range out {
		d := decimal.New(value.Draw(t, "scaled"), -4)
		out[i] = quality.Measured{ID: string(rune('a' + i)), Scaled: &d, Episodes: decimal.New(rapid.Int64Range(0, 1_000_000).Draw(t, "episodes"), -2)}
		if i > 0 && rapid.IntRange(0, 4).Draw(t, "missing") == 0 {
			out[i].Scaled = nil
		}
	}
	if out[0].Episodes.IsZero() {
		out[0].Episodes = decimal.New(1, 0)
	}
	return out
}

func TestTeamProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawMeasures(t, rapid.Int64Range(0, 1_000_000))
		missing := rapid.SampledFrom([]quality.Missing{quality.Neutral, quality.LeftOut}).Draw(t, "rule")
		s, err := quality.Team(in, missing)
		if err != nil {
			t.Fatal(err)
		}
		if s.Value.IsNegative() || s.Value.GreaterThan(s.Top) {
			t.Fatalf("score %s outside 0 to %s", s.Value, s.Top)
		}
		var weights, points decimal.Decimal
		for i, p := range s.Parts {
			weights, points = weights.Add(p.Weight), points.Add(p.Points)
			if p.Weight.IsNegative() || p.Points.IsNegative() || in[i].Episodes.IsZero() && !p.Weight.IsZero() {
				t.Fatalf("part %+v", p)
			}
			// What a part shows is weight x value, but for rounding: weight to
			// one millionth of 100 points, points to one millionth.
			if p.Value != nil && p.Points.Sub(p.Weight.Mul(*p.Value)).Abs().GreaterThan(dec("0.000102")) {
				t.Fatalf("part %+v is not weight times value", p)
			}
		}
		if !weights.Equal(dec("1")) || !points.Equal(s.Value) {
			t.Fatalf("weights sum to %s, points to %s of %s", weights, points, s.Value)
		}
		// One measure does better: the score does not fall, and rises when the
		// measure weighs something.
		i := rapid.IntRange(0, len(in)-1).Draw(t, "which")
		if in[i].Scaled == nil || in[i].Scaled.Equal(dec("100")) {
			return
		}
		best := dec("100")
		in[i].Scaled = &best
		up, err := quality.Team(in, missing)
		if err != nil || up.Value.LessThan(s.Value) {
			t.Fatalf("%s became %s (%v) with a better measure", s.Value, up.Value, err)
		}
	})
}

func TestEqualMeasuresGiveTheirValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Int64Range(0, 1_000_000).Draw(t, "value")
		in := drawMeasures(t, rapid.Just(v))
		for _, f := range []func() (quality.Score, error){
			func() (quality.Score, error) { return quality.Team(in, quality.LeftOut) },
			func() (quality.Score, error) { return quality.BPCIA(in) },
		} {
			s, err := f()
			if err != nil || !s.Value.Equal(decimal.New(v, -4)) {
				t.Fatalf("all at %s give %s, %v", decimal.New(v, -4), s.Value, err)
			}
		}
	})
}
