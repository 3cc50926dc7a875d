package totals_test

import (
	"testing"

	"bundlelab/scenarios/totals"
)

// Terms of a contract are the user's, where the design has none of its own.
func TestTermsOfContracts(t *testing.T) {
	set := designs(t)
	chf := func(keys, more string) string {
		return of("prometheus", `"quality":{"cqs":"100"},"categories":[{"category":"CHF","episodes":10,"typical":"1000.00","pac":"400.00","spending":"11000.00"`+keys+`}]`+more)
	}
	knee := func(more string) string {
		return of("msk-knee", `"patients":100,"treatments":[{"name":"knee","surgery":true,"share":"50%","later_share":"40%","cost":"2000.00"},{"name":"rest","share":"50%","later_share":"60%","cost":"1000.00","later_cost":"900.00"}]`+more)
	}
	members := func(claims, more string) string {
		return of("capitation", `"pmpm":"100.00","member_months":1000,"claims":"`+claims+`"`+more)
	}
	for _, x := range []struct{ name, body, net, hospital string }{
		// 10,000 + 50% x 4,000 = 12,000 - 11,000.
		{"budget", chf("", ""), "1000.00", "1000.00"},
		{"severity", chf(`,"severity":"1.2"`, ""), "3000.00", "3000.00"},
		{"margin", chf("", `,"terms":{"margin":"10%"}`), "2000.00", "2000.00"},
		{"share of complications", chf("", `,"terms":{"pac_share":"25%"}`), "0.00", "0.00"},
		{"program", chf("", `,"program":{"cost_per_episode":"7.00"}`), "1000.00", "930.00"},
		// 150,000 - 80,000 - 54,000 = 16,000.
		{"mix", knee(""), "16000.00", "16000.00"},
		// 20% of 10 avoided operations come back at 2,000 - 900 more a patient.
		{"deferral", knee(`,"deferral":"20%"`), "13800.00", "13800.00"},
		// and 8 of them cost the hospital 300.
		{"deferral and margin", knee(`,"deferral":"20%","surgery_margin":"300.00"`), "13800.00", "11400.00"},
		{"share of a gain", knee(`,"terms":{"gain_share":"25%","loss_share":"0%"}`), "4000.00", "4000.00"},
		{"least rate", knee(`,"terms":{"min_rate":"11%"}`), "0.00", "0.00"},
		{"program of a condition", knee(`,"program":{"cost_per_episode":"7.00"}`), "16000.00", "15300.00"},
		{"discount", knee(`,"terms":{"discount":"1%"}`), "14500.00", "14500.00"},
		{"capitation", members("90000.00", ""), "10000.00", "10000.00"},
		{"risk", members("90000.00", `,"risk":"1.1"`), "20000.00", "20000.00"},
		{"share of a loss", members("110000.00", `,"terms":{"loss_share":"30%","gain_share":"0%"}`), "-3000.00", "-3000.00"},
		{"corridor of a loss", members("110000.00", `,"terms":{"min_rate":"11%"}`), "0.00", "0.00"},
		// 20,000 - 5,000 past the attachment, held at 4,000.
		{"most", members("90000.00", `,"member_claims":["20000.00"],"reinsurance":{"attachment":"5000.00","most":"4000.00"}`), "14000.00", "14000.00"},
		{"recovery", members("90000.00", `,"member_claims":["20000.00"],"reinsurance":{"attachment":"5000.00","recovery":"80%"}`), "22000.00", "22000.00"},
		{"premium", members("90000.00", `,"reinsurance":{"premium":"1%"}`), "9000.00", "9000.00"},
		{"administration", members("90000.00", `,"admin":"3%"`), "7000.00", "7000.00"},
		{"stop-gain", members("90000.00", `,"terms":{"stop_gain":"2%"}`), "2000.00", "2000.00"},
		// 10 x (100 - 60) - 10 x 20% x 30, all of it absorbed.
		{"warranty", of("prospective", `"episodes":10,"price":"100.00","cost":"60.00","warranty":[{"name":"a","probability":0.2,"cost":"30.00"}],"program":{"cost_per_episode":"1.00"}`), "340.00", "330.00"},
		{"excluded cause", of("prospective", `"episodes":10,"price":"100.00","cost":"60.00","warranty":[{"name":"a","probability":"20%","cost":"30.00","absorbed":0}]`), "400.00", "400.00"},
		// 4% is past the design's least rate of 2%, not past 5%.
		{"least rate of an ACO", of("aco-nested", `"aco":{"benchmark":"1000.00","spending":"960.00","msr":"5%","fsr":"50%"}`), "0.00", "0.00"},
	} {
		got, err := totals.Settle("s.json", []byte(x.body), set)
		if err != nil {
			t.Errorf("%s: %v", x.name, err)
			continue
		}
		if l := got.Ledger; l.Net.String() != x.net || l.Hospital.String() != x.hospital || !l.Foots() || len(l.Warnings) > 0 {
			t.Errorf("%s: net %s, hospital %s, want %s, %s; %q", x.name, l.Net, l.Hospital, x.net, x.hospital, l.Warnings)
			for _, y := range l.Lines {
				t.Logf("%-24s %16s %s", y.ID, y.Amount, y.Formula)
			}
		}
	}
}

func TestProgramOfAStatement(t *testing.T) {
	// Net 50,000. 1,000 fixed + 100 x 10; collaborators 50% = 25,000, held at 50% of
	// 30,000; the convener 10% of (50,000 - fees), fees first: 1% x 2,450,000 +
	// 100 x 2 + 1% x (20% x 2,450,000) = 24,500 + 200 + 4,900 = 29,600, so 2,040.
	body := of("cjr", `"period":"PY4","quality":{"cqs":"10"},`+lejr(100, "2500000.00", "2400000.00")+`,
		"program":{"fixed_cost":"1000.00","cost_per_episode":"10.00","gainshare":"50%","gainshare_pfs":"30000.00","alignment":"50%","alignment_collaborators":2,
		"convener":{"gain_share":"10%","loss_share":"20%","fee":"1%","fee_per_episode":"2.00","guarantee":"1%","fees_first":true}}`)
	got, err := totals.Settle("s.json", []byte(body), designs(t))
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{"program": "-2000.00", "gainshare": "-15000.00", "convener": "-31640.00", "net_payment": "50000.00", "hospital_net": "1360.00"} {
		if x, _ := got.Ledger.Line(id); x.Amount.String() != want {
			t.Errorf("%s is %s, want %s (%s)", id, x.Amount, want, x.Formula)
		}
	}
}

func TestAlignmentOfAStatement(t *testing.T) {
	// A repayment of 100,000: one collaborator bears at most 25% of it.
	body := of("cjr", `"period":"PY4","quality":{"cqs":"10"},`+lejr(100, "2500000.00", "2550000.00")+`,"program":{"alignment":"40%","alignment_collaborators":1}`)
	got, err := totals.Settle("s.json", []byte(body), designs(t))
	if err != nil {
		t.Fatal(err)
	}
	if x, _ := got.Ledger.Line("alignment"); x.Amount.String() != "25000.00" || got.Ledger.Net.String() != "-100000.00" {
		t.Errorf("net %s, alignment %s", got.Ledger.Net, x.Amount)
	}
}
