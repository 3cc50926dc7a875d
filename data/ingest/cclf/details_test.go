package cclf_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bundlelab/data/reference"
	"bundlelab/data/store"
	"bundlelab/engine/panel"
)

// surgery is Anna's knee replacement from 1 to 4 March 2024, for 10,000.
func surgery(t testing.TB) *deck {
	d := embedded(t)
	d.head("1", anna, "60", "010001", "2024-03-01", "2024-03-04", "470", "01", "10000.00")
	return d
}

// TestDetails has one thing each beside the surgery; what it should become
// comes after the anchor.
func TestDetails(t *testing.T) {
	tests := []struct {
		name string
		add  func(d *deck)
		want string
	}{
		{"every part of the patient", func(d *deck) { // 8,000 + 1 + 2 + 4 + 8 + 16
			d.head("2", anna, "20", "015001", "2024-03-04", "2024-03-19", "", "01", "8000.00")
			d.add("A", "CUR_CLM_UNIQ_ID=2", "CLM_MDCR_IP_BENE_DDCTBL_AMT=1.00", "CLM_MDCR_COINSRNC_AMT=2.00", "CLM_BLOOD_LBLTY_AMT=4.00", "CLM_MDCR_DDCTBL_AMT=8.00", "CLM_SQSTRTN_RDCTN_AMT=16.00")
		}, "snf 0..15 8031.00/8031.00 outlier 0.00"},
		{"outlier of a readmission", func(d *deck) {
			d.head("2", anna, "60", "010033", "2024-03-20", "2024-03-25", "194", "01", "9000.00", "CLM_OPRTNL_IME_AMT=1000.00")
			d.add("A", "CUR_CLM_UNIQ_ID=2", "CLM_OPRTNL_OUTLR_AMT=500.00")
		}, "readmission 16..21 8000.00/9000.00 outlier 500.00"},
		{"outlier above what is left of the claim", func(d *deck) { // 9,000 - 8,700
			d.head("2", anna, "60", "010033", "2024-03-20", "2024-03-25", "194", "01", "9000.00", "CLM_OPRTNL_IME_AMT=8700.00")
			d.add("A", "CUR_CLM_UNIQ_ID=2", "CLM_OPRTNL_OUTLR_AMT=500.00")
		}, "readmission 16..21 300.00/9000.00 outlier 300.00"},
		{"admission after the claim: not believed", func(d *deck) {
			d.head("2", anna, "60", "010033", "2024-03-20", "2024-03-25", "194", "01", "9000.00")
			d.add("A", "CUR_CLM_UNIQ_ID=2", "CLM_ACTV_CARE_FROM_DT=2024-03-26")
		}, "readmission 16..21 9000.00/9000.00 outlier 0.00"},
		{"cents left over go to the largest remainders", func(d *deck) { // 100.01 as 10 : 20 : 30; 16.668.. 33.336.. 50.005
			d.head("2", anna, "40", "010001", "2024-03-20", "2024-03-20", "", "01", "60.00")
			d.add("A", "CUR_CLM_UNIQ_ID=2", "CLM_MDCR_COINSRNC_AMT=40.01")
			for i, paid := range []string{"10.00", "20.00", "30.00"} {
				d.outpatient("2", fmt.Sprint(i+1), anna, "40", "2024-03-20", "97110", paid)
			}
		}, "outpatient 16..16 16.67/16.67 outlier 0.00, outpatient 16..16 33.34/33.34 outlier 0.00, outpatient 16..16 50.00/50.00 outlier 0.00"},
		{"home health by its visits", func(d *deck) { // the 5th is a supply's day, not a visit's
			d.head("2", anna, "10", "017001", "2024-03-05", "2024-04-03", "", "01", "2000.00")
			for i, line := range []string{"0023 2024-03-05", "0421 2024-03-07", "0551 2024-03-14", "0270 2024-03-20"} {
				code, day, _ := strings.Cut(line, " ")
				d.add("2", "CUR_CLM_UNIQ_ID=2", fmt.Sprint("CLM_LINE_NUM=", i+1), "BENE_MBI_ID="+anna, "CLM_TYPE_CD=10", "CLM_FROM_DT=2024-03-05", "CLM_THRU_DT=2024-04-03",
					"CLM_LINE_PROD_REV_CTR_CD="+code, "CLM_LINE_FROM_DT=2024-03-05", "CLM_LINE_INSTNL_REV_CTR_DT="+day, "CLM_LINE_CVRD_PD_AMT=0.00")
			}
		}, "hha 3..10 2000.00/2000.00 outlier 0.00"},
		{"nothing paid for any line", func(d *deck) {
			d.head("2", anna, "40", "010001", "2024-03-20", "2024-03-20", "", "01", "0.00")
			d.add("A", "CUR_CLM_UNIQ_ID=2", "CLM_MDCR_DDCTBL_AMT=40.00")
			d.outpatient("2", "1", anna, "40", "2024-03-20", "97110", "0.00")
		}, "outpatient 16..16 40.00/40.00 outlier 0.00"},
		{"an outpatient claim without lines", func(d *deck) {
			d.head("2", anna, "40", "010001", "2024-03-20", "2024-03-22", "", "01", "40.00")
		}, "outpatient 16..18 40.00/40.00 outlier 0.00"},
		{"lines have their own days", func(d *deck) {
			d.head("2", anna, "40", "010001", "2024-03-20", "2024-03-30", "", "01", "40.00")
			d.add("2", "CUR_CLM_UNIQ_ID=2", "CLM_LINE_NUM=1", "BENE_MBI_ID="+anna, "CLM_TYPE_CD=40", "CLM_FROM_DT=2024-03-20", "CLM_LINE_FROM_DT=2024-03-20", "CLM_LINE_INSTNL_REV_CTR_DT=2024-03-24", "CLM_LINE_CVRD_PD_AMT=40.00")
		}, "outpatient 20..20 40.00/40.00 outlier 0.00"},
		{"the same outpatient line twice", func(d *deck) {
			d.head("2", anna, "40", "010001", "2024-03-20", "2024-03-20", "", "01", "4000.00")
			for range 2 {
				d.outpatient("2", "0000000001", anna, "40", "2024-03-20", "97110", "0.00")
			}
			for i := range 200 {
				d.outpatient(fmt.Sprint(9000+i), "1", bertl, "40", "2024-03-20", "97110", "10.00")
			}
		}, "outpatient 16..16 4000.00/4000.00 outlier 0.00"},
		{"claims without control numbers stand alone", func(d *deck) {
			d.line("5", "2", "1", anna, "71", "2024-03-20", "99213", "11", "70.00", "CLM_CNTL_NUM=")
			d.line("5", "3", "1", anna, "71", "2024-03-21", "99213", "11", "80.00", "CLM_CNTL_NUM=")
		}, "professional 16..16 70.00/70.00 outlier 0.00, professional 17..17 80.00/80.00 outlier 0.00"},
		{"a claim without a billing hospital goes by its own", func(d *deck) {
			d.head("2", anna, "20", "015001", "2024-03-10", "2024-03-12", "", "01", "1.00", "CLM_BLG_PRVDR_OSCAR_NUM=")
			d.head("3", anna, "20", "015002", "2024-03-10", "2024-03-12", "", "01", "2.00", "CLM_BLG_PRVDR_OSCAR_NUM=")
		}, "snf 6..8 1.00/1.00 outlier 0.00, snf 6..8 2.00/2.00 outlier 0.00"},
		{"bills of Medicare Advantage are none", func(d *deck) {
			d.head("2", anna, "64", "010033", "2024-03-20", "2024-03-25", "194", "01", "9000.00")
		}, ""},
		{"care in the sixth month", func(d *deck) {
			d.line("5", "2", "1", anna, "71", "2024-08-29", "99213", "11", "70.00")
		}, "professional 178..178 70.00/70.00 outlier 0.00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := surgery(t)
			tt.add(d)
			m, report, err := load(t, write(t, d.files()))
			if err != nil || len(m.episodes) != 1 {
				t.Fatalf("%d episodes: %v", len(m.episodes), err)
			}
			var got []string
			for _, s := range m.episodes[0].Services {
				got = append(got, fmt.Sprintf("%s %d..%d %s/%s outlier %s", s.Setting, s.From, s.To, s.Amount, *s.Raw, s.Outlier))
			}
			if strings.Join(got, ", ") != tt.want {
				t.Errorf("got %s: %v", strings.Join(got, ", "), found(report))
			}
		})
	}
}

