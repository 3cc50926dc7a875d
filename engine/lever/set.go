package lever

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

// Value is one lever's setting, read and checked against its unit and range.
type Value struct {
	Text  string     // as the user wrote it
	Rate  money.Rate // of Percent, Number, Days, Count and Limit
	Cents money.Cents
	None  bool // a Limit of "none", a Switch that is off
}

// RangeError says a value does not fit its lever (exit code 2 on the command
// line, 3 in a file).
type RangeError struct{ Key, Value, Why string }

func (e *RangeError) Error() string { return fmt.Sprintf("%s = %q: %s", e.Key, e.Value, e.Why) }

// ParseValue reads a value for a lever.
func ParseValue(d *Def, text string) (Value, error) {
	v := Value{Text: strings.TrimSpace(text)}
	bad := func(why string) (Value, error) { return v, &RangeError{d.Key(), text, why} }
	switch d.Unit {
	case ID, Switch:
		if v.Text == "" || len(v.Text) > 40 || len(d.Choices) > 0 && !slices.Contains(d.Choices, v.Text) {
			return bad("use one of " + strings.Join(d.Choices, ", "))
		}
		v.None = v.Text == "off"
		return v, nil
	case Dollars:
		c, err := money.ParseCents(v.Text)
		if err != nil {
			return bad("write dollars with two decimals, for example 250000.00")
		}
		if c < 0 {
			return bad("it cannot be negative")
		}
		v.Cents = c
		return v, nil
	case Limit:
		if v.Text == "none" {
			v.None = true
			return v, nil
		}
	case Percent, Number, Days, Count:
	}
	r, err := money.ParseRate(strings.TrimPrefix(v.Text, "+"))
	if err != nil && (d.Unit == Percent || d.Unit == Limit) {
		return bad(err.Error() + "; write " + d.form())
	}
	if err != nil {
		return bad("write " + d.form())
	}
	if d.Unit != Percent && d.Unit != Limit && strings.Contains(v.Text, "%") {
		if d.Name != "cap_percentile" {
			return bad("write " + d.form())
		}
		r = r.Mul(money.NewRate(100, 0))
	}
	if d.Unit == Count && !r.Decimal().IsInteger() {
		return bad("write " + d.form())
	}
	if d.Min != "" && r.Cmp(mustRate(d.Min)) < 0 || d.Max != "" && r.Cmp(mustRate(d.Max)) > 0 {
		return bad(d.rangeText())
	}
	v.Rate = r
	return v, nil
}

func (d *Def) form() string {
	switch d.Unit {
	case Percent, Limit:
		return `a rate such as "15%" or "0.15"`
	case Days:
		return `days such as "2.0"`
	case Count:
		return fmt.Sprintf("a whole number from %s to %s", d.Min, d.Max)
	case Number, Dollars, Switch, ID:
	}
	return fmt.Sprintf("a number from %s to %s", d.Min, d.Max)
}

func (d *Def) rangeText() string {
	if d.Max == "" {
		return "it must be at least " + d.Min
	}
	s := fmt.Sprintf("it must be from %s to %s", d.Min, d.Max)
	if d.Unit == Percent || d.Unit == Limit {
		s += ` (a plain number is a fraction: "0.15" is 15%)`
	}
	return s
}

// mustRate reads a bound of the registry, which a test holds to be readable.
func mustRate(s string) money.Rate {
	r, err := money.ParseRate(s)
	if err != nil {
		panic("lever registry: " + err.Error())
	}
	return r
}

// Setting is one key with its value.
type Setting struct {
	Key   Key
	Value Value
}

// Set is a scenario's levers. The zero Set is the baseline. It is a value:
// With and Without return a new one, so undo keeps the old.
type Set struct{ items []Setting }

// Items lists the settings in the order they were first made.
func (s Set) Items() []Setting { return slices.Clone(s.items) }

// All goes through the settings in their order, without a list of its own.
func (s Set) All() iter.Seq[Setting] { return slices.Values(s.items) }

// Any says whether any setting is such a one.
func (s Set) Any(is func(Setting) bool) bool { return slices.ContainsFunc(s.items, is) }

// Len counts the settings.
func (s Set) Len() int { return len(s.items) }

// With returns the set with one more setting; the same key is replaced.
func (s Set) With(key, text string) (Set, error) {
	k, d, err := ParseKey(key)
	if err != nil {
		return s, err
	}
	v, err := ParseValue(d, text)
	if err != nil {
		var re *RangeError
		if errors.As(err, &re) {
			re.Key = key
		}
		return s, err
	}
	return s.Put(Setting{k, v}), nil
}

// Put returns the set with one more setting that is already read; the same key
// is replaced.
func (s Set) Put(x Setting) Set {
	items := slices.Clone(s.items)
	for i := range items {
		if items[i].Key == x.Key {
			items[i] = x
			return Set{items}
		}
	}
	return Set{append(items, x)}
}

// Without returns the set with a key back at its baseline.
func (s Set) Without(k Key) Set {
	return Set{slices.DeleteFunc(slices.Clone(s.items), func(x Setting) bool { return x.Key == k })}
}

// WithoutNamed returns the set with some levers of a group back at their
// baselines everywhere, for single hospitals and categories too.
func (s Set) WithoutNamed(group string, names ...string) Set {
	return Set{slices.DeleteFunc(slices.Clone(s.items), func(x Setting) bool {
		return x.Key.Group == group && slices.Contains(names, x.Key.Name)
	})}
}

// Over returns the base with this set's settings on top.
func (s Set) Over(base Set) Set {
	if len(base.items) == 0 {
		return s
	}
	for _, x := range s.items {
		base = base.Put(x)
	}
	return base
}

// Exactly finds the setting of one key.
func (s Set) Exactly(k Key) (Value, bool) {
	for _, x := range s.items {
		if x.Key == k {
			return x.Value, true
		}
	}
	return Value{}, false
}

// Get finds the value that applies to a hospital and a category: the
// hospital's own, else the category's, else the one for all.
func (s Set) Get(group, name, hospital string, c episode.Category) (Value, bool) {
	best, rank := Value{}, 0
	for i := range s.items {
		x := &s.items[i]
		k := &x.Key
		if k.Group != group || k.Name != name || k.Hospital != "" && k.Hospital != hospital || k.Category != 0 && k.Category != c {
			continue
		}
		r := 1
		if k.Category != 0 {
			r++
		}
		if k.Hospital != "" {
			r += 2
		}
		if r > rank {
			best, rank = x.Value, r
		}
	}
	return best, rank > 0
}

// Rate is the rate that applies to a hospital and a category, zero when the
// lever is at its baseline; "" and 0 ask for what applies to all.
func (s Set) Rate(group, name, hospital string, c episode.Category) money.Rate {
	v, _ := s.Get(group, name, hospital, c)
	return v.Rate
}

// Hospitals lists the hospitals with a setting of their own, by CCN.
func (s Set) Hospitals() []string {
	var out []string
	for _, x := range s.items {
		if h := x.Key.Hospital; h != "" && !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	return out
}
