package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"bundlelab/data/sample"
)

type sampleCmd struct {
	DB        string `name:"db" help:"Database to write; the built-in sample's place when not given." type:"path"`
	Hospitals int    `default:"6" help:"Hospitals, 1 to 1000."`
	Episodes  int    `default:"11842" help:"Episodes over 2022-2026."`
	Seed      uint64 `default:"20260101" help:"The same seed writes the same database."`
	Force     bool   `help:"Replace the file if it is there."`
}

// Run writes a synthetic database.
func (c *sampleCmd) Run(s *session) error {
	path := c.DB
	if path == "" {
		path = places().sample()
	}
	if c.Hospitals < 1 || c.Hospitals > 1000 || c.Episodes < 1 || c.Seed == 0 {
		return usage(errors.New("sample: --hospitals is from 1 to 1000, --episodes and --seed are at least 1"))
	}
	taken := func() error {
		return usage(fmt.Errorf("%s is there already: choose another --db, or add --force to replace a synthetic database", path))
	}
	switch _, err := os.Stat(path); {
	case err == nil && !c.Force:
		return taken()
	case err == nil:
		if made, genuine := s.kinds(path); !made || genuine {
			return usage(fmt.Errorf("%s is not a synthetic database: --force replaces those only; move the file away first", path))
		}
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	o := sample.Options{Hospitals: c.Hospitals, Episodes: c.Episodes, Seed: c.Seed}
	if err := s.makeSample(path, o, true, c.Force); errors.Is(err, fs.ErrExist) {
		return taken()
	} else if err != nil {
		return err
	}
	s.say("wrote %s: %s, %d hospitals, %d episodes, SYNTHETIC", path, sample.Name(o), c.Hospitals, c.Episodes)
	s.say("next: bundlelab tui --db %s", path)
	return nil
}
