package table

import (
	"archive/zip"
	"errors"
	"io"
	"os"
	"sync/atomic"
)

// zipFlagEncrypted is bit 0 of a member's flags.
const zipFlagEncrypted = 1

// directory gives the bytes of a zip file, but only so many while its directory
// is read: a directory that goes on for ever would fill the memory.
type directory struct {
	*os.File
	meter *meter
	left  int64
	open  bool // the directory has been read
}

var errDirectory = errors.New("the directory is too long")

// ReadAt is called from one goroutine.
func (d *directory) ReadAt(p []byte, off int64) (int, error) {
	if !d.open {
		if d.left -= int64(len(p)); d.left < 0 {
			return 0, errDirectory
		}
	}
	n, err := d.File.ReadAt(p, off)
	if merr := d.meter.count(n); merr != nil {
		return n, merr
	}
	return n, err
}

// openZip reads the directory of a zip file.
func openZip(path, name string, tell func(int64) error) (*zip.Reader, *directory, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, readError(name, err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, nil, errors.Join(readError(name, err), f.Close())
	}
	d := &directory{File: f, meter: &meter{tell: tell}, left: maxDirectory}
	z, err := zip.NewReader(d, info.Size())
	if err != nil {
		var path *os.PathError
		switch {
		case errors.Is(err, errDirectory):
			err = &BadFileError{File: name, Why: "the zip archive holds too many files: unpack it and import the folder"}
		case errors.As(err, &path):
			err = readError(name, err)
		default:
			err = &BadFileError{File: name, Why: "the zip archive is damaged or cut short: fetch it again"}
		}
		return nil, nil, errors.Join(err, f.Close())
	}
	d.open = true
	return z, d, nil
}

// zipMembers checks and fingerprints the members.
func (a *archive) zipMembers() (all []Source, err error) {
	z, d, err := openZip(a.path, a.name, a.meter)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	info, err := d.Stat()
	if err != nil {
		return nil, readError(a.name, err)
	}
	a.size = info.Size()
	for i, m := range z.File {
		s, ok, err := a.add(i+1, m.Name, m.Mode(), m.FileInfo().IsDir())
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if m.Flags&zipFlagEncrypted != 0 {
			return nil, a.bad("member %d of the archive is encrypted: unpack it with its password and import the folder", i+1)
		}
		s.Disk = int64(min(m.CompressedSize64, uint64(a.size)))
		in, err := openMember(m, a.name)
		if err != nil {
			return nil, err
		}
		err = a.measure(&s, in)
		if err = errors.Join(err, in.Close()); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// measure fingerprints a member from its bytes in the archive.
func (a *archive) measure(s *Source, in io.Reader) error {
	left := allowance(a.size) - a.plain
	if a.kind != tarred {
		in = &limit{in: in, left: left, name: s.Name}
	}
	plain, _, err := unpack(in, s.Name, left)
	if err != nil {
		return err
	}
	if err := s.fingerprint(plain); err != nil {
		return err
	}
	return a.take(s)
}

func openMember(m *zip.File, name string) (io.ReadCloser, error) {
	in, err := m.Open()
	if errors.Is(err, zip.ErrAlgorithm) {
		return nil, &BadFileError{File: name, Why: "a member of the zip archive is packed in a way this program does not read: unpack it and import the folder"}
	}
	if err != nil {
		return nil, &BadFileError{File: name, Why: "the zip archive is damaged or cut short: fetch it again"}
	}
	return struct {
		io.Reader
		io.Closer
	}{honest{in, name, "the zip archive"}, in}, nil
}

// fromZip opens a member; closing it closes the archive.
func (s Source) fromZip() (io.ReadCloser, error) {
	z, d, err := openZip(s.Path, s.Name, s.Meter)
	if err != nil {
		return nil, err
	}
	if s.index >= len(z.File) || !sameMember(z.File[s.index].Name, s.member) {
		return nil, errors.Join(s.changed(), d.Close())
	}
	in, err := openMember(z.File[s.index], s.Name)
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return &chain{Reader: in, closers: []io.Closer{in, d}}, nil
}

func sameMember(name, clean string) bool {
	got, why := memberPath(name)
	return why == "" && got == clean
}

// changed says that a file is not what it was when it was listed.
func (s Source) changed() error {
	return &BadFileError{File: s.Name, Why: "the file changed while it was read: import again"}
}

// chain is a reader with everything below it that must be closed.
type chain struct {
	io.Reader
	closers []io.Closer
	closed  atomic.Bool
}

// Close closes from the top down, once.
func (c *chain) Close() (err error) {
	if c.closed.Swap(true) {
		return nil
	}
	for _, x := range c.closers {
		err = errors.Join(err, x.Close())
	}
	return err
}
