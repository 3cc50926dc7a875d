package settle_test

import (
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"bundlelab/engine/money"
	"bundlelab/engine/settle"
)

// figures are the numbers a ledger's addends repeat, by line.
func figures(f *settle.Figures) map[string]money.Cents {
	return map[string]money.Cents{
		"benchmark": f.Benchmark, "discount": f.Discount, "spending": -f.Spending, "dead_zone": f.DeadZone, "low_volume": f.LowVolume,
		"gain_floor": f.GainFloor, "min_rate": f.MinRate, "share": f.Share, "quality": f.Quality, "stop_limit": f.StopLimit,
		"post_episode": f.PostEpisode, "overlap": f.Overlap, "withhold": f.Withhold, "gate": f.Gate,
	}
}

// failer is a test, by hand or drawn.
type failer interface {
	Fatal(...any)
	Fatalf(string, ...any)
}

// foots checks all that holds in every ledger.
func foots(t failer, x *settle.Terms, in *settle.Input) settle.Figures {
	l, f := settle.Settle(x, in), settle.Compute(x, in)
	if !l.Foots() {
		t.Fatalf("does not foot:\n%s", show(&l))
	}
	sums := map[string]money.Cents{}
	for _, line := range l.Lines {
		if line.Label == "" || line.Formula == "" || line.Evidence == 0 || !line.Subtotal && line.Cite == "" {
			t.Fatalf("line %s does not explain itself: %+v", line.ID, line)
		}
		if !line.Subtotal && line.Amount == 0 {
			t.Fatalf("line %s adds nothing", line.ID)
		}
		sums[line.ID] += line.Amount
		var parts money.Cents
		for _, p := range line.Parts {
			parts += p.Amount
		}
		if len(line.Parts) > 0 && parts != line.Amount {
			t.Fatalf("parts of %s sum to %s of %s", line.ID, parts, line.Amount)
		}
	}
	for id, v := range figures(&f) {
		if sums[id] != v {
			t.Fatalf("line %s %s, figure %s:\n%s", id, sums[id], v, show(&l))
		}
	}
	for id, v := range map[string]money.Cents{"reconciliation_amount": f.Reconciliation, "quality_adjusted": f.QualityAdjusted, "npra": f.NPRA, "net_payment": f.Net, "target": f.Target} {
		if line, ok := l.Line(id); ok && line.Amount != v || !ok && id != "target" {
			t.Fatalf("subtotal %s %s, figure %s:\n%s", id, line.Amount, v, show(&l))
		}
	}
	if kept := f.Kept(); l.Hospital != kept {
		t.Fatalf("the hospital keeps %s without a ledger:\n%s", kept, show(&l))
	}
	if l.Net != f.Net || l.Target != f.Target || l.Spending != f.Spending || l.GainBinds != f.GainBinds || l.LossBinds != f.LossBinds {
		t.Fatalf("ledger %+v, figures %+v", l, f)
	}
	var targets money.Cents
	for _, v := range l.Targets {
		targets += v
	}
	if targets != f.Target {
		t.Fatalf("the categories' targets sum to %s of %s", targets, f.Target)
	}
	if l.Tags.Discount != f.Discount+f.DeadZone || l.Tags.StopGain+l.Tags.StopLoss != f.StopLimit || l.Tags.StopGain > 0 || l.Tags.StopLoss < 0 || l.Tags.Quality != f.Quality+f.Withhold+f.Gate {
		t.Fatalf("price tags %+v of %+v", l.Tags, f)
	}
	if x.NeverRepays && f.Net < 0 {
		t.Fatalf("one that never repays repays %s:\n%s", f.Net, show(&l))
	}
	return f
}

func TestEveryLedgerFoots(t *testing.T) {
	all := builtin(t)
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SampledFrom(all).Draw(t, "terms")
		in := totals(t, &x)
		foots(t, &x.Terms, &in)
	})
	rapid.Check(t, func(t *rapid.T) {
		x := random(t)
		in := totals(t, &x)
		foots(t, &x.Terms, &in)
	})
}

// Every set of terms the built-in designs have settles once without help of
// chance.
func TestEveryBuiltinSetOfTermsFoots(t *testing.T) {
	all := builtin(t)
	if len(all) < 200 {
		t.Fatalf("%d sets of terms", len(all))
	}
	for _, x := range all {
		draws := rapid.Custom(func(t *rapid.T) settle.Input { return totals(t, &x) })
		for seed := range 5 {
			t.Run(x.name, func(t *testing.T) {
				in := draws.Example(seed)
				foots(t, &x.Terms, &in)
			})
		}
	}
}

