package settle_test

import (
	"strings"
	"testing"

	"bundlelab/engine/policy"
	"bundlelab/engine/settle"
)

// Each rule by itself on a benchmark of 1,000,000 without discount, unless the
// design says otherwise.
func TestStepsByHand(t *testing.T) {
	for _, x := range []struct {
		name          string
		design        []string
		cqs, spending string
		line, amount  string // "" absent
		net           string
	}{
		// 2% of 1,000,000 is the least; at it, all of it counts.
		{"least rate not reached", []string{"min_rate", "2%"}, "0", "980000.01", "min_rate", "-19999.99", "0.00"},
		{"least rate reached", []string{"min_rate", "2%"}, "0", "980000.00", "min_rate", "", "20000.00"},
		{"least loss not reached", []string{"min_rate", "2%"}, "0", "1019999.99", "min_rate", "19999.99", "0.00"},
		{"least loss reached", []string{"min_rate", "2%"}, "0", "1020000.00", "min_rate", "", "-20000.00"},
		{"its own rate for losses", []string{"min_rate", "2%", "min_rate.loss", "3%"}, "0", "1029999.99", "min_rate", "29999.99", "0.00"},
		{"its own rate for losses leaves gains", []string{"min_rate", "2%", "min_rate.loss", "3%"}, "0", "975000.00", "min_rate", "", "25000.00"},
		// As a step only what lies past it counts.
		{"step", []string{"min_rate", "2%", "min_rate.first_dollar", "no"}, "0", "950000.00", "min_rate", "-20000.00", "30000.00"},
		{"step at its edge", []string{"min_rate", "2%", "min_rate.first_dollar", "no"}, "0", "980000.00", "min_rate", "-20000.00", "0.00"},
		{"step of a loss", []string{"min_rate", "2%", "min_rate.first_dollar", "no"}, "0", "1050000.00", "min_rate", "20000.00", "-30000.00"},
		{"step not reached", []string{"min_rate", "2%", "min_rate.first_dollar", "no"}, "0", "990000.00", "min_rate", "-10000.00", "0.00"},
		{"first dollar said", []string{"min_rate", "2%", "min_rate.first_dollar", "yes"}, "0", "950000.00", "min_rate", "", "50000.00"},
		// The least rate is of the benchmark, not of the target: 2% of 1,000,000.
		{"least rate of the benchmark", []string{"min_rate", "2%", "discount", "10%"}, "0", "880000.00", "min_rate", "", "20000.00"},
		{"least rate of the benchmark, a cent short", []string{"min_rate", "2%", "discount", "10%"}, "0", "880000.01", "min_rate", "-19999.99", "0.00"},

		// A floor of 70%: 700,000. Below it nothing more.
		{"at the floor", []string{"gain_floor", "70%"}, "0", "700000.00", "gain_floor", "", "300000.00"},
		{"below the floor", []string{"gain_floor", "70%"}, "0", "650000.00", "gain_floor", "-50000.00", "300000.00"},
		{"the floor leaves losses", []string{"gain_floor", "100%"}, "0", "1100000.00", "gain_floor", "", "-100000.00"},
		{"the floor leaves losses below it", []string{"gain_floor", "100%", "discount", "20%"}, "0", "900000.00", "gain_floor", "", "-100000.00"},
		// A floor above the target leaves no gain, and makes no loss.
		{"floor above the target", []string{"gain_floor", "100%", "discount", "10%"}, "0", "880000.00", "gain_floor", "-20000.00", "0.00"},

		{"share of a gain", []string{"gain_share", "60%"}, "0", "900000.00", "share", "-40000.00", "60000.00"},
		{"share of a loss", []string{"gain_share", "60%", "loss_share", "30%"}, "0", "1100000.00", "share", "70000.00", "-30000.00"},
		{"a loss not shared", []string{"gain_share", "60%"}, "0", "1100000.00", "share", "", "-100000.00"},
		{"a gain not shared", []string{"loss_share", "60%"}, "0", "900000.00", "share", "", "100000.00"},
		// 33.33% of 0.05 is 0.016665, rounded away to 0.02.
		{"a share is rounded once", []string{"gain_share", "33.33%"}, "0", "999999.95", "share", "-0.03", "0.02"},
		// Half of 0.05 is 0.025: 0.03 is kept, and 0.03 owed.
		{"half a cent is the hospital's", []string{"gain_share", "50%"}, "0", "999999.95", "share", "-0.02", "0.03"},
		{"half a cent is owed", []string{"loss_share", "50%"}, "0", "1000000.05", "share", "0.02", "-0.03"},
		// 40% x 75/100 of a gain; a loss is shared by its own rate whatever the
		// score.
		{"the score is the share", []string{"gain_share", "40%", "quality.effect", "sharing_rate", "quality.default", "50"}, "75", "900000.00", "share", "-70000.00", "30000.00"},
		{"the score alone is the share", []string{"quality.effect", "sharing_rate", "quality.default", "50"}, "75", "900000.00", "share", "-25000.00", "75000.00"},
		{"the score is no share of a loss", []string{"gain_share", "40%", "loss_share", "50%", "quality.effect", "sharing_rate", "quality.default", "50"}, "75", "1100000.00", "share", "50000.00", "-50000.00"},

		// Before the limits: 400,000 less 10% x (1 - 40/100) = 6%, then 20% of
		// 1,000,000. After them: 200,000 less 6%.
		{"quality before", []string{"quality.effect", "multiplier", "quality.gain_max", "10%", "quality.loss_max", "10%", "quality.default", "50", "stop_gain", "20%"}, "40", "600000.00", "quality", "-24000.00", "200000.00"},
		{"quality after", []string{"quality.effect", "multiplier", "quality.gain_max", "10%", "quality.loss_max", "10%", "quality.default", "50", "stop_gain", "20%", "quality.order", "after"}, "40", "600000.00", "quality", "-12000.00", "188000.00"},
		{"quality after a held loss", []string{"quality.effect", "multiplier", "quality.gain_max", "10%", "quality.loss_max", "15%", "quality.default", "50", "stop_loss", "20%", "quality.order", "after"}, "40", "1400000.00", "quality", "12000.00", "-188000.00"},
		// 5 of 20 is a quarter: 10% x 3/4 of 100,000.
		{"quality on its own scale", []string{"quality.effect", "multiplier", "quality.gain_max", "10%", "quality.loss_max", "10%", "quality.default", "5", "quality.scale", "20"}, "5", "900000.00", "quality", "-7500.00", "92500.00"},

		// 5% of the spending, three tenths of it not returned.
		{"withhold", []string{"quality.effect", "withhold", "quality.withhold", "5%", "quality.default", "50"}, "70", "900000.00", "withhold", "-13500.00", "86500.00"},
		{"withhold of a loss", []string{"quality.effect", "withhold", "quality.withhold", "5%", "quality.default", "50"}, "70", "1000000.00", "withhold", "-15000.00", "-15000.00"},
		{"withhold all returned", []string{"quality.effect", "withhold", "quality.withhold", "5%", "quality.default", "50"}, "100", "900000.00", "withhold", "", "100000.00"},
		// One that never repays gives up no more than it is paid.
		{"withhold waived", []string{"quality.effect", "withhold", "quality.withhold", "5%", "quality.default", "50", "stop_loss", "waived"}, "0", "990000.00", "withhold", "-10000.00", "0.00"},

		// The limits' base: target 900,000, benchmark 1,000,000.
		{"limit of the target", []string{"discount", "10%", "stop_gain", "10%"}, "0", "500000.00", "stop_limit", "-310000.00", "90000.00"},
		{"limit of the benchmark", []string{"discount", "10%", "stop_gain", "10%", "limit.base", "benchmark"}, "0", "500000.00", "stop_limit", "-300000.00", "100000.00"},
		{"loss limit of the benchmark", []string{"discount", "10%", "stop_loss", "5%", "limit.base", "benchmark"}, "0", "1500000.00", "stop_limit", "550000.00", "-50000.00"},
		{"limit of nothing known", []string{"stop_gain", "10%", "limit.base", "reimbursement"}, "0", "500000.00", "stop_limit", "", "500000.00"},

		// 3% and 1%: 980,000 lies between. A premium of 2% on a loss lets 1,020,000
		// lie there too.
		{"dead zone", []string{"discount", "3%", "discount.loss", "1%"}, "0", "980000.00", "dead_zone", "-20000.00", "0.00"},
		{"dead zone past the benchmark", []string{"discount", "3%", "discount.loss", "-2%"}, "0", "1020000.00", "dead_zone", "20000.00", "0.00"},
		{"loss past a premium", []string{"discount", "3%", "discount.loss", "-2%"}, "0", "1030000.00", "discount", "20000.00", "-10000.00"},
	} {
		t.Run(x.name, func(t *testing.T) {
			l := settled(t, own(t, x.design...), one(t, x.cqs, "1000000.00", x.spending))
			line, ok := l.Line(x.line)
			if l.Net.String() != x.net || ok != (x.amount != "") || ok && line.Amount.String() != x.amount {
				t.Errorf("%s %q, net %s; want %q and %s\n%s", x.line, line.Amount, l.Net, x.amount, x.net, show(&l))
			}
			if x.name == "quality after" && !strings.HasSuffix(line.Formula, "× $200,000.00") {
				t.Errorf("formula %q", line.Formula)
			}
			if ok && (line.Formula == "" || line.Cite == "") {
				t.Errorf("%+v", line)
			}
		})
	}
}

