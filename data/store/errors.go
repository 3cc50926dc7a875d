package store

import (
	"errors"
	"fmt"
	"io/fs"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Kind says why a database cannot be used. Commands end with exit code 5 on
// any of them.
type Kind int

// The reasons.
const (
	Missing Kind = 1 + iota // no such file
	Locked                  // another program is writing to it
	Newer                   // written by a later version of this program
	Damaged                 // ours, but truncated or corrupt
	Foreign                 // not a database, or some other program's
)

// String is the reason in a word.
func (k Kind) String() string {
	switch k {
	case Missing:
		return "missing"
	case Locked:
		return "locked"
	case Newer:
		return "newer"
	case Damaged:
		return "damaged"
	case Foreign:
		return "foreign"
	}
	return fmt.Sprintf("Kind(%d)", int(k))
}

// Error is a database that cannot be used: which, why, and what to do next.
type Error struct {
	Kind Kind
	Path string
	Err  error // detail or cause; may be nil
}

// Error is one sentence with the next step.
func (e *Error) Error() string {
	why := ""
	if e.Err != nil {
		why = " (" + e.Err.Error() + ")"
	}
	switch e.Kind {
	case Missing:
		return fmt.Sprintf("database %s does not exist%s: import into it with \"bundlelab import\" or write one with \"bundlelab sample\"", e.Path, why)
	case Locked:
		return fmt.Sprintf("database %s is in use by another program%s: close that program or wait for its import to end, then try again", e.Path, why)
	case Newer:
		return fmt.Sprintf("database %s was written by a newer bundlelab%s: update the program, or use another database", e.Path, why)
	case Damaged:
		return fmt.Sprintf("database %s is damaged%s: restore a copy or import again into a new file", e.Path, why)
	case Foreign:
		return fmt.Sprintf("%s is not a bundlelab database%s: it is left as it was; name another file", e.Path, why)
	}
	return fmt.Sprintf("database %s: %s%s", e.Path, e.Kind, why)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// errReadOnly refuses a write through a store that was opened to read.
var errReadOnly = errors.New("the database is open for reading only")

// explain turns a driver error into an *Error where the file is to blame, and
// otherwise says what was being done. It keeps nil and what is already
// explained.
func explain(path, doing string, err error) error {
	var known *Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	if errors.Is(err, fs.ErrNotExist) {
		return &Error{Kind: Missing, Path: path}
	}
	var cause *sqlite.Error
	if !errors.As(err, &cause) {
		return fmt.Errorf("%s in %s: %w", doing, path, err)
	}
	switch code := cause.Code(); {
	case code == sqlite3.SQLITE_IOERR_SHORT_READ:
		return &Error{Kind: Damaged, Path: path, Err: err}
	case code&0xff == sqlite3.SQLITE_BUSY, code&0xff == sqlite3.SQLITE_LOCKED:
		return &Error{Kind: Locked, Path: path, Err: err}
	case code&0xff == sqlite3.SQLITE_CORRUPT, code&0xff == sqlite3.SQLITE_NOTADB:
		return &Error{Kind: Damaged, Path: path, Err: err}
	case code&0xff == sqlite3.SQLITE_FULL:
		return fmt.Errorf("%s in %s: the disk is full, free some space and try again: %w", doing, path, err)
	case code&0xff == sqlite3.SQLITE_IOERR:
		return fmt.Errorf("%s in %s: the disk failed or a limit on file sizes was reached, nothing of it was kept: check the disk and try again: %w", doing, path, err)
	case code&0xff == sqlite3.SQLITE_READONLY:
		return fmt.Errorf("%s in %s: the file or its folder cannot be written, copy it to a folder of your own: %w", doing, path, err)
	case code&0xff == sqlite3.SQLITE_CANTOPEN:
		return fmt.Errorf("%s in %s: the file or its folder cannot be opened, check its permissions: %w", doing, path, err)
	}
	return fmt.Errorf("%s in %s: %w", doing, path, err)
}
