package calendar_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"bundlelab/engine/calendar"
)

func TestParse(t *testing.T) {
	for _, x := range []struct {
		in   string
		want calendar.Day
	}{
		{"1970-01-01", 0},
		{"1970-01-02", 1},
		{"1969-12-31", -1},
		{"2000-02-29", 11016},   // 30 years x 365 + 7 leap days + 31 + 28
		{"2026-01-01", 20454},   // 56 x 365 + 14 leap days
		{"1600-02-29", -135081}, // a leap century
	} {
		got, err := calendar.Parse(x.in)
		if err != nil || got != x.want || got.String() != x.in {
			t.Errorf("Parse(%q) = %d = %s, %v; want %d", x.in, got, got, err, x.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, s := range []string{"", "2026-02-29", "1900-02-29", "2026-04-31", "2026-13-01", "2026-00-01", "2026-01-00", "2026-1-1", "01/02/2026", "2026-01-01T00:00:00Z", " 2026-01-01"} {
		if d, err := calendar.Parse(s); err == nil {
			t.Errorf("Parse(%q) = %s, want an error", s, d)
		}
	}
}

func TestLeapYears(t *testing.T) {
	for _, x := range []struct{ year, days int }{{2024, 366}, {2025, 365}, {2000, 366}, {1900, 365}, {2100, 365}, {2028, 366}} {
		if got := int(calendar.Date(x.year+1, time.January, 1) - calendar.Date(x.year, time.January, 1)); got != x.days {
			t.Errorf("%d has %d days, want %d", x.year, got, x.days)
		}
	}
	// 2028-02-10 + 29 days crosses the leap day: 19 days to 29 February, 10 more.
	if got := (calendar.Date(2028, time.February, 10) + 29).String(); got != "2028-03-10" {
		t.Errorf("got %s, want 2028-03-10", got)
	}
}

func TestYears(t *testing.T) {
	for _, x := range []struct {
		day          string
		year, fiscal int
	}{
		{"2026-09-30", 2026, 2026},
		{"2026-10-01", 2026, 2027},
		{"2026-12-31", 2026, 2027},
		{"2027-01-01", 2027, 2027},
		{"1969-12-31", 1969, 1970},
	} {
		d, err := calendar.Parse(x.day)
		if err != nil || d.Year() != x.year || d.FiscalYear() != x.fiscal {
			t.Errorf("%s: year %d, fiscal year %d, %v; want %d and %d", x.day, d.Year(), d.FiscalYear(), err, x.year, x.fiscal)
		}
	}
	if d := calendar.Date(2026, time.January, 1); d.Weekday() != time.Thursday {
		t.Errorf("2026-01-01 is a %s", d.Weekday())
	}
}

func TestTextRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := calendar.Day(rapid.Int32Range(-200_000, 200_000).Draw(t, "day"))
		b, err := d.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var back calendar.Day
		if err := back.UnmarshalText(b); err != nil || back != d {
			t.Fatalf("%s reads as %s, %v", b, back, err)
		}
		if (d+7).Weekday() != d.Weekday() || (d+1).Weekday() == d.Weekday() {
			t.Fatalf("%s: weekdays", d)
		}
	})
	var d calendar.Day
	if err := d.UnmarshalText([]byte("tomorrow")); err == nil {
		t.Error("tomorrow is read as a date")
	}
}
