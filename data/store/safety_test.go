package store

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bundlelab/engine/money"
)

// An import on a full disk says so, at whatever moment it happens, and leaves
// what was there. A limit on the pages of the file stands for the disk.
func TestFullDisk(t *testing.T) {
	for _, room := range []string{"1", "10", "60", "400"} {
		s := newStore(t)
		mustBring(t, s, "before", brought{episodes: []*Episode{plain(1, 100), plain(2, 100)}})
		before := mustContent(t, s)
		b := begin(t, s, BatchInfo{Format: Native})
		if err := b.conn.run("PRAGMA max_page_count = " + room); err != nil { // never less than there is
			t.Fatal(err)
		}
		var err error
		for i := 0; i < 20_000 && err == nil; i++ {
			err = b.Episode(plain(i, money.Cents(200+i)))
		}
		if err == nil {
			err = b.Commit()
		}
		if err == nil || !strings.Contains(err.Error(), "the disk is full") {
			t.Fatalf("%s pages: %v", room, err)
		}
		if err := b.Rollback(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, mustContent(t, s)); diff != "" {
			t.Errorf("%s pages: - before, + after\n%s", room, diff)
		}
		if r, err := s.Doctor(context.Background()); err != nil || !r.OK() {
			t.Errorf("doctor: %+v %v", r, err)
		}
	}
}

// A commit waits until the disk has it: a power cut afterwards loses nothing
// (SQLite: synchronous=FULL with a write-ahead log).
func TestCommitsReachTheDisk(t *testing.T) {
	s := newStore(t)
	b := begin(t, s, BatchInfo{Format: Native})
	const full = 2
	if n, err := b.conn.int("PRAGMA synchronous"); err != nil || n != full {
		t.Errorf("an import has synchronous=%d, %v", n, err)
	}
	var mode string
	if err := s.db.QueryRow("PRAGMA journal_mode").Scan(&mode); err != nil || mode != "wal" {
		t.Errorf("journal mode %q, %v", mode, err)
	}
	commit(t, b)
	if walSize(s.Path()) > 0 {
		t.Error("a commit nobody reads beside leaves a log behind")
	}
}

// Of two imports at once the second waits for the first and both are there.
func TestSecondWriterWaits(t *testing.T) {
	s := newStore(t)
	first := begin(t, s, BatchInfo{Format: Native})
	put(t, first, plain(1, 100))
	started, second := make(chan bool), make(chan error, 1)
	go func() {
		close(started)
		second <- bring(s, "second", brought{episodes: []*Episode{plain(2, 100)}})
	}()
	<-started
	time.Sleep(50 * time.Millisecond) // let it come to wait; both orders are right
	commit(t, first)
	if err := <-second; err != nil {
		t.Fatal(err)
	}
	if n := load(t, s).Info.Episodes; n != 2 {
		t.Errorf("%d episodes", n)
	}
}
