package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// applicationID marks the file as ours in its SQLite header: "TEM1".
const applicationID = 0x54454D31

// fileMode keeps claims data to the user who imported them. SQLite gives the
// -wal and -shm files the mode of the database.
const fileMode fs.FileMode = 0o600

// Store is an open database. It is safe for use by several goroutines; one
// batch can be written at a time.
type Store struct {
	db       *sql.DB
	dsn      string
	path     string
	readonly bool
}

// opener holds what tests vary: how long to wait for another writer, and the
// versions this program knows.
type opener struct {
	wait  time.Duration
	steps []step
}

func standard() (*opener, error) {
	steps, err := builtinSteps()
	return &opener{wait: 3 * time.Second, steps: steps}, err
}

// Open opens a database for reading and writing, and creates it, readable by
// its owner only, when there is no such file. An older database is upgraded
// after a copy was made beside it. A file that cannot be used is left exactly
// as it was and gives an *Error.
func Open(ctx context.Context, path string) (*Store, error) {
	o, err := standard()
	if err != nil {
		return nil, err
	}
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		if err := o.create(ctx, path); err != nil {
			return nil, err
		}
	}
	return o.open(ctx, path, false)
}

// OpenExisting is Open without creating. With readonly, no data can be written
// through the store; an older database is upgraded all the same, since this
// program could not read it otherwise.
func OpenExisting(ctx context.Context, path string, readonly bool) (*Store, error) {
	o, err := standard()
	if err != nil {
		return nil, err
	}
	return o.open(ctx, path, readonly)
}

// Path is the file the store was opened on.
func (s *Store) Path() string { return s.path }

// Close releases the file.
func (s *Store) Close() error { return s.explain("closing", s.db.Close()) }

func (s *Store) explain(doing string, err error) error { return explain(s.path, doing, err) }

func (o *opener) open(ctx context.Context, path string, readonly bool) (*Store, error) {
	version, err := o.probe(ctx, path)
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, readonly: readonly}
	if version < o.latest() {
		if err := o.upgrade(ctx, path); err != nil {
			return nil, err
		}
	}
	if !readonly {
		if err := tighten(path); err != nil {
			return nil, err
		}
	}
	if s.dsn, err = o.dsn(path, readonly); err != nil {
		return nil, err
	}
	err = s.connect(ctx, o.latest())
	if readonly && walSize(path) <= 0 && (isCode(err, sqlite3.SQLITE_CANTOPEN) || isCode(err, sqlite3.SQLITE_READONLY)) {
		// A folder that cannot be written has no room for the -shm file that
		// readers share. Nobody can be writing there, so read the file as is.
		if s.dsn, err = immutable(path); err == nil {
			err = s.connect(ctx, o.latest())
		}
	}
	if err != nil {
		return nil, s.explain("opening", err)
	}
	if !readonly {
		if err := s.heal(ctx); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

// connect opens the pool and looks once through SQLite's eyes, because what
// an unfinished session left in the -wal file counts too.
func (s *Store) connect(ctx context.Context, latest int) error {
	db, err := sql.Open("sqlite", s.dsn)
	if err != nil {
		return err
	}
	var app, version int
	err = errors.Join(db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&app),
		db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version))
	if err == nil {
		err = judge(s.path, app, version, latest)
	}
	if err == nil {
		err = hasTables(ctx, db, s.path)
	}
	if err != nil {
		return errors.Join(err, db.Close())
	}
	s.db = db
	return nil
}

// hasTables reads the schema, which fails on a file with a broken first page.
func hasTables(ctx context.Context, db *sql.DB, path string) error {
	var n int
	const q = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('hospital','episode','service','visit','price','meta')"
	if err := db.QueryRowContext(ctx, q).Scan(&n); err != nil {
		return explain(path, "reading the schema", err)
	}
	if n != 6 {
		return &Error{Kind: Damaged, Path: path, Err: errors.New("tables are missing")}
	}
	return nil
}

// create writes an empty database beside the path and then gives it its name,
// so that a crash leaves no half-made file and nothing is overwritten.
func (o *opener) create(ctx context.Context, path string) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*") // mode 0600
	if err != nil {
		return fmt.Errorf("creating database %s: check that its folder exists and can be written: %w", path, err)
	}
	temp := f.Name()
	if err := f.Close(); err != nil {
		return fmt.Errorf("creating database %s: %w", path, err)
	}
	defer func() {
		if e := os.Remove(temp); err == nil && !errors.Is(e, fs.ErrNotExist) {
			err = e
		}
	}()
	if err := o.migrate(ctx, temp); err != nil {
		return fmt.Errorf("creating database %s: %w", path, err)
	}
	// Link refuses an existing name; where there are no links, rename must do.
	err = os.Link(temp, path)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		err = os.Rename(temp, path)
	}
	if errors.Is(err, fs.ErrExist) {
		return nil // another process made it first: open that one
	}
	return err
}

// tighten takes the file and its siblings away from other users.
func tighten(path string) error {
	for _, p := range []string{path, path + "-wal", path + "-shm"} {
		info, err := os.Stat(p)
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode().Perm()&0o077 == 0 {
			continue
		}
		if err == nil {
			err = os.Chmod(p, fileMode)
		}
		if err != nil {
			return fmt.Errorf("making %s readable by its owner only: %w", p, err)
		}
	}
	return nil
}

// dsn names the file to the driver. synchronous=FULL makes a committed batch
// survive a power cut, and trusted_schema=OFF keeps a prepared file from
// running functions through its views.
func (o *opener) dsn(path string, readonly bool) (string, error) {
	uri, err := fileURI(path)
	if err != nil {
		return "", err
	}
	q := url.Values{"mode": {"rw"}, "_busy_timeout": {fmt.Sprint(o.wait.Milliseconds())}, "_foreign_keys": {"on"},
		"_synchronous": {"FULL"}, "_txlock": {"immediate"}, "_pragma": {"trusted_schema(OFF)"}}
	if readonly {
		// Not mode=ro: such a connection leaves its -wal and -shm files behind.
		q.Set("_query_only", "on")
	}
	return uri + "?" + q.Encode(), nil
}

// immutable names the file so that SQLite reads it without locks or siblings.
func immutable(path string) (string, error) {
	uri, err := fileURI(path)
	return uri + "?mode=ro&immutable=1&_query_only=on&_pragma=trusted_schema%28OFF%29", err
}

// fileURI escapes a path for SQLite, which reads %HH.
func fileURI(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("finding %s: %w", path, err)
	}
	abs = filepath.ToSlash(abs)
	if !strings.HasPrefix(abs, "/") {
		abs = "/" + abs // file:/C:/data.db
	}
	return "file:" + (&url.URL{Path: abs}).EscapedPath(), nil
}

func walSize(path string) int64 {
	info, err := os.Stat(path + "-wal")
	if err != nil {
		return -1
	}
	return info.Size()
}

// isCode says whether the driver failed with a primary result code.
func isCode(err error, code int) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == code
}
