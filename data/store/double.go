package store

import (
	"database/sql/driver"

	"bundlelab/engine/money"
)

// Doubled is how many new episodes of a batch are surgeries that an earlier
// batch brought under other keys: they would count twice.
type Doubled struct {
	Episodes int
	Batch    int64  // the latest batch that has such a one
	Format   Format // of that batch
}

// doubles finds the surgeries that stand in the database twice: one person, one
// hospital, one category and anchors that end on one day or overlap, as when a
// stay is billed again with other days, under a key of this batch and under one
// of another. A key that stands for several persons shows
// by two ages or sexes, or by two of its anchors ending on one day in one
// batch, and is passed over; so is an episode without a person. The batch's own
// are set apart first and indexed for the moment, so that a small import into a
// large database reads the large one once.
const doubles = `WITH mine AS MATERIALIZED (
		SELECT ep_id, person_id, hosp_id, category, anchor_start, anchor_end, age, sex FROM episode
		WHERE batch_id = ?1 AND person_id IS NOT NULL AND ep_id NOT IN (SELECT ep_id FROM undo_same WHERE undo_batch = ?1)),
	pair AS MATERIALIZED (
		SELECT mine.ep_id AS ep_id, mine.person_id AS person_id, old.batch_id AS batch_id FROM episode old CROSS JOIN mine
		ON mine.person_id = old.person_id AND mine.hosp_id = old.hosp_id AND mine.category = old.category
		WHERE old.batch_id <> ?1 AND (mine.anchor_end = old.anchor_end OR mine.anchor_start < old.anchor_end AND old.anchor_start < mine.anchor_end) AND (old.age IS NULL OR mine.age IS NULL OR old.age = mine.age) AND (old.sex = '' OR mine.sex = '' OR old.sex = mine.sex)),
	many AS MATERIALIZED (
		SELECT person_id FROM episode WHERE person_id IN (SELECT person_id FROM pair)
		GROUP BY person_id, batch_id, anchor_end HAVING count(*) > 1)
	SELECT n, latest, (SELECT format FROM import_batch WHERE batch_id = latest) FROM (
		SELECT count(DISTINCT ep_id) AS n, max(batch_id) AS latest FROM pair WHERE person_id NOT IN (SELECT person_id FROM many))`

// Doubled looks for surgeries that the batch brings under another key than an
// earlier batch did. None is the zero Doubled.
func (b *Batch) Doubled() (d Doubled, err error) {
	if err := b.usable(); err != nil {
		return d, err
	}
	if b.first == 0 { // nothing is older
		return d, nil
	}
	if err := b.flush(); err != nil {
		return d, b.fail("writing episodes", err)
	}
	err = b.conn.query(doubles, func(r []driver.Value) error {
		if d.Episodes = int(asInt(r[0])); d.Episodes > 0 {
			d.Batch, d.Format = asInt(r[1]), Format(asText(r[2]))
		}
		return nil
	}, b.id)
	return d, b.fail("looking for surgeries that are there already", err)
}

// Replaced is what the episodes that the batch replaced held before, anchors
// and services together, and what they hold now.
func (b *Batch) Replaced() (before, after money.Cents) { return b.before, b.after }

// dollarsOf is what an episode of the database holds.
const dollarsOf = `SELECT std_anchor + coalesce((SELECT sum(std_cents) FROM service WHERE ep_id = ?1 AND setting > 0), 0) FROM episode WHERE ep_id = ?1`

// weigh counts what an episode holds that is about to be replaced.
func (b *Batch) weigh(id int64, e *Episode) error {
	b.after += e.StdAnchor
	for i := range e.Services {
		b.after += e.Services[i].Amount
	}
	return b.dollars.rows(func(r []driver.Value) error {
		b.before += money.Cents(asInt(r[0]))
		return nil
	}, id)
}