func TestStepsFollowOneAnother(t *testing.T) {
	// B 1,000,000, 10% off: T 900,000. Spending 600,000: R 300,000. Floor 65% =
	// 650,000 takes 50,000: 250,000. Past 2% = 20,000: 230,000. Half: 115,000.
	// Quality 10% x 60/100 = 6%: 6,900 off, 108,100. Limit 10% of T = 90,000.
	// Charges 1,000 and 500, withhold 5% x 60/100 x 600,000 = 18,000.
	x := own(t, "discount", "10%", "gain_floor", "65%", "min_rate", "2%", "min_rate.first_dollar", "no", "gain_share", "50%", "stop_gain", "10%",
		"quality.effect", "multiplier+withhold", "quality.gain_max", "10%", "quality.loss_max", "10%", "quality.withhold", "5%", "quality.default", "1")
	in := one(t, "40", "1000000.00", "600000.00")
	in.PostEpisode, in.Overlap = cents(t, "1000.00"), cents(t, "500.00")
	l := settled(t, x, in)
	expect(t, &l, `benchmark 1000000.00 discount -100000.00 target =900000.00 spending -600000.00 reconciliation_amount =300000.00 gain_floor -50000.00
		min_rate -20000.00 share -115000.00 quality -6900.00 quality_adjusted =108100.00 stop_limit -18100.00 npra =90000.00 post_episode -1000.00
		overlap -500.00 withhold -18000.00 net_payment =70500.00 hospital_net =70500.00`)
	if l.Tags != (settle.PriceTags{Discount: -10_000_000, Quality: -2_490_000, StopGain: -1_810_000}) {
		t.Errorf("tags %+v", l.Tags)
	}
	for id, want := range map[string]string{
		"gain_floor": "floor $650,000.00 - spending $600,000.00", "min_rate": "past 2.0% × $1,000,000.00 = $20,000.00", "share": "keeps 50.0% of $230,000.00",
		"quality": "-(10.0% - 10.0% × 40/100) × $115,000.00", "stop_limit": "held at 10.0% × $900,000.00 = $90,000.00", "withhold": "-5.0% × $600,000.00 × (1 - 40/100)",
	} {
		if line, _ := l.Line(id); !strings.Contains(line.Formula, want) {
			t.Errorf("%s says %q, want %q", id, line.Formula, want)
		}
	}
}

