package engine_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"bundlelab/engine"
	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/price"
)

// readmitted is a hospital with two 2026 episodes of 20,000, one of them with a
// readmission of 10,000, at a price of 26,000: readmissions are 20% of
// spending.
func readmitted(t testing.TB) *world {
	w := &world{hospitals: []panel.Hospital{{CCN: "100001", Division: 5}}}
	for _, days := range []int{30, 90} {
		w.rows = append(w.rows, price.Row{Kind: price.Benchmark, Cell: "470", Division: 5, Days: days, Price: cents(t, "26000.00")})
	}
	w.add(t, "A", "2026-03-01", "20000.00", 0)
	w.add(t, "B", "2026-04-01", "20000.00", 0, episode.Service{Setting: episode.Readmission, From: 5, To: 9, Amount: cents(t, "10000.00")})
	return w
}

// under projects one design.
func under(t testing.TB, m *engine.Model, id string, s lever.Set) engine.DesignResult {
	t.Helper()
	r, err := m.Evaluate(engine.Request{Designs: []string{id}, Levers: s})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range r.Designs[0].Hospitals {
		if !h.Ledger.Foots() {
			t.Fatalf("%s: the ledger of %s does not foot", id, h.CCN)
		}
	}
	return r.Designs[0]
}

func TestFormulasOnEpisodes(t *testing.T) {
	m := readmitted(t).model(t)
	for _, x := range []struct {
		name, id string
		set      []string
		want     string // lines other than subtotals in between, then net and hospital_net
	}{
		// Expected complications 20% of 52,000: 41,600 and half of 10,400.
		{"half of complications in the price", "prospective", []string{"policy.track", "provencare"},
			"benchmark 41600.00 warranty_price 5200.00 target 46800.00 spending -40000.00 warranty -10000.00 net_payment -3200.00 hospital_net -3200.00"},
		// Half the readmissions: the price stays, 5,000 is saved.
		{"fewer readmissions", "prospective", []string{"policy.track", "provencare", "care.all.readmissions", "-50%"},
			"benchmark 41600.00 warranty_price 5200.00 target 46800.00 spending -40000.00 warranty -5000.00 net_payment 1800.00 hospital_net 1800.00"},
		{"a discount is off the rest of the price", "prospective", []string{"policy.track", "provencare", "policy.discount", "10%"},
			"benchmark 41600.00 discount -4160.00 warranty_price 5200.00 target 42640.00 spending -40000.00 warranty -10000.00 net_payment -7360.00 hospital_net -7360.00"},
		// 15.2% of 52,000 = 7,904.
		{"centre of excellence", "prospective", []string{"policy.track", "coe"},
			"benchmark 52000.00 discount -7904.00 target 44096.00 spending -40000.00 warranty -10000.00 net_payment -5904.00 hospital_net -5904.00"},
		{"budget", "prometheus", nil,
			"benchmark 41600.00 pac 5200.00 target 46800.00 spending -50000.00 net_payment -3200.00 hospital_net -3200.00"},
		// 2 operations are 30%: 4.67 patients without, at 3,500 = 16,333.33.
		{"condition", "msk-knee", nil,
			"benchmark 68333.33 target 68333.33 spending -66333.33 net_payment 2000.00 hospital_net 2000.00"},
		// One operation avoided: 25,000 and 5.67 x 3,500 = 19,833.33. A fifth
		// of it comes later, 20% x (25,000 - 3,500), and the margin of 0.8 is
		// lost.
		{"operations avoided", "msk-knee", []string{"condition.avoided", "50%", "condition.deferral", "20%", "condition.margin", "5000.00"},
			"benchmark 68333.33 target 68333.33 spending -44833.33 deferral -4300.00 net_payment 19200.00 lost_margin -4000.00 hospital_net 15200.00"},
		// 4.67 x 4,000 = 18,666.67.
		{"dearer without operation", "msk-knee", []string{"condition.conservative_cost", "4000.00"},
			"benchmark 70666.67 target 70666.67 spending -68666.67 net_payment 2000.00 hospital_net 2000.00"},
		// One episode costs 5,000 more than 25,000.
		{"capitation", "capitation", []string{"capitation.stop_loss", "25000.00", "capitation.premium", "2%", "capitation.admin", "5%"},
			"benchmark 52000.00 target 52000.00 spending -50000.00 stop_loss_recovery 5000.00 premium -1040.00 admin -2600.00 net_payment 3360.00 hospital_net 3360.00"},
		{"everything above nothing", "capitation", []string{"capitation.stop_loss", "0.00"},
			"benchmark 52000.00 target 52000.00 spending -50000.00 stop_loss_recovery 50000.00 net_payment 52000.00 hospital_net 52000.00"},
		// TEAM: 98% of 52,000 less 50,000 = 960, at a score of 50 912. The ACO:
		// 52,000 - 50,912 = 1,088, past 2% of 52,000, 75% of it 816.
		{"nested", "aco-nested", nil,
			"benchmark 52000.00 target 52000.00 spending -50000.00 bundle_npra_booked -912.00 share -272.00 net_payment 816.00 bundle_npra 912.00 hospital_net 1728.00"},
		{"least rate", "aco-nested", []string{"aco.msr", "3%"},
			"benchmark 52000.00 target 52000.00 spending -50000.00 bundle_npra_booked -912.00 min_rate -1088.00 net_payment 0.00 bundle_npra 912.00 hospital_net 912.00"},
		{"sharing rate", "aco-nested", []string{"aco.fsr", "50%"},
			"benchmark 52000.00 target 52000.00 spending -50000.00 bundle_npra_booked -912.00 share -544.00 net_payment 544.00 bundle_npra 912.00 hospital_net 1456.00"},
		{"the ACO's other care", "aco-nested", []string{"aco.other_benchmark", "100000.00", "aco.other_spending", "90000.00"},
			"benchmark 152000.00 target 152000.00 spending -140000.00 bundle_npra_booked -912.00 share -2772.00 net_payment 8316.00 bundle_npra 912.00 hospital_net 9228.00"},
		// The discount and the score are the bundle's: 52,000 - 50,000 at 100.
		{"the bundle's levers", "aco-nested", []string{"policy.discount", "0%", "quality.cqs", "100"},
			"benchmark 52000.00 target 52000.00 spending -50000.00 bundle_npra_booked -2000.00 net_payment 0.00 bundle_npra 2000.00 hospital_net 2000.00"},
	} {
		t.Run(x.name, func(t *testing.T) {
			d := under(t, m, x.id, levers(t, x.set...))
			var got []string
			for _, l := range d.Hospitals[0].Ledger.Lines {
				switch l.ID {
				case "reconciliation_amount", "quality_adjusted", "npra":
				default:
					got = append(got, l.ID+" "+l.Amount.String())
				}
			}
			if s := strings.Join(got, " "); s != x.want {
				t.Errorf("got\n%s, want\n%s", s, x.want)
			}
			l := &d.Hospitals[0].Ledger
			target, _ := l.Line("target")
			var sum money.Cents
			for _, c := range d.Hospitals[0].Categories {
				sum += c.Target
			}
			if x.id == "prospective" && sum != target.Amount {
				t.Errorf("categories' targets %s of %s", sum, target.Amount)
			}
			if !strings.Contains(strings.Join(d.Warnings, "\n"), "(assumed)") {
				t.Errorf("no word of what stands in: %q", d.Warnings)
			}
		})
	}
}

