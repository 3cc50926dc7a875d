package store

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Discard closes the store and removes its file when it holds nothing and no
// other program has it open: what a refused first import leaves behind. In any
// other case the file stays. Leaving WAL mode needs the file for oneself, and
// the exclusive lock keeps it so until the name is gone; Batch.Begin looks at
// the name once more after it has its own lock.
func (s *Store) Discard() error {
	if err := s.Close(); err != nil {
		return err
	}
	c, err := s.dial("busy_timeout(0)")
	if err != nil {
		return s.explain("removing an empty database", err)
	}
	defer func() { _ = c.Close() }() // whatever became of it, nothing was written
	if !c.alone() {
		return nil
	}
	n, err := c.int(`SELECT (SELECT count(*) FROM import_batch) + (SELECT count(*) FROM hospital) + (SELECT count(*) FROM price)
		+ (SELECT count(*) FROM drg) + (SELECT count(*) FROM hcc_map) + (SELECT count(*) FROM risk_coefficient)`)
	if err == nil && n == 0 {
		err = os.Remove(s.path)
	}
	err = errors.Join(err, c.run("ROLLBACK"))
	if n != 0 {
		err = errors.Join(err, c.run("PRAGMA journal_mode(WAL)"))
	}
	return s.explain("removing an empty database", err)
}

// alone takes the file for this connection only; false when it cannot.
func (c *conn) alone() bool {
	mode := ""
	to := func(r []driver.Value) error { mode = fmt.Sprint(r[0]); return nil }
	if err := c.query("PRAGMA journal_mode(DELETE)", to); err != nil || mode != "delete" {
		return false
	}
	return c.run("BEGIN EXCLUSIVE") == nil
}

// named fingerprints the file behind the store's name.
func (s *Store) named() (fs.FileInfo, error) { return os.Stat(s.path) }

// still says that the name stands for the same file as before: what is written
// to a file without a name is lost.
func (s *Store) still(before fs.FileInfo) error {
	if now, err := s.named(); err != nil || !os.SameFile(before, now) {
		return errors.New("another program removed the database meanwhile: run the command again")
	}
	return nil
}
