package store

import (
	"context"
	"errors"
	"fmt"

	"bundlelab/engine/panel"
	"bundlelab/engine/price"
)

// blocks hands the chunks of episodes to put, in their order.
func (p *packer) blocks(ctx context.Context, rows *panel.Rows, put func(*chunk) error) error {
	for first, end := 0, 0; first < len(rows.Episodes); first = end {
		if err := ctx.Err(); err != nil {
			return err
		}
		block := rows.Episodes[first].Block
		for end < len(rows.Episodes) && rows.Episodes[end].Block == block {
			end++
		}
		if err := put(&chunk{kind: kindEpisodes, rows: int64(end - first), data: p.packEpisodes(rows, first, end)}); err != nil {
			return err
		}
		pool := rows.Blocks[block].Lines
		lines, _, _ := pool.Packed()
		if err := put(&chunk{kind: kindLines, lines: int64(pool.Len()), data: lines}); err != nil {
			return err
		}
	}
	return nil
}

// rest hands over what stands after the episodes.
func (p *packer) rest(texts []string, prices []price.Row, put func(*chunk) error) error {
	if err := put(&chunk{kind: kindTexts, rows: int64(len(texts)), data: p.packTexts(texts)}); err != nil {
		return err
	}
	for len(prices) > 0 {
		n := min(len(prices), chunkPrices)
		if err := put(&chunk{kind: kindPrices, rows: int64(n), data: p.packPrices(prices[:n])}); err != nil {
			return err
		}
		prices = prices[n:]
	}
	return nil
}

// writer replaces the snapshot inside a transaction that holds the write lock.
type writer struct {
	conn *conn
	put  *statement
	head header
}

// newWriter empties the tables, and makes them when somebody dropped them.
func newWriter(c *conn) (*writer, error) {
	w := &writer{conn: c, head: header{format: snapshotFormat, program: program()}}
	version, err := c.dataVersion()
	if err != nil { // somebody removed its table or row
		if err = c.mend(); err == nil {
			version, err = c.dataVersion()
		}
	}
	if err != nil {
		return nil, err
	}
	w.head.dataVersion = version
	if err := c.emptySnapshot(); err != nil {
		return nil, err
	}
	if err := c.setTriggers(); err != nil {
		return nil, err
	}
	w.put, err = c.prepare("INSERT INTO col_chunk(chunk, kind, rows, lines, crc, data) VALUES(?,?,?,?,?,?)")
	return w, err
}

// chunk writes the next chunk.
func (w *writer) chunk(k *chunk) error {
	h := &w.head
	k.number = h.chunks
	h.add(k)
	return w.put.exec(k.number, k.kind, k.rows, k.lines, k.sum(h.dataVersion), k.data)
}

// end writes the header and commits.
func (w *writer) end() error {
	h := &w.head
	const insert = "INSERT INTO snapshot(one, data_version, format, program, chunks, episodes, services, prices, bytes) VALUES(1,?,?,?,?,?,?,?,?)"
	if err := w.conn.run(insert, h.dataVersion, h.format, h.program, h.chunks, h.episodes, h.services, h.prices, h.volume); err != nil {
		return err
	}
	return w.conn.run("COMMIT")
}

// keep writes what was just loaded as the snapshot, in the very transaction
// that read it: SQLite refuses the write when anybody has committed since.
// Not being able to is no reason to fail what the user asked for: the file may
// be read-only, the disk full, or another program writing.
func (l *loader) keep() {
	c := l.conn
	write := func() error {
		if err := l.closeHelpers(); err != nil {
			return err
		}
		// A reader may not write, but the snapshot is no data; and it is not
		// worth waiting for.
		for _, p := range []string{"PRAGMA query_only = OFF", "PRAGMA busy_timeout = 0"} {
			if err := c.run(p); err != nil {
				return err
			}
		}
		w, err := newWriter(c)
		if err != nil {
			return err
		}
		var p packer
		rows := &l.data.Panel.Rows
		if err := p.blocks(l.ctx, rows, w.chunk); err != nil {
			return err
		}
		if err := p.rest(rows.Texts, l.data.Prices.Rows(), w.chunk); err != nil {
			return err
		}
		return w.end()
	}
	if write() == nil {
		_ = c.run("PRAGMA wal_checkpoint(TRUNCATE)") // tidiness, as after an import
	} else {
		_ = c.run("ROLLBACK") // closing the connection would do the same
	}
}

// Snapshot makes the snapshot when there is no fresh one, in memory that does
// not grow with the database: after an import nobody has to wait for it at the
// next start. progress, when not nil, hears of the service lines done. One
// transaction; an error, or the end of ctx, leaves the data as they are.
func (s *Store) Snapshot(ctx context.Context, progress func(done, total int)) (err error) {
	const doing = "writing the snapshot"
	if s.readonly {
		return fmt.Errorf("%s of %s: %w", doing, s.path, errReadOnly)
	}
	if progress == nil {
		progress = func(int, int) {}
	}
	c, err := s.dial("journal_size_limit(67108864)", "synchronous(NORMAL)")
	if err != nil {
		return s.explain(doing, err)
	}
	defer func() { err = errors.Join(s.explain(doing, err), c.Close()) }()
	if err := c.run("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if _, why, err := c.snapshot(); err == nil && why == "" {
		return c.run("ROLLBACK")
	}
	w, err := newWriter(c)
	if err == nil {
		err = s.stream(ctx, c, progress, w.chunk)
	}
	if err == nil {
		err = w.end()
	}
	if err != nil {
		return errors.Join(err, c.run("ROLLBACK"))
	}
	_ = c.run("PRAGMA wal_checkpoint(TRUNCATE)") // tidiness, as after an import
	return nil
}

// DropSnapshot empties the snapshot. The file keeps its size; the room is used
// again.
func (s *Store) DropSnapshot(ctx context.Context) error {
	if s.readonly {
		return fmt.Errorf("dropping the snapshot of %s: %w", s.path, errReadOnly)
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return s.explain("dropping the snapshot", err)
	}
	for _, text := range []string{makeSnapshotTable, makeChunkTable, "DELETE FROM snapshot", "DELETE FROM col_chunk"} {
		if _, err := tx.ExecContext(ctx, text); err != nil {
			return errors.Join(s.explain("dropping the snapshot", err), tx.Rollback())
		}
	}
	return s.explain("dropping the snapshot", tx.Commit())
}

// The tables as the migration makes them.
const (
	makeVersionTable  = `CREATE TABLE IF NOT EXISTS data_version(one INTEGER PRIMARY KEY CHECK(one = 1), version INTEGER NOT NULL) STRICT`
	makeSnapshotTable = `CREATE TABLE IF NOT EXISTS snapshot(one INTEGER PRIMARY KEY CHECK(one = 1), data_version INTEGER NOT NULL,
		format INTEGER NOT NULL, program TEXT NOT NULL, chunks INTEGER NOT NULL, episodes INTEGER NOT NULL, services INTEGER NOT NULL,
		prices INTEGER NOT NULL, bytes INTEGER NOT NULL) STRICT`
	makeChunkTable = `CREATE TABLE IF NOT EXISTS col_chunk(chunk INTEGER PRIMARY KEY, kind INTEGER NOT NULL, rows INTEGER NOT NULL,
		lines INTEGER NOT NULL, crc INTEGER NOT NULL, data BLOB NOT NULL) STRICT`
)
