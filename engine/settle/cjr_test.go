package settle_test

import (
	"strings"
	"testing"

	"bundlelab/engine/policy"
	"bundlelab/engine/settle"
)

// The worked cases of the rule's arithmetic, 100 episodes each.
func TestCJRByHand(t *testing.T) {
	rural := policy.Class{"rural": true}
	for _, x := range []struct {
		name, period, cqs, benchmark, spending string
		class                                  policy.Class
		want                                   string
	}{
		// A third own 26,000 and two thirds regional 24,000 are 24,666.67. Score
		// 16 leaves 3% - 1.5% = 1.5%, 37,000.00 of 2,466,666.67. The limit, 10% of
		// 2,429,666.67 = 242,966.67, does not bind.
		{"excellent gain", "PY3", "16", "2466666.67", "2300000.00", nil, `benchmark 2466666.67 discount -37000.00 target =2429666.67 spending -2300000.00
			reconciliation_amount =129666.67 quality_adjusted =129666.67 npra =129666.67 net_payment =129666.67 hospital_net =129666.67`},
		// 3% off for a gain is 2,425,000, 2% off for a loss 2,450,000: 2,440,000
		// lies between, so nothing is owed and no target counts.
		{"dead zone", "PY2", "6", "2500000.00", "2440000.00", nil, `benchmark 2500000.00 spending -2440000.00 dead_zone -60000.00
			reconciliation_amount =0.00 quality_adjusted =0.00 npra =0.00 net_payment =0.00 hospital_net =0.00`},
		// The edges of the zone themselves owe nothing.
		{"lower edge", "PY2", "6", "2500000.00", "2425000.00", nil, `benchmark 2500000.00 spending -2425000.00 dead_zone -75000.00
			reconciliation_amount =0.00 quality_adjusted =0.00 npra =0.00 net_payment =0.00 hospital_net =0.00`},
		{"upper edge", "PY2", "6", "2500000.00", "2450000.00", nil, `benchmark 2500000.00 spending -2450000.00 dead_zone -50000.00
			reconciliation_amount =0.00 quality_adjusted =0.00 npra =0.00 net_payment =0.00 hospital_net =0.00`},
		{"a cent below the zone", "PY2", "6", "2500000.00", "2424999.99", nil, `benchmark 2500000.00 discount -75000.00 target =2425000.00 spending -2424999.99
			reconciliation_amount =0.01 quality_adjusted =0.01 npra =0.01 net_payment =0.01 hospital_net =0.01`},
		{"a cent above the zone", "PY2", "6", "2500000.00", "2450000.01", nil, `benchmark 2500000.00 discount -50000.00 target =2450000.00 spending -2450000.01
			reconciliation_amount =-0.01 quality_adjusted =-0.01 npra =-0.01 net_payment =-0.01 hospital_net =-0.01`},
		// 2,450,000 - 2,650,000, held at 5% of 2,450,000, or 3% for the protected.
		{"loss", "PY2", "6", "2500000.00", "2650000.00", nil, `benchmark 2500000.00 discount -50000.00 target =2450000.00 spending -2650000.00
			reconciliation_amount =-200000.00 quality_adjusted =-200000.00 stop_limit 77500.00 npra =-122500.00 net_payment =-122500.00 hospital_net =-122500.00`},
		{"rural loss", "PY2", "6", "2500000.00", "2650000.00", rural, `benchmark 2500000.00 discount -50000.00 target =2450000.00 spending -2650000.00
			reconciliation_amount =-200000.00 quality_adjusted =-200000.00 stop_limit 126500.00 npra =-73500.00 net_payment =-73500.00 hospital_net =-73500.00`},
		// 2% left: 2,450,000 - 1,800,000 = 650,000, held at 20% = 490,000.
		{"good gain at its limit", "PY4", "10", "2500000.00", "1800000.00", nil, `benchmark 2500000.00 discount -50000.00 target =2450000.00 spending -1800000.00
			reconciliation_amount =650000.00 quality_adjusted =650000.00 stop_limit -160000.00 npra =490000.00 net_payment =490000.00 hospital_net =490000.00`},
		// 2,425,000 - 2,300,000 is earned and not paid below 5.00.
		{"gate", "PY4", "4.5", "2500000.00", "2300000.00", nil, `benchmark 2500000.00 discount -75000.00 target =2425000.00 spending -2300000.00
			reconciliation_amount =125000.00 quality_adjusted =125000.00 npra =125000.00 gate -125000.00 net_payment =0.00 hospital_net =0.00`},
		// 3% - 3.0% leaves no discount: no line of it.
		{"no discount left", "PY6", "16", "2500000.00", "2480000.00", nil, `benchmark 2500000.00 target =2500000.00 spending -2480000.00
			reconciliation_amount =20000.00 quality_adjusted =20000.00 npra =20000.00 net_payment =20000.00 hospital_net =20000.00`},
		// PY1 never repays: 3% stands in, and all of the loss is waived.
		{"first year", "PY1", "6", "2500000.00", "2650000.00", nil, `benchmark 2500000.00 discount -75000.00 target =2425000.00 spending -2650000.00
			reconciliation_amount =-225000.00 quality_adjusted =-225000.00 stop_limit 225000.00 npra =0.00 net_payment =0.00 hospital_net =0.00`},
	} {
		t.Run(x.name, func(t *testing.T) {
			l := settled(t, asked(t, "cjr", x.period, settle.Asked{Class: x.class}), one(t, x.cqs, x.benchmark, x.spending))
			expect(t, &l, x.want)
			if z, ok := l.Line("dead_zone"); ok && (!strings.Contains(z.Formula, "$2,425,000.00") || !strings.Contains(z.Formula, "$2,450,000.00") || z.Cite == "" || z.Evidence != policy.Unconfirmed) {
				t.Errorf("the dead zone does not explain itself: %+v", z)
			}
		})
	}
}

