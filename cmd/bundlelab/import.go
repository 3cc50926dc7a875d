package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"bundlelab/data/ingest"
	"bundlelab/data/pseudonym"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/policy"
	"bundlelab/scenarios/report"
)

type importCmd struct {
	Dir      string        `arg:"" help:"Folder of the files." type:"existingdir"`
	From     string        `required:"" help:"Format: native, rif or synpuf."`
	DB       string        `name:"db" help:"Database; made when it is not there." type:"path"`
	DryRun   bool          `help:"Read and check everything, write nothing."`
	Triggers string        `help:"File of further trigger codes." type:"existingfile"`
	Errors   string        `help:"Write the coded findings to this CSV file." placeholder:"FILE"`
	Format   report.Format `enum:"table,json,csv,md" default:"table" help:"Output: ${enum}."`
}

// keyID is where the database names the key its identifiers are hashed with.
const keyID = "key_id"

// Run imports a folder in one transaction.
func (c *importCmd) Run(s *session) error {
	if c.Errors != "" {
		if _, err := os.Stat(c.Errors); err == nil {
			return usage(fmt.Errorf("%s is there already: choose another file for --errors", c.Errors))
		}
	}
	o := ingest.Options{Format: store.Format(c.From), Dir: c.Dir, DryRun: c.DryRun, Triggers: c.Triggers, Today: today()}
	designs, err := loadDesigns()
	if err != nil {
		return err
	}
	o.Prices = knownPeriods(designs)
	path := s.importTarget(c.DB)
	if c.DryRun {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			o.Key, err = dryKey()
			if err != nil {
				return err
			}
			rep, err := ingest.Import(s.ctx, o, nil)
			return c.tell(s, rep, "", err)
		}
	}
	err = s.into(path, c.DryRun, store.BatchInfo{Format: o.Format, App: version, At: time.Now(), Synthetic: o.Format == store.SynPUF}, func(db *store.Store, batch *store.Batch) error {
		if err := s.identify(db, &o, path); err != nil {
			return err
		}
		if batch != nil {
			if err := batch.SetMeta(keyID, o.Key.ID()); err != nil {
				return err
			}
		}
		o.Seen = func(sum []byte) (bool, error) { return db.SeenFile(s.ctx, sum) }
		rep, err := ingest.Import(s.ctx, o, batch)
		return c.tell(s, rep, path, err)
	})
	if err == nil && !c.DryRun {
		remember(path)
	}
	return err
}

// dryKey hashes for a rehearsal that leaves nothing behind, the key included.
func dryKey() (*pseudonym.Key, error) {
	k, err := pseudonym.Open(keyPath())
	if errors.Is(err, fs.ErrNotExist) {
		return pseudonym.New(make([]byte, pseudonym.KeySize))
	}
	return k, err
}

func keyPath() string { return filepath.Join(places().config, "identifier.key") }

// identify opens the key that hashes identifiers and refuses one that is not
// the database's own.
func (s *session) identify(db *store.Store, o *ingest.Options, path string) error {
	var err error
	if o.DryRun {
		o.Key, err = dryKey()
	} else {
		o.Key, err = pseudonym.OpenOrCreate(keyPath())
	}
	if err != nil {
		return err
	}
	have, found, err := db.Meta(s.ctx, keyID)
	if err == nil && found && have != o.Key.ID() {
		err = input(fmt.Errorf("%s was filled with another identifier key than %s: restore that key, or import into a new database", path, keyPath()))
	}
	return err
}

// importTarget is the database to import into: real data never joins the
// sample.
func (s *session) importTarget(flag string) string {
	path, why := database(flag)
	if why == "--db" || why == "BUNDLELAB_DB" {
		return path
	}
	if made, _ := s.kinds(path); made || path == places().sample() {
		path = places().own()
		s.say("importing into %s", path)
	}
	return path
}

