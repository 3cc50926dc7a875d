package settle_test

import (
	"strings"
	"testing"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/settle"
)

func TestBPCIAdvancedByHand(t *testing.T) {
	// Targets of 1,000,000 in all and a score of 70. 300,000 less 10% - 7% = 3%
	// is 291,000, held at 20%; 100,000 less 3%; a loss of 100,000 gets 7% back.
	for _, x := range []struct{ spending, want string }{
		{"700000.00", `target_given 1000000.00 target =1000000.00 spending -700000.00 reconciliation_amount =300000.00 quality -9000.00 quality_adjusted =291000.00
			stop_limit -91000.00 npra =200000.00 net_payment =200000.00 hospital_net =200000.00`},
		{"900000.00", `target_given 1000000.00 target =1000000.00 spending -900000.00 reconciliation_amount =100000.00 quality -3000.00 quality_adjusted =97000.00
			npra =97000.00 net_payment =97000.00 hospital_net =97000.00`},
		{"1100000.00", `target_given 1000000.00 target =1000000.00 spending -1100000.00 reconciliation_amount =-100000.00 quality 7000.00 quality_adjusted =-93000.00
			npra =-93000.00 net_payment =-93000.00 hospital_net =-93000.00`},
	} {
		in := one(t, "70", "0.00", x.spending)
		in.Categories[0].Given, in.Categories[0].Target = true, cents(t, "1000000.00")
		l := settled(t, asked(t, "bpcia", "MY4", settle.Asked{}), in)
		expect(t, &l, x.want)
	}
}

func TestBPCIAdvancedDiscountsByKind(t *testing.T) {
	// 3% for all to MY5; then 2% medical and 3% surgical, by the list or by the
	// kind given for a name it does not have. A kind that contradicts the list
	// counts.
	for _, x := range []struct{ period, name, kind, want string }{
		{"MY5", "LEJR", "", "-30000.00"},
		{"MY5", "CHF", "", "-30000.00"},
		{"MY5", "OTHER", "medical", "-30000.00"},
		{"MY6", "LEJR", "", "-30000.00"},
		{"MY6", "LEJR", "surgical", "-30000.00"},
		{"MY6", "CHF", "", "-20000.00"},
		{"MY6", "OTHER", "medical", "-20000.00"},
		{"MY6", "OTHER", "surgical", "-30000.00"},
		{"MY6", "LEJR", "medical", "-20000.00"},
		{"MY8", "CHF", "surgical", "-30000.00"},
	} {
		in := one(t, "100", "1000000.00", "900000.00")
		in.Categories[0].Name, in.Categories[0].Kind = x.name, x.kind
		l := settled(t, asked(t, "bpcia", x.period, settle.Asked{}), in)
		if d, _ := l.Line("discount"); d.Amount.String() != x.want {
			t.Errorf("%s, %s %s: %s, want %s", x.period, x.kind, x.name, d.Amount, x.want)
		}
	}
}

// Where kinds differ a name that is not listed needs its kind.
func TestAnUnknownKindHasNoDiscount(t *testing.T) {
	for period, known := range map[string]bool{"MY5": true, "MY6": false} {
		x := asked(t, "bpcia", period, settle.Asked{})
		if r := x.RatesOf(&settle.Category{Name: "OTHER"}); (r != nil) != known {
			t.Errorf("%s: %+v", period, r)
		}
	}
	if r := terms(t, "3"); r.RatesOf(&settle.Category{Name: "OTHER"}) != nil {
		t.Error("TEAM pays for a category it does not list")
	}
}

