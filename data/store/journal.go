package store

import (
	"database/sql/driver"
	"strings"
)

// An import keeps what it changes as it was before, so that Undo can put it
// back: the rows it replaces in twins of their tables, whose first column is
// the batch that replaced them, and of an episode it brings again unchanged
// only whose it was. What it adds needs no journal: the rows carry its number.

// How many imports that changed something can be taken back. The journal of one
// that replaced episodes may be as large as what it replaced; one that brought
// episodes again or replaced prices takes little, so that more of these are
// kept, and they drive none of the large ones out before its time.
const (
	journals     = 3
	journalsEver = 12 // of any kind
)

// undoTables lists the tables whose rows a later batch may replace, parents
// first. Each has a twin undo_<name> with undo_batch before the same columns.
func undoTables() []string { return []string{"episode", "service", "visit", "price"} }

// owned lists the tables whose rows say which batch brought them.
func (c *conn) owned() (tables []string, err error) {
	err = c.query(`SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) i WHERE m.type = 'table' AND i.name = 'batch_id'
		AND m.name NOT LIKE 'undo!_%' ESCAPE '!' AND m.name NOT IN ('import_batch', 'import_file', 'hospital_said') ORDER BY m.name`,
		func(r []driver.Value) error {
			tables = append(tables, asText(r[0]))
			return nil
		})
	return tables, err
}

// keepReplaced journals the rows of a table that are about to be replaced,
// unless this batch brought them. The condition's arguments follow.
func (b *Batch) keepReplaced(table, where string, args ...driver.Value) error {
	st, ok := b.keepers[table]
	if !ok {
		var err error
		if st, err = b.conn.prepare("INSERT OR IGNORE INTO undo_" + table + " SELECT ?, * FROM " + table + " WHERE batch_id <> ? AND " + where); err != nil {
			return err
		}
		b.keepers[table] = st
	}
	return st.exec(append([]driver.Value{b.id, b.id}, args...)...)
}

// keepEpisode journals an episode of an earlier batch with its lines, before
// it is replaced. One that this batch brought again unchanged a moment ago is
// first given back to its former batch. Own says that there is nothing to keep:
// the batch itself brought what it replaces.
func (b *Batch) keepEpisode(id, owner int64) (own bool, err error) {
	if owner == b.id {
		returned, err := b.giveBack(id)
		if err != nil {
			return false, err
		}
		if !returned {
			b.ownReplaced = true
			return true, nil
		}
		b.counts.Same--
	}
	for _, st := range []*statement{b.keepRow, b.keepLines, b.keepVisits} {
		if err := st.exec(b.id, id); err != nil {
			return false, err
		}
	}
	return false, nil
}

// giveBack returns an episode that this batch took over unchanged, if it did.
func (b *Batch) giveBack(id int64) (returned bool, err error) {
	if b.counts.Same == 0 {
		return false, nil
	}
	var former int64
	err = b.conn.query("DELETE FROM undo_same WHERE undo_batch = ? AND ep_id = ? RETURNING batch_id", func(r []driver.Value) error {
		former, returned = asInt(r[0]), true
		return nil
	}, b.id, id)
	if err == nil && returned {
		err = b.touch.exec(former, id)
	}
	return returned, err
}

// takeOver makes an unchanged episode of an earlier batch this batch's own:
// the newest batch that brought an episode has it, and its cover may grow with
// this batch's latest day.
func (b *Batch) takeOver(id int64) error {
	if err := b.keepSame.exec(b.id, id); err != nil {
		return err
	}
	return b.touch.exec(b.id, id)
}

// settleJournal ends the journal of the batch: old journals go, and with what
// they alone held its persons and providers.
func (b *Batch) settleJournal() error {
	trimmed, err := b.conn.trimJournals()
	if err == nil && (trimmed || b.ownReplaced) {
		err = b.conn.sweep()
	}
	return err
}

// trimJournals drops the journals that are past keeping. An import before one
// of those cannot be taken back either: what became of its rows is not known.
func (c *conn) trimJournals() (trimmed bool, err error) {
	const large = "EXISTS(SELECT 1 FROM undo_episode u WHERE u.undo_batch = b.batch_id)"
	const small = " OR EXISTS(SELECT 1 FROM undo_same u WHERE u.undo_batch = b.batch_id) OR EXISTS(SELECT 1 FROM undo_price u WHERE u.undo_batch = b.batch_id)"
	last := int64(-1)
	for which, keep := range map[string]int64{large: journals, large + small: journalsEver} {
		err := c.query("SELECT batch_id FROM import_batch b WHERE journal = 1 AND ("+which+") ORDER BY batch_id DESC LIMIT 1 OFFSET ?", func(r []driver.Value) error {
			last = max(last, asInt(r[0]))
			return nil
		}, keep)
		if err != nil {
			return false, err
		}
	}
	if last < 0 {
		return false, nil
	}
	if err := c.run("UPDATE import_batch SET journal = 0 WHERE batch_id <= ?", last); err != nil {
		return false, err
	}
	return true, c.dropJournal("<= ?", last)
}

// dropJournal empties the journals of the batches that match.
func (c *conn) dropJournal(which string, batch int64) error {
	for _, t := range append(undoTables(), "same") {
		if err := c.run("DELETE FROM undo_"+t+" WHERE undo_batch "+which, batch); err != nil {
			return err
		}
	}
	return nil
}

// sweep removes persons and providers that nothing names any more, neither an
// episode nor one that could come back.
func (c *conn) sweep() error {
	for _, text := range []string{
		`DELETE FROM person WHERE person_id NOT IN (
			SELECT person_id FROM episode WHERE person_id IS NOT NULL UNION SELECT person_id FROM undo_episode WHERE person_id IS NOT NULL)`,
		`DELETE FROM provider WHERE prov_id NOT IN (
			SELECT prov_id FROM service WHERE prov_id IS NOT NULL UNION SELECT prov_id FROM undo_service WHERE prov_id IS NOT NULL)`,
	} {
		if err := c.run(text); err != nil {
			return err
		}
	}
	return nil
}

// columns lists the columns of a table in their order, for a statement.
func (c *conn) columns(table string) (string, error) {
	var names []string
	err := c.query("SELECT name FROM pragma_table_info(?) ORDER BY cid", func(r []driver.Value) error {
		names = append(names, asText(r[0]))
		return nil
	}, table)
	return strings.Join(names, ","), err
}
