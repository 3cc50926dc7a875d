package table

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/flate"
	"compress/gzip"
	"errors"
	"io"
	"os"
)

// OpenRaw gives the plain bytes of the source, one after the other: taken out
// of its archive, and unpacked where they are gzip or bzip2, whatever the name.
// A member of a packed tar archive is reached by unpacking everything before
// it, each time it is opened; a zip member and one of a plain tar directly.
func (s Source) OpenRaw() (io.ReadCloser, error) {
	in, err := s.openPacked()
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(s.Path)
	if err != nil {
		return nil, errors.Join(readError(s.Name, err), in.Close())
	}
	most := allowance(info.Size())
	var packed io.Reader = in
	if s.kind == zipped {
		packed = &limit{in: in, left: most, name: s.Name}
	}
	plain, _, err := unpack(packed, s.Name, most)
	if err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return &chain{Reader: plain, closers: []io.Closer{in}}, nil
}

// openPacked gives the bytes as they lie on the disk or in the archive.
func (s Source) openPacked() (io.ReadCloser, error) {
	switch s.kind {
	case zipped:
		return s.fromZip()
	case tarred, tarGzip, tarBzip2:
		return s.fromTar()
	case single:
	}
	return s.openFile()
}

func (s Source) openFile() (*metered, error) {
	f, err := os.Open(s.Path)
	if err != nil {
		return nil, readError(s.Name, err)
	}
	return &metered{File: f, meter: meter{tell: s.Meter}}, nil
}

// At is a file that is read in any order.
type At interface {
	io.ReaderAt
	io.Closer
	Size() int64
}

// OpenAt opens the source for formats that are read from their end, such as
// Parquet. A packed one is held in memory up to 64 MiB; a larger one is a
// *BadFileError that says to unpack it.
func (s Source) OpenAt() (At, error) {
	in, err := s.OpenRaw()
	if err != nil {
		return nil, err
	}
	if s.kind == single && s.Packed == nil {
		f, err := os.Open(s.Path)
		if err = errors.Join(err, in.Close()); err != nil {
			return nil, readError(s.Name, err)
		}
		return &part{SectionReader: io.NewSectionReader(f, 0, s.Size), Closer: f}, nil
	}
	if at, err := s.stored(); at != nil || err != nil {
		return at, errors.Join(err, in.Close())
	}
	text, err := io.ReadAll(io.LimitReader(in, maxAt+1))
	if err = errors.Join(err, in.Close()); err != nil {
		return nil, err
	}
	if len(text) > maxAt {
		return nil, &BadFileError{File: s.Name, Why: "this kind of file is read from its end, which a large packed one does not allow: unpack the archive first"}
	}
	return &part{SectionReader: io.NewSectionReader(bytes.NewReader(text), 0, int64(len(text))), Closer: io.NopCloser(nil)}, nil
}

// stored opens a zip member that is not packed where it lies; nil when it is
// none.
func (s Source) stored() (At, error) {
	if s.kind != zipped || s.Packed != nil {
		return nil, nil
	}
	z, d, err := openZip(s.Path, s.Name, s.Meter)
	if err != nil {
		return nil, err
	}
	if s.index >= len(z.File) || !sameMember(z.File[s.index].Name, s.member) {
		return nil, errors.Join(s.changed(), d.Close())
	}
	m := z.File[s.index]
	at, err := m.DataOffset()
	if err != nil || m.Method != zip.Store || m.CompressedSize64 != uint64(s.Size) {
		return nil, d.Close()
	}
	return &part{SectionReader: io.NewSectionReader(d.File, at, s.Size), Closer: d}, nil
}

// part is a stretch of an open file.
type part struct {
	*io.SectionReader
	io.Closer
}

// unpack undoes gzip or bzip2, told by their first bytes, up to so many plain
// bytes.
func unpack(in io.Reader, name string, most int64) (plain io.Reader, packed bool, err error) {
	b := bufio.NewReaderSize(in, 64<<10)
	magic, err := b.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, false, named(err, name)
	}
	switch {
	case len(magic) >= 2 && magic[0] == 0x1f && magic[1] == 0x8b:
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, false, &BadFileError{File: name, Why: "the gzip file is damaged or cut short: fetch it again"}
		}
		return honest{&limit{in: z, left: most, name: name}, name, "the gzip file"}, true, nil
	case len(magic) == 4 && string(magic[:3]) == "BZh" && magic[3] >= '1' && magic[3] <= '9':
		return honest{&limit{in: bzip2.NewReader(b), left: most, name: name}, name, "the bzip2 file"}, true, nil
	}
	return b, false, nil
}

// limit stops what expands for ever.
type limit struct {
	in   io.Reader
	left int64
	name string
}

// Read fails past the limit.
func (l *limit) Read(p []byte) (int, error) {
	n, err := l.in.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, &BadFileError{File: l.name, Why: tooMuch()}
	}
	return n, err
}

// honest turns what a damaged file does to its reader into a *BadFileError.
type honest struct {
	in         io.Reader
	name, what string
}

// Read passes on.
func (h honest) Read(p []byte) (int, error) {
	n, err := h.in.Read(p)
	if err == nil || errors.Is(err, io.EOF) {
		return n, err
	}
	var corrupt flate.CorruptInputError
	var structural bzip2.StructuralError
	for _, known := range []error{io.ErrUnexpectedEOF, gzip.ErrChecksum, gzip.ErrHeader, zip.ErrChecksum, zip.ErrFormat} {
		if errors.Is(err, known) {
			return n, &BadFileError{File: h.name, Why: h.what + " is damaged or cut short: fetch it again"}
		}
	}
	if errors.As(err, &corrupt) || errors.As(err, &structural) {
		return n, &BadFileError{File: h.name, Why: h.what + " is damaged or cut short: fetch it again"}
	}
	return n, err
}

// named gives an error the file it is about.
func named(err error, name string) error {
	var bad *BadFileError
	if errors.As(err, &bad) {
		if bad.File == "" {
			bad.File = name
		}
		return bad
	}
	return readError(name, err)
}

// meter counts the bytes of one file on disk.
type meter struct {
	tell  func(int64) error
	total int64
	told  int64
}

// count reports every 64 KB.
func (m *meter) count(n int) error {
	m.total += int64(n)
	if m.tell == nil || m.total-m.told < meterStep {
		return nil
	}
	n64 := m.total - m.told
	m.told = m.total
	return m.tell(n64)
}

// metered is a file whose bytes are counted.
type metered struct {
	*os.File
	meter
}

// Read counts.
func (m *metered) Read(p []byte) (int, error) {
	n, err := m.File.Read(p)
	if merr := m.count(n); merr != nil {
		return n, merr
	}
	return n, err
}

// Close tells the rest.
func (m *metered) Close() error {
	if m.tell != nil && m.total > m.told {
		rest := m.total - m.told
		m.told = m.total
		return errors.Join(m.tell(rest), m.File.Close())
	}
	return m.File.Close()
}

// WriteTo keeps copies from going past the count.
func (m *metered) WriteTo(w io.Writer) (int64, error) { return io.Copy(w, onlyReader{m}) }