// TestLookBack: care in the half year before counts, and that there was none is
// known from the claims of everybody.
func TestLookBack(t *testing.T) {
	d := surgery(t)
	d.line("5", "2", "1", bertl, "71", "2023-01-01", "99213", "11", "70.00")
	m, _, err := load(t, write(t, d.files()))
	if err != nil || m.episodes[0].PriorPAC != panel.No {
		t.Errorf("without care: %+v %v", m.episodes, err)
	}
	d.head("3", anna, "20", "015001", "2023-09-10", "2023-09-20", "", "01", "1.00")
	m, _, err = load(t, write(t, d.files()))
	if err != nil || m.episodes[0].PriorPAC != panel.Yes {
		t.Errorf("with care: %+v %v", m.episodes, err)
	}
}

// TestConditions counts HCCs of the 180 days before, from every place a
// diagnosis stands in: 37 of a stay (CCLF4), 226 of a clinic (CCLF4), 280 of a
// line (CCLF5); a principal diagnosis counts only where CCLF4 has none.
func TestConditions(t *testing.T) {
	tables, err := reference.New(nil, []store.HCC{
		{Year: 2024, Version: 28, Diagnosis: "E1122", Category: 37}, {Year: 2024, Version: 28, Diagnosis: "I509", Category: 226}, {Year: 2024, Version: 28, Diagnosis: "J449", Category: 280},
		{Year: 2024, Version: 28, Diagnosis: "C61", Category: 23},
	}, nil, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	d := surgery(t)
	d.line("5", "2", "1", bertl, "71", "2023-01-01", "99213", "11", "70.00")
	d.head("3", anna, "60", "010033", "2024-01-10", "2024-01-12", "194", "01", "5000.00", "PRNCPL_DGNS_CD=C61", "DGNS_PRCDR_ICD_IND=0")
	d.add("4", "CUR_CLM_UNIQ_ID=3", "CLM_VAL_SQNC_NUM=01", "CLM_DGNS_CD=E1122", "DGNS_PRCDR_ICD_IND=0")
	d.head("4", anna, "40", "010033", "2024-01-20", "2024-01-20", "", "01", "50.00", "PRNCPL_DGNS_CD=I509", "DGNS_PRCDR_ICD_IND=0")
	d.outpatient("4", "1", anna, "40", "2024-01-20", "97110", "50.00")
	d.add("4", "CUR_CLM_UNIQ_ID=4", "CLM_VAL_SQNC_NUM=01", "CLM_DGNS_CD=I50.9", "DGNS_PRCDR_ICD_IND=0")
	d.line("5", "5", "1", anna, "71", "2024-02-01", "99213", "11", "70.00", "CLM_DGNS_12_CD=J449", "DGNS_PRCDR_ICD_IND=0")
	count := func(want int) {
		t.Helper()
		m, _, err := loadWith(t, write(t, d.files()), tables)
		if err != nil || len(m.episodes) != 1 || m.episodes[0].HCC == nil || *m.episodes[0].HCC != want {
			t.Errorf("want %d: %+v %v", want, m.episodes, err)
		}
	}
	count(3)
	delete(d.rows, "4") // the principal diagnoses, C61 and I509, stand for what CCLF4 would bring
	count(3)
	d.rows["5"] = d.rows["5"][:1]
	count(2)
}

// TestHeadedDeliveries has two deliveries in files with headers, where a record
// names its own: the newer wins though it comes later.
func TestHeadedDeliveries(t *testing.T) {
	file := func(columns string, rows ...string) string {
		return columns + ",FILE_DATE,FILE_NAME\n" + strings.Join(rows, "\n") + "\n"
	}
	head := "CUR_CLM_UNIQ_ID,PRVDR_OSCAR_NUM,BENE_MBI_ID,CLM_TYPE_CD,CLM_FROM_DT,CLM_THRU_DT,CLM_PMT_AMT,DGNS_DRG_CD,CLM_ADJSMT_TYPE_CD,CLM_EFCTV_DT,CLM_BLG_PRVDR_OSCAR_NUM"
	lines := "CUR_CLM_UNIQ_ID,CLM_LINE_NUM,BENE_MBI_ID,CLM_TYPE_CD,CLM_LINE_INSTNL_REV_CTR_DT,CLM_LINE_HCPCS_CD,CLM_LINE_CVRD_PD_AMT"
	files := map[string]string{
		"a.csv": file(head,
			"1,010001,1EG4TE5MK73,60,2024-03-01,2024-03-04,9000.00,470,0,2024-03-20,010001,2024-04-01,april",
			"2,010001,1EG4TE5MK73,40,2024-03-20,2024-03-20,50.00,,0,2024-03-20,010001,2024-04-01,april",
			"1,010001,1EG4TE5MK73,60,2024-03-01,2024-03-04,10000.00,470,0,2024-03-20,010001,2024-05-01,may",
			"2,010001,1EG4TE5MK73,40,2024-03-20,2024-03-20,60.00,,0,2024-03-20,010001,2024-05-01,may"),
		"b.csv": file(lines,
			"2,1,1EG4TE5MK73,40,2024-03-20,97110,25.00,2024-04-01,april",
			"2,2,1EG4TE5MK73,40,2024-03-20,97110,25.00,2024-04-01,april",
			"2,1,1EG4TE5MK73,40,2024-03-20,97110,60.00,2024-05-01,may"),
		"c.csv": file("CUR_CLM_UNIQ_ID,CLM_ACTV_CARE_FROM_DT,CLM_MDCR_IP_BENE_DDCTBL_AMT,CLM_MDCR_COINSRNC_AMT",
			"1,2024-03-01,1600.00,0.00,2024-05-01,may", "1,2024-03-01,0.00,0.00,2024-04-01,april"),
		"d.csv": file("CRNT_NUM,PRVS_NUM", bertl+","+maid+",2024-04-01,april", anna+","+maid+",2024-05-01,may"),
		"e.csv": file("CUR_CLM_UNIQ_ID,CLM_DGNS_CD", "1,E119,2024-04-01,april", "1,I509,2024-05-01,may"),
		"f.csv": file("CUR_CLM_UNIQ_ID,CLM_LINE_NUM,BENE_MBI_ID,CLM_TYPE_CD,CLM_FROM_DT,CLM_THRU_DT,CLM_LINE_HCPCS_CD,CLM_ADJSMT_TYPE_CD,CLM_EFCTV_DT,CLM_CNTL_NUM,CLM_LINE_ALOWD_CHRG_AMT,RNDRG_PRVDR_NPI_NUM",
			"7,1,"+maid+",71,2024-03-21,2024-03-21,99213,0,2024-03-21,C,70.00,,2024-04-01,april",
			"7,1,"+maid+",71,2024-03-21,2024-03-21,99213,0,2024-03-21,C,80.00,,2024-05-01,may"),
	}
	m, report, err := load(t, write(t, files))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"470 2024-03-01..2024-03-04 raw 11600.00", "outpatient 16..16 60.00", "professional 17..17 80.00"}
	if diff := cmp.Diff(want, amounts(m)); diff != "" {
		t.Errorf("%s: %v", diff, found(report))
	}
}

// TestTotalsByDelivery: every delivery has its own control totals, and two
// originals of one natural key in two deliveries leave the newer one.
func TestTotalsByDelivery(t *testing.T) {
	first, second := surgery(t), embedded(t)
	for i := range 5 {
		first.line("5", fmt.Sprint(50+i), "1", anna, "71", "2024-03-20", "99213", "11", "0.00")
	}
	first.head("2", anna, "20", "015001", "2024-03-04", "2024-03-19", "", "01", "8000.00")
	second.head("3", anna, "20", "015001", "2024-03-04", "2024-03-19", "", "01", "7000.00")
	second.line("5", "60", "1", anna, "71", "2024-03-21", "99213", "11", "70.00")
	first.counts()
	second.counts()
	files := first.sent("240401")
	maps.Copy(files, second.sent("240501"))
	m, report, err := load(t, write(t, files))
	if err != nil {
		t.Fatal(err)
	}
	got := amounts(m)
	if !strings.Contains(strings.Join(got, ", "), "snf 0..15 7000.00") || strings.Contains(strings.Join(got, ", "), "8000.00") {
		t.Errorf("%v: %v", got, found(report))
	}
}
