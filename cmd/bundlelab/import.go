package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"bundlelab/data/ingest"
	"bundlelab/data/reference"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/policy"
	"bundlelab/scenarios/report"
)

type importCmd struct {
	Files   importFilesCmd   `cmd:"" default:"withargs" help:"Import claims or episodes (the default)."`
	History importHistoryCmd `cmd:"" help:"List the imports of a database."`
	Undo    importUndoCmd    `cmd:"" help:"Take an import back."`
	Profile importProfileCmd `cmd:"" help:"Print the mapping profile that ships, to edit it and give it to --profile."`
}

// Help says how to call the command that needs no name.
func (importCmd) Help() string {
	return "bundlelab import --from FORMAT FOLDER [--db FILE] [--dry-run] [--errors FILE]\n\n" + formats +
		"\n\nPrices: bundlelab prices import FILE. Public tables: bundlelab reference import FILE.\nAll its flags: bundlelab import files --help"
}

// formats says what --from takes.
const formats = `FORMAT is one of
  native   episodes.csv and services.csv in this program's own layout
  bpcia    files that participants of BPCI Advanced get from CMS
  team     files that TEAM hospitals get from CMS, through a mapping profile
  cclf     claim and claim line feeds of accountable care organizations
  rif      CMS Research Identifiable Files
  synpuf   CMS DE-SynPUF, made-up claims to try things out
  tuva     a warehouse's claims in Tuva's input layer, CSV or Parquet`

type importFilesCmd struct {
	Dir      string        `arg:"" optional:"" help:"Folder of the files, one file, or an archive." type:"path"`
	From     string        `help:"Format: native, bpcia, team, cclf, rif, synpuf or tuva." placeholder:"FORMAT"`
	DB       string        `name:"db" help:"Database; made when it is not there." type:"path"`
	DryRun   bool          `help:"Read and check everything, write nothing."`
	Triggers string        `help:"File of further trigger codes." type:"existingfile"`
	Profile  string        `help:"File of a mapping profile, instead of the one that ships." type:"existingfile"`
	Errors   string        `help:"Write the coded findings to this CSV file." placeholder:"FILE"`
	Force    bool          `help:"Let --errors replace a file."`
	Format   report.Format `enum:"table,json,csv,md" default:"table" help:"Output: ${enum}."`
}

// errUnchanged ends an import that has nothing to write.
var errUnchanged = errors.New("every file was imported before")

// Run imports a folder in one transaction.
func (c *importFilesCmd) Run(s *session) error {
	if err := c.check(); err != nil {
		return err
	}
	designs, err := loadDesigns()
	if err != nil {
		return err
	}
	bars := s.importBars()
	defer bars.done()
	o := ingest.Options{
		Format: store.Format(c.From), Dir: c.Dir, DryRun: c.DryRun, Triggers: c.Triggers, Profile: c.Profile,
		Today: today(), Prices: knownPeriods(designs), Progress: bars.step,
	}
	path := s.importTarget(c.DB)
	done := imported{path: path}
	err = c.read(s, &o, &done)
	bars.done()
	if err = c.tell(s, &done, err); err == nil && !c.DryRun && s.worthOpening(&done) {
		remember(path)
	}
	return err
}

// imported is what became of an import.
type imported struct {
	path  string
	rep   *ingest.Report
	batch int64   // its number; 0 in a dry run
	seen  []int64 // imports that stand and brought its files before, in order
}

// worthOpening says whether the next command should open the database of an
// import: one that brought no episode is not what somebody wants to look at.
func (s *session) worthOpening(done *imported) bool {
	if !done.rep.Unchanged {
		return done.rep.Episodes > 0
	}
	made, genuine := s.kinds(done.path)
	return made || genuine
}

