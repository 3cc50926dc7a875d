package totals_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bundlelab/engine/policy"
	"bundlelab/scenarios/totals"
)

// of writes a statement from a design id and the rest of its keys.
func of(design, rest string) string {
	return fmt.Sprintf(`{"schema":"bundlelab.settle/1","design":%q,%s}`, design, rest)
}

// lejr is one category of joint replacements.
func lejr(episodes int, benchmark, spending string) string {
	return fmt.Sprintf(`"categories":[{"category":"LEJR","episodes":%d,"baseline_episodes":300,"benchmark":%q,"spending":%q}]`, episodes, benchmark, spending)
}

// TestGoldenCases are the golden cases D1 to D17 of the designs' specification.
func TestGoldenCases(t *testing.T) {
	set := designs(t)
	cjr := func(period, cqs, benchmark, spending, more string) string {
		return of("cjr", fmt.Sprintf(`"period":%q,"quality":{"cqs":%q},%s%s`, period, cqs, lejr(100, benchmark, spending), more))
	}
	state := func(spending string) string {
		return of("state-tn", `"quality":{"gate":true},"categories":[{"category":"CHF","episodes":20,"spending":"`+spending+`","thresholds":{"commendable":"10000.00","acceptable":"13000.00","gain_limit":"7000.00"}}]`)
	}
	bpcia := func(spending string) string {
		return of("bpcia", `"period":"MY6","quality":{"cqs":"70"},"categories":[{"category":"LEJR","episodes":40,"target":"1000000.00","spending":"`+spending+`"}]`)
	}
	aco := func(spending, npra string) string {
		return of("aco-nested", `"aco":{"benchmark":"100000000.00","spending":"`+spending+`","npra":"`+npra+`","msr":"2%","fsr":"75%"}`)
	}
	for _, x := range []struct{ name, body, net string }{
		// B = (1/3 x 26,000 + 2/3 x 24,000) x 100 = 2,466,666.67; excellent: 3% - 1.5%,
		// 37,000.00 off; 2,429,666.67 - 2,300,000.
		{"D1", cjr("PY3", "16", "2466666.67", "2300000.00", ""), "129666.67"},
		// 24,250 to 24,500 an episode is the dead zone.
		{"D2", cjr("PY2", "6", "2500000.00", "2440000.00", ""), "0.00"},
		// 2,450,000 - 2,650,000 = -200,000, held at 5% x 2,450,000.
		{"D3", cjr("PY2", "6", "2500000.00", "2650000.00", ""), "-122500.00"},
		// The protected classes at 3% x 2,450,000.
		{"D4 rural", cjr("PY2", "6", "2500000.00", "2650000.00", `,"hospital":{"rural":true}`), "-73500.00"},
		{"D4 sch", cjr("PY2", "6", "2500000.00", "2650000.00", `,"hospital":{"sch":true}`), "-73500.00"},
		{"D4 mdh", cjr("PY2", "6", "2500000.00", "2650000.00", `,"hospital":{"mdh":true}`), "-73500.00"},
		{"D4 rrc", cjr("PY2", "6", "2500000.00", "2650000.00", `,"hospital":{"rrc":true}`), "-73500.00"},
		// Good: 3% - 1%; 2,450,000 - 1,800,000 = 650,000, held at 20% x 2,450,000.
		{"D5", cjr("PY4", "10", "2500000.00", "1800000.00", ""), "490000.00"},
		{"D6", cjr("PY4", "4.5", "2500000.00", "2300000.00", ""), "0.00"},
		// Excellent takes the whole 3% off: 2,500,000 - 2,480,000.
		{"D7", cjr("PY6", "16", "2500000.00", "2480000.00", ""), "20000.00"},
		// 300,000 x 0.97 = 291,000, held at 20% x 1,000,000.
		{"D8", bpcia("700000.00"), "200000.00"},
		// 100,000 x (1 - 10% x 30%).
		{"D9", bpcia("900000.00"), "97000.00"},
		// -100,000 x (1 - 10% x 70%).
		{"D10", bpcia("1100000.00"), "-93000.00"},
		// 60,000 + 20% x 20,000 = 64,000 counts; 70,000 - 3% = 67,900 at 60 days.
		{"D11", of("bpci-m2", `"track":"B","episode_days":60,"categories":[{"category":"LEJR","benchmark":"70000.00","episode_spending":["80000.00"],"outlier_high":"60000.00"}]`), "3900.00"},
		// 50% x (10,000 - 8,000) x 20.
		{"D12 below commendable", state("160000.00"), "20000.00"},
		// 50% x (10,000 - 7,000) x 20: nothing for what lies below the limit.
		{"D12 below the limit", state("120000.00"), "30000.00"},
		{"D12 between", state("220000.00"), "0.00"},
		// 50% x (13,000 - 15,000) x 20.
		{"D12 above acceptable", state("300000.00"), "-20000.00"},
		// 75% x 8,000,000.
		{"D13", aco("92000000.00", "0.00"), "6000000.00"},
		// 75% x (8,000,000 - 500,000).
		{"D13 with a bundle", aco("92000000.00", "500000.00"), "5625000.00"},
		// 1 - 75% is held at 40%: 40% x 6,000,000.
		{"D14", aco("106000000.00", "0.00"), "-2400000.00"},
		// 10% x 15,000 x 50% = 750 of the 1,000 the price leaves.
		{"D15", of("prospective", `"episodes":1,"price":"2000.00","cost":"1000.00","warranty":[{"name":"complication","probability":"10%","cost":"15000.00","absorbed":"50%"}]`), "250.00"},
		// 7.75 + 5.60 + 2 = 15.35, excellent: 3% - 1.5% in PY4.
		{"D16", of("cjr", `"period":"PY4",`+lejr(100, "2500000.00", "2300000.00")+`,"quality":{"measures":[{"id":"complications","score":65},{"id":"hcahps","score":55},{"id":"pro","reported":true}]}`), "162500.00"},
		// 1,000 x (12,050 - 10,625).
		{"D17", of("msk-knee", `"patients":1000,"treatments":[{"name":"knee","surgery":true,"share":"0.30","later_share":"0.25","cost":"32000.00"},{"name":"other","share":"0.70","later_share":"0.75","cost":"3500.00"}]`), "1425000.00"},
		// Typical 9,800 + 50% x 20,600 = 20,100, less 20,000.
		{"P11", of("prometheus", `"categories":[{"category":"CHF","episodes":1,"typical":"9800.00","pac":"20600.00","spending":"20000.00"}]`), "100.00"},
	} {
		got, err := totals.Settle("s.json", []byte(x.body), set)
		if err != nil {
			t.Errorf("%s: %v", x.name, err)
			continue
		}
		if l := got.Ledger; l.Net.String() != x.net || !l.Foots() {
			t.Errorf("%s: net %s, want %s", x.name, l.Net, x.net)
			for _, y := range l.Lines {
				t.Logf("%-24s %16s %s", y.ID, y.Amount, y.Formula)
			}
		}
	}
}

