package parquet

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"bundlelab/data/ingest/table"
)

// Limits of the text a file gives: claims pack well, but what expands further
// was made to.
const (
	maxRatio    = 250
	freeOfRatio = 64 << 20
	atOnce      = 32 << 10 // bytes made before they are asked for again
)

// Text is the file as CSV with a header, of the columns asked for that it has.
// The first row of the file is on line 2.
type Text struct {
	file    *File
	columns []column
	group   int // next row group
	rows    int64
	cursors []*cursor
	held    int
	made    int64
	most    int64
	buf     bytes.Buffer
	failed  error
}

// Text starts on the rows. Closing it closes the file.
func (f *File) Text(names []string) *Text {
	t := &Text{file: f, columns: f.wanted(names), most: max(freeOfRatio, maxRatio*f.in.Size())}
	for i, c := range t.columns {
		t.cell(i, c.name)
	}
	t.buf.WriteByte('\n')
	return t
}

// Close closes the file.
func (t *Text) Close() error { return t.file.Close() }

// Read gives the next bytes.
func (t *Text) Read(p []byte) (int, error) {
	for t.buf.Len() < atOnce && t.failed == nil {
		t.failed = t.row()
	}
	if t.buf.Len() > 0 {
		return t.buf.Read(p)
	}
	return 0, t.failed
}

// row writes the next row; io.EOF after the last.
func (t *Text) row() error {
	for t.rows == 0 {
		if err := t.nextGroup(); err != nil {
			return err
		}
	}
	t.rows--
	before := t.buf.Len()
	for i, c := range t.cursors {
		v, err := c.next()
		if err != nil {
			t.buf.Truncate(before)
			return err
		}
		t.cell(i, v)
	}
	t.buf.WriteByte('\n')
	if t.made += int64(t.buf.Len() - before); t.made > t.most {
		return bad("expands to more than %d times its size, as no honest file does: it was not read further", maxRatio)
	}
	return nil
}

func (t *Text) nextGroup() error {
	for _, c := range t.cursors {
		c.close()
	}
	t.cursors = t.cursors[:0]
	if t.group >= len(t.file.meta.RowGroups) || len(t.columns) == 0 {
		return io.EOF
	}
	g := &t.file.meta.RowGroups[t.group]
	t.group++
	for i := range t.columns {
		c, err := t.file.open(&t.columns[i], g, &t.held)
		if err != nil {
			return err
		}
		t.cursors = append(t.cursors, c)
	}
	t.rows = g.NumRows
	return nil
}

// cell writes a cell. Ends of lines in it become blanks, so that a row stays
// on its line.
func (t *Text) cell(i int, v string) {
	if i > 0 {
		t.buf.WriteByte(',')
	}
	if !strings.ContainsAny(v, ",\"\r\n") {
		t.buf.WriteString(v)
		return
	}
	v = strings.NewReplacer("\r", " ", "\n", " ", `"`, `""`).Replace(v)
	t.buf.WriteString(`"` + v + `"`)
}

// Rows opens a source as a table of the columns asked for.
func Rows(src table.Source, names []string) (*table.Reader, error) {
	f, err := Open(src)
	if err != nil {
		return nil, err
	}
	r, err := table.NewReader(f.Text(names))
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return r, nil
}
