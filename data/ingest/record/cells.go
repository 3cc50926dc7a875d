package record

import (
	"fmt"
	"strings"

	"bundlelab/data/ingest/control"
	"bundlelab/data/ingest/field"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
)

// Line is the line the current row starts on.
func (r *Rows) Line() int { return r.current.Line }

// Bad says that the current row has a fault that rejects it.
func (r *Rows) Bad() bool { return r.bad }

// Text is a cell without the blanks around it; "" when the column is absent.
func (r *Rows) Text(column string) string {
	if r.fixed != nil {
		if text, ok := r.fixed[column]; ok {
			return text
		}
	}
	if r.columns != nil {
		column = r.header(column)
	}
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
	hint, header := "", r.header(column)
	if column != "" && !r.idents[strings.ToUpper(header)] && !r.idents[strings.ToUpper(column)] {
		hint = control.Mask(r.Text(column))
	}
	r.Books.Find(s, code, r.current.Line, header, hint, message)
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

// Ahead counts a day that lies after tomorrow where one may, such as how far the
// data reach: a file may state its cover in advance, but more likely a year is
// mistyped (D001, said once for the file).
func (r *Rows) Ahead(column string, d calendar.Day) {
	if d > r.Today+1 {
		r.Books.Tally(store.Warning, "D001", r.header(column), "days that lie in the future: the data are taken to reach that far")
	}
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
