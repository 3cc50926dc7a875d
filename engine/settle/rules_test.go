package settle_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/settle"
)

func TestTrack1NeverRepays(t *testing.T) {
	for _, x := range []struct {
		name, spending, post, want string
	}{
		// R = -100,000: all of it is waived, and the post-episode charge too.
		{"loss", "1100000.00", "7000.00", `target_given 1000000.00 target =1000000.00 spending -1100000.00 reconciliation_amount =-100000.00
			quality_adjusted =-100000.00 stop_limit 100000.00 npra =0.00 net_payment =0.00 hospital_net =0.00`},
		// R = 5,000, CQS 60 takes 4%: 4,800. Of 7,000 only 4,800 are charged
		// (ruling 20).
		{"post-episode past the gain", "995000.00", "7000.00", `target_given 1000000.00 target =1000000.00 spending -995000.00 reconciliation_amount =5000.00
			quality -200.00 quality_adjusted =4800.00 npra =4800.00 post_episode -4800.00 net_payment =0.00 hospital_net =0.00`},
		{"post-episode inside the gain", "995000.00", "800.00", `target_given 1000000.00 target =1000000.00 spending -995000.00 reconciliation_amount =5000.00
			quality -200.00 quality_adjusted =4800.00 npra =4800.00 post_episode -800.00 net_payment =4000.00 hospital_net =4000.00`},
	} {
		t.Run(x.name, func(t *testing.T) {
			l := settled(t, terms(t, "1"), settle.Input{Categories: []settle.Category{target(t, episode.LEJR, -1, "1000000.00", x.spending)}, CQS: number(t, "60"), PostEpisode: cents(t, x.post)})
			expect(t, &l, x.want)
			if p, ok := l.Line("post_episode"); ok && strings.Contains(p.Formula, "waived") != (x.post == "7000.00") {
				t.Errorf("formula %q", p.Formula)
			}
			if x.name == "loss" {
				if l.Tags.StopLoss != 10_000_000 || !l.LossBinds {
					t.Errorf("the waived loss has no price tag: %+v", l.Tags)
				}
				if len(l.Warnings) == 0 || !strings.Contains(strings.Join(l.Warnings, " "), "$7,000.00 is waived") {
					t.Errorf("warnings %q", l.Warnings)
				}
			}
		})
	}
	// Waiving does not lean on a limit of zero.
	free := terms(t, "1")
	free.StopLoss.None = true
	l := settled(t, free, settle.Input{Categories: []settle.Category{target(t, episode.LEJR, -1, "1000000.00", "1100000.00")}, CQS: number(t, "60")})
	if n, _ := l.Line("npra"); n.Amount != 0 || l.Net != 0 {
		t.Errorf("without a limit: npra %s, net %s", n.Amount, l.Net)
	}
	// The same charge after a loss in Track 2 is outside the limits: -50,000 -
	// 7,000.
	l = settled(t, terms(t, "2"), settle.Input{Categories: []settle.Category{target(t, episode.LEJR, -1, "1000000.00", "1100000.00")}, CQS: number(t, "60"), PostEpisode: cents(t, "7000.00")})
	if l.Net.String() != "-57000.00" {
		t.Errorf("track 2: %s", l.Net)
	}
}

