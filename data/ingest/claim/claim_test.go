package claim_test

import (
	"testing"

	"bundlelab/data/ingest/claim"
	"bundlelab/engine/calendar"
)

func TestMonths(t *testing.T) {
	december := claim.Month(calendar.Date(2024, 12, 31))
	if claim.Month(calendar.Date(2025, 1, 1)) != december+1 {
		t.Error("January does not follow December")
	}
	if got := claim.MonthEnd(december); got != calendar.Date(2024, 12, 31) {
		t.Errorf("December ends on %s", got)
	}
	if got := claim.MonthEnd(claim.Month(calendar.Date(2024, 2, 5))); got != calendar.Date(2024, 2, 29) {
		t.Errorf("February ends on %s", got)
	}
}

func TestAgeOn(t *testing.T) {
	born := calendar.Date(1950, 3, 2)
	p := &claim.Person{Birth: &born}
	for day, want := range map[calendar.Day]int{calendar.Date(2024, 3, 1): 73, calendar.Date(2024, 3, 2): 74, calendar.Date(1950, 3, 2): 0} {
		if got, ok := p.AgeOn(day); !ok || got != want {
			t.Errorf("on %s: %d", day, got)
		}
	}
	if _, ok := p.AgeOn(calendar.Date(1949, 1, 1)); ok {
		t.Error("an age before birth")
	}
	var nobody *claim.Person
	if _, ok := nobody.AgeOn(0); ok {
		t.Error("an age of nobody")
	}
}
