package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"bundlelab/engine"
	"bundlelab/engine/lever"
	"bundlelab/scenarios"
	"bundlelab/scenarios/report"
)

type projectCmd struct {
	DB       string        `name:"db" help:"Database; see doctor for the default." type:"path"`
	Scenario string        `help:"Scenario file, or the name of a saved one."`
	Design   []string      `help:"Design id; repeat for several. All when none is given." sep:"none"`
	Set      []string      `help:"Lever, for example policy.track=3 or care.all.snf_days=2; repeat for several." sep:"none" placeholder:"KEY=VALUE"`
	Hospital []string      `help:"Hospital by CCN; repeat for several. All when none is given." sep:"none" placeholder:"CCN"`
	Draws    int           `default:"10000" help:"Bootstrap draws; 0 for none."`
	Seed     uint64        `default:"1" help:"Seed of the draws."`
	Format   report.Format `enum:"table,json,csv,md" default:"table" help:"Output: ${enum}."`
}

// Run projects the reconciliation.
func (c *projectCmd) Run(s *session) (err error) {
	if c.Draws < 0 || c.Draws > 1_000_000 {
		return usage(errors.New("--draws is from 0 to 1000000"))
	}
	sc, base, err := loadScenario(c.Scenario)
	if err != nil {
		return err
	}
	file := sc.Levers.Over(base)
	for _, kv := range c.Set {
		k, v, ok := strings.Cut(kv, "=")
		if !ok {
			return usage(fmt.Errorf("--set %q: write KEY=VALUE, for example policy.track=3", kv))
		}
		if len(c.Design) > 0 && strings.TrimSpace(k) == "policy.design" {
			return usage(fmt.Errorf("--set %s and --design name the design twice: leave one out", kv))
		}
		if sc.Levers, err = sc.Levers.With(strings.TrimSpace(k), v); err != nil {
			return usage(err)
		}
	}
	sc.Levers = sc.Levers.Over(base)
	db, err := s.open(c.DB)
	if err != nil {
		return err
	}
	defer func() { err = db.close(err) }()
	r := engine.Request{Designs: c.Design, Hospitals: c.Hospital, Levers: sc.Levers}
	res, err := db.model.Evaluate(r)
	if err != nil {
		return c.blame(db.model, r, file, err)
	}
	dist := make([]*report.Distribution, len(res.Designs))
	for i := range res.Designs {
		if c.Draws == 0 {
			break
		}
		d, err := db.model.Draw(s.ctx, res.Designs[i].Design, r, c.Draws, c.Seed)
		if err != nil {
			return err
		}
		dist[i] = report.NewDistribution(d)
	}
	apart, err := interactions(db.model, r)
	if err != nil {
		return err
	}
	return c.write(s, db, sc, res, dist, apart)
}

// interactions are what the levers do alone and together, by design; none
// where no lever beyond the design's own terms is set.
func interactions(m *engine.Model, r engine.Request) (map[string]*engine.Interaction, error) {
	if !engine.Tells(r.Levers) {
		return nil, nil
	}
	all, err := m.Interaction(r)
	if err != nil {
		return nil, err
	}
	out := map[string]*engine.Interaction{}
	for i := range all {
		out[all[i].Design] = &all[i]
	}
	return out, nil
}

// blame says whether levers that cannot be meant came from the scenario file:
// then the file is bad input, not the command line (ruling 47).
func (c *projectCmd) blame(m *engine.Model, r engine.Request, file lever.Set, err error) error {
	if c.Scenario == "" || exitCode(err) != exitUsage {
		return err
	}
	r.Levers = file
	if _, ferr := m.Evaluate(r); ferr != nil && ferr.Error() == err.Error() {
		return input(fmt.Errorf("%s: %w", c.Scenario, err))
	}
	return err
}

func (c *projectCmd) write(s *session, db *loaded, sc scenarios.Scenario, res *engine.Result, dist []*report.Distribution, apart map[string]*engine.Interaction) error {
	switch c.Format {
	case report.JSON:
		doc := report.Projection{Schema: report.ProjectionSchema, Database: databaseDoc(db), Scenario: scenarioDoc(sc), Skipped: report.NewSkipped(res.Skipped)}
		for i := range res.Designs {
			x := report.NewResult(&res.Designs[i])
			x.Distribution, x.Interaction = dist[i], report.NewInteraction(apart[x.Design])
			doc.Results = append(doc.Results, x)
		}
		return report.WriteJSON(s.out, doc)
	case report.CSV:
		var sheets []report.Sheet
		for k := range res.Designs {
			d := &res.Designs[k]
			basis := fmt.Sprintf("%d days, data year %d", d.EpisodeDays, d.DataYear)
			if db.info.Synthetic {
				basis = "SYNTHETIC, " + basis
			}
			for i := range d.Hospitals {
				h := &d.Hospitals[i]
				sheets = append(sheets, report.LedgerRows(d.Design, d.Period.ID, h.Track, h.CCN, basis, &h.Ledger))
			}
			if x := apart[d.Design]; x != nil {
				sheets = append(sheets, report.InteractionRows(d, basis, x))
			}
		}
		return report.Write(s.out, c.Format, sheets...)
	case report.Table, report.Markdown:
	}
	sheets := report.ProjectionSheets(res, dist, apart)
	if db.info.Synthetic {
		sheets[0].Title += " (SYNTHETIC DATA)"
	}
	return report.Write(s.out, c.Format, sheets...)
}

func databaseDoc(db *loaded) report.Database {
	d := report.Database{Path: db.path, Name: db.info.Name, Hospitals: db.info.Hospitals, Episodes: db.info.Episodes, Synthetic: db.info.Synthetic}
	if db.info.DataThrough != nil {
		d.DataThrough = db.info.DataThrough.String()
	}
	return d
}

func scenarioDoc(sc scenarios.Scenario) report.Scenario {
	d := report.Scenario{Name: sc.Name, Base: sc.Base, Levers: map[string]string{}}
	for _, x := range sc.Levers.Items() {
		d.Levers[x.Key.String()] = x.Value.Text
	}
	return d
}

// loadScenario reads a scenario file by path, or a saved one by name, and the
// levers of what it builds on: a base lies beside the file or, failing that,
// among the saved scenarios.
func loadScenario(name string) (sc scenarios.Scenario, base lever.Set, err error) {
	if name == "" {
		return scenarios.StatusQuo(), base, nil
	}
	saved := scenarios.Folder{Dir: places().scenarios()}
	beside := scenarios.Folder{Dir: filepath.Dir(name)}
	sc, err = scenarios.Load(name)
	if errors.Is(err, fs.ErrNotExist) {
		beside = saved
		sc, err = scenarios.Load(saved.Path(name))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return sc, base, usage(fmt.Errorf("no scenario %q: give a file, or the name of one saved in %s", name, saved.Dir))
	}
	if err != nil {
		return sc, base, err
	}
	base, _, err = scenarios.Bases(sc, func(name string) (x scenarios.Scenario, err error) {
		for _, path := range []string{filepath.Join(beside.Dir, filepath.Base(name)+".toml"), beside.Path(name), saved.Path(name)} {
			if x, err = scenarios.Load(path); !errors.Is(err, fs.ErrNotExist) {
				break
			}
		}
		return x, err
	})
	return sc, base, err
}