func TestLowVolume(t *testing.T) {
	for _, x := range []struct {
		name       string
		lejr, cabg int // baseline episodes
		want       string
		warned     bool
	}{
		// LEJR gains 20,000, CABG loses 50,000 with 30 of 31 episodes: R =
		// -30,000 + 50,000; quality then takes 4% of 20,000 (ruling 19).
		{"30", 100, 30, `target_given 1500000.00 target =1500000.00 spending -1530000.00 reconciliation_amount =-30000.00 low_volume 50000.00
			quality -800.00 quality_adjusted =19200.00 npra =19200.00 net_payment =19200.00 hospital_net =19200.00`, false},
		// 31 are enough: -30,000 + 6%.
		{"31", 100, 31, `target_given 1500000.00 target =1500000.00 spending -1530000.00 reconciliation_amount =-30000.00
			quality 1800.00 quality_adjusted =-28200.00 npra =-28200.00 net_payment =-28200.00 hospital_net =-28200.00`, false},
		{"none", 100, 0, `target_given 1500000.00 target =1500000.00 spending -1530000.00 reconciliation_amount =-30000.00 low_volume 50000.00
			quality -800.00 quality_adjusted =19200.00 npra =19200.00 net_payment =19200.00 hospital_net =19200.00`, false},
		// A gain stays with few episodes.
		{"gain", 3, 100, `target_given 1500000.00 target =1500000.00 spending -1530000.00 reconciliation_amount =-30000.00
			quality 1800.00 quality_adjusted =-28200.00 npra =-28200.00 net_payment =-28200.00 hospital_net =-28200.00`, false},
		{"unknown", 100, -1, `target_given 1500000.00 target =1500000.00 spending -1530000.00 reconciliation_amount =-30000.00
			quality 1800.00 quality_adjusted =-28200.00 npra =-28200.00 net_payment =-28200.00 hospital_net =-28200.00`, true},
	} {
		t.Run(x.name, func(t *testing.T) {
			l := settled(t, terms(t, "3"), settle.Input{CQS: number(t, "60"), Categories: []settle.Category{
				target(t, episode.LEJR, x.lejr, "1000000.00", "980000.00"), target(t, episode.CABG, x.cabg, "500000.00", "550000.00"),
			}})
			expect(t, &l, x.want)
			if (len(l.Warnings) > 0) != x.warned {
				t.Errorf("warnings %q", l.Warnings)
			}
			if low, ok := l.Line("low_volume"); ok && (len(low.Parts) != 1 || low.Parts[0].Category != "CABG" || low.Evidence != policy.Assumed || l.Evidence != policy.Assumed) {
				t.Errorf("%+v, ledger evidence %s", low, l.Evidence)
			}
		})
	}
}

func TestProgramLines(t *testing.T) {
	in := settle.Input{
		Categories: []settle.Category{target(t, episode.LEJR, -1, "1000000.00", "900000.00")}, CQS: number(t, "100"),
		Program: settle.Program{
			FixedCost: cents(t, "10000.00"), PerEpisode: cents(t, "12.34"), Gainshare: rate(t, "25%"),
			ConvenerGain: rate(t, "10%"), ConvenerLoss: rate(t, "40%"), ConvenerFee: rate(t, "0.5%"), ConvenerPerEpisode: cents(t, "3.00"),
			InternalSaving: cents(t, "1500.00"), LostMargin: cents(t, "700.50"), AvoidedReadmissions: number(t, "1.5"),
		},
	}
	in.Categories[0].Episodes = number(t, "50.5")
	// Net 100,000. Program 10,000 + 12.34 x 50.5 = 623.17. Gainshare 25,000.
	// Convener 10,000 + 0.5% x 1,000,000 + 3 x 50.5 = 15,151.50.
	l := settled(t, terms(t, "3"), in)
	expect(t, &l, `target_given 1000000.00 target =1000000.00 spending -900000.00 reconciliation_amount =100000.00 quality_adjusted =100000.00
		npra =100000.00 net_payment =100000.00 program -10623.17 gainshare -25000.00 convener -15151.50 internal_savings 1500.00 lost_margin -700.50
		hospital_net =50024.83`)
	if l.Net != 10_000_000 {
		t.Errorf("the program moves the net payment: %s", l.Net)
	}
	if l.Evidence > policy.Unconfirmed {
		t.Errorf("the user's own costs lower the grade to %s", l.Evidence)
	}
	// A loss of 100,000: no gainshare; the convener bears 40%, less its fees.
	in.Categories[0].Spending, in.CQS = cents(t, "1100000.00"), number(t, "0")
	l = settled(t, terms(t, "3"), in)
	expect(t, &l, `target_given 1000000.00 target =1000000.00 spending -1100000.00 reconciliation_amount =-100000.00 quality_adjusted =-100000.00
		npra =-100000.00 net_payment =-100000.00 program -10623.17 convener 34848.50 internal_savings 1500.00 lost_margin -700.50 hospital_net =-74975.17`)
}