// Relief comes before the side is known: a category that carries no loss does
// not push the pool through the dead zone.
func TestReliefAndTheDeadZone(t *testing.T) {
	x := own(t, "discount", "3%", "discount.loss", "1%", "low_volume.below", "31", "low_volume.action", "no_loss")
	// LEJR earns 970,000 - 900,000; CABG, of 30 episodes, loses whatever.
	for _, spending := range []string{"970000.00", "1040000.00", "1060000.00", "1100000.00", "9000000.00"} {
		in := settle.Input{CQS: number(t, "0"), Categories: []settle.Category{named(t, "LEJR", "1000000.00", "900000.00"), named(t, "CABG", "1000000.00", spending)}}
		in.Categories[1].Baseline = 30
		if l := settled(t, x, in); l.Net.String() != "70000.00" {
			t.Errorf("CABG spends %s: %s\n%s", spending, l.Net, show(&l))
		}
	}
	// A relieved category counts as on target for the floor: 70% of 2,000,000 is
	// 1,400,000, and 300,000 + 1,000,000 lie 100,000 below it.
	x = own(t, "gain_floor", "70%", "low_volume.below", "31", "low_volume.action", "no_loss")
	for _, spending := range []string{"1000000.00", "1000000.01", "3000000.00"} {
		in := settle.Input{CQS: number(t, "0"), Categories: []settle.Category{named(t, "LEJR", "1000000.00", "300000.00"), named(t, "CABG", "1000000.00", spending)}}
		in.Categories[1].Baseline = 30
		if l := settled(t, x, in); l.Net.String() != "600000.00" {
			t.Errorf("CABG spends %s: %s\n%s", spending, l.Net, show(&l))
		}
	}
	// Left out altogether, it earns nothing either, and moves no side.
	x = own(t, "discount", "3%", "discount.loss", "1%", "low_volume.below", "31", "low_volume.action", "exclude")
	for spending, want := range map[string]string{"900000.00": "70000.00", "980000.00": "0.00", "1000000.00": "-10000.00"} {
		for _, other := range []string{"0.00", "990000.00", "5000000.00"} {
			in := settle.Input{CQS: number(t, "0"), Categories: []settle.Category{named(t, "LEJR", "1000000.00", spending), named(t, "CABG", "1000000.00", other)}}
			in.Categories[1].Baseline = 0
			if l := settled(t, x, in); l.Net.String() != want {
				t.Errorf("LEJR %s beside %s: %s, want %s", spending, other, l.Net, want)
			}
		}
	}
}

