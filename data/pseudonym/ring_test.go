package pseudonym_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"bundlelab/data/pseudonym"
)

func ring(t *testing.T) pseudonym.Ring {
	t.Helper()
	return pseudonym.Ring{Dir: filepath.Join(t.TempDir(), "config")}
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestRotateKeepsTheOldKey(t *testing.T) {
	r := ring(t)
	if _, _, err := r.Rotate(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("rotating nothing: %v", err)
	}
	first := must[*pseudonym.Key](t)(r.Ensure())
	old, current, err := r.Rotate()
	if err != nil || old.ID() != first.ID() || current.ID() == first.ID() {
		t.Fatalf("%v, %v after %v", err, current, old)
	}
	if k := must[*pseudonym.Key](t)(r.Current()); k.ID() != current.ID() {
		t.Errorf("current is %s", k.ID())
	}
	if k := must[*pseudonym.Key](t)(r.Find(first.ID())); !bytes.Equal(k.Hash("bene", "x"), first.Hash("bene", "x")) {
		t.Error("the old key hashes otherwise")
	}
	if info, err := os.Stat(r.Dir); err != nil || info.Mode().Perm() != 0o700 && runtime.GOOS != "windows" {
		t.Errorf("folder %v, %v", info.Mode(), err)
	}
	entries, err := os.ReadDir(r.Dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("%v, %v", entries, err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
			t.Errorf("%s: %v, %v", e.Name(), info.Mode(), err)
		}
	}
}

func TestBackupAndRestore(t *testing.T) {
	r, file := ring(t), filepath.Join(t.TempDir(), "keys.backup")
	if _, err := r.Backup(file); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("backing up nothing: %v", err)
	}
	must[*pseudonym.Key](t)(r.Ensure())
	old, current, err := r.Rotate()
	if err != nil {
		t.Fatal(err)
	}
	if held := must[[]pseudonym.Held](t)(r.Backup(file)); len(held) != 2 || !held[0].Current || held[1].ID != old.ID() {
		t.Errorf("%+v", held)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if _, err := r.Backup(file); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over a file: %v", err)
	}

	// Into an empty folder everything comes back.
	empty := ring(t)
	if ids := must[[]string](t)(empty.Restore(file)); len(ids) != 2 {
		t.Errorf("%v", ids)
	}
	if k := must[*pseudonym.Key](t)(empty.Current()); k.ID() != current.ID() {
		t.Errorf("current is %s", k.ID())
	}
	if _, err := empty.Find(old.ID()); err != nil {
		t.Error(err)
	}
	// Beside another current key that one stays.
	other := ring(t)
	mine := must[*pseudonym.Key](t)(other.Ensure())
	must[[]string](t)(other.Restore(file))
	if k := must[*pseudonym.Key](t)(other.Current()); k.ID() != mine.ID() {
		t.Errorf("current is %s", k.ID())
	}
	if held := must[[]pseudonym.Held](t)(other.List()); len(held) != 3 || held[0].ID != mine.ID() {
		t.Errorf("%+v", held)
	}
}

func TestRingRefuses(t *testing.T) {
	r := ring(t)
	k := must[*pseudonym.Key](t)(r.Ensure())
	var missing *pseudonym.MissingError
	if _, err := r.Find("00000000"); !errors.As(err, &missing) || !strings.Contains(err.Error(), "key restore") {
		t.Errorf("got %v", err)
	}
	bad := filepath.Join(t.TempDir(), "bad")
	for _, text := range []string{"", "abcd\n", strings.Repeat("zz", 32), strings.Repeat("ab", 32) + "\nab"} {
		if err := os.WriteFile(bad, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Restore(bad); err == nil || len(text) > 0 && strings.Contains(err.Error(), strings.TrimSpace(text)) {
			t.Errorf("%q: got %v", text, err)
		}
	}
	if held := must[[]pseudonym.Held](t)(r.List()); len(held) != 1 {
		t.Errorf("a refused backup left %+v", held)
	}
	// A file whose name lies.
	text := must[[]byte](t)(os.ReadFile(r.Path()))
	if err := os.WriteFile(filepath.Join(r.Dir, "identifier-00000000.key"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Find("00000000"); err == nil || errors.As(err, &missing) {
		t.Errorf("got %v", err)
	}
	if runtime.GOOS == "windows" {
		return
	}
	if err := os.Chmod(r.Dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, open := range []func() (*pseudonym.Key, error){r.Current, r.Ensure, func() (*pseudonym.Key, error) { return r.Find(k.ID()) }} {
		if _, err := open(); err == nil || !strings.Contains(err.Error(), "chmod 700") {
			t.Errorf("a folder others can write: %v", err)
		}
	}
}
