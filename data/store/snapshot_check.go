package store

import (
	"bytes"
	"context"
	"database/sql/driver"
	"errors"
)

// checkSnapshot compares every chunk with the rows. A difference is possible
// only when somebody changed rows with triggers switched off.
func (s *Store) checkSnapshot(ctx context.Context, r *Report) (err error) {
	c, err := s.dial()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	if err := c.pin(); err != nil {
		return err
	}
	head, why, err := c.snapshot()
	r.Snapshot = SnapshotState{Fresh: why == "", Why: string(why), Chunks: int(head.chunks), Bytes: head.volume}
	if why != "" {
		return nil // also when its tables are gone: they are made again
	}
	if err != nil {
		return err
	}
	err = s.compare(ctx, c, head)
	switch {
	case errors.Is(err, errDamaged):
		r.Snapshot.Fresh, r.Snapshot.Why = false, "it is damaged"
		err = nil
	case errors.Is(err, errOtherRows):
		r.Snapshot.Fresh, r.Snapshot.Why = false, errOtherRows.Error()
		r.Problems = append(r.Problems, errOtherRows.Error()+": drop it")
		err = nil
	}
	return err
}

var errOtherRows = errors.New("the snapshot holds other rows than the tables")

// compare packs the rows again, chunk by chunk.
func (s *Store) compare(ctx context.Context, c *conn, head header) error {
	st, err := c.prepare("SELECT kind, rows, lines, crc, data FROM col_chunk WHERE chunk = ?")
	if err != nil {
		return err
	}
	held := header{dataVersion: head.dataVersion, format: head.format, program: head.program}
	err = s.stream(ctx, c, func(int, int) {}, func(want *chunk) error {
		have := chunk{number: held.chunks}
		err := st.rows(func(v []driver.Value) error {
			have.kind, have.rows, have.lines, have.crc, have.data = asInt(v[0]), asInt(v[1]), asInt(v[2]), asInt(v[3]), asBytes(v[4])
			return nil
		}, have.number)
		switch {
		case err != nil:
			return err
		case have.number == head.chunks:
			return errOtherRows
		case have.crc != have.sum(head.dataVersion):
			return errDamaged
		case have.kind != want.kind || have.rows != want.rows || have.lines != want.lines || !bytes.Equal(have.data, want.data):
			return errOtherRows
		}
		held.add(&have)
		return nil
	})
	if err == nil && held != head {
		err = errDamaged
	}
	return err
}
