package table

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// maxLine is the longest line and the longest record, in bytes (F002).
const maxLine = 64 << 10

// BadFileError says why a file is not readable as text, or not an archive to
// trust (F002). It repeats nothing of the content.
type BadFileError struct {
	File string // as it may be shown; "" where the caller knows
	Line int    // 0: the file as a whole
	Why  string
}

// Error names the file, the line and the cause.
func (e *BadFileError) Error() string {
	text := e.Why
	if e.Line > 0 {
		text = fmt.Sprintf("line %d: %s", e.Line, text)
	}
	if e.File != "" {
		text = e.File + ": " + text
	}
	return text
}

// Record is one row: its fields and the line it starts on. The fields stay
// valid after the next read.
type Record struct {
	Line   int
	Fields []string
}

// Reader gives the records of one source.
type Reader struct {
	Header []string
	BOM    bool // the file opened with a byte order mark, which was skipped

	in     io.ReadCloser
	buf    *bufio.Reader
	line   int
	sep    byte
	plain  bool // known to be text
	places map[string]int
}

// Open reads the header of a source. A *BadFileError means the file is not
// text or is empty.
func Open(s Source) (*Reader, error) {
	in, err := s.OpenRaw()
	if err != nil {
		return nil, err
	}
	r, err := newReader(in, s.Delimiter)
	if err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return r, nil
}

// Head is a reader with the header and no record, to tell what the file is. It
// costs no second look at a file whose fingerprint was taken.
func (s Source) Head() (*Reader, error) {
	if len(s.head) > 0 {
		if r, err := newReader(io.NopCloser(bytes.NewReader(s.head)), s.Delimiter); err == nil {
			return r, nil
		}
	}
	return Open(s)
}

// NewReader reads the header from a stream it then owns.
func NewReader(in io.ReadCloser) (*Reader, error) { return newReader(in, 0) }

func newReader(in io.ReadCloser, sep byte) (*Reader, error) {
	r := &Reader{in: in, sep: sep, buf: bufio.NewReaderSize(in, maxLine+2)}
	start, err := r.buf.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, r.broken(err)
	}
	switch {
	case bytes.HasPrefix(start, []byte("\xef\xbb\xbf")):
		r.BOM = true
		if _, err := r.buf.Discard(3); err != nil {
			return nil, err
		}
	case bytes.HasPrefix(start, []byte("\xff\xfe")), bytes.HasPrefix(start, []byte("\xfe\xff")):
		return nil, &BadFileError{Line: 1, Why: "the file is UTF-16: save it as UTF-8 text"}
	case bytes.HasPrefix(start, []byte("PK\x03\x04")):
		return nil, &BadFileError{Line: 1, Why: "the file is a zip archive or a workbook under another name: give it its own ending, or save it as CSV"}
	}
	head, _ := r.buf.Peek(r.buf.Size()) // a failed read comes again with the first record
	if i := bytes.IndexByte(head, '\n'); i >= 0 {
		head = head[:i]
	}
	if r.sep == 0 {
		r.sep = ','
		if bytes.IndexByte(head, '|') >= 0 {
			r.sep = '|'
		}
	}
	record, err := r.Next()
	if errors.Is(err, io.EOF) {
		return nil, &BadFileError{Line: 1, Why: "the file is empty: a header line is needed"}
	}
	if err != nil {
		return nil, err
	}
	r.Header = record.Fields
	r.places = make(map[string]int, len(r.Header))
	for i, name := range r.Header {
		r.Header[i] = strings.TrimSpace(name)
		key := strings.ToUpper(r.Header[i])
		if _, twice := r.places[key]; twice && key != "" {
			return nil, &BadFileError{Line: record.Line, Why: fmt.Sprintf("two columns of the header have one name (columns %d and %d)", r.places[key]+1, i+1)}
		}
		r.places[key], r.places[strings.ToLower(key)] = i, i
	}
	return r, nil
}

// Column is the place of a column by its name in upper or lower case; -1 when
// absent. The header itself may use either case.
func (r *Reader) Column(name string) int {
	if i, ok := r.places[name]; ok {
		return i
	}
	return -1
}

// Has says whether all of the columns are there.
func (r *Reader) Has(names ...string) bool {
	for _, n := range names {
		if r.Column(n) < 0 {
			return false
		}
	}
	return true
}

// Trust spares a file that was read before the look for what is no text.
func (r *Reader) Trust() { r.plain = true }

// Close closes the file.
func (r *Reader) Close() error { return r.in.Close() }

// Next reads a record. Empty lines are passed over. The error is io.EOF at the
// end, a *BadFileError when the file cannot be trusted, or a failed read.
func (r *Reader) Next() (Record, error) { return r.NextWhere(-1, nil, nil) }

