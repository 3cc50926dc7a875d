package main

import (
	"errors"
	"os"

	"bundlelab/data/crash"
	"bundlelab/scenarios"
	"bundlelab/tui"
)

type tuiCmd struct {
	DB       string `name:"db" help:"Database; see doctor for the default." type:"path"`
	Scenario string `help:"Scenario file, or the name of a saved one."`
	ASCII    bool   `name:"ascii" help:"Draw with ASCII only."`
	NoColor  bool   `help:"No colour; NO_COLOR in the environment does the same."`
	NoSync   bool   `help:"Do not bracket frames as synchronized output."`
}

// Run opens the board.
func (c *tuiCmd) Run(s *session) error {
	if !isTerminal(s.out) {
		return usage(errors.New("the board needs a terminal: use `bundlelab project`, which gives the same numbers as text or JSON"))
	}
	sc, base, err := loadScenario(c.Scenario)
	if err != nil {
		return err
	}
	db, err := s.open(c.DB)
	if err != nil {
		return err
	}
	return db.close(tui.Run(s.ctx, tui.Options{
		Model: db.model, Title: db.info.Name, Synthetic: db.info.Synthetic, Scenario: sc, Base: base,
		Folder:  scenarios.Folder{Dir: places().scenarios()},
		NoColor: c.NoColor || os.Getenv("NO_COLOR") != "", ASCII: c.ASCII, NoSync: c.NoSync,
		Broke: func(panicked any) error { return crash.Of(panicked) },
	}))
}
