package policy

import "fmt"

// Evidence grades how well a number is known. A result carries the lowest
// grade it rests on; no code raises one.
type Evidence uint8

// The grades, from best to worst. Derived is arithmetic on facts of better
// grades (ruling 31); User is what the person at the keyboard chose.
const (
	Regulation Evidence = 1 + iota
	Secondary
	Derived
	Unconfirmed
	Assumed
	User
)

// String is the grade as files and screens write it.
func (e Evidence) String() string {
	if e < Regulation || e > User {
		return "ungraded"
	}
	return [...]string{"regulation", "secondary", "derived", "unconfirmed", "assumed", "user"}[e-1]
}

// Short fits a narrow column.
func (e Evidence) Short() string {
	if e < Regulation || e > User {
		return "?"
	}
	return [...]string{"reg.", "second.", "derived", "unconf.", "assumed", "user"}[e-1]
}

// Lowest is the worse of two grades; an ungraded one does not count.
func (e Evidence) Lowest(o Evidence) Evidence { return max(e, o) }

// MarshalText writes the grade.
func (e Evidence) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText reads a grade and refuses any other word.
func (e *Evidence) UnmarshalText(b []byte) error {
	for g := Regulation; g <= User; g++ {
		if g.String() == string(b) {
			*e = g
			return nil
		}
	}
	return fmt.Errorf("%q is not an evidence grade: use regulation, secondary, derived, unconfirmed, assumed or user", b)
}

// Source is where a number comes from.
type Source struct {
	Cite     string
	Evidence Evidence
	Note     string
}
