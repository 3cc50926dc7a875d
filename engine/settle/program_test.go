package settle_test

import (
	"strings"
	"testing"

	"bundlelab/engine/settle"
)

// paid is a design that pays or asks for the whole difference from 1,000,000
// in each of 100 episodes, with what it says of partners.
func paid(t *testing.T, spending string, p settle.Program, design ...string) settle.Ledger {
	t.Helper()
	in := one(t, "0", "1000000.00", spending)
	in.Program = p
	return settled(t, own(t, design...), in)
}

func TestGainsharingIsHeldByFees(t *testing.T) {
	// 40% of 100,000 is 40,000; half of 60,000 of fees is 30,000.
	for _, x := range []struct {
		name, pfs, spending string
		design              []string
		want                string
		warned              bool
	}{
		{"held", "60000.00", "900000.00", []string{"gainshare.pfs_cap", "50%"}, "-30000.00", false},
		{"at the limit", "80000.00", "900000.00", []string{"gainshare.pfs_cap", "50%"}, "-40000.00", false},
		{"inside", "90000.00", "900000.00", []string{"gainshare.pfs_cap", "50%"}, "-40000.00", false},
		{"fees unknown", "0.00", "900000.00", []string{"gainshare.pfs_cap", "50%"}, "-40000.00", true},
		{"no rule", "60000.00", "900000.00", nil, "-40000.00", false},
		{"rule lifted", "60000.00", "900000.00", []string{"gainshare.pfs_cap", "none"}, "-40000.00", false},
		{"a loss shares nothing", "60000.00", "1100000.00", []string{"gainshare.pfs_cap", "50%"}, "", false},
	} {
		l := paid(t, x.spending, settle.Program{Gainshare: rate(t, "40%"), PFS: cents(t, x.pfs)}, x.design...)
		g, ok := l.Line("gainshare")
		if ok != (x.want != "") || ok && g.Amount.String() != x.want || (len(l.Warnings) > 0) != x.warned {
			t.Errorf("%s: %s, warnings %q; want %s", x.name, g.Amount, l.Warnings, x.want)
		}
		if x.name == "held" && (!strings.Contains(g.Formula, "held at 50.0% × $60,000.00") || g.Cite != "made up") {
			t.Errorf("%+v", g)
		}
	}
	// It is a share of what is paid: 40% of 100,000 - 20,000.
	in := one(t, "0", "1000000.00", "900000.00")
	in.PostEpisode, in.Program.Gainshare = cents(t, "20000.00"), rate(t, "40%")
	l := settled(t, own(t), in)
	if g, _ := l.Line("gainshare"); g.Amount.String() != "-32000.00" {
		t.Errorf("after charges: %s", g.Amount)
	}
	// CJR itself: 50% to PY5, lifted from PY6.
	for period, want := range map[string]string{"PY5": "-30000.00", "PY6": "-40000.00"} {
		in := one(t, "10", "1000000.00", "0.00")
		in.Program = settle.Program{Gainshare: rate(t, "100%"), PFS: cents(t, "60000.00")}
		in.Categories[0].Spending = cents(t, map[string]string{"PY5": "940000.00", "PY6": "945000.00"}[period])
		l := settled(t, asked(t, "cjr", period, settle.Asked{}), in)
		if g, _ := l.Line("gainshare"); g.Amount.String() != want {
			t.Errorf("%s: %s of %s, want %s", period, g.Amount, l.Net, want)
		}
	}
}

