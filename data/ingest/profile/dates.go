package profile

import (
	"strings"

	"bundlelab/data/ingest/field"
	"bundlelab/engine/calendar"
)

// spellings are the ways to write a date that a profile may name.
func spellings() map[string]field.DateFormat {
	return map[string]field.DateFormat{
		"DDMONYYYY":   joined,
		"DD-MON-YYYY": dashed,
		"YYYY-MM-DD":  field.ISO,
		"YYYYMMDD":    field.Compact,
		"MM/DD/YYYY":  american,
	}
}

// spellingNames lists them for messages.
func spellingNames() []string {
	return []string{"DDMONYYYY", "DD-MON-YYYY", "YYYY-MM-DD", "YYYYMMDD", "MM/DD/YYYY"}
}

// joined reads 07FEB2016 in either case, as SAS writes it (date9.).
func joined(s string) (calendar.Day, error) {
	if len(s) != 9 {
		return 0, field.ErrDate
	}
	return dashed(s[:2] + "-" + s[2:5] + "-" + s[5:])
}

// dashed reads 07-FEB-2016 in either case.
func dashed(s string) (calendar.Day, error) {
	if len(s) != 11 {
		return 0, field.ErrDate
	}
	return field.Monthly(s)
}

// american reads 2/7/2016 and 02/07/2016.
func american(s string) (calendar.Day, error) {
	p := strings.Split(s, "/")
	if len(p) != 3 || len(p[2]) != 4 {
		return 0, field.ErrDate
	}
	for i := range p[:2] {
		switch len(p[i]) {
		case 1:
			p[i] = "0" + p[i]
		case 2:
		default:
			return 0, field.ErrDate
		}
	}
	return field.ISO(p[2] + "-" + p[0] + "-" + p[1])
}