// kinds says whether a database holds made-up and genuine episodes. One that
// cannot be read holds none: opening it for the import will say why.
func (s *session) kinds(path string) (made, genuine bool) {
	db, err := store.OpenExisting(s.ctx, path, true)
	if err != nil {
		return false, false
	}
	defer func() { _ = db.Close() }() // read-only: nothing is lost
	batches, err := db.ListBatches(s.ctx)
	if err != nil {
		return false, false
	}
	for _, b := range batches {
		if b.New+b.Replaced+b.Same > 0 {
			made, genuine = made || b.Synthetic, genuine || !b.Synthetic
		}
	}
	return made, genuine
}

// into runs an import in one transaction: all of it, or nothing.
func (s *session) into(path string, dry bool, info store.BatchInfo, fill func(*store.Store, *store.Batch) error) (err error) {
	if !dry {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
	}
	if made, genuine := s.kinds(path); made && !info.Synthetic || genuine && info.Synthetic {
		return input(fmt.Errorf("%s: SYNTHETIC and real data must not join in one database: choose another --db", path))
	}
	if dry {
		db, err := store.OpenExisting(s.ctx, path, true)
		if err != nil {
			return err
		}
		defer func() { _ = db.Close() }() // read-only: nothing is lost
		return fill(db, nil)
	}
	_, serr := os.Stat(path)
	fresh := errors.Is(serr, fs.ErrNotExist)
	db, err := store.Open(s.ctx, path)
	if err != nil {
		return err
	}
	committed := false
	defer func() {
		err = errors.Join(err, db.Close())
		if fresh && !committed {
			for _, side := range []string{"", "-wal", "-shm"} {
				if rerr := os.Remove(path + side); !errors.Is(rerr, fs.ErrNotExist) {
					err = errors.Join(err, rerr)
				}
			}
		}
	}()
	batch, err := db.Begin(s.ctx, info)
	if err != nil {
		return err
	}
	if err := fill(db, batch); err != nil {
		return errors.Join(err, batch.Rollback())
	}
	if err := batch.Commit(); err != nil {
		return err
	}
	committed = true
	s.snapshot(db)
	return nil
}

// knownPeriods refuses a price row for a period that no design has: it would
// never be used, and other prices would silently stand in (ruling 47).
func knownPeriods(designs *policy.Set) func([]store.PriceRow) error {
	return func(rows []store.PriceRow) error {
		for i := range rows {
			if r := &rows[i]; r.Period != "" && !hasPeriod(designs, r.Period) {
				return coded{exitRule, fmt.Errorf("price of cell %s, division %d, %d days: no design has a period %q; leave it blank for a price that serves all", r.Cell, r.Division, r.Days, r.Period)}
			}
		}
		return nil
	}
}

func hasPeriod(designs *policy.Set, period string) bool {
	for _, d := range designs.All() {
		if _, err := d.Period(period); err == nil {
			return true
		}
	}
	return false
}

// tell prints the control totals and the findings, whatever the outcome.
func (c *importCmd) tell(s *session, rep *ingest.Report, path string, err error) error {
	if rep == nil {
		return refused(err)
	}
	if werr := s.controls(rep, c.Format, c.Errors); werr != nil {
		return errors.Join(err, werr)
	}
	switch {
	case err != nil:
	case c.DryRun:
		s.say("dry run: nothing was written")
	case rep.Unchanged:
		s.say("every file was imported before: nothing changed")
	default:
		s.say("next: bundlelab tui --db %s", path)
	}
	return refused(err)
}

// refused gives the outcomes of an import their exit code.
func refused(err error) error {
	var no *ingest.RefusedError
	var unknown *ingest.UnknownFormatError
	switch {
	case errors.As(err, &no):
		return input(err)
	case errors.As(err, &unknown):
		return usage(err)
	}
	return err
}

// today is the computer's day: no claim can be from after it.
func today() calendar.Day { return calendar.Date(time.Now().Date()) }