// A discount set for one category moves no other, listed or not.
func TestADiscountOfOneCategoryStaysThere(t *testing.T) {
	for _, name := range []string{"LEJR", "CABG", "FUSION", "BOWEL", "SHFFT"} {
		x := asked(t, "bpcia", "MY6", settle.Asked{Levers: levers(t, "policy."+name+".discount", "10%")})
		in := settle.Input{CQS: number(t, "100"), Categories: []settle.Category{named(t, name, "1000000.00", "1000000.00"), named(t, "OTHER", "1000000.00", "1000000.00"), named(t, "OTHERMED", "1000000.00", "1000000.00"), named(t, "VALVE", "1000000.00", "1000000.00")}}
		in.Categories[1].Kind, in.Categories[2].Kind = "surgical", "medical"
		// The pool loses: 10%, 3%, 2% and 3%.
		l := settled(t, x, in)
		d, _ := l.Line("discount")
		if got := []money.Cents{d.Parts[0].Amount, d.Parts[1].Amount, d.Parts[2].Amount, d.Parts[3].Amount}; got[0] != -10_000_000 || got[1] != -3_000_000 || got[2] != -2_000_000 || got[3] != -3_000_000 {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestBPCIClassicByLength(t *testing.T) {
	// 3% to 60 days and 2% past them; 20% both ways; no quality.
	for _, x := range []struct {
		days            int
		spending, track string
		want            string
	}{
		{30, "900000.00", "A", "70000.00"},
		{60, "900000.00", "B", "70000.00"},
		{90, "900000.00", "C", "80000.00"},
		{0, "900000.00", "A", "80000.00"}, // the design's own, 90
		{90, "100000.00", "A", "196000.00"},
		{30, "9000000.00", "A", "-194000.00"},
	} {
		l := settled(t, asked(t, "bpci-m2", "2013-2018", settle.Asked{Track: x.track, Days: x.days}), one(t, "0", "1000000.00", x.spending))
		if l.Net.String() != x.want {
			t.Errorf("%d days, spending %s: %s, want %s", x.days, x.spending, l.Net, x.want)
		}
	}
	// An episode of 80,000 in track B with its threshold at 60,000 counts 60,000
	// + 20% x 20,000 = 64,000, against 65,000 x 97% = 63,050.
	l := settled(t, asked(t, "bpci-m2", "2013-2018", settle.Asked{Track: "B", Days: 60}), one(t, "0", "65000.00", "64000.00"))
	if l.Net.String() != "-950.00" {
		t.Errorf("a held episode: %s", l.Net)
	}
}

// state is a pool of 20 episodes with thresholds of 10,000, 13,000 and 7,000
// each.
func state(t testing.TB, spending string) settle.Input {
	t.Helper()
	in := one(t, "100", "0.00", spending)
	in.Categories[0].Thresholds = &settle.Thresholds{Commendable: cents(t, "200000.00"), Acceptable: cents(t, "260000.00"), GainLimit: cents(t, "140000.00")}
	return in
}

func TestStateThresholds(t *testing.T) {
	for _, x := range []struct{ name, spending, want string }{
		// 8,000 each: half of 200,000 - 160,000.
		{"gain", "160000.00", `benchmark 260000.00 discount -60000.00 target =200000.00 spending -160000.00 reconciliation_amount =40000.00
			share -20000.00 quality_adjusted =20000.00 npra =20000.00 net_payment =20000.00 hospital_net =20000.00`},
		// 6,000: below the limit of 7,000 nothing more is earned.
		{"below the limit", "120000.00", `benchmark 260000.00 discount -60000.00 target =200000.00 spending -120000.00 reconciliation_amount =80000.00
			gain_floor -20000.00 share -30000.00 quality_adjusted =30000.00 npra =30000.00 net_payment =30000.00 hospital_net =30000.00`},
		{"between", "220000.00", `benchmark 260000.00 spending -220000.00 dead_zone -40000.00 reconciliation_amount =0.00
			quality_adjusted =0.00 npra =0.00 net_payment =0.00 hospital_net =0.00`},
		// 15,000: half of 300,000 - 260,000.
		{"loss", "300000.00", `benchmark 260000.00 target =260000.00 spending -300000.00 reconciliation_amount =-40000.00
			share 20000.00 quality_adjusted =-20000.00 npra =-20000.00 net_payment =-20000.00 hospital_net =-20000.00`},
	} {
		l := settled(t, asked(t, "state-ar", "2013-2020", settle.Asked{}), state(t, x.spending))
		expect(t, &l, x.want)
	}
	x := asked(t, "state-ar", "2013-2020", settle.Asked{})
	// Without the reimbursement the limit that is a share of it is off, and said.
	if l := settled(t, x, state(t, "300000.00")); len(l.Warnings) != 1 || !strings.Contains(l.Warnings[0], "reimbursement is not given") {
		t.Errorf("warnings %q", l.Warnings)
	}
	// 10% of 150,000 holds a loss at 15,000.
	in, paid := state(t, "300000.00"), cents(t, "150000.00")
	in.Reimbursement = &paid
	l := settled(t, x, in)
	if l.Net.String() != "-15000.00" || !l.LossBinds || len(l.Warnings) != 0 {
		t.Errorf("held at its reimbursement: %s, %q", l.Net, l.Warnings)
	}
	if s, _ := l.Line("stop_limit"); !strings.Contains(s.Formula, "$150,000.00 reimbursement") {
		t.Errorf("formula %q", s.Formula)
	}
	// Failed quality pays no gain and forgives no loss.
	failed := false
	for spending, want := range map[string]string{"160000.00": "0.00", "300000.00": "-20000.00"} {
		in := state(t, spending)
		in.Gate = &failed
		if l := settled(t, x, in); l.Net.String() != want {
			t.Errorf("quality failed, spending %s: %s, want %s", spending, l.Net, want)
		}
	}
	// A score stands in for pass or fail: 50 passes.
	for cqs, want := range map[string]string{"49.99": "0.00", "50": "20000.00"} {
		in := state(t, "160000.00")
		in.CQS = number(t, cqs)
		if l := settled(t, x, in); l.Net.String() != want {
			t.Errorf("score %s: %s, want %s", cqs, l.Net, want)
		}
	}
}

func TestThresholdsBesideABenchmark(t *testing.T) {
	// Floors 70% of 100,000 and the limit of 140,000: 210,000. T = 90,000 +
	// 200,000 = 290,000; spending 180,000 earns 110,000 less 30,000, halved.
	in := state(t, "130000.00")
	in.Categories = append([]settle.Category{named(t, "OTHER", "100000.00", "50000.00")}, in.Categories...)
	l := settled(t, asked(t, "state-ar", "2013-2020", settle.Asked{}), in)
	if f, _ := l.Line("gain_floor"); f.Amount.String() != "-30000.00" || l.Net.String() != "40000.00" {
		t.Errorf("%s", show(&l))
	}
	// Two of the state's own: limits of 140,000 and 140,000. T = 400,000; 210,000
	// earns 190,000 less 70,000, halved.
	in = state(t, "110000.00")
	in.Categories = append(in.Categories, in.Categories[0])
	in.Categories[1].Name, in.Categories[1].Spending = "OTHER", cents(t, "100000.00")
	l = settled(t, asked(t, "state-ar", "2013-2020", settle.Asked{}), in)
	if f, _ := l.Line("gain_floor"); f.Amount.String() != "-70000.00" || l.Net.String() != "60000.00" {
		t.Errorf("%s", show(&l))
	}
}

func TestLowVolumeIsLeftOutOfCJRX(t *testing.T) {
	for _, x := range []struct {
		baseline      int
		spending, net string
	}{
		{30, "900000.00", "0.00"}, {30, "1100000.00", "0.00"},
		{31, "900000.00", "80000.00"}, {31, "1100000.00", "-120000.00"},
		{-1, "900000.00", "80000.00"},
	} {
		in := one(t, "0", "1000000.00", x.spending)
		in.Categories[0].Baseline = x.baseline
		l := settled(t, asked(t, "cjrx", "PY1", settle.Asked{}), in)
		if l.Net.String() != x.net {
			t.Errorf("%d baseline episodes, spending %s: %s, want %s", x.baseline, x.spending, l.Net, x.net)
		}
		low, ok := l.Line("low_volume")
		if ok != (x.baseline == 30) || ok && (low.Label != "Low-volume categories are left out" || !strings.Contains(low.Formula, "30 of 31")) {
			t.Errorf("%+v", low)
		}
	}
	// In CJR the same count only moves the benchmark.
	in := one(t, "6", "1000000.00", "1100000.00")
	in.Categories[0].Baseline = 3
	if l := settled(t, asked(t, "cjr", "PY4", settle.Asked{}), in); l.Net.String() != "-130000.00" {
		t.Errorf("CJR: %s", l.Net)
	}
}

func TestEPMSettlesEachByItself(t *testing.T) {
	// PY4, 3% and 10%: AMI 970,000 - 700,000 = 270,000 held at 97,000; CABG
	// 970,000 - 1,300,000 held at -97,000; SHFFT 970,000 - 960,000. One pool
	// would lose 50,000.
	in := settle.Input{CQS: number(t, "0"), Categories: []settle.Category{named(t, "AMI", "1000000.00", "700000.00"), named(t, "CABG", "1000000.00", "1300000.00"), named(t, "SHFFT", "1000000.00", "960000.00")}}
	l := settled(t, asked(t, "epm", "PY4", settle.Asked{Track: "standard"}), in)
	expect(t, &l, `benchmark 3000000.00 discount -90000.00 target =2910000.00 spending -2960000.00 reconciliation_amount =-50000.00 quality_adjusted =-50000.00
		stop_limit -173000.00 stop_limit 233000.00 npra =10000.00 net_payment =10000.00 hospital_net =10000.00`)
	if l.Tags.StopGain.String() != "-173000.00" || l.Tags.StopLoss.String() != "233000.00" || !l.GainBinds || !l.LossBinds {
		t.Errorf("tags %+v", l.Tags)
	}
	for _, x := range l.Lines {
		if x.ID == "stop_limit" && (len(x.Parts) != 1 || !strings.Contains(x.Formula, x.Parts[0].Category)) {
			t.Errorf("%+v", x)
		}
	}
	// The protected: 3% in PY3, 5% after. PY2 never repays without the election.
	for _, x := range []struct{ period, track, class, want string }{
		{"PY1", "standard", "", "0.00"}, {"PY2", "standard", "", "0.00"}, {"PY2", "early", "", "-48500.00"}, {"PY2", "early", "rrc", "-29100.00"},
		{"PY3", "standard", "", "-48500.00"}, {"PY3", "standard", "volume_protection", "-29100.00"}, {"PY4", "standard", "sch", "-48500.00"},
		{"PY5", "standard", "", "-194000.00"}, {"PY5", "standard", "mdh", "-48500.00"},
	} {
		in := one(t, "0", "1000000.00", "3000000.00")
		in.Categories[0].Name = "AMI"
		if l := settled(t, asked(t, "epm", x.period, settle.Asked{Track: x.track, Class: policy.Class{x.class: true}}), in); l.Net.String() != x.want {
			t.Errorf("%s %s %q: %s, want %s", x.period, x.track, x.class, l.Net, x.want)
		}
	}
}
