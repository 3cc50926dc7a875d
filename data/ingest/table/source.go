// Package table reads the delimited text files of an import: comma or pipe,
// plain or packed, on their own or inside an archive, with a header, one record
// at a time. It refuses what is not honest text or not an honest archive
// (data.md 6.3 F002) and never repeats a value in an error. Nothing is unpacked
// onto a disk, and memory does not grow with a file.
package table

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"

	"bundlelab/data/ingest/field"
)

// Source is one input file: a file on disk, or a member of an archive. Its
// fingerprint is that of its plain bytes, so that the same content is known
// again whether it comes plain, packed or in an archive.
type Source struct {
	Path   string // of the file on disk: the archive's, for a member
	Name   string // for messages and the books: "a.csv" or "a.zip/b.csv", unless that may name a person
	Masked bool   // a part of Name stands for what the file is called
	SHA256 []byte // of the plain bytes
	Packed []byte // SHA-256 of the bytes on disk, of a file packed on its own (.gz, .bz2); else nil
	Size   int64  // plain bytes
	Disk   int64  // bytes on disk that reading it takes, from the archive's start where there is no other way

	// Delimiter is what stands between fields; 0 is a pipe where the header has
	// one, else a comma. Between pipes quotes mean nothing.
	Delimiter byte

	// Meter is told the bytes on disk that were read, 64 KB or more at once;
	// its error stops the reading. Nil tells nobody.
	Meter func(bytes int64) error

	kind   packing
	member string // path inside the archive
	index  int    // place in the archive
	head   []byte // the header line, when it is short
}

// Base is the file's own name, to tell what the file is. It must not be shown
// or stored: Name is for that.
func (s Source) Base() string {
	if s.kind != single {
		return path.Base(s.member)
	}
	return filepath.Base(s.Path)
}

// Stem is Base in small letters without the endings of packing: "a.csv" of
// "A.csv.gz".
func (s Source) Stem() string {
	name := strings.ToLower(s.Base())
	for _, end := range []string{".gz", ".bz2"} {
		name = strings.TrimSuffix(name, end)
	}
	return name
}

// Find fingerprints one file.
func Find(path string) (Source, error) { return find(path, 1, nil) }

// find fingerprints the n-th file of a folder.
func find(path string, n int, meter func(int64) error) (Source, error) {
	s := Source{Path: path, Meter: meter}
	s.Name, s.Masked = shown(filepath.Base(path), "file", n)
	info, err := os.Stat(path)
	if err != nil {
		return s, readError(s.Name, err)
	}
	s.Disk = info.Size()
	in, err := s.openFile()
	if err != nil {
		return s, err
	}
	defer func() { _ = in.Close() }()
	disk := sha256.New()
	plain, packed, err := unpack(io.TeeReader(in, disk), s.Name, allowance(s.Disk))
	if err != nil {
		return s, err
	}
	if err := s.fingerprint(plain); err != nil {
		return s, err
	}
	if packed {
		s.Packed = disk.Sum(nil)
	}
	return s, nil
}

// fingerprint reads the plain bytes to their end.
func (s *Source) fingerprint(plain io.Reader) error {
	h, head := sha256.New(), &header{}
	n, err := io.CopyBuffer(io.MultiWriter(h, head), onlyReader{plain}, make([]byte, 64<<10))
	if err != nil {
		return named(err, s.Name)
	}
	s.Size, s.SHA256, s.head = n, h.Sum(nil), head.line()
	return nil
}

// onlyReader hides what else a reader can do, so that copying goes through the
// buffer.
type onlyReader struct{ io.Reader }

// shown is a name as it may be shown: its place stands for one that looks like
// a person's.
func shown(name, what string, n int) (string, bool) {
	if !field.NewScreen().InFileName(name) {
		return name, false
	}
	_, ending := field.Ending(name)
	return fmt.Sprintf("%s-%d (name masked)%s", what, n, ending), true
}

// List fingerprints the regular files of a folder, by name; of a file, that
// file alone. The members of an archive stand in its place, in their order.
// Hidden files and folders inside are left out. An archive that cannot be
// trusted is a *BadFileError.
func List(path string) ([]Source, error) { return ListMetered(path, nil) }

// ListMetered is List with a meter for the bytes read, which gets the name of
// the file; its error stops the listing.
func ListMetered(path string, meter func(name string, bytes int64) error) ([]Source, error) {
	paths, err := files(path)
	if err != nil {
		return nil, err
	}
	all := make([]Source, 0, len(paths))
	for i, p := range paths {
		name, _ := shown(filepath.Base(p), "file", i+1)
		tell := func(n int64) error {
			if meter == nil {
				return nil
			}
			return meter(name, n)
		}
		found, err := sources(p, i+1, tell)
		if err != nil {
			return nil, err
		}
		for k := range found {
			found[k].Meter = nil
		}
		all = append(all, found...)
	}
	return all, nil
}

// sources are a file itself or the members of an archive.
func sources(path string, n int, meter func(int64) error) ([]Source, error) {
	kind := packingOf(path)
	if kind == single {
		s, err := find(path, n, meter)
		return []Source{s}, err
	}
	a := archive{path: path, kind: kind, meter: meter, seen: map[string]bool{}}
	a.name, a.masked = shown(filepath.Base(path), "file", n)
	if kind == zipped {
		return a.zipMembers()
	}
	return a.tarMembers()
}

// Weigh is the size on disk of what List would read.
func Weigh(path string) (int64, error) {
	paths, err := files(path)
	if err != nil {
		return 0, err
	}
	var sum int64
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			return 0, readError("a file of the folder", err)
		}
		sum += info.Size()
	}
	return sum, nil
}

// files are the regular files of a folder, by name, or the file itself.
func files(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, readError("the import's folder", err)
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, readError("the import's folder", err)
	}
	var paths []string
	for _, e := range entries {
		if e.Type().IsRegular() && !strings.HasPrefix(e.Name(), ".") {
			paths = append(paths, filepath.Join(path, e.Name()))
		}
	}
	sort.Strings(paths)
	return paths, nil
}

// readError keeps the cause but not the folder, which may name a person.
func readError(name string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("reading %s: %w", name, err)
}

// headSize is the longest header line kept from the fingerprint.
const headSize = 16 << 10

// header keeps the first line that is not blank of what is written to it.
type header struct {
	buf   []byte
	ended bool
}

// Write never fails.
func (h *header) Write(p []byte) (int, error) {
	for _, c := range p {
		if h.ended || len(h.buf) > headSize {
			break
		}
		h.buf = append(h.buf, c)
		h.ended = c == '\n' && len(strings.Trim(string(h.buf), "\r\n\ufeff")) > 0
	}
	return len(p), nil
}

// line is what was kept; nil when it is too long.
func (h *header) line() []byte {
	if len(h.buf) > headSize {
		return nil
	}
	return h.buf
}
