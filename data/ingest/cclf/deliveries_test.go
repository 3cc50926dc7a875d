package cclf_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// amounts are what a test compares: the anchor and every service.
func amounts(m *memory) (all []string) {
	for _, e := range m.episodes {
		all = append(all, fmt.Sprintf("%s %s..%s raw %s", e.Trigger, e.Start, e.End, *e.RawAnchor))
		for _, s := range e.Services {
			all = append(all, fmt.Sprintf("%s %d..%d %s", s.Setting, s.From, s.To, *s.Raw))
		}
	}
	return all
}

// TestVersions nets the versions of one skilled nursing claim, which is the
// only service of the episode.
func TestVersions(t *testing.T) {
	type version struct{ id, act, effective, paid string }
	tests := []struct {
		name     string
		versions []version
		want     string // raw amount; "" when nothing is in force
		code     string
	}{
		{"one", []version{{"1", "0", "2024-04-01", "100.00"}}, "100.00", ""},
		{"cancelled", []version{{"1", "0", "2024-04-01", "100.00"}, {"2", "1", "2024-05-01", "100.00"}}, "", ""},
		{"replaced", []version{{"1", "0", "2024-04-01", "100.00"}, {"2", "1", "2024-05-01", "100.00"}, {"3", "2", "2024-05-01", "80.00"}}, "80.00", ""},
		{"replaced, in another order", []version{{"3", "2", "2024-05-01", "80.00"}, {"2", "1", "2024-05-01", "100.00"}, {"1", "0", "2024-04-01", "100.00"}}, "80.00", ""},
		{"replaced twice", []version{{"1", "0", "2024-04-01", "100.00"}, {"2", "1", "2024-05-01", "100.00"}, {"3", "2", "2024-05-01", "80.00"}, {"4", "1", "2024-06-01", "80.00"}, {"5", "2", "2024-06-01", "90.00"}}, "90.00", ""},
		{"replaced, then cancelled on the same day", []version{{"1", "0", "2024-04-01", "100.00"}, {"2", "1", "2024-05-01", "100.00"}, {"3", "2", "2024-05-01", "80.00"}, {"4", "1", "2024-05-01", "80.00"}}, "", ""},
		{"cancellation with a sign", []version{{"1", "0", "2024-04-01", "100.00"}, {"2", "1", "2024-05-01", "-100.00"}, {"3", "2", "2024-05-01", "80.00"}}, "80.00", ""},
		{"adjusted without a cancellation", []version{{"1", "0", "2024-04-01", "100.00"}, {"2", "2", "2024-05-01", "80.00"}}, "80.00", "A003"}, // 180 is not 80
		{"cancelled for another amount", []version{{"1", "0", "2024-04-01", "100.00"}, {"2", "1", "2024-05-01", "90.00"}}, "", "A003"},
		{"cancelled, original elsewhere", []version{{"2", "1", "2024-05-01", "100.00"}}, "", "A003"},
		{"cancelled and adjusted, original elsewhere", []version{{"2", "1", "2024-05-01", "100.00"}, {"3", "2", "2024-05-01", "100.00"}}, "100.00", "A003"},
		{"cancelled twice, then adjusted", []version{{"1", "0", "2024-04-01", "100.00"}, {"2", "1", "2024-05-01", "100.00"}, {"3", "1", "2024-06-01", "100.00"}, {"4", "2", "2024-07-01", "100.00"}}, "100.00", "A003"},
		{"billed again after a cancellation of what is elsewhere", []version{{"2", "1", "2024-05-01", "100.00"}, {"3", "0", "2024-06-01", "100.00"}}, "100.00", "A003"},
		{"billed and cancelled on one day", []version{{"1", "0", "2024-04-01", "100.00"}, {"2", "1", "2024-04-01", "100.00"}}, "", ""},
		{"adjusted, original elsewhere", []version{{"3", "2", "2024-05-01", "80.00"}}, "80.00", ""},
		{"two originals of one day", []version{{"1", "0", "2024-04-01", "100.00"}, {"2", "0", "2024-04-01", "70.00"}}, "100.00", "K001"},
		{"two originals of two days", []version{{"1", "0", "2024-04-01", "100.00"}, {"2", "0", "2024-05-01", "70.00"}}, "70.00", "A003"},
		{"billed again after a cancellation", []version{{"1", "0", "2024-04-01", "100.00"}, {"2", "1", "2024-05-01", "100.00"}, {"3", "0", "2024-06-01", "70.00"}}, "70.00", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := embedded(t)
			d.head("9", anna, "60", "010001", "2024-03-01", "2024-03-04", "470", "03", "1000000.00")
			for _, v := range tt.versions {
				d.head(v.id, anna, "20", "015001", "2024-03-04", "2024-03-19", "", "01", v.paid, "CLM_ADJSMT_TYPE_CD="+v.act, "CLM_EFCTV_DT="+v.effective)
			}
			want := []string{"470 2024-03-01..2024-03-04 raw 1000000.00"}
			if tt.want != "" {
				want = append(want, "snf 0..15 "+tt.want)
			}
			d.crowdBefore(300)
			d.counts()
			m, report, err := load(t, write(t, d.files()))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, amounts(m)); diff != "" {
				t.Error(diff)
			}
			for _, code := range []string{"A003", "K001"} {
				if got := count(report, code); (got > 0) != (code == tt.code) {
					t.Errorf("%d %s: %v", got, code, found(report))
				}
			}
			lines(t, d, tt.want, tt.code)
		})
	}
}

