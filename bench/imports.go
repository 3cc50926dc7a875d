package main

import (
	"bufio"
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"bundlelab/data/sample"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
)

// importEpisodes are written by every way of importing: about half a million
// service lines.
const importEpisodes = 20_000

// kept is a sample in memory.
type kept struct {
	hospitals []store.Hospital
	prices    []store.PriceRow
	episodes  []store.Episode
	lines     int
}

// Hospitals keeps hospitals.
func (k *kept) Hospitals(rows []store.Hospital) error {
	k.hospitals = slices.Clone(rows)
	return nil
}

// Prices keeps prices.
func (k *kept) Prices(rows []store.PriceRow) error {
	k.prices = slices.Clone(rows)
	return nil
}

// Episode keeps a copy: the generator uses its own again.
func (k *kept) Episode(e *store.Episode) error {
	c := *e
	c.BeneHash = slices.Clone(e.BeneHash)
	c.DataThrough, c.EligEnd, c.Death = copied(e.DataThrough), copied(e.EligEnd), copied(e.Death)
	c.RawAnchor, c.Target, c.CMSTotal = copied(e.RawAnchor), copied(e.Target), copied(e.CMSTotal)
	c.Age, c.HCC = copied(e.Age), copied(e.HCC)
	c.Services = slices.Clone(e.Services)
	for i := range c.Services {
		s := &c.Services[i]
		s.Visits, s.Raw = slices.Clone(s.Visits), copied(s.Raw)
	}
	k.episodes = append(k.episodes, c)
	k.lines += len(c.Services)
	return nil
}

