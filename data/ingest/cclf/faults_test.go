package cclf_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"strings"
	"testing"

	"bundlelab/data/ingest"
)

// crowd adds claims of Bertl's that make one fault less than 1%.
func (d *deck) crowd() *deck {
	for i := range 300 {
		day := fmt.Sprintf("2024-03-%02d", 5+i%20)
		d.head(fmt.Sprint(5000+i), bertl, "10", "017001", day, day, "", "01", "100.00")
		d.outpatient(fmt.Sprint(6000+i), "1", bertl, "40", day, "97110", "100.00")
		d.line("5", fmt.Sprint(7000+i), "1", bertl, "71", day, "99213", "11", "70.00")
	}
	return d
}

func packed(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestRefusals has the faults that refuse an import: nothing reaches the sink's
// books.
func TestRefusals(t *testing.T) {
	tests := []struct {
		name, code string
		words      string
		spoil      func(d *deck, files map[string]string)
	}{
		{"no CCLF1", "F001", "no file is CCLF1", func(_ *deck, f map[string]string) { delete(f, "cclf1.txt") }},
		{"records too short", "F001", "438 characters and CCLF1 of version 36 has 437", func(_ *deck, f map[string]string) {
			f["cclf1.txt"] = strings.ReplaceAll(f["cclf1.txt"], "\n", " \n")
		}},
		{"a short record later on", "F001", "cclf5.txt:2", func(_ *deck, f map[string]string) {
			lines := strings.Split(f["cclf5.txt"], "\n")
			lines[1] = lines[1][:380]
			f["cclf5.txt"] = strings.Join(lines, "\n")
		}},
		{"misnamed", "F001", "199 is the length of CCLF2", func(_ *deck, f map[string]string) { f["cclf1.txt"] = f["cclf2.txt"] }},
		{"NUL byte", "F002", "cclf1.txt:1", func(_ *deck, f map[string]string) { f["cclf1.txt"] = "\x00" + f["cclf1.txt"][1:] }},
		{"not UTF-8", "F002", "cclf8.txt:1", func(_ *deck, f map[string]string) {
			f["cclf8.txt"] = strings.Replace(f["cclf8.txt"], "SURNAME", "SURN\xc4ME", 1)
		}},
		{"long line", "F002", "longer than 64 KB", func(_ *deck, f map[string]string) { f["cclf6.txt"] = strings.Repeat("x", 65<<10) }},
		{"gzip cut short", "F002", "damaged or cut short", func(_ *deck, f map[string]string) {
			z := packed(&testing.T{}, f["cclf1.txt"])
			delete(f, "cclf1.txt")
			f["cclf1.txt.gz"] = z[:len(z)-9]
		}},
		{"another number of records", "F004", "has 6 records and CCLF0 of its delivery says 7", func(_ *deck, f map[string]string) {
			f["cclf0.txt"] = strings.Replace(f["cclf0.txt"], fmt.Sprintf("%20d|%13d", 6, 437), fmt.Sprintf("%20d|%13d", 7, 437), 1)
		}},
		{"a file that should be there", "F004", "CCLF6 of its delivery has 1 records", func(_ *deck, f map[string]string) { delete(f, "cclf6.txt") }},
		{"a date that is none", "D001", "CLM_FROM_DT", func(_ *deck, f map[string]string) {
			f["cclf1.txt"] = strings.ReplaceAll(f["cclf1.txt"], "2024-02-29", "2024-02-30")
		}},
		{"header without a needed column", "F001", "CLM_THRU_DT", func(_ *deck, f map[string]string) {
			f["cclf1.txt"] = "CUR_CLM_UNIQ_ID,CLM_BLG_PRVDR_OSCAR_NUM,CLM_PMT_AMT\n1,010001,5.00\n"
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := embedded(t).story()
			files := d.files()
			tt.spoil(d, files)
			m, _, err := load(t, write(t, files))
			var refused *ingest.RefusedError
			if !errors.As(err, &refused) || refused.Code != tt.code || !strings.Contains(err.Error(), tt.words) {
				t.Errorf("got %v", err)
			}
			if len(m.files) != 0 {
				t.Error("the books of a refused import were sent")
			}
		})
	}
}

// TestFindings has the faults of single records among enough good ones.
func TestFindings(t *testing.T) {
	tests := []struct {
		name, code, role string
		rejected         int
		spoil            func(d *deck)
	}{
		{"date in the future", "D001", "part_a", 1, func(d *deck) { d.head("900", anna, "20", "015001", "2031-03-05", "2031-03-06", "", "01", "1.00") }},
		{"no date", "D001", "part_a", 1, func(d *deck) { d.head("900", anna, "20", "015001", "1000-01-01", "2024-03-06", "", "01", "1.00") }},
		{"date of no day, of a person passed over", "D001", "carrier", 1, func(d *deck) { d.line("5", "900", "1", bertl, "71", "2024-02-31", "99213", "11", "0.01") }},
		{"ends before it starts", "D002", "part_a", 1, func(d *deck) { d.head("900", anna, "20", "015001", "2024-03-06", "2024-03-05", "", "01", "1.00") }},
		{"service ends before it starts", "D002", "carrier", 1, func(d *deck) {
			d.line("5", "900", "1", anna, "71", "2024-03-07", "99213", "11", "0.01", "CLM_LINE_THRU_DT=2024-03-06")
		}},
		{"no amount", "A001", "carrier", 1, func(d *deck) { d.line("5", "900", "1", anna, "71", "2024-03-07", "99213", "11", "1.234") }},
		{"negative original", "A002", "part_a", 1, func(d *deck) { d.head("900", anna, "20", "015001", "2024-03-05", "2024-03-06", "", "01", "-1.00") }},
		{"negative adjustment without original", "A002", "part_a", 1, func(d *deck) {
			d.head("900", anna, "20", "015001", "2024-03-05", "2024-03-06", "", "01", "-1.00", "CLM_ADJSMT_TYPE_CD=2")
		}},
		{"negative line", "A002", "revenue", 1, func(d *deck) { d.outpatient("120", "3", anna, "40", "2024-03-10", "97112", "-1.00") }},
		{"cancelled without an original", "A003", "part_a", 1, func(d *deck) {
			d.head("900", anna, "20", "015001", "2024-03-25", "2024-03-26", "", "01", "9.00", "CLM_ADJSMT_TYPE_CD=1")
		}},
		{"does not net", "A003", "part_a", 0, func(d *deck) {
			d.head("900", anna, "20", "015001", "2024-03-25", "2024-03-26", "", "01", "9.00")
			d.head("901", anna, "20", "015001", "2024-03-25", "2024-03-26", "", "01", "8.00", "CLM_ADJSMT_TYPE_CD=1", "CLM_EFCTV_DT=2024-06-01")
		}},
		{"duplicate natural key", "K001", "part_a", 1, func(d *deck) { d.head("900", anna, "20", "015001", "2024-03-04", "2024-03-19", "", "01", "1.00") }},
		{"the same record twice", "K001", "part_a", 1, func(d *deck) { d.head("110", anna, "20", "015001", "2024-03-04", "2024-03-19", "", "01", "1.00") }},
		{"the same line twice", "K001", "carrier", 1, func(d *deck) { d.line("5", "300", "1", anna, "71", "2024-03-01", "27447", "21", "1.00") }},
		{"no such claim type", "V001", "part_a", 1, func(d *deck) { d.head("900", anna, "99", "015001", "2024-03-04", "2024-03-19", "", "01", "1.00") }},
		{"no such action", "V001", "part_a", 1, func(d *deck) {
			d.head("900", anna, "20", "015001", "2024-03-25", "2024-03-26", "", "01", "1.00", "CLM_ADJSMT_TYPE_CD=7")
		}},
		{"no person", "V001", "part_a", 1, func(d *deck) { d.head("900", "", "20", "015001", "2024-03-25", "2024-03-26", "", "01", "1.00") }},
		{"ICD-9 after 2015", "C004", "part_a", 0, func(d *deck) {
			d.head("900", anna, "20", "015001", "2024-03-25", "2024-03-26", "", "01", "1.00", "PRNCPL_DGNS_CD=71536", "DGNS_PRCDR_ICD_IND=9")
		}},
		{"odd discharge status", "C005", "part_a", 0, func(d *deck) { d.head("900", anna, "20", "015001", "2024-03-25", "2024-03-26", "", "99", "1.00") }},
		{"number of another form", "C006", "part_a", 0, func(d *deck) {
			d.head("900", "1EG4OE5MK73", "60", "010001", "2024-05-25", "2024-05-26", "0470", "01", "1.00")
		}},
		{"provider of five characters", "C001", "part_a", 1, func(d *deck) { d.head("900", anna, "20", "15001", "2024-03-25", "2024-03-26", "", "01", "1.00") }},
		{"name for a provider", "P001", "part_a", 1, func(d *deck) { d.head("900", anna, "20", "LI, JO", "2024-03-25", "2024-03-26", "", "01", "1.00") }},
		{"lines that are not the claim", "A004", "part_a", 0, func(d *deck) {
			d.head("900", anna, "40", "010001", "2024-03-20", "2024-03-20", "", "01", "50.00")
			d.outpatient("900", "1", anna, "40", "2024-03-20", "97110", "40.00")
		}},
		{"no CCLF0", "F004", "part_a", 0, func(d *deck) { delete(d.rows, "0") }},
		{"two numbers for one", "K001", "cross_reference", 1, func(d *deck) {
			for i := range 200 {
				d.add("9", fmt.Sprintf("CRNT_NUM=1EG4TE5M%d", i+200), fmt.Sprintf("PRVS_NUM=2EG4TE5M%d", i+200))
			}
			d.add("9", "CRNT_NUM="+bertl, "PRVS_NUM="+maid)
		}},
		{"a person twice", "K001", "beneficiaries", 1, func(d *deck) {
			for i := range 200 {
				d.add("8", fmt.Sprintf("BENE_MBI_ID=1EG4TE5M%d", i+200))
			}
			d.add("8", "BENE_MBI_ID="+anna, "BENE_SEX_CD=1")
		}},
		{"payment components twice", "K001", "part_a_extra", 1, func(d *deck) {
			for i := range 200 {
				d.add("A", fmt.Sprintf("CUR_CLM_UNIQ_ID=%d", i+20000))
			}
			d.add("A", "CUR_CLM_UNIQ_ID=103", "CLM_MDCR_COINSRNC_AMT=5.00")
		}},
		{"a negative component", "A002", "part_a_extra", 1, func(d *deck) {
			for i := range 200 {
				d.add("A", fmt.Sprintf("CUR_CLM_UNIQ_ID=%d", i+20000))
			}
			d.head("900", anna, "20", "015001", "2024-03-25", "2024-03-26", "", "01", "1.00")
			d.add("A", "CUR_CLM_UNIQ_ID=900", "CLM_MDCR_COINSRNC_AMT=-5.00")
		}},
		{"outlier above the claim", "A001", "part_a", 0, func(d *deck) {
			d.head("900", anna, "60", "010033", "2024-03-25", "2024-03-26", "194", "01", "1.00")
			d.add("A", "CUR_CLM_UNIQ_ID=900", "CLM_OPRTNL_OUTLR_AMT=5.00")
		}},
		{"add-ons above the claim", "A001", "part_a", 0, func(d *deck) {
			d.head("900", anna, "60", "010033", "2024-03-25", "2024-03-26", "194", "01", "1.00", "CLM_OPRTNL_IME_AMT=5.00")
		}},
		{"provider of no state", "C001", "part_a", 0, func(d *deck) { d.head("900", anna, "20", "615001", "2024-03-25", "2024-03-26", "", "01", "1.00") }},
		{"another version by CCLF0", "F005", "statistics", 0, func(d *deck) { d.places["7"][""] = [2]int{1, 180} }},
		{"circle of numbers", "V001", "cross_reference", 0, func(d *deck) {
			d.add("9", "CRNT_NUM="+maid, "PRVS_NUM="+anna)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := embedded(t).story().crowd()
			tt.spoil(d)
			if _, ok := d.rows["0"]; ok {
				d.counts()
			}
			if tt.code == "F005" {
				d.places["7"][""] = [2]int{1, 195}
			}
			m, report, err := load(t, write(t, d.files()))
			if err != nil {
				t.Fatal(err)
			}
			f := book(t, report, tt.role)
			found := 0
			for _, p := range f.Problems {
				if p.Code == tt.code {
					found++
				}
				if strings.Contains(p.Hint+p.Message, "EG4") || strings.Contains(p.Hint, "LI") {
					t.Errorf("a finding repeats a cell: %+v", p)
				}
			}
			if found == 0 || tt.rejected != f.Rejected {
				t.Errorf("%d %s, %d rejected: %+v", found, tt.code, f.Rejected, f.Problems[:min(5, len(f.Problems))])
			}
			if len(m.episodes) == 0 {
				t.Error("the good episode is lost")
			}
		})
	}
}

// TestSmallGap: lines that are $4 off $1,000 are within half a percent, and the
// claim's amount is used without a word.
func TestSmallGap(t *testing.T) {
	d := surgery(t)
	d.head("900", anna, "40", "010001", "2024-03-20", "2024-03-20", "", "01", "1000.00")
	d.outpatient("900", "1", anna, "40", "2024-03-20", "97110", "996.00")
	m, report, err := load(t, write(t, d.files()))
	if err != nil || count(report, "A004") != 0 || m.episodes[0].Services[0].Amount != 1000_00 {
		t.Errorf("%+v %v: %v", m.episodes, found(report), err)
	}
}

// TestPeopleLeftOut: a folder without CCLF8, for the names in it, is read with a
// warning though CCLF0 counts its records.
func TestPeopleLeftOut(t *testing.T) {
	files := embedded(t).story().files()
	delete(files, "cclf8.txt")
	m, report, err := load(t, write(t, files))
	if err != nil || len(m.episodes) != 1 || count(report, "F004") != 1 {
		t.Errorf("%d episodes, %v: %v", len(m.episodes), found(report), err)
	}
}
