package control_test

import (
	"strings"
	"testing"

	"bundlelab/data/ingest/control"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
)

// Only a row that says it is older than the stored one says it is stays out.
func TestOlder(t *testing.T) {
	may := calendar.Date(2026, 5, 1)
	for _, x := range []struct {
		name         string
		stored, asOf calendar.Day
		older        bool
	}{
		{"a day before", may, may - 1, true},
		{"the same day", may, may, false},
		{"a day after", may, may + 1, false},
		{"nothing stored, or no day of it", 0, may, false},
		{"no day of the row", may, 0, false},
	} {
		run := &control.Run{Held: func(*store.PriceRow) calendar.Day { return x.stored }}
		if why := run.Older(&store.PriceRow{AsOf: x.asOf}); (why != "") != x.older || x.older && !strings.Contains(why, "2026-05-01") {
			t.Errorf("%s: %q", x.name, why)
		}
	}
	if why := new(control.Run).Older(&store.PriceRow{AsOf: may}); why != "" {
		t.Errorf("without a database: %q", why)
	}
}
