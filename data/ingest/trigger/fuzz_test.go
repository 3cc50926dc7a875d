package trigger_test

import (
	"bytes"
	"testing"

	"bundlelab/data/ingest/trigger"
	"bundlelab/engine/calendar"
)

// FuzzExtend: a list that is taken opens episodes in known categories and
// cells, and what the table knew before stays as it was.
func FuzzExtend(f *testing.F) {
	const head = "category,code_type,code,valid_from_fy,valid_to_fy,cell\n"
	for _, seed := range []string{head, head + "LEJR,HCPCS,27446,2026,,470\n", head + "LEJR,DRG,470,,,999\n", "\ufeff" + head + "\"", ""} {
		f.Add([]byte(seed), "470")
	}
	f.Fuzz(func(t *testing.T, list []byte, code string) {
		table, err := trigger.Builtin()
		if err != nil {
			t.Fatal(err)
		}
		day := calendar.Date(2026, 3, 1)
		before, known := table.Find(trigger.DRG, code, day)
		if table.Extend(bytes.NewReader(list)) != nil {
			return
		}
		after, ok := table.Find(trigger.DRG, code, day)
		if known && after != before {
			t.Fatalf("%+v became %+v", before, after)
		}
		if ok && (after.Category == 0 || after.Cell == "") {
			t.Fatalf("%+v", after)
		}
	})
}
