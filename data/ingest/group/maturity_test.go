package group_test

import (
	"fmt"
	"strings"
	"testing"

	"bundlelab/data/ingest/claim"
	"bundlelab/engine/calendar"
)

// TestMaturity: 2025 with 100 bills a month, then what the last four months
// have. A month under 90% is told, and what comes after it, unless later months
// are complete.
func TestMaturity(t *testing.T) {
	tests := []struct {
		name string
		last []int // bills of September to December 2025
		note string
	}{
		{"complete", []int{100, 95, 110, 90}, ""},
		{"the last two are light", []int{100, 95, 60, 10}, "2025-09 100%, 2025-10 95%, 2025-11 60%, 2025-12 10%; from 2025-11 on"},
		{"a light month with complete ones after", []int{60, 95, 100, 100}, ""},
		{"the last is light", []int{60, 95, 100, 50}, "from 2025-12 on"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var f feed
			bill := func(month, n int) {
				for i := range n {
					v := seen(fmt.Sprintf("%d-%d", month, i), 0, "99213", "11")
					v.From = claim.MonthEnd(claim.Month(day0())+month-1) - calendar.Day(i%20)
					v.To = v.From
					f.events = append(f.events, v)
				}
			}
			for m := 1; m <= 8; m++ {
				bill(m, 100)
			}
			for i, n := range tt.last {
				bill(9+i, n)
			}
			notes := strings.Join(f.group(t).Notes, "\n")
			if tt.note == "" && strings.Contains(notes, "maturity") || !strings.Contains(notes, tt.note) {
				t.Errorf("notes %q", notes)
			}
		})
	}
}

// TestFreshClaims: data that end shortly before today are told to be young,
// however few they are.
func TestFreshClaims(t *testing.T) {
	var f feed
	v := seen("1", 0, "99213", "11")
	v.From = calendar.Date(2026, 10, 1) // today is 21 November 2026
	v.To = v.From
	f.events = []*claim.Event{v}
	if notes := strings.Join(f.group(t).Notes, "\n"); !strings.Contains(notes, "the last claim is of 2026-10-01, 1 months ago") {
		t.Errorf("notes %q", notes)
	}
}
