package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"bundlelab/engine"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/policy"
	"bundlelab/engine/settle"
)

// moves are levers of every kind that a key may move, some for one hospital.
func moves() [][2]string {
	return [][2]string{
		{"care.all.saving.snf", "10%"}, {"care.all.readmissions", "-20%"}, {"care.LEJR.saving.snf", "0%"}, {"hospital.100000.care.all.saving.hha", "5%"},
		{"market.cost_trend", "3%"}, {"market.all.volume", "-100%"}, {"market.all.volume", "7%"}, {"hospital.100001.market.all.volume", "12.5%"}, {"market.LEJR.volume", "30%"}, {"market.LEJR.mix", "5%"}, {"market.all.trend_realized", "9%"},
		{"market.all.benchmark_level", "-3%"}, {"quality.cqs", "55"}, {"quality.cqs", "15"}, {"hospital.100000.quality.cqs", "80"}, {"quality.cjr_cqs", "16"}, {"quality.cjr_cqs", "4"}, {"quality.gate", "off"},
		{"policy.discount", "4%"}, {"policy.stop_loss", "none"}, {"policy.stop_gain", "2%"}, {"hospital.100001.program.fixed_cost", "70.00"}, {"hospital.100001.policy.track", "1"}, {"policy.cap_source", "panel"},
		{"program.fixed_cost", "1000.01"}, {"program.cost_per_episode", "12.50"}, {"program.internal_savings", "900.00"}, {"program.gainshare", "30%"},
		{"program.convener.fee", "1%"}, {"aco.other_spending", "50000.00"}, {"capitation.stop_loss", "20000.00"}, {"condition.avoided", "10%"},
	}
}

// whole compares results to the last line.
func whole() cmp.Options {
	return cmp.Options{
		cmpopts.IgnoreUnexported(engine.DesignResult{}), cmpopts.EquateEmpty(),
		cmp.Comparer(func(a, b money.Rate) bool { return a.Cmp(b) == 0 }), cmp.Comparer(func(a, b decimal.Decimal) bool { return a.Equal(b) }),
	}
}

// moved draws one more lever.
func moved(t *rapid.T, s lever.Set) lever.Set {
	x := rapid.SampledFrom(moves()).Draw(t, "lever")
	s, err := s.With(x[0], x[1])
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A row of a board that has seen other levers before is, once written, what a
// model without a memory says of the design alone; unwritten it has the same
// sums and grade.
func TestRowsRememberNothingThatMoved(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := loaded(t, region(t))
		var s lever.Set
		for range rapid.IntRange(1, 4).Draw(t, "keys") {
			s = moved(t, s)
			rows := m.Rows(engine.Request{Levers: s})
			if rapid.Bool().Draw(t, "again") { // what the first time kept
				rows = m.Rows(engine.Request{Levers: s})
			}
			row := &rows[rapid.IntRange(0, len(rows)-1).Draw(t, "row")]
			if row.Result != nil {
				same(t, m.Fork(), row, s)
			}
		}
	})
}

// same compares a row with its design alone.
func same(t *rapid.T, m *engine.Model, row *engine.Row, s lever.Set) {
	name := fmt.Sprintf("%s %s", row.Design.ID, row.Track.ID)
	got, brief := *row.Result.Written(), *row.Result
	var want engine.DesignResult
	for _, x := range m.Rows(engine.Request{Designs: []string{row.Design.ID}, Levers: s}) {
		if x.Track.ID == row.Track.ID {
			want = *x.Result.Written()
		}
	}
	if row.Track.ID == "" && s.WithoutNamed("quality", "cqs", "gate").WithoutNamed("policy", "track").Len() == s.Len() {
		r, err := m.Fork().Evaluate(engine.Request{Designs: []string{row.Design.ID}, Levers: s})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want = r.Designs[0] // a score or track it does not know is refused where a design is named
	}
	if d := cmp.Diff(want, got, whole()); d != "" {
		t.Fatalf("%s, levers %v: %s", name, s.Items(), d)
	}
	if d := cmp.Diff(want, *row.Result.Lined(), whole(), cmpopts.IgnoreFields(settle.Line{}, "Formula", "Note")); d != "" {
		t.Fatalf("%s lined, levers %v: %s", name, s.Items(), d)
	}
	var each []engine.HospitalResult
	head := *row.Result.Each(func(h *engine.HospitalResult) { each = append(each, kept(h)) })
	head.Hospitals = each
	if d := cmp.Diff(want, head, whole(), cmpopts.IgnoreFields(settle.Line{}, "Formula", "Note")); d != "" {
		t.Fatalf("%s one by one, levers %v: %s", name, s.Items(), d)
	}
	want.Hospitals, want.Warnings, want.CareSaving = nil, nil, 0
	if d := cmp.Diff(want, brief, whole()); d != "" {
		t.Fatalf("%s unwritten, levers %v: %s", name, s.Items(), d)
	}
}

