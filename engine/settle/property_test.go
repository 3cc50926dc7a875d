package settle_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/settle"
)

// tracks are the three sets of terms, read once a test.
func tracks(t testing.TB) []settle.Terms {
	return []settle.Terms{terms(t, "1"), terms(t, "2"), terms(t, "3")}
}

func draw(t *rapid.T) settle.Input {
	in := settle.Input{CQS: decimal.New(int64(rapid.IntRange(0, 1000).Draw(t, "cqs")), -1), PostEpisode: money.Cents(rapid.Int64Range(0, 1e6).Draw(t, "post"))}
	amount := rapid.Int64Range(0, 1e10)
	for _, c := range episode.Categories() {
		if !rapid.Bool().Draw(t, c.String()) {
			continue
		}
		x := settle.Category{
			Category: c, Episodes: decimal.New(int64(rapid.IntRange(0, 5000).Draw(t, "episodes")), -1), Baseline: rapid.IntRange(-1, 60).Draw(t, "baseline"),
			Benchmark: money.Cents(amount.Draw(t, "benchmark")), Spending: money.Cents(amount.Draw(t, "spending")),
		}
		if rapid.IntRange(0, 3).Draw(t, "given") == 0 {
			x.Given, x.Target, x.Benchmark = true, x.Benchmark, 0
		}
		in.Categories = append(in.Categories, x)
	}
	share := func(name string) money.Rate { return money.NewRate(int64(rapid.IntRange(0, 1000).Draw(t, name)), 3) }
	in.Program = settle.Program{
		FixedCost: money.Cents(rapid.Int64Range(0, 1e7).Draw(t, "fixed")), PerEpisode: money.Cents(rapid.Int64Range(0, 1e4).Draw(t, "per episode")),
		Gainshare: share("gainshare"), ConvenerGain: share("gain share"), ConvenerLoss: share("loss share"), ConvenerFee: share("fee"),
	}
	return in
}

func TestEveryLedgerFoots(t *testing.T) {
	all := tracks(t)
	rapid.Check(t, func(t *rapid.T) {
		x := all[rapid.IntRange(0, 2).Draw(t, "track")]
		in := draw(t)
		l, f := settle.Settle(&x, &in), settle.Compute(&x, &in)
		if !l.Foots() {
			t.Fatalf("does not foot:\n%s", show(&l))
		}
		// The figures without words are the same figures.
		if l.Net != f.Net || l.Target != f.Target || l.Spending != f.Spending || l.GainBinds != f.GainBinds {
			t.Fatalf("ledger %s, figures %s", l.Net, f.Net)
		}
		for id, v := range map[string]money.Cents{"benchmark": f.Benchmark, "discount": f.Discount, "low_volume": f.LowVolume, "quality": f.Quality, "stop_limit": f.StopLimit, "npra": f.NPRA, "post_episode": f.PostEpisode} {
			line, ok := l.Line(id)
			if line.Amount != v || !ok && v != 0 || ok && v == 0 && !line.Subtotal {
				t.Fatalf("line %s %s, figure %s", id, line.Amount, v)
			}
			var parts money.Cents
			for _, p := range line.Parts {
				parts += p.Amount
			}
			if len(line.Parts) > 0 && parts != v {
				t.Fatalf("parts of %s sum to %s of %s", id, parts, v)
			}
		}
		// What holds in every settlement.
		if x.NeverRepays && f.Net < 0 {
			t.Fatalf("Track 1 repays %s", f.Net)
		}
		if f.NPRA > x.StopGain.Rate.Of(f.Target) || !x.NeverRepays && f.NPRA < -x.StopLoss.Rate.Of(f.Target) {
			t.Fatalf("%s is past a limit of %s", f.NPRA, f.Target)
		}
		if f.Quality > 0 && f.Reconciliation+f.LowVolume > 0 || f.Quality < 0 && f.Reconciliation+f.LowVolume < 0 {
			t.Fatalf("quality %s on %s", f.Quality, f.Reconciliation)
		}
	})
}

// The one exception is the rule's own: a repayment held at the stop-loss is a
// share of the target, so a smaller target makes it smaller.
func TestMoreDiscountNeverPaysMore(t *testing.T) {
	all := tracks(t)
	rapid.Check(t, func(t *rapid.T) {
		x := all[rapid.IntRange(0, 2).Draw(t, "track")]
		in := draw(t)
		before := settle.Compute(&x, &in).Net
		x.Discount[rapid.IntRange(0, 4).Draw(t, "category")].Rate = money.NewRate(int64(rapid.IntRange(200, 2000).Draw(t, "discount")), 4)
		if after := settle.Compute(&x, &in); after.Net > before && !after.LossBinds {
			t.Fatalf("more discount pays %s instead of %s", after.Net, before)
		}
	})
}

func TestAHigherScoreNeverPaysLess(t *testing.T) {
	all := tracks(t)
	rapid.Check(t, func(t *rapid.T) {
		x := all[rapid.IntRange(0, 2).Draw(t, "track")]
		in := draw(t)
		before := settle.Compute(&x, &in).Net
		in.CQS = decimal.Max(in.CQS, decimal.New(int64(rapid.IntRange(0, 1000).Draw(t, "better")), -1))
		if after := settle.Compute(&x, &in).Net; after < before {
			t.Fatalf("a score of %s pays %s instead of %s", in.CQS, after, before)
		}
	})
}

func TestLessSpendingNeverPaysLess(t *testing.T) {
	all := tracks(t)
	rapid.Check(t, func(t *rapid.T) {
		x := all[rapid.IntRange(0, 2).Draw(t, "track")]
		in := draw(t)
		if len(in.Categories) == 0 {
			return
		}
		before := settle.Compute(&x, &in).Net
		c := &in.Categories[rapid.IntRange(0, len(in.Categories)-1).Draw(t, "category")]
		c.Spending -= money.Cents(rapid.Int64Range(0, int64(c.Spending)).Draw(t, "less"))
		if after := settle.Compute(&x, &in).Net; after < before {
			t.Fatalf("less spending pays %s instead of %s", after, before)
		}
	})
}

func TestTheOrderOfCategoriesDoesNotMatter(t *testing.T) {
	all := tracks(t)
	rapid.Check(t, func(t *rapid.T) {
		x := all[rapid.IntRange(0, 2).Draw(t, "track")]
		in := draw(t)
		a := settle.Settle(&x, &in)
		in.Categories = rapid.Permutation(in.Categories).Draw(t, "order")
		b := settle.Settle(&x, &in)
		if show(&a) != show(&b) || a.Tags != b.Tags {
			t.Fatalf("%s\n%s", show(&a), show(&b))
		}
	})
}

func TestQualityComesBeforeTheLimits(t *testing.T) {
	all := tracks(t)
	rapid.Check(t, func(t *rapid.T) {
		x := all[rapid.IntRange(0, 2).Draw(t, "track")]
		in := draw(t)
		f := settle.Compute(&x, &in)
		if f.GainBinds && f.NPRA != x.StopGain.Rate.Of(f.Target) {
			t.Fatalf("a gain held at its limit is %s", f.NPRA)
		}
		if f.LossBinds && !x.NeverRepays && f.NPRA != -x.StopLoss.Rate.Of(f.Target) {
			t.Fatalf("a loss held at its limit is %s", f.NPRA)
		}
	})
}