// Every lever of a formula moves its design's answer, and a hospital's own
// beats the one for all.
func TestFormulaLeversMoveTheAnswer(t *testing.T) {
	m := readmitted(t).model(t)
	designs := map[string]string{"condition": "msk-knee", "capitation": "capitation", "aco": "aco-nested"}
	base := map[string][]string{
		"condition":  {"condition.avoided", "25%"},
		"capitation": {"capitation.stop_loss", "26000.00"},
		"aco":        nil,
	}
	moves := map[string]string{
		"condition.avoided": "50%", "condition.conservative_cost": "1000.00", "condition.deferral": "30%", "condition.margin": "7000.00",
		"capitation.stop_loss": "22000.00", "capitation.premium": "3%", "capitation.admin": "3%",
		"aco.other_benchmark": "5000.00", "aco.other_spending": "300.00", "aco.msr": "4%", "aco.fsr": "40%",
	}
	seen := 0
	for _, def := range lever.Registry() {
		id, ok := designs[def.Group]
		if !ok {
			continue
		}
		seen++
		set := levers(t, base[def.Group]...)
		was := under(t, m, id, set)
		all, err := set.With(def.Key(), moves[def.Key()])
		if err != nil {
			t.Fatal(err)
		}
		is := under(t, m, id, all)
		if is.HospitalNet == was.HospitalNet {
			t.Errorf("%s moves nothing", def.Key())
		}
		own, err := set.With("hospital.100001."+def.Key(), moves[def.Key()])
		if err != nil {
			t.Fatal(err)
		}
		if x := under(t, m, id, own); x.HospitalNet != is.HospitalNet {
			t.Errorf("hospital.100001.%s: %s, for all %s", def.Key(), x.HospitalNet, is.HospitalNet)
		}
	}
	if seen != len(moves) {
		t.Errorf("%d levers of %d", seen, len(moves))
	}
}

