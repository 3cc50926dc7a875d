package trigger_test

import (
	"strings"
	"testing"

	"bundlelab/data/ingest/trigger"
	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
)

func TestBuiltin(t *testing.T) {
	table, err := trigger.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		kind     trigger.Kind
		code     string
		day      calendar.Day
		category episode.Category
		cell     string // "" for none
	}{
		{trigger.DRG, "470", calendar.Date(2015, 1, 1), episode.LEJR, "470"},
		{trigger.DRG, "521", calendar.Date(2020, 10, 1), episode.LEJR, "521"},
		{trigger.DRG, "521", calendar.Date(2020, 9, 30), 0, ""},
		{trigger.DRG, "402", calendar.Date(2024, 10, 1), episode.Fusion, "402"},
		{trigger.DRG, "402", calendar.Date(2024, 9, 30), 0, ""},
		{trigger.DRG, "460", calendar.Date(2024, 9, 30), episode.Fusion, "451"},
		{trigger.DRG, "460", calendar.Date(2024, 10, 1), 0, ""},
		{trigger.DRG, "453", calendar.Date(2024, 9, 30), episode.Fusion, "426"},
		{trigger.DRG, "523", calendar.Date(2026, 10, 1), episode.Fusion, "523"},
		{trigger.DRG, "523", calendar.Date(2026, 9, 30), 0, ""},
		{trigger.DRG, "231", calendar.Date(2026, 1, 1), episode.CABG, "231"},
		{trigger.DRG, "331", calendar.Date(2026, 1, 1), episode.Bowel, "331"},
		{trigger.HCPCS, "27447", calendar.Date(2026, 1, 1), episode.LEJR, "470"},
		{trigger.HCPCS, "27702", calendar.Date(2026, 1, 1), episode.LEJR, "469"},
		{trigger.HCPCS, "22554", calendar.Date(2026, 1, 1), episode.Fusion, "473"},
		{trigger.HCPCS, "22630", calendar.Date(2026, 1, 1), episode.Fusion, "451"},
		{trigger.HCPCS, "22633", calendar.Date(2026, 1, 1), episode.Fusion, "402"},
		{trigger.DRG, "27447", calendar.Date(2026, 1, 1), 0, ""},
	}
	for _, tt := range tests {
		got, ok := table.Find(tt.kind, tt.code, tt.day)
		if ok != (tt.cell != "") || got.Cell != tt.cell || got.Category != tt.category {
			t.Errorf("%s %s on %s: %+v, %v", tt.kind, tt.code, tt.day, got, ok)
		}
	}
	if !table.Ever(trigger.DRG, "460") || table.Ever(trigger.DRG, "871") {
		t.Error("Ever is wrong")
	}
}

func TestExtend(t *testing.T) {
	table, err := trigger.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	const head = "category,code_type,code,valid_from_fy,valid_to_fy,cell\n"
	if err := table.Extend(strings.NewReader(head + "LEJR,HCPCS,27446,2026,,\n")); err != nil {
		t.Fatal(err)
	}
	if g, ok := table.Find(trigger.HCPCS, "27446", calendar.Date(2026, 1, 1)); !ok || g.Cell != "27446" {
		t.Errorf("%+v", g)
	}
	for _, row := range []string{"KNEE,HCPCS,1,,,", "LEJR,ICD,1,,,", "LEJR,DRG,,,,", "LEJR,DRG,1,soon,,", "LEJR,DRG", "LEJR,DRG,12,,,", "LEJR,DRG,490,2027,2025,", "LEJR,DRG,490,,,a cell", "LEJR,DRG,490,1999,,"} {
		if err := table.Extend(strings.NewReader(head + row + "\n")); err == nil {
			t.Errorf("%q was taken", row)
		}
	}
	if err := table.Extend(strings.NewReader("a,b,c,d,e,f\nLEJR,DRG,490,,,\n")); err == nil {
		t.Error("other columns were taken")
	}
	if err := table.Extend(strings.NewReader("\ufeff" + head + "LEJR,DRG,490,,,\n")); err != nil {
		t.Error(err)
	}
	if err := table.Extend(strings.NewReader("")); err == nil {
		t.Error("an empty file was taken")
	}
}

func TestNormalDRG(t *testing.T) {
	for in, want := range map[string]string{"470": "470", "0470": "470", "70": "070", " 4 ": "004", "": "", "000": ""} {
		if got := trigger.NormalDRG(in); got != want {
			t.Errorf("%q: got %q", in, got)
		}
	}
}

func TestFracture(t *testing.T) {
	for code, want := range map[string]bool{"521": true, "522": true, "470": false, "480": false, "27130": false, "": false} {
		if got := trigger.Fracture(code); got != want {
			t.Errorf("%q: %v", code, got)
		}
	}
}
