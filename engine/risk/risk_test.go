package risk_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"bundlelab/engine/money"
	"bundlelab/engine/risk"
)

func TestDescribe(t *testing.T) {
	// -10, -9 ... 10: 21 values. p5 = ceil(1.05) = 2nd = -9, p25 = ceil(5.25) =
	// 6th = -5, p50 = 11th = 0, p75 = ceil(15.75) = 16th = 5, p95 = ceil(19.95)
	// = 20th = 9. Mean 0; 10 repay, 5.5 on average, away from zero 6.
	var nets []money.Cents
	for i := 10; i >= -10; i-- {
		nets = append(nets, money.Cents(i))
	}
	d := risk.Describe(nets, 7)
	if d.P5 != -9 || d.P25 != -5 || d.P50 != 0 || d.P75 != 5 || d.P95 != 9 || d.Mean != 0 || d.Repay != 10 || d.MeanRepay != 6 || d.Draws != 21 || d.Seed != 7 {
		t.Errorf("%+v", d)
	}
	// 10/21 = 0.476190...
	if got := d.PRepay().String(); got != "0.4762" {
		t.Errorf("P(repay) = %s", got)
	}
	if nets[0] != 10 || !slices.IsSorted(d.Sorted) {
		t.Error("the draws are reordered in place, or not sorted")
	}
	// The mean of -1 and -2 is -1.5: -2. Nobody is paid, so both repay 1.5: 2.
	d = risk.Describe([]money.Cents{-1, -2}, 0)
	if d.Mean != -2 || d.MeanRepay != 2 || d.PRepay().String() != "1.0000" || d.P5 != -2 || d.P50 != -2 || d.P95 != -1 {
		t.Errorf("%+v", d)
	}
	if d = risk.Describe([]money.Cents{0}, 0); d.Repay != 0 || d.MeanRepay != 0 || d.P5 != 0 || d.P95 != 0 {
		t.Errorf("one draw of nothing: %+v", d)
	}
}

func list(n int) []risk.Episode {
	out := make([]risk.Episode, n)
	for i := range out {
		// Decimal digits show which episodes a sum holds.
		out[i] = risk.Episode{Benchmark: money.Micros(1000 + i), Spending: money.Micros(1_000_000 + 7*i), Estimated: money.Micros(i)}
	}
	return out
}

// These are PCG(seed, stream) with IntN(n) in episode order (ruling 50): a
// change of the generator, the order of calls or their number shows here.
func TestResampleIsFixedForever(t *testing.T) {
	got := risk.Resample(list(10), 3, 42, 5)
	for i, want := range []money.Micros{10_046, 10_057, 10_056} {
		if got[i].Benchmark != want {
			t.Errorf("draw %d sums to %d, want %d", i, got[i].Benchmark, want)
		}
	}
}

func TestResample(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "episodes")
		seed, stream := rapid.Uint64().Draw(t, "seed"), rapid.Uint64Range(0, 500).Draw(t, "stream")
		a, b := risk.Resample(list(n), 20, seed, stream), risk.Resample(list(n), 20, seed, stream)
		if !slices.Equal(a, b) {
			t.Fatal("the same seed gives other draws")
		}
		// Fewer draws are the first of more: the count does not move them.
		if !slices.Equal(risk.Resample(list(n), 5, seed, stream), a[:5]) {
			t.Fatal("asking for fewer draws changes them")
		}
		if n == 1 {
			return
		}
		for _, s := range a {
			// One draw picks the same episodes for benchmark and spending.
			index := int64(s.Estimated)
			if int64(s.Benchmark) != int64(1000*n)+index || int64(s.Spending) != int64(1_000_000*n)+7*index {
				t.Fatalf("%+v is no sum of %d episodes", s, n)
			}
		}
	})
	if slices.Equal(risk.Resample(list(30), 20, 1, 0), risk.Resample(list(30), 20, 1, 1)) {
		t.Error("two streams draw alike")
	}
	if slices.Equal(risk.Resample(list(30), 20, 1, 0), risk.Resample(list(30), 20, 2, 0)) {
		t.Error("two seeds draw alike")
	}
}
