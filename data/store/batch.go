package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"math"
	"time"

	"bundlelab/engine/calendar"
	"bundlelab/engine/money"
	"bundlelab/engine/price"
)

// Batch is one import: one transaction, all of it or nothing. It is for one
// goroutine. After an error from the database only Rollback is left; an error
// about a row (a missing key, an impossible category) leaves the batch usable
// and the row out.
type Batch struct {
	store  *Store
	ctx    context.Context
	conn   *conn
	id     int64
	counts Counts
	latest calendar.Day // latest service day seen
	first  int64        // number of the first episode that is new
	nextEp int64
	failed error // the first database error
	done   bool

	before, after money.Cents // of replaced episodes

	hospitals map[string]*held
	said      map[string]Hospital // the last word of this batch on a hospital
	providers map[providerKey]int64

	ownReplaced bool // the batch brought an episode twice, with other content
	keepers     map[string]*statement
	hash        digester

	episodes         *inserter
	services, visits *inserter
	find, drop       *statement
	dropLines        *statement
	dropVisits       *statement
	touch, keepSame  *statement
	keepRow          *statement
	keepLines        *statement
	keepVisits       *statement
	say              *statement
	persons          *numbering
	providerIDs      *numbering
	hospital         *statement
	price, dollars   *statement
}

// Counts is what a batch brought.
type Counts struct {
	Hospitals int // rows given
	New       int // episodes
	Replaced  int // episodes whose key was held with other content
	Same      int // episodes held already, to the last field
	Again     int // episodes that the batch itself brought before; the last stays
	Services  int // service lines of the new and replaced episodes
	Prices    int // price rows
}

// neverYet stands for the latest service day before any was seen.
const neverYet = calendar.Day(math.MinInt32)

// cachePages lets an import of many millions of lines spill late; negative is
// KiB.
const cachePages = "cache_size(-65536)"

// unchecked saves a tenth of an import: a batch writes a row after the rows it
// names, whose numbers it has from the database, and deletes lines before their
// episode.
const unchecked = "foreign_keys(OFF)"

