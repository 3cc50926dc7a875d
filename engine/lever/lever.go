// Package lever is what a user may change: one registry of keys with unit,
// range, scope and meaning, and the rule by which the care and market levers
// fold into one weight per category and setting (engine.md 3).
package lever

import (
	"fmt"
	"slices"
	"strings"

	"bundlelab/engine/episode"
	"bundlelab/engine/spell"
)

// Scope says what a lever is set for.
type Scope uint8

// The scopes.
const (
	PerHospital Scope = iota // one value, or one per hospital
	PerDesign                // one value
	PerCategory              // all categories or one, for all hospitals or one
)

// Unit says how a value is written.
type Unit uint8

// The units.
const (
	ID      Unit = iota // a name
	Percent             // a rate: "15%" or "0.15"
	Number              // a plain number
	Days                // days, decimals allowed
	Count               // a whole number
	Dollars             // an amount with two decimals
	Switch              // on or off
	Limit               // a rate, or "none"
)

// Def is one lever of the registry.
type Def struct {
	Group, Name string // "care", "snf_days"; a saving's name is "saving.snf"
	Scope       Scope
	Unit        Unit
	Min, Max    string   // as the value is written; "" open
	Baseline    string   // what leaving it alone means, in words or as a value
	Step        string   // one key press
	Choices     []string // of an ID
	Title       string
	Meaning     string
	Evidence    string // what is known about its plausible range
	Likely      string // most that programs are known to have reached, as Evidence has it; "" unknown
}

// Key is the canonical key without hospital or category.
func (d *Def) Key() string { return d.Group + "." + d.Name }

// ByHospital says whether the lever can be set for one hospital: levers of the
// design, and the choice of design and period, are the same for all.
func (d *Def) ByHospital() bool {
	return d.Scope != PerDesign && d.Key() != "policy.design" && d.Key() != "policy.period"
}

// Key is where a lever is set: hospital beats category beats all (ruling 26).
type Key struct {
	Hospital string           // CCN, "" for all
	Category episode.Category // 0 for all
	Group    string
	Name     string
}

// String writes the key as scenario files do: "care.LEJR.snf_days",
// "hospital.100001.quality.cqs".
func (k Key) String() string {
	s := k.Group + "."
	if k.Category != 0 {
		s += k.Category.String() + "."
	} else if k.Group == "care" {
		s += "all."
	}
	s += k.Name
	if k.Hospital != "" {
		s = "hospital." + k.Hospital + "." + s
	}
	return s
}

// KeyError says a key is not one of the registry.
type KeyError struct{ Key, Why string }

func (e *KeyError) Error() string { return fmt.Sprintf("lever %q: %s", e.Key, e.Why) }

// ParseKey reads group[.category].name, hospital.<CCN>.group.name, and
// market.mix.<category> in either order.
func ParseKey(s string) (Key, *Def, error) {
	var k Key
	parts := strings.Split(s, ".")
	if parts[0] == "hospital" {
		if len(parts) < 4 || parts[1] == "" {
			return k, nil, &KeyError{s, "write hospital.<CCN>.<group>.<name>"}
		}
		k.Hospital, parts = parts[1], parts[2:]
	}
	if len(parts) < 2 {
		return k, nil, &KeyError{s, "write <group>.<name>, for example policy.track"}
	}
	k.Group = parts[0]
	rest, inner := parts[1:], ""
	if len(rest) > 1 && isCategory(rest[0]) {
		inner, rest = rest[0], rest[1:]
	} else if len(rest) == 2 && rest[0] == "mix" && isCategory(rest[1]) {
		inner, rest = rest[1], rest[:1]
	}
	if inner != "" && inner != "all" {
		k.Category, _ = episode.ParseCategory(inner)
	}
	k.Name = strings.Join(rest, ".")
	all := inGroup(k.Group)
	for i := range all {
		d := &all[i]
		if d.Group != k.Group || d.Name != k.Name {
			continue
		}
		switch {
		case k.Category != 0 && d.Scope != PerCategory:
			return k, nil, &KeyError{s, "this lever is not set by category"}
		case k.Hospital != "" && !d.ByHospital():
			return k, nil, &KeyError{s, "this lever is not set by hospital"}
		}
		return k, d, nil
	}
	return k, nil, &KeyError{s, unknown(k.Group, k.Name)}
}

func isCategory(s string) bool {
	_, err := episode.ParseCategory(s)
	return err == nil || s == "all"
}

// unknown suggests the registry's nearest name: of this group, of another, else
// one that at least begins alike.
func unknown(group, name string) string {
	var here, all []string
	best, score := "", 3
	for _, d := range Registry() {
		n := common(d.Name, name)
		if d.Group == group {
			n += 2
			here = append(here, d.Name)
		}
		if n > score {
			best, score = d.Key(), n
		}
		all = append(all, d.Name)
	}
	if near := spell.Nearest(name, here); near != "" {
		best = group + "." + near
	} else if near := spell.Nearest(name, all); near != "" {
		best = Registry()[slices.Index(all, near)].Key()
	}
	if best == "" {
		return "there is no such lever; `bundlelab designs` lists designs and docs/methodology.md lists levers"
	}
	return fmt.Sprintf("there is no such lever; did you mean %s?", best)
}

func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
