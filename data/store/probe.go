package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	sqlite3 "modernc.org/sqlite/lib"
)

// judge decides by the two numbers of the file header.
func judge(path string, app, version, latest int) error {
	switch {
	case app != applicationID:
		return &Error{Kind: Foreign, Path: path, Err: errors.New("another program made it")}
	case version < 1:
		return &Error{Kind: Damaged, Path: path, Err: errors.New("it has no schema version")}
	case version > latest:
		return &Error{Kind: Newer, Path: path, Err: fmt.Errorf("schema version %d, this program knows %d", version, latest)}
	}
	return nil
}

// probe judges a file without touching it and gives its schema version. It
// reads through SQLite, as immutable: no lock, no sibling file. Reading with
// os.Open would not do, since closing such a handle drops the locks that
// another connection of this process may hold on the file.
func (o *opener) probe(ctx context.Context, path string) (version int, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, explain(path, "opening", err)
	}
	if !info.Mode().IsRegular() {
		return 0, &Error{Kind: Foreign, Path: path, Err: errors.New("it is not a file")}
	}
	if info.Size() < minPage {
		return 0, tooShort(path, info.Size())
	}
	dsn, err := immutable(path)
	if err != nil {
		return 0, err
	}
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return 0, explain(path, "opening", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var app, pages, size int
	err = readHeader(ctx, db, path, numbered{"application_id", &app}, numbered{"user_version", &version})
	if isCode(err, sqlite3.SQLITE_CORRUPT) && walSize(path) > 0 {
		return o.probeLog(ctx, path)
	}
	if err == nil {
		err = judge(path, app, version, o.latest())
	}
	if err != nil {
		return 0, err
	}
	if walSize(path) > 0 {
		return version, nil // part of the truth is in there: connect looks
	}
	if err := readHeader(ctx, db, path, numbered{"page_count", &pages}, numbered{"page_size", &size}); err != nil {
		return 0, err
	}
	if whole := int64(pages) * int64(size); info.Size() < whole {
		return 0, &Error{Kind: Damaged, Path: path, Err: fmt.Errorf("%d of %d bytes are there", info.Size(), whole)}
	}
	return version, hasTables(ctx, db, path)
}

// probeLog judges a file that makes no sense without its -wal file: a program
// was killed while it moved that into the main file, so the head of the one is
// newer than its end. An ordinary connection reads both as one.
func (o *opener) probeLog(ctx context.Context, path string) (version int, err error) {
	dsn, err := o.dsn(path, true)
	if err != nil {
		return 0, err
	}
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return 0, explain(path, "opening", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var app int
	if err := readHeader(ctx, db, path, numbered{"application_id", &app}, numbered{"user_version", &version}); err != nil {
		return 0, err
	}
	return version, judge(path, app, version, o.latest())
}

// numbered is a number that a pragma of a name gives.
type numbered struct {
	name string
	to   *int
}

// readHeader reads numbers of the file's header.
func readHeader(ctx context.Context, db *sql.DB, path string, numbers ...numbered) error {
	for _, n := range numbers {
		if err := db.QueryRowContext(ctx, "PRAGMA "+n.name).Scan(n.to); err != nil {
			if isCode(err, sqlite3.SQLITE_NOTADB) {
				return &Error{Kind: Foreign, Path: path, Err: err}
			}
			return explain(path, "opening", err)
		}
	}
	return nil
}

// minPage is the smallest SQLite database: one page of the smallest size.
const minPage = 512

// tooShort tells a cut-off database from another small file. No database this
// short can be open, so reading it directly drops no lock.
func tooShort(path string, size int64) error {
	const magic = "SQLite format 3\x00"
	head, err := os.ReadFile(path)
	if err != nil {
		return explain(path, "opening", err)
	}
	if n := min(len(head), len(magic)); string(head[:n]) == magic[:n] {
		return &Error{Kind: Damaged, Path: path, Err: fmt.Errorf("only %d bytes are left", size)}
	}
	return &Error{Kind: Foreign, Path: path}
}
