package workbook

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"bundlelab/data/crash"
	"bundlelab/data/ingest/table"
)

// Limits of a workbook of prices. All of it is held in memory while it is read.
const (
	maxParts   = 2000
	maxPlain   = 64 << 20 // unpacked bytes
	maxStrings = 24 << 20 // of them texts, which cost most
	maxType    = 1 << 20  // bytes of the list of contents
	maxRows    = 1 << 20  // of a sheet, as Excel has it
	maxCells   = 20 << 20 // of a sheet, empty ones before the last of a row included
)

// grid is a table of cells, row by row.
type grid interface {
	// next is the next row that has a cell, with its number; io.EOF at the end.
	next() (line int, cells []string, err error)
	close() error
}

// text is a delimited file as a grid.
type text struct {
	r      *table.Reader
	header bool
}

func (t *text) next() (int, []string, error) {
	if !t.header {
		t.header = true
		return 1, t.r.Header, nil
	}
	rec, err := t.r.Next()
	return rec.Line, rec.Fields, err
}

func (t *text) close() error { return t.r.Close() }

// book is an open Excel workbook.
type book struct {
	file     *excelize.File
	in       table.At
	from1904 bool
}

// bad refuses a workbook.
func bad(why string) error { return &table.BadFileError{Why: why} }

// openBook opens a workbook that was looked through first.
func openBook(src table.Source) (b *book, err error) {
	at, err := src.OpenAt()
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = at.Close() // it was only read
		}
	}()
	if err := vet(at); err != nil {
		return nil, err
	}
	return parse(at)
}

// parse reads the parts of a workbook. What makes the parser panic is damaged.
func parse(at table.At) (b *book, err error) {
	defer func() {
		if recover() != nil {
			b, err = nil, damaged()
		}
	}()
	f, err := excelize.OpenReader(io.NewSectionReader(at, 0, at.Size()), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxPlain, UnzipXMLSizeLimit: maxPlain})
	if err != nil {
		return nil, damaged()
	}
	b = &book{file: f, in: at}
	if props, err := f.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		b.from1904 = *props.Date1904
	}
	return b, nil
}

func damaged() error {
	return bad("the workbook is damaged: open it in Excel, save it again as .xlsx and import that")
}

func (b *book) close() error { return errors.Join(b.file.Close(), b.in.Close()) }

// sheets are the names of the sheets that are shown.
func (b *book) sheets() []string {
	var names []string
	for _, name := range b.file.GetSheetList() {
		if shown, err := b.file.GetSheetVisible(name); err == nil && shown {
			names = append(names, name)
		}
	}
	return names
}

// sheet is one sheet as a grid.
func (b *book) sheet(name string) (g grid, err error) {
	defer crash.Catch(&err)
	rows, err := b.file.Rows(name)
	if err != nil {
		return nil, damaged()
	}
	return &sheet{rows: rows}, nil
}

// sheet streams the rows of a sheet.
type sheet struct {
	rows  *excelize.Rows
	line  int
	cells int
}

func (s *sheet) next() (line int, cells []string, err error) {
	defer func() {
		if recover() != nil {
			line, cells, err = s.line, nil, damaged()
		}
	}()
	for s.rows.Next() {
		s.line++
		cells, err := s.rows.Columns()
		s.cells += len(cells)
		switch {
		case err != nil:
			return s.line, nil, damaged()
		case s.line > maxRows || s.cells > maxCells:
			return s.line, nil, bad("the workbook has a sheet with more cells than a table of prices can have: save the table alone")
		}
		if len(cells) > 0 {
			return s.line, cells, nil
		}
	}
	if s.rows.Error() != nil {
		return s.line, nil, damaged()
	}
	return s.line, nil, io.EOF
}

func (s *sheet) close() error { return s.rows.Close() }

// vet looks through the parts of a workbook before any is unpacked.
func vet(at table.At) error {
	head := make([]byte, 4)
	if _, err := at.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading the workbook: %w", err)
	}
	z, err := zip.NewReader(at, at.Size())
	if err != nil {
		return damaged()
	}
	if len(z.File) > maxParts {
		return bad("the workbook has more parts than a table of prices can have")
	}
	var plain, strs uint64
	for _, part := range z.File {
		name := strings.ToLower(strings.ReplaceAll(part.Name, `\`, "/"))
		if part.Flags&1 != 0 {
			return bad("the workbook is encrypted: save it without a password")
		}
		if why := forbidden(name); why != "" {
			return bad(why)
		}
		if plain += part.UncompressedSize64; part.UncompressedSize64 > maxPlain || plain > maxPlain {
			return bad(fmt.Sprintf("the workbook unpacks to more than %d MB, as no table of prices does: it was not read", maxPlain>>20))
		}
		if strings.HasSuffix(name, "sharedstrings.xml") {
			strs += part.UncompressedSize64
		}
		if name == "[content_types].xml" {
			if err := contents(part); err != nil {
				return err
			}
		}
	}
	if strs > maxStrings {
		return bad("the workbook holds more text than a table of prices can: save the table alone")
	}
	return nil
}

// forbidden says why a part has no place in a table of prices.
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
		return damaged()
	}
	list, err := io.ReadAll(io.LimitReader(in, maxType))
	if err = errors.Join(err, in.Close()); err != nil {
		return damaged()
	}
	if s := strings.ToLower(string(list)); strings.Contains(s, "macroenabled") || strings.Contains(s, "vbaproject") {
		return bad("the workbook holds macros: save it as a plain .xlsx")
	}
	return nil
}
