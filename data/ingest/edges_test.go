package ingest_test

import (
	"testing"

	"bundlelab/data/ingest/group"
	"bundlelab/data/store"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
)

// grouped imports a feed that gives so many episodes.
func grouped(t *testing.T, f *feed, want int) []store.Episode {
	t.Helper()
	m, _, err := load(t, f.format, write(t, f.write()))
	if err != nil || len(m.episodes) != want {
		t.Fatalf("%d episodes, %v", len(m.episodes), err)
	}
	return m.episodes
}

// TestTransferWithoutAStatus: a stay elsewhere from the next day on is a transfer
// where no bill says that the patient went home.
func TestTransferWithoutAStatus(t *testing.T) {
	for status, start := range map[string]string{"": "2024-02-26", "02": "2024-02-26", "01": "2024-03-01"} {
		f := layoutOf(store.RIF).feed()
		f.add("stay", "id=9 provider=010033 drg=535 from=2024-02-26 to=2024-02-29").rows[len(f.rows)-1].cells["status"] = status
		if e := grouped(t, f, 1)[0]; e.Start.String() != start || e.CCN != "010001" {
			t.Errorf("status %q: from %s at %s", status, e.Start, e.CCN)
		}
	}
}

// TestOutlierWithinTheAmount: an outlier part above the standardized amount is
// all of it: 6,000.00 less 2,000.00 for teaching leaves 4,000.00.
func TestOutlierWithinTheAmount(t *testing.T) {
	e := grouped(t, layoutOf(store.RIF).feed().add("again", "ime=2000.00 outlier=5000.00"), 1)[0]
	for _, s := range e.Services {
		if s.Setting == episode.Readmission && (s.Amount != 4000_00 || s.Outlier != 4000_00 || *s.Raw != 6000_00) {
			t.Errorf("%s with an outlier of %s", s.Amount, s.Outlier)
		}
	}
}

// TestDaysAroundTheAnchor has the last day that counts, and the next. The anchor
// is from 1 to 5 March 2024, day 0 being the 5th: day 89 is 2 June; the 180th day
// before it starts is 3 September 2023.
func TestDaysAroundTheAnchor(t *testing.T) {
	for _, tt := range []struct {
		kind, change string
		flags        uint32
		care         panel.Known
	}{
		{"line", "id=9 from=2024-06-02 to=2024-06-02 other=5.00", group.DropPayerAfter, panel.Unknown},
		{"line", "id=9 from=2024-06-03 to=2024-06-03 other=5.00", 0, panel.Unknown},
		{"line", "id=9 from=2024-03-05 to=2024-03-05 other=5.00", 0, panel.Unknown},
		{"snf", "id=9 from=2023-09-03 to=2023-09-03", 0, panel.Yes},
		{"snf", "id=9 from=2023-09-02 to=2023-09-02", 0, panel.No},
		{"snf", "id=9 from=2024-02-20 to=2024-02-29", 0, panel.Yes},
		{"line", "id=9 from=2023-09-03 to=2023-09-03", 0, panel.No},
		{"line", "id=9 from=2023-09-04 to=2023-09-04", 0, panel.Unknown},
	} {
		if e := grouped(t, layoutOf(store.RIF).feed().add(tt.kind, tt.change), 1)[0]; e.DropFlags != tt.flags || e.PriorPAC != tt.care {
			t.Errorf("%s %s: flags %b, care before %v", tt.kind, tt.change, e.DropFlags, e.PriorPAC)
		}
	}
}

// service is the first service of a setting.
func service(t *testing.T, e *store.Episode, setting episode.Setting) *store.Service {
	t.Helper()
	for i := range e.Services {
		if e.Services[i].Setting == setting {
			return &e.Services[i]
		}
	}
	t.Fatalf("no %s in %+v", setting, e.Services)
	return nil
}

