package workbook_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"bundlelab/data/ingest"
	"bundlelab/data/ingest/profile"
	"bundlelab/data/ingest/workbook"
	"bundlelab/data/pseudonym"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/money"
	"bundlelab/engine/price"
)

// memory keeps price rows.
type memory struct{ rows []store.PriceRow }

func (m *memory) Hospitals([]store.Hospital) error { return nil }
func (m *memory) Episode(*store.Episode) error     { return nil }
func (m *memory) Prices(p []store.PriceRow) error  { m.rows = append(m.rows, p...); return nil }
func (m *memory) File(store.File) error            { return nil }
func (m *memory) DataThrough(calendar.Day)         {}

// load imports one file, given as bytes.
func load(t testing.TB, name string, content []byte, profile string) ([]store.PriceRow, *ingest.Report, error) {
	t.Helper()
	key, err := pseudonym.New(slices.Repeat([]byte{7}, pseudonym.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	o := ingest.Options{Dir: filepath.Join(dir, name), Key: key, Today: calendar.Date(2026, 11, 21)}
	files := map[string][]byte{name: content}
	if profile != "" {
		o.Profile = filepath.Join(dir, "own.toml")
		files["own.toml"] = []byte(profile)
	}
	for n, b := range files {
		if err := os.WriteFile(filepath.Join(dir, n), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m := &memory{}
	rep, err := ingest.ImportPrices(context.Background(), o, m)
	return m.rows, rep, err
}

// excel makes a workbook of one sheet for each table.
func excel(t testing.TB, sheets map[string][][]any, change func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	first := true
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for n := range sheets {
			if !yield(n) {
				return
			}
		}
	}) {
		if first {
			must(t, f.SetSheetName("Sheet1", name))
			first = false
		} else if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for i, row := range sheets[name] {
			at, err := excelize.CoordinatesToCellName(1, i+1)
			must(t, err)
			must(t, f.SetSheetRow(name, at, &row))
		}
	}
	if change != nil {
		change(f)
	}
	b, err := f.WriteToBuffer()
	must(t, err)
	must(t, f.Close())
	return b.Bytes()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func codes(rep *ingest.Report) string {
	var all []string
	for _, f := range rep.Files {
		for _, p := range f.Problems {
			all = append(all, p.Code)
		}
	}
	return strings.Join(all, " ")
}

func preliminary(cell string, division int, period string, cents money.Cents) store.PriceRow {
	return store.PriceRow{Kind: price.Preliminary, Cell: cell, Division: division, Days: 30, Period: period, Price: cents, Source: "price tables, best guess"}
}

// targets is a made-up workbook: two lines of title, an empty one, then the
// header; numbers formatted as dollars, a formula with its saved value, a
// region by number and by name, and a line of remarks.
func targets(t testing.TB, change func(*excelize.File)) []byte {
	return excel(t, map[string][][]any{"Prices": {
		{"Made-up preliminary target prices"},
		{"No hospital has these"},
		{},
		{"MS-DRG", "MS-DRG Title", "Region", "Performance Year", "Target Price", "99th Percentile", "Release Date"},
		{470, "joint", "5 - South Atlantic", "Performance Year 1", 21_000.25, "$60,000.00", 45976},
		{"0469", "joint", 6, "PY1", 34_000.005, nil, nil},
		{"521", "hip", "Pacific", 2, 45_000, 99_000.5, "2025-11-15"},
		{"Source: nobody"},
	}}, change)
}

func TestTargetWorkbook(t *testing.T) {
	style := func(f *excelize.File) {
		dollars := "$#,##0" // what is shown has no cents; what is saved has
		id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &dollars})
		must(t, err)
		must(t, f.SetCellStyle("Prices", "E5", "E7", id))
		must(t, f.SetCellFormula("Prices", "E7", "40000+5001"))
		must(t, f.SetCellValue("Prices", "E7", 45_000)) // a value takes the formula's place
	}
	rows, rep, err := load(t, "target_2026.xlsx", targets(t, style), "")
	must(t, err)
	a, b, c := preliminary("470", 5, "PY1", 2_100_025), preliminary("469", 6, "PY1", 3_400_001), preliminary("521", 9, "PY2", 4_500_000)
	p99, q99 := money.Cents(6_000_000), money.Cents(9_900_050)
	a.P99, c.P99 = &p99, &q99
	a.AsOf = calendar.Date(2025, 11, 15)
	c.AsOf = a.AsOf
	if d := cmp.Diff([]store.PriceRow{a, b, c}, rows); d != "" {
		t.Error(d)
	}
	f := rep.Files[0]
	// Four lines below the header: three prices and a remark. One amount had a
	// third decimal: 34,000.005 becomes 34,000.01.
	if f.Read != 4 || f.Loaded != 3 || f.Skipped != 1 || codes(rep) != "A001 A001" {
		t.Errorf("%d read, %d loaded, %d skipped: %s", f.Read, f.Loaded, f.Skipped, codes(rep))
	}
}

func TestSavedValueOfAFormulaCounts(t *testing.T) {
	rows, rep, err := load(t, "target.xlsx", targets(t, func(f *excelize.File) {
		must(t, f.SetCellFormula("Prices", "E5", "1+1")) // keeps 21000.25 as its saved value
	}), "")
	if err == nil && (len(rows) != 3 || rows[0].Price != 2_100_025) {
		t.Errorf("%v", rows)
	}
	if err != nil { // a formula without a saved value is a blank price
		t.Errorf("%v: %s", err, codes(rep))
	}
}

// wide has a column for each region and words after the MS-DRG.
const wide = "Made up,,,\nMS-DRG,Region 1,South Atlantic,9\n470 - Joint,\"$1,000.00\",2000.5,*\n469 - Joint,3000,4000,5000\n"

func TestWideTable(t *testing.T) {
	own := strings.Replace(string(workbook.Shipped()), `# cell_form = "code - words"`, `cell_form = "code - words"`, 1)
	own = strings.Replace(own, `"Region 9"]`, `"Region 9", "9"]`, 1)
	rows, rep, err := load(t, "target.csv", []byte(wide), own)
	must(t, err)
	want := []store.PriceRow{preliminary("470", 1, "", 100_000), preliminary("470", 5, "", 200_050), preliminary("469", 1, "", 300_000), preliminary("469", 5, "", 400_000), preliminary("469", 9, "", 500_000)}
	if d := cmp.Diff(want, rows); d != "" {
		t.Error(d)
	}
	if codes(rep) != "A001" { // one suppressed price, told of
		t.Error(codes(rep))
	}
	// Without the profile's word the description is not guessed away.
	_, rep, err = load(t, "target.csv", []byte(wide), strings.Replace(own, `cell_form = "code - words"`, "", 1))
	var no *ingest.RefusedError
	if !errors.As(err, &no) || no.Code != "V001" || !strings.Contains(no.Message, "cell_form") {
		t.Errorf("%v %v", err, rep)
	}
}

func TestBenchmarkTable(t *testing.T) {
	text := "MS-DRG,Division,Days,Benchmark Price,P99,Post Mean,Post SD,Episodes\n470,New England,90,\"$25,000.00\",70000,1500,2500,\"1,234\"\n"
	rows, _, err := load(t, "regional.csv", []byte(text), "")
	must(t, err)
	p99, mean, sd := money.Cents(7_000_000), money.Cents(150_000), money.Cents(250_000)
	want := []store.PriceRow{{Kind: price.Benchmark, Cell: "470", Division: 1, Days: 90, Price: 2_500_000, P99: &p99, PostMean: &mean, PostSD: &sd, Episodes: 1234, Source: "price tables, best guess"}}
	if d := cmp.Diff(want, rows); d != "" {
		t.Error(d)
	}
}

func TestOwnLayoutIsReadAsItIs(t *testing.T) {
	text := "cell,division,days,price,kind,period,source,as_of\n470,5,30,21000.00,preliminary_target,PY1,'=made up,2025-11-15\n"
	rows, _, err := load(t, "anything.csv", []byte(text), "")
	must(t, err)
	want := preliminary("470", 5, "PY1", 2_100_000)
	want.Source, want.AsOf = "=made up", calendar.Date(2025, 11, 15)
	if d := cmp.Diff([]store.PriceRow{want}, rows); d != "" {
		t.Error(d)
	}
}

// A sheet for each region, of which the profile asks for some by name.
func TestSheets(t *testing.T) {
	table := func(price int) [][]any { return [][]any{{"MS-DRG", "Target Price"}, {"470", price}} }
	sheets := map[string][][]any{"1 New England": table(100), "2 Middle Atlantic": table(200), "Notes": {{"nothing"}, {"here", "too"}}}
	rows, rep, err := load(t, "target.xlsx", excel(t, sheets, nil), "")
	must(t, err)
	if d := cmp.Diff([]store.PriceRow{preliminary("470", 1, "", 10_000), preliminary("470", 2, "", 20_000)}, rows); d != "" {
		t.Error(d)
	}
	if !strings.Contains(strings.Join(rep.Notes, " "), "sheet 3 has no header") {
		t.Error(rep.Notes)
	}
	own := func(name string) string {
		return strings.Replace(string(workbook.Shipped()), "sheets   = []", `sheets   = ["`+name+`"]`, 1)
	}
	if rows, _, err = load(t, "target.xlsx", excel(t, sheets, nil), own("middle")); err != nil || len(rows) != 1 || rows[0].Division != 2 {
		t.Errorf("%v %v", rows, err)
	}
	for _, name := range []string{"absent", "notes"} {
		if _, rep, err = load(t, "target.xlsx", excel(t, sheets, nil), own(name)); err == nil || codes(rep) != "F001" {
			t.Errorf("%s: %v", name, err)
		}
	}
	hide := func(f *excelize.File) { must(t, f.SetSheetVisible("2 Middle Atlantic", false)) }
	if rows, _, err = load(t, "target.xlsx", excel(t, sheets, hide), ""); err != nil || len(rows) != 1 {
		t.Errorf("a hidden sheet is read: %v %v", rows, err)
	}
}

func TestRefusals(t *testing.T) {
	many := func(row string) string { return "MS-DRG,Region,Target Price,Source,As Of\n" + row + "\n" }
	for _, x := range []struct{ name, file, text, code, words string }{
		{"duplicate key", "target.csv", many("470,1,10,,\n470,1,20,,"), "K001", "the first row is kept"},
		{"percentage", "target.csv", many("470,1,3%,,"), "A001", "a percentage"},
		{"not an amount", "target.csv", many("470,1,#REF!,,"), "A001", "not an amount"},
		{"third decimal of a text", "target.csv", many("470,1,10.005,,"), "A001", "two decimals"},
		{"below zero", "target.csv", many("470,1,(10.00),,"), "A002", "negative"},
		{"zero", "target.csv", many("470,1,0.00,,"), "A001", "zero"},
		{"no division", "target.csv", many("470,12,10,,"), "V001", "census division"},
		{"no cell", "target.csv", many("Hip,1,10,,"), "V001", "MS-DRG"},
		{"bad date", "target.csv", many("470,1,10,,2025-02-30"), "D001", "not a date"},
		{"an MBI", "target.csv", many("470,1,10,1EG4-TE5-MK73,"), "P001", "person"},
		{"missing column", "target.csv", "MS-DRG,Region,Cost\n470,1,10\n", "F001", "price_1 to price_9"},
		{"no header", "target.csv", "a,b\nc,d\n", "F001", "looked for MS-DRG"},
		{"before or after the discount", "prices.csv", "MS-DRG,Region,Days,Price\n470,1,30,10\n", "F001", "fits a preliminary_target table and a benchmark table"},
		{"empty", "target.csv", "", "F002", "empty"},
		{"NUL", "target.csv", many("470,1,1\x000,,"), "F002", "NUL"},
		{"UTF-16", "target.csv", "\xff\xfeM\x00", "F002", "UTF-16"},
		{"old Excel", "target.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "F002", ".xlsx"},
		{"a zip that is no workbook", "target.xlsx", "PK\x03\x04 and nothing", "F002", "damaged"},
		{"cut gzip", "target.csv.gz", "\x1f\x8b\x08\x00", "F002", "gzip"},
	} {
		t.Run(x.name, func(t *testing.T) {
			rows, rep, err := load(t, x.file, []byte(x.text), "")
			var no *ingest.RefusedError
			if !errors.As(err, &no) || no.Code != x.code || !strings.Contains(err.Error(), x.words) {
				t.Fatalf("%v", err)
			}
			if strings.Contains(err.Error(), "1EG4") || rep != nil && strings.Contains(strings.Join(rep.Notes, ""), "1EG4") {
				t.Error("the value is repeated")
			}
			_ = rows
		})
	}
}

func TestAcceptedForms(t *testing.T) {
	for name, text := range map[string]string{
		"CRLF": "MS-DRG,Region,Target Price\r\n470,1,10\r\n",
		"BOM":  "\xef\xbb\xbfMS-DRG,Region,Target Price\n470,1,10\n",
		"tabs": "MS-DRG|Region|Target Price\n470|1|10\n",
	} {
		if rows, _, err := load(t, "target.csv", []byte(text), ""); err != nil || len(rows) != 1 || rows[0].Price != 1000 {
			t.Errorf("%s: %v %v", name, rows, err)
		}
	}
}

// part adds a part to a workbook, or puts it in the place of one.
func part(t testing.TB, book []byte, name, content string) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	must(t, err)
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	put := func(name string, content io.Reader) {
		w, err := z.Create(name)
		must(t, err)
		_, err = io.Copy(w, content)
		must(t, err)
	}
	for _, f := range in.File {
		if f.Name == name {
			continue
		}
		r, err := f.Open()
		must(t, err)
		put(f.Name, r)
	}
	put(name, strings.NewReader(content))
	must(t, z.Close())
	return out.Bytes()
}

func TestWorkbooksThatAreRefused(t *testing.T) {
	good := targets(t, nil)
	for _, x := range []struct{ name, part, content, words string }{
		{"macros", "xl/vbaProject.bin", "x", "macros"},
		{"macros by contents", "[Content_Types].xml", `<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>`, "macros"},
		{"Excel 4 macros", "xl/macrosheets/sheet1.xml", "x", "macros"},
		{"links", "xl/externalLinks/externalLink1.xml", "x", "other files"},
		{"connections", "xl/connections.xml", "x", "connection"},
		{"embedded", "xl/embeddings/a.bin", "x", "other documents"},
		{"bomb", "xl/worksheets/sheet1.xml", strings.Repeat(" ", 65<<20), "unpacks to more than 64 MB"},
		{"bomb beside the sheets", "docProps/x.bin", strings.Repeat(" ", 65<<20), "unpacks to more than 64 MB"},
		{"many texts", "xl/sharedStrings.xml", strings.Repeat(" ", 25<<20), "more text"},
		{"broken sheet", "xl/worksheets/sheet1.xml", "<worksheet><sheetData><row", "F0"},
		{"rows without end", "xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="2000000000"><c><v>1</v></c></row></sheetData></worksheet>`, "F002"},
		{"broken list", "xl/workbook.xml", "<workbook", "F0"},
	} {
		t.Run(x.name, func(t *testing.T) {
			_, _, err := load(t, "target.xlsx", part(t, good, x.part, x.content), "")
			var no *ingest.RefusedError
			if !errors.As(err, &no) || !strings.Contains(err.Error(), x.words) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestProfileFaults(t *testing.T) {
	_, _, err := load(t, "target.csv", []byte(wide), "schema = \"bundlelab.profile/1\"\nformat = \"team\"\n")
	var no *ingest.RefusedError
	if !errors.As(err, &no) || !strings.Contains(err.Error(), `own.toml:2:1: the profile must say format = "prices"`) {
		t.Errorf("%v", err)
	}
	if _, err := profile.Parse("prices.toml", workbook.Shipped(), workbook.Shape()); err != nil {
		t.Error(err)
	}
}
