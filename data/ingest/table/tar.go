package table

import (
	"archive/tar"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"io"
	"os"
)

// tarFile is a tar archive that is read from its start.
type tarFile struct {
	*tar.Reader
	file  *metered
	plain io.Reader // the bytes that tar reads
	tail  *tail
	name  string
}

// openTar opens an archive whose bytes may be packed.
func openTar(path, name string, kind packing, tell func(int64) error) (*tarFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, readError(name, err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(readError(name, err), f.Close())
	}
	t := &tarFile{file: &metered{File: f, meter: meter{tell: tell}}, name: name}
	var in io.Reader = t.file
	what := "the tar archive"
	switch kind {
	case tarGzip:
		z, err := gzip.NewReader(t.file)
		if err != nil {
			return nil, errors.Join(&BadFileError{File: name, Why: "the gzip file is damaged or cut short: fetch it again"}, f.Close())
		}
		in, what = z, "the gzip file"
	case tarBzip2:
		in, what = bzip2.NewReader(t.file), "the bzip2 file"
	case tarred, zipped, single:
	}
	if kind != tarred {
		in = &limit{in: in, left: allowance(info.Size()), name: name}
	}
	t.tail = &tail{in: honest{in, name, what}}
	t.plain = t.tail
	t.Reader = tar.NewReader(t.plain)
	if kind == tarred { // members that are not wanted are skipped by seeking
		t.Reader = tar.NewReader(seeking{t.tail, t.file})
	}
	return t, nil
}

// next is the next member's head; io.EOF at the archive's honest end.
func (t *tarFile) next() (*tar.Header, error) {
	h, err := t.Next()
	switch {
	case err == nil:
		return h, nil
	case errors.Is(err, io.EOF):
		if !t.tail.ended() {
			return nil, t.damaged()
		}
		if _, err := io.Copy(io.Discard, onlyReader{t.plain}); err != nil { // to the checksum at its end
			return nil, err
		}
		return nil, io.EOF
	case errors.Is(err, tar.ErrHeader), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, tar.ErrFieldTooLong):
		return nil, t.damaged()
	}
	return nil, err
}

func (t *tarFile) damaged() error {
	return &BadFileError{File: t.name, Why: "the tar archive is damaged or cut short: fetch it again"}
}

// tarMembers checks and fingerprints the members as they come.
func (a *archive) tarMembers() (all []Source, err error) {
	t, err := openTar(a.path, a.name, a.kind, a.meter)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, t.file.Close()) }()
	info, err := t.file.Stat()
	if err != nil {
		return nil, readError(a.name, err)
	}
	a.size = info.Size()
	for n := 1; ; n++ {
		h, err := t.next()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		if h.Typeflag == tar.TypeXGlobalHeader {
			continue
		}
		mode := os.ModeIrregular
		if h.Typeflag == tar.TypeReg {
			mode = 0
		}
		s, ok, err := a.add(n, h.Name, mode, h.Typeflag == tar.TypeDir)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if err := a.measure(&s, honest{t, s.Name, "the tar archive"}); err != nil {
			return nil, err
		}
		if s.Disk = t.file.total; a.kind == tarred {
			s.Disk = h.Size
		}
		all = append(all, s)
	}
}

// fromTar opens a member: a packed archive is read from its start up to it.
func (s Source) fromTar() (io.ReadCloser, error) {
	t, err := openTar(s.Path, s.Name, s.kind, s.Meter)
	if err != nil {
		return nil, err
	}
	for n := 0; ; n++ {
		h, err := t.next()
		if errors.Is(err, io.EOF) || err == nil && n == s.index && !sameMember(h.Name, s.member) {
			err = s.changed()
		}
		if err != nil {
			return nil, errors.Join(err, t.file.Close())
		}
		if n == s.index {
			return &chain{Reader: honest{t, s.Name, "the tar archive"}, closers: []io.Closer{t.file}}, nil
		}
	}
}

// tail remembers whether the bytes ended in the zeros that end a tar archive:
// one cut off between two members looks whole otherwise.
type tail struct {
	in    io.Reader
	zeros int
}

// tarBlock is the unit of a tar archive; two of zeros end it.
const tarBlock = 512

func (t *tail) ended() bool { return t.zeros >= tarBlock }

// Read counts the zeros at the end.
func (t *tail) Read(p []byte) (int, error) {
	n, err := t.in.Read(p)
	i := n
	for i > 0 && p[i-1] == 0 {
		i--
	}
	if i > 0 {
		t.zeros = 0
	}
	t.zeros += n - i
	return n, err
}

// seeking lets tar skip in a file.
type seeking struct {
	*tail
	file io.Seeker
}

// Seek moves in the file.
func (s seeking) Seek(offset int64, whence int) (int64, error) {
	s.zeros = 0
	return s.file.Seek(offset, whence)
}
