package ingest_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"bundlelab/data/ingest"
	"bundlelab/data/pseudonym"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
)

// memory is a sink that keeps what it is given.
type memory struct {
	hospitals []store.Hospital
	episodes  []store.Episode
	prices    []store.PriceRow
	files     []store.File
	through   calendar.Day
}

func (m *memory) Hospitals(h []store.Hospital) error {
	m.hospitals = append(m.hospitals, h...)
	return nil
}

func (m *memory) Episode(e *store.Episode) error {
	c := *e
	c.Services = slices.Clone(e.Services)
	m.episodes = append(m.episodes, c)
	return nil
}

func (m *memory) Prices(p []store.PriceRow) error { m.prices = append(m.prices, p...); return nil }
func (m *memory) File(f store.File) error         { m.files = append(m.files, f); return nil }
func (m *memory) DataThrough(d calendar.Day)      { m.through = max(m.through, d) }

// key is a fixed identifier key.
func key(t testing.TB) *pseudonym.Key {
	t.Helper()
	k, err := pseudonym.New(slices.Repeat([]byte{7}, pseudonym.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// today is the day every test imports on.
func today() calendar.Day { return calendar.Date(2026, 11, 21) }

// load imports a folder.
func load(t testing.TB, format store.Format, dir string) (*memory, *ingest.Report, error) {
	t.Helper()
	m := &memory{}
	report, err := ingest.Import(context.Background(), ingest.Options{Format: format, Dir: dir, Key: key(t), Today: today()}, m)
	return m, report, err
}

// shared is a folder of the shared data, or the test is skipped.
func shared(t testing.TB, folder string) string {
	t.Helper()
	root := os.Getenv("BUNDLELAB_SHARED")
	if root == "" {
		dir, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for root == "" && dir != filepath.Dir(dir) {
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
				root = filepath.Join(filepath.Dir(dir), "shared")
			}
			dir = filepath.Dir(dir)
		}
	}
	path := filepath.Join(root, "data", folder)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("shared data not found: %s", folder)
	}
	return path
}

// write makes a folder of files.
func write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// count sums the findings of a code over all files of a report.
func count(r *ingest.Report, code string) int {
	n := 0
	for _, f := range r.Files {
		for _, p := range f.Problems {
			if p.Code == code {
				n += p.Count
			}
		}
	}
	return n
}
