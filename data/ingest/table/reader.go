package table

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// maxLine is the longest line and the longest record, in bytes (F002).
const maxLine = 64 << 10

// BadFileError says why a file is not readable as text (F002). It repeats
// nothing of the content.
type BadFileError struct {
	Line int
	Why  string
}

// Error names the line and the cause.
func (e *BadFileError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Why) }

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
	pipe   bool
	places map[string]int
}

// Open reads the header of a source. A *BadFileError means the file is not
// text or is empty.
func Open(s Source) (*Reader, error) {
	in, err := s.open()
	if err != nil {
		return nil, err
	}
	r, err := NewReader(in)
	if err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return r, nil
}

// NewReader reads the header from a stream it then owns.
func NewReader(in io.ReadCloser) (*Reader, error) {
	r := &Reader{in: in, buf: bufio.NewReaderSize(in, maxLine+2)}
	if mark, err := r.buf.Peek(3); err == nil && bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		r.BOM = true
		if _, err := r.buf.Discard(3); err != nil {
			return nil, err
		}
	}
	first, err := r.buf.Peek(1)
	if err == nil && len(first) == 1 {
		head, _ := r.buf.Peek(r.buf.Size())
		if i := bytes.IndexByte(head, '\n'); i >= 0 {
			head = head[:i]
		}
		r.pipe = bytes.IndexByte(head, '|') >= 0
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

// Close closes the file.
func (r *Reader) Close() error { return r.in.Close() }

// Next reads a record. Empty lines are passed over. The error is io.EOF at the
// end, a *BadFileError when the file cannot be trusted, or a failed read.
func (r *Reader) Next() (Record, error) {
	for {
		text, err := r.physical()
		if err != nil {
			return Record{}, err
		}
		if text == "" {
			continue
		}
		start := r.line
		if r.pipe {
			return Record{start, strings.Split(text, "|")}, nil
		}
		if strings.IndexByte(text, '"') < 0 {
			return Record{start, strings.Split(text, ",")}, nil
		}
		fields, err := r.quoted(text, start)
		return Record{start, fields}, err
	}
}

// physical reads one line of text without its end.
func (r *Reader) physical() (string, error) {
	raw, err := r.buf.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return "", &BadFileError{r.line + 1, "the line is longer than 64 KB"}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return "", r.broken(err)
	}
	if len(raw) == 0 {
		return "", io.EOF
	}
	r.line++
	raw = bytes.TrimSuffix(bytes.TrimSuffix(raw, []byte("\n")), []byte("\r"))
	if bytes.IndexByte(raw, 0) >= 0 {
		return "", &BadFileError{r.line, "the line holds a NUL byte: save the file as plain UTF-8 text"}
	}
	if !utf8.Valid(raw) {
		return "", &BadFileError{r.line, "the line is not UTF-8: save the file as UTF-8 text"}
	}
	return string(raw), nil
}

// broken tells a damaged gzip file from a failing disk.
func (r *Reader) broken(err error) error {
	var corrupt flate.CorruptInputError
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || errors.As(err, &corrupt) {
		return &BadFileError{r.line + 1, "the gzip file is damaged or cut short"}
	}
	return fmt.Errorf("after line %d: %w", r.line, err)
}

// quoted splits a record with quotes (RFC 4180); it may run over lines.
func (r *Reader) quoted(text string, start int) ([]string, error) {
	var fields []string
	unbalanced := &BadFileError{start, "the quotes do not balance"}
	for {
		if !strings.HasPrefix(text, `"`) {
			end := strings.IndexByte(text, ',')
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
		if rest[0] != ',' {
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
				return "", "", &BadFileError{start, "the record is longer than 64 KB, or its quotes do not balance"}
			}
			if text, err = r.physical(); errors.Is(err, io.EOF) {
				return "", "", &BadFileError{start, "the quotes do not balance"}
			} else if err != nil {
				return "", "", err
			}
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
