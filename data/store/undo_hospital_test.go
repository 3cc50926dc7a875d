package store

import (
	"context"
	"testing"
	"time"
)

// A hospital that only the undone import named, but that an episode of another
// one is at, stays: an older version of the program kept no note of who named it.
func TestUndoKeepsAHospitalInUse(t *testing.T) {
	s := newStore(t)
	first, second := plain(1, 1), plain(2, 1)
	second.CCN = first.CCN
	for name, e := range map[string]*Episode{"first": first, "second": second} {
		if err := bring(s, name, brought{hospitals: []Hospital{{CCN: e.CCN, Name: "General"}}, episodes: []*Episode{e}}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.db.Exec("DELETE FROM hospital_said WHERE batch_id = 1"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Undo(context.Background(), 2, time.Now()); err != nil {
		t.Fatal(err)
	}
	if d := load(t, s); len(d.Panel.Episodes) != 1 || len(d.Panel.Hospitals) != 1 || d.Panel.Hospitals[0].CCN != first.CCN {
		t.Errorf("%d episodes at %+v", len(d.Panel.Episodes), d.Panel.Hospitals)
	}
}
