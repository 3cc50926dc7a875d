package report_test

import (
	"bytes"
	"strings"
	"testing"

	"bundlelab/engine"
	"bundlelab/engine/lever"
	"bundlelab/scenarios/report"
)

func TestInteractionAddsUp(t *testing.T) {
	r := projection()
	levers, err := lever.Set{}.With("care.LEJR.snf_days", "2")
	if err != nil {
		t.Fatal(err)
	}
	if levers, err = levers.With("policy.episode_days", "90"); err != nil {
		t.Fatal(err)
	}
	// 300.00 + 50.00 - 7.00 - 2.50 = 340.50.
	x := engine.Interaction{Design: r.Designs[0].Design, Base: 300_00, Between: -2_50, Net: 340_50, Saved: 60_00, AboveCap: 12_00}
	for i, e := range []engine.Effect{{Net: 50_00}, {Net: -7_00, Why: "no price"}} {
		e.Setting = levers.Items()[i]
		x.Alone = append(x.Alone, e)
	}
	sheets := report.ProjectionSheets(&r, nil, map[string]*engine.Interaction{x.Design: &x})
	if want := "What each lever does alone, TEAM PY1 (evidence: " + r.Designs[0].Evidence.String() + ")\n" +
		"line                                               amount\n" +
		"Net payment without levers                        $300.00\n" +
		"  care.LEJR.snf_days = 2                           $50.00\n" +
		"  policy.episode_days = 90                         -$7.00\n" +
		"  Interaction (total less the sum of each alone)   -$2.50\n" +
		"Net payment with all levers                       $340.50\n" +
		"  policy.episode_days = 90 does not settle alone, so what it does is in the interaction: no price\n" +
		"  of $60.00 that the care levers save, $12.00 lay above the outlier cap and are worth nothing\n"; len(sheets) != 4 || write(t, report.Table, sheets[3]) != want {
		t.Errorf("got\n%s\nwant\n%s", write(t, report.Table, sheets[3]), want)
	}
	var csv []string
	for _, row := range report.InteractionRows(&r.Designs[0], "b", &x).Rows {
		csv = append(csv, strings.Join(row[3:8], ","))
	}
	if got, want := strings.Join(csv, "\n"), ",interaction_base,Net payment without levers,300.00,true\n"+
		",interaction_alone,care.LEJR.snf_days = 2,50.00,false\n,interaction_alone,policy.episode_days = 90,-7.00,false\n"+
		",interaction,Interaction (total less the sum of each alone),-2.50,false\n,interaction_net,Net payment with all levers,340.50,true\n"+
		",saved_above_cap,Saved above the outlier cap; worth nothing,12.00,"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	var doc bytes.Buffer
	if err := report.WriteJSON(&doc, report.NewInteraction(&x)); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(strings.Fields(doc.String()), " "), `{ "base": "300.00", "alone": [ { "key": "care.LEJR.snf_days", "value": "2", "net": "50.00" }, `+
		`{ "key": "policy.episode_days", "value": "90", "net": "-7.00", "reason": "no price" } ], "interaction": "-2.50", "net": "340.50", "saved_above_cap": "12.00" }`; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
