package field_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bundlelab/data/ingest/field"
	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
)

func TestDates(t *testing.T) {
	day := calendar.Date(2016, 2, 7)
	tests := []struct {
		name string
		read field.DateFormat
		in   string
		want calendar.Day
		ok   bool
	}{
		{"ISO", field.ISO, "2016-02-07", day, true},
		{"ISO short", field.ISO, "2016-2-7", 0, false},
		{"ISO impossible", field.ISO, "2015-02-29", 0, false},
		{"compact", field.Compact, "20160207", day, true},
		{"compact impossible", field.Compact, "20161301", 0, false},
		{"monthly", field.Monthly, "07-FEB-2016", day, true},
		{"monthly mixed case", field.Monthly, "07-Feb-2016", day, true},
		{"monthly lower case", field.Monthly, "07-feb-2016", day, true},
		{"monthly null", field.Monthly, "01-JAN-1000", field.Null(), true},
		{"monthly ISO", field.Monthly, "2016-02-07", day, true},
		{"monthly compact", field.Monthly, "20160207", day, true},
		{"monthly impossible", field.Monthly, "31-APR-2016", 0, false},
		{"monthly other", field.Monthly, "07/FEB/2016", 0, false},
		{"empty", field.Monthly, "", 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.read(tt.in)
			if (err == nil) != tt.ok || tt.ok && got != tt.want {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

func TestCents(t *testing.T) {
	tests := []struct {
		in   string
		want money.Cents
		err  error
	}{
		{"12.34", 12_34, nil}, {"-.5", -50, nil}, {"14506.7", 14506_70, nil}, {"0", 0, nil}, {"21000000", 21_000_000_00, nil},
		{"21000000.01", 0, field.ErrHuge}, {"1.005", 0, field.ErrDecimals}, {"1107.66125.51", 0, field.ErrAmount},
		{"$5", 0, field.ErrAmount}, {"1,000.00", 0, field.ErrAmount}, {"1e3", 0, field.ErrAmount}, {"NaN", 0, field.ErrAmount},
	}
	for _, tt := range tests {
		got, err := field.Cents(tt.in)
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%q: got %v, %v", tt.in, got, err)
		}
	}
}

func TestKnown(t *testing.T) {
	for in, want := range map[string]panel.Known{"": panel.Unknown, "1": panel.Yes, "TRUE": panel.Yes, "yes": panel.Yes, "0": panel.No, "False": panel.No, "no": panel.No} {
		if got, err := field.Known(in); got != want || err != nil {
			t.Errorf("%q: got %v, %v", in, got, err)
		}
	}
	if _, err := field.Known("y"); err == nil {
		t.Error("y was taken")
	}
}

func TestMillionths(t *testing.T) {
	tests := map[string]int64{"1": 1_000_000, "1.1088": 1_108_800, "1.1088004": 1_108_800, "1.1088005": 1_108_801, "100": 100_000_000}
	for in, want := range tests {
		if got, err := field.Millionths(in); got != want || err != nil {
			t.Errorf("%q: got %d, %v", in, got, err)
		}
	}
	for _, in := range []string{"0", "-1", "101", "1e2", "one", "", "0.0000001"} {
		if _, err := field.Millionths(in); err == nil {
			t.Errorf("%q was taken", in)
		}
	}
}

func TestHundredthsAndUnits(t *testing.T) {
	if got, err := field.Hundredths("4.25"); got != 425 || err != nil {
		t.Errorf("got %d, %v", got, err)
	}
	if got, err := field.Hundredths("4"); got != 400 || err != nil {
		t.Errorf("got %d, %v", got, err)
	}
	if _, err := field.Hundredths("4.255"); err == nil {
		t.Error("three decimals were taken")
	}
	if got, err := field.Units("2.5"); got != 3 || err != nil {
		t.Errorf("got %d, %v", got, err)
	}
}

func TestVisits(t *testing.T) {
	got, err := field.Visits("-2:1; 0:2;6:1;")
	want := []episode.Visit{{Offset: -2, Count: 1}, {Offset: 0, Count: 2}, {Offset: 6, Count: 1}}
	if err != nil || len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("got %v, %v", got, err)
	}
	for _, in := range []string{"1", "1:", ":1", "1:-1", "a:b", "40000:1", ";"} {
		if _, err := field.Visits(in); err == nil {
			t.Errorf("%q was taken", in)
		}
	}
}

func TestRule(t *testing.T) {
	for in, want := range map[string]episode.Rule{"0": episode.Whole, "1": episode.Days, "gmlos": episode.GMLOS, "VISITS": episode.Visits, "4": episode.Always} {
		if got, err := field.Rule(in); got != want || err != nil {
			t.Errorf("%q: got %v, %v", in, got, err)
		}
	}
	if _, err := field.Rule("5"); err == nil {
		t.Error("5 was taken")
	}
}

func TestScreen(t *testing.T) {
	s := field.NewScreen()
	tests := []struct {
		text string
		tin  bool
		want bool
	}{
		{"1EG4-TE5-MK73", false, true}, {"1eg4te5mk73", false, true}, {"123-45-6789", false, true}, {"123456789", false, true},
		{"123456789", true, false}, {"754002443L", false, true}, {"754002443L", true, true}, {"SMITH, JOHN", false, true}, {"John Smith", false, true},
		{"12 Main Street", false, true}, {"27447", false, false}, {"010001", false, false}, {"1234567890", false, false}, {"KAQD1", false, false},
		{"0250", false, false}, {"preliminary_target", false, false}, {"", false, false},
	}
	for _, tt := range tests {
		if got := s.InCode(tt.text, tt.tin); got != tt.want {
			t.Errorf("%q: got %v", tt.text, got)
		}
	}
	if s.Identifies("an unrelated admission for oncology") || !s.Identifies("see 1EG4TE5MK73.") {
		t.Error("free text is judged wrongly")
	}
}

func TestDateRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := calendar.Day(rapid.Int32Range(0, 40_000).Draw(t, "day"))
		iso := d.String()
		for _, in := range []string{iso, strings.ReplaceAll(iso, "-", "")} {
			if got, err := field.Monthly(in); got != d || err != nil {
				t.Fatalf("%s: got %v, %v", in, got, err)
			}
		}
	})
}