// crowdBefore adds claims long before the surgery, which are passed over.
func (d *deck) crowdBefore(n int) {
	for i := range n {
		d.head(fmt.Sprint(8000+i), bertl, "10", "017001", "2020-03-01", "2020-03-02", "", "01", "1.00")
	}
}

// lines has the same versions as professional claims of one control number.
func lines(t *testing.T, part *deck, want, code string) {
	t.Helper()
	d := embedded(t)
	d.head("9", anna, "60", "010001", "2024-03-01", "2024-03-04", "470", "03", "1000000.00")
	for i := range 300 {
		d.line("5", fmt.Sprint(900+i), "1", bertl, "71", "2024-03-06", "99213", "11", "1000.00")
	}
	for _, row := range part.rows["1"] {
		cell := func(column string) string {
			p := part.places["1"][column]
			return strings.TrimSpace(row[p[0]-1 : p[1]])
		}
		if cell("CLM_TYPE_CD") == "20" {
			d.line("5", cell("CUR_CLM_UNIQ_ID"), "1", anna, "71", "2024-03-06", "99213", "11", cell("CLM_PMT_AMT"),
				"CLM_CNTL_NUM=ONE", "CLM_ADJSMT_TYPE_CD="+cell("CLM_ADJSMT_TYPE_CD"), "CLM_EFCTV_DT="+cell("CLM_EFCTV_DT"))
		}
	}
	m, report, err := load(t, write(t, d.files()))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []string{"A003", "K001"} {
		if got := count(report, c); (got > 0) != (c == code) {
			t.Errorf("as lines: %d %s: %v", got, c, found(report))
		}
	}
	expect := []string{"470 2024-03-01..2024-03-04 raw 1000000.00"}
	if want != "" {
		expect = append(expect, "professional 2..2 "+want)
	}
	if diff := cmp.Diff(expect, amounts(m)); diff != "" {
		t.Errorf("as lines: %s", diff)
	}
}