// Begin opens the batch and takes the write lock. When another program is
// writing it waits a few seconds and then fails with an *Error of kind Locked.
func (s *Store) Begin(ctx context.Context, info BatchInfo) (*Batch, error) {
	if s.readonly {
		return nil, fmt.Errorf("importing into %s: %w", s.path, errReadOnly)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	before, err := s.named()
	if err != nil {
		return nil, s.explain("starting an import", err)
	}
	c, err := s.dial(cachePages, "journal_size_limit(67108864)", "secure_delete(FAST)", unchecked)
	if err != nil {
		return nil, s.explain("starting an import", err)
	}
	b := &Batch{
		store: s, ctx: ctx, conn: c, latest: neverYet,
		hospitals: map[string]*held{}, said: map[string]Hospital{}, providers: map[providerKey]int64{}, keepers: map[string]*statement{},
	}
	err = c.run("BEGIN IMMEDIATE")
	if err == nil {
		if err = s.still(before); err == nil {
			err = b.open(info)
		}
		if err != nil {
			err = errors.Join(err, c.run("ROLLBACK"))
		}
	}
	if err != nil {
		return nil, errors.Join(s.explain("starting an import", err), c.Close())
	}
	return b, nil
}

func (b *Batch) open(info BatchInfo) error {
	if err := b.conn.restTriggers(); err != nil {
		return err
	}
	var at driver.Value
	if !info.At.IsZero() {
		at = info.At.UTC().Format(time.RFC3339)
	}
	const insert = "INSERT INTO import_batch(imported_at,app_version,format,is_synthetic,note,journal) VALUES(?,?,?,?,?,1) RETURNING batch_id"
	toID := func(r []driver.Value) error { b.id = asInt(r[0]); return nil }
	if err := b.conn.query(insert, toID, at, info.App, string(info.Format), flag(info.Synthetic), info.Note); err != nil {
		return err
	}
	if err := b.prepare(); err != nil {
		return err
	}
	toNext := func(r []driver.Value) error { b.first = asInt(r[0]); b.nextEp = b.first; return nil }
	if err := b.conn.query("SELECT coalesce(max(ep_id), -1) + 1 FROM episode", toNext); err != nil {
		return err
	}
	return b.readHospitals()
}

func (b *Batch) prepare() (err error) {
	for _, p := range []struct {
		to   **statement
		text string
	}{
		{&b.find, "SELECT ep_id, digest, batch_id FROM episode WHERE src_key = ?"},
		{&b.drop, "DELETE FROM episode WHERE ep_id = ?"},
		{&b.dropLines, "DELETE FROM service WHERE ep_id = ?"},
		{&b.dropVisits, "DELETE FROM visit WHERE ep_id = ?"},
		{&b.touch, "UPDATE episode SET batch_id = ? WHERE ep_id = ?"},
		{&b.keepSame, "INSERT INTO undo_same SELECT ?, ep_id, batch_id, obs_days FROM episode WHERE ep_id = ?"},
		{&b.keepRow, "INSERT INTO undo_episode SELECT ?, * FROM episode WHERE ep_id = ?"},
		{&b.keepLines, "INSERT INTO undo_service SELECT ?, * FROM service WHERE ep_id = ?"},
		{&b.keepVisits, "INSERT INTO undo_visit SELECT ?, * FROM visit WHERE ep_id = ?"},
		{&b.say, sayHospital},
		{&b.hospital, upsertHospital},
		{&b.price, replacePrice},
		{&b.dollars, dollarsOf},
	} {
		if *p.to, err = b.conn.prepare(p.text); err != nil {
			return err
		}
	}
	if b.persons, err = newNumbering(b.conn, "person", "person_id", "bene_hash"); err != nil {
		return err
	}
	if b.providerIDs, err = newNumbering(b.conn, "provider", "prov_id", "kind", "code"); err != nil {
		return err
	}
	return b.prepareInserters()
}

// prepareInserters prepares the bulk of the writing without the CHECKs of the
// schema: checkEpisode has refused what they would, with a better reason.
func (b *Batch) prepareInserters() (err error) {
	if err := b.conn.run("PRAGMA ignore_check_constraints = ON"); err != nil {
		return err
	}
	for _, x := range []struct {
		to            **inserter
		table         string
		group, values int
		columns       []target
	}{
		{&b.episodes, "episode", 20, episodeValues, episodeColumns(b.id)},
		{&b.services, "service", 100, serviceValues, serviceColumns()},
		{&b.visits, "visit", 50, visitValues, visitColumns()},
	} {
		if *x.to, err = newInserter(b.conn, x.group, x.table, x.values, x.columns...); err != nil {
			return err
		}
	}
	return b.conn.run("PRAGMA ignore_check_constraints = OFF")
}

// usable says why nothing more can be written.
func (b *Batch) usable() error {
	if b.done {
		return errors.New("the import has ended")
	}
	if b.failed != nil {
		return b.failed
	}
	if err := b.ctx.Err(); err != nil {
		return b.fail("importing", err)
	}
	return nil
}

// fail keeps the first database error, after which the transaction may hold
// half a row.
func (b *Batch) fail(doing string, err error) error {
	if err != nil && b.failed == nil {
		b.failed = b.store.explain(doing, err)
	}
	return b.failed
}

// Counts is what the batch has brought so far.
func (b *Batch) Counts() Counts { return b.counts }

// DataThrough widens the batch's latest service day, for a line that reaches
// no episode but shows how far the data go (ruling 13).
func (b *Batch) DataThrough(day calendar.Day) { b.latest = max(b.latest, day) }

// SetMeta keeps a value with the batch: it is there when the batch is.
func (b *Batch) SetMeta(key, value string) error {
	if err := b.usable(); err != nil {
		return err
	}
	return b.fail("writing meta", b.conn.run(putMeta, key, value))
}

// Prices writes price rows; a row of equal key (ruling 16) is replaced.
func (b *Batch) Prices(rows []PriceRow) error {
	if err := b.usable(); err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i]
		if err := checkPrice(r); err != nil {
			return err
		}
		if err := b.keepReplaced("price", "kind = ? AND price_code = ? AND division = ? AND days = ? AND period = ?",
			string(r.Kind), r.Cell, int64(r.Division), int64(r.Days), r.Period); err != nil {
			return b.fail("writing prices", err)
		}
		if err := b.price.exec(string(r.Kind), r.Cell, int64(r.Division), int64(r.Days), r.Period, b.id, int64(r.Price),
			cents(r.P99), cents(r.PostMean), cents(r.PostSD), cents(r.Mean), cents(r.SD),
			cents(r.P1), cents(r.P5), cents(r.P75), cents(r.P95), int64(r.Episodes), r.Source, dayOrNull(r.AsOf)); err != nil {
			return b.fail("writing prices", err)
		}
		b.counts.Prices++
	}
	return nil
}