func FuzzDates(f *testing.F) {
	for _, s := range []string{"2016-02-07", "20160207", "07-FEB-2016", "01-JAN-1000", "", "é7-Feb-2016", "07-Féb-201"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, read := range []field.DateFormat{field.ISO, field.Compact, field.Monthly} {
			if _, err := read(s); err != nil && !errors.Is(err, field.ErrDate) {
				t.Errorf("got %v", err)
			}
		}
	})
}

func FuzzAmounts(f *testing.F) {
	for _, s := range []string{"12.34", "-.5", "1107.66125.51", "999999999999999999999", "1.005", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := field.Cents(s)
		if err != nil {
			if len(s) > 3 && strings.Contains(err.Error(), s) && !strings.Contains("not an amount in dollars with at most two decimals larger than $21 million more than two decimals", s) {
				t.Errorf("the error repeats the cell: %v", err)
			}
			return
		}
		if again, err := field.Cents(c.String()); again != c || err != nil {
			t.Errorf("%q gave %s, read again %s, %v", s, c, again, err)
		}
	})
}

func FuzzVisits(f *testing.F) {
	for _, s := range []string{"0:1;6:2", "-1:1", ";", "1:1;;", "٣:1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		visits, err := field.Visits(s)
		for _, v := range visits {
			if v.Count < 0 || err != nil {
				t.Errorf("%q gave %v, %v", s, visits, err)
			}
		}
		for _, read := range []func(string) error{
			func(s string) error { _, err := field.Millionths(s); return err },
			func(s string) error { _, err := field.Hundredths(s); return err },
			func(s string) error { _, err := field.Units(s); return err },
			func(s string) error { _, err := field.Rule(s); return err },
		} {
			_ = read(s)
		}
	})
}