// either draws terms: of a built-in design, or made up.
func either(t *rapid.T, all []set) set {
	if rapid.Bool().Draw(t, "made up") {
		return random(t)
	}
	return rapid.SampledFrom(all).Draw(t, "terms")
}

// The one exception is the rule's own: a repayment held at the stop-loss is a
// share of the target, so a smaller target makes it smaller.
func TestMoreDiscountNeverPaysMore(t *testing.T) {
	all := builtin(t)
	rapid.Check(t, func(t *rapid.T) {
		x := either(t, all)
		in := totals(t, &x)
		before, free := settle.Compute(&x.Terms, &in), x.Terms
		more := money.NewRate(int64(rapid.IntRange(1, 1000).Draw(t, "more")), 4)
		x.Rates = slices.Clone(x.Rates)
		r := &x.Rates[rapid.IntRange(0, len(x.Rates)-1).Draw(t, "rates")]
		r.Gain.Rate, r.Loss.Rate = r.Gain.Rate.Add(more), r.Loss.Rate.Add(more)
		if after := settle.Compute(&x.Terms, &in); after.Net > before.Net && (!after.LossBinds || x.NeverRepays || x.LimitBase == "benchmark" || x.LimitBase == "reimbursement") {
			t.Fatalf("more discount pays %s instead of %s", after.Net, before.Net)
		}
		// Without the stop-loss there is no exception.
		free.StopLoss.None, x.StopLoss.None = true, true
		if a, b := settle.Compute(&x.Terms, &in), settle.Compute(&free, &in); a.Net > b.Net {
			t.Fatalf("without a stop-loss more discount pays %s instead of %s", a.Net, b.Net)
		}
	})
}

func TestOneDollarMoreSpendingNeverPaysMore(t *testing.T) {
	all := builtin(t)
	rapid.Check(t, func(t *rapid.T) {
		x := either(t, all)
		in := totals(t, &x)
		before := settle.Compute(&x.Terms, &in).Net
		c := &in.Categories[rapid.IntRange(0, len(in.Categories)-1).Draw(t, "category")]
		c.Spending += rapid.OneOf(rapid.Just(money.Cents(100)), rapid.Custom(func(t *rapid.T) money.Cents { return money.Cents(rapid.Int64Range(1, 1e9).Draw(t, "cents")) })).Draw(t, "more")
		if after := settle.Compute(&x.Terms, &in).Net; after > before {
			t.Fatalf("more spending pays %s instead of %s", after, before)
		}
	})
}

func TestAHigherScoreNeverPaysLess(t *testing.T) {
	all := builtin(t)
	rapid.Check(t, func(t *rapid.T) {
		x := either(t, all)
		in := totals(t, &x)
		before := settle.Compute(&x.Terms, &in)
		step := x.Quality.Scale.Sub(in.CQS)
		in.CQS = in.CQS.Add(step.Mul(decimal.New(5, -1)).Round(2))
		// A better tier raises the target, and a repayment held at the stop-loss
		// with it.
		if after := settle.Compute(&x.Terms, &in); after.Net < before.Net && (!x.Quality.Acts("discount") || !after.LossBinds) {
			t.Fatalf("a score of %s pays %s instead of %s", in.CQS, after.Net, before.Net)
		}
	})
}

