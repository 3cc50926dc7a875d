package settle_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/settle"
)

func cents(t testing.TB, s string) money.Cents {
	t.Helper()
	c, err := money.ParseCents(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func rate(t testing.TB, s string) money.Rate {
	t.Helper()
	r, err := money.ParseRate(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func number(t testing.TB, s string) decimal.Decimal {
	t.Helper()
	d, err := decimal.NewFromString(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// terms are TEAM's in PY2 (PY1 for Track 1), with levers on top.
func terms(t testing.TB, track string, kv ...string) settle.Terms {
	t.Helper()
	d, err := designs(t).Get("team")
	if err != nil {
		t.Fatal(err)
	}
	id := "PY2"
	if track == "1" {
		id = "PY1"
	}
	p, err := d.Period(id)
	if err != nil {
		t.Fatal(err)
	}
	var s lever.Set
	for i := 0; i < len(kv); i += 2 {
		if s, err = s.With(kv[i], kv[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	x, err := settle.Resolve(d, p, settle.Asked{Track: track, Levers: s, CCN: "100001"})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// category is a category with a benchmark before discount.
func category(t testing.TB, c episode.Category, baseline int, benchmark, spending string) settle.Category {
	t.Helper()
	return settle.Category{Name: c.String(), Episodes: decimal.New(50, 0), Baseline: baseline, Benchmark: cents(t, benchmark), Spending: cents(t, spending)}
}

// target is a category whose target after discount is given.
func target(t testing.TB, c episode.Category, baseline int, amount, spending string) settle.Category {
	t.Helper()
	x := category(t, c, baseline, "0.00", spending)
	x.Target, x.Given = cents(t, amount), true
	return x
}

// show writes a ledger as "id amount", a subtotal with = before its amount.
func show(l *settle.Ledger) string {
	var b strings.Builder
	for _, x := range l.Lines {
		b.WriteString(x.ID + " ")
		if x.Subtotal {
			b.WriteByte('=')
		}
		b.WriteString(x.Amount.String() + "\n")
	}
	return b.String()
}

func settled(t testing.TB, x settle.Terms, in settle.Input) settle.Ledger {
	t.Helper()
	l := settle.Settle(&x, &in)
	if !l.Foots() {
		t.Fatalf("the ledger does not foot:\n%s", show(&l))
	}
	if n, ok := l.Line("net_payment"); !ok || n.Amount != l.Net {
		t.Fatalf("net payment %s is not the ledger's %s:\n%s", n.Amount, l.Net, show(&l))
	}
	return l
}

func expect(t *testing.T, l *settle.Ledger, want string) {
	t.Helper()
	if got := show(l); strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(want), " ") {
		t.Errorf("ledger\n%swant\n%s", got, want)
	}
}

func TestGainLineByLine(t *testing.T) {
	// Discounts 2% x 1,500,000.00 = 30,000.00 and 1.5% x 800,000.33 =
	// 12,000.00495. T = 2,258,000.33, R = T - 2,150,000.00. CQS 60 takes 10% -
	// 6% = 4% of R = 4,320.0132. The limit, 451,600.07, does not bind.
	l := settled(t, terms(t, "3"), settle.Input{
		Categories: []settle.Category{category(t, episode.LEJR, 200, "1500000.00", "1400000.00"), category(t, episode.CABG, 90, "800000.33", "750000.00")},
		CQS:        number(t, "60"), PostEpisode: cents(t, "5000.00"),
	})
	expect(t, &l, `benchmark 2300000.33 discount -42000.00 target =2258000.33 spending -2150000.00 reconciliation_amount =108000.33
		quality -4320.01 quality_adjusted =103680.32 npra =103680.32 post_episode -5000.00 net_payment =98680.32 hospital_net =98680.32`)
	if l.Tags != (settle.PriceTags{Discount: -4_200_000, Quality: -432_001}) {
		t.Errorf("price tags %+v", l.Tags)
	}
	if l.Net != 9_868_032 || l.Hospital != l.Net || l.Target != 225_800_033 || l.Spending != 215_000_000 || l.GainBinds || l.LossBinds {
		t.Errorf("%+v", l)
	}
	d, _ := l.Line("discount")
	if len(d.Parts) != 2 || d.Parts[0].Amount != -3_000_000 || d.Parts[1].Amount != -1_200_000 || d.Parts[1].Rate.Cmp(rate(t, "1.5%")) != 0 {
		t.Errorf("parts %+v", d.Parts)
	}
	for _, x := range l.Lines {
		if x.Label == "" || x.Formula == "" || x.Evidence == 0 || x.Cite == "" && x.ID != "hospital_net" {
			t.Errorf("line %s does not explain itself: %+v", x.ID, x)
		}
	}
	if l.Evidence != policy.Unconfirmed {
		t.Errorf("evidence %s, want that of the quality line", l.Evidence)
	}
}

func TestLossesLineByLine(t *testing.T) {
	for _, x := range []struct {
		name, track, cqs, spending, want string
	}{
		// R = -20,000.00; 15% x 60/100 = 9% of it back in Track 2.
		{"track 2", "2", "60", "1020000.00", `target_given 1000000.00 target =1000000.00 spending -1020000.00 reconciliation_amount =-20000.00
			quality 1800.00 quality_adjusted =-18200.00 npra =-18200.00 net_payment =-18200.00 hospital_net =-18200.00`},
		// 10% x 60/100 = 6% back in Track 3.
		{"track 3", "3", "60", "1020000.00", `target_given 1000000.00 target =1000000.00 spending -1020000.00 reconciliation_amount =-20000.00
			quality 1200.00 quality_adjusted =-18800.00 npra =-18800.00 net_payment =-18800.00 hospital_net =-18800.00`},
		// Quality before limits: 100,000 less 9,000, then held at 5% of T. The
		// other order would leave 45,500.
		{"stop-loss", "2", "60", "1100000.00", `target_given 1000000.00 target =1000000.00 spending -1100000.00 reconciliation_amount =-100000.00
			quality 9000.00 quality_adjusted =-91000.00 stop_limit 41000.00 npra =-50000.00 net_payment =-50000.00 hospital_net =-50000.00`},
		{"nothing given back at zero", "3", "0", "1100000.00", `target_given 1000000.00 target =1000000.00 spending -1100000.00 reconciliation_amount =-100000.00
			quality_adjusted =-100000.00 npra =-100000.00 net_payment =-100000.00 hospital_net =-100000.00`},
		{"on target", "3", "60", "1000000.00", `target_given 1000000.00 target =1000000.00 spending -1000000.00 reconciliation_amount =0.00
			quality_adjusted =0.00 npra =0.00 net_payment =0.00 hospital_net =0.00`},
	} {
		t.Run(x.name, func(t *testing.T) {
			l := settled(t, terms(t, x.track), settle.Input{Categories: []settle.Category{target(t, episode.LEJR, -1, "1000000.00", x.spending)}, CQS: number(t, x.cqs)})
			expect(t, &l, x.want)
			if line, ok := l.Line("stop_limit"); ok && (l.Tags.StopLoss != line.Amount || !l.LossBinds || line.Label != "Stop-loss") {
				t.Errorf("tags %+v, line %+v", l.Tags, line)
			}
		})
	}
}

func TestLimitsAtTheCent(t *testing.T) {
	// 5% of 1,000,000.10 = 50,000.005, rounded away to 50,000.01 before the
	// comparison (ruling 21). CQS 100 leaves a gain whole; a loss of 58,823.54
	// less 15% (8,823.53) is 50,000.01.
	for _, x := range []struct {
		name, cqs, spending, npra string
		gain, loss                bool
	}{
		{"gain just inside", "100", "950000.09", "50000.01", false, false},
		{"gain a cent past", "100", "950000.08", "50000.01", true, false},
		{"loss just inside", "100", "1058823.64", "-50000.01", false, false},
		{"loss a cent past", "100", "1058823.65", "-50000.01", false, true},
	} {
		l := settled(t, terms(t, "2"), settle.Input{Categories: []settle.Category{target(t, episode.LEJR, -1, "1000000.10", x.spending)}, CQS: number(t, x.cqs)})
		n, _ := l.Line("npra")
		if n.Amount.String() != x.npra || l.GainBinds != x.gain || l.LossBinds != x.loss {
			t.Errorf("%s: npra %s, binds %v %v\n%s", x.name, n.Amount, l.GainBinds, l.LossBinds, show(&l))
		}
	}
}

func TestStopGainByTrack(t *testing.T) {
	for track, want := range map[string]string{"1": "100000.00", "2": "50000.00", "3": "200000.00"} {
		l := settled(t, terms(t, track), settle.Input{Categories: []settle.Category{target(t, episode.LEJR, -1, "1000000.00", "500000.00")}, CQS: number(t, "100")})
		if l.Net.String() != want || l.Tags.StopGain != l.Net-50_000_000 || !l.GainBinds {
			t.Errorf("track %s: %s, tags %+v; want %s", track, l.Net, l.Tags, want)
		}
	}
}

func TestOverriddenLimits(t *testing.T) {
	for _, x := range []struct {
		name, track, spending string
		levers                []string
		net                   string
	}{
		// 1% of 1,000,000.
		{"own stop-gain", "3", "900000.00", []string{"policy.stop_gain", "1%"}, "10000.00"},
		{"no stop-gain", "2", "500000.00", []string{"policy.stop_gain", "none"}, "500000.00"},
		// -500,000 + 15% = -425,000.
		{"no stop-loss", "2", "1500000.00", []string{"policy.stop_loss", "none"}, "-425000.00"},
		{"stop-loss of nothing", "3", "1500000.00", []string{"policy.stop_loss", "0%"}, "0.00"},
		// Track 1 ignores it (ruling 34).
		{"track 1", "1", "1500000.00", []string{"policy.stop_loss", "none"}, "0.00"},
	} {
		l := settled(t, terms(t, x.track, x.levers...), settle.Input{Categories: []settle.Category{target(t, episode.LEJR, -1, "1000000.00", x.spending)}, CQS: number(t, "100")})
		if l.Net.String() != x.net {
			t.Errorf("%s: %s, want %s", x.name, l.Net, x.net)
		}
	}
}