const replacePrice = `INSERT OR REPLACE INTO price(kind,price_code,division,days,period,batch_id,price,
	p99,post_mean,post_sd,mean,sd,p1,p5,p75,p95,episodes,source,as_of) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`

// dayOrNull is a day, NULL for none.
func dayOrNull(d calendar.Day) driver.Value {
	if d == 0 {
		return nil
	}
	return int64(d)
}

func checkPrice(r *PriceRow) error {
	switch {
	case r.Kind != price.Benchmark && r.Kind != price.Preliminary:
		return fmt.Errorf("price of cell %s: %q is not a kind: use benchmark or preliminary_target", r.Cell, r.Kind)
	case r.Division < 1 || r.Division > 9:
		return fmt.Errorf("price of cell %s: division %d is not 1..9", r.Cell, r.Division)
	case r.Days < 0 || r.Episodes < 0:
		return fmt.Errorf("price of cell %s: days and episodes cannot be negative", r.Cell)
	}
	return nil
}

// Commit makes the batch last. Episodes that state no data_through are covered
// up to the batch's latest service day (ruling 13), or, when it has no
// service, to its latest anchor end.
func (b *Batch) Commit() error {
	if err := b.usable(); err != nil {
		return errors.Join(err, b.Rollback())
	}
	if err := b.finish(); err != nil {
		return errors.Join(b.fail("ending an import", err), b.Rollback())
	}
	b.done = true
	// The data are safe now. Moving them from the -wal file into the main one
	// is tidiness, and waits when somebody is reading.
	_ = b.conn.run("PRAGMA wal_checkpoint(TRUNCATE)")
	return b.store.explain("ending an import", b.conn.Close())
}

func (b *Batch) finish() error {
	if err := b.flush(); err != nil {
		return err
	}
	// An episode brought again unchanged keeps the longer cover.
	const cover = `UPDATE episode SET obs_days = max(obs_days, coalesce(?, (SELECT max(anchor_end) FROM episode WHERE batch_id = ?)) - anchor_end + 1)
		WHERE batch_id = ? AND obs_guess = 1`
	if err := b.conn.run(cover, b.latestDay(), b.id, b.id); err != nil {
		return err
	}
	const totals = `UPDATE import_batch SET data_through = ?, hospitals = ?, episodes_new = ?, episodes_replaced = ?,
		episodes_same = ?, services = ?, price_rows = ? WHERE batch_id = ?`
	n := b.counts
	if err := b.conn.run(totals, b.latestDay(), int64(n.Hospitals), int64(n.New), int64(n.Replaced),
		int64(n.Same), int64(n.Services), int64(n.Prices), b.id); err != nil {
		return err
	}
	if err := b.settleJournal(); err != nil {
		return err
	}
	if err := b.conn.setTriggers(); err != nil {
		return err
	}
	return b.conn.run("COMMIT")
}

// flush writes what is gathered.
func (b *Batch) flush() error {
	for _, in := range []*inserter{b.episodes, b.services, b.visits} {
		if err := in.flush(); err != nil {
			return err
		}
	}
	return nil
}

func (b *Batch) latestDay() driver.Value {
	if b.latest == neverYet {
		return nil
	}
	return int64(b.latest)
}

// Rollback leaves the database as it was before Begin. After Commit it does
// nothing, so it can be deferred.
func (b *Batch) Rollback() error {
	if b.done {
		return nil
	}
	b.done = true
	// A full disk makes SQLite roll back by itself, and then this fails;
	// closing the connection ends any transaction.
	_ = b.conn.run("ROLLBACK")
	return b.store.explain("undoing an import", b.conn.Close())
}

// unseen is the cover of an assumed episode until Commit knows better.
const unseen = int64(math.MinInt32)