func TestAlignmentIsHeldByTheRepayment(t *testing.T) {
	caps := []string{"alignment.cap", "50%", "alignment.cap_one", "25%"}
	for _, x := range []struct {
		share         string
		collaborators int
		spending      string
		design        []string
		want, why     string
	}{
		// Of a repayment of 100,000.
		{"40%", 0, "1100000.00", caps, "40000.00", ""},
		{"50%", 0, "1100000.00", caps, "50000.00", ""},
		{"80%", 0, "1100000.00", caps, "50000.00", "all collaborators together"},
		{"40%", 1, "1100000.00", caps, "25000.00", "1 collaborators, each at most 25.0%"},
		{"25%", 1, "1100000.00", caps, "25000.00", ""},
		{"40%", 2, "1100000.00", caps, "40000.00", ""},
		{"80%", 3, "1100000.00", caps, "50000.00", "all collaborators together"},
		{"80%", 1, "1100000.00", caps, "25000.00", "each at most"},
		{"80%", 1, "1100000.00", nil, "80000.00", ""},
		{"80%", 1, "1100000.00", []string{"alignment.cap", "none"}, "80000.00", ""},
		{"80%", 1, "900000.00", caps, "", ""}, // nothing is repaid
	} {
		l := paid(t, x.spending, settle.Program{Alignment: rate(t, x.share), Collaborators: x.collaborators}, x.design...)
		a, ok := l.Line("alignment")
		if ok != (x.want != "") || ok && a.Amount.String() != x.want || strings.Contains(a.Formula, "held") != (x.why != "") || !strings.Contains(a.Formula, x.why) {
			t.Errorf("%s by %d: %s %q, want %s %q", x.share, x.collaborators, a.Amount, a.Formula, x.want, x.why)
		}
	}
	for _, x := range []struct{ design, period, track string }{{"cjr", "PY4", ""}, {"cjr", "PY8", ""}} {
		in := one(t, "0", "1000000.00", "1050000.00")
		in.Program = settle.Program{Alignment: rate(t, "100%")}
		l := settled(t, asked(t, x.design, x.period, settle.Asked{Track: x.track}), in)
		if a, _ := l.Line("alignment"); a.Amount != rate(t, "50%").Of(-l.Net) {
			t.Errorf("%s: %s of %s", x.design, a.Amount, l.Net)
		}
		in.Program.Collaborators = 1
		l = settled(t, asked(t, x.design, x.period, settle.Asked{Track: x.track}), in)
		if a, _ := l.Line("alignment"); a.Amount != rate(t, "25%").Of(-l.Net) {
			t.Errorf("%s, one: %s of %s", x.design, a.Amount, l.Net)
		}
	}
}

func TestConvener(t *testing.T) {
	for _, x := range []struct {
		name     string
		spending string
		p        settle.Program
		design   []string
		want     string
	}{
		// 30% of 100,000, 1% of the target of 1,000,000, 5.00 an episode.
		{"gain", "900000.00", settle.Program{ConvenerGain: rate(t, "30%"), ConvenerLoss: rate(t, "60%"), ConvenerFee: rate(t, "1%"), ConvenerPerEpisode: cents(t, "5.00")}, nil, "-40500.00"},
		// Fees of 10,500 first: 30% of 89,500, and the fees.
		{"fees first", "900000.00", settle.Program{ConvenerGain: rate(t, "30%"), ConvenerFee: rate(t, "1%"), ConvenerPerEpisode: cents(t, "5.00"), FeesFirst: true}, nil, "-37350.00"},
		// Fees past the gain leave nothing to split.
		{"fees past the gain", "995000.00", settle.Program{ConvenerGain: rate(t, "30%"), ConvenerFee: rate(t, "1%"), FeesFirst: true}, nil, "-10000.00"},
		// 60% of a repayment of 100,000 less fees.
		{"loss", "1100000.00", settle.Program{ConvenerGain: rate(t, "30%"), ConvenerLoss: rate(t, "60%"), ConvenerFee: rate(t, "1%"), FeesFirst: true}, nil, "50000.00"},
		// The largest repayment is 20% of 1,000,000; its guarantee costs 2%.
		{"guarantee", "900000.00", settle.Program{ConvenerGuarantee: rate(t, "2%")}, []string{"stop_loss", "20%"}, "-4000.00"},
		{"guarantee beside a gain split after it", "900000.00", settle.Program{ConvenerGain: rate(t, "50%"), ConvenerGuarantee: rate(t, "2%"), FeesFirst: true}, []string{"stop_loss", "20%"}, "-52000.00"},
		{"guarantee of what has no end", "900000.00", settle.Program{ConvenerGuarantee: rate(t, "2%")}, nil, ""},
		{"guarantee of what is never repaid", "900000.00", settle.Program{ConvenerGuarantee: rate(t, "2%")}, []string{"stop_loss", "waived"}, ""},
		{"guarantee of an unknown reimbursement", "900000.00", settle.Program{ConvenerGuarantee: rate(t, "2%")}, []string{"stop_loss", "20%", "limit.base", "reimbursement"}, ""},
	} {
		l := paid(t, x.spending, x.p, x.design...)
		c, ok := l.Line("convener")
		if ok != (x.want != "") || ok && c.Amount.String() != x.want {
			t.Errorf("%s: %s, want %s", x.name, c.Amount, x.want)
		}
		if strings.HasPrefix(x.name, "guarantee") && ok && !strings.Contains(c.Formula, "guarantee 2.0% of the largest repayment, $4,000.00") {
			t.Errorf("%s: %q", x.name, c.Formula)
		}
		if l.Net != cents(t, "1000000.00")-cents(t, x.spending) && !strings.Contains(x.name, "never") {
			t.Errorf("%s: partners move the net payment to %s", x.name, l.Net)
		}
	}
	// Pools of their own are guaranteed one by one: 2% of 20% of 2,000,000.
	in := settle.Input{CQS: number(t, "0"), Categories: []settle.Category{named(t, "LEJR", "1000000.00", "900000.00"), named(t, "AMI", "1000000.00", "1500000.00")}, Program: settle.Program{ConvenerGuarantee: rate(t, "2%")}}
	l := settled(t, own(t, "pool", "category", "stop_loss", "20%"), in)
	if c, _ := l.Line("convener"); c.Amount.String() != "-8000.00" {
		t.Errorf("two pools: %s", c.Amount)
	}
}

