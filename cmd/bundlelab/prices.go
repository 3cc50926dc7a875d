package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"bundlelab/data/ingest"
	"bundlelab/data/store"
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
	fill := func(db *store.Store, batch *store.Batch) error {
		key, err := dryKey() // a price table names nobody
		if err != nil {
			return err
		}
		var held, brought []store.PriceRow
		if db != nil {
			if held, err = db.ListPrices(s.ctx); err != nil {
				return err
			}
		}
		judge := func(rows []store.PriceRow) error {
			brought = append(brought, rows...)
			return known(rows)
		}
		o := ingest.Options{Dir: c.File, Key: key, Today: today(), Profile: c.Profile, DryRun: c.DryRun, Prices: judge}
		rep, err := ingest.ImportPrices(s.ctx, o, batch)
		if rep == nil {
			return refused(err)
		}
		if err := errors.Join(refused(err), s.controls(rep, report.Table)); err != nil {
			return err
		}
		return s.replaced(held, brought, c.DryRun)
	}
	if _, serr := os.Stat(path); c.DryRun && errors.Is(serr, fs.ErrNotExist) {
		return fill(nil, nil)
	}
	return s.into(path, c.DryRun, store.BatchInfo{Format: store.Native, App: version, At: time.Now(), Note: "prices"}, fill)
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

// replaced prints which prices of the database the rows of an import take the
// place of, where they state another price.
func (s *session) replaced(held, brought []store.PriceRow, dry bool) error {
	if dry {
		defer s.say("dry run: nothing was written")
	}
	was := make(map[priceKey]*store.PriceRow, len(held))
	for i := range held {
		was[keyOf(&held[i])] = &held[i]
	}
	x := report.Sheet{Header: []string{"kind", "cell", "division", "days", "period", "old price", "new price", "old source", "old as of"}, Right: []bool{false, false, true, true, false, true, true}}
	other, same := 0, 0
	for i := range brought {
		now := &brought[i]
		old := was[keyOf(now)]
		switch {
		case old == nil:
			continue
		case old.Price == now.Price:
			same++
			continue
		}
		if other++; other > maxReplaced {
			continue
		}
		x.Rows = append(x.Rows, []string{
			string(old.Kind), old.Cell, fmt.Sprint(old.Division), fmt.Sprint(old.Days), old.Period,
			old.Price.String(), now.Price.String(), old.Source, asOf(old),
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