// TestDeliveries has two months that overlap: February's comes again in
// March, with other amounts; the newest wins, whatever the order of names.
func TestDeliveries(t *testing.T) {
	month := func(anchor, snf, visit string) *deck {
		d := embedded(t)
		d.head("1", anna, "60", "010001", "2024-03-01", "2024-03-04", "470", "03", anchor)
		d.add("A", "CUR_CLM_UNIQ_ID=1", "CLM_ACTV_CARE_FROM_DT=2024-03-01", "CLM_MDCR_IP_BENE_DDCTBL_AMT=1000.00")
		d.head("2", anna, "20", "015001", "2024-03-04", "2024-03-19", "", "01", snf)
		d.head("3", anna, "40", "010001", "2024-03-20", "2024-03-20", "", "01", visit)
		d.outpatient("3", "1", anna, "40", "2024-03-20", "97110", visit)
		d.line("5", "4", "1", anna, "71", "2024-03-21", "99213", "11", visit)
		return d
	}
	for _, days := range [][2]string{{"240401", "240501"}, {"240501", "240401"}} {
		files := map[string]string{}
		for i, d := range []*deck{month("10000.00", "8000.00", "50.00"), month("11000.00", "7000.00", "60.00")} {
			d.counts()
			maps.Copy(files, d.sent(days[i]))
		}
		want := []string{"470 2024-03-01..2024-03-04 raw 12000.00", "snf 0..15 7000.00", "outpatient 16..16 60.00", "professional 17..17 60.00"}
		if days[0] > days[1] {
			want = []string{"470 2024-03-01..2024-03-04 raw 11000.00", "snf 0..15 8000.00", "outpatient 16..16 50.00", "professional 17..17 50.00"}
		}
		m, report, err := load(t, write(t, files))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, amounts(m)); diff != "" {
			t.Errorf("%v: %s", days, diff)
		}
		for _, f := range report.Files {
			if f.Rejected > 0 {
				t.Errorf("%+v", f)
			}
		}
		if count(report, "K001") == 0 { // said as information
			t.Error("the overlap is not told")
		}
	}
}

// TestOutpatientProcedure opens an episode by a HCPCS code of CCLF2.
func TestOutpatientProcedure(t *testing.T) {
	d := embedded(t)
	d.head("1", anna, "40", "010001", "2024-03-05", "2024-03-05", "", "01", "9000.00")
	d.outpatient("1", "1", anna, "40", "2024-03-05", "27447", "9000.00")
	d.outpatient("1", "2", anna, "40", "2024-03-05", "C1776", "0.00")
	d.add("A", "CUR_CLM_UNIQ_ID=1", "CLM_MDCR_COINSRNC_AMT=1632.00")
	d.line("5", "2", "1", anna, "71", "2024-03-05", "27447", "22", "1300.00", "CLM_LINE_PRMRY_PYR_CD=A")
	m, _, err := load(t, write(t, d.files()))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"27447 2024-03-05..2024-03-05 raw 10632.00", "professional 0..0 1300.00"}
	if diff := cmp.Diff(want, amounts(m)); diff != "" {
		t.Error(diff)
	}
	if e := m.episodes[0]; e.Inpatient || e.Services[0].Excluded == 0 {
		t.Errorf("inpatient %v, excluded %v though another payer came first", e.Inpatient, e.Services[0].Excluded)
	}
}

// TestContinuedStay joins two bills of one stay: the first ends with status 30.
func TestContinuedStay(t *testing.T) {
	d := embedded(t)
	d.head("1", anna, "60", "010001", "2024-03-01", "2024-03-15", "470", "30", "9000.00")
	d.head("2", anna, "60", "010001", "2024-03-16", "2024-03-20", "470", "01", "1000.00")
	for _, id := range []string{"1", "2"} {
		d.add("A", "CUR_CLM_UNIQ_ID="+id, "CLM_ACTV_CARE_FROM_DT=2024-03-01")
	}
	m, _, err := load(t, write(t, d.files()))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"470 2024-03-01..2024-03-20 raw 10000.00"}, amounts(m)); diff != "" {
		t.Error(diff)
	}
}

// TestOrderOfRecords: the order of the records of a file changes nothing.
func TestOrderOfRecords(t *testing.T) {
	first, _, err := load(t, write(t, embedded(t).story().files()))
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		d := embedded(t).story()
		mix := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0))
		for _, rows := range d.rows {
			mix.Shuffle(len(rows), func(a, b int) { rows[a], rows[b] = rows[b], rows[a] })
		}
		m, _, err := load(t, write(t, d.files()))
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(first.episodes, m.episodes); diff != "" {
			rt.Error(diff)
		}
	})
}
