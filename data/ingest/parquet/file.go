// Package parquet gives a Parquet file as rows of text, as if it had been
// saved as CSV: the form in which every importer reads and checks. Only flat
// columns are read, and of these only the ones asked for.
//
// Nothing a file claims about itself is believed before memory is set aside
// for it, so that no file of a few bytes takes more than a large one. That is why
// only the file's table of contents goes through the common library, and values
// are read one at a time. What no common program writes unless told to (LZ4,
// Brotli, encryption) is refused in words.
package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"bundlelab/data/ingest/table"
)

// Magic is what a Parquet file begins and ends with.
const Magic = "PAR1"

// Limits of a file.
const (
	maxFooter = 32 << 20
	maxItems  = 500_000 // elements of the footer's lists: 150 columns in some hundred row groups
	freeRows  = 1 << 20 // rows that any file may claim; above, maxRatio for each of its bytes
)

// File is an open Parquet file.
type File struct {
	in    table.At
	meta  format.FileMetaData
	flat  []column
	meter func(int64) error
}

// column is a flat column of the file.
type column struct {
	name     string
	leaf     int // place among the columns of a row group
	optional bool
	element  *format.SchemaElement
}

// Open reads the end of a file, which says what is in it. Its own closing
// closes the file under it. A file not to be trusted is a *table.BadFileError.
func Open(src table.Source) (*File, error) {
	in, err := src.OpenAt()
	if err != nil {
		return nil, err
	}
	f := &File{in: in, meter: src.Meter}
	if err := f.footer(); err != nil {
		_ = in.Close() // the file was only read
		return nil, err
	}
	return f, nil
}

// Close closes the file.
func (f *File) Close() error { return f.in.Close() }

// bad refuses the file.
func bad(format string, args ...any) error {
	return &table.BadFileError{Why: "the Parquet file " + fmt.Sprintf(format, args...)}
}

func damaged() error { return bad("is damaged or cut short: fetch it again") }

func (f *File) footer() error {
	size64 := f.in.Size()
	if size64 < 12 {
		return damaged()
	}
	tail, err := f.bytes(size64-8, 8)
	if err != nil {
		return err
	}
	switch string(tail[4:]) {
	case Magic:
	case "PARE":
		return bad("is encrypted: save it without encryption")
	default:
		return damaged()
	}
	n := int64(binary.LittleEndian.Uint32(tail))
	if n > size64-12 {
		return damaged()
	}
	if n > maxFooter {
		return bad("has a table of contents of %d MB: write it with larger row groups", n>>20)
	}
	text, err := f.bytes(size64-8-n, int(n))
	if err != nil {
		return err
	}
	if used, err := size(text, maxItems); err != nil || used != len(text) {
		return damaged()
	}
	if err := thrift.Unmarshal(new(thrift.CompactProtocol), text, &f.meta); err != nil {
		return damaged()
	}
	return f.schema()
}

// bytes reads a stretch of the file.
func (f *File) bytes(at int64, n int) ([]byte, error) {
	if n < 0 || at < 0 || at > f.in.Size() || int64(n) > f.in.Size()-at {
		return nil, damaged()
	}
	b := make([]byte, n)
	if _, err := f.in.ReadAt(b, at); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading the Parquet file: %w", err)
	}
	return b, nil
}

// schema lists the flat columns. Those inside groups and lists are passed over.
func (f *File) schema() error {
	all := f.meta.Schema
	if len(all) == 0 || f.meta.EncryptionAlgorithm.Value != nil {
		return damaged()
	}
	leaves, at := 0, 1
	for at < len(all) {
		e := &all[at]
		if !nested(e) {
			if e.RepetitionType.Valid && e.RepetitionType.V != format.Repeated {
				f.flat = append(f.flat, column{e.Name, leaves, e.RepetitionType.V == format.Optional, e})
			}
			leaves, at = leaves+1, at+1
			continue
		}
		for left := 1; left > 0 && at < len(all); at, left = at+1, left-1 {
			if e := &all[at]; nested(e) {
				left += int(min(e.NumChildren.V, int32(len(all))))
			} else {
				leaves++
			}
		}
	}
	left := max(freeRows, maxRatio*f.in.Size())
	for i := range f.meta.RowGroups {
		g := &f.meta.RowGroups[i]
		if len(g.Columns) != leaves || g.NumRows < 0 {
			return damaged()
		}
		if left -= g.NumRows; left < 0 {
			return bad("claims more rows than its bytes can hold, as no honest file does: it was not read")
		}
	}
	return nil
}

func nested(e *format.SchemaElement) bool { return e.NumChildren.Valid && e.NumChildren.V > 0 }

// Columns are the names of the flat columns, in their order.
func (f *File) Columns() []string {
	names := make([]string, len(f.flat))
	for i, c := range f.flat {
		names[i] = c.name
	}
	return names
}

// wanted are the columns with these names, in any case, in the file's order.
func (f *File) wanted(names []string) []column {
	want := make(map[string]bool, len(names))
	for _, n := range names {
		want[strings.ToUpper(n)] = true
	}
	var all []column
	for _, c := range f.flat {
		if want[strings.ToUpper(c.name)] {
			all = append(all, c)
		}
	}
	return all
}
