package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
)

// Report is what Doctor found.
type Report struct {
	Path     string
	Bytes    int64       // of the file
	WAL      int64       // bytes waiting in the -wal file; 0 without one
	Mode     fs.FileMode // of the file; anything but 0600 lets others in or the owner out
	SQLite   string      // version of the library
	Schema   int         // version of the file, which this program knows
	Problems []string    // what is wrong, in words; empty when all is well
	Tables   []TableCount
	Snapshot SnapshotState
}

// SnapshotState says whether loading takes the short way.
type SnapshotState struct {
	Fresh  bool
	Why    string // it is not, in words
	Chunks int
	Bytes  int64 // of the packed rows
}

// TableCount is a table and its number of rows.
type TableCount struct {
	Table string
	Rows  int64
}

// OK says that nothing is wrong.
func (r *Report) OK() bool { return len(r.Problems) == 0 }

// maxProblems bounds the report of a badly damaged file.
const maxProblems = 20

// Doctor reads the whole file and checks it: SQLite's own integrity check,
// references that point nowhere, lines lost from episodes, a snapshot that
// holds something else than the rows, and who else may read it.
func (s *Store) Doctor(ctx context.Context) (*Report, error) {
	r := &Report{Path: s.path, WAL: max(walSize(s.path), 0)}
	info, err := os.Stat(s.path)
	if err != nil {
		return nil, s.explain("checking", err)
	}
	r.Bytes, r.Mode = info.Size(), info.Mode().Perm()
	if r.Mode&0o077 != 0 && runtime.GOOS != "windows" { // whose modes say nothing
		r.Problems = append(r.Problems, fmt.Sprintf("other users may open the file (mode %04o): run chmod 600 on it", r.Mode))
	}
	if err := s.db.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&r.SQLite); err != nil {
		return nil, s.explain("checking", err)
	}
	if err := s.db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&r.Schema); err != nil {
		return nil, s.explain("checking", err)
	}
	for _, check := range []func(context.Context, *Report) error{s.checkIntegrity, s.checkReferences, s.checkLines, s.checkSnapshot, s.countRows} {
		err := check(ctx, r)
		var damaged *Error
		if err = s.explain("checking", err); errors.As(err, &damaged) && damaged.Kind == Damaged {
			r.Problems = append(r.Problems, damaged.Error())
			continue
		}
		if err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (s *Store) checkIntegrity(ctx context.Context, r *Report) error {
	rows, err := s.db.QueryContext(ctx, fmt.Sprintf("PRAGMA integrity_check(%d)", maxProblems))
	if err != nil {
		return err
	}
	return each(rows, func() error {
		var line string
		if err := rows.Scan(&line); err != nil || line == "ok" {
			return err
		}
		r.Problems = append(r.Problems, "integrity: "+line)
		return nil
	})
}

func (s *Store) checkReferences(ctx context.Context, r *Report) error {
	rows, err := s.db.QueryContext(ctx, `SELECT "table", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2`)
	if err != nil {
		return err
	}
	return each(rows, func() error {
		var table, parent string
		var n int
		if err := rows.Scan(&table, &parent, &n); err != nil {
			return err
		}
		r.Problems = append(r.Problems, fmt.Sprintf("%d rows of %s name a row of %s that is not there", n, table, parent))
		return nil
	})
}

func (s *Store) checkLines(ctx context.Context, r *Report) error {
	const q = `SELECT count(*) FROM episode e LEFT JOIN (SELECT ep_id, count(*) n FROM service WHERE setting > 0 GROUP BY ep_id) s USING(ep_id)
		WHERE e.services <> coalesce(s.n, 0)`
	var n int
	if err := s.db.QueryRowContext(ctx, q).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		r.Problems = append(r.Problems, fmt.Sprintf("%d episodes have gained or lost service lines since their import", n))
	}
	return nil
}

func (s *Store) countRows(ctx context.Context, r *Report) error {
	tables := []string{"hospital", "episode", "service", "visit", "price", "provider", "person", "import_batch", "import_file", "import_error"}
	for _, table := range append(tables, ReferenceTables()...) {
		c := TableCount{Table: table}
		if err := s.db.QueryRowContext(ctx, "SELECT count(*) FROM "+table).Scan(&c.Rows); err != nil {
			return err
		}
		r.Tables = append(r.Tables, c)
	}
	return nil
}

// ReferenceTables lists the tables that a user fills once for all imports.
func ReferenceTables() []string { return []string{"drg", "hcc_map", "risk_coefficient"} }

// each walks and closes the rows.
func each(rows *sql.Rows, row func() error) error {
	var err error
	for err == nil && rows.Next() {
		err = row()
	}
	return errors.Join(err, rows.Err(), rows.Close())
}
