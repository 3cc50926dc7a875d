package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"strings"
	"time"

	"bundlelab/data/ingest"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/money"
	"bundlelab/scenarios/report"
)

type pricesCmd struct {
	Import pricesImportCmd `cmd:"" help:"Import a price table; rows of equal key are replaced."`
	Show   pricesShowCmd   `cmd:"" help:"Show the price tables of the database."`
}

type pricesImportCmd struct {
	File    string `arg:"" help:"prices.csv in the native layout, or a CSV or .xlsx table read through a mapping profile." type:"path"`
	DB      string `name:"db" help:"Database; see doctor for the default." type:"path"`
	Profile string `help:"File of a mapping profile, instead of the one that ships (bundlelab import profile prices)." type:"existingfile"`
	DryRun  bool   `help:"Read and check everything, write nothing."`
}

// pricesNote marks an import of a price table alone.
const pricesNote = "prices"

// Run imports a price table in one transaction.
func (c *pricesImportCmd) Run(s *session) error {
	if err := readable(c.File); err != nil {
		return err
	}
	designs, err := loadDesigns()
	if err != nil {
		return err
	}
	path := s.importTarget(c.DB)
	known := knownPeriods(designs)
	var id int64
	fill := func(db *store.Store, batch *store.Batch) error {
		key, err := dryKey() // a price table names nobody
		if err != nil {
			return err
		}
		if batch != nil {
			id = batch.ID()
		}
		held, err := heldPrices(s, db)
		if err != nil {
			return err
		}
		var brought []store.PriceRow
		judge := func(rows []store.PriceRow) error {
			brought = append(brought, rows...)
			return known(rows)
		}
		o := ingest.Options{Dir: c.File, Key: key, Today: today(), Profile: c.Profile, DryRun: c.DryRun, Prices: judge, Held: held.asOf}
		rep, err := ingest.ImportPrices(s.ctx, o, batch)
		if rep == nil {
			return refused(err)
		}
		if err := errors.Join(refused(err), s.controls(rep, report.Table, err != nil)); err != nil {
			return err
		}
		if err := s.replaced(held, brought, c.DryRun); err != nil || c.DryRun || !holds(held, brought) {
			return err
		}
		if len(brought) == 0 {
			s.say("the table holds no price: nothing changed")
		} else {
			s.say("every price is in %s already: nothing changed", path)
		}
		return errUnchanged // a batch that brought nothing leaves no trace
	}
	if _, serr := os.Stat(path); c.DryRun && errors.Is(serr, fs.ErrNotExist) {
		return fill(nil, nil)
	}
	info := store.BatchInfo{Format: store.Native, App: version, At: time.Now(), Note: pricesNote}
	if err := s.into(path, c.DryRun, info, fill); err != nil || c.DryRun {
		if errors.Is(err, errUnchanged) {
			return nil
		}
		return err
	}
	s.say("import %d is in %s; to take it back: bundlelab import undo %d --db %s", id, path, id, path)
	return nil
}

// holds says that the database has every one of the rows, in all their columns.
func holds(held priceRows, brought []store.PriceRow) bool {
	for i := range brought {
		if old := held[keyOf(&brought[i])]; old == nil || !reflect.DeepEqual(*old, brought[i]) {
			return false
		}
	}
	return true
}

// readable says before the database is touched that a file cannot be read.
func readable(path string) error {
	f, err := os.Open(path)
	if err == nil {
		var info fs.FileInfo
		info, err = f.Stat()
		if err = errors.Join(err, f.Close()); err == nil && info.IsDir() {
			err = errors.New("it is a folder")
		}
	}
	if err != nil {
		return input(fmt.Errorf("reading %s: %w", path, cause(err)))
	}
	return nil
}

// maxReplaced is how many replaced prices are listed.
const maxReplaced = 20

// priceKey is what makes a price row one of its kind (ruling 16).
type priceKey struct {
	kind, cell, period string
	division, days     int
}

func keyOf(r *store.PriceRow) priceKey {
	return priceKey{string(r.Kind), r.Cell, r.Period, r.Division, r.Days}
}

// priceRows are the prices of a database.
type priceRows map[priceKey]*store.PriceRow

// heldPrices reads the prices of a database; none of nil.
func heldPrices(s *session, db *store.Store) (priceRows, error) {
	if db == nil {
		return nil, nil
	}
	all, err := db.ListPrices(s.ctx)
	held := make(priceRows, len(all))
	for i := range all {
		held[keyOf(&all[i])] = &all[i]
	}
	return held, err
}

// asOf is when the price of a row's key was stated; 0 for none or unknown.
func (h priceRows) asOf(r *store.PriceRow) calendar.Day {
	if old := h[keyOf(r)]; old != nil {
		return old.AsOf
	}
	return 0
}

// changed names what two rows of one key state differently; source and as-of
// day, which say where the figures are from, do not count.
func changed(old, now *store.PriceRow) (all []string) {
	if old.Price != now.Price {
		all = append(all, "price")
	}
	said := func(c *money.Cents) string {
		if c == nil {
			return "none"
		}
		return c.String()
	}
	for _, f := range []struct {
		name     string
		old, now *money.Cents
	}{
		{"p99", old.P99, now.P99}, {"post_mean", old.PostMean, now.PostMean}, {"post_sd", old.PostSD, now.PostSD},
		{"mean", old.Mean, now.Mean}, {"sd", old.SD, now.SD}, {"p1", old.P1, now.P1}, {"p5", old.P5, now.P5},
		{"p75", old.P75, now.P75}, {"p95", old.P95, now.P95},
	} {
		if was, is := said(f.old), said(f.now); was != is {
			all = append(all, fmt.Sprintf("%s %s -> %s", f.name, was, is))
		}
	}
	if old.Episodes != now.Episodes {
		all = append(all, fmt.Sprintf("episodes %d -> %d", old.Episodes, now.Episodes))
	}
	return all
}

// replaced prints which prices of the database the rows of an import take the
// place of, where they state something else.
func (s *session) replaced(held priceRows, brought []store.PriceRow, dry bool) error {
	if dry {
		defer s.say("dry run: nothing was written")
	}
	x := report.Sheet{Header: []string{"kind", "cell", "division", "days", "period", "old price", "new price", "old source", "old as of", "changed"}, Right: []bool{false, false, true, true, false, true, true}}
	other, same := 0, 0
	for i := range brought {
		now := &brought[i]
		old := held[keyOf(now)]
		if old == nil {
			continue
		}
		what := changed(old, now)
		if len(what) == 0 {
			same++
			continue
		}
		if other++; other > maxReplaced {
			continue
		}
		x.Rows = append(x.Rows, []string{
			string(old.Kind), old.Cell, fmt.Sprint(old.Division), fmt.Sprint(old.Days), old.Period,
			old.Price.String(), now.Price.String(), old.Source, asOf(old), strings.Join(what, ", "),
		})
	}
	if other+same == 0 {
		return nil
	}
	x.Title = fmt.Sprintf("%d prices of the database are replaced by other ones, %d by the same", other, same)
	if other > maxReplaced {
		x.Notes = append(x.Notes, fmt.Sprintf("and %d more", other-maxReplaced))
	}
	if other == 0 {
		s.say("%s", x.Title)
		return nil
	}
	if _, err := fmt.Fprintln(s.out); err != nil {
		return err
	}
	return report.Write(s.out, report.Table, x)
}

// asOf is when a price was stated, "" when that is not known.
func asOf(r *store.PriceRow) string {
	if r.AsOf == 0 {
		return ""
	}
	return r.AsOf.String()
}
