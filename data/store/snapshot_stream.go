package store

import (
	"context"
	"math"
)

// stream reads the rows as one connection sees them, a block at a time, and
// hands over the chunks.
func (s *Store) stream(ctx context.Context, c *conn, progress func(done, total int), put func(*chunk) error) error {
	l := newLoader(ctx, s.path, progress)
	l.conn = c
	if _, err := l.hospitals(); err != nil {
		return err
	}
	total, err := c.int("SELECT coalesce(sum(services), 0) FROM episode")
	if err != nil {
		return err
	}
	done := 0
	tell := func(n int) error {
		done += n
		progress(min(done, int(total)), int(total))
		return ctx.Err()
	}
	var p packer
	after := int64(math.MinInt64)
	for {
		if err := l.someEpisodes(after); err != nil {
			return err
		}
		if len(l.rows.Episodes) == 0 {
			break
		}
		n := 1
		for n < len(l.rows.Episodes) && l.rows.Episodes[n].Block == 0 {
			n++
		}
		l.rows.Episodes, l.ids = l.rows.Episodes[:n], l.ids[:n]
		after = l.ids[n-1]
		if err := l.someVisits(); err != nil {
			return err
		}
		one := part{rows: &l.rows, ids: l.ids, lines: l.lines, end: n}
		if err := one.read(c, l.visits, tell); err != nil {
			return err
		}
		if err := p.blocks(ctx, &l.rows, put); err != nil {
			return err
		}
	}
	prices, err := l.priceRows()
	if err != nil {
		return err
	}
	return p.rest(l.rows.Texts, prices, put)
}
