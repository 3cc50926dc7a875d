package pseudonym

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestSettleWithoutLinks(t *testing.T) {
	dir := t.TempDir()
	tmp, path := filepath.Join(dir, "tmp"), filepath.Join(dir, "identifier.key")
	none := func(string, string) error { return errors.ErrUnsupported }
	for _, text := range []string{"first", "second"} {
		if err := os.WriteFile(tmp, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := settle(tmp, path, none); (err == nil) != (text == "first") || text == "second" && !errors.Is(err, fs.ErrExist) {
			t.Errorf("%s: got %v", text, err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "first" {
		t.Errorf("the key of the first import was replaced: %v", err)
	}
}
