package totals_test

import (
	"errors"
	"strings"
	"testing"

	"bundlelab/engine/policy"
	"bundlelab/scenarios/totals"
)

// Keys of one design mean nothing to another, and each fault has its place.
func TestStatementsOfDesignsAreRefused(t *testing.T) {
	set := designs(t)
	const none = `"categories":[{"category":"LEJR","benchmark":"1.00","spending":"1.00"}]`
	state := func(keys string) string {
		return of("state-ar", `"categories":[{"category":"CHF",`+keys+`}]`)
	}
	bpci := func(keys string) string {
		return of("bpci-m2", `"track":"B","categories":[{"category":"LEJR","benchmark":"1.00",`+keys+`}]`)
	}
	bpcia := func(keys string) string {
		return of("bpcia", `"period":"MY7","categories":[{"spending":"1.00",`+keys+`}]`)
	}
	for _, x := range []struct{ body, why string }{
		{of("team", `"period":"PY2","aco_overlap":"1.00",`+none), "aco_overlap: unknown key: use schema, design, period, track, hospital, categories, quality, post_episode, program, terms"},
		{of("team", `"period":"PY2","categories":[{"category":"LEJR","benchmark":"1.00","spending":"1.00","kind":"surgical"}]`), "categories[0].kind: unknown key: use category, episodes, baseline_episodes, benchmark, target, spending"},
		{of("team", none), "period: text is needed here: one of PY1, PY2"},
		{of("team", `"period":"PY2","quality":{"gate":true},`+none), "quality.gate: unknown key: use cqs, measures"},
		{of("cjr", `"period":"PY2","quality":{"cqs":"20.01"},`+none), "quality.cqs: 20.01 is outside 0 to 20"},
		{of("cjr", `"period":"PY2","quality":{"gate":true},`+none), "quality.gate: unknown key"},
		{of("cjr", `"period":"PY2","hospital":{"rrc":"yes"},`+none), "hospital.rrc: write true or false"},
		{of("cjr", `"period":"PY2","aco_overlap":1,`+none), "aco_overlap: write the amount as text"},
		{of("cjr", `"period":"PY2","aco_overlap":"-1.00",`+none), "aco_overlap: -1.00 is negative"},
		{bpcia(`"category":"SLEEP","benchmark":"1.00"`), "categories[0].kind: design bpcia does not list SLEEP"},
		{bpcia(`"category":"SLEEP","kind":"dental","benchmark":"1.00"`), `categories[0].kind: "dental" is no kind`},
		{bpcia(`"category":"LEJR","benchmark":"1.00","components":{}`), "categories[0]: give exactly one of benchmark (before discount), components"},
		{bpcia(`"category":"LEJR","components":{"sbs":"1.00","pcma":"1","pat":"1"}`), "categories[0].components.episodes: a number is needed here"},
		{bpcia(`"category":"LEJR","episodes":1,"components":{"sbs":1,"pcma":"1","pat":"1"}`), "categories[0].components.sbs: write the amount as text"},
		{bpcia(`"category":"LEJR","episodes":1,"components":{"sbs":"1.00","pat":"1"}`), "categories[0].components.pcma: missing: a number is needed"},
		{bpcia(`"category":"LEJR","episodes":1,"components":{"sbs":"1.00","pcma":"101","pat":"1"}`), "pcma: 101 is more than a factor of 100"},
		{bpcia(`"category":"LEJR","episodes":1,"components":{"sbs":"1.00","pcma":"1","pat":"1","realized_trend":"0.03"}`), "realized_trend: 0.03 is no trend within 50%"},
		{bpcia(`"category":"LEJR","episodes":1,"components":{"sbs":"1.00","pcma":"1","pat":"1","trend":"1"}`), "categories[0].components.trend: unknown key"},
		{bpcia(`"category":"LEJR","episodes":10000000,"components":{"sbs":"10000000.00","pcma":"1","pat":"1"}`), "categories[0].components: comes to more than nine trillion dollars"},
		{bpcia(`"category":"` + strings.Repeat("N", 61) + `","kind":"medical","benchmark":"1.00"`), "a name of at most 60 printable characters"},
		{bpci(`"spending":"1.00"`) + " ", ""},
		{of("bpci-m2", `"track":"B","episode_days":45,`+none), "episode_days: 45 is not a length of this design: use 30/60/90"},
		{of("bpci-m2", `"track":"B","episode_days":"long",`+none), "episode_days: long is not a number"},
		{bpci(`"episode_spending":"1.00"`), "categories[0].episode_spending: a list of at most"},
		{bpci(`"episode_spending":["1.00",2]`), "categories[0].episode_spending[1]: write the amount as text"},
		{bpci(`"episode_spending":["1.00"],"outlier_low":"9.00","outlier_high":"8.00"`), "categories[0].outlier_low: $9.00 is above outlier_high $8.00"},
		{bpci(`"episode_spending":["10000000000000.00","10000000000000.00"]`), "categories[0].episode_spending: comes to more than nine trillion"},
		{bpci(`"thresholds":{},"spending":"1.00"`), "categories[0].thresholds: unknown key"},
		{state(`"spending":"1.00","episodes":1,"benchmark":"1.00","thresholds":{"commendable":"1.00","acceptable":"1.00","gain_limit":"1.00"}`), "categories[0]: give exactly one of thresholds (per episode), benchmark"},
		{state(`"spending":"1.00","thresholds":{"commendable":"1.00","acceptable":"1.00","gain_limit":"1.00"}`), "categories[0].episodes: a number is needed here: thresholds are per episode"},
		{state(`"spending":"1.00","episodes":1,"thresholds":{"commendable":"3.00","acceptable":"2.00","gain_limit":"1.00"}`), "categories[0].thresholds: commendable"},
		{state(`"spending":"1.00","episodes":1,"thresholds":{"commendable":"1.00","acceptable":"2.00","gain_limit":"3.00"}`), "categories[0].thresholds: gain_limit"},
		{state(`"spending":"1.00","episodes":1,"thresholds":{"commendable":1,"acceptable":"2.00"}`), "categories[0].thresholds.commendable: write the amount as text"},
		{state(`"spending":"1.00","episodes":1,"thresholds":{"acceptable":"2.00"}`), "categories[0].thresholds.commendable: missing: write the amount as text"},
		{state(`"spending":"1.00","episodes":1,"thresholds":"x"`), "categories[0].thresholds: a table of keys"},
		{of("state-ar", `"quality":{"gate":"yes"},`+none), "quality.gate: write true or false"},
		{of("state-ar", `"reimbursement":5,`+none), "reimbursement: write the amount as text"},
		{of("team", `"period":"PY2","terms":{"discount":0.02},`+none), "terms.discount: a rate is needed here, as text"},
		{of("team", `"period":"PY2","terms":{"discount":"30%"},`+none), `terms.discount: "30%": it must be from -10% to 20%`},
		{of("team", `"period":"PY2","terms":{"margin":"3%"},`+none), "terms.margin: unknown key: use discount, stop_gain, stop_loss"},
		{of("team", `"period":"PY2","program":{"gainshare":"120%"},`+none), "program.gainshare: 120.0% is outside 0% to 100.0%"},
		{of("team", `"period":"PY2","program":{"alignment":"-1%"},`+none), "program.alignment: -1.0% is outside"},
		{of("team", `"period":"PY2","program":{"fixed_cost":1},`+none), "program.fixed_cost: write the amount as text"},
		{of("team", `"period":"PY2","program":{"convener":{"share":"1%"}},`+none), "program.convener.share: unknown key: use gain_share"},
		{of("team", `"period":"PY2","program":{"convener":{"fees_first":1}},`+none), "program.convener.fees_first: write true or false"},
		{of("team", `"period":"PY2","program":{"alignment_collaborators":"1.5"},`+none), "program.alignment_collaborators: 1.5 is not a whole number"},
		{of("aco-nested", none), "categories: unknown key: use schema, design, period, track, hospital, aco, quality"},
		{of("aco-nested", `"aco":{"benchmark":"1.00","spending":"1.00","npra":1}`), "aco.npra: write the amount as text"},
		{of("aco-nested", `"aco":{"benchmark":"1.00"}`), "aco.spending: missing: write the amount as text"},
		{of("aco-nested", `"aco":{"benchmark":"1.00","spending":"1.00","fsr":"175%"}`), "aco.fsr: 175.0% is outside"},
		{of("aco-nested", `"terms":{"discount":"1%"},"aco":{"benchmark":"1.00","spending":"1.00"}`), "terms.discount: unknown key: use stop_gain, stop_loss"},
		{of("prospective", `"price":"1.00","cost":"1.00"`), "episodes: missing: a number is needed here"},
		{of("prospective", `"episodes":1,"price":1,"cost":"1.00"`), "price: write the amount as text"},
		{of("prospective", `"episodes":1,"price":"1.00","cost":"1.00","warranty":[{"name":"x","probability":"2","cost":"1.00"}]`), "warranty[0].probability: 200.0% is outside"},
		{of("prospective", `"episodes":1,"price":"1.00","cost":"1.00","warranty":[{"name":"x","odds":"2%","cost":"1.00"}]`), "warranty[0].odds: unknown key: use name, probability, cost, absorbed"},
		{of("prospective", `"episodes":1,"price":"1.00","cost":"1.00","warranty":[{"name":"x","probability":"2%","cost":"1.00"},{"name":"x","probability":"2%","cost":"1.00"}]`), "warranty[1].name: x stands twice"},
		{of("prometheus", `"categories":[{"category":"CHF","episodes":1,"benchmark":"1.00","spending":"1.00"}]`), "categories[0].benchmark: unknown key: use category, episodes, typical"},
		{of("prometheus", `"quality":{"own":"70"},"categories":[{"category":"CHF","episodes":1,"typical":"1.00","spending":"1.00"}]`), "quality: give either cqs"},
		{of("prometheus", `"quality":{"own":"170","team":"1"},"categories":[{"category":"CHF","episodes":1,"typical":"1.00","spending":"1.00"}]`), "quality: own 170 or team 1 is outside 0 to 100"},
		{of("msk-knee", `"patients":10,"treatments":[{"name":"a","share":"100%","later_share":"90%","cost":"1.00"}]`), "treatments: the expected mix holds"},
		{of("msk-knee", `"patients":10,"treatments":[{"name":"a","share":"100%","cost":"1.00"}]`), "treatments[0].later_share: missing: a rate is needed here"},
		{of("capitation", `"pmpm":"1.00","member_months":1,"claims":"1.00","member_claims":["2.00"]`), "member_claims: they come to more than claims"},
		{of("capitation", `"pmpm":"1.00","member_months":1,"claims":"1.00","reinsurance":{"deductible":"1.00"}`), "reinsurance.deductible: unknown key"},
		{of("cjr", `"period":"PY4","quality":{"cqs":"1","measures":[{"id":"pro","reported":true}]},`+none), "quality: give either cqs, the score itself, or measures"},
		{of("cjr", `"period":"PY4","quality":{"measures":[{"id":"falls","score":1}]},`+none), `quality.measures[0].id: "falls" is not a measure of design cjr in PY4: use complications, hcahps, pro`},
		{of("cjr", `"period":"PY4","quality":{"measures":[{"id":"pro","score":1}]},`+none), "quality.measures[0].score: unknown key: use id, reported"},
		{of("cjr", `"period":"PY4","quality":{"measures":[{"id":"hcahps","score":101}]},`+none), "quality.measures[0].score: 101 is outside 0 to 100"},
		{of("team", `"period":"PY1","quality":{"measures":[{"id":"readmission","score":50},{"id":"readmission","score":50}]},`+none), "quality.measures[1].id: readmission stands twice"},
		{of("team", `"period":"PY1","quality":{"measures":[{"id":"readmission","score":50}]},`+none), "quality.measures: TEAM score: none of the 1 measures has both a score and episodes"},
		{of("team", `"period":"PY2","quality":{"measures":[{"id":"psi90","score":50}]},`+none), `"psi90" is not a measure of design team in PY2`},
		{of("team", `"period":"PY1","quality":{"measures":[{"id":"failure_to_rescue","score":50}]},`+none), "is not a measure of design team in PY1: use readmission, psi90, pro_pm"},
	} {
		_, err := totals.Settle("s.json", []byte(x.body), set)
		var in *totals.InputError
		if x.why == "" {
			if err != nil {
				t.Errorf("%s: %v", x.body, err)
			}
			continue
		}
		if !errors.As(err, &in) || !strings.Contains(err.Error(), x.why) {
			t.Errorf("%s:\n got %v\nwant %q", x.body, err, x.why)
		}
	}
}

// Rules refuse with their own errors whatever the design.
func TestRulesOfDesigns(t *testing.T) {
	const rest = `"categories":[{"category":"CABG","benchmark":"1.00","spending":"1.00"}]`
	var pe *policy.PeriodError
	if _, err := totals.Settle("s", []byte(of("bpcia", `"period":"MY9",`+rest)), designs(t)); !errors.As(err, &pe) {
		t.Errorf("period: %v", err)
	}
	var te *policy.TrackError
	if _, err := totals.Settle("s", []byte(of("bpci-m2", `"track":"D",`+rest)), designs(t)); !errors.As(err, &te) {
		t.Errorf("track: %v", err)
	}
	if _, err := totals.Settle("s", []byte(of("bpcia", `"period":"MY6","track":"A",`+rest)), designs(t)); !errors.As(err, &te) {
		t.Errorf("track of a design without: %v", err)
	}
	var no *policy.IneligibleError
	if _, err := totals.Settle("s", []byte(of("epm", `"period":"PY1","track":"early",`+rest)), designs(t)); !errors.As(err, &no) {
		t.Errorf("eligibility: %v", err)
	}
}
