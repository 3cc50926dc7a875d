package reference_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"bundlelab/data/reference"
	"bundlelab/data/store"
)

// head is CMS's header with line breaks in cells, as the workbook has them.
const head = "MS-DRG,\"FY 2025 Final\nPost-Acute DRG\",\"FY 2025\nSpecial Pay DRG\",MDC,TYPE,MS-DRG Title,Weights,\"Geometric mean\nLOS\",\"Arithmetic mean\nLOS\"\n"

const title = "\"TABLE 5. MADE UP. FY 2025 Final Rule\",,,,,,,,\n"

func TestTable5(t *testing.T) {
	rows := "001,No,No,PRE,SURG,\"MADE UP, ONE\",28.0828,24.5,35.5\n470,Yes,No,08,SURG,TWO,1.95604,2.0,2.35\n998,No,No,,**,THREE,0.0000,.,\n,,,,,,,,\n* made-up footnote,,,,,,,,\n"
	want := []store.DRG{
		{FY: 2025, Code: "001", MDC: "PRE", Kind: "SURG", Weight: 280828, GMLOS: 2450, AMLOS: 3550},
		{FY: 2025, Code: "470", MDC: "08", Kind: "SURG", Weight: 19560, GMLOS: 200, AMLOS: 235},
		{FY: 2025, Code: "998"},
	}
	plain := title + head + rows
	tests := map[string][]byte{
		"CSV": []byte(plain), "BOM and CRLF": []byte("\ufeff" + strings.ReplaceAll(plain, "\n", "\r\n")),
		"tabs":      []byte("TABLE 5. MADE UP, FY 2025 Final Rule\t\t\t\t\t\t\t\t\nMS-DRG\tPost-Acute\tSpecial\tMDC\tTYPE\tMS-DRG Title\tWeights\tGeometric mean LOS\tArithmetic mean LOS\n1\tNo\tNo\tPRE\tSURG\tMADE UP, ONE\t28.0828\t24.5\t35.5\n470\tYes\tNo\t8\tSURG\t\"TWO\"\t1.95604\t2.0\t2.35\n998\tNo\tNo\t\t**\tTHREE\t0.0000\t.\t\n"),
		"gzip":      packed(t, plain),
		"XLSX":      workbook(t),
		"code page": []byte(strings.Replace(plain, "TABLE 5. MADE UP.", "TABLE 5.\x97MADE UP.", 1)),
	}
	for name, data := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := reference.Table5(bytes.NewReader(data), 0)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func packed(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// workbook holds notes on its first sheet and the table on its second, MS-DRGs
// as numbers.
func workbook(t testing.TB) []byte { return saved(t, nil) }

// hidden is the workbook without its table in sight.
func hidden(t testing.TB) []byte {
	return saved(t, func(f *excelize.File) error { return f.SetSheetVisible("Table 5", false) })
}

// linked is the workbook with a link to another one.
func linked(t testing.TB) []byte {
	return saved(t, func(f *excelize.File) error {
		f.Pkg.Store("xl/externalLinks/externalLink1.xml", []byte("<externalLink/>"))
		return nil
	})
}

func saved(t testing.TB, change func(*excelize.File) error) []byte {
	t.Helper()
	f := excelize.NewFile()
	if _, err := f.NewSheet("Table 5"); err != nil {
		t.Fatal(err)
	}
	put := func(sheet, cell string, row ...any) {
		if err := f.SetSheetRow(sheet, cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	put("Sheet1", "A1", "Notes about FY 2019")
	put("Table 5", "A1", "TABLE 5. MADE UP. Fiscal Year 2025 Final Rule")
	put("Table 5", "A2", "MS-DRG", "FY 2025 Post-Acute", "Special", "MDC", "TYPE", "MS-DRG Title", "Weights", "Geometric\nmean LOS", "Arithmetic mean LOS")
	put("Table 5", "A3", 1, "No", "No", "PRE", "SURG", "ONE", 28.0828, 24.5, 35.5)
	put("Table 5", "A4", "470", "Yes", "No", "08", "SURG", "TWO", "1.95604", "2.0", "2.35")
	put("Table 5", "A5", 998, "No", "No", "", "**", "THREE", 0, ".", "")
	if change != nil {
		if err := change(f); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestTable5Weights: where the table has the weight before and after the cap on
// its fall, the one in force counts.
func TestTable5Weights(t *testing.T) {
	text := "FY 2024,,,,,,\nMS-DRG,MDC,TYPE,Weights before cap,Weights after 10 percent cap,Geometric mean LOS,Arithmetic mean LOS\n470,08,SURG,1.8,1.9,2.0,2.3\n"
	got, err := reference.Table5(strings.NewReader(text), 0)
	if err != nil || got[0].Weight != 19000 {
		t.Errorf("%v %+v", err, got)
	}
}

func TestTable5Faults(t *testing.T) {
	tests := []struct {
		name, text string
		line       int
		column     string
		why        string
	}{
		{"empty", "", 0, "", "no row has the columns"},
		{"another table", "a,b\n1,2\n", 0, "", "no row has the columns"},
		{"no year", strings.ReplaceAll(head, "FY 2025", "") + "470,,,08,SURG,x,1,2,3\n", 0, "", "add --fy"},
		{"no row", title + head, 0, "", "no row of an MS-DRG"},
		{"twice", title + head + "470,,,08,SURG,x,1,2,3\n470,,,08,SURG,x,1,2,3\n", 8, "MS-DRG", "came before"},
		{"weight", title + head + "470,,,08,SURG,x,heavy,2,3\n", 7, "Weights", "a number"},
		{"stay", title + head + "470,,,08,SURG,x,1,367,3\n", 7, "Geometric mean LOS", "a number"},
		{"negative", title + head + "470,,,08,SURG,x,1,2,-3\n", 7, "Arithmetic mean LOS", "a number"},
		{"category", title + head + "470,,,26,SURG,x,1,2,3\n", 7, "MDC", "diagnostic category"},
		{"NUL", title + head + "47\x000,,,08,SURG,x,1,2,3\n", 0, "", "NUL"},
		{"cut-off gzip", string(packed(t, title+head+"470,,,08,SURG,x,1,2,3\n")[:60]), 0, "", "cut off"},
		{"no workbook", "PK\x03\x04 and no more", 0, "", "damaged"},
		{"links to other files", string(linked(t)), 0, "", "other files"},
		{"hidden sheet", string(hidden(t)), 0, "", "no sheet of the workbook"},
		{"too many cells", title + head + strings.Repeat(",", 600) + "\n", 7, "", "more than"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := reference.Table5(strings.NewReader(tt.text), 0)
			var fault *reference.FileError
			if !errors.As(err, &fault) || fault.Line != tt.line || fault.Column != tt.column || !strings.Contains(err.Error(), tt.why) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func FuzzTable5(f *testing.F) {
	for _, seed := range []string{title + head + "470,Yes,No,08,SURG,x,1.9,2.0,2.3\n", "MS-DRG\tMDC\tWeights\tGeometric\tArithmetic\n1\t1\t1\t1\t1\n", "PK\x03\x04", "\x1f\x8b", title + head + "470,,,08,,\"x\n,1"} {
		f.Add([]byte(seed))
	}
	f.Add(workbook(f))
	f.Add(packed(f, title+head+"470,,,08,SURG,x,1,2,3\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, err := reference.Table5(bytes.NewReader(data), 2025)
		var fault *reference.FileError
		if err != nil && !errors.As(err, &fault) {
			t.Fatalf("an error without a place: %v", err)
		}
		for _, r := range rows {
			if len(r.Code) != 3 || r.FY != 2025 || r.Weight < 0 || r.GMLOS < 0 || r.GMLOS > 36600 || r.AMLOS < 0 {
				t.Fatalf("%+v", r)
			}
		}
	})
}
