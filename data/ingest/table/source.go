// Package table reads the delimited text files of an import: comma or pipe,
// plain or gzipped, with a header, one record at a time. It refuses what is
// not honest text (data.md 6.3 F002) and never repeats a value in an error.
package table

import (
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"bundlelab/data/ingest/field"
)

// Source is one input file on disk.
type Source struct {
	Path   string
	Name   string // for messages and the books: the base name, unless that may name a person
	Masked bool   // Name is not the base name
	SHA256 []byte // of the bytes on disk
	Size   int64  // bytes on disk
}

// Base is the file's own name, to tell what the file is. It must not be shown
// or stored: Name is for that.
func (s Source) Base() string { return filepath.Base(s.Path) }

// Find fingerprints one file.
func Find(path string) (Source, error) { return find(path, 1) }

// find fingerprints the n-th file of a folder.
func find(path string, n int) (Source, error) {
	s := Source{Path: path, Name: filepath.Base(path)}
	if field.NewScreen().InFileName(s.Name) {
		s.Name, s.Masked = masked(s.Name, n), true
	}
	f, err := os.Open(path)
	if err != nil {
		return s, readError(s.Name, err)
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	if s.Size, err = io.Copy(h, f); err != nil {
		return s, readError(s.Name, err)
	}
	s.SHA256 = h.Sum(nil)
	return s, nil
}

// masked is what stands for the name of the n-th file of a folder: its place,
// by which its owner finds it, and its ending.
func masked(name string, n int) string {
	_, ending := field.Ending(name)
	return fmt.Sprintf("file-%d (name masked)%s", n, ending)
}

// List fingerprints the regular files of a folder, by name; of a file, that
// file alone. Hidden files and folders inside are left out.
func List(path string) ([]Source, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, readError("the import's folder", err)
	}
	paths := []string{path}
	if info.IsDir() {
		entries, err := os.ReadDir(path)
		if err != nil {
			return nil, readError("the import's folder", err)
		}
		paths = paths[:0]
		for _, e := range entries {
			if e.Type().IsRegular() && !strings.HasPrefix(e.Name(), ".") {
				paths = append(paths, filepath.Join(path, e.Name()))
			}
		}
		sort.Strings(paths)
	}
	all := make([]Source, 0, len(paths))
	for i, p := range paths {
		s, err := find(p, i+1)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// readError keeps the cause but not the folder, which may name a person.
func readError(name string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("reading %s: %w", name, err)
}

// open gives the plain bytes of the source, unzipped when it is a gzip file
// whatever its name.
func (s Source) open() (io.ReadCloser, error) {
	f, err := os.Open(s.Path)
	if err != nil {
		return nil, readError(s.Name, err)
	}
	magic := make([]byte, 2)
	n, err := io.ReadFull(f, magic)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, errors.Join(readError(s.Name, err), f.Close())
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, errors.Join(readError(s.Name, err), f.Close())
	}
	if n < 2 || magic[0] != 0x1f || magic[1] != 0x8b {
		return f, nil
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, errors.Join(&BadFileError{Line: 1, Why: "the gzip file is damaged"}, f.Close())
	}
	return unzipped{z, f}, nil
}

type unzipped struct {
	*gzip.Reader
	file *os.File
}

// Close closes the file; what gzip found wrong the reads have said already.
func (u unzipped) Close() error { return u.file.Close() }
