package main

import (
	"errors"
	"fmt"
	"io/fs"

	"bundlelab/data/ingest"
	"bundlelab/data/pseudonym"
	"bundlelab/data/store"
	"bundlelab/scenarios/report"
)

type keyCmd struct {
	Show    keyShowCmd    `cmd:"" default:"withargs" help:"Show which keys there are, by their IDs (the default)."`
	Rotate  keyRotateCmd  `cmd:"" help:"Make a new key for new databases."`
	Backup  keyBackupCmd  `cmd:"" help:"Copy the keys to a new file. Keep it as safe as the data."`
	Restore keyRestoreCmd `cmd:"" help:"Take the keys of a backup back."`
}

type keyShowCmd struct {
	DB     string        `name:"db" help:"Database; see doctor for the default." type:"path"`
	Format report.Format `enum:"table,json,csv,md" default:"table" help:"Output: ${enum}."`
}

type keyRotateCmd struct{}

type keyBackupCmd struct {
	File string `arg:"" help:"File to write." type:"path"`
}

type keyRestoreCmd struct {
	File string `arg:"" help:"Backup to read." type:"path"`
}

// keyID is where the database names the key its identifiers are hashed with.
const keyID = "key_id"

func keys() pseudonym.Ring { return pseudonym.Ring{Dir: places().config} }

// dryKey hashes for a rehearsal that leaves nothing behind, the key included.
func dryKey() (*pseudonym.Key, error) {
	k, err := keys().Current()
	if errors.Is(err, fs.ErrNotExist) {
		return pseudonym.New(make([]byte, pseudonym.KeySize))
	}
	return k, err
}

// identify opens the key that hashes identifiers: the database's own, or the
// current one for a database that has none yet.
func (s *session) identify(db *store.Store, o *ingest.Options, path string) error {
	id, found, err := db.Meta(s.ctx, keyID)
	switch {
	case err != nil:
		return err
	case found:
		o.Key, err = keys().Find(id)
	case o.DryRun:
		o.Key, err = dryKey()
	default:
		o.Key, err = keys().Ensure()
	}
	var missing *pseudonym.MissingError
	if errors.As(err, &missing) {
		return input(fmt.Errorf("%s was filled with another key: %w", path, err))
	}
	return err
}

type keyDoc struct {
	ID      string `json:"id"`
	File    string `json:"file"`
	Current bool   `json:"current"`
}

type keysDoc struct {
	Schema   string   `json:"schema"`
	Keys     []keyDoc `json:"keys"`
	Database string   `json:"database,omitempty"`
	Key      string   `json:"database_key,omitempty"`
	Missing  bool     `json:"database_key_missing"`
}

// Run lists the keys; a key itself is never shown.
func (c *keyShowCmd) Run(s *session) error {
	held, err := keys().List()
	if err != nil {
		return err
	}
	d := keysDoc{Schema: "bundlelab.keys/1", Keys: []keyDoc{}}
	sheet := report.Sheet{Header: []string{"key", "use", "file"}}
	for _, h := range held {
		d.Keys = append(d.Keys, keyDoc{h.ID, h.Path, h.Current})
		use := "older databases"
		if h.Current {
			use = "new databases"
		}
		sheet.Rows = append(sheet.Rows, []string{h.ID, use, h.Path})
	}
	if len(held) == 0 {
		sheet.Notes = append(sheet.Notes, "there is no identifier key yet: the first import makes one")
	}
	path, _ := database(c.DB)
	if id, err := s.keyOf(path); err != nil {
		if c.DB != "" {
			return err
		}
	} else if id != "" {
		d.Database, d.Key = path, id
		_, err := keys().Find(id)
		note := fmt.Sprintf("%s has key %s", path, id)
		if d.Missing = err != nil; d.Missing {
			note += ", and " + err.Error()
		}
		sheet.Notes = append(sheet.Notes, note)
	}
	if c.Format == report.JSON {
		return report.WriteJSON(s.out, d)
	}
	return report.Write(s.out, c.Format, sheet)
}

// keyOf is the ID of the key a database has; "" when it has none.
func (s *session) keyOf(path string) (string, error) {
	db, err := store.OpenExisting(s.ctx, path, true)
	if err != nil {
		return "", err
	}
	defer func() { _ = db.Close() }() // read-only: nothing is lost
	id, _, err := db.Meta(s.ctx, keyID)
	return id, err
}

// Run makes a new key.
func (c *keyRotateCmd) Run(s *session) error {
	old, current, err := keys().Rotate()
	if errors.Is(err, fs.ErrNotExist) {
		return usage(errors.New("there is no identifier key to replace: the first import makes one"))
	}
	if err != nil {
		return err
	}
	s.say("new databases get key %s; databases filled with key %s keep it; both are in %s", current.ID(), old.ID(), places().config)
	s.say("to move data to the new key, import its source files into a new database; then back the keys up again: bundlelab key backup FILE")
	return nil
}

// Run copies the keys.
func (c *keyBackupCmd) Run(s *session) error {
	held, err := keys().Backup(c.File)
	switch {
	case errors.Is(err, fs.ErrExist):
		return usage(fmt.Errorf("%s is there already: choose another file", c.File))
	case err != nil:
		return err
	}
	s.say("%d keys are in %s: whoever has it and your database can test whether a person is in the data", len(held), c.File)
	return nil
}

// Run takes keys back.
func (c *keyRestoreCmd) Run(s *session) error {
	ids, err := keys().Restore(c.File)
	if err != nil {
		return input(err)
	}
	s.say("keys %v are in %s", ids, places().config)
	return nil
}