// kept copies a hospital that holds until the next.
func kept(h *engine.HospitalResult) engine.HospitalResult {
	x := *h
	x.Categories, x.Ledger.Targets = slices.Clone(x.Categories), slices.Clone(x.Ledger.Targets)
	x.Ledger.Lines = slices.Clone(x.Ledger.Lines)
	for i := range x.Ledger.Lines {
		x.Ledger.Lines[i].Parts = slices.Clone(x.Ledger.Lines[i].Parts)
	}
	return x
}

// A rule that is held asks for more standings than are kept: 27 rows a key, 400
// in all. What goes and comes again is what a model without a memory says.
func TestRowsUnderMoreRulesThanAreKept(t *testing.T) {
	m := benchModel(t, 300, 2)
	for key := range 20 {
		s, err := lever.Set{}.With("market.all.volume", fmt.Sprintf("%d%%", key%18))
		if err != nil {
			t.Fatal(err)
		}
		rows := m.Rows(engine.Request{Levers: s})
		if key < 14 {
			continue
		}
		again, third, want := m.Rows(engine.Request{Levers: s}), m.Rows(engine.Request{Levers: s}), m.Fork().Rows(engine.Request{Levers: s})
		for i := range want {
			if want[i].Result == nil {
				continue
			}
			for _, got := range []*engine.DesignResult{rows[i].Result, again[i].Result, third[i].Result} {
				if d := cmp.Diff(*want[i].Result, *got, whole()); d != "" {
					t.Fatalf("key %d, %s %s: %s", key, want[i].Design.ID, want[i].Track.ID, d)
				}
			}
		}
	}
}

// The sums of some hospitals are kept for the next key, and are not those of as
// many others. A row that is asked for its ledgers late finds its own.
func TestRowsOfOtherHospitals(t *testing.T) {
	m := benchModel(t, 300, 3)
	of := func(places ...int) (ccns []string) {
		for _, i := range places {
			ccns = append(ccns, m.Panel().Hospitals[i].CCN)
		}
		return ccns
	}
	var late func()
	for _, hospitals := range [][]string{of(0), of(0), of(1), of(1), of(0, 1), of(0, 1), of(1, 2), nil} { // twice: what the first time kept
		r := engine.Request{Hospitals: hospitals}
		rows, want := m.Rows(r), m.Fork().Rows(r)
		each := func() {
			for i := range want {
				if want[i].Result == nil {
					continue
				}
				var all []engine.HospitalResult
				got := *rows[i].Result.Each(func(h *engine.HospitalResult) { all = append(all, kept(h)) })
				got.Hospitals = all
				if d := cmp.Diff(*want[i].Result.Lined(), got, whole()); d != "" {
					t.Fatalf("%s %s of %v one by one: %s", want[i].Design.ID, want[i].Track.ID, hospitals, d)
				}
			}
		}
		for i := range want {
			if want[i].Result == nil {
				continue
			}
			if d := cmp.Diff(*want[i].Result, *rows[i].Result, whole()); d != "" {
				t.Fatalf("%s %s of %v: %s", want[i].Design.ID, want[i].Track.ID, hospitals, d)
			}
		}
		each()
		if late != nil {
			late()
		}
		late = each
	}
}

