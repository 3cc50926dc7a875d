package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"
)

// Undone is what taking back a batch did.
type Undone struct {
	Batch    int64
	Removed  int // episodes that the batch had brought new
	Restored int // episodes that it had replaced
	Returned int // episodes that it had brought again unchanged
	Prices   int // price rows taken away or put back
}

// ID is the number under which history lists the batch and Undo takes it back.
func (b *Batch) ID() int64 { return b.id }

// UndoError says why a batch cannot be taken back.
type UndoError struct {
	Batch  int64
	Later  int64     // batch to undo first; 0 when that is not the reason
	Undone time.Time // it was taken back then; zero when that is not the reason
	Gone   bool      // its journal was not kept
}

// Error names the reason and the next step.
func (e *UndoError) Error() string {
	switch {
	case e.Later != 0:
		return fmt.Sprintf("import %d cannot be undone: import %d brought or replaced some of the same rows: undo import %d first", e.Batch, e.Later, e.Later)
	case !e.Undone.IsZero():
		return fmt.Sprintf("import %d was undone already, at %s", e.Batch, e.Undone.Format(time.RFC3339))
	case e.Gone:
		return fmt.Sprintf("import %d cannot be undone: what it replaced is not kept any more; import into a new database instead", e.Batch)
	}
	return fmt.Sprintf("there is no import %d: \"bundlelab import history\" lists them", e.Batch)
}

// Undo takes a batch back, in one transaction: what it brought new is removed,
// what it replaced is there again as it was, and its files may be imported
// again. The batch stays in the list of imports, marked with the time. What is
// removed is overwritten with zeros in the file, and the write-ahead log is
// emptied unless another program holds it.
func (s *Store) Undo(ctx context.Context, batch int64, at time.Time) (u Undone, err error) {
	const doing = "undoing an import"
	if s.readonly {
		return u, fmt.Errorf("%s in %s: %w", doing, s.path, errReadOnly)
	}
	c, err := s.dial(cachePages, "journal_size_limit(67108864)", "secure_delete(ON)")
	if err != nil {
		return u, s.explain(doing, err)
	}
	defer func() { err = errors.Join(err, s.explain(doing, c.Close())) }()
	if err := c.run("BEGIN IMMEDIATE"); err != nil {
		return u, s.explain(doing, err)
	}
	u, err = c.undo(ctx, batch, at)
	if err == nil {
		err = c.run("COMMIT")
	}
	if err != nil {
		_ = c.run("ROLLBACK") // closing the connection would do the same
		var no *UndoError
		if errors.As(err, &no) || ctx.Err() != nil {
			return Undone{}, err
		}
		return Undone{}, s.explain(doing, err)
	}
	_ = c.run("PRAGMA wal_checkpoint(TRUNCATE)") // tidiness, as after an import
	return u, nil
}

func (c *conn) undo(ctx context.Context, batch int64, at time.Time) (u Undone, err error) {
	u.Batch = batch
	if err := c.mayUndo(batch); err != nil {
		return u, err
	}
	if err := c.restTriggers(); err != nil {
		return u, err
	}
	for _, step := range []func() error{
		func() error { return c.returnSame(batch, &u) },
		func() error { return c.putBack(ctx, batch, &u) },
		func() error { return c.unsayHospitals(batch) },
		func() error { return c.dropJournal("= ?", batch) },
		c.sweep,
		c.emptySnapshot,
		func() error {
			return c.run("UPDATE import_batch SET undone_at = ?, journal = 0 WHERE batch_id = ?", at.UTC().Format(time.RFC3339), batch)
		},
		c.setTriggers,
	} {
		if err := errors.Join(ctx.Err(), step()); err != nil {
			return u, err
		}
	}
	return u, ctx.Err()
}

// emptySnapshot removes the packed copy of the rows, which holds the keys of
// what is undone too.
func (c *conn) emptySnapshot() error {
	for _, text := range []string{makeSnapshotTable, makeChunkTable, "DELETE FROM snapshot", "DELETE FROM col_chunk"} {
		if err := c.run(text); err != nil {
			return err
		}
	}
	return nil
}

// mayUndo gives an *UndoError when the batch cannot be taken back.
func (c *conn) mayUndo(batch int64) error {
	no := &UndoError{Batch: batch}
	found, kept := false, false
	err := c.query("SELECT undone_at, journal FROM import_batch WHERE batch_id = ?", func(r []driver.Value) (err error) {
		found, kept = true, asInt(r[1]) == 1
		no.Undone, err = asTime(r[0])
		return err
	}, batch)
	if err != nil {
		return err
	}
	no.Gone = found && !kept && no.Undone.IsZero()
	if !kept {
		return no
	}
	// The last of a chain is the one that can go first.
	for on := batch; on != 0; {
		if on, err = c.laterThan(on); err != nil {
			return err
		}
		no.Later = max(no.Later, on)
	}
	if no.Later != 0 {
		return no
	}
	return nil
}

