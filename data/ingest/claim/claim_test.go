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

func TestNumberForm(t *testing.T) {
	for number, want := range map[string][2]bool{
		"1EG4TE5MK73": {true, false}, "2A34D56FG78": {true, false}, "1SG4TE5MK73": {true, true}, "1S00A00AA00": {true, true},
		"0EG4TE5MK73": {}, "1OG4TE5MK73": {}, "1EG4TE5MK7": {}, "1EG4TE5M073": {}, "1EGXTE5MK73": {}, "1EG4TE5MS73": {}, "1eg4te5mk73": {}, "": {},
	} {
		if ok, made := claim.NumberForm(number); ok != want[0] || made != want[1] {
			t.Errorf("%q: %v, made up %v", number, ok, made)
		}
	}
}

func TestIsVisit(t *testing.T) {
	for code, want := range map[string]bool{"0421": true, "421": true, "0551": true, "0571": true, "0023": false, "0270": false, "": false, "04210": false} {
		if claim.IsVisit(code) != want {
			t.Errorf("%q: %v", code, !want)
		}
	}
}

func TestBillable(t *testing.T) {
	visits := func(days ...calendar.Day) (all []claim.Visit) {
		for _, d := range days {
			all = append(all, claim.Visit{Day: d, Count: 1})
		}
		return all
	}
	for _, tt := range []struct {
		name     string
		v        claim.Event
		from, to calendar.Day
	}{
		{"visits in any order", claim.Event{Kind: claim.HHA, From: 10, To: 39, Visits: visits(20, 12, 17)}, 12, 20},
		{"one visit", claim.Event{Kind: claim.HHA, From: 10, To: 39, Visits: visits(39)}, 39, 39},
		{"a visit outside the bill", claim.Event{Kind: claim.HHA, From: 10, To: 39, Visits: visits(9, 12, 40)}, 12, 12},
		{"no visit inside", claim.Event{Kind: claim.HHA, From: 10, To: 39, Visits: visits(40)}, 10, 39},
		{"all on the first day", claim.Event{Kind: claim.HHA, From: 10, To: 39, Visits: visits(10, 10)}, 10, 39},
		{"all on another day", claim.Event{Kind: claim.HHA, From: 10, To: 39, Visits: visits(11, 11)}, 11, 11},
		{"no visits", claim.Event{Kind: claim.HHA, From: 10, To: 39}, 10, 39},
		{"not home health", claim.Event{Kind: claim.SNF, From: 10, To: 39, Visits: visits(12)}, 10, 39},
	} {
		tt.v.Billable()
		if tt.v.From != tt.from || tt.v.To != tt.to {
			t.Errorf("%s: %d to %d", tt.name, tt.v.From, tt.v.To)
		}
	}
}
