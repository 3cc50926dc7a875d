package workbook_test

import (
	"errors"
	"testing"

	"bundlelab/data/ingest"
	"bundlelab/engine/price"
)

// whole checks what any accepted table must give.
func whole(t *testing.T, name string, content []byte, own string) {
	rows, rep, err := load(t, name, content, own)
	var no *ingest.RefusedError
	if err != nil && !errors.As(err, &no) {
		t.Fatalf("neither read nor refused: %v", err)
	}
	if err != nil {
		return
	}
	if rep.Prices != len(rows) {
		t.Fatalf("%d prices told of, %d given", rep.Prices, len(rows))
	}
	if _, err := price.NewBook(rows); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if r.Price <= 0 || r.Division < 1 || r.Division > 9 || r.Cell == "" || r.Days < 0 || r.Days > 365 || r.Episodes < 0 {
			t.Fatalf("%+v", r)
		}
	}
}

// FuzzRows: no table under the shipped profile is anything but read or refused.
func FuzzRows(f *testing.F) {
	f.Add(wide)
	f.Add("t\n\nMS-DRG,Region,Performance Year,Target Price,P99,Source,As Of,Episodes\n470,1,1,\"$1,0\",-,x,2025-01-01,1\n")
	f.Add("MS-DRG;Region;Target Price\n470;1;1\n")
	f.Add("MS-DRG,Region 1,Region 2,Region 9\n0469F,1,2,\"(3)\"\n\"a\n")
	f.Fuzz(func(t *testing.T, text string) { whole(t, "target.csv", []byte(text), "") })
}

// FuzzExcel: no bytes make the reader of workbooks panic.
func FuzzExcel(f *testing.F) {
	good := targets(f, nil)
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, book []byte) { whole(t, "target.xlsx", book, "") })
}

// FuzzSheet: no text in the place of a sheet does.
func FuzzSheet(f *testing.F) {
	good := targets(f, nil)
	f.Add(`<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>MS-DRG</t></is></c></row></sheetData></worksheet>`, "")
	f.Add(`<worksheet><sheetData><row r="2000000000"><c r="ZZZZ1" t="s"><v>99</v></c></row>`, `<sst><si><t>x</t></si></sst>`)
	f.Fuzz(func(t *testing.T, sheet, texts string) {
		book := part(t, good, "xl/worksheets/sheet1.xml", sheet)
		whole(t, "target.xlsx", part(t, book, "xl/sharedStrings.xml", texts), "")
	})
}
