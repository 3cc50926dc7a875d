package store

import (
	"context"
	"errors"
)

// ListPrices lists the price rows by kind, cell, division, length and period,
// without loading anything else.
func (s *Store) ListPrices(ctx context.Context) (rows []PriceRow, err error) {
	const doing = "reading prices"
	c, err := s.dial()
	if err != nil {
		return nil, s.explain(doing, err)
	}
	defer func() { err = errors.Join(s.explain(doing, err), c.Close()) }()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return (&loader{conn: c}).priceRows()
}