func TestNeutralTermsChangeNothing(t *testing.T) {
	all := builtin(t)
	rapid.Check(t, func(t *rapid.T) {
		x := either(t, all)
		in := totals(t, &x)
		none := settle.Graded{None: true}
		x.Rates = slices.Clone(x.Rates)
		for i := range x.Rates {
			x.Rates[i].Gain, x.Rates[i].Loss = settle.Graded{}, settle.Graded{}
		}
		x.GainShare, x.LossShare, x.GainFloor, x.MinGain, x.MinLoss = none, none, none, none, none
		x.StopGain, x.StopLoss, x.NeverRepays, x.LowVolume, x.Quality = none, none, false, 0, settle.Quality{Scale: x.Quality.Scale}
		var want money.Cents
		for i := range in.Categories {
			c := &in.Categories[i]
			c.Thresholds = nil
			want += c.Benchmark + c.Target - c.Spending
		}
		for _, a := range in.Adds {
			if a.Stage != settle.ToHospital {
				want += a.Line.Amount
			}
		}
		if f := foots(t, &x.Terms, &in); f.Net != want-in.PostEpisode-in.Overlap {
			t.Fatalf("neutral terms pay %s, benchmark less spending and charges is %s", f.Net, want-in.PostEpisode-in.Overlap)
		}
		// A rate that takes nothing is no rate.
		plain := settle.Compute(&x.Terms, &in)
		whole, nothing := settle.Graded{Rate: money.NewRate(1, 0)}, settle.Graded{}
		x.GainShare, x.LossShare, x.GainFloor, x.MinGain, x.MinLoss, x.MinStep = whole, whole, nothing, nothing, nothing, true
		x.StopGain, x.StopLoss = settle.Graded{Rate: money.NewRate(1e9, 0)}, settle.Graded{Rate: money.NewRate(1e9, 0)}
		if f := settle.Compute(&x.Terms, &in); f.Net != plain.Net && f.StopLimit == 0 {
			t.Fatalf("rates that take nothing pay %s instead of %s", f.Net, plain.Net)
		}
	})
}

func TestTheOrderOfCategoriesDoesNotMatter(t *testing.T) {
	all := builtin(t)
	rapid.Check(t, func(t *rapid.T) {
		x := either(t, all)
		in := totals(t, &x)
		a := settle.Settle(&x.Terms, &in)
		in.Categories = rapid.Permutation(in.Categories).Draw(t, "order")
		b := settle.Settle(&x.Terms, &in)
		if show(&a) != show(&b) || a.Tags != b.Tags {
			t.Fatalf("%s\n%s", show(&a), show(&b))
		}
	})
}

// Between its two targets a pool owes exactly nothing, and no target counts.
func TestTheDeadZoneOwesNothing(t *testing.T) {
	all := builtin(t)
	rapid.Check(t, func(t *rapid.T) {
		x := either(t, all)
		in := totals(t, &x)
		in.Categories, in.PostEpisode, in.Overlap, in.Adds = in.Categories[:1], 0, 0, nil
		c := &in.Categories[0]
		c.Baseline = -1
		off := x.off(in.CQS)
		left := func(r money.Rate) money.Cents { // a score makes no premium of a discount
			if r.Sign() > 0 && r.Cmp(off) < 0 {
				return c.Benchmark
			}
			return c.Benchmark - r.Sub(off).Of(c.Benchmark)
		}
		gain, loss := left(x.RatesOf(c).Gain.Rate), left(x.RatesOf(c).Loss.Rate)
		if l := c.Thresholds; l != nil {
			gain, loss = l.Commendable, l.Acceptable
		}
		if c.Given || gain >= loss {
			t.Skip("one target")
		}
		c.Spending = gain + money.Cents(rapid.Int64Range(0, int64(loss-gain)).Draw(t, "inside"))
		f := foots(t, &x.Terms, &in)
		l := settle.Settle(&x.Terms, &in)
		if _, target := l.Line("target"); target || f.Reconciliation != 0 || f.NPRA != 0 || f.Net-f.Withhold != 0 {
			t.Fatalf("spending %s between %s and %s:\n%s", c.Spending, gain, loss, show(&l))
		}
		// A cent outside is owed before shares, floors and gates.
		c.Spending = gain - 1
		if f := settle.Compute(&x.Terms, &in); f.Reconciliation != 1 || f.DeadZone != 0 {
			t.Fatalf("a cent below %s: %s", gain, f.Reconciliation)
		}
		c.Spending = loss + 1
		if f := settle.Compute(&x.Terms, &in); f.Reconciliation != -1 || f.DeadZone != 0 {
			t.Fatalf("a cent above %s: %s", loss, f.Reconciliation)
		}
	})
}

// bound is what a limit is a share of.
func bound(x *settle.Terms, in *settle.Input, f *settle.Figures) (money.Cents, bool) {
	switch x.LimitBase {
	case "reimbursement":
		if in.Reimbursement == nil {
			return 0, false
		}
		return *in.Reimbursement, true
	}
	var sum, out, beside money.Cents
	thresholds := false
	targets := settle.Settle(x, in).Targets
	for i, c := range in.Categories {
		before := c.Benchmark + c.Target
		if c.Thresholds != nil {
			thresholds = true
			before += c.Thresholds.Acceptable
		}
		sum += before
		// What is left out for low volume is no base of a limit.
		if x.LowVolumeAction.None && x.LowVolume > 0 && c.Baseline >= 0 && c.Baseline < x.LowVolume {
			sum -= before
			out += targets[i]
		}
	}
	for _, a := range in.Adds {
		if a.Stage == settle.ToTarget || a.Stage == settle.ToSpending {
			beside += a.Line.Amount.Abs()
		}
	}
	// Categories with thresholds of their own stand each on its side, so that
	// no one target is the base.
	if x.LimitBase == "benchmark" || thresholds && len(in.Categories) > 1 && beside == 0 {
		return sum, true
	}
	return f.Target - out, true
}