func TestDrawsSettleTheSameFormula(t *testing.T) {
	ctx := context.Background()
	// Two episodes alike: every draw is the projection.
	w := readmitted(t)
	w.episodes[0].Services = w.episodes[1].Services
	m := w.model(t)
	for _, id := range []string{"prospective", "prometheus", "msk-knee", "capitation", "aco-nested"} {
		s := levers(t, "condition.avoided", "30%", "condition.deferral", "10%", "capitation.stop_loss", "25000.00", "aco.msr", "0%")
		net := under(t, m, id, s).Net
		d, err := m.Draw(ctx, id, engine.Request{Levers: s}, 20, 7)
		if err != nil {
			t.Fatal(err)
		}
		if d.Sorted[0] != net || d.Sorted[19] != net {
			t.Errorf("%s: draws from %s to %s, projected %s", id, d.Sorted[0], d.Sorted[19], net)
		}
	}
	// An ACO that keeps all savings and bears 40% of losses, with no least
	// rate, is benchmark less spending less the bundle of the same draw.
	w = readmitted(t)
	for i, anchor := range []string{"18000.00", "22000.00", "25500.00", "27000.00", "24000.00"} {
		w.add(t, string(rune('C'+i)), "2026-05-01", anchor, 0)
	}
	m = w.model(t)
	s := levers(t, "policy.episode_days", "30", "aco.msr", "0%", "aco.fsr", "100%")
	gains, losses := 0, 0
	for seed := range uint64(40) {
		one := func(id string) money.Cents {
			d, err := m.Draw(ctx, id, engine.Request{Levers: s}, 1, seed)
			if err != nil {
				t.Fatal(err)
			}
			return d.Sorted[0]
		}
		want := one("capitation") - one("team")
		if want < 0 {
			want = money.NewRate(40, 2).Of(want)
			losses++
		} else {
			gains++
		}
		if got := one("aco-nested"); got != want {
			t.Errorf("seed %d: the ACO's net is %s, want %s", seed, got, want)
		}
	}
	if gains == 0 || losses == 0 {
		t.Errorf("%d gains and %d losses: the draws try one side only", gains, losses)
	}
}

func TestNestedBundleErrors(t *testing.T) {
	m := readmitted(t).model(t)
	// The data reach 306 days: neither design can be asked for more.
	_, err := m.Evaluate(engine.Request{Designs: []string{"aco-nested"}, Levers: levers(t, "policy.episode_days", "400")})
	var rule *engine.RuleError
	if !errors.As(err, &rule) {
		t.Errorf("400 days: %v", err)
	}
}
