package workbook

import (
	"testing"

	"pgregory.net/rapid"

	"bundlelab/engine/calendar"
	"bundlelab/engine/money"
)

func TestDivisions(t *testing.T) {
	for in, want := range map[string]int{
		"1": 1, "9": 9, "5.0": 0, "Region 5": 5, "South Atlantic": 5, "5 - South Atlantic": 5, "Division 5: South Atlantic": 5, "SOUTH  ATLANTIC": 5,
		"4 - South Atlantic": 0, // the number and the name disagree
		"Mid-Atlantic":       2, "Middle Atlantic": 2, "West South Central (7)": 7, "Mountain": 8, "Pacific region": 9, "Census Division 3": 3,
		"0": 0, "10": 0, "": 0, "Atlantic": 0, "Alaska 9": 0, "1 2": 0,
	} {
		if got := divisionOf(in); got != want {
			t.Errorf("%q is division %d, want %d", in, got, want)
		}
	}
}

func TestDollars(t *testing.T) {
	for _, x := range []struct {
		in      string
		number  bool // of a workbook
		want    money.Cents
		rounded bool
		ok      bool
	}{
		{"$23,456.00", false, 2_345_600, false, true},
		{"23456", false, 2_345_600, false, true},
		{"$ 1,234,567.8", false, 123_456_780, false, true},
		{"($12.50)", false, -1250, false, true},
		{"-$12.50", false, -1250, false, true},
		{"23456.785", false, 0, false, false},                // text has at most two decimals
		{"23456.785", true, 2_345_679, true, true},           // half away from zero
		{"23456.780000000002", true, 2_345_678, false, true}, // the last binary digit
		{"2.3456E4", true, 2_345_600, false, true},
		{"1,23", false, 0, false, false},
		{"12,3456", false, 0, false, false},
		{",123", false, 0, false, false},
		{"3%", true, 0, false, false},
		{"#REF!", true, 0, false, false},
		{"1E999", true, 0, false, false},
		{"", false, 0, false, false},
		{"22000000", false, 0, false, false}, // more than any episode costs (A001)
	} {
		got, rounded, err := dollars(x.in, x.number)
		if (err == nil) != x.ok || err == nil && (got != x.want || rounded != x.rounded) {
			t.Errorf("%q is %v %v %v", x.in, got, rounded, err)
		}
	}
}

// What the program writes, with or without its commas, is read as it was.
func TestDollarsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := money.Cents(rapid.Int64Range(-2_000_000_000, 2_000_000_000).Draw(t, "cents"))
		for _, s := range []string{c.String(), c.Grouped()} {
			for _, number := range []bool{false, true} {
				if got, rounded, err := dollars(s, number); got != c || rounded || err != nil {
					t.Fatalf("%q is %v, %v", s, got, err)
				}
			}
		}
	})
}

func TestCells(t *testing.T) {
	for in, want := range map[string]string{"470": "470", "0470": "470", "70": "070", "470.0": "470", "469F": "469F", "521f": "521F", "47000": "", "27447": "", "": "", "F": "", "Total": "", "470 - Major joint": "", "470-1": ""} {
		if got, _ := cellOf(in, ""); got != want {
			t.Errorf("%q is %q", in, got)
		}
	}
	for in, want := range map[string]string{"470 - Major joint": "470", "470: hip": "470", "470": "470", "0521 – Hip": "521", "Major joint": "", "- 470": ""} {
		if got, _ := cellOf(in, codeAndWords); got != want {
			t.Errorf("%q is %q with words", in, got)
		}
	}
}

func TestDaysAndSerials(t *testing.T) {
	for in, want := range map[string]int{"30": 30, "30 days": 30, "90-day": 90, "60.0": 60, "0": 0, "366": -1, "thirty": -1, "": -1, "-30": -1} {
		got, err := daysOf(in)
		if err != nil {
			got = -1
		}
		if got != want {
			t.Errorf("%q is %d days", in, got)
		}
	}
	// Excel counts 1 March 1900 as 61; 45976 is 45976 - 25569 = 20407 days
	// after 1970-01-01, 2025-11-15. From 1904 the same number is 1462 later.
	if d, ok := serial("45976.25", false); !ok || d != calendar.Date(2025, 11, 15) {
		t.Errorf("%v %v", d, ok)
	}
	if d, ok := serial("44514", true); !ok || d != calendar.Date(2025, 11, 15) {
		t.Errorf("%v %v", d, ok)
	}
	if _, ok := serial("2025", false); ok {
		t.Error("a year is no day")
	}
}