func TestCJRTiersAtTheirEdges(t *testing.T) {
	// Benchmark 1,000,000; spending 900,000 for a gain and 1,100,000 for a loss.
	// PY4: 3%, 2% from 6.9 to 15.0, 1.5% above. PY7: 3%, 1.5%, 0%. Below 5.00 a
	// gain is not paid and a loss is.
	for _, x := range []struct{ period, cqs, gain, loss string }{
		{"PY4", "0", "0.00", "-130000.00"},
		{"PY4", "4.99", "0.00", "-130000.00"},
		{"PY4", "5.00", "70000.00", "-130000.00"},
		{"PY4", "6.89", "70000.00", "-130000.00"},
		{"PY4", "6.9", "80000.00", "-120000.00"},
		{"PY4", "15.0", "80000.00", "-120000.00"},
		{"PY4", "15.01", "85000.00", "-115000.00"},
		{"PY4", "20", "85000.00", "-115000.00"},
		{"PY7", "4.99", "0.00", "-130000.00"},
		{"PY7", "5.00", "70000.00", "-130000.00"},
		{"PY7", "6.89", "70000.00", "-130000.00"},
		{"PY7", "6.9", "85000.00", "-115000.00"},
		{"PY7", "15.0", "85000.00", "-115000.00"},
		{"PY7", "15.01", "100000.00", "-100000.00"},
	} {
		terms := asked(t, "cjr", x.period, settle.Asked{})
		gain, loss := settled(t, terms, one(t, x.cqs, "1000000.00", "900000.00")), settled(t, terms, one(t, x.cqs, "1000000.00", "1100000.00"))
		if gain.Net.String() != x.gain || loss.Net.String() != x.loss {
			t.Errorf("%s, score %s: %s and %s, want %s and %s", x.period, x.cqs, gain.Net, loss.Net, x.gain, x.loss)
		}
		if g, ok := gain.Line("gate"); ok != (x.gain == "0.00") || ok && (gain.Tags.Quality != g.Amount || !strings.Contains(g.Formula, x.cqs)) {
			t.Errorf("%s, score %s: gate %+v, tags %+v", x.period, x.cqs, g, gain.Tags)
		}
		if d, ok := gain.Line("discount"); ok && strings.Contains(d.Formula, "for a score of ") != (number(t, x.cqs).GreaterThanOrEqual(number(t, "6.9"))) {
			t.Errorf("%s, score %s: the discount says %q", x.period, x.cqs, d.Formula)
		}
	}
}

func TestCJRStopLossByClass(t *testing.T) {
	// Benchmark 1,000,000 and a score of 6: the loss target is 98% in PY2-3 and
	// 97% after; spending twice the benchmark is past every limit.
	for _, x := range []struct{ period, plain, protected string }{
		{"PY1", "0.00", "0.00"},
		{"PY2", "-49000.00", "-29400.00"}, // 5% and 3% of 980,000
		{"PY3", "-98000.00", "-49000.00"}, // 10% and 5%
		{"PY4", "-194000.00", "-48500.00"},
		{"PY5", "-194000.00", "-48500.00"},
		{"PY6", "-194000.00", "-48500.00"},
		{"PY7", "-194000.00", "-48500.00"},
		{"PY8", "-194000.00", "-48500.00"},
	} {
		for class, want := range map[string]string{"": x.plain, "safety_net": x.plain, "each": x.plain, "rural": x.protected, "sch": x.protected, "mdh": x.protected, "rrc": x.protected} {
			l := settled(t, asked(t, "cjr", x.period, settle.Asked{Class: policy.Class{class: true}}), one(t, "6", "1000000.00", "2000000.00"))
			if l.Net.String() != want || !l.LossBinds {
				t.Errorf("%s, %q: %s, want %s", x.period, class, l.Net, want)
			}
		}
		// The gain limit is the same for all: 5%, 10%, 20% of 970,000.
		want := map[string]string{"PY1": "48500.00", "PY2": "48500.00", "PY3": "97000.00"}[x.period]
		if want == "" {
			want = "194000.00"
		}
		l := settled(t, asked(t, "cjr", x.period, settle.Asked{Class: policy.Class{"rural": true}}), one(t, "6", "1000000.00", "100000.00"))
		if l.Net.String() != want || !l.GainBinds {
			t.Errorf("%s: gain %s, want %s", x.period, l.Net, want)
		}
	}
}

