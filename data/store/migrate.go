package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
)

//go:embed migrations/*.sql
var migrations embed.FS

// step brings a database from the version before to version.
type step struct {
	version int
	sql     string
}

// builtinSteps reads the numbered files. Their numbers run 1, 2, 3 without a
// gap; a released file is never edited again.
func builtinSteps() ([]step, error) {
	entries, err := migrations.ReadDir("migrations") // sorted by name
	if err != nil {
		return nil, err
	}
	steps := make([]step, 0, len(entries))
	for i, e := range entries {
		number, _, _ := strings.Cut(e.Name(), "_")
		if v, err := strconv.Atoi(number); err != nil || v != i+1 {
			return nil, fmt.Errorf("migration %s should be number %d", e.Name(), i+1)
		}
		text, err := migrations.ReadFile(path.Join("migrations", e.Name()))
		if err != nil {
			return nil, err
		}
		steps = append(steps, step{i + 1, string(text)})
	}
	return steps, nil
}

// latest is the newest version this program knows.
func (o *opener) latest() int { return o.steps[len(o.steps)-1].version }

// upgrade copies an older database to <path>.backup-v<N> and then brings it up
// to date.
func (o *opener) upgrade(ctx context.Context, path string) (err error) {
	version, err := o.backup(ctx, path)
	if err != nil {
		return explain(path, "copying the database before its upgrade", err)
	}
	if err := o.migrate(ctx, path); err != nil {
		return explain(path, fmt.Sprintf("upgrading the database from version %d", version), err)
	}
	return nil
}

// backup copies the database as committed, whatever its -wal file holds. An
// earlier copy of the same version stays: the new one gets a number.
func (o *opener) backup(ctx context.Context, path string) (version int, err error) {
	dsn, err := o.dsn(path, false)
	if err != nil {
		return 0, err
	}
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return 0, err
	}
	if version >= o.latest() {
		return version, nil // another process was faster
	}
	to, err := freeName(fmt.Sprintf("%s.backup-v%d", path, version))
	if err != nil {
		return 0, err
	}
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", to); err != nil {
		return 0, errors.Join(err, os.Remove(to))
	}
	return version, nil
}

// freeName takes the first free of name, name.2, name.3 ... by making an empty
// file of mode 0600, which VACUUM INTO then fills.
func freeName(name string) (string, error) {
	for i := 1; ; i++ {
		try := name
		if i > 1 {
			try = fmt.Sprintf("%s.%d", name, i)
		}
		f, err := os.OpenFile(try, os.O_CREATE|os.O_EXCL|os.O_WRONLY, fileMode)
		if errors.Is(err, fs.ErrExist) && i < 1000 {
			continue
		}
		if err != nil {
			return "", err
		}
		return try, f.Close()
	}
}

// migrate runs the missing steps, each in one transaction with its version
// number, and leaves the file in WAL mode with everything in the main file, so
// that its header tells the truth to the next program that looks.
func (o *opener) migrate(ctx context.Context, path string) (err error) {
	dsn, err := o.dsn(path, false)
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1) // the pragmas below belong to one connection
	defer func() { err = errors.Join(err, db.Close()) }()
	// A step may rebuild a table, which foreign keys would forbid half way;
	// each step checks them before it commits.
	if _, err := db.ExecContext(ctx, "PRAGMA page_size = 8192; PRAGMA foreign_keys = OFF"); err != nil {
		return err
	}
	for _, st := range o.steps {
		if err := st.run(ctx, db); err != nil {
			return err
		}
	}
	_, err = db.ExecContext(ctx, "PRAGMA journal_mode = WAL; PRAGMA wal_checkpoint(TRUNCATE)")
	return err
}

func (st step) run(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil) // immediate, by the dsn
	if err != nil {
		return err
	}
	err = st.apply(ctx, tx)
	if err != nil {
		return errors.Join(fmt.Errorf("schema version %d: %w", st.version, err), tx.Rollback())
	}
	return tx.Commit()
}

// apply does nothing when the step is done already, here or by another
// process in the meantime.
func (st step) apply(ctx context.Context, tx *sql.Tx) error {
	var version int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if version >= st.version {
		return nil
	}
	text := fmt.Sprintf("%s\n;PRAGMA application_id = %d; PRAGMA user_version = %d", st.sql, applicationID, st.version)
	if _, err := tx.ExecContext(ctx, text); err != nil {
		return err
	}
	var broken int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM pragma_foreign_key_check").Scan(&broken); err != nil {
		return err
	}
	if broken > 0 {
		return fmt.Errorf("%d rows would point nowhere", broken)
	}
	return nil
}