// NextWhere reads the next record whose cell in a column is wanted, and passes
// over the others at little cost; a negative column wants every one. A record
// of another width than the header is given whatever its cell. The fields are
// put into the given slice where they fit.
func (r *Reader) NextWhere(column int, want func(cell []byte) bool, fields []string) (Record, error) {
	for {
		raw, err := r.physical()
		if err != nil {
			return Record{}, err
		}
		if len(raw) == 0 {
			continue
		}
		start := r.line
		if r.sep == '|' || bytes.IndexByte(raw, '"') < 0 {
			if column >= 0 {
				if cell, ok := r.cell(raw, column); ok && !want(cell) && bytes.Count(raw, []byte{r.sep})+1 == len(r.Header) {
					continue
				}
			}
			return Record{start, r.split(string(raw), fields[:0])}, nil
		}
		all, err := r.quoted(string(raw), start)
		if err == nil && column >= 0 && column < len(all) && !want([]byte(all[column])) && len(all) == len(r.Header) {
			continue
		}
		return Record{start, all}, err
	}
}

// Cells gives one cell of every record to the end of the file; what it gives
// is valid until the next. It stops where the file cannot be trusted: that is
// for Next to say. The error is a failed read.
func (r *Reader) Cells(column int, each func(cell []byte)) error {
	for {
		_, err := r.NextWhere(column, func(cell []byte) bool { each(cell); return false }, nil)
		var bad *BadFileError
		switch {
		case errors.Is(err, io.EOF), errors.As(err, &bad):
			return nil
		case err != nil:
			return err
		}
	}
}

// cell is one cell of a line without quotes.
func (r *Reader) cell(line []byte, column int) ([]byte, bool) {
	for range column {
		i := bytes.IndexByte(line, r.sep)
		if i < 0 {
			return nil, false
		}
		line = line[i+1:]
	}
	if i := bytes.IndexByte(line, r.sep); i >= 0 {
		line = line[:i]
	}
	return line, true
}

// split cuts a line without quotes.
func (r *Reader) split(line string, fields []string) []string {
	for {
		i := strings.IndexByte(line, r.sep)
		if i < 0 {
			return append(fields, line)
		}
		fields = append(fields, line[:i])
		line = line[i+1:]
	}
}

// physical reads one line without its end; it is valid until the next.
func (r *Reader) physical() ([]byte, error) {
	raw, err := r.buf.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return nil, &BadFileError{Line: r.line + 1, Why: "the line is longer than 64 KB"}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, r.broken(err)
	}
	if len(raw) == 0 {
		return nil, io.EOF
	}
	r.line++
	raw = bytes.TrimSuffix(bytes.TrimSuffix(raw, []byte("\n")), []byte("\r"))
	if r.plain {
		return raw, nil
	}
	if bytes.IndexByte(raw, 0) >= 0 {
		return nil, &BadFileError{Line: r.line, Why: "the line holds a NUL byte: save the file as plain UTF-8 text"}
	}
	if !utf8.Valid(raw) {
		return nil, &BadFileError{Line: r.line, Why: "the line is not UTF-8: save the file as UTF-8 text"}
	}
	return raw, nil
}

// broken gives a file that cannot be unpacked the line it broke at, and leaves
// a failing disk what it is.
func (r *Reader) broken(err error) error {
	var bad *BadFileError
	if errors.As(err, &bad) {
		return &BadFileError{File: bad.File, Line: r.line + 1, Why: bad.Why}
	}
	return fmt.Errorf("after line %d: %w", r.line, err)
}

// quoted splits a record with quotes (RFC 4180); it may run over lines.
func (r *Reader) quoted(text string, start int) ([]string, error) {
	var fields []string
	unbalanced := &BadFileError{Line: start, Why: "the quotes do not balance"}
	for {
		if !strings.HasPrefix(text, `"`) {
			end := strings.IndexByte(text, r.sep)
			field := text
			if end >= 0 {
				field = text[:end]
			}
			if strings.IndexByte(field, '"') >= 0 {
				return nil, unbalanced
			}
			fields = append(fields, field)
			if end < 0 {
				return fields, nil
			}
			text = text[end+1:]
			continue
		}
		field, rest, err := r.inQuotes(text[1:], start)
		if err != nil {
			return nil, err
		}
		fields = append(fields, field)
		if rest == "" {
			return fields, nil
		}
		if rest[0] != r.sep {
			return nil, unbalanced
		}
		text = rest[1:]
	}
}

// inQuotes reads to the closing quote and gives the field and what follows it.
func (r *Reader) inQuotes(text string, start int) (field, rest string, err error) {
	var b strings.Builder
	for {
		i := strings.IndexByte(text, '"')
		if i < 0 {
			b.WriteString(text)
			b.WriteByte('\n')
			if b.Len() > maxLine {
				return "", "", &BadFileError{Line: start, Why: "the record is longer than 64 KB, or its quotes do not balance"}
			}
			more, err := r.physical()
			if errors.Is(err, io.EOF) {
				return "", "", &BadFileError{Line: start, Why: "the quotes do not balance"}
			}
			if err != nil {
				return "", "", err
			}
			text = string(more)
			continue
		}
		b.WriteString(text[:i])
		text = text[i+1:]
		if !strings.HasPrefix(text, `"`) {
			return b.String(), text, nil
		}
		b.WriteByte('"')
		text = text[1:]
	}
}
