package cclf

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"bundlelab/data/ingest/table"
)

// maxLine is the longest line, in bytes (data.md 6.3 F002).
const maxLine = 64 << 10

// rows gives the records of one file, of either form.
type rows interface {
	next() error // io.EOF at the end
	cell(column string) string
	line() int
	marked() bool // the file opened with a byte order mark
	close() error
}

// widthError says that a record is not as long as its layout.
type widthError struct{ line, found int }

// Error names the line.
func (e *widthError) Error() string {
	return fmt.Sprintf("line %d: the record has %d characters", e.line, e.found)
}

// open starts on a file of the folder.
func (f *file) open() (rows, error) {
	if f.headed {
		r, err := table.Open(f.Source)
		if err != nil {
			return nil, err
		}
		return &headed{reader: r}, nil
	}
	in, err := f.OpenRaw()
	if err != nil {
		return nil, err
	}
	return newFixed(in, f.layout), nil
}

// fixed reads records of one length without a header.
type fixed struct {
	layout *layout
	in     io.ReadCloser
	buf    *bufio.Reader
	text   string
	count  int
	mark   bool
}

func newFixed(in io.ReadCloser, l *layout) *fixed {
	f := &fixed{layout: l, in: in, buf: bufio.NewReaderSize(in, maxLine+2)}
	if mark, err := f.buf.Peek(3); err == nil && bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, _ = f.buf.Discard(3)
		f.mark = true
	}
	return f
}

func (f *fixed) line() int    { return f.count }
func (f *fixed) marked() bool { return f.mark }
func (f *fixed) close() error { return f.in.Close() }

// cell is a column's text without the blanks around it.
func (f *fixed) cell(column string) string {
	p, ok := f.layout.places[column]
	if !ok {
		return ""
	}
	return strings.TrimSpace(f.text[p.from:p.to])
}

// next passes over empty lines. A line with characters beyond ASCII is measured
// in characters: each counts for one.
func (f *fixed) next() error {
	for {
		raw, err := f.buf.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			return &table.BadFileError{Line: f.count + 1, Why: "the line is longer than 64 KB"}
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return f.broken(err)
		}
		if len(raw) == 0 {
			return io.EOF
		}
		f.count++
		raw = bytes.TrimSuffix(bytes.TrimSuffix(raw, []byte("\n")), []byte("\r"))
		if len(raw) == 0 {
			continue
		}
		if bytes.IndexByte(raw, 0) >= 0 {
			return &table.BadFileError{Line: f.count, Why: "the line holds a NUL byte: save the file as plain text"}
		}
		f.text = string(raw)
		if !ascii(f.text) {
			if !utf8.ValidString(f.text) {
				return &table.BadFileError{Line: f.count, Why: "the line is not UTF-8: save the file as UTF-8 text"}
			}
			f.text = flat(f.text)
		}
		if len(f.text) != f.layout.length {
			return &widthError{f.count, len(f.text)}
		}
		return nil
	}
}

// broken keeps a damaged file apart from a failing disk.
func (f *fixed) broken(err error) error {
	var bad *table.BadFileError
	if errors.As(err, &bad) {
		bad.Line = f.count + 1
		return bad
	}
	return fmt.Errorf("after line %d: %w", f.count, err)
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// flat puts one byte in the place of every character.
func flat(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf {
			return '?'
		}
		return r
	}, s)
}

// headed reads the same columns from a delimited file with a header.
type headed struct {
	reader *table.Reader
	record table.Record
}

func (h *headed) line() int    { return h.record.Line }
func (h *headed) marked() bool { return h.reader.BOM }
func (h *headed) close() error { return h.reader.Close() }

func (h *headed) cell(column string) string {
	i := h.reader.Column(column)
	if i < 0 {
		return ""
	}
	return strings.TrimSpace(h.record.Fields[i])
}

func (h *headed) next() (err error) {
	if h.record, err = h.reader.Next(); err != nil {
		return err
	}
	if n := len(h.record.Fields); n != len(h.reader.Header) {
		return &widthError{h.record.Line, n}
	}
	return nil
}
