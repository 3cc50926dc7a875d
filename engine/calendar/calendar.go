// Package calendar counts days. A Day is a date with no clock and no zone, so
// that "anchor end plus 29" is an addition and never a daylight-saving puzzle.
package calendar

import (
	"fmt"
	"time"
)

// Day is the number of days since 1970-01-01.
type Day int32

// Layout is how a Day is written everywhere: year, month, day.
const Layout = "2006-01-02"

// Date gives the Day of a civil date. Out-of-range months and days normalise
// as in time.Date.
func Date(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// Parse reads YYYY-MM-DD and refuses impossible dates.
func Parse(s string) (Day, error) {
	t, err := time.Parse(Layout, s)
	if err != nil {
		return 0, fmt.Errorf("%q is not a date of the form YYYY-MM-DD", s)
	}
	return Date(t.Date()), nil
}

// Year is the calendar year the day falls in.
func (d Day) Year() int { return d.time().Year() }

// String writes YYYY-MM-DD.
func (d Day) String() string { return d.time().Format(Layout) }

// FiscalYear is the federal fiscal year: 1 October 2026 opens 2027. MS-DRG
// lists change with it.
func (d Day) FiscalYear() int {
	t := d.time()
	if t.Month() >= time.October {
		return t.Year() + 1
	}
	return t.Year()
}

// Weekday is the day of the week.
func (d Day) Weekday() time.Weekday { return d.time().Weekday() }

func (d Day) time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// MarshalText and UnmarshalText let a Day stand in TOML and JSON as text.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads YYYY-MM-DD.
func (d *Day) UnmarshalText(b []byte) error {
	v, err := Parse(string(b))
	if err != nil {
		return err
	}
	*d = v
	return nil
}
