package settle_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/settle"
)

// contract finds a design with one period.
func contract(t testing.TB, id string) (*policy.Design, policy.Period) {
	t.Helper()
	all, err := policy.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	d, err := all.Get(id)
	if err != nil {
		t.Fatal(err)
	}
	return d, d.Periods[0]
}

// ruled are a contract's terms in a track.
func ruled(t testing.TB, id, track string) settle.Terms {
	t.Helper()
	d, p := contract(t, id)
	x, err := settle.Resolve(d, p, settle.Asked{Track: track})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// formed settles a formula and checks that every line explains itself and that
// parts sum to their line.
func formed(t testing.TB, f settle.Formula, x settle.Terms, in settle.Input) settle.Ledger {
	t.Helper()
	bare, plain := x, in
	plain.Plain = true
	x, in = f.Settle(x, in)
	l := settled(t, x, in)
	for _, k := range l.Lines {
		if k.Label == "" || k.Formula == "" || k.Evidence == 0 || k.Cite == "" && k.ID != "hospital_net" {
			t.Errorf("line %s does not explain itself: %+v", k.ID, k)
		}
		var sum money.Cents
		for _, p := range k.Parts {
			sum += p.Amount
		}
		if len(k.Parts) > 0 && sum != k.Amount {
			t.Errorf("parts of %s sum to %s, not %s", k.ID, sum, k.Amount)
		}
	}
	if c := settle.Compute(&x, &in); c.Net != l.Net {
		t.Errorf("figures say %s, the ledger %s", c.Net, l.Net)
	}
	x, in = f.Settle(bare, plain)
	if c := settle.Compute(&x, &in); c.Net != l.Net {
		t.Errorf("without words %s, with words %s", c.Net, l.Net)
	}
	return l
}

func TestFixedPriceWithWarranty(t *testing.T) {
	// D15: 10% x 15,000 x 50% = 750 a case. 100 cases at 30,000 and 27,000:
	// 3,000,000 - 2,700,000 - 75,000 = 225,000, 2,250 a case.
	x := settle.FixedPrice{
		Name: "CABG", Cases: number(t, "100"), Price: cents(t, "30000.00"), Cost: cents(t, "27000.00"),
		Warranty: []settle.Event{{"readmission", rate(t, "10%"), cents(t, "15000.00"), rate(t, "50%")}},
	}
	l := formed(t, &x, ruled(t, "prospective", "provencare"), settle.Input{})
	expect(t, &l, `benchmark 3000000.00 target =3000000.00 spending -2700000.00 warranty -75000.00 reconciliation_amount =225000.00
		quality_adjusted =225000.00 npra =225000.00 net_payment =225000.00 hospital_net =225000.00`)
	if r, _ := l.Line("reconciliation_amount"); r.Formula != "$3,000,000.00 - $2,700,000.00 - $75,000.00 beside the spending" {
		t.Errorf("formula %q", r.Formula)
	}
	x.Cases = number(t, "1")
	l = formed(t, &x, ruled(t, "prospective", "provencare"), settle.Input{})
	if w, _ := l.Line("warranty"); w.Amount != -75_000 {
		t.Errorf("D15: warranty %s of one case", w.Amount)
	}
	// An excluded cause is not absorbed; the line rounds once: 3 x 1% x 0.50
	// = 0.015, twice is 0.03.
	x = settle.FixedPrice{
		Name: "LEJR", Cases: number(t, "3"), Price: cents(t, "23505.00"), Cost: cents(t, "27721.00"),
		Warranty: []settle.Event{{"a", rate(t, "1%"), 50, rate(t, "100%")}, {"b", rate(t, "1%"), 50, rate(t, "100%")}, {"implant", rate(t, "10%"), 1_000_000, rate(t, "0%")}},
	}
	// P9: the price is given, so the preset's 15.2% comes off no more: 3 x
	// (23,505 - 27,721) = -12,648.
	l = formed(t, &x, ruled(t, "prospective", "coe"), settle.Input{})
	expect(t, &l, `benchmark 70515.00 target =70515.00 spending -83163.00 warranty -0.03 reconciliation_amount =-12648.03
		quality_adjusted =-12648.03 npra =-12648.03 net_payment =-12648.03 hospital_net =-12648.03`)
}

func TestWarrantedTotals(t *testing.T) {
	d, p := contract(t, "prospective")
	in := settle.Input{
		Categories:       []settle.Category{{Name: "LEJR", Episodes: number(t, "10"), Benchmark: cents(t, "300000.00"), Spending: cents(t, "280000.00"), Uncapped: cents(t, "280000.00")}},
		Benchmark:        policy.Source{Cite: "table", Evidence: policy.Assumed},
		SpendingEvidence: policy.Assumed,
	}
	for track, want := range map[string]string{
		// Half of the 30,000 expected is in the price: 270,000 + 15,000.
		"provencare": `benchmark 270000.00 warranty_price 15000.00 target =285000.00 spending -262000.00 warranty -18000.00 reconciliation_amount =5000.00
			quality_adjusted =5000.00 npra =5000.00 net_payment =5000.00 hospital_net =5000.00`,
		// P9: 23,505 against 27,721 is 15.2% less, complications in it.
		"coe": `benchmark 300000.00 discount -45600.00 target =254400.00 spending -262000.00 warranty -18000.00 reconciliation_amount =-25600.00
			quality_adjusted =-25600.00 npra =-25600.00 net_payment =-25600.00 hospital_net =-25600.00`,
		"negotiated": `benchmark 300000.00 target =300000.00 spending -262000.00 warranty -18000.00 reconciliation_amount =20000.00
			quality_adjusted =20000.00 npra =20000.00 net_payment =20000.00 hospital_net =20000.00`,
	} {
		share, err := settle.Stated(d, p, policy.Scope{Track: track}, "warranty.share")
		if err != nil {
			t.Fatal(err)
		}
		x := settle.Warranted{Parts: []settle.Complications{{Expected: cents(t, "30000.00"), Actual: cents(t, "18000.00")}}, Share: share}
		l := formed(t, &x, ruled(t, "prospective", track), in)
		expect(t, &l, want)
		if tg, _ := l.Line("target"); l.Targets[0] != tg.Amount || l.Tags.Cap != 0 {
			t.Errorf("%s: category target %s of %s, cap %s", track, l.Targets[0], tg.Amount, l.Tags.Cap)
		}
	}
}

func TestNothingOfComplicationsInThePrice(t *testing.T) {
	// A share of 0% is not the absence of one: 30,000 stay out of the price.
	x := settle.Warranted{Parts: []settle.Complications{{Expected: cents(t, "30000.00"), Actual: cents(t, "18000.00")}}, Share: settle.Given(rate(t, "0%"))}
	l := formed(t, &x, ruled(t, "prospective", "negotiated"), settle.Input{Categories: []settle.Category{category(t, episode.LEJR, -1, "300000.00", "280000.00")}})
	if l.Net != -1_000_000 { // 270,000 - 262,000 - 18,000
		t.Errorf("net %s", l.Net)
	}
}

func TestPrometheusBudget(t *testing.T) {
	d, p := contract(t, "prometheus")
	x, err := settle.PrometheusOf(d, p, policy.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	// P11: typical 9,800 and half of 20,600 make 20,100. Spent: 19,000.
	one := rate(t, "1")
	x.Rates = []settle.CaseRate{settle.PerCase("CHF", "", number(t, "1"), cents(t, "9800.00"), one, cents(t, "20600.00"), cents(t, "19000.00"))}
	l := formed(t, &x, ruled(t, "prometheus", ""), settle.Input{CQS: number(t, "50")})
	expect(t, &l, `benchmark 9800.00 pac 10300.00 target =20100.00 spending -19000.00 reconciliation_amount =1100.00
		quality_adjusted =1100.00 npra =1100.00 net_payment =1100.00 hospital_net =1100.00`)
	if l.Targets[0] != 2_010_000 {
		t.Errorf("P11: budget %s", l.Targets[0])
	}
	// P12: a hip's 3,757 of complications is 14% of 26,836. Ten hips, a tenth
	// sicker, a margin of 10%: 1.1 x 230,790 = 253,869, margin 25,386.90,
	// allowance half of 37,570.
	x.Margin = settle.Given(rate(t, "10%"))
	x.Rates = []settle.CaseRate{settle.PerCase("LEJR", "", number(t, "10"), cents(t, "23079.00"), rate(t, "1.1"), cents(t, "3757.00"), cents(t, "30000.00"))}
	terms := ruled(t, "prometheus", "")
	// Score 70% of 80 and 30% of 60 = 74: of 5% withheld of 300,000 a share of
	// 26% is not returned, 3,900.
	terms.Quality.Withhold = settle.Given(rate(t, "5%"))
	l = formed(t, &x, terms, settle.Input{CQS: settle.TeamScore(number(t, "80"), number(t, "60"))})
	expect(t, &l, `benchmark 253869.00 margin 25386.90 pac 18785.00 target =298040.90 spending -300000.00 reconciliation_amount =-1959.10
		quality_adjusted =-1959.10 npra =-1959.10 withhold -3900.00 net_payment =-5859.10 hospital_net =-5859.10`)
}

func TestConditionMix(t *testing.T) {
	d, p := contract(t, "msk-knee")
	x, err := settle.ConditionOf(d, p, policy.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	// D17: 30% x 32,000 + 70% x 3,500 = 12,050 a patient in the price, 25% and
	// 75% = 10,625 in fact: 1,000 patients save 1,425,000.
	n := number(t, "1000")
	x.Treatments = []settle.Treatment{
		settle.Branch("TKA", true, n, rate(t, "30%"), rate(t, "25%"), cents(t, "32000.00"), cents(t, "32000.00")),
		settle.Branch("conservative", false, n, rate(t, "70%"), rate(t, "75%"), cents(t, "3500.00"), cents(t, "3500.00")),
	}
	if err := x.Check(); err != nil {
		t.Fatal(err)
	}
	l := formed(t, &x, ruled(t, "msk-knee", ""), settle.Input{})
	expect(t, &l, `benchmark 12050000.00 target =12050000.00 spending -10625000.00 reconciliation_amount =1425000.00
		quality_adjusted =1425000.00 npra =1425000.00 net_payment =1425000.00 hospital_net =1425000.00`)
	// Of the 50 operations avoided 20% come later: 10 x (32,000 - 3,500) =
	// 285,000 less, and the margin of the other 40 at 9,000 is lost. 2% off
	// the price: 192,000 of 9,600,000 and 49,000 of 2,450,000.
	x.Deferral, x.Margin = settle.Given(rate(t, "20%")), settle.Given(rate(t, "9000"))
	terms := ruled(t, "msk-knee", "")
	terms.Rates[0].Gain = settle.Given(rate(t, "2%"))
	terms.Rates[0].Loss = terms.Rates[0].Gain
	l = formed(t, &x, terms, settle.Input{})
	expect(t, &l, `benchmark 12050000.00 discount -241000.00 target =11809000.00 spending -10625000.00 reconciliation_amount =1184000.00
		quality_adjusted =1184000.00 npra =1184000.00 deferral -285000.00 net_payment =899000.00 lost_margin -360000.00 hospital_net =539000.00`)
	// What is put off costs what operations cost by then: 10 x (30,000 - 3,500).
	x.Treatments[0] = settle.Branch("TKA", true, n, rate(t, "30%"), rate(t, "25%"), cents(t, "32000.00"), cents(t, "30000.00"))
	l = formed(t, &x, ruled(t, "msk-knee", ""), settle.Input{})
	if off, _ := l.Line("deferral"); off.Amount != -26_500_000 {
		t.Errorf("deferral %s at later costs", off.Amount)
	}
	// More operations than expected: nothing is put off, and margin is won.
	x.Treatments = []settle.Treatment{
		settle.Branch("TKA", true, n, rate(t, "30%"), rate(t, "31%"), cents(t, "32000.00"), cents(t, "32000.00")),
		settle.Branch("conservative", false, n, rate(t, "70%"), rate(t, "69%"), cents(t, "3500.00"), cents(t, "3500.00")),
	}
	l = formed(t, &x, ruled(t, "msk-knee", ""), settle.Input{})
	expect(t, &l, `benchmark 12050000.00 target =12050000.00 spending -12335000.00 reconciliation_amount =-285000.00
		quality_adjusted =-285000.00 npra =-285000.00 net_payment =-285000.00 lost_margin 90000.00 hospital_net =-195000.00`)
	// All avoided: what an operation would have cost is the price's figure.
	x.Margin.None = true
	x.Treatments = []settle.Treatment{
		settle.Branch("TKA", true, n, rate(t, "30%"), rate(t, "0%"), cents(t, "32000.00"), cents(t, "40000.00")),
		settle.Branch("conservative", false, n, rate(t, "70%"), rate(t, "100%"), cents(t, "3500.00"), cents(t, "3500.00")),
	}
	l = formed(t, &x, ruled(t, "msk-knee", ""), settle.Input{})
	if off, _ := l.Line("deferral"); off.Amount != -171_000_000 { // 20% x 300 x 28,500
		t.Errorf("deferral %s", off.Amount)
	}
	x.Treatments = x.Treatments[:1]
	if x.Check() == nil {
		t.Error("a mix that loses patients passes")
	}
}

func TestCapitation(t *testing.T) {
	d, p := contract(t, "capitation")
	x, err := settle.CapitationOf(d, p, policy.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	// 400 x 1.05 x 12,000 member months = 5,040,000, less 40,000 carved out;
	// claims 5,100,000.
	x.Categories = []settle.Category{settle.Members("members", cents(t, "400.00"), rate(t, "1.05"), number(t, "12000"), cents(t, "5100000.00"))}
	x.CarveOuts = cents(t, "40000.00")
	l := formed(t, &x, ruled(t, "capitation", ""), settle.Input{})
	expect(t, &l, `benchmark 5040000.00 carve_outs -40000.00 target =5000000.00 spending -5100000.00 reconciliation_amount =-100000.00
		quality_adjusted =-100000.00 npra =-100000.00 net_payment =-100000.00 hospital_net =-100000.00`)
	// 90% of what two members cost past 250,000: 90% x (100,000 + 50,000) =
	// 135,000, a third below it brings nothing. Premium 1.5% and admin 4% of
	// 5,000,000.
	x.Attachment, x.Recovery = settle.Given(rate(t, "250000")), settle.Given(rate(t, "90%"))
	x.Premium, x.Admin = settle.Given(rate(t, "1.5%")), settle.Given(rate(t, "4%"))
	x.Above([]money.Cents{cents(t, "350000.00"), cents(t, "300000.00"), cents(t, "200000.00")})
	l = formed(t, &x, ruled(t, "capitation", ""), settle.Input{})
	expect(t, &l, `benchmark 5040000.00 carve_outs -40000.00 target =5000000.00 spending -5100000.00 stop_loss_recovery 135000.00
		premium -75000.00 admin -200000.00 reconciliation_amount =-240000.00
		quality_adjusted =-240000.00 npra =-240000.00 net_payment =-240000.00 hospital_net =-240000.00`)
	// The stop-loss pays at most 100,000 in all, and a corridor leaves the
	// group half of the loss.
	most := cents(t, "100000.00")
	x.Most = &most
	terms := ruled(t, "capitation", "")
	terms.LossShare = settle.Given(rate(t, "50%"))
	l = formed(t, &x, terms, settle.Input{})
	if l.Net != -13_750_000 { // half of -275,000
		t.Errorf("net %s", l.Net)
	}
}

// Any figures: ledgers foot, explain themselves, have parts that sum to their
// line, and are the same without words (formed checks all of it).
func TestFormulasFoot(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		amount := func(name string) money.Cents { return money.Cents(rapid.Int64Range(0, 3_000_000_000).Draw(r, name)) }
		share := func(name string) money.Rate { return money.NewRate(rapid.Int64Range(0, 10_000).Draw(r, name), 4) }
		count := func(name string) decimal.Decimal { return decimal.New(rapid.Int64Range(1, 90_000).Draw(r, name), -2) }
		list := func() []settle.Category {
			var out []settle.Category
			for _, name := range []string{"LEJR", "CABG", "FUSION"}[:rapid.IntRange(1, 3).Draw(r, "categories")] {
				out = append(out, settle.Category{Name: name, Baseline: -1, Episodes: count("episodes"), Benchmark: amount("benchmark"), Spending: amount("spending")})
			}
			return out
		}
		in := settle.Input{CQS: count("score").Mod(decimal.New(100, 0))}
		given := func(name string) settle.Graded { return settle.Given(share(name)) }
		dollars := func(name string) settle.Graded {
			return settle.Given(money.NewRate(rapid.Int64Range(0, 9_999_999).Draw(r, name), 2))
		}
		var f settle.Formula
		id, track := "prospective", "coe"
		switch rapid.IntRange(0, 5).Draw(r, "formula") {
		case 0:
			x := &settle.FixedPrice{Name: "LEJR", Cases: count("cases"), Price: amount("price"), Cost: amount("cost")}
			for range rapid.IntRange(0, 3).Draw(r, "events") {
				x.Warranty = append(x.Warranty, settle.Event{Name: "event", Probability: share("probability"), Cost: amount("event"), Absorbed: share("absorbed")})
			}
			f = x
		case 1:
			x := &settle.Warranted{Share: given("share")}
			x.Share.None = rapid.Bool().Draw(r, "whole")
			in.Categories = list()
			for _, c := range in.Categories {
				x.Parts = append(x.Parts, settle.Complications{Expected: share("expected").Of(c.Benchmark), Actual: share("actual").Of(c.Spending)})
			}
			f = x
		case 2:
			id, track = "prometheus", ""
			x := &settle.Prometheus{Margin: given("margin"), Share: given("share")}
			for _, c := range list() {
				x.Rates = append(x.Rates, settle.CaseRate{Category: c, PAC: amount("pac")})
			}
			f = x
		case 3:
			id, track = "msk-knee", ""
			n, a, b := count("patients"), share("before"), share("after")
			one := money.NewRate(1, 0)
			f = &settle.Condition{Deferral: given("deferral"), Margin: dollars("margin"), Treatments: []settle.Treatment{
				settle.Branch("TKA", true, n, a, b, amount("cost"), amount("cost later")),
				settle.Branch("other", false, n, one.Sub(a), one.Sub(b), amount("other"), amount("other later")),
			}}
		case 4:
			id, track = "capitation", ""
			x := &settle.Capitation{Categories: list(), CarveOuts: amount("carved"), Attachment: dollars("attachment"), Recovery: given("recovery"), Premium: given("premium"), Admin: given("admin")}
			x.Above([]money.Cents{amount("member"), amount("member")})
			f = x
		case 5:
			id, track = "aco-nested", ""
			x := accountable(t, "1.00", "0.00")
			x.Categories, x.NPRA = list(), amount("npra")-amount("repaid")
			if rapid.Bool().Draw(r, "own rates") {
				a, b := share("msr"), share("fsr")
				x.MSR, x.FSR = &a, &b
			}
			f = x
		}
		terms := ruled(t, id, track)
		l := formed(t, f, terms, in)
		if t.Failed() {
			r.Fatalf("%s", show(&l))
		}
	})
}