func TestPoolsWithTheirOwnDeadZones(t *testing.T) {
	// LEJR lies between 970,000 and 990,000; CABG earns 70,000, half of it kept;
	// AMI loses 110,000, a quarter borne.
	x := own(t, "pool", "category", "discount", "3%", "discount.loss", "1%", "gain_share", "50%", "loss_share", "25%")
	in := settle.Input{CQS: number(t, "0"), Categories: []settle.Category{named(t, "LEJR", "1000000.00", "980000.00"), named(t, "CABG", "1000000.00", "900000.00"), named(t, "AMI", "1000000.00", "1100000.00")}}
	l := settled(t, x, in)
	expect(t, &l, `benchmark 3000000.00 discount -40000.00 spending -2980000.00 dead_zone -20000.00 reconciliation_amount =-40000.00 share 47500.00
		quality_adjusted =7500.00 npra =7500.00 net_payment =7500.00 hospital_net =7500.00`)
	if s, _ := l.Line("share"); !strings.Contains(s.Formula, "CABG the hospital keeps 50.0%") || !strings.Contains(s.Formula, "AMI the hospital keeps 25.0%") {
		t.Errorf("formula %q", s.Formula)
	}
}

// What a line rests on lowers its grade: here a score nobody gave.
func TestAnAssumedScoreIsSeen(t *testing.T) {
	for _, design := range [][]string{
		{"quality.effect", "sharing_rate"},
		{"quality.effect", "withhold", "quality.withhold", "5%"},
		{"quality.effect", "gate", "quality.gate", "50"},
		{"quality.effect", "multiplier", "quality.gain_max", "10%", "quality.loss_max", "10%"},
		{"quality.effect", "discount", "quality.tiers", "5", "quality.discount", "1%/2%"},
	} {
		x := own(t, append(design, "quality.default", "5", "discount", "3%", "discount.loss", "3%")...)
		for _, grade := range []policy.Evidence{policy.Assumed, policy.User} {
			in := one(t, "10", "1000000.00", "900000.00")
			in.CQSEvidence = grade
			if l := settled(t, x, in); l.Evidence != grade {
				t.Errorf("%v with a score graded %s: %s", design, grade, l.Evidence)
			}
		}
	}
}

func TestTiersNeedOneRateMoreThanEdges(t *testing.T) {
	d, err := made("quality.effect", "discount", "quality.tiers", "1/2", "quality.discount", "0%/1%", "quality.default", "1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := settle.Resolve(d, d.Periods[0], settle.Asked{}); err == nil || !strings.Contains(err.Error(), "one rate more") {
		t.Errorf("two edges, two rates: %v", err)
	}
}

func TestResolveNamesWhatIsMissing(t *testing.T) {
	d, err := made("stop_gain@tracks=Z", "5%")
	if err != nil {
		t.Fatal(err)
	}
	x, err := settle.Resolve(d, d.Periods[0], settle.Asked{})
	if err != nil {
		t.Errorf("an entry for another track hides the design's own: %v", err)
	}
	if b := x.Band; !b.Trend.None || !b.Normalization.None {
		t.Errorf("%+v", b)
	}
	// 2% stated in thousandths of a limit of 3%: held either way.
	g := settle.Graded{Rate: rate(t, "3%")}
	for in, want := range map[string]string{"2%": "1.02", "5%": "1.03", "-5%": "0.97"} {
		if got := g.Held(rate(t, in)); got.Cmp(rate(t, want)) != 0 {
			t.Errorf("%s is held at %s, want %s", in, got, want)
		}
	}
	g.None = true
	if got := g.Held(rate(t, "50%")); got.Cmp(rate(t, "1.5")) != 0 {
		t.Errorf("without a band: %s", got)
	}
}

// A category left out for low volume leaves the base of the limits too: LEJR
// alone, 980,000 after 2%, holds a gain of 280,000 at 20% = 196,000.
func TestALeftOutCategoryIsNoBase(t *testing.T) {
	x := terms(t, "3")
	x.LowVolumeAction.None = true // left out, not relieved
	in := settle.Input{CQS: number(t, "100"), Categories: []settle.Category{
		{Name: "LEJR", Episodes: number(t, "100"), Baseline: 200, Benchmark: cents(t, "1000000.00"), Spending: cents(t, "700000.00")},
		{Name: "CABG", Episodes: number(t, "20"), Baseline: 25, Benchmark: cents(t, "3000000.00"), Spending: cents(t, "3000000.00")},
	}}
	l := settled(t, x, in)
	if l.Net.String() != "196000.00" || !l.GainBinds {
		t.Errorf("net %s", l.Net)
	}
	alone := in
	alone.Categories = in.Categories[:1]
	if m := settled(t, x, alone); m.Net != l.Net {
		t.Errorf("alone %s, beside a category that is left out %s", m.Net, l.Net)
	}
}