// What the statement leaves to an assumption, or gives in vain, is said.
func TestWhatADesignSaysAboutItsStatement(t *testing.T) {
	set := designs(t)
	bpci := func(keys string) string {
		return of("bpci-m2", `"track":"A","episode_days":90,"categories":[{"category":"LEJR","benchmark":"100000.00",`+keys+`}]`)
	}
	for _, x := range []struct{ name, body, net, warning string }{
		// From PY6 nothing is taken off for an ACO: 2,500,000 - 2,480,000.
		{"overlap out of its time", of("cjr", `"period":"PY6","quality":{"cqs":"16"},"aco_overlap":"500.00",`+lejr(1, "2500000.00", "2480000.00")), "20000.00", "aco_overlap of $500.00 is not taken off: design cjr has no such adjustment in PY6"},
		{"overlap of nothing", of("cjr", `"period":"PY6","quality":{"cqs":"16"},"aco_overlap":"0.00",`+lejr(1, "2500000.00", "2480000.00")), "20000.00", ""},
		// Good: 2,450,000 - 2,400,000, less 500.
		{"overlap", of("cjr", `"period":"PY4","quality":{"cqs":"10"},"aco_overlap":"500.00",`+lejr(1, "2500000.00", "2400000.00")), "49500.00", ""},
		// 12.60, good, is assumed: 2,450,000 - 2,400,000.
		{"no CJR score", of("cjr", `"period":"PY4",`+lejr(1, "2500000.00", "2400000.00")), "50000.00", "quality.cqs is not given: 12.6 is used (assumed)"},
		// EPM settles without quality: 97,000 - 90,000.
		{"score in vain", of("epm", `"period":"PY4","quality":{"cqs":"1"},"categories":[{"category":"AMI","benchmark":"100000.00","spending":"90000.00"}]`), "7000.00", "quality.cqs is not used: design epm pays nothing by a score in PY4"},
		// A medical 2% instead of the surgical 3%: 98,000 - 90,000 = 8,000 x 0.95.
		{"another kind", of("bpcia", `"period":"MY6","quality":{"cqs":"50"},"categories":[{"category":"LEJR","kind":"medical","benchmark":"100000.00","spending":"90000.00"}]`), "7600.00", "categories[0].kind: design bpcia lists LEJR as surgical; medical, as given, counts"},
		// A category it does not list: 97,000 - 90,000 = 7,000 x 0.95.
		{"the same kind", of("bpcia", `"period":"MY6","quality":{"cqs":"50"},"categories":[{"category":"LEJR","kind":"surgical","benchmark":"100000.00","spending":"90000.00"}]`), "6650.00", ""},
		{"another category", of("bpcia", `"period":"MY6","quality":{"cqs":"50"},"categories":[{"category":"ELBOW","kind":"surgical","benchmark":"100000.00","spending":"90000.00"}]`), "6650.00", ""},
		// 2% at 90 days: 98,000 - 50,000 - 40,000.
		{"episodes", bpci(`"episode_spending":["50000.00","40000.00"],"outlier_low":"1.00","outlier_high":"90000.00"`), "8000.00", ""},
		{"episodes beside their sum", bpci(`"spending":"90000.00","episode_spending":["50000.00","40000.00"],"outlier_high":"90000.00"`), "8000.00", ""},
		// 40,000 + 20% x 10,000 + 40,000 = 82,000.
		{"episodes beside what counts", bpci(`"spending":"82000.00","episode_spending":["50000.00","40000.00"],"outlier_high":"40000.00"`), "16000.00", ""},
		{"episodes beside their raw sum", bpci(`"spending":"90000.00","episode_spending":["50000.00","40000.00"],"outlier_high":"40000.00"`), "16000.00", ""},
		{"episodes beside another sum", bpci(`"spending":"90001.00","episode_spending":["50000.00","40000.00"],"outlier_high":"90000.00"`), "8000.00", "categories[0].spending of $90,001.00 is neither the sum of episode_spending, $90,000.00, nor what of it counts, $90,000.00"},
		{"episodes of another count", bpci(`"episodes":3,"episode_spending":["50000.00","40000.00"],"outlier_high":"90000.00"`), "8000.00", "categories[0].episodes is 3, but episode_spending lists 2"},
		{"episodes without thresholds", bpci(`"episode_spending":["50000.00","40000.00"]`), "8000.00", "neither outlier_low nor outlier_high is given"},
		// 90 days is assumed: 2%; track A is assumed.
		{"no length, no track", of("bpci-m2", `"categories":[{"category":"LEJR","benchmark":"100000.00","spending":"90000.00"}]`), "8000.00", "track is not given: A is used (assumed)"},
		{"no length", of("bpci-m2", `"track":"A","categories":[{"category":"LEJR","benchmark":"100000.00","spending":"90000.00"}]`), "8000.00", "episode_days is not given: 90 is used (assumed)"},
		// 50% x (100,000 - 160,000) = -30,000, held at 10% x 200,000; with none given, not held.
		{"reimbursement", of("state-ar", `"reimbursement":"200000.00","quality":{"gate":true},"categories":[{"category":"CHF","episodes":10,"spending":"160000.00","thresholds":{"commendable":"9000.00","acceptable":"10000.00"}}]`), "-20000.00", ""},
		{"no reimbursement", of("state-ar", `"quality":{"gate":true},"categories":[{"category":"CHF","episodes":10,"spending":"160000.00","thresholds":{"commendable":"9000.00","acceptable":"10000.00"}}]`), "-30000.00", "reimbursement is not given"},
		{"reimbursement in vain", of("state-tn", `"reimbursement":"200000.00","quality":{"gate":true},"categories":[{"category":"CHF","episodes":10,"spending":"160000.00","thresholds":{"commendable":"9000.00","acceptable":"10000.00"}}]`), "-30000.00", "reimbursement: no limit of design state-tn is a share of it"},
		{"gate shut", of("state-tn", `"quality":{"gate":false},"categories":[{"category":"CHF","episodes":10,"spending":"80000.00","thresholds":{"commendable":"9000.00","acceptable":"10000.00"}}]`), "0.00", ""},
		{"score beside a gate", of("state-tn", `"quality":{"gate":true,"cqs":"1"},"categories":[{"category":"CHF","episodes":10,"spending":"80000.00","thresholds":{"commendable":"9000.00","acceptable":"10000.00"}}]`), "5000.00", "quality.cqs is not used: quality.gate says"},
		// 100,000 - 5% - 90,000; held at 2% x 95,000.
		{"own terms", of("cjrx", `"period":"PY1","terms":{"discount":"5%","stop_gain":"2%","stop_loss":"none"},`+lejr(1, "100000.00", "90000.00")), "1900.00", ""},
		{"own terms in vain", of("team", `"period":"PY1","track":"1","quality":{"cqs":"50"},"terms":{"stop_loss":"2%","discount":"1%"},"categories":[{"category":"LEJR","baseline_episodes":300,"target":"100000.00","spending":"110000.00"}]`), "0.00", "terms.stop_loss is not used: losses are waived here"},
		{"fsr and a score", of("aco-nested", `"quality":{"cqs":"50"},"aco":{"benchmark":"1000000.00","spending":"900000.00","fsr":"50%"}`), "50000.00", "quality.cqs is not used: aco.fsr is the final sharing rate"},
		// 75% x 50/100 of 100,000.
		{"a score without fsr", of("aco-nested", `"quality":{"cqs":"50"},"aco":{"benchmark":"1000000.00","spending":"900000.00"}`), "37500.00", ""},
		{"neither", of("aco-nested", `"aco":{"benchmark":"1000000.00","spending":"900000.00"}`), "75000.00", "quality.cqs is not given: 100 is used (assumed)"},
		{"stop-loss of nobody", of("capitation", `"pmpm":"100.00","member_months":100,"claims":"9000.00","reinsurance":{"attachment":"1000.00"}`), "1000.00", "reinsurance.attachment and member_claims go together"},
		{"costs of no episodes", of("cjr", `"period":"PY4","quality":{"cqs":"10"},"program":{"cost_per_episode":"5.00"},"categories":[{"category":"LEJR","baseline_episodes":300,"benchmark":"100000.00","spending":"98000.00"}]`), "0.00", "program: episodes are not given"},
	} {
		got, err := totals.Settle("s.json", []byte(x.body), set)
		if err != nil {
			t.Errorf("%s: %v", x.name, err)
			continue
		}
		warned := strings.Join(got.Ledger.Warnings, "\n")
		if got.Ledger.Net.String() != x.net || !strings.Contains(warned, x.warning) || x.warning == "" && warned != "" {
			t.Errorf("%s: net %s, want %s, warnings %q", x.name, got.Ledger.Net, x.net, warned)
		}
	}
}

