package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"bundlelab/data/ingest"
	"bundlelab/data/store"
	"bundlelab/engine/money"
	"bundlelab/scenarios/report"
)

type pricesCmd struct {
	Import pricesImportCmd `cmd:"" help:"Import a price table; rows of equal key are replaced."`
	Show   pricesShowCmd   `cmd:"" help:"Show the price tables of the database."`
}

type pricesImportCmd struct {
	File string `arg:"" help:"prices.csv in the native layout." type:"path"`
	DB   string `name:"db" help:"Database; see doctor for the default." type:"path"`
}

type pricesShowCmd struct {
	DB       string        `name:"db" help:"Database; see doctor for the default." type:"path"`
	Cell     string        `help:"Only this price cell."`
	Division int           `help:"Only this census division."`
	Days     int           `default:"-1" help:"Only this length; -1 for all."`
	Format   report.Format `enum:"table,json,csv,md" default:"table" help:"Output: ${enum}."`
}

type priceDoc struct {
	Kind     string       `json:"kind"`
	Cell     string       `json:"cell"`
	Division int          `json:"division"`
	Days     int          `json:"days"`
	Period   string       `json:"period"`
	Price    money.Cents  `json:"price"`
	P99      *money.Cents `json:"p99,omitempty"`
	PostMean *money.Cents `json:"post_mean,omitempty"`
	PostSD   *money.Cents `json:"post_sd,omitempty"`
	Episodes int          `json:"episodes,omitempty"`
	Source   string       `json:"source"`
}

// Run shows the price rows.
func (c *pricesShowCmd) Run(s *session) error {
	path, _ := database(c.DB)
	db, err := store.OpenExisting(s.ctx, path, true)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // read-only: nothing is lost
	data, err := db.Load(s.ctx, nil)
	if err != nil {
		return err
	}
	docs := []priceDoc{}
	// The columns are those of prices.csv: what CSV shows can be imported.
	sheet := report.Sheet{
		Header: []string{"kind", "cell", "division", "days", "period", "price", "p99", "post_mean", "post_sd", "mean", "sd", "p1", "p5", "p75", "p95", "episodes", "source"},
		Right:  []bool{false, false, true, true, false, true, true, true, true, true, true, true, true, true, true, true},
	}
	opt := func(v *money.Cents) string {
		if v == nil {
			return ""
		}
		return v.String()
	}
	count := func(n int) string {
		if n == 0 {
			return ""
		}
		return fmt.Sprint(n)
	}
	for _, r := range data.Prices.Rows() {
		if c.Cell != "" && r.Cell != c.Cell || c.Division != 0 && r.Division != c.Division || c.Days >= 0 && r.Days != c.Days {
			continue
		}
		docs = append(docs, priceDoc{string(r.Kind), r.Cell, r.Division, r.Days, r.Period, r.Price, r.P99, r.PostMean, r.PostSD, r.Episodes, r.Source})
		sheet.Rows = append(sheet.Rows, []string{string(r.Kind), r.Cell, fmt.Sprint(r.Division), fmt.Sprint(r.Days), r.Period, r.Price.String(), opt(r.P99), opt(r.PostMean), opt(r.PostSD), opt(r.Mean), opt(r.SD), opt(r.P1), opt(r.P5), opt(r.P75), opt(r.P95), count(r.Episodes), r.Source})
	}
	if c.Format == report.JSON {
		return report.WriteJSON(s.out, map[string]any{"schema": "bundlelab.prices/1", "prices": docs})
	}
	return report.Write(s.out, c.Format, sheet)
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
	return s.into(path, false, store.BatchInfo{Format: store.Native, App: version, At: time.Now(), Note: "prices"}, func(_ *store.Store, batch *store.Batch) error {
		key, err := dryKey() // a price table names nobody
		if err != nil {
			return err
		}
		rep, err := ingest.ImportPrices(s.ctx, ingest.Options{Dir: c.File, Key: key, Today: today(), Prices: knownPeriods(designs)}, batch)
		if rep == nil {
			return refused(err)
		}
		return errors.Join(refused(err), s.controls(rep, report.Table, ""))
	})
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
