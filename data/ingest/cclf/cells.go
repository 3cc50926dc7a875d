package cclf

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"bundlelab/data/ingest/control"
	"bundlelab/data/ingest/field"
	"bundlelab/data/ingest/record"
	"bundlelab/data/ingest/table"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/money"
)

// input reads one file with its books: every fault of a cell goes there.
type input struct {
	rows
	file   *file
	books  *control.File
	today  calendar.Day
	screen *field.Screen
	bad    bool // the current record has a fault that rejects it
}

// each moves through the records. What makes the whole file untrustworthy goes
// into the books and ends it; the error is for failed reads and the end of ctx.
func (in *input) each(ctx context.Context) iter.Seq[error] {
	return func(yield func(error) bool) {
		for n := 0; ; n++ {
			if n%1024 == 0 && ctx.Err() != nil {
				yield(ctx.Err())
				return
			}
			err := in.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil && !in.refuse(err) {
				yield(fmt.Errorf("reading %s: %w", in.books.Name, err))
				return
			}
			in.bad = false
			if err != nil || !yield(nil) {
				return
			}
		}
	}
}

// refuse books an error that is about the file; false when it is not.
func (in *input) refuse(err error) bool {
	var bad *table.BadFileError
	var width *widthError
	switch {
	case errors.As(err, &bad):
		in.books.Find(store.Refuse, "F002", bad.Line, "", "", bad.Why)
	case errors.As(err, &width):
		in.books.Find(store.Refuse, "F001", width.line, "", "", in.file.wrongWidth(width.found))
	default:
		return false
	}
	return true
}

// wrongWidth words a record of another length.
func (f *file) wrongWidth(found int) string {
	if f.headed {
		return fmt.Sprintf("the row has %d fields, which is not what the header has", found)
	}
	message := fmt.Sprintf("the record has %d characters and CCLF%s of version 36 has %d", found, f.code, f.layout.length)
	if other := ofLength(f.all, found); other != unknownCode {
		message += fmt.Sprintf("; %d is the length of CCLF%s: is the file misnamed?", found, other)
	}
	return message
}

// secret says that a column's cells identify a person or a claim: no hint of
// them is kept.
func secret(column string) bool {
	switch column {
	case "BENE_MBI_ID", "CUR_CLM_UNIQ_ID", "CLM_CNTL_NUM", "BENE_DOB", "CRNT_NUM", "PRVS_NUM":
		return true
	}
	return false
}

func (in *input) find(s store.Severity, code, column, message string) {
	hint := ""
	if column != "" && !secret(column) {
		hint = control.Mask(in.cell(column))
	}
	in.books.Find(s, code, in.line(), column, hint, message)
}

// reject notes a fault that rejects the record.
func (in *input) reject(code, column, message string) {
	in.bad = true
	in.find(store.Reject, code, column, message)
}

func (in *input) warn(code, column, message string) { in.find(store.Warning, code, column, message) }

// required is a cell that must not be blank.
func (in *input) required(column string) string {
	s := in.cell(column)
	if s == "" {
		in.reject("V001", column, "the cell is blank and must not be")
	}
	return s
}

// code is a cell meant for a code: what could be a person's name or number in
// it rejects the record (P001).
func (in *input) code(column string) string {
	s := in.cell(column)
	if s != "" && in.screen.InCode(s, false) {
		in.reject("P001", column, "the cell looks like a name, an address or a person's number, which this column must not hold")
		return ""
	}
	return strings.ToUpper(s)
}

// none says that a date stands for no date, as 1000-01-01 and 9999-12-31 do.
func none(s string) bool { return s == "" || s == "1000-01-01" || s == "9999-12-31" }

// anyDay is a date of any time; false when blank or faulty.
func (in *input) anyDay(column string) (calendar.Day, bool) {
	s := in.cell(column)
	if none(s) {
		return 0, false
	}
	d, err := field.ISO(s)
	if err != nil {
		in.reject("D001", column, err.Error())
		return 0, false
	}
	return d, true
}

// day is a date from 2000-01-01 to tomorrow (D001).
func (in *input) day(column string) (calendar.Day, bool) {
	d, ok := in.anyDay(column)
	switch {
	case !ok:
	case d < calendar.Date(2000, 1, 1):
		in.reject("D001", column, "the date is before 2000-01-01")
		return 0, false
	case d > in.today+1:
		in.reject("D001", column, "the date is in the future")
		return 0, false
	}
	return d, ok
}

// span reads the two dates a claim repeats on every record (D001, D002).
func (in *input) span() (from, to calendar.Day) {
	var has [2]bool
	from, has[0] = in.day("CLM_FROM_DT")
	to, has[1] = in.day("CLM_THRU_DT")
	for i, column := range []string{"CLM_FROM_DT", "CLM_THRU_DT"} {
		if !has[i] && none(in.cell(column)) {
			in.reject("D001", column, "the date is missing")
		}
	}
	if !in.bad && to < from {
		in.reject("D002", "CLM_THRU_DT", "the claim ends before it starts")
	}
	return from, to
}

// cents is a dollar cell; 0 when blank or faulty (A001).
func (in *input) cents(column string) money.Cents {
	s := in.cell(column)
	if s == "" {
		return 0
	}
	c, err := field.Cents(s)
	if err != nil {
		in.reject("A001", column, err.Error())
	}
	return c
}

// sum adds up dollar cells.
func (in *input) sum(columns ...string) (total money.Cents) {
	for _, c := range columns {
		total += in.cents(c)
	}
	return total
}

// units is a count of units; 0 when it cannot be read.
func (in *input) units(column string) int {
	n, err := field.Units(strings.TrimPrefix(in.cell(column), "+"))
	if err != nil {
		return 0
	}
	return n
}

// npi is the first of several national provider identifiers that is one.
func (in *input) npi(columns ...string) string {
	for _, column := range columns {
		if s := in.cell(column); record.IsNPI(s) {
			return s
		}
	}
	return ""
}

// rank orders the delivery a record came with. A file with a header may hold
// several, each record with its file's name and date.
func (in *input) rank() string {
	if in.file.headed {
		if day, name := in.cell("FILE_DATE"), in.cell("FILE_NAME"); day != "" || name != "" {
			return strings.ReplaceAll(day, "-", "") + "\x00" + name
		}
	}
	return in.file.rank()
}