// How the score is known counts in the grade of the result.
func TestTheScoreIsGraded(t *testing.T) {
	set := designs(t)
	for quality, want := range map[string]policy.Evidence{
		`"quality":{"cqs":"10"},`: policy.Regulation,
		`"quality":{"measures":[{"id":"complications","score":65},{"id":"hcahps","score":35,"before":15},{"id":"pro","reported":true}]},`: policy.Regulation,
		`"quality":{"measures":[{"id":"complications","score":60},{"id":"hcahps","score":39,"before":10}]},`:                              policy.Regulation,
		`"quality":{"measures":[{"id":"complications","score":65},{"id":"hcahps","score":45,"before":26}]},`:                              policy.Unconfirmed,
		``: policy.Assumed,
	} {
		got, err := totals.Settle("s.json", []byte(of("cjr", `"period":"PY4",`+quality+lejr(1, "100000.00", "90000.00"))), set)
		if err != nil {
			t.Fatal(err)
		}
		if x, _ := got.Ledger.Line("discount"); x.Evidence != want {
			t.Errorf("%s: the discount is %s, want %s", quality, x.Evidence, want)
		}
	}
}

func TestWhatStandsBehindGivenTotals(t *testing.T) {
	settle := func(body string) *totals.Settlement {
		t.Helper()
		x, err := totals.Settle("s.json", []byte(body), designs(t))
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	x := settle(of("bpci-m2", `"track":"B","episode_days":60,"categories":[{"category":"LEJR","benchmark":"100000.00","episode_spending":["80000.00","3000.00"],"outlier_low":"5000.00","outlier_high":"60000.00"}]`))
	// 80,000 + 3,000 less 64,000 + 5,000.
	if l, _ := x.Ledger.Line("spending"); l.Amount.String() != "-69000.00" || x.Ledger.Tags.Cap.String() != "14000.00" || !strings.Contains(l.Note, "of $83,000.00 in 2 episodes $69,000.00 counts, 20.0% of what lies past $60,000.00, each at least $5,000.00") {
		t.Errorf("spending %s, cap %s, note %q", l.Amount, x.Ledger.Tags.Cap, l.Note)
	}
	x = settle(of("bpcia", `"period":"MY6","quality":{"cqs":"70"},"categories":[{"category":"LEJR","components":{"episodes":3,"sbs":"1000.00","pcma":"1.1","pat":"0.9","realized_trend":"-7%"},"spending":"1.00"}]`))
	// 3 x 1,000 x 1.1 x 0.9 x 0.95 = 2,821.50.
	if l, _ := x.Ledger.Line("benchmark"); l.Amount.String() != "2821.50" || !strings.Contains(l.Note, "realized trend 0.95 (held from 0.93 within 5.0% of 1)") {
		t.Errorf("benchmark %s, note %q", l.Amount, l.Note)
	}
	x = settle(of("team", `"period":"PY1","track":"3","categories":[{"category":"LEJR","episodes":75,"baseline_episodes":99,"benchmark":"1000000.00","spending":"900000.00"}],
		"quality":{"measures":[{"id":"readmission","score":"40","episodes":25},{"id":"pro_pm","score":"80"},{"id":"psi90","episodes":0}]}`))
	// (25 x 40 + 75 x 80) / 100 = 70.
	if x.Score == nil || x.Score.Value.String() != "70" || len(x.Score.Parts) != 3 || !strings.Contains(strings.Join(x.Ledger.Warnings, "\n"), "quality.measures[1].episodes is not given: 75 episodes of this statement are used; only inpatient") {
		t.Errorf("score %+v, warnings %q", x.Score, x.Ledger.Warnings)
	}
	if y := settle(of("cjr", `"period":"PY4","quality":{"measures":[{"id":"complications","score":65,"before":40}]},`+lejr(1, "100.00", "100.00"))); y.Score.Value.String() != "14.35" {
		t.Errorf("7.75 for the 65th percentile, 1 for the improvement, 5.60 for no survey: %s", y.Score.Value)
	}
	// 80,000 - 10% x (1 - 0.70) of it.
	if x.Ledger.Net.String() != "77600.00" || x.Ledger.Evidence != policy.Unconfirmed {
		t.Errorf("net %s, %s", x.Ledger.Net, x.Ledger.Evidence)
	}
	x = settle(of("aco-nested", `"aco":{"benchmark":"100000000.00","spending":"92000000.00","npra":"-500000.00","msr":"2%","fsr":"75%"}`))
	// A repayment lowers the ACO's spending: 75% x 8,500,000; both keep 500,000 less.
	if x.Period.ID == "" || x.Ledger.Net.String() != "6375000.00" || x.Ledger.Hospital.String() != "5875000.00" {
		t.Errorf("net %s, hospital %s", x.Ledger.Net, x.Ledger.Hospital)
	}
}

// What of an episode counts never exceeds it except up to the low threshold,
// and a dollar more of it never counts less.
func TestHeldEpisodes(t *testing.T) {
	set := designs(t)
	count := func(x, low, high int64) int64 {
		body := of("bpci-m2", fmt.Sprintf(`"track":"B","episode_days":30,"categories":[{"category":"LEJR","benchmark":"1.00","episode_spending":["%d.%02d"],"outlier_low":"%d.00","outlier_high":"%d.00"}]`, x/100, x%100, low, high))
		s, err := totals.Settle("s", []byte(body), set)
		if err != nil {
			t.Fatal(err)
		}
		return int64(s.Ledger.Spending)
	}
	rapid.Check(t, func(r *rapid.T) {
		low := rapid.Int64Range(0, 50_000).Draw(r, "low")
		high := rapid.Int64Range(low, 100_000).Draw(r, "high")
		x := rapid.Int64Range(0, 50_000_000).Draw(r, "cents")
		got := count(x, low, high)
		want := x
		if x > 100*high {
			want = 100*high + (2*(x-100*high)+5)/10 // a fifth, half away from zero
		}
		if want = max(want, 100*low); got != want {
			r.Fatalf("%d cents between %d and %d dollars count as %d, want %d", x, low, high, got, want)
		}
		if more := count(x+1, low, high); more < got {
			r.Fatalf("%d counts %d, a cent more %d", x, got, more)
		}
	})
}
