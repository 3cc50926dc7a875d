package field_test

import (
	"strings"
	"testing"

	"bundlelab/data/ingest/field"
)

// FuzzCells reads any text as every kind of cell: nothing panics, no error
// repeats the cell, and what is read as a date or dollars is written the same
// again.
func FuzzCells(f *testing.F) {
	for _, s := range []string{"", "2025-02-28", "20240229", "07-FEB-2016", "1000-01-01", "12.50", "-0.5", "+1", "1e9", "21000000.01", "true", "1.1088005", "0:1;6:1", "-3:2;", "gmlos", "4", "１２", "1EG4-TE5-MK73"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var errs []error
		note := func(err error) {
			if err != nil {
				errs = append(errs, err)
			}
		}
		for _, read := range []field.DateFormat{field.ISO, field.Compact, field.Monthly} {
			d, err := read(s)
			note(err)
			if err == nil && (d.Year() < 0 || d.Year() > 9999) {
				t.Fatalf("%q is the day %d", s, d)
			}
		}
		if d, err := field.ISO(s); err == nil && d.String() != s {
			t.Fatalf("%q is written %s", s, d)
		}
		if d, err := field.Compact(s); err == nil && strings.ReplaceAll(d.String(), "-", "") != s {
			t.Fatalf("%q is written %s", s, d)
		}
		c, err := field.Cents(s)
		note(err)
		if again, err2 := field.Cents(c.String()); err == nil && (err2 != nil || again != c) {
			t.Fatalf("%q is %s, then %s", s, c, again)
		}
		_, err = field.Known(s)
		note(err)
		_, err = field.Int(s, -5, 5)
		note(err)
		_, err = field.Millionths(s)
		note(err)
		_, err = field.Hundredths(s)
		note(err)
		n, err := field.Units(s)
		note(err)
		if err == nil && (n < 0 || n > 1_000_000) {
			t.Fatalf("%q is %d units", s, n)
		}
		_, err = field.Visits(s)
		note(err)
		_, err = field.Rule(s)
		note(err)
		field.NewScreen().InFileName(s)
		for _, err := range errs {
			if len(s) > 8 && strings.Contains(err.Error(), s) {
				t.Fatalf("the error repeats the cell: %v", err)
			}
		}
	})
}
