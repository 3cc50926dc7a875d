package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"bundlelab/data/reference"
	"bundlelab/data/store"
	"bundlelab/scenarios/report"
)

type referenceCmd struct {
	Import referenceImportCmd `cmd:"" help:"Import a public table: IPPS Table 5, an HCC map, risk coefficients."`
	Apply  referenceApplyCmd  `cmd:"" help:"Fill stored episodes with what the tables give."`
	Show   referenceShowCmd   `cmd:"" help:"Show which tables the database holds."`
}

type referenceImportCmd struct {
	File string `arg:"" help:"CSV, tab-delimited text or XLSX; gzip is opened." type:"path"`
	Kind string `enum:"table5,hcc,coefficients" default:"table5" help:"Kind of table: ${enum}."`
	FY   int    `name:"fy" help:"Fiscal year of Table 5, where its title does not say it." placeholder:"YEAR"`
	DB   string `name:"db" help:"Database; made when it is not there." type:"path"`
}

type referenceApplyCmd struct {
	Design string `help:"Design whose risk coefficients count; with --period." placeholder:"NAME"`
	Period string `help:"Period whose risk coefficients count." placeholder:"PERIOD"`
	DB     string `name:"db" help:"Database; see doctor for the default." type:"path"`
}

type referenceShowCmd struct {
	DB     string        `name:"db" help:"Database; see doctor for the default." type:"path"`
	Format report.Format `enum:"table,json,csv,md" default:"table" help:"Output: ${enum}."`
}

// Run imports one table and fills the stored episodes with it.
func (c *referenceImportCmd) Run(s *session) error {
	if c.FY != 0 && (c.Kind != "table5" || c.FY < 2008 || c.FY > 2100) {
		return usage(errors.New("--fy is the fiscal year of a Table 5: MS-DRGs begin with 2008"))
	}
	if err := readable(c.File); err != nil {
		return err
	}
	in, err := os.Open(c.File)
	if err != nil {
		return input(err)
	}
	defer func() { _ = in.Close() }() // only read
	keep, err := c.read(in)
	if err != nil {
		return err
	}
	path := s.importTarget(c.DB)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	db, err := store.Open(s.ctx, path)
	if err != nil {
		return err
	}
	old, err := db.ListDRGs(s.ctx)
	if err == nil {
		err = keep(s, db)
	}
	if err != nil {
		return errors.Join(err, db.Close())
	}
	if err := errors.Join(s.applyReference(db, old), db.Close()); err != nil {
		return err
	}
	s.say("the table is in %s", path)
	return nil
}

// read reads the file before any database is touched; the result stores it.
func (c *referenceImportCmd) read(in *os.File) (func(*session, *store.Store) error, error) {
	fault := func(err error) error {
		return input(fmt.Errorf("%s: %w: nothing was imported", c.File, err))
	}
	switch c.Kind {
	case "hcc":
		rows, err := reference.HCCMap(in)
		if err != nil {
			return nil, fault(err)
		}
		return func(s *session, db *store.Store) error {
			s.say("%d diagnoses of the HCC map", len(rows))
			return db.PutHCCs(s.ctx, rows)
		}, nil
	case "coefficients":
		rows, err := reference.Coefficients(in)
		if err != nil {
			return nil, fault(err)
		}
		return func(s *session, db *store.Store) error {
			s.say("%d risk coefficients", len(rows))
			if err := db.PutCoefficients(s.ctx, rows); err != nil {
				return err
			}
			last := rows[len(rows)-1]
			return reference.Choose(s.ctx, db, last.Design, last.Period)
		}, nil
	}
	rows, err := reference.Table5(in, c.FY)
	if err != nil {
		return nil, fault(err)
	}
	return func(s *session, db *store.Store) error {
		s.say("%d MS-DRGs of fiscal year %d", len(rows), rows[0].FY)
		return db.PutDRGs(s.ctx, rows)
	}, nil
}

// Run chooses coefficients and fills the stored episodes.
func (c *referenceApplyCmd) Run(s *session) error {
	if (c.Design == "") != (c.Period == "") {
		return usage(errors.New("--design and --period go together"))
	}
	path, _ := database(c.DB)
	db, err := store.OpenExisting(s.ctx, path, false)
	if err != nil {
		return err
	}
	if c.Design != "" {
		err = c.choose(s, db)
	}
	if err == nil {
		err = s.applyReference(db, nil)
	}
	if err = errors.Join(err, db.Close()); err == nil {
		s.say("the episodes of %s are filled", path)
	}
	return err
}

