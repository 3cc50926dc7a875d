package group_test

import (
	"testing"

	"bundlelab/data/ingest/claim"
	"bundlelab/engine/money"
)

// TestInterimBills: [30][30][01] of one hospital are one stay, whose amounts and
// outliers add up and whose last bill names the MS-DRG. Days 20..30, 31..40 and
// 41..45 of 1,000 each. The admission decides whether all bills of a stay are
// the episode's.
func TestInterimBills(t *testing.T) {
	bill := func(id, provider string, from, to int, drg, status string) *claim.Event {
		v := stay(id, provider, from, to, drg, status)
		v.Allowed, v.Outlier = 1_000_00, 100_00
		return v
	}
	f := feed{events: []*claim.Event{
		stay("1", hospA, 0, 3, "470", "63"),
		bill("2", ltchX, 20, 30, "", "30"), bill("3", ltchX, 31, 40, "", "30"), bill("4", ltchX, 41, 45, "189", "01"),
		bill("5", ltchX, 46, 50, "189", "01"),                                 // the patient had left: another stay
		bill("8", irfX, -9, -1, "", "30"), bill("9", irfX, 0, 4, "945", "01"), // admitted before the anchor: not its care
		bill("10", irfX, 183, 185, "", "30"), bill("11", irfX, 186, 190, "945", "01"), // admitted 180 days after: all its bills
		bill("12", irfX, 191, 195, "945", "01"),
		bill("6", hospB, 60, 62, "194", "30"), bill("7", hospB, 64, 66, "194", "01"), // a day between: two
	}}
	f.group(t)
	e := f.sink.episodes[0]
	want := "ltch gmlos 20..45 3000.00 0; ltch gmlos 46..50 1000.00 0; readmission gmlos 60..62 1000.00 0; readmission gmlos 64..66 1000.00 0; irf gmlos 183..190 2000.00 0"
	if got := lines(&e); got != want {
		t.Errorf("got %q", got)
	}
	if s := e.Services[0]; s.Code != "189" || s.Outlier != 300_00 || *s.Raw != 3_000_00 {
		t.Errorf("%+v", s)
	}
}

// TestHomeHealthDays: a period is split by the days from its first visit to its
// last (42 CFR 512.555(b)(2)). Anchor [0..3], so day 3 is offset 0; bill 18..47
// of 3,000 with visits on days 18 to 29, all 12 days inside 30 days (3..32);
// another with visits on days 23 to 37: 10 of 15 days, 3,000 x 10/15 = 2,000; a
// third without visits: 15 of 30 days, 1,500.
func TestHomeHealthDays(t *testing.T) {
	for _, tt := range []struct {
		visits []int
		days   string
		want   money.Cents
	}{
		{[]int{18, 22, 29}, "18..29", 3_000_00},
		{[]int{37, 23}, "23..37", 2_000_00},
		{nil, "18..47", 1_500_00},
	} {
		v := event(claim.HHA, "2", "017001", 18, 47, 3_000_00)
		for _, d := range tt.visits {
			v.Visits = append(v.Visits, claim.Visit{Day: *day(d), Count: 1})
		}
		f := feed{events: []*claim.Event{stay("1", hospA, 0, 3, "470", "06"), v}}
		f.group(t)
		e := &f.sink.episodes[0]
		if got, want := lines(e), "hha days "+tt.days+" 3000.00 0"; got != want || e.Services[0].Inside(30) != tt.want {
			t.Errorf("%v: got %q, inside %s", tt.visits, got, e.Services[0].Inside(30))
		}
		// The claims reach to the bill's last day all the same.
		if f.sink.through != *day(47) {
			t.Errorf("%v: through %s", tt.visits, f.sink.through)
		}
	}
}
