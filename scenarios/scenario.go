// Package scenarios keeps what a user assumed: a scenario is a base and the
// levers that differ from it, in a TOML file a person can read and diff.
package scenarios

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"bundlelab/engine/lever"
)

// Schema is the first line of every scenario file.
const Schema = "bundlelab.scenario/1"

// Scenario is a named set of levers over a base.
type Scenario struct {
	Name   string
	Base   string // name of the scenario it builds on, "" or "status-quo" for none
	Note   string
	Levers lever.Set
	Notes  map[string]string // by lever key: owner, source, evidence
}

// StatusQuo is the scenario that changes nothing.
func StatusQuo() Scenario { return Scenario{Name: "Status quo", Base: "status-quo"} }

// FileError says what is wrong in a scenario file, and where (exit code 3).
type FileError struct {
	File         string
	Line, Column int
	Why          string
}

func (e *FileError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.Why)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Why)
}

// Parse reads a scenario file; name is for its errors. Unknown keys, wrong
// units and out-of-range values are errors with line and column.
func Parse(name string, b []byte) (Scenario, error) {
	var s Scenario
	var whole map[string]any
	if err := toml.Unmarshal(b, &whole); err != nil {
		var dec *toml.DecodeError
		if errors.As(err, &dec) {
			row, col := dec.Position()
			return s, &FileError{name, row, col, strings.TrimPrefix(dec.Error(), "toml: ")}
		}
		return s, &FileError{File: name, Why: err.Error()}
	}
	var errs []error
	schema := false
	p := unstable.Parser{}
	p.Reset(b)
	var table []string
	for p.NextExpression() {
		x := p.Expression()
		switch x.Kind {
		case unstable.Table:
			table = keys(x.Key())
		case unstable.KeyValue:
			path := append(append([]string{}, table...), keys(x.Key())...)
			at := p.Shape(x.Value().Raw)
			if x.Value().Raw.Length == 0 {
				at = p.Shape(keyRange(x))
			}
			fail := func(why string) {
				errs = append(errs, &FileError{name, at.Start.Line, at.Start.Column, why})
			}
			if x.Value().Kind != unstable.String {
				fail(strings.Join(path, ".") + ": write the value as text in quotes, so that it stays exact")
				continue
			}
			schema = s.set(path, string(x.Value().Data), fail) || schema
		case unstable.ArrayTable, unstable.Invalid, unstable.Comment, unstable.Key, unstable.Array, unstable.InlineTable, unstable.String,
			unstable.Bool, unstable.Float, unstable.Integer, unstable.LocalDate, unstable.LocalTime, unstable.LocalDateTime, unstable.DateTime:
		}
	}
	if !schema {
		errs = append(errs, &FileError{name, 1, 1, fmt.Sprintf("the first key must be schema = %q", Schema)})
	}
	return s, errors.Join(errs...)
}

func keys(it unstable.Iterator) []string {
	var out []string
	for it.Next() {
		out = append(out, string(it.Node().Data))
	}
	return out
}

func keyRange(x *unstable.Node) unstable.Range {
	it := x.Key()
	it.Next()
	return it.Node().Raw
}

// set stores one key of the file and says whether it was the schema.
func (s *Scenario) set(path []string, value string, fail func(string)) bool {
	if len(path) == 1 {
		switch path[0] {
		case "schema":
			if value != Schema {
				fail(fmt.Sprintf("schema is %q: this program reads %q", value, Schema))
			}
			return true
		case "name":
			s.Name = value
		case "base":
			s.Base = value
		case "note":
			s.Note = value
		default:
			fail(fmt.Sprintf("unknown key %q: lever keys stand in a table such as [policy]", path[0]))
		}
		return false
	}
	if path[0] == "notes" {
		if s.Notes == nil {
			s.Notes = map[string]string{}
		}
		s.Notes[strings.Join(path[1:], ".")] = value
		return false
	}
	levers, err := s.Levers.With(strings.Join(path, "."), value)
	if err != nil {
		fail(err.Error())
		return false
	}
	s.Levers = levers
	return false
}

// Format writes the scenario as a file that Parse reads back.
func (s Scenario) Format() []byte {
	var b strings.Builder
	line := func(k, v string) { fmt.Fprintf(&b, "%s = %s\n", k, quote(v)) }
	line("schema", Schema)
	line("name", s.Name)
	if s.Base != "" {
		line("base", s.Base)
	}
	if s.Note != "" {
		line("note", s.Note)
	}
	tables := map[string][][2]string{}
	for _, x := range s.Levers.Items() {
		key := x.Key.String()
		name := x.Key.Name
		table := strings.TrimSuffix(key, "."+name)
		tables[table] = append(tables[table], [2]string{name, x.Value.Text})
	}
	names := make([]string, 0, len(tables))
	for t := range tables {
		names = append(names, t)
	}
	sort.Strings(names)
	for _, t := range names {
		fmt.Fprintf(&b, "\n[%s]\n", t)
		for _, kv := range tables[t] {
			line(kv[0], kv[1])
		}
	}
	if len(s.Notes) > 0 {
		b.WriteString("\n[notes]\n")
		notes := make([]string, 0, len(s.Notes))
		for k := range s.Notes {
			notes = append(notes, k)
		}
		sort.Strings(notes)
		for _, k := range notes {
			line(quote(k), s.Notes[k])
		}
	}
	return []byte(b.String())
}

func quote(s string) string {
	b, err := toml.Marshal(map[string]string{"x": s})
	if err != nil {
		return fmt.Sprintf("%q", s)
	}
	return strings.TrimSpace(strings.TrimPrefix(string(b), "x = "))
}
