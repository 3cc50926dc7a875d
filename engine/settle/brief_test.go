package settle_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/settle"
)

// grades are how a figure may be known; 0 is as imported.
func grades() []policy.Evidence {
	return []policy.Evidence{0, policy.Regulation, policy.Derived, policy.Assumed, policy.User}
}

// A brief ledger has every figure, grade and warning of the full one, and one
// without formulas its lines, under every built-in design and made-up ones.
func TestABriefIsItsLedgerWithoutLines(t *testing.T) {
	all := builtin(t)
	rapid.Check(t, func(t *rapid.T) {
		x := either(t, all)
		in := totals(t, &x)
		for i := range in.Categories {
			in.Categories[i].Uncapped = in.Categories[i].Spending + 7
		}
		grade := func(name string) policy.Evidence { return rapid.SampledFrom(grades()).Draw(t, name) }
		in.Benchmark = policy.Source{Cite: rapid.SampledFrom([]string{"", "a table"}).Draw(t, "source"), Evidence: grade("benchmark's")}
		in.CQSEvidence, in.SpendingEvidence, in.SpendingAssumed = grade("score's"), grade("spending's"), rapid.Bool().Draw(t, "supposed")
		x.StopGain.Evidence, x.StopLoss.Evidence = grade("stop-gain's"), grade("stop-loss's")
		full, brief := settle.Settle(&x.Terms, &in), settle.Brief(&x.Terms, &in)
		if len(brief.Lines) > 0 {
			t.Fatalf("%d lines", len(brief.Lines))
		}
		in.Plain = true
		plain := settle.Settle(&x.Terms, &in)
		if len(plain.Lines) != len(full.Lines) || plain.Evidence != full.Evidence {
			t.Fatalf("%s\n%s", show(&full), show(&plain))
		}
		for i, a := range full.Lines {
			b := plain.Lines[i]
			same := slices.EqualFunc(a.Parts, b.Parts, func(p, q settle.Part) bool {
				return p.Category == q.Category && p.Amount == q.Amount && p.Rate.Cmp(q.Rate) == 0
			})
			if a.Formula, a.Parts, b.Parts = b.Formula, nil, nil; !same || !reflect.DeepEqual(a, b) {
				t.Fatalf("without formulas %+v\nis %+v", a, b)
			}
		}
		if !slices.Equal(full.Targets, brief.Targets) || !slices.Equal(full.Warnings, brief.Warnings) {
			t.Fatalf("targets %v and %v, warnings %q and %q", full.Targets, brief.Targets, full.Warnings, brief.Warnings)
		}
		if full.Target != brief.Target || full.Spending != brief.Spending || full.Net != brief.Net || full.Hospital != brief.Hospital ||
			full.Tags != brief.Tags || full.Evidence != brief.Evidence || full.GainBinds != brief.GainBinds || full.LossBinds != brief.LossBinds {
			t.Fatalf("full %+v\nbrief %+v\n%s", full, brief, show(&full))
		}
		if worst, sure := settle.Worst(&x.Terms, &in, full.GainBinds || full.LossBinds), settle.Sure(&x.Terms, &in); full.Evidence > worst || full.Evidence < sure {
			t.Fatalf("graded %s, not from %s to %s:\n%s", full.Evidence, sure, worst, show(&full))
		}
	})
}

// A case at another score is the case that is made of that score.
func TestARescoredCaseIsANewOne(t *testing.T) {
	all := builtin(t)
	var memory settle.Rescored
	rapid.Check(t, func(t *rapid.T) {
		x := either(t, all)
		in := totals(t, &x)
		old := in
		old.CQS = decimal.New(rapid.Int64Range(0, 1000).Draw(t, "old score"), -1)
		yes, no := true, false
		gates := []*bool{nil, &yes, &no}
		old.Gate, in.Gate = rapid.SampledFrom(gates).Draw(t, "old gate"), rapid.SampledFrom(gates).Draw(t, "gate")
		var spending []money.Cents
		for i := range in.Categories {
			spending = append(spending, in.Categories[i].Spending)
		}
		was, want := settle.NewCase(&x.Terms, &old), settle.NewCase(&x.Terms, &in)
		got := memory.Of(&was, in.CQS, in.Gate)
		var a, b settle.Figures
		a.Settle(&want, want.Adds, spending)
		b.Settle(got, got.Adds, spending)
		if d := cmp.Diff(a, b, cmpopts.IgnoreUnexported(settle.Figures{})); d != "" || a.Kept() != b.Kept() {
			t.Fatalf("%s from %s to %s: %s", x.Design, old.CQS, in.CQS, d)
		}
	})
}
