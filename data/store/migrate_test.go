package store

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// olderAndNewer makes a database of the built-in version with one episode and
// gives openers that know one and two versions more.
func olderAndNewer(t *testing.T, next ...string) (path string, o *opener) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "old.db")
	s, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	b := begin(t, s, BatchInfo{Format: Native})
	put(t, b, plain(1, 100))
	commit(t, b)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	o, err = standard()
	if err != nil {
		t.Fatal(err)
	}
	o.wait = 10 * time.Millisecond
	for _, text := range next {
		o.steps = append(o.steps, step{o.latest() + 1, text})
	}
	return path, o
}

func versionOf(t *testing.T, s *Store) (v int) {
	t.Helper()
	if err := s.db.QueryRow("PRAGMA user_version").Scan(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestUpgrade(t *testing.T) {
	ctx := context.Background()
	for _, readonly := range []bool{false, true} {
		path, o := olderAndNewer(t, "ALTER TABLE hospital ADD COLUMN cbsa TEXT", "CREATE TABLE extra(x INTEGER) STRICT; INSERT INTO extra VALUES(7)")
		was, err := standard()
		if err != nil {
			t.Fatal(err)
		}
		s, err := o.open(ctx, path, readonly)
		if err != nil {
			t.Fatal(err)
		}
		if v := versionOf(t, s); v != o.latest() {
			t.Errorf("version %d, want %d", v, o.latest())
		}
		var x int
		if err := s.db.QueryRow("SELECT x FROM extra").Scan(&x); err != nil || x != 7 {
			t.Errorf("extra %d %v", x, err)
		}
		if n := load(t, s).Info.Services; n != 2 {
			t.Errorf("%d services after the upgrade", n)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		// The copy is the old database, for this user only.
		copied := path + ".backup-v3"
		if info, err := os.Stat(copied); err != nil || info.Mode() != fileMode {
			t.Fatalf("backup: %v %v", info, err)
		}
		old, err := was.open(ctx, copied, true)
		if err != nil {
			t.Fatal(err)
		}
		if v, n := versionOf(t, old), load(t, old).Info.Episodes; v != was.latest() || n != 1 {
			t.Errorf("the copy has version %d and %d episodes", v, n)
		}
		if err := old.Close(); err != nil {
			t.Fatal(err)
		}
		_, err = was.open(ctx, path, false) // the older program on the newer file
		wantKind(t, err, Newer)
	}
}

func TestFailedUpgradeLeavesTheVersion(t *testing.T) {
	ctx := context.Background()
	path, o := olderAndNewer(t, "CREATE TABLE extra(x)", "CREATE TABLE another(x); DELETE FROM hospital; SELECT no_such_function()")
	for i, want := range []string{".backup-v3", ".backup-v3"} {
		if _, err := o.open(ctx, path, false); err == nil || !strings.Contains(err.Error(), "version 5") {
			t.Fatalf("try %d: error %v", i, err)
		}
		if _, err := os.Stat(path + want); err != nil {
			t.Error(err)
		}
	}
	// Step 4 held, step 5 left nothing behind.
	o.steps = o.steps[:4]
	s, err := o.open(ctx, path, false)
	if err != nil {
		t.Fatal(err)
	}
	if v := versionOf(t, s); v != 4 {
		t.Errorf("version %d", v)
	}
	if d := load(t, s); d.Info.Hospitals != 1 {
		t.Errorf("%d hospitals", d.Info.Hospitals)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestUpgradeMayNotBreakReferences(t *testing.T) {
	path, o := olderAndNewer(t, "DELETE FROM hospital")
	if _, err := o.open(context.Background(), path, false); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Fatalf("error %v", err)
	}
}

func TestUpgradeWaitsForWriters(t *testing.T) {
	path, o := olderAndNewer(t, "CREATE TABLE extra(x)")
	s, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	b := begin(t, s, BatchInfo{Format: Native})
	_, err = o.open(context.Background(), path, false)
	wantKind(t, err, Locked)
	if err := b.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// A database of the first layout becomes one with a snapshot.
func TestUpgradeFromTheFirstLayout(t *testing.T) {
	ctx := context.Background()
	o, err := standard()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "first.db")
	if err := (&opener{wait: o.wait, steps: o.steps[:1]}).create(ctx, path); err != nil {
		t.Fatal(err)
	}
	s := &Store{path: path}
	plainly(t, s, "INSERT INTO hospital(ccn,name,state) VALUES('360001','One','OH')")
	if s, err = OpenExisting(ctx, path, true); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	rows := load(t, s)
	if rows.Info.Hospitals != 1 {
		t.Errorf("%+v", rows.Info)
	}
	_, packed := both(t, s)
	same(t, rows, packed)
}