func copied[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

// imports measures, in turns, how many service lines a second reach a database:
// through the driver alone, through a batch of the store, and from CSV files by
// the import command.
func (o *options) imports(ctx context.Context, r *recorder) (err error) {
	dir, err := os.MkdirTemp(o.out, "import-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	var k kept
	if err := sample.Generate(ctx, sample.Options{Hospitals: hospitals(importEpisodes), Episodes: importEpisodes}, &k, nil); err != nil {
		return err
	}
	if err := k.files(filepath.Join(dir, "files")); err != nil {
		return err
	}
	for round := range o.rounds {
		for _, way := range []struct {
			name string
			run  func(path string) (time.Duration, error)
		}{
			{"ImportDriver", func(path string) (time.Duration, error) { return k.driver(ctx, path) }},
			{"ImportBatch", func(path string) (time.Duration, error) { return k.batch(ctx, path) }},
			{"ImportFiles", func(path string) (time.Duration, error) {
				c := exec.CommandContext(ctx, o.product(), "import", "--from", "native", "--db", path, filepath.Join(dir, "files"))
				c.Stderr, c.Env = os.Stderr, o.env()
				return timed(c.Run)
			}},
		} {
			path := filepath.Join(dir, fmt.Sprintf("%s-%d.db", way.name, round))
			took, err := way.run(path)
			if err == nil {
				err = holds(ctx, path, k.lines)
			}
			if err == nil {
				err = r.add(way.name, o.episodes, 1, took, figure{float64(k.lines) / took.Seconds(), "rows/s"})
			}
			if err != nil {
				return fmt.Errorf("%s: %w", way.name, err)
			}
		}
	}
	return nil
}

// holds checks that all lines have arrived.
func holds(ctx context.Context, path string, lines int) (err error) {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var n int
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM service").Scan(&n); err != nil {
		return err
	}
	if n != lines {
		return fmt.Errorf("%d lines of %d arrived", n, lines)
	}
	return nil
}

// batch writes everything as an import does, from memory.
func (k *kept) batch(ctx context.Context, path string) (took time.Duration, err error) {
	db, err := store.Open(ctx, path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return timed(func() error {
		b, err := db.Begin(ctx, store.BatchInfo{Format: store.Synthetic, Synthetic: true})
		if err != nil {
			return err
		}
		if err := errors.Join(b.Hospitals(k.hospitals), b.Prices(k.prices)); err != nil {
			return errors.Join(err, b.Rollback())
		}
		for i := range k.episodes {
			if err := b.Episode(&k.episodes[i]); err != nil {
				return errors.Join(err, b.Rollback())
			}
		}
		return b.Commit()
	})
}

// group is how many rows one statement of the driver writes: past a hundred
// nothing is gained.
const group = 100

// driver writes the service lines alone into the product's own table, many rows
// a statement, one transaction, with no check and no trigger.
func (k *kept) driver(ctx context.Context, path string) (took time.Duration, err error) {
	s, err := store.Open(ctx, path)
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		return 0, err
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	c, err := db.Conn(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	for _, q := range []string{"DROP TRIGGER moved_service_insert", "PRAGMA foreign_keys = OFF", "PRAGMA cache_size = -65536"} {
		if _, err := c.ExecContext(ctx, q); err != nil {
			return 0, err
		}
	}
	err = c.Raw(func(raw any) error {
		conn, ok := raw.(driver.Conn)
		if !ok {
			return errors.New("the connection is no driver's")
		}
		took, err = timed(func() error { return k.insert(ctx, conn) })
		return err
	})
	return took, err
}

func (k *kept) insert(ctx context.Context, conn driver.Conn) error {
	const columns = 19
	row := "(" + strings.TrimSuffix(strings.Repeat("?,", columns), ",") + ")"
	statement := func(rows int) (driver.StmtExecContext, error) {
		st, err := conn.Prepare("INSERT INTO service VALUES " + strings.TrimSuffix(strings.Repeat(row+",", rows), ","))
		if err != nil {
			return nil, err
		}
		x, ok := st.(driver.StmtExecContext)
		if !ok {
			return nil, errors.ErrUnsupported
		}
		return x, nil
	}
	full, err := statement(group)
	if err != nil {
		return err
	}
	tx, err := conn.Begin() //nolint:staticcheck // the driver's own door, without database/sql
	if err != nil {
		return err
	}
	args := make([]driver.NamedValue, 0, group*columns)
	flush := func(st driver.StmtExecContext) error {
		_, err := st.ExecContext(ctx, args)
		args = args[:0]
		return err
	}
	for i := range k.episodes {
		for seq := range k.episodes[i].Services {
			for _, v := range values(int64(i), int64(seq), &k.episodes[i].Services[seq]) {
				args = append(args, driver.NamedValue{Ordinal: len(args) + 1, Value: v})
			}
			if len(args) == cap(args) {
				if err := flush(full); err != nil {
					return err
				}
			}
		}
	}
	if len(args) > 0 {
		last, err := statement(len(args) / columns)
		if err != nil {
			return err
		}
		if err := flush(last); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// values are a row of the table service in the order of its columns.
func values(ep, seq int64, s *store.Service) [19]driver.Value {
	text := func(s string) driver.Value {
		if s == "" {
			return nil
		}
		return s
	}
	var raw driver.Value
	if s.Raw != nil {
		raw = int64(*s.Raw)
	}
	return [...]driver.Value{
		ep, seq, int64(s.Setting) + 1, int64(s.Rule), int64(s.Excluded), int64(s.From), int64(s.To), int64(s.GMLOS), int64(s.Amount), int64(s.Outlier),
		raw, int64(s.PrimaryPayer), int64(s.Units), int64(1), int64(1), text(s.Code), text(s.LineKey), text(s.Stay), text(s.Exclusion),
	}
}

// files writes the sample as the product's own CSV files. All anchors are of
// one kind and in one year: the dates of the sample lie partly ahead.
func (k *kept) files(dir string) (err error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	episodes, closeEpisodes, err := table(filepath.Join(dir, "episodes.csv"),
		"episode_key", "bene_key", "ccn", "category", "anchor_type", "trigger_code", "anchor_start", "anchor_end", "std_anchor")
	if err != nil {
		return err
	}
	services, closeServices, err := table(filepath.Join(dir, "services.csv"), "episode_key", "line_key", "setting", "from_date", "to_date", "std_allowed",
		"provider_id", "provider_kind", "code_kind", "code", "units", "gmlos")
	if err != nil {
		return err
	}
	first := calendar.Date(2024, 1, 1)
	for i := range k.episodes {
		e := &k.episodes[i]
		name, end := "G"+strconv.Itoa(i), first+calendar.Day(i%365)
		err := episodes.Write([]string{name, "P" + strconv.Itoa(i), e.CCN, episode.LEJR.String(), "IP", "470", (end - 2).String(), end.String(), e.StdAnchor.String()})
		for seq := range e.Services {
			s := &e.Services[seq]
			from := max(0, s.From)
			err = errors.Join(err, services.Write([]string{
				name, strconv.Itoa(seq), s.Setting.String(), (end + calendar.Day(from)).String(), (end + calendar.Day(max(from, s.To))).String(), s.Amount.String(),
				s.Provider, s.ProviderKind, s.CodeKind, s.Code, strconv.Itoa(s.Units), hundredths(s.GMLOS),
			}))
		}
		if err != nil {
			return err
		}
	}
	return errors.Join(closeEpisodes(), closeServices())
}

func hundredths(n int32) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d.%02d", n/100, n%100)
}

// table opens a CSV file with a header.
func table(path string, header ...string) (*csv.Writer, func() error, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, nil, err
	}
	b := bufio.NewWriter(f)
	w := csv.NewWriter(b)
	finish := func() error {
		w.Flush()
		return errors.Join(w.Error(), b.Flush(), f.Close())
	}
	return w, finish, w.Write(header)
}
