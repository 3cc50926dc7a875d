package session

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"bundlelab/engine/lever"
	"bundlelab/scenarios"
)

// base is what a scenario builds on, down to the status quo.
type base struct {
	name   string
	levers lever.Set
}

// baseOf gathers the bases of a scenario from the folder.
func (s *Session) baseOf(x scenarios.Scenario) (base, error) {
	levers, name, err := scenarios.Bases(x, func(name string) (scenarios.Scenario, error) {
		if e, ok := s.entry(name); ok {
			return e, nil
		}
		return scenarios.Scenario{}, errors.New("it is not in the scenario folder")
	})
	return base{name, levers}, err
}

// given is the base of the scenario the session starts with, whose levers are
// known already. The folder gives its title if it holds the same base.
func (s *Session) given(x scenarios.Scenario, levers lever.Set) base {
	if b, err := s.baseOf(x); err == nil && same(b.levers, levers) {
		return b
	}
	return base{x.Base, levers}
}

func same(a, b lever.Set) bool {
	return slices.EqualFunc(a.Items(), b.Items(), func(x, y lever.Setting) bool { return x.Key == y.Key && x.Value.Text == y.Value.Text })
}

// Standalone is the scenario as the folder can keep it: unchanged when the
// folder holds its base, else with the base's levers written in, for it could
// not be read back otherwise.
func (s *Session) Standalone() scenarios.Scenario {
	x := s.now
	if s.standsAlone() {
		return x
	}
	x.Levers = x.Levers.Over(s.base.levers)
	x.Base = scenarios.StatusQuo().Base
	return x
}

// standsAlone says whether the folder holds the scenario's base.
func (s *Session) standsAlone() bool {
	b, err := s.baseOf(s.now)
	return err == nil && same(b.levers, s.base.levers)
}

// entry finds a readable scenario of the folder by name or file name.
func (s *Session) entry(name string) (scenarios.Scenario, bool) {
	for _, e := range s.entries {
		file := strings.TrimSuffix(filepath.Base(e.File), ".toml")
		if e.Err == nil && !IsDraft(e.File) && (e.Scenario.Name == name || file == name) {
			return e.Scenario, true
		}
	}
	return scenarios.Scenario{}, false
}

// SetEntries takes what the scenario folder holds.
func (s *Session) SetEntries(entries []scenarios.Entry) {
	s.entries = entries
	for _, e := range entries {
		if e.Err == nil && !IsDraft(e.File) {
			s.disk[e.Scenario.Name] = string(e.Scenario.Format())
		}
	}
}

// Entries are the scenarios of the folder as last read, the draft among them.
func (s *Session) Entries() []scenarios.Entry { return s.entries }

// Folder is where scenarios are saved.
func (s *Session) Folder() scenarios.Folder { return s.folder }
