package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func wantKind(t *testing.T, err error, kind Kind) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v is not a *Error", err)
	}
	if e.Kind != kind || e.Path == "" {
		t.Fatalf("kind %s of %q, want %s: %v", e.Kind, e.Path, kind, err)
	}
	if !strings.Contains(e.Error(), e.Path) {
		t.Errorf("%q does not name the file", e)
	}
}

// filled writes a database with a few pages, closes it and gives its bytes.
func filled(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.db")
	s, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	b := begin(t, s, BatchInfo{Format: Synthetic})
	for i := range 500 {
		put(t, b, plain(i, 100))
	}
	commit(t, b)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// alien is another program's database, as it stands on disk.
func alien(t *testing.T, statements ...string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "alien.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range append([]string{"CREATE TABLE episode(x)"}, statements...) {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestRefusedFilesStayAsTheyWere(t *testing.T) {
	good := filled(t)
	change := func(at int, b ...byte) []byte {
		bad := append([]byte(nil), good...)
		copy(bad[at:], b)
		return bad
	}
	ours := fmt.Sprintf("PRAGMA application_id = %d", applicationID)
	for _, tt := range []struct {
		name string
		text []byte
		kind Kind
	}{
		{"text", []byte(strings.Repeat("ccn,name\n360001,Example\n", 100)), Foreign},
		{"short text", []byte("ccn,name\n"), Foreign},
		{"other program", alien(t), Foreign},
		{"other program in WAL mode", alien(t, "PRAGMA journal_mode = WAL", "PRAGMA application_id = 99"), Foreign},
		{"our number, no version", alien(t, ours), Damaged},
		{"our number, other tables", alien(t, ours, "PRAGMA user_version = 1"), Damaged},
		{"newer", change(60, 0, 0, 0, 99), Newer}, // user_version, big endian, at byte 60
		{"empty", nil, Damaged},
		{"cut inside the header", good[:50], Damaged},
		{"cut inside a page", good[:len(good)-5000], Damaged},
		{"cut to one page", good[:8192], Damaged},
		{"first page overwritten", change(100, make([]byte, 4000)...), Damaged},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "x.db")
			if err := os.WriteFile(path, tt.text, 0o644); err != nil {
				t.Fatal(err)
			}
			before := folder(t, dir)
			for _, open := range []func() (*Store, error){
				func() (*Store, error) { return Open(context.Background(), path) },
				func() (*Store, error) { return OpenExisting(context.Background(), path, false) },
				func() (*Store, error) { return OpenExisting(context.Background(), path, true) },
			} {
				_, err := open()
				wantKind(t, err, tt.kind)
			}
			if !maps.Equal(before, folder(t, dir)) {
				t.Error("the folder changed")
			}
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o644 {
				t.Errorf("mode %v, %v", info.Mode(), err)
			}
		})
	}
}

func TestMissing(t *testing.T) {
	dir := t.TempDir()
	for _, readonly := range []bool{false, true} {
		_, err := OpenExisting(context.Background(), filepath.Join(dir, "none.db"), readonly)
		wantKind(t, err, Missing)
	}
	if len(folder(t, dir)) != 0 {
		t.Error("a file was made")
	}
	_, err := Open(context.Background(), filepath.Join(dir, "no folder", "x.db"))
	if err == nil || !strings.Contains(err.Error(), "folder") {
		t.Errorf("error %v", err)
	}
	_, err = Open(context.Background(), dir)
	wantKind(t, err, Foreign)
}

func TestDamageInsideIsFoundOnLoading(t *testing.T) {
	good := filled(t)
	for i := 8192 * 3; i < len(good); i++ {
		good[i] = 0xA5
	}
	path := filepath.Join(t.TempDir(), "x.db")
	if err := os.WriteFile(path, good, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := OpenExisting(context.Background(), path, true)
	if err == nil {
		defer s.Close() //nolint:errcheck // closing a damaged file may fail
		_, err = s.Load(context.Background(), nil)
	}
	wantKind(t, err, Damaged)
}

func TestLocked(t *testing.T) {
	s := newStore(t)
	writer := begin(t, s, BatchInfo{Format: Native})
	put(t, writer, plain(1, 100))
	o, err := standard()
	if err != nil {
		t.Fatal(err)
	}
	o.wait = 10 * time.Millisecond
	other, err := o.open(context.Background(), s.Path(), false)
	if err != nil {
		t.Fatal(err) // reading is possible while somebody writes
	}
	defer func() {
		if err := other.Close(); err != nil {
			t.Error(err)
		}
	}()
	_, err = other.Begin(context.Background(), BatchInfo{Format: Native})
	wantKind(t, err, Locked)
	wantKind(t, other.SetMeta(context.Background(), "k", "v"), Locked)
	if n := load(t, other).Info.Episodes; n != 0 {
		t.Errorf("%d episodes seen before the commit", n)
	}
	commit(t, writer)
	if n := load(t, other).Info.Episodes; n != 1 {
		t.Errorf("%d episodes seen after the commit", n)
	}
}

func TestModes(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "odd name?%41#.db")
	s, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	b := begin(t, s, BatchInfo{Format: Native})
	put(t, b, plain(1, 100))
	checkModes(t, dir, 3) // the database, -wal and -shm
	commit(t, b)
	checkModes(t, dir, 3)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	checkModes(t, dir, 1)
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if s, err = OpenExisting(context.Background(), path, true); err != nil {
		t.Fatal(err)
	}
	if r, err := s.Doctor(context.Background()); err != nil || r.OK() {
		t.Errorf("doctor says nothing of mode 0644: %v %v", r, err)
	}
	if _, err := s.Begin(context.Background(), BatchInfo{}); !errors.Is(err, errReadOnly) {
		t.Errorf("error %v", err)
	}
	if err := s.SetMeta(context.Background(), "a", "b"); !errors.Is(err, errReadOnly) {
		t.Errorf("error %v", err)
	}
	if _, err := s.db.Exec("DELETE FROM meta"); err == nil {
		t.Error("a reader may write")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(context.Background(), path); err != nil {
		t.Fatal(err)
	}
	checkModes(t, dir, 3)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func checkModes(t *testing.T, dir string, files int) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != files {
		t.Errorf("%d files %v, want %d", len(entries), entries, files)
	}
	for _, e := range entries {
		if info, err := e.Info(); err != nil || info.Mode() != fileMode {
			t.Errorf("%s has mode %v, %v", e.Name(), info.Mode(), err)
		}
	}
}

func TestReadOnlyFolder(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root writes into any folder")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "x.db")
	if err := os.WriteFile(path, filled(t), 0o400); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o700) //nolint:errcheck // for the clean-up
	s, err := OpenExisting(context.Background(), path, true)
	if err != nil {
		t.Fatal(err)
	}
	if n := load(t, s).Info.Episodes; n != 500 {
		t.Errorf("%d episodes", n)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestErrorSentences(t *testing.T) {
	for k := Missing; k <= Foreign; k++ {
		e := &Error{Kind: k, Path: "a.db", Err: fs.ErrInvalid}
		if !strings.Contains(e.Error(), "a.db") || !strings.Contains(e.Error(), ": ") || !errors.Is(e, fs.ErrInvalid) {
			t.Errorf("%s: %q", k, e)
		}
	}
}
