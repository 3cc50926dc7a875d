package workbook_test

import (
	"strings"
	"testing"
)

// Two sheets of one region and no period: the second price is rejected with
// the sheet that has the first, and what the profile can say.
func TestOnePriceOnTwoSheets(t *testing.T) {
	table := func(price int) [][]any { return [][]any{{"MS-DRG", "Region", "Target Price"}, {"470", 1, price}} }
	sheets := map[string][][]any{"2026": table(100), "2027": table(200)}
	_, rep, err := load(t, "target.xlsx", excel(t, sheets, nil), "")
	if err == nil || codes(rep) != "K001" {
		t.Fatalf("%v %q", err, codes(rep))
	}
	for _, p := range rep.Files[0].Problems {
		if p.Code == "K001" && (!strings.Contains(p.Message, "another sheet (sheet 1) too") || !strings.Contains(p.Message, "period") || !strings.Contains(p.Message, "(sheet 2)")) {
			t.Errorf("%q", p.Message)
		}
	}
}
