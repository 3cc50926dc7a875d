package scenarios

import (
	"fmt"
	"strings"

	"bundlelab/engine/lever"
)

// statusQuo is the base that changes nothing, by file name and by name.
const statusQuo = "status-quo"

// isStatusQuo says that a base ends the chain.
func isStatusQuo(name string) bool {
	return name == "" || name == statusQuo || strings.EqualFold(name, StatusQuo().Name)
}

// Bases gathers the levers of the scenarios a scenario builds on, the nearest
// on top, and the name of the nearest. find looks one up by name. A base that
// is not found, or a scenario that builds on itself, is a *FileError: its
// levers would be missing in silence.
func Bases(s Scenario, find func(name string) (Scenario, error)) (levers lever.Set, nearest string, err error) {
	nearest = StatusQuo().Name
	seen := map[string]bool{}
	for name := s.Base; !isStatusQuo(name); {
		if seen[name] {
			return lever.Set{}, "", &FileError{File: s.Name, Why: fmt.Sprintf("it builds on itself through %q: give one of them another base", name)}
		}
		base, err := find(name)
		if err != nil {
			return lever.Set{}, "", &FileError{File: s.Name, Why: fmt.Sprintf("its base %q cannot be read (%v): save it first, or set base = %q", name, err, statusQuo)}
		}
		if len(seen) == 0 {
			nearest = base.Name
		}
		seen[name] = true
		levers = levers.Over(base.Levers)
		name = base.Base
	}
	return levers, nearest, nil
}
