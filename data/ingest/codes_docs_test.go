package ingest_test

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bundlelab/data/store"
)

// codesUsed are the codes that stand in the program's source, below a folder.
func codesUsed(t *testing.T, folder string) map[string]bool {
	t.Helper()
	used, quoted := map[string]bool{}, regexp.MustCompile(`"([A-Z]\d{3})"`)
	if err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range quoted.FindAllStringSubmatch(string(text), -1) {
			used[m[1]] = true
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return used
}

// TestCodesAreDocumented: docs/formats.md has a row for each code that the
// program finds and for no other, and the row names every outcome that a case
// shows.
func TestCodesAreDocumented(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "formats.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^\| ([A-Z]\d{3}) \| .* \| (.*) \|$`).FindAllStringSubmatch(string(text), -1) {
		if rows[m[1]] != "" {
			t.Errorf("%s stands there twice", m[1])
		}
		rows[m[1]] = m[2]
	}
	if documented, used := slices.Sorted(maps.Keys(rows)), slices.Sorted(maps.Keys(codesUsed(t, "."))); !slices.Equal(documented, used) {
		t.Errorf("docs/formats.md has %v, the source %v", documented, used)
	}
	if listed := slices.Sorted(maps.Keys(codeFormats())); !slices.Equal(listed, slices.Sorted(maps.Keys(rows))) {
		t.Errorf("the table of cases has %v", listed)
	}
	words := map[store.Severity]string{store.Refuse: "refused", store.Reject: "rejected", store.Warning: "warning", store.Info: "note"}
	for _, c := range codeCases() {
		if !strings.Contains(rows[c.code], words[c.severity]) {
			t.Errorf("%s can be %q, and its row says %q", c.code, words[c.severity], rows[c.code])
		}
	}
}
