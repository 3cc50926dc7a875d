package store

import (
	"context"
	"strings"
	"testing"
)

// TestHealing removes what the version of the data stands on and wants it back
// at the next opening for writing, with a snapshot that counts as stale and
// rows that sqlite3 can change again.
func TestHealing(t *testing.T) {
	ctx := context.Background()
	var drop []string
	for _, x := range triggers() {
		drop = append(drop, "DROP TRIGGER "+x.name)
	}
	for _, tt := range []struct {
		name       string
		statements []string
		why        string // doctor's, before
	}{
		{"the table", []string{"DROP TABLE data_version"}, "data_version was removed"},
		{"its row", []string{"DELETE FROM data_version"}, "data_version was removed"},
		{"all derived tables", []string{"DROP TABLE data_version", "DROP TABLE snapshot", "DROP TABLE col_chunk"}, "its tables are gone"},
		{"a trigger, and a change unseen", []string{drop[7], "UPDATE service SET std_cents = 7"}, "triggers were removed"},
		{"all of it, and a change unseen", append(drop, "DROP TABLE data_version", "UPDATE service SET std_cents = 7"), "data_version was removed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStore(t)
			b := begin(t, s, BatchInfo{Format: Native})
			for i := range 5 {
				put(t, b, plain(i, 100))
			}
			commit(t, b)
			snapshot(t, s)
			plainly(t, s, tt.statements...)
			if r, err := s.Doctor(ctx); err != nil || r.Snapshot.Fresh || !strings.Contains(r.Snapshot.Why, tt.why) {
				t.Errorf("doctor: %+v %v", r, err)
			}
			again, err := OpenExisting(ctx, s.Path(), false)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = again.Close() })
			if rows, packed := both(t, again); packed != nil {
				t.Error("the old snapshot still stands")
			} else {
				same(t, rows, load(t, again))
			}
			if _, packed := both(t, again); packed == nil {
				t.Error("loading did not make a new snapshot")
			}
			plainly(t, again, "UPDATE service SET std_cents = std_cents + 1")
			if _, packed := both(t, again); packed != nil {
				t.Error("a change went unnoticed")
			}
		})
	}
}

// A sound file is not written to: its version stays.
func TestHealingLeavesASoundFile(t *testing.T) {
	s := newStore(t)
	version := func() (v int) {
		if err := s.db.QueryRow("SELECT version FROM data_version").Scan(&v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	before := version()
	again, err := OpenExisting(context.Background(), s.Path(), false)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	if after := version(); after != before {
		t.Errorf("version %d, was %d", after, before)
	}
}

// A start that only reads heals too, with the snapshot it makes.
func TestLoadingHeals(t *testing.T) {
	s := newStore(t)
	b := begin(t, s, BatchInfo{Format: Native})
	put(t, b, plain(1, 100))
	commit(t, b)
	plainly(t, s, "DROP TABLE data_version")
	r, err := OpenExisting(context.Background(), s.Path(), true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	rows := load(t, r)
	if _, packed := both(t, r); packed == nil {
		t.Error("no snapshot")
	} else {
		same(t, rows, packed)
	}
	plainly(t, s, "UPDATE service SET std_cents = std_cents + 1")
}
