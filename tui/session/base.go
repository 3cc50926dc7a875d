package session

import (
	"fmt"
	"path/filepath"
	"strings"

	"bundlelab/engine/lever"
	"bundlelab/scenarios"
)

// base is what a scenario builds on, down to the status quo.
type base struct {
	name   string
	levers lever.Set
}

const statusQuo = "status-quo"

// baseOf gathers the bases of a scenario from the folder. A base that is not
// there, or one that builds on itself, is an error: its levers would be
// missing in silence.
func (s *Session) baseOf(x scenarios.Scenario) (base, error) {
	b := base{name: "Status quo"}
	name, first := x.Base, true
	seen := map[string]bool{}
	for name != "" && name != statusQuo && !strings.EqualFold(name, "Status quo") {
		if seen[name] {
			return b, fmt.Errorf("scenario %q builds on itself through %q: give one of them another base", x.Name, name)
		}
		seen[name] = true
		e, ok := s.entry(name)
		if !ok {
			return b, fmt.Errorf("scenario %q builds on %q, which is not in the scenario folder: put it there or set base = %q", x.Name, name, statusQuo)
		}
		if first {
			b.name, first = e.Name, false
		}
		b.levers = b.levers.Over(e.Levers)
		name = e.Base
	}
	return b, nil
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
