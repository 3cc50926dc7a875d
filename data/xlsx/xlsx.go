// Package xlsx opens Excel workbooks that come from outside: one that holds
// macros, draws on other files, is encrypted or unpacks to more than it may is
// refused before any part of it is unpacked. Formulas are never computed: the
// value that was saved with one counts. Sheets that are hidden are not read.
package xlsx

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"bundlelab/data/crash"
)

// Limits of every workbook. All of it is held in memory while it is read.
const (
	maxParts = 2000
	maxType  = 1 << 20  // bytes of the list of contents
	maxRows  = 1 << 20  // of a sheet, as Excel has it
	maxCells = 20 << 20 // of a sheet, empty ones before the last of a row included
)

// Limits are those of one kind of workbook.
type Limits struct {
	Plain int64  // unpacked bytes
	Texts int64  // of them the shared texts, which cost most
	Of    string // "a table of prices": what a workbook is refused for not being
}

// FaultError says why a workbook cannot be read, and what to do.
type FaultError struct {
	Line int // of the sheet; 0: the workbook as a whole
	Why  string
}

// Error is the reason, with the line where there is one.
func (e *FaultError) Error() string {
	if e.Line == 0 {
		return e.Why
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.Why)
}

func fault(format string, a ...any) error { return &FaultError{Why: fmt.Sprintf(format, a...)} }

func damaged(line int) error {
	return &FaultError{line, "the workbook is damaged: open it in Excel, save it again as .xlsx and import that"}
}

// Book is an open workbook.
type Book struct {
	From1904 bool // its days are counted from 1904
	file     *excelize.File
	of       string
}

// Open looks through a workbook of so many bytes, then reads its parts. Errors:
// *FaultError, or what reading gives.
func Open(in io.ReaderAt, size int64, l Limits) (*Book, error) {
	if err := l.vet(in, size); err != nil {
		return nil, err
	}
	return l.parse(in, size)
}

// parse reads the parts. What makes the parser panic is damaged.
func (l Limits) parse(in io.ReaderAt, size int64) (b *Book, err error) {
	defer func() {
		if recover() != nil {
			b, err = nil, damaged(0)
		}
	}()
	f, err := excelize.OpenReader(io.NewSectionReader(in, 0, size), excelize.Options{RawCellValue: true, UnzipSizeLimit: l.Plain, UnzipXMLSizeLimit: l.Plain})
	if err != nil {
		return nil, damaged(0)
	}
	b = &Book{file: f, of: l.Of}
	if props, err := f.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		b.From1904 = *props.Date1904
	}
	return b, nil
}

// Close lets go of what reading made.
func (b *Book) Close() error { return b.file.Close() }

// Sheets are the names of the sheets that are shown.
func (b *Book) Sheets() []string {
	var names []string
	for _, name := range b.file.GetSheetList() {
		if shown, err := b.file.GetSheetVisible(name); err == nil && shown {
			names = append(names, name)
		}
	}
	return names
}

// Sheet is one sheet, row by row.
func (b *Book) Sheet(name string) (s *Sheet, err error) {
	defer crash.Catch(&err)
	rows, err := b.file.Rows(name)
	if err != nil {
		return nil, damaged(0)
	}
	return &Sheet{rows: rows, of: b.of}, nil
}

// Sheet streams the rows of a sheet.
type Sheet struct {
	rows  *excelize.Rows
	of    string
	line  int
	cells int
}

// Next is the next row that has a cell, with its number from one; io.EOF at the
// end.
func (s *Sheet) Next() (line int, cells []string, err error) {
	defer func() {
		if recover() != nil {
			line, cells, err = s.line, nil, damaged(s.line)
		}
	}()
	for s.rows.Next() {
		s.line++
		cells, err := s.rows.Columns()
		s.cells += len(cells)
		switch {
		case err != nil:
			return s.line, nil, damaged(s.line)
		case s.line > maxRows || s.cells > maxCells:
			return s.line, nil, fault("the workbook has a sheet with more cells than %s can have: save the table alone", s.of)
		}
		if len(cells) > 0 {
			return s.line, cells, nil
		}
	}
	if s.rows.Error() != nil {
		return s.line, nil, damaged(s.line)
	}
	return s.line, nil, io.EOF
}

// Close ends the reading of the sheet.
func (s *Sheet) Close() error { return s.rows.Close() }

// vet looks through the parts before any is unpacked.
func (l Limits) vet(in io.ReaderAt, size int64) error {
	head := make([]byte, 4)
	if _, err := in.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading the workbook: %w", err)
	}
	z, err := zip.NewReader(in, size)
	if err != nil {
		return damaged(0)
	}
	if len(z.File) > maxParts {
		return fault("the workbook has more parts than %s can have", l.Of)
	}
	var plain, texts uint64
	for _, part := range z.File {
		name := strings.ToLower(strings.ReplaceAll(part.Name, `\`, "/"))
		if part.Flags&1 != 0 {
			return fault("the workbook is encrypted: save it without a password")
		}
		if why := forbidden(name); why != "" {
			return fault("%s", why)
		}
		if plain += part.UncompressedSize64; part.UncompressedSize64 > uint64(l.Plain) || plain > uint64(l.Plain) {
			return fault("the workbook unpacks to more than %d MB, larger than %s can be: it was not read", l.Plain>>20, l.Of)
		}
		if strings.HasSuffix(name, "sharedstrings.xml") {
			texts += part.UncompressedSize64
		}
		if name == "[content_types].xml" {
			if err := contents(part); err != nil {
				return err
			}
		}
	}
	if texts > uint64(l.Texts) {
		return fault("the workbook holds more text than %s can: save the table alone", l.Of)
	}
	return nil
}

// forbidden says why a part has no place in a table.
func forbidden(name string) string {
	for _, x := range []struct{ part, why string }{
		{"vbaproject", "the workbook holds macros: save it as a plain .xlsx"},
		{"xl/macrosheets/", "the workbook holds macros: save it as a plain .xlsx"},
		{"xl/dialogsheets/", "the workbook holds macros: save it as a plain .xlsx"},
		{"xl/externallinks/", "the workbook draws on other files: break its links (Data, Edit Links) and save it again"},
		{"xl/connections.xml", "the workbook draws on a data connection: remove it and save it again"},
		{"xl/embeddings/", "the workbook holds other documents: save the table alone"},
		{"xl/activex/", "the workbook holds controls that run: save the table alone"},
	} {
		if strings.Contains(name, x.part) {
			return x.why
		}
	}
	return ""
}

// contents looks for macros in the list of contents.
func contents(part *zip.File) error {
	in, err := part.Open()
	if err != nil {
		return damaged(0)
	}
	list, err := io.ReadAll(io.LimitReader(in, maxType))
	if err = errors.Join(err, in.Close()); err != nil {
		return damaged(0)
	}
	if s := strings.ToLower(string(list)); strings.Contains(s, "macroenabled") || strings.Contains(s, "vbaproject") {
		return fault("the workbook holds macros: save it as a plain .xlsx")
	}
	return nil
}