func TestLimitsHold(t *testing.T) {
	all := builtin(t)
	rapid.Check(t, func(t *rapid.T) {
		x := either(t, all)
		in := totals(t, &x)
		if !x.Pooled {
			in.Categories = in.Categories[:1]
		}
		f := settle.Compute(&x.Terms, &in)
		b, known := bound(&x.Terms, &in, &f)
		if !known {
			if f.GainBinds || f.LossBinds && !x.NeverRepays {
				t.Fatal("a limit of nothing known binds")
			}
			return
		}
		// Where quality acts after the limits it only makes an amount smaller, or
		// gives back of a loss.
		held := f.QualityAdjusted + f.StopLimit
		if x.after {
			held = f.QualityAdjusted - f.Quality
		}
		most, least := max(0, x.StopGain.Rate.Of(b)), min(0, -x.StopLoss.Rate.Of(b))
		if !x.StopGain.None && held > most || f.GainBinds && held != most {
			t.Fatalf("%s is past the limit of %s", held, most)
		}
		if x.NeverRepays {
			least = 0
		}
		if (!x.StopLoss.None || x.NeverRepays) && held < least || f.LossBinds && held != least {
			t.Fatalf("%s is past the limit of %s", held, least)
		}
		if f.GainBinds && x.StopGain.None || f.LossBinds && x.StopLoss.None && !x.NeverRepays {
			t.Fatal("no limit binds")
		}
		if f.NPRA > held && held >= 0 || f.NPRA < held && held < 0 {
			t.Fatalf("quality makes %s of %s", f.NPRA, held)
		}
	})
}

// A gate withholds a payment and leaves a repayment as it is.
func TestAGateNeverForgives(t *testing.T) {
	all := builtin(t)
	rapid.Check(t, func(t *rapid.T) {
		x := either(t, all)
		in := totals(t, &x)
		passed, failed := true, false
		in.Gate = &passed
		open := settle.Compute(&x.Terms, &in)
		in.Gate = &failed
		shut := settle.Compute(&x.Terms, &in)
		want := open.Net
		if x.Quality.Acts("gate") {
			want = min(want, 0)
		}
		if open.Gate != 0 || shut.Net != want {
			t.Fatalf("passed %s, failed %s", open.Net, shut.Net)
		}
		// The score's own word: at the bar it passes, below it does not.
		in.Gate = nil
		in.CQS = x.Quality.Gate.Rate.Decimal()
		if f := settle.Compute(&x.Terms, &in); f.Gate != 0 {
			t.Fatalf("a score at the bar is not paid %s", -f.Gate)
		}
	})
}

// Categories that are pools of their own settle one by one to the same.
func TestPoolsOfTheirOwnSum(t *testing.T) {
	all := slices.DeleteFunc(builtin(t), func(x set) bool { return x.Pooled })
	if len(all) == 0 {
		t.Fatal("no design settles category by category")
	}
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SampledFrom(all).Draw(t, "terms")
		if rapid.Bool().Draw(t, "made up") {
			x = random(t)
			x.Pooled = false
		}
		in := totals(t, &x)
		in.PostEpisode, in.Overlap, in.Reimbursement = 0, 0, nil
		yes := true
		in.Gate = &yes
		whole := foots(t, &x.Terms, &in)
		var npra, adjusted, stop money.Cents
		for _, c := range in.Categories {
			alone := in
			alone.Categories = []settle.Category{c}
			f := settle.Compute(&x.Terms, &alone)
			npra, adjusted, stop = npra+f.NPRA, adjusted+f.QualityAdjusted, stop+f.StopLimit
		}
		if npra != whole.NPRA || adjusted != whole.QualityAdjusted || stop != whole.StopLimit || whole.Withhold == 0 && whole.Net != npra {
			t.Fatalf("one by one %s, together %s", npra, whole.NPRA)
		}
	})
}
