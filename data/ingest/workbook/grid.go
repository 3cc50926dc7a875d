package workbook

import (
	"errors"

	"bundlelab/data/ingest/table"
	"bundlelab/data/xlsx"
)

// limits of a workbook of prices.
func limits() xlsx.Limits {
	return xlsx.Limits{Plain: 64 << 20, Texts: 24 << 20, Of: "a table of prices"}
}

// grid is a table of cells, row by row.
type grid interface {
	// Next is the next row that has a cell, with its number; io.EOF at the end.
	Next() (line int, cells []string, err error)
	Close() error
}

// text is a delimited file as a grid.
type text struct {
	r      *table.Reader
	header bool
}

func (t *text) Next() (int, []string, error) {
	if !t.header {
		t.header = true
		return 1, t.r.Header, nil
	}
	rec, err := t.r.Next()
	return rec.Line, rec.Fields, err
}

func (t *text) Close() error { return t.r.Close() }

// book is an open Excel workbook and the file it lies in.
type book struct {
	*xlsx.Book
	in table.At
}

func openBook(src table.Source) (*book, error) {
	at, err := src.OpenAt()
	if err != nil {
		return nil, err
	}
	b, err := xlsx.Open(at, at.Size(), limits())
	if err != nil {
		_ = at.Close() // it was only read
		return nil, err
	}
	return &book{b, at}, nil
}

func (b *book) Close() error { return errors.Join(b.Book.Close(), b.in.Close()) }
