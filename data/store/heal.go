package store

import (
	"context"
	"errors"
)

// heal makes the table data_version and its triggers again when somebody
// removed them: without the table no row can change, without a trigger changes
// go unnoticed. A sound file is only looked at.
func (s *Store) heal(ctx context.Context) (err error) {
	const doing = "making data_version again"
	c, err := s.dial()
	if err != nil {
		return s.explain(doing, err)
	}
	defer func() { err = errors.Join(s.explain(doing, err), c.Close()) }()
	missing, err := c.missingTriggers()
	if _, gone := c.dataVersion(); err != nil || gone == nil && len(missing) == 0 {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := c.run("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err = c.mend()
	if err == nil {
		err = c.run("COMMIT")
	}
	if err != nil {
		return errors.Join(err, c.run("ROLLBACK"))
	}
	return nil
}

// mend puts back what is missing, inside a transaction that holds the write
// lock. The version moves past that of any snapshot, since the rows may have
// changed unnoticed.
func (c *conn) mend() error {
	for _, text := range []string{makeSnapshotTable, makeChunkTable, makeVersionTable,
		"INSERT OR IGNORE INTO data_version VALUES(1, 0)",
		"UPDATE data_version SET version = 1 + max(version, (SELECT coalesce(max(data_version), 0) FROM snapshot))"} {
		if err := c.run(text); err != nil {
			return err
		}
	}
	return c.setTriggers()
}
