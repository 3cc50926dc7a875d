package policy_test

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
)

func TestReadShares(t *testing.T) {
	for in, want := range map[string]*big.Rat{
		"0": big.NewRat(0, 1), "1": big.NewRat(1, 1), "2/3": big.NewRat(2, 3), "1/3": big.NewRat(1, 3), "66.7%": big.NewRat(667, 1000), "0.667": big.NewRat(667, 1000), "100%": big.NewRat(1, 1), "0/5": big.NewRat(0, 1), "5/5": big.NewRat(1, 1),
	} {
		if got, err := policy.Share(in); err != nil || got.Cmp(want) != 0 {
			t.Errorf("%q: %v, %v; want %v", in, got, err, want)
		}
	}
	for _, in := range []string{"", "two thirds", "4/3", "1.1", "-1%", "-1/3", "1/0", "1/2/3", "1 / 2", "/", "9999999/9999999", "1e-1"} {
		if got, err := policy.Share(in); err == nil {
			t.Errorf("%q is read as %v", in, got)
		}
	}
}

func TestReadWeights(t *testing.T) {
	// 17 + 33 + 50 = 100.
	got, err := policy.Weights("17%/33%/50%")
	if err != nil || len(got) != 3 || got[0].Cmp(money.NewRate(17, 2)) != 0 || got[2].Cmp(money.NewRate(5, 1)) != 0 {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := policy.Weights("100%"); err != nil || len(got) != 1 {
		t.Errorf("%v, %v", got, err)
	}
	for in, want := range map[string]string{"17%/33%/51%": "101.0%", "50%": "50.0%", "": "not a rate", "50%/": "not a rate", "150%/-50%": "below zero"} {
		if _, err := policy.Weights(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", in, err, want)
		}
	}
}

func TestReadLengths(t *testing.T) {
	for in, want := range map[string][]int{"30": {30}, "30/60/90": {30, 60, 90}, "1/4095": {1, 4095}} {
		if got, err := policy.Lengths(in); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "30/", "30,60", "-30", "30.5", "0/30", "4096", "60/30", "30/30"} {
		if got, err := policy.Lengths(in); err == nil {
			t.Errorf("%q is read as %v", in, got)
		}
	}
}

func TestReadRates(t *testing.T) {
	got, err := policy.Rates("0%/1.0%/0.015")
	if err != nil || len(got) != 3 || got[0].Sign() != 0 || got[1].Cmp(money.NewRate(1, 2)) != 0 || got[2].Cmp(money.NewRate(15, 3)) != 0 {
		t.Errorf("%v, %v", got, err)
	}
	for _, in := range []string{"", "1%/", "1%//2%", "one"} {
		if got, err := policy.Rates(in); err == nil {
			t.Errorf("%q is read as %v", in, got)
		}
	}
}

func TestTiersAtTheirEdges(t *testing.T) {
	// CJR: good from 6.9, excellent above 15.
	edges, err := policy.Edges("6.9/>15")
	if err != nil {
		t.Fatal(err)
	}
	for score, want := range map[string]int{"0": 0, "6.89": 0, "6.9": 1, "6.90": 1, "15": 1, "15.0": 1, "15.01": 2, "20": 2, "-1": 0} {
		n, err := policy.Number(score)
		if err != nil {
			t.Fatal(err)
		}
		if got := policy.Tier(n, edges); got != want {
			t.Errorf("%s is in tier %d, want %d", score, got, want)
		}
	}
	for _, in := range []string{"", "6.9/", "15/6.9", "5/5", "5/>5", ">", ">>5", "1e9", "five", "6.9 /15", "10%"} {
		if got, err := policy.Edges(in); err == nil {
			t.Errorf("%q is read as %v", in, got)
		}
	}
}

func TestReadNumbers(t *testing.T) {
	for _, in := range []string{"0", "12.60", "-3", "100"} {
		if _, err := policy.Number(in); err != nil {
			t.Errorf("%q: %v", in, err)
		}
	}
	// An exponent could stand for a number of any size.
	for _, in := range []string{"", "1e999999999", "1E5", "5%", " 5", "5 ", "five", "0.12345678901", "NaN"} {
		if got, err := policy.Number(in); err == nil {
			t.Errorf("%q is read as %v", in, got)
		}
	}
}

func TestReadCells(t *testing.T) {
	got, err := policy.Cells("521=469F  522=470F")
	if err != nil || len(got) != 2 || got["521"] != "469F" || got["522"] != "470F" {
		t.Errorf("%v, %v", got, err)
	}
	for _, in := range []string{"521", "521=", "=469F", "521=469F=1", "521=469F 521=470F"} {
		if got, err := policy.Cells(in); err == nil {
			t.Errorf("%q is read as %v", in, got)
		}
	}
}

// A higher score never falls into a lower tier.
func TestTiersRise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var parts []string
		at := 0
		for range rapid.IntRange(1, 4).Draw(t, "edges") {
			at += rapid.IntRange(1, 500).Draw(t, "step")
			parts = append(parts, fmt.Sprintf("%s%d.%02d", rapid.SampledFrom([]string{"", ">"}).Draw(t, "above"), at/100, at%100))
		}
		edges, err := policy.Edges(strings.Join(parts, "/"))
		if err != nil || len(edges) != len(parts) {
			t.Fatalf("%v: %v", parts, err)
		}
		score := func(name string) int { return rapid.IntRange(0, 2500).Draw(t, name) }
		a, b := score("a"), score("b")
		low, high := policy.Tier(money.NewRate(int64(min(a, b)), 2).Decimal(), edges), policy.Tier(money.NewRate(int64(max(a, b)), 2).Decimal(), edges)
		if low > high || low < 0 || high > len(edges) {
			t.Fatalf("tiers %d and %d of %v", low, high, parts)
		}
	})
}

func FuzzValues(f *testing.F) {
	for _, s := range []string{"2/3", "66.7%", "17%/33%/50%", "30/60/90", "0%/1.0%/1.5%", "6.9/>15", "521=469F 522=470F", "1e999999999", "9/0", ">", "=", "%", "-0", "12.60"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if r, err := policy.Share(s); err == nil && (r.Sign() < 0 || r.Cmp(big.NewRat(1, 1)) > 0) {
			t.Fatalf("share %q is %v", s, r)
		}
		if w, err := policy.Weights(s); err == nil {
			sum := money.Rate{}
			for _, r := range w {
				sum = sum.Add(r)
			}
			if sum.Cmp(money.NewRate(1, 0)) != 0 || len(w) != strings.Count(s, "/")+1 {
				t.Fatalf("weights %q are %v", s, w)
			}
		}
		if n, err := policy.Lengths(s); err == nil && (!slices.IsSorted(n) || n[0] < 1) {
			t.Fatalf("lengths %q are %v", s, n)
		}
		if r, err := policy.Rates(s); err == nil && len(r) != strings.Count(s, "/")+1 {
			t.Fatalf("rates %q are %v", s, r)
		}
		if e, err := policy.Edges(s); err == nil && policy.Tier(e[len(e)-1].At.Add(e[len(e)-1].At.Abs()).Add(money.NewRate(1, 0).Decimal()), e) != len(e) {
			t.Fatalf("edges %q are %v", s, e)
		}
		if c, err := policy.Cells(s); err == nil && len(c) != len(strings.Fields(s)) {
			t.Fatalf("cells %q are %v", s, c)
		}
		if n, err := policy.Number(s); err == nil && n.Exponent() < -12 {
			t.Fatalf("number %q is %v", s, n)
		}
	})
}
