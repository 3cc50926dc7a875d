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
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
)

// Rows reads a file row by row.
type Rows struct {
	Books *control.File
	Date  field.DateFormat
	Today calendar.Day

	reader  *table.Reader
	current table.Record
	width   int
	bad     bool
	drift   bool
	screen  *field.Screen
	idents  map[string]bool
}

// Open starts on a source and opens its books. A file that cannot be trusted
// has its refusal in the books and gives nil; the error is for failed reads.
func Open(run *control.Run, role string, src table.Source, date field.DateFormat) (*Rows, error) {
	books := run.Open(role, src)
	reader, err := table.Open(src)
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
	return &Rows{Books: books, Date: date, Today: run.Today, reader: reader, screen: field.NewScreen(), idents: map[string]bool{}}, nil
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
func (r *Rows) Next() (bool, error) {
	for {
		rec, err := r.reader.Next()
		var bad *table.BadFileError
		switch {
		case errors.Is(err, io.EOF):
			return false, nil
		case errors.As(err, &bad):
			r.Books.Find(store.Refuse, "F002", bad.Line, "", "", bad.Why)
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

// Line is the line the current row starts on.
func (r *Rows) Line() int { return r.current.Line }

// Bad says that the current row has a fault that rejects it.
func (r *Rows) Bad() bool { return r.bad }

// Text is a cell without the blanks around it; "" when the column is absent.
func (r *Rows) Text(column string) string {
	i := r.reader.Column(column)
	if i < 0 || i >= len(r.current.Fields) {
		return ""
	}
	return strings.TrimSpace(r.current.Fields[i])
}

// Reject notes a fault that rejects the row.
func (r *Rows) Reject(code, column, message string) {
	r.bad = true
	r.find(store.Reject, code, column, message)
}

// Warn notes a fault that does not.
func (r *Rows) Warn(code, column, message string) { r.find(store.Warning, code, column, message) }

// Info notes something a person may want to know.
func (r *Rows) Info(code, column, message string) { r.find(store.Info, code, column, message) }

func (r *Rows) find(s store.Severity, code, column, message string) {
	hint := ""
	if column != "" && !r.idents[strings.ToUpper(column)] {
		hint = control.Mask(r.Text(column))
	}
	r.Books.Find(s, code, r.current.Line, column, hint, message)
}

// Required is a cell that must not be blank.
func (r *Rows) Required(column string) string {
	s := r.Text(column)
	if s == "" {
		r.Reject("V001", column, "the cell is blank and must not be")
	}
	return s
}

// Code is a cell meant for a code: text that could be a person's name, address
// or number in it rejects the row (P001). Tin allows nine digits.
func (r *Rows) Code(column string, tin bool) string {
	s := r.Text(column)
	if s != "" && r.screen.InCode(s, tin) {
		r.Reject("P001", column, "the cell looks like a name, an address or a person's number, which this column must not hold")
		return ""
	}
	return s
}

// Words is free text that may be stored: one that holds an MBI or a social
// security number rejects the row (P001).
func (r *Rows) Words(column string) string {
	s := r.Text(column)
	if r.screen.Identifies(s) {
		r.Reject("P001", column, "the cell holds a person's number, which this column must not hold")
		return ""
	}
	return s
}

// Identifies says that a text holds a person's number.
func (r *Rows) Identifies(s string) bool { return r.screen.Identifies(s) || r.screen.InCode(s, false) }

// earliest is the first date a row may have (D001).
func earliest() calendar.Day { return calendar.Date(2000, 1, 1) }

// Day is a date cell from 2000-01-01 to tomorrow (D001); false when blank or
// faulty. The date that means none in RIF files counts as blank.
func (r *Rows) Day(column string) (calendar.Day, bool) {
	d, ok := r.AnyDay(column)
	if ok && d > r.Today+1 {
		r.Reject("D001", column, "the date is in the future")
		return 0, false
	}
	return d, ok
}

// AnyDay is a date cell that may lie ahead, such as an end of eligibility.
func (r *Rows) AnyDay(column string) (calendar.Day, bool) {
	s := r.Text(column)
	if s == "" {
		return 0, false
	}
	d, err := r.Date(s)
	if err != nil {
		r.Reject("D001", column, err.Error())
		return 0, false
	}
	if d == field.Null() {
		return 0, false
	}
	if d < earliest() {
		r.Reject("D001", column, "the date is before 2000-01-01")
		return 0, false
	}
	return d, true
}

// NeedDay is a date cell that must not be blank.
func (r *Rows) NeedDay(column string) calendar.Day {
	d, ok := r.Day(column)
	if !ok && !r.bad {
		r.Reject("D001", column, "the date is missing")
	}
	return d
}

// Cents is a dollar cell (A001); false when blank or faulty.
func (r *Rows) Cents(column string) (money.Cents, bool) {
	s := r.Text(column)
	if s == "" {
		return 0, false
	}
	c, err := field.Cents(s)
	if err != nil {
		r.Reject("A001", column, err.Error())
		return 0, false
	}
	return c, true
}

// OptionalCents is a dollar cell that may be blank and must not be negative
// (A002); nil when blank.
func (r *Rows) OptionalCents(column string) *money.Cents {
	c, ok := r.Cents(column)
	if !ok {
		return nil
	}
	if c < 0 {
		r.Reject("A002", column, "the amount is negative")
		return nil
	}
	return &c
}

// Known is a yes-or-no cell; a faulty one rejects the row.
func (r *Rows) Known(column string) panel.Known {
	k, err := field.Known(r.Text(column))
	if err != nil {
		r.Reject("V001", column, err.Error())
	}
	return k
}

// Int is a whole-number cell; nil when blank, faulty rejects the row.
func (r *Rows) Int(column string, low, high int) *int {
	s := r.Text(column)
	if s == "" {
		return nil
	}
	n, err := field.Int(s, low, high)
	if err != nil {
		r.Reject("V001", column, fmt.Sprintf("%s %d to %d", err.Error(), low, high))
		return nil
	}
	return &n
}