func (c *referenceApplyCmd) choose(s *session, db *store.Store) error {
	all, err := db.ListCoefficients(s.ctx)
	if err != nil {
		return err
	}
	design := strings.ToLower(c.Design)
	if !slices.ContainsFunc(all, func(k store.Coefficient) bool { return k.Design == design && k.Period == c.Period }) {
		return usage(fmt.Errorf("no risk coefficients of design %s, period %s: `bundlelab reference show` lists what there is", design, c.Period))
	}
	return reference.Choose(s.ctx, db, design, c.Period)
}

// applyReference fills stored episodes, says what it did, and packs them again.
// old is Table 5 as it was before.
func (s *session) applyReference(db *store.Store, old []store.DRG) error {
	set, err := reference.Load(s.ctx, db)
	if err != nil {
		return err
	}
	if len(old) > 0 {
		set.Replacing(old)
	}
	done, err := set.Apply(s.ctx, db)
	if err != nil {
		return err
	}
	if set.HasTable5() {
		s.say("%d stored services got their geometric mean stay", done.Services)
	}
	if design, period, ok := set.Coefficients(); ok {
		s.say("risk multipliers of %s %s: %d episodes have one, %d keep that of their file, %d know too little (age, condition count)", design, period, done.Multipliers, done.Own, done.Unknown)
		if absent := set.Unseen(); len(absent) > 0 {
			s.say("counted as absent, because claims do not show them here (assumed): %s", strings.Join(absent, ", "))
		}
	}
	if done.Episodes > 0 {
		s.snapshot(db)
	}
	return nil
}

type referenceDoc struct {
	Table    string `json:"table"`
	Of       string `json:"of"`
	Rows     int    `json:"rows"`
	Evidence string `json:"evidence,omitempty"`
	InForce  bool   `json:"in_force"`
}

// Run lists the tables, a row for each year, version, or design and period.
func (c *referenceShowCmd) Run(s *session) error {
	path, _ := database(c.DB)
	db, err := store.OpenExisting(s.ctx, path, true)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // read-only: nothing is lost
	docs, err := referenceDocs(s, db)
	if err != nil {
		return err
	}
	if c.Format == report.JSON {
		return report.WriteJSON(s.out, map[string]any{"schema": "bundlelab.reference/1", "tables": docs})
	}
	sheet := report.Sheet{Header: []string{"table", "of", "rows", "evidence", "in force"}, Right: []bool{false, false, true}}
	for _, d := range docs {
		force := "no"
		if d.InForce {
			force = "yes"
		}
		sheet.Rows = append(sheet.Rows, []string{d.Table, d.Of, fmt.Sprint(d.Rows), d.Evidence, force})
	}
	return report.Write(s.out, c.Format, sheet)
}

func referenceDocs(s *session, db *store.Store) ([]referenceDoc, error) {
	drgs, err := db.ListDRGs(s.ctx)
	if err != nil {
		return nil, err
	}
	hccs, err := db.ListHCCs(s.ctx)
	if err != nil {
		return nil, err
	}
	coefficients, err := db.ListCoefficients(s.ctx)
	if err != nil {
		return nil, err
	}
	set, err := reference.Load(s.ctx, db)
	if err != nil {
		return nil, err
	}
	design, period, _ := set.Coefficients()
	count := map[referenceDoc]int{}
	for _, d := range drgs {
		count[referenceDoc{Table: "table5", Of: fmt.Sprintf("FY %d", d.FY), Evidence: "user", InForce: true}]++
	}
	for _, h := range hccs {
		count[referenceDoc{Table: "hcc", Of: fmt.Sprintf("payment year %d, V%d", h.Year, h.Version), Evidence: "user", InForce: true}]++
	}
	for _, k := range coefficients {
		category := k.Category
		if category == "" {
			category = "all"
		}
		of := fmt.Sprintf("%s %s %s, V%d", k.Design, k.Period, category, k.Version)
		count[referenceDoc{Table: "coefficients", Of: of, Evidence: k.Evidence, InForce: k.Design == design && k.Period == period}]++
	}
	docs := []referenceDoc{}
	for d, n := range count {
		d.Rows = n
		docs = append(docs, d)
	}
	sort.Slice(docs, func(a, b int) bool {
		x, y := docs[a], docs[b]
		return x.Table+"\x00"+x.Of+"\x00"+x.Evidence < y.Table+"\x00"+y.Of+"\x00"+y.Evidence
	})
	return docs, nil
}