// A cent for all is one hospital's: the others' part is nothing, and not the
// whole of it.
func TestACentForAllIsSpentOnce(t *testing.T) {
	m := benchModel(t, 300, 3)
	free := m.Rows(engine.Request{})
	for range 3 { // without a roll, with one made, with one kept
		rows := m.Rows(engine.Request{Levers: levers(t, "program.fixed_cost", "0.01")})
		for i := range rows {
			if r := rows[i].Result; r != nil && r.HospitalNet != free[i].Result.HospitalNet-1 {
				t.Fatalf("%s %s: the hospitals keep %s of %s", rows[i].Design.ID, rows[i].Track.ID, r.HospitalNet, free[i].Result.HospitalNet)
			}
		}
	}
}

// A floor lifts more than a cap cuts where one of forty episodes is cheap and the
// others are alike: at 5 percent, in two tracks of BPCI, it is the second of them
// (0.05 x 40) and lifts the first by 8,000.00, and nothing lies above a cap.
func TestAFloorLiftsSpending(t *testing.T) {
	w := &world{hospitals: []panel.Hospital{{CCN: "100001", Division: 5}}}
	w.add(t, "A", "2014-06-01", "10000.00", 0)
	for i := range 39 {
		amount := "10000.00"
		if i == 0 {
			amount = "2000.00"
		}
		w.add(t, fmt.Sprintf("B%d", i), "2016-02-01", amount, 0)
	}
	m := w.model(t)
	for range 3 { // without a roll, with one made, with one kept
		lifted := 0
		for _, r := range m.Rows(engine.Request{Designs: []string{"bpci-m2"}, Levers: levers(t, "policy.cap_source", "panel")}) {
			if r.Result == nil {
				continue
			}
			if s := &r.Result.Sums; s.Capped == cents(t, "-8000.00") && s.Counted == cents(t, "400000.00") {
				lifted++
			}
		}
		if lifted != 2 {
			t.Errorf("%d tracks lift an episode by 8,000.00, want 2", lifted)
		}
	}
}

// A score that is given is no default: nothing is said of a missing one, and
// the grade is not the default's.
func TestAGivenScoreIsNoDefault(t *testing.T) {
	m := benchModel(t, 300, 2)
	said := func(kv ...string) (missing bool, grade policy.Evidence) {
		x, err := m.Evaluate(engine.Request{Designs: []string{"cjr"}, Levers: levers(t, kv...)})
		if err != nil {
			t.Fatal(err)
		}
		d := x.Designs[0]
		for i := range d.Hospitals {
			if l, ok := d.Hospitals[i].Ledger.Line("discount"); ok {
				grade = grade.Lowest(l.Evidence)
			}
		}
		return slices.ContainsFunc(d.Warnings, func(s string) bool { return strings.Contains(s, "no composite quality score") }), grade
	}
	if missing, grade := said(); !missing || grade != policy.Assumed {
		t.Errorf("without a score: %v, %s", missing, grade)
	}
	if missing, grade := said("quality.cjr_cqs", "9"); missing || grade != policy.Regulation {
		t.Errorf("with one: %v, %s", missing, grade)
	}
}

// Scores, and volumes of one category, that come after sums were kept, for all
// or for one hospital, are each hospital's and category's own.
func TestRowsOfWhatCameLater(t *testing.T) {
	m := benchModel(t, 300, 3)
	ccn := m.Panel().Hospitals[1].CCN
	for _, kv := range [][]string{
		nil, nil, {"hospital." + ccn + ".quality.cqs", "95"}, {"quality.cqs", "12"}, {"hospital." + ccn + ".quality.cqs", "95", "quality.cqs", "12"},
		{"market.LEJR.volume", "30%"}, {"market.LEJR.volume", "30%", "care.all.saving.snf", "5%"},
	} {
		r := engine.Request{Levers: levers(t, kv...)}
		rows, want := m.Rows(r), m.Fork().Rows(r)
		for i := range want {
			if want[i].Result == nil {
				continue
			}
			if d := cmp.Diff(*want[i].Result, *rows[i].Result, whole()); d != "" {
				t.Fatalf("%s %s under %v: %s", want[i].Design.ID, want[i].Track.ID, kv, d)
			}
		}
	}
}
