package pseudonym_test

import (
	"bytes"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bundlelab/data/pseudonym"
)

// FuzzRestore has any text for a backup of keys: nothing panics, no error repeats
// a key, and what is restored can be found again.
func FuzzRestore(f *testing.F) {
	key := hex.EncodeToString(bytes.Repeat([]byte{7}, pseudonym.KeySize))
	f.Add(key + "\n")
	f.Add("# bundlelab keys\n" + key + " current\n" + strings.Repeat("8", 64) + "\n")
	f.Add(strings.ToUpper(key) + "\r\n\x00")
	dir := f.TempDir()
	home, err := os.MkdirTemp(dir, "ring")
	if err != nil {
		f.Fatal(err)
	}
	ring := pseudonym.Ring{Dir: home}
	if _, err := ring.Ensure(); err != nil {
		f.Fatal(err)
	}
	backup := filepath.Join(dir, "backup")
	if _, err := ring.Backup(backup); err != nil {
		f.Fatal(err)
	}
	kept, err := os.ReadFile(backup)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(kept))
	f.Fuzz(func(t *testing.T, text string) {
		dir := t.TempDir()
		if err := os.Chmod(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "backup")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		ring := pseudonym.Ring{Dir: dir}
		ids, err := ring.Restore(file)
		if err != nil && strings.Contains(err.Error(), key) {
			t.Errorf("the error repeats a key")
		}
		for _, id := range ids {
			if _, ferr := ring.Find(id); err == nil && ferr != nil {
				t.Errorf("restored and not found: %v", ferr)
			}
		}
	})
}