func TestAddendsStandInTheirStages(t *testing.T) {
	add := func(s settle.Stage, id, amount string) settle.Addend {
		return settle.Addend{Stage: s, Line: settle.Line{ID: id, Label: id, Formula: "f", Cite: "c", Evidence: 1, Amount: cents(t, amount)}}
	}
	// T 1,000,000 + 50,000; S 900,000 + 20,000; 130,000 held at 10% of 1,050,000
	// = 105,000; -5,000; 3,000 for the hospital alone.
	in := one(t, "0", "1000000.00", "900000.00")
	in.Adds = []settle.Addend{add(settle.ToHospital, "bundle_npra", "3000.00"), add(settle.ToNet, "deferral", "-5000.00"), add(settle.ToSpending, "warranty", "-20000.00"), add(settle.ToTarget, "pac", "50000.00")}
	l := settled(t, own(t, "stop_gain", "10%"), in)
	expect(t, &l, `benchmark 1000000.00 pac 50000.00 target =1050000.00 spending -900000.00 warranty -20000.00 reconciliation_amount =130000.00
		quality_adjusted =130000.00 stop_limit -25000.00 npra =105000.00 deferral -5000.00 net_payment =100000.00 bundle_npra 3000.00 hospital_net =103000.00`)
	if l.Target.String() != "1050000.00" || l.Spending.String() != "900000.00" {
		t.Errorf("target %s, spending %s", l.Target, l.Spending)
	}
	// An addend counts on the side's edge too: 3% and 1% off 1,000,000 and 10,000
	// beside; 970,000 + 10,000 and 990,000 + 10,000.
	for spending, want := range map[string]string{"979000.00": "1000.00", "990000.00": "0.00", "1000000.00": "0.00", "1001000.00": "-1000.00"} {
		in := one(t, "0", "1000000.00", spending)
		in.Adds = []settle.Addend{add(settle.ToTarget, "pac", "10000.00")}
		if l := settled(t, own(t, "discount", "3%", "discount.loss", "1%"), in); l.Net.String() != want {
			t.Errorf("spending %s: %s, want %s\n%s", spending, l.Net, want, show(&l))
		}
	}
}
