package engine_test

import (
	"strings"
	"testing"

	"bundlelab/engine/episode"
	"bundlelab/engine/policy"
)

func TestProgramLeversReachTheLedger(t *testing.T) {
	// Spending 23,000 x 2 against 2/3 x 26,100 + 8,000 = 25,400 x 2: the target
	// of a gain is 50,800 x 98% = 49,784, at most 5% above: 3,784 held at
	// 2,489.20.
	w := joints(t, 20)
	w.episodes[len(w.episodes)-1].Anchor = cents(t, "23000.00")
	m := w.model(t)
	for _, x := range []struct {
		id, want string
		kv       []string
	}{
		// Half of 2,489.20 is held at 50% of the fee-schedule payments of 1,000.
		{"gainshare", "-500.00", []string{"program.gainshare", "50%", "program.gainshare_pfs", "1000.00"}},
		{"overlap", "-89.20", []string{"program.aco_overlap", "89.20"}},
		// Fees of 100 a case first: 20% of 2,289.20, and the fees.
		{"convener", "-657.84", []string{"program.convener.gain_share", "20%", "program.convener.fee_per_episode", "100.00", "program.convener.fees_first", "on"}},
		{"convener", "-697.84", []string{"program.convener.gain_share", "20%", "program.convener.fee_per_episode", "100.00"}},
		// 1% of the largest repayment, 5% x 49,784.
		{"convener", "-24.89", []string{"program.convener.guarantee", "1%"}},
	} {
		d := one(t, m, "cjr", append(x.kv, "policy.period", "PY2")...)
		if got := line(t, &d, "100001", x.id); got != x.want {
			t.Errorf("%v: %s %s, want %s", x.kv, x.id, got, x.want)
		}
	}
	// A loss of 708: 60% asked for, one collaborator bears 25% at most.
	d := one(t, joints(t, 20).model(t), "cjr", "policy.period", "PY2", "program.alignment", "60%", "program.alignment_collaborators", "1")
	if got := line(t, &d, "100001", "alignment"); got != "177.00" {
		t.Errorf("alignment %s, want 177.00", got)
	}
	// TEAM takes nothing back from an ACO.
	d = one(t, simple(t).model(t), "team", "program.aco_overlap", "10.00")
	if got := line(t, &d, "100001", "overlap"); got != "0.00" {
		t.Errorf("overlap under TEAM: %s", got)
	}
}

func TestAStatesGateAndLimit(t *testing.T) {
	// Arkansas at 90 days: benchmark 52,000, commendable 46,800. Two episodes of
	// 20,000: half of 6,800 while the gate is passed.
	w := simple(t)
	w.rows[0].Days = 90
	w.episodes[0].Services, w.episodes[1].Services = episode.Lines{}, episode.Lines{}
	w.episodes[0].Anchor = cents(t, "20000.00")
	for gate, want := range map[string]string{"on": "3400.00", "off": "0.00"} {
		d := one(t, w.model(t), "state-ar", "quality.gate", gate)
		if got := line(t, &d, "100001", "net_payment"); got != want {
			t.Errorf("gate %s: %s, want %s", gate, got, want)
		}
		if strings.Contains(strings.Join(d.Warnings, "\n"), "no composite quality score") {
			t.Errorf("a known gate needs no score: %q", d.Warnings)
		}
	}
	// 40,000 and 40,000 without a cap: half of 80,000 - 57,200 is 11,400, held at
	// 10% of the 80,000 that stand in for the reimbursement.
	w.rows[0].P99 = nil
	w.episodes[0].Anchor, w.episodes[1].Anchor = cents(t, "40000.00"), cents(t, "40000.00")
	d := one(t, w.model(t), "state-ar")
	l, _ := d.Hospitals[0].Ledger.Line("stop_limit")
	if l.Amount.String() != "3400.00" || l.Evidence != policy.Assumed || !strings.Contains(l.Note, "$80,000.00 at baseline levers stands in") {
		t.Errorf("limit %s, %s: %q", l.Amount, l.Evidence, l.Note)
	}
}

func TestBenchmarkFactors(t *testing.T) {
	// Prices 26,000 twice with risks 1.1 and 1.0: SBS 26,000, PCMA 1.05; the
	// trend is held at 5%: 26,000 x 1.05 x 1.05 x 2 = 57,330.
	w := simple(t)
	w.rows[0].Days = 90
	w.episodes[0].Risk = 1_100_000
	d := one(t, w.model(t), "bpcia", "policy.period", "MY6", "market.trend_realized", "8%")
	l, _ := d.Hospitals[0].Ledger.Line("benchmark")
	if l.Amount.String() != "57330.00" || !strings.HasPrefix(l.Note, "SBS $26,000.00 × PCMA 1.050000 × PAT 1.050000 × 2 episodes ≈ $57,330.00") || l.Evidence != policy.Assumed {
		t.Errorf("%s: %s %q", l.Amount, l.Evidence, l.Note)
	}
}