func TestTheUsersDiscountTakesThePlaceOfBoth(t *testing.T) {
	// 2% replaces 3% and 2% (ruling 33), and a score of 16 takes its 1.5 points
	// off: one target, 995,000, and no dead zone.
	// No score makes a premium of a discount: of 1% nothing is left.
	least := asked(t, "cjr", "PY2", settle.Asked{Levers: levers(t, "policy.discount", "1%")})
	if l := settled(t, least, one(t, "16", "1000000.00", "1000000.00")); l.Target != 100_000_000 || l.Net != 0 {
		t.Errorf("a discount of 1%% less 1.5%%: target %s, net %s", l.Target, l.Net)
	}
	x := asked(t, "cjr", "PY2", settle.Asked{Levers: levers(t, "policy.discount", "2%")})
	for spending, want := range map[string]string{"980000.00": "15000.00", "995000.00": "0.00", "1000000.00": "-5000.00"} {
		l := settled(t, x, one(t, "16", "1000000.00", spending))
		if l.Net.String() != want {
			t.Errorf("spending %s: %s, want %s", spending, l.Net, want)
		}
		if d, _ := l.Line("discount"); !strings.Contains(d.Formula, "LEJR (2.0% - 1.5% for a score of 16) ×") {
			t.Errorf("spending %s: the discount says %q", spending, d.Formula)
		}
		if _, ok := l.Line("dead_zone"); ok {
			t.Errorf("spending %s lies in a dead zone of one discount", spending)
		}
	}
	// A limit of the user's replaces the protected one too, but a waived year
	// stays waived (ruling 34).
	a := settle.Asked{Class: policy.Class{"rural": true}, Levers: levers(t, "policy.stop_loss", "1%")}
	for period, want := range map[string]string{"PY1": "0.00", "PY4": "-9700.00"} {
		if l := settled(t, asked(t, "cjr", period, a), one(t, "6", "1000000.00", "1500000.00")); l.Net.String() != want {
			t.Errorf("%s: %s, want %s", period, l.Net, want)
		}
	}
	// What is ignored is no reason either: the rule waives the loss.
	l := settled(t, asked(t, "cjr", "PY1", a), one(t, "6", "1000000.00", "1500000.00"))
	if s, _ := l.Line("stop_limit"); !strings.HasPrefix(s.Cite, "42 CFR 510.305") || s.Evidence != policy.Regulation || l.Evidence == policy.User {
		t.Errorf("%+v, ledger %s", s, l.Evidence)
	}
}

func TestChargesStandOutsideTheLimits(t *testing.T) {
	in := one(t, "6", "1000000.00", "1500000.00")
	in.PostEpisode, in.Overlap = cents(t, "7000.00"), cents(t, "500.00")
	// PY4: 20% of 970,000 = 194,000, then 7,500 more.
	l := settled(t, asked(t, "cjr", "PY4", settle.Asked{}), in)
	expect(t, &l, `benchmark 1000000.00 discount -30000.00 target =970000.00 spending -1500000.00 reconciliation_amount =-530000.00 quality_adjusted =-530000.00
		stop_limit 336000.00 npra =-194000.00 post_episode -7000.00 overlap -500.00 net_payment =-201500.00 hospital_net =-201500.00`)
	// PY1 waives both, and of a gain of 7,200 takes 7,000 and then 200.
	l = settled(t, asked(t, "cjr", "PY1", settle.Asked{}), in)
	if l.Net != 0 || len(l.Warnings) != 2 {
		t.Errorf("a waived year pays %s, warnings %q", l.Net, l.Warnings)
	}
	in.Categories[0].Spending = cents(t, "962800.00")
	l = settled(t, asked(t, "cjr", "PY1", settle.Asked{}), in)
	expect(t, &l, `benchmark 1000000.00 discount -30000.00 target =970000.00 spending -962800.00 reconciliation_amount =7200.00 quality_adjusted =7200.00
		npra =7200.00 post_episode -7000.00 overlap -200.00 net_payment =0.00 hospital_net =0.00`)
	// The gate comes last: of 100,000 - 7,500 nothing is paid; 5,000 - 7,500 is
	// owed all the same.
	in.CQS = number(t, "4.99")
	for spending, want := range map[string]string{"870000.00": "0.00", "965000.00": "-2500.00"} {
		in.Categories[0].Spending = cents(t, spending)
		l = settled(t, asked(t, "cjr", "PY4", settle.Asked{}), in)
		if l.Net.String() != want {
			t.Errorf("spending %s: %s, want %s", spending, l.Net, want)
		}
	}
}