// TestBPCIAEdges has the last value on either side of a feed's own rules.
func TestBPCIAEdges(t *testing.T) {
	// Of an anchor of $100 half a percent is less than $1: $1 is no difference.
	for amount, found := range map[string]int{"101.00": 0, "101.01": 1, "99.00": 0, "98.99": 1} {
		f := layoutOf(store.BPCIA).feed().set("episode", "amount=100.00").set("stay", "amount="+amount)
		if _, all := find(t, f); all[finding{"A004", store.Warning}] != found {
			t.Errorf("stays of %s: found %v", amount, all)
		}
	}
	// The row names no stay: the one of the very days is the anchor, another that
	// begins on the same day is care.
	f := layoutOf(store.BPCIA).feed().set("episode", "stay=").add("stay", "id=9 to=2024-03-04 amount=500.00")
	if e := grouped(t, f, 1)[0]; e.StdAnchor != 12_000_00 || service(t, &e, episode.Readmission).Amount != 500_00 {
		t.Errorf("the anchor is %s", e.StdAnchor)
	}
	// Another payer's payment counts though one before it was taken back.
	f = layoutOf(store.BPCIA).feed().add("bill", "other=-5.00 second=3.00")
	e := grouped(t, f, 1)[0]
	if s := service(t, &e, episode.Outpatient); s.Excluded&episode.Payer == 0 || s.PrimaryPayer != 3_00 {
		t.Errorf("%+v", s)
	}
	f = layoutOf(store.BPCIA).feed().add("bill", "other=-5.00 second=0.00")
	e = grouped(t, f, 1)[0]
	if s := service(t, &e, episode.Outpatient); s.Excluded != 0 {
		t.Errorf("%+v", s)
	}
}

// TestCCLFCancelledInTheEnd: an adjustment takes the place of the original, so
// that one cancellation after both leaves nothing; with an adjustment after that
// the claim is in force again.
func TestCCLFCancelledInTheEnd(t *testing.T) {
	f := layoutOf(store.CCLF).feed().add("stay", "id=9 act=2 amount=13000.00 CLM_EFCTV_DT=2024-05-01")
	if e := grouped(t, f, 1)[0]; e.StdAnchor != 13_000_00 {
		t.Errorf("adjusted to %s", e.StdAnchor)
	}
	grouped(t, f.add("stay", "id=8 act=1 amount=13000.00 CLM_EFCTV_DT=2024-06-01"), 0)
	if e := grouped(t, f.add("stay", "id=7 act=2 amount=14000.00 CLM_EFCTV_DT=2024-07-01"), 1)[0]; e.StdAnchor != 14_000_00 {
		t.Errorf("adjusted again to %s", e.StdAnchor)
	}
}

// TestTuvaEdges has lines that leave open what they count with and when they
// were. Days count from the anchor's last, 5 March 2024.
func TestTuvaEdges(t *testing.T) {
	visit := func(change string) *store.Service {
		e := grouped(t, layoutOf(store.Tuva).feed().set("line", change), 1)[0]
		return service(t, &e, episode.Professional)
	}
	for change, amount := range map[string]money.Cents{
		"allowed=0.00": 100_00, "allowed=": 100_00, "allowed=120.00": 120_00, "allowed=0.00 paid_amount=0.00": 0,
	} {
		if s := visit(change); s.Amount != amount {
			t.Errorf("%s: %s", change, s.Amount)
		}
	}
	// A line with a first day only is of that day, not of all the claim's.
	if s := visit("claim_start_date=2024-03-10 claim_end_date=2024-03-20 claim_line_end_date="); s.From != 7 || s.To != 7 {
		t.Errorf("%d..%d", s.From, s.To)
	}
	if s := visit("claim_line_start_date= claim_line_end_date= claim_end_date=2024-03-14"); s.From != 7 || s.To != 9 {
		t.Errorf("%d..%d", s.From, s.To)
	}
	// A claim lasts from the first day of any of its lines to the last.
	f := layoutOf(store.Tuva).feed().set("snf", "from=2024-03-08 to=2024-03-20").add("snf", "line=2 from=2024-03-05 to=2024-03-24 amount=1.00")
	e := grouped(t, f, 1)[0]
	if s := service(t, &e, episode.SNF); s.From != 0 || s.To != 19 || s.Amount != 8001_00 {
		t.Errorf("%d..%d, %s", s.From, s.To, s.Amount)
	}
}

// TestNativeOutlier: an outlier part may be all of the amount, and no more.
func TestNativeOutlier(t *testing.T) {
	e := grouped(t, layoutOf(store.Native).feed().add("again", "outlier=6000.00"), 1)[0]
	if s := service(t, &e, episode.Readmission); s.Outlier != 6000_00 {
		t.Errorf("%s", s.Outlier)
	}
	if refused, _ := find(t, layoutOf(store.Native).feed().add("again", "outlier=6000.01")); refused != "A001" {
		t.Errorf("refused with %q", refused)
	}
}