func TestDiscountOverride(t *testing.T) {
	in := settle.Input{CQS: number(t, "100"), Categories: []settle.Category{category(t, episode.LEJR, -1, "100000.00", "90000.00"), category(t, episode.CABG, -1, "100000.00", "90000.00")}}
	for _, x := range []struct {
		levers []string
		want   string
	}{
		{nil, "-3500.00"},
		{[]string{"policy.discount", "3%"}, "-6000.00"},
		{[]string{"policy.CABG.discount", "3%"}, "-5000.00"}, // 2% and 3%
		{[]string{"policy.discount", "-1%"}, "2000.00"},      // a premium
		{[]string{"policy.discount", "0%"}, "0.00"},
	} {
		l := settled(t, terms(t, "3", x.levers...), in)
		d, ok := l.Line("discount")
		if d.Amount.String() != x.want || ok != (x.want != "0.00") || l.Tags.Discount != d.Amount {
			t.Errorf("%v: discount %s, tag %s, want %s", x.levers, d.Amount, l.Tags.Discount, x.want)
		}
		if len(x.levers) > 0 && ok && (d.Evidence != policy.User || l.Evidence != policy.User) {
			t.Errorf("%v: evidence %s, ledger %s", x.levers, d.Evidence, l.Evidence)
		}
	}
}

func TestGivenAndComputedTargetsTogether(t *testing.T) {
	// 100,000 - 2,000 and 50,000 given: T = 148,000.
	l := settled(t, terms(t, "3"), settle.Input{CQS: number(t, "100"), Categories: []settle.Category{category(t, episode.LEJR, -1, "100000.00", "100000.00"), target(t, episode.CABG, -1, "50000.00", "47000.00")}})
	expect(t, &l, `benchmark 100000.00 discount -2000.00 target_given 50000.00 target =148000.00 spending -147000.00 reconciliation_amount =1000.00
		quality_adjusted =1000.00 npra =1000.00 net_payment =1000.00 hospital_net =1000.00`)
	if d, _ := l.Line("discount"); len(d.Parts) != 1 {
		t.Errorf("the given target has a discount part: %+v", d.Parts)
	}
}

func TestCapTag(t *testing.T) {
	in := settle.Input{CQS: number(t, "100"), Categories: []settle.Category{target(t, episode.LEJR, -1, "1000.00", "900.00")}}
	in.Categories[0].Uncapped = cents(t, "950.00")
	if l := settled(t, terms(t, "3"), in); l.Tags.Cap.String() != "50.00" || l.Net.String() != "100.00" {
		t.Errorf("cap %s, net %s", l.Tags.Cap, l.Net)
	}
}

func TestGradesOfInputsLowerTheLedger(t *testing.T) {
	base := settle.Input{CQS: number(t, "50"), CQSEvidence: policy.Assumed, Categories: []settle.Category{target(t, episode.LEJR, 100, "1000.00", "900.00")}}
	if l := settled(t, terms(t, "3"), base); l.Evidence != policy.Assumed {
		t.Errorf("an assumed score: %s", l.Evidence)
	}
	base.CQSEvidence, base.SpendingEvidence = 0, policy.Assumed
	if l := settled(t, terms(t, "3"), base); l.Evidence != policy.Assumed {
		t.Errorf("assumed spending: %s", l.Evidence)
	}
}

func TestCarriedForwardIsSaid(t *testing.T) {
	x := terms(t, "3")
	x.Quality.GainMax.Carried = "2026-01-01"
	l := settled(t, x, settle.Input{CQS: number(t, "50"), Categories: []settle.Category{target(t, episode.LEJR, 100, "1000.00", "900.00")}})
	if q, _ := l.Line("quality"); !strings.Contains(q.Note, "carried forward from 2026-01-01") {
		t.Errorf("note %q", q.Note)
	}
}

func TestPerEpisodeAndCharge(t *testing.T) {
	for _, x := range []struct {
		net      money.Cents
		episodes string
		want     money.Cents
	}{{100, "3", 33}, {200, "3", 67}, {1, "2", 1}, {-1, "2", -1}, {100, "0", 0}, {100, "2.5", 40}} {
		if got := settle.PerEpisode(x.net, number(t, x.episodes)); got != x.want {
			t.Errorf("%d over %s: %d, want %d", x.net, x.episodes, got, x.want)
		}
	}
	if settle.PostEpisodeCharge(100, 60) != 40 || settle.PostEpisodeCharge(60, 60) != 0 || settle.PostEpisodeCharge(10, 60) != 0 {
		t.Error("post-episode charge")
	}
	if got := settle.PerEpisode(5, decimal.Decimal{}); got != 0 {
		t.Errorf("no episodes: %d", got)
	}
}