// laterThan is the newest batch that replaced or brought again a row of this
// one; 0 when none did.
func (c *conn) laterThan(batch int64) (later int64, err error) {
	for _, t := range []string{"episode", "price", "same"} {
		err := c.query("SELECT coalesce(max(undo_batch), 0) FROM undo_"+t+" WHERE batch_id = ?", func(r []driver.Value) error {
			later = max(later, asInt(r[0]))
			return nil
		}, batch)
		if err != nil {
			return 0, err
		}
	}
	return later, nil
}

// returnSame gives episodes that the batch brought again unchanged back to the
// batch that had them, with the cover they had.
func (c *conn) returnSame(batch int64, u *Undone) error {
	err := c.run(`UPDATE episode SET batch_id = u.batch_id, obs_days = u.obs_days
		FROM undo_same u WHERE u.undo_batch = ? AND u.ep_id = episode.ep_id AND episode.batch_id = ?`, batch, batch)
	if err == nil {
		u.Returned, err = c.changes()
	}
	return err
}

// putBack removes the rows of the batch and puts the journalled ones in their
// place. The lines of a removed episode go with it.
func (c *conn) putBack(ctx context.Context, batch int64, u *Undone) error {
	removed := map[string]int{}
	tables, err := c.owned()
	if err != nil {
		return err
	}
	for _, t := range tables {
		if err := c.run("DELETE FROM "+t+" WHERE batch_id = ?", batch); err != nil {
			return err
		}
		n, err := c.changes()
		if err != nil {
			return err
		}
		removed[t] = n
	}
	for _, t := range undoTables() {
		if err := ctx.Err(); err != nil {
			return err
		}
		columns, err := c.columns(t)
		if err != nil {
			return err
		}
		if err := c.run("INSERT INTO "+t+"("+columns+") SELECT "+columns+" FROM undo_"+t+" WHERE undo_batch = ?", batch); err != nil {
			return err
		}
		if t == "episode" {
			if u.Restored, err = c.changes(); err != nil {
				return err
			}
		}
	}
	u.Removed, u.Prices = removed["episode"]-u.Restored, removed["price"]
	return nil
}

// changes is how many rows the last statement itself inserted, changed or
// deleted.
func (c *conn) changes() (int, error) {
	n, err := c.int("SELECT changes()")
	return int(n), err
}

// unsayHospitals takes back what the batch said of hospitals: a hospital is
// again what the other batches say of it, and gone when none does. One that
// somebody changed by hand since stays as it is.
func (c *conn) unsayHospitals(batch int64) error {
	var named []string
	err := c.query("SELECT DISTINCT ccn FROM hospital_said WHERE batch_id = ?", func(r []driver.Value) error {
		named = append(named, asText(r[0]))
		return nil
	}, batch)
	if err != nil {
		return err
	}
	now := map[string]held{}
	if err := c.query(selectHospitals, func(r []driver.Value) error {
		h := scanHospital(r)
		now[h.row.CCN] = h
		return nil
	}); err != nil {
		return err
	}
	for _, ccn := range named {
		all, rest, err := c.said(ccn, batch)
		if err != nil {
			return err
		}
		h, ok := now[ccn]
		switch {
		case !ok || h.row != *all:
		case rest != nil:
			err = c.query(upsertHospital, func([]driver.Value) error { return nil }, hospitalValues(*rest)...)
		default:
			err = c.run("DELETE FROM hospital WHERE hosp_id = ? AND NOT EXISTS(SELECT 1 FROM episode WHERE hosp_id = ?)", h.id, h.id)
		}
		if err != nil {
			return err
		}
	}
	return c.run("DELETE FROM hospital_said WHERE batch_id = ?", batch)
}

// said lays over each other what the batches say of a hospital: all of them,
// and all but one; nil when nobody else says anything.
func (c *conn) said(ccn string, but int64) (all, rest *Hospital, err error) {
	err = c.query(`SELECT said_id, ccn, name, state, division, beds, safety_net, rural, is_sch, is_mdh, is_each, is_rrc, teaching, batch_id
		FROM hospital_said WHERE ccn = ? ORDER BY said_id`, func(r []driver.Value) error {
		h := scanHospital(r).row
		all = lay(all, h)
		if asInt(r[13]) != but {
			rest = lay(rest, h)
		}
		return nil
	}, ccn)
	return all, rest, err
}
