package scenarios

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"bundlelab/engine/lever"
)

// ErrExists says a file stands in the way and was not overwritten.
var ErrExists = errors.New("file exists")

// Folder is where a user's scenarios lie, one file each.
type Folder struct{ Dir string }

// Entry is one scenario file of a folder.
type Entry struct {
	File     string
	Scenario Scenario
	Err      error // the file cannot be read; the others still can
}

// List reads every scenario of the folder, by name. A missing folder is empty.
func (f Folder) List() ([]Entry, error) {
	names, err := os.ReadDir(f.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []Entry
	for _, n := range names {
		if n.IsDir() || filepath.Ext(n.Name()) != ".toml" {
			continue
		}
		path := filepath.Join(f.Dir, n.Name())
		s, err := Load(path)
		out = append(out, Entry{path, s, err})
	}
	sort.SliceStable(out, func(a, b int) bool {
		return strings.ToLower(out[a].Scenario.Name) < strings.ToLower(out[b].Scenario.Name)
	})
	return out, nil
}

// Load reads one scenario file.
func Load(path string) (Scenario, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return Scenario{}, err
	}
	return Parse(filepath.Base(path), b)
}

// Path is where a scenario of a name is saved.
func (f Folder) Path(name string) string {
	slug := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, name)
	for strings.Contains(slug, "--") {
		slug = strings.ReplaceAll(slug, "--", "-")
	}
	if slug = strings.Trim(slug, "-"); slug == "" {
		slug = "scenario"
	}
	return filepath.Join(f.Dir, slug+".toml")
}

// Save writes a scenario atomically, mode 0600, and gives its path. Without
// force it refuses, with ErrExists, to overwrite a file whose content differs.
func (f Folder) Save(s Scenario, force bool) (string, error) {
	path := f.Path(s.Name)
	body := s.Format()
	if old, err := os.ReadFile(path); err == nil && !force {
		if bytes.Equal(old, body) {
			return path, nil
		}
		return path, fmt.Errorf("%s: %w", path, ErrExists)
	}
	if err := os.MkdirAll(f.Dir, 0o700); err != nil {
		return path, err
	}
	tmp, err := os.CreateTemp(f.Dir, ".scenario-*")
	if err != nil {
		return path, err
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // gone already when the rename succeeded
	_, werr := tmp.Write(body)
	if err := errors.Join(werr, tmp.Sync(), tmp.Close()); err != nil {
		return path, err
	}
	return path, os.Rename(tmp.Name(), path)
}

// Base gathers the levers of the scenarios a scenario builds on, which lie in
// this folder.
func (f Folder) Base(s Scenario) (lever.Set, error) {
	levers, _, err := Bases(s, func(name string) (Scenario, error) { return Load(f.Path(name)) })
	return levers, err
}