// read imports into the database, or rehearses.
func (c *importFilesCmd) read(s *session, o *ingest.Options, done *imported) (err error) {
	if c.DryRun {
		if _, err := os.Stat(done.path); errors.Is(err, fs.ErrNotExist) {
			if o.Key, err = dryKey(); err != nil {
				return err
			}
			done.rep, err = ingest.Import(s.ctx, *o, nil)
			return err
		}
	}
	info := store.BatchInfo{Format: o.Format, App: version, At: time.Now(), Synthetic: o.Format == store.SynPUF}
	err = s.into(done.path, c.DryRun, info, func(db *store.Store, batch *store.Batch) (err error) {
		if err := s.identify(db, o, done.path); err != nil {
			return err
		}
		if batch != nil {
			done.batch = batch.ID()
			if err := batch.SetMeta(keyID, o.Key.ID()); err != nil {
				return err
			}
		}
		if o.Reference, err = reference.Load(s.ctx, db); err != nil {
			return err
		}
		if o.Format == store.Native { // the one that brings a price table along
			held, err := heldPrices(s, db)
			if err != nil {
				return err
			}
			o.Held = held.asOf
		}
		o.Seen = func(sum []byte) (bool, error) {
			in, err := db.SeenIn(s.ctx, sum)
			done.seen = append(done.seen, in...)
			return len(in) > 0, err
		}
		done.rep, err = ingest.Import(s.ctx, *o, batch)
		slices.Sort(done.seen)
		done.seen = slices.Compact(done.seen)
		if err == nil && batch != nil && done.rep.Unchanged {
			return errUnchanged // a batch that brought nothing leaves no trace
		}
		return err
	})
	if errors.Is(err, errUnchanged) {
		err = nil
	}
	return err
}

// check looks at the files that are named, before anything is opened.
func (c *importFilesCmd) check() error {
	if c.From == "" || c.Dir == "" {
		return usage(errors.New("which format, and which folder? bundlelab import --from FORMAT FOLDER\n" + formats))
	}
	if _, err := os.Stat(c.Dir); err != nil {
		return input(fmt.Errorf("%s: %w: name the folder, file or archive that holds the claims", c.Dir, cause(err)))
	}
	if _, err := ingest.ShippedProfile(c.From); c.Profile != "" && err != nil {
		return usage(fmt.Errorf("--profile: format %q reads no mapping profile", c.From))
	}
	if c.Errors == "" || c.Force {
		return nil
	}
	if _, err := os.Lstat(c.Errors); err == nil {
		return usage(fmt.Errorf("%s is there already: choose another file for --errors, or replace it with --force", c.Errors))
	}
	return nil
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
		if b.Undone.IsZero() && b.New+b.Replaced+b.Same > 0 {
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
		if fresh && !committed {
			err = errors.Join(err, db.Discard())
			return
		}
		err = errors.Join(err, db.Close())
	}()
	batch, err := db.Begin(s.ctx, info)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, batch.Rollback()) }() // nothing after a commit
	if err := fill(db, batch); err != nil {
		return err
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

// tell prints the control totals and the findings of an import that was read
// to its end, whether it was refused or is in the database now.
func (c *importFilesCmd) tell(s *session, done *imported, err error) error {
	rep := done.rep
	var no *ingest.RefusedError
	if rep == nil || err != nil && !errors.As(err, &no) {
		return refused(err)
	}
	if c.Errors != "" {
		if werr := writeFindings(c.Errors, rep, c.Force); werr != nil {
			return errors.Join(refused(err), werr)
		}
	}
	if werr := s.controls(rep, c.Format, err != nil); werr != nil {
		return errors.Join(refused(err), werr)
	}
	switch {
	case err != nil:
	case c.DryRun:
		s.say("dry run: nothing was written")
	case rep.Unchanged:
		s.say("every file was imported before, by %s: nothing changed in %s", imports(done.seen), done.path)
		if len(done.seen) > 0 {
			s.say("to read the files again, take that back first: bundlelab import undo %d --db %s", done.seen[len(done.seen)-1], done.path)
		}
	case rep.Episodes == 0:
		s.say("import %d is in %s; it brought no episodes", done.batch, done.path)
	default:
		s.say("import %d is in %s; to take it back: bundlelab import undo %d --db %s", done.batch, done.path, done.batch, done.path)
		s.say("next: bundlelab tui --db %s", done.path)
	}
	return refused(err)
}

// imports names imports by their numbers.
func imports(ids []int64) string {
	word := "import "
	if len(ids) > 1 {
		word = "imports "
	}
	for i, id := range ids {
		switch {
		case i > 0 && i == len(ids)-1:
			word += " and "
		case i > 0:
			word += ", "
		}
		word += fmt.Sprint(id)
	}
	return word
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
