// Package record reads the cells of one row of an import file by column name
// and writes every fault into the file's books, with line and column and a
// masked hint, so that importers say what a row means and nothing else.
package record

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"sort"
	"strings"

	"bundlelab/data/ingest/control"
	"bundlelab/data/ingest/field"
	"bundlelab/data/ingest/table"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
)

// Rows reads a file row by row.
type Rows struct {
	Books *control.File
	Date  field.DateFormat
	Today calendar.Day

	reader  *table.Reader
	open    func() (*table.Reader, error)
	columns map[string]string // our names to the file's, where they differ
	fixed   map[string]string // cells that no column holds
	current table.Record
	width   int
	bad     bool
	drift   bool
	again   bool // another reading: faults of the file's form were told
	screen  *field.Screen
	idents  map[string]bool
}

// Open starts on a source and opens its books. A file that cannot be trusted
// has its refusal in the books and gives nil; the error is for failed reads.
func Open(run *control.Run, role string, src table.Source, date field.DateFormat) (*Rows, error) {
	return OpenWith(run, role, src, date, func() (*table.Reader, error) { return table.Open(src) })
}

// OpenWith is Open for a source that is no text itself: open gives its rows as
// text, from the first one each time it is called.
func OpenWith(run *control.Run, role string, src table.Source, date field.DateFormat, open func() (*table.Reader, error)) (*Rows, error) {
	books := run.Open(role, src)
	reader, err := open()
	var bad *table.BadFileError
	if errors.As(err, &bad) {
		books.Find(store.Refuse, "F002", bad.Line, "", "", bad.Why)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if reader.BOM {
		books.Find(store.Info, "F002", 1, "", "", "the file opens with a byte order mark, which was skipped")
	}
	return &Rows{Books: books, Date: date, Today: run.Today, reader: reader, open: open, screen: field.NewScreen(), idents: map[string]bool{}}, nil
}

// Again starts on the file once more, into the same books. Rows of the wrong
// width are passed over: the first reading booked them.
func (r *Rows) Again() (*Rows, error) {
	reader, err := r.open()
	if err != nil {
		return nil, err
	}
	reader.Trust()
	next := *r
	next.reader, next.current, next.bad, next.again = reader, table.Record{}, false, true
	return &next, nil
}

// Close closes the file.
func (r *Rows) Close() error { return r.reader.Close() }

// Identifiers names the columns that hold identifiers of a person; their cells
// are never screened as codes and never hinted at.
func (r *Rows) Identifiers(columns ...string) {
	for _, c := range columns {
		r.idents[strings.ToUpper(c)] = true
	}
}

// Rename lets cells be asked for by other names than the header's: columns
// gives the header's name, in capitals, of a name of ours, and constants the
// text of one that stands in no column. Findings tell the header's name.
func (r *Rows) Rename(columns, constants map[string]string) {
	r.columns, r.fixed = columns, constants
}

// header is the file's own name of a column.
func (r *Rows) header(column string) string {
	if name, ok := r.columns[column]; ok {
		return name
	}
	return column
}

// Expect checks the header: a missing required column refuses the file and is
// named with all its fellows (F001); a column in neither list is named in a
// warning and not loaded (F005). False means refused.
func (r *Rows) Expect(required, optional []string) bool {
	known := map[string]bool{}
	var missing []string
	for _, c := range required {
		known[strings.ToUpper(c)] = true
		if !r.reader.Has(c) {
			missing = append(missing, c)
		}
	}
	if len(missing) > 0 {
		r.Books.Find(store.Refuse, "F001", 1, "", "", fmt.Sprintf("required columns are missing: %s; the header needs %s",
			strings.Join(missing, ", "), strings.Join(required, ", ")))
		return false
	}
	for _, c := range optional {
		known[strings.ToUpper(c)] = true
	}
	var extra []string
	for _, c := range r.reader.Header {
		if !known[strings.ToUpper(c)] {
			extra = append(extra, control.Column(c))
		}
	}
	if len(extra) > 0 {
		sort.Strings(extra)
		r.Books.Find(store.Warning, "F005", 1, "", "", "columns the format does not have, not loaded: "+strings.Join(extra, ", "))
	}
	return true
}

// Header is the file's own list of columns.
func (r *Rows) Header() []string { return r.reader.Header }

// Has says whether the file has every one of the columns.
func (r *Rows) Has(columns ...string) bool { return r.reader.Has(columns...) }

// Next moves to the next row of the right width; false at the end of the file
// or when the file turns out not to be trusted. A row of another width is
// rejected here (F001).
func (r *Rows) Next() (bool, error) { return r.NextWhere("", nil) }

// NextWhere is Next that passes over the rows whose cell in a column is not
// wanted; "" wants every row. The cell is valid for the call only.
func (r *Rows) NextWhere(column string, want func(cell []byte) bool) (bool, error) {
	place := -1
	if column != "" {
		place = r.reader.Column(column)
	}
	for {
		rec, err := r.reader.NextWhere(place, want, r.current.Fields)
		var bad *table.BadFileError
		switch {
		case errors.Is(err, io.EOF):
			return false, nil
		case errors.As(err, &bad):
			if !r.again {
				r.Books.Find(store.Refuse, "F002", bad.Line, "", "", bad.Why)
			}
			return false, nil
		case err != nil:
			return false, fmt.Errorf("reading %s: %w", r.Books.Name, err)
		}
		r.current, r.bad = rec, false
		if r.width == 0 {
			r.setWidth(len(rec.Fields))
		}
		if len(rec.Fields) == r.width {
			return true, nil
		}
		if r.again {
			continue
		}
		r.Books.Saw(1, 0)
		r.Books.Find(store.Reject, "F001", rec.Line, "", "", fmt.Sprintf("the row has %d fields instead of %d", len(rec.Fields), r.width))
		r.Books.Rejects(1, 0)
	}
}

// Each moves through the rows to the end of the file. It gives nil on every
// row and an error as its last when reading fails or ctx ends.
func (r *Rows) Each(ctx context.Context) iter.Seq[error] {
	return func(yield func(error) bool) {
		for n := 0; ; n++ {
			if n%1024 == 0 && ctx.Err() != nil {
				yield(ctx.Err())
				return
			}
			ok, err := r.Next()
			if err != nil {
				yield(err)
				return
			}
			if !ok || !yield(nil) {
				return
			}
		}
	}
}

// Drift accepts files whose rows are all of one width that is not the
// header's, as some RIF extracts are: the first row sets the width, with a
// warning (F005). Call it before the first Next.
func (r *Rows) Drift() { r.drift = true }

// setWidth takes the width of the rows from the header or, where drift is
// allowed, from the first row.
func (r *Rows) setWidth(first int) {
	r.width = len(r.reader.Header)
	if !r.drift || first == r.width {
		return
	}
	r.Books.Find(store.Warning, "F005", 1, "", "", fmt.Sprintf("the rows have %d fields and the header %d: columns are read by the header's names, and the last ones may be wrong",
		first, r.width))
	r.width = first
}

// Drifted says that the rows are not of the header's width, so that the last
// columns may be others than they are called.
func (r *Rows) Drifted() bool { return r.width != len(r.reader.Header) }
