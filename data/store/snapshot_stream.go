package store

import (
	"context"
	"math"

	"bundlelab/engine/episode"
)

// stream reads the rows as one connection sees them, a chunk at a time, and
// hands over the chunks. size says how many of the next episodes, whose counts
// of lines it gets, make a chunk.
func (s *Store) stream(ctx context.Context, c *conn, progress func(done, total int), size func(lines []int) int, put func(*chunk) error) error {
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
		if len(l.rows) == 0 {
			break
		}
		n := max(1, min(size(l.lines), len(l.rows)))
		l.rows, l.ids = l.rows[:n], l.ids[:n]
		after = l.ids[n-1]
		want := 0
		for _, k := range l.lines[:n] {
			want += k
		}
		if err := l.someVisits(); err != nil {
			return err
		}
		one := part{rows: l.rows, ids: l.ids, lines: episode.NewBuilder(max(0, min(want, chunkLines)))}
		if err := one.read(c, l.visits, tell); err != nil {
			return err
		}
		if err := put(&chunk{kind: kindEpisodes, rows: int64(n), lines: int64(one.done), data: p.packEpisodes(l.rows)}); err != nil {
			return err
		}
	}
	prices, err := l.priceRows()
	if err != nil {
		return err
	}
	return pack(ctx, nil, prices, put)
}
