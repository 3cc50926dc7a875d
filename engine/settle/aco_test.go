package settle_test

import (
	"testing"

	"github.com/shopspring/decimal"

	"bundlelab/engine/policy"
	"bundlelab/engine/settle"
)

// accountable is the ACO of D13 and D14: a benchmark of 100 million.
func accountable(t testing.TB, spending, npra string) *settle.ACO {
	t.Helper()
	d, p := contract(t, "aco-nested")
	x, err := settle.ACOOf(d, p, policy.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	x.Categories = []settle.Category{{Name: "ACO", Baseline: -1, Benchmark: cents(t, "100000000.00"), Spending: cents(t, spending)}}
	x.NPRA, x.NPRAEvidence = cents(t, npra), policy.User
	return &x
}

func TestBundleInsideACO(t *testing.T) {
	full := settle.Input{CQS: decimal.New(100, 0)}
	for _, x := range []struct{ name, spending, npra, want string }{
		// D13: 75% of 8,000,000, more than the 2,000,000 that must be saved.
		{"D13", "92000000.00", "0.00", `benchmark 100000000.00 target =100000000.00 spending -92000000.00 reconciliation_amount =8000000.00
			share -2000000.00 quality_adjusted =6000000.00 npra =6000000.00 net_payment =6000000.00 hospital_net =6000000.00`},
		// With 500,000 paid to the hospital the ACO has 75% of 7,500,000, that
		// is 375,000 less, and both together 125,000 more.
		{"D13 with a bundle", "92000000.00", "500000.00", `benchmark 100000000.00 target =100000000.00 spending -92000000.00 bundle_npra_booked -500000.00
			reconciliation_amount =7500000.00 share -1875000.00 quality_adjusted =5625000.00 npra =5625000.00 net_payment =5625000.00
			bundle_npra 500000.00 hospital_net =6125000.00`},
		// A repayment of the hospital lowers the ACO's spending.
		{"a bundle that repays", "92000000.00", "-500000.00", `benchmark 100000000.00 target =100000000.00 spending -92000000.00 bundle_npra_booked 500000.00
			reconciliation_amount =8500000.00 share -2125000.00 quality_adjusted =6375000.00 npra =6375000.00 net_payment =6375000.00
			bundle_npra -500000.00 hospital_net =5875000.00`},
		// D14: 1 - 75% = 25% is held at 40% of 6,000,000.
		{"D14", "106000000.00", "0.00", `benchmark 100000000.00 target =100000000.00 spending -106000000.00 reconciliation_amount =-6000000.00
			share 3600000.00 quality_adjusted =-2400000.00 npra =-2400000.00 net_payment =-2400000.00 hospital_net =-2400000.00`},
		// A cent short of 2% counts as nothing; 2% itself counts from the first dollar.
		{"below the least rate", "98000000.01", "0.00", `benchmark 100000000.00 target =100000000.00 spending -98000000.01 reconciliation_amount =1999999.99
			min_rate -1999999.99 quality_adjusted =0.00 npra =0.00 net_payment =0.00 hospital_net =0.00`},
		{"at the least rate", "98000000.00", "0.00", `benchmark 100000000.00 target =100000000.00 spending -98000000.00 reconciliation_amount =2000000.00
			share -500000.00 quality_adjusted =1500000.00 npra =1500000.00 net_payment =1500000.00 hospital_net =1500000.00`},
		// 75% of 40,000,000 is held at 20% of the benchmark, 40% of 60,000,000 at 15%.
		{"savings limit", "60000000.00", "0.00", `benchmark 100000000.00 target =100000000.00 spending -60000000.00 reconciliation_amount =40000000.00
			share -10000000.00 quality_adjusted =30000000.00 stop_limit -10000000.00 npra =20000000.00 net_payment =20000000.00 hospital_net =20000000.00`},
		{"loss limit", "160000000.00", "0.00", `benchmark 100000000.00 target =100000000.00 spending -160000000.00 reconciliation_amount =-60000000.00
			share 36000000.00 quality_adjusted =-24000000.00 stop_limit 9000000.00 npra =-15000000.00 net_payment =-15000000.00 hospital_net =-15000000.00`},
	} {
		t.Run(x.name, func(t *testing.T) {
			l := formed(t, accountable(t, x.spending, x.npra), ruled(t, "aco-nested", ""), full)
			expect(t, &l, x.want)
		})
	}
}

func TestACOSharingRates(t *testing.T) {
	// The loss rate is 1 - final sharing rate, from 40% to 75%.
	for _, x := range []struct{ fsr, spending, net string }{
		{"50%", "92000000.00", "4000000.00"},
		{"50%", "110000000.00", "-5000000.00"}, // 1 - 50%
		{"10%", "110000000.00", "-7500000.00"}, // 90% held at 75%
		{"75%", "110000000.00", "-4000000.00"}, // 25% held at 40%
	} {
		a, fsr := accountable(t, x.spending, "0.00"), rate(t, x.fsr)
		a.FSR = &fsr
		// The user's rate has quality in it: the score moves nothing more.
		l := formed(t, a, ruled(t, "aco-nested", ""), settle.Input{CQS: number(t, "20")})
		if l.Net.String() != x.net {
			t.Errorf("final sharing rate %s, spending %s: %s, want %s", x.fsr, x.spending, l.Net, x.net)
		}
	}
	// A score of 60 makes 75% x 60% = 45% of savings, and 55% of losses.
	for spending, want := range map[string]string{"92000000.00": "3600000.00", "110000000.00": "-5500000.00"} {
		l := formed(t, accountable(t, spending, "0.00"), ruled(t, "aco-nested", ""), settle.Input{CQS: number(t, "60")})
		if l.Net.String() != want {
			t.Errorf("score 60, spending %s: %s, want %s", spending, l.Net, want)
		}
	}
	// No discount comes off the ACO's benchmark, whatever the design's says.
	terms := ruled(t, "aco-nested", "")
	for i := range terms.Rates {
		terms.Rates[i].Gain = settle.Given(rate(t, "3%"))
	}
	a := accountable(t, "92000000.00", "0.00")
	a.Categories[0].Name = "LEJR"
	if l := formed(t, a, terms, settle.Input{CQS: number(t, "100")}); l.Net != 600_000_000 {
		t.Errorf("net %s", l.Net)
	}
	// The user's least rate serves both sides.
	for spending, want := range map[string]string{"99500000.00": "375000.00", "99500000.01": "0.00", "100500000.00": "-200000.00", "100499999.99": "0.00"} {
		a, msr := accountable(t, spending, "0.00"), rate(t, "0.5%")
		a.MSR = &msr
		l := formed(t, a, ruled(t, "aco-nested", ""), settle.Input{CQS: number(t, "100")})
		if l.Net.String() != want {
			t.Errorf("least rate 0.5%%, spending %s: %s, want %s", spending, l.Net, want)
		}
	}
}
