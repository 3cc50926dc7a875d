package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	"bundlelab/data/store"
	"bundlelab/scenarios/report"
)

type doctorCmd struct {
	DB        string        `name:"db" help:"Database to check." type:"path"`
	DropCache bool          `help:"Empty the snapshot that loading uses; it is made again from the rows."`
	Format    report.Format `enum:"table,json,csv,md" default:"table" help:"Output: ${enum}."`
}

type snapshotDoc struct {
	Fresh bool   `json:"fresh"`
	Why   string `json:"why,omitempty"` // not
	Bytes int64  `json:"bytes"`
}

type doctorDoc struct {
	Schema    string            `json:"schema"`
	Version   string            `json:"version"`
	Go        string            `json:"go"`
	Libraries map[string]string `json:"libraries"`
	Config    string            `json:"config"`
	Data      string            `json:"data"`
	State     string            `json:"state"`
	Database  string            `json:"database"`
	ChosenBy  string            `json:"chosen_by"`
	Exists    bool              `json:"exists"`
	OK        bool              `json:"ok"`
	SQLite    string            `json:"sqlite,omitempty"`
	Layout    int               `json:"schema_version,omitempty"`
	Bytes     int64             `json:"bytes,omitempty"`
	Tables    map[string]int64  `json:"tables,omitempty"`
	Snapshot  *snapshotDoc      `json:"snapshot,omitempty"`
	Imports   int               `json:"imports"`
	Undone    int               `json:"imports_undone"`
	Key       string            `json:"identifier_key,omitempty"`
	KeyState  string            `json:"identifier_key_state,omitempty"`
	Free      int64             `json:"free_bytes,omitempty"` // on the database's disk
	Problems  []string          `json:"problems"`
	Hospitals []string          `json:"hospitals,omitempty"`
	Designs   []string          `json:"designs"`
	Refused   string            `json:"designs_refused,omitempty"`
}

// Run reports paths, versions and the state of the database.
func (c *doctorCmd) Run(s *session) error {
	f := places()
	path, why := database(c.DB)
	d := doctorDoc{
		Schema: "bundlelab.doctor/1", Version: version, Go: runtime.Version(), Libraries: libraries(),
		Config: f.config, Data: f.data, State: f.state, Database: path, ChosenBy: why, OK: true, Problems: []string{},
	}
	designs, err := loadDesigns()
	if designs != nil {
		d.Designs = designs.IDs()
	}
	if err != nil { // told, and no reason to leave the rest unsaid
		d.Refused = err.Error()
	}
	_, err = os.Stat(path)
	missing := errors.Is(err, fs.ErrNotExist)
	var checked error
	if !missing || why == "--db" || why == "BUNDLELAB_DB" {
		checked = c.check(s, &d)
		d.Exists = !missing
	}
	if err := c.write(s, &d); err != nil {
		return err
	}
	if checked != nil {
		return checked
	}
	if !d.OK {
		return coded{exitDatabase, errors.New("the database has problems: restore a copy, or import the source files into a new one")}
	}
	return nil
}

func (c *doctorCmd) check(s *session, d *doctorDoc) error {
	if c.DropCache {
		if err := s.dropSnapshot(d.Database); err != nil {
			d.OK, d.Problems = false, []string{err.Error()}
			return err
		}
	}
	db, err := store.OpenExisting(s.ctx, d.Database, true)
	if err != nil {
		d.OK, d.Problems = false, []string{err.Error()}
		return err
	}
	defer func() { _ = db.Close() }() // read-only: nothing is lost
	r, err := db.Doctor(s.ctx)
	if err != nil {
		return err
	}
	d.OK, d.SQLite, d.Layout, d.Bytes = r.OK(), r.SQLite, r.Schema, r.Bytes
	d.Problems = append(d.Problems, r.Problems...)
	d.Snapshot = &snapshotDoc{r.Snapshot.Fresh, r.Snapshot.Why, r.Snapshot.Bytes}
	d.Tables = map[string]int64{}
	for _, t := range r.Tables {
		d.Tables[t.Table] = t.Rows
	}
	if !r.OK() {
		return nil
	}
	hospitals, err := db.ListHospitals(s.ctx)
	if err != nil {
		return err
	}
	for _, h := range hospitals {
		d.Hospitals = append(d.Hospitals, strings.TrimSpace(h.CCN+" "+h.Name))
	}
	return s.describe(db, d)
}

