package reference

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"bundlelab/data/xlsx"
)

// The largest file read, packed and plain. The largest of the public ones, the
// HCC map, is a few megabytes.
const (
	maxFile  = 64 << 20
	maxPlain = 256 << 20
	maxCells = 512 // of one row
)

// FileError says why a reference file cannot be used. It names the place,
// never a whole line.
type FileError struct {
	Line   int    // 0: the file as a whole
	Column string // "" when no one column is at fault
	Why    string
}

// Error names line and column and what to do.
func (e *FileError) Error() string {
	switch {
	case e.Line == 0:
		return e.Why
	case e.Column == "":
		return fmt.Sprintf("line %d: %s", e.Line, e.Why)
	}
	return fmt.Sprintf("line %d, column %s: %s", e.Line, e.Column, e.Why)
}

// row is one row of a file with the line it starts on.
type row struct {
	line  int
	cells []string
}

// cell is the i-th cell without blanks around it; "" past the end or for -1.
func (r row) cell(i int) string {
	if i < 0 || i >= len(r.cells) {
		return ""
	}
	return strings.TrimSpace(r.cells[i])
}

// read gives the rows of a CSV, a tab-delimited text, either of them packed
// with gzip, or an XLSX workbook, known by content. Of a workbook the sheet is
// the first that has wanted rows.
func read(in io.Reader, wanted func([]row) bool) ([]row, error) {
	data, err := limited(in, maxFile)
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(data, []byte("\x1f\x8b")) {
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return nil, &FileError{Why: "the gzip file is damaged"}
		}
		if data, err = limited(z, maxPlain); err != nil {
			var fault *FileError
			if !errors.As(err, &fault) { // the bytes are in memory: only they can be wrong
				err = &FileError{Why: "the gzip file is cut off or damaged"}
			}
			return nil, err
		}
	}
	if bytes.HasPrefix(data, []byte("PK")) {
		return workbook(data, wanted)
	}
	return text(data)
}

// limited reads all of a stream that is not longer than it may be.
func limited(in io.Reader, most int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(in, most+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading: %w", err)
	case int64(len(data)) > most:
		return nil, &FileError{Why: fmt.Sprintf("it is larger than %d MB: no reference table is", most>>20)}
	}
	return data, nil
}

// text reads delimited text: by tabs when the first lines hold more of them
// than of commas.
func text(data []byte) ([]row, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if bytes.IndexByte(data, 0) >= 0 {
		return nil, &FileError{Why: "it holds NUL bytes: save it as CSV, tab-delimited text or XLSX"}
	}
	if !utf8.Valid(data) {
		data = latin(data)
	}
	// Old Macintosh line ends, which CMS's text files have had.
	if bytes.IndexByte(data, '\n') < 0 {
		data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	}
	r := csv.NewReader(bufio.NewReader(bytes.NewReader(data)))
	r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = -1, true, false
	head := data[:min(len(data), 4096)]
	if bytes.Count(head, []byte("\t")) > bytes.Count(head, []byte(",")) {
		r.Comma = '\t'
	}
	var rows []row
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		line, _ := r.FieldPos(0)
		if err != nil {
			return nil, &FileError{Line: line, Why: "the quotes do not match"}
		}
		if len(cells) > maxCells {
			return nil, &FileError{Line: line, Why: fmt.Sprintf("it has more than %d cells", maxCells)}
		}
		rows = append(rows, row{line, cells})
	}
}

// latin reads bytes of the Windows code page as text; what is no letter of it
// in these files is a dash or a quote.
func latin(data []byte) []byte {
	var b bytes.Buffer
	for _, c := range data {
		b.WriteRune(rune(c))
	}
	return b.Bytes()
}

// workbook reads the first sheet that is shown and has wanted rows.
func workbook(data []byte, wanted func([]row) bool) (rows []row, err error) {
	b, err := xlsx.Open(bytes.NewReader(data), int64(len(data)), xlsx.Limits{Plain: maxPlain, Texts: maxPlain, Of: "a reference table"})
	if err != nil {
		return nil, faulty(err)
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	for _, name := range b.Sheets() {
		rows, err := sheet(b, name)
		if err != nil {
			return nil, faulty(err)
		}
		if wanted(rows) {
			return rows, nil
		}
	}
	return nil, &FileError{Why: "no sheet of the workbook has the columns that are looked for"}
}

// faulty is the fault of a workbook as that of a file.
func faulty(err error) error {
	var fault *xlsx.FaultError
	if errors.As(err, &fault) {
		return &FileError{Line: fault.Line, Why: fault.Why}
	}
	return err
}

func sheet(b *xlsx.Book, name string) (all []row, err error) {
	s, err := b.Sheet(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	for {
		line, cells, err := s.Next()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		if len(cells) > maxCells {
			return nil, &FileError{Line: line, Why: fmt.Sprintf("it has more than %d cells", maxCells)}
		}
		all = append(all, row{line, cells})
	}
}

// columns finds the places of a header's columns, in small letters with single
// blanks.
func columns(r row) []string {
	names := make([]string, len(r.cells))
	for i, c := range r.cells {
		names[i] = strings.ToLower(strings.Join(strings.Fields(c), " "))
	}
	return names
}

// place is where a column stands, or -1.
func place(names []string, name string) int {
	for i, n := range names {
		if n == name {
			return i
		}
	}
	return -1
}
