package pseudonym_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"bundlelab/data/pseudonym"
)

func TestOpenOrCreate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config", "identifier.key")
	if _, err := pseudonym.Open(path); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("got %v", err)
	}
	a, err := pseudonym.OpenOrCreate(path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	b, err := pseudonym.OpenOrCreate(path)
	if err != nil || a.ID() != b.ID() || !bytes.Equal(a.Hash("bene", "x"), b.Hash("bene", "x")) {
		t.Errorf("second opening gave another key: %v", err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("left beside the key: %v %v", entries, err)
	}
}

func TestOneKeyForAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "identifier.key")
	var wg sync.WaitGroup
	ids := make([]string, 8)
	for i := range ids {
		wg.Go(func() {
			k, err := pseudonym.OpenOrCreate(path)
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = k.ID()
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Errorf("two keys: %v", ids)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	tests := []struct {
		name, text string
		mode       fs.FileMode
	}{
		{"readable by others", strings.Repeat("ab", 32), 0o644},
		{"cut short", "abcd", 0o600},
		{"not hexadecimal", strings.Repeat("zz", 32), 0o600},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.mode != 0o600 && runtime.GOOS == "windows" {
				t.Skip("file modes say nothing here")
			}
			path := filepath.Join(t.TempDir(), "k")
			if err := os.WriteFile(path, []byte(tt.text), tt.mode); err != nil {
				t.Fatal(err)
			}
			_, err := pseudonym.OpenOrCreate(path)
			if err == nil || strings.Contains(err.Error(), tt.text) {
				t.Errorf("got %v", err)
			}
		})
	}
	if _, err := pseudonym.New([]byte("short")); err == nil {
		t.Error("a short key was taken")
	}
}

func TestHash(t *testing.T) {
	a, _ := pseudonym.New(bytes.Repeat([]byte{1}, 32))
	b, _ := pseudonym.New(bytes.Repeat([]byte{2}, 32))
	if len(a.Hash("bene", "x")) != 32 {
		t.Error("a hash is 32 bytes")
	}
	if bytes.Equal(a.Hash("bene", "x"), b.Hash("bene", "x")) || bytes.Equal(a.Hash("bene", "x"), a.Hash("claim", "x")) || a.ID() == b.ID() {
		t.Error("keys and kinds must keep hashes apart")
	}
	if bytes.Equal(a.Hash("ab", "c"), a.Hash("a", "bc")) {
		t.Error("kind and value run together")
	}
	if text := fmt.Sprintf("%v %+v %#v", a, a, a); strings.Contains(text, "1, 1, 1") || strings.Contains(text, "0101") {
		t.Errorf("the key shows: %s", text)
	}
}