// describe adds what was imported, with which key, and how much room is left.
func (s *session) describe(db *store.Store, d *doctorDoc) error {
	list, err := db.ListBatches(s.ctx)
	if err != nil {
		return err
	}
	for _, b := range list {
		d.Imports++
		if !b.Undone.IsZero() {
			d.Undone++
		}
	}
	id, found, err := db.Meta(s.ctx, keyID)
	if err != nil {
		return err
	}
	if found {
		d.Key, d.KeyState = id, "there"
		if _, err := keys().Find(id); err != nil {
			d.KeyState = "MISSING: " + err.Error()
		}
	}
	if free, ok := freeSpace(d.Database); ok {
		d.Free = free
	}
	return nil
}

func (c *doctorCmd) write(s *session, d *doctorDoc) error {
	if c.Format == report.JSON {
		return report.WriteJSON(s.out, d)
	}
	sheet := report.Sheet{Header: []string{"what", "value"}}
	add := func(k, v string) { sheet.Rows = append(sheet.Rows, []string{k, v}) }
	add("bundlelab", d.Version+", "+d.Go)
	for _, name := range []string{"github.com/charmbracelet/bubbletea", "modernc.org/sqlite"} {
		add(name, d.Libraries[name])
	}
	add("config folder", d.Config)
	add("data folder", d.Data)
	add("state folder", d.State)
	add("designs", strings.Join(d.Designs, " "))
	if d.Refused != "" {
		for _, line := range strings.Split(d.Refused, "\n") {
			add("designs REFUSED", line)
		}
	}
	add("database", d.Database+" ("+d.ChosenBy+")")
	switch {
	case !d.Exists && len(d.Problems) == 0:
		add("integrity", "not made yet: the sample is made on first use")
	case d.OK:
		add("integrity", fmt.Sprintf("ok, schema %d, %d bytes, SQLite %s", d.Layout, d.Bytes, d.SQLite))
	default:
		add("integrity", "PROBLEMS: "+strings.Join(d.Problems, "; "))
	}
	if x := d.Snapshot; x != nil && x.Fresh {
		add("snapshot", fmt.Sprintf("fresh, %d bytes", x.Bytes))
	} else if x != nil {
		add("snapshot", "not in use: "+x.Why+"; made again at the next start")
	}
	for _, t := range []string{"hospital", "episode", "service", "price"} {
		if n, ok := d.Tables[t]; ok {
			add(t+" rows", fmt.Sprint(n))
		}
	}
	if len(d.Tables) > 0 {
		c.more(d, add)
	}
	for _, h := range d.Hospitals {
		add("hospital", h)
	}
	return report.Write(s.out, c.Format, sheet)
}

// more says what was imported, the key, the reference tables and the room left.
func (c *doctorCmd) more(d *doctorDoc, add func(k, v string)) {
	imports := fmt.Sprintf("%d imports", d.Imports)
	if d.Undone > 0 {
		imports += fmt.Sprintf(", %d of them undone", d.Undone)
	}
	add("history", imports)
	if d.Key != "" {
		add("identifier key", d.Key+" ("+d.KeyState+")")
	}
	for _, t := range store.ReferenceTables() {
		rows := "none: see `bundlelab reference import`"
		if n := d.Tables[t]; n > 0 {
			rows = fmt.Sprintf("%d rows", n)
		}
		add("reference "+t, rows)
	}
	if d.Free > 0 {
		add("free space", volume(d.Free))
	}
}

func libraries() map[string]string {
	out := map[string]string{}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			out[m.Path] = m.Version
		}
	}
	return out
}
