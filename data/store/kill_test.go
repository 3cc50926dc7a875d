package store

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bundlelab/engine/money"
)

// killEpisodes is enough for a batch to take longer than starting it.
const killEpisodes = 1500

// childDatabase names, in the environment, the database a child imports into.
const childDatabase = "BUNDLELAB_TEST_IMPORT_INTO"

// importForever gives every amount the number of the round and says so after
// each commit, until it is killed.
func importForever(path string) error {
	ctx := context.Background()
	s, err := Open(ctx, path)
	if err != nil {
		return err
	}
	d, err := s.Load(ctx, nil)
	if err != nil {
		return err
	}
	round := money.Cents(1)
	if d.Info.Episodes > 0 {
		round = d.Panel.Episodes[0].Anchor + 1
	}
	for ; ; round++ {
		b, err := s.Begin(ctx, BatchInfo{Format: Native})
		if err != nil {
			return err
		}
		for i := range killEpisodes {
			if err := b.Episode(plain(i, round)); err != nil {
				return err
			}
		}
		if err := b.Commit(); err != nil {
			return err
		}
		fmt.Println("committed", int64(round))
	}
}

// A process killed at any moment of an import leaves the last committed
// content, whole. The test runs itself as the child that is killed.
func TestKilledImportLeavesTheOldContent(t *testing.T) {
	if path := os.Getenv(childDatabase); path != "" {
		t.Fatal(importForever(path))
	}
	if testing.Short() {
		t.Skip("starts and kills ten processes")
	}
	path := filepath.Join(t.TempDir(), "killed.db")
	for range 10 {
		said := killOne(t, path)
		s, err := Open(context.Background(), path)
		if err != nil {
			t.Fatal(err)
		}
		if r, err := s.Doctor(context.Background()); err != nil || !r.OK() {
			t.Fatalf("doctor: %+v %v", r, err)
		}
		d := load(t, s)
		if d.Info.Episodes != killEpisodes || d.Info.Services != 2*killEpisodes {
			t.Fatalf("%d episodes, %d services", d.Info.Episodes, d.Info.Services)
		}
		// The child may die between its commit and its word.
		round := int64(d.Panel.Episodes[0].Anchor)
		if round != said && round != said+1 {
			t.Fatalf("content of round %d, last word %d", round, said)
		}
		for i := range d.Panel.Episodes {
			e := d.Panel.Episode(i)
			if int64(e.Anchor) != round || int64(e.Services.At(0).Amount) != round || int64(e.Services.At(1).Amount) != round {
				t.Fatalf("episode %s is of another round than %d", e.Key, round)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// snapshotForever changes a row, which makes the snapshot stale, and writes it
// again, by turns as an import and as loading do, until it is killed.
func snapshotForever(path string) error {
	ctx := context.Background()
	s, err := Open(ctx, path)
	if err != nil {
		return err
	}
	for round := 1; ; round++ {
		if _, err := s.db.Exec("UPDATE service SET std_cents = std_cents + 1 WHERE ep_id % 7 = ?", round%7); err != nil {
			return err
		}
		if round%2 == 0 {
			_, err = s.Load(ctx, nil)
		} else {
			err = s.Snapshot(ctx, nil)
		}
		if err != nil {
			return err
		}
		fmt.Println("committed", round)
	}
}

// A process killed at any moment of writing a snapshot leaves a whole one or
// none, and the rows as they were.
func TestKilledSnapshotIsWholeOrNone(t *testing.T) {
	if path := os.Getenv(childDatabase); path != "" {
		t.Fatal(snapshotForever(path))
	}
	if testing.Short() {
		t.Skip("starts and kills ten processes")
	}
	path := filepath.Join(t.TempDir(), "killed.db")
	if err := os.WriteFile(path, filled(t), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		killOne(t, path)
		s, err := Open(context.Background(), path)
		if err != nil {
			t.Fatal(err)
		}
		r, err := s.Doctor(context.Background())
		if err != nil || !r.OK() || !r.Snapshot.Fresh && r.Snapshot.Why != "the data have changed since" {
			t.Fatalf("doctor: %+v %v", r, err)
		}
		rows, packed := both(t, s)
		if (packed != nil) != r.Snapshot.Fresh {
			t.Errorf("loading and doctor do not agree: %+v", r.Snapshot)
		}
		if packed != nil {
			same(t, rows, packed)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// killOne starts the running test as a child, lets it commit at least once,
// kills it some moments later and gives the last round it reported.
func killOne(t *testing.T, path string) (round int64) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), childDatabase+"="+path)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		text, ok := strings.CutPrefix(lines.Text(), "committed ")
		if !ok {
			t.Errorf("child: %s", lines.Text())
			continue
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			t.Error(err)
		}
		if round == 0 {
			time.AfterFunc(time.Duration(rand.IntN(400))*time.Millisecond, func() { _ = child.Process.Kill() })
		}
		round = n
	}
	if err := child.Wait(); err == nil {
		t.Error("the child ended by itself")
	}
	return round
}

// A program killed while it moves the log into the main file leaves some pages
// of the new state there and others of the old. Whichever they are, the file
// opens and holds the new state, because the log has all of it.
func TestHalfMovedLog(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	path := filepath.Join(dir, "log.db")
	read := func(path string) []byte {
		t.Helper()
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	open := func(path string) *Store {
		t.Helper()
		s, err := Open(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := open(path)
	mustBring(t, s, "a", brought{episodes: []*Episode{plain(1, 100), plain(2, 100)}})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	old := read(path)
	s = open(path)
	reader, err := s.dial() // keeps the log from being moved
	if err == nil {
		err = reader.pin()
	}
	if err != nil {
		t.Fatal(err)
	}
	var more brought
	for i := range 400 { // so many that the file grows
		more.episodes = append(more.episodes, plain(i, 200))
	}
	mustBring(t, s, "b", more)
	log := read(path + "-wal")
	want := mustContent(t, s)
	if err := errors.Join(reader.Close(), s.Close()); err != nil {
		t.Fatal(err)
	}
	renewed := read(path)

	if len(renewed) <= len(old) {
		t.Fatal("the file has not grown")
	}
	const page = 8192
	half := append([]byte(nil), old...)
	half = append(half, make([]byte, max(0, len(renewed)-len(old)))...)
	for at := 0; at < len(renewed); at += page {
		if bytes.Equal(half[at:at+page], renewed[at:at+page]) {
			continue
		}
		copy(half[at:at+page], renewed[at:at+page])
		short := half[:max(len(old), at+page)] // pages are moved in order, and the file grows with them
		for _, pages := range [][]byte{half, short} {
			killed := filepath.Join(dir, fmt.Sprintf("killed-%d.db", at))
			if err := errors.Join(os.WriteFile(killed, pages, 0o600), os.WriteFile(killed+"-wal", log, 0o600)); err != nil {
				t.Fatal(err)
			}
			s, err := Open(ctx, killed)
			if err != nil {
				t.Fatalf("page %d: %v", at/page+1, err)
			}
			if diff := cmp.Diff(want, mustContent(t, s)); diff != "" {
				t.Fatalf("page %d: - wanted, + held\n%s", at/page+1, diff)
			}
			if r, err := s.Doctor(ctx); err != nil || !r.OK() {
				t.Fatalf("page %d: doctor: %+v %v", at/page+1, r, err)
			}
			if err := errors.Join(s.Close(), os.Remove(killed)); err != nil {
				t.Fatal(err)
			}
		}
	}
}
