package policy

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

//go:embed designs/*.toml
var builtin embed.FS

// Schema is the first line of every design file.
const Schema = "bundlelab.design/1"

// Set is a collection of designs, in the order of tables.
type Set struct{ designs []*Design }

// NotFoundError says there is no such design (exit code 2, ruling 47).
type NotFoundError struct {
	ID   string
	Have []string
}

func (e *NotFoundError) Error() string {
	return fmt.Sprintf("no design %q: there are %s", e.ID, strings.Join(e.Have, ", "))
}

// Builtin loads the designs that ship with the program.
func Builtin() (*Set, error) {
	sub, err := fs.Sub(builtin, "designs")
	if err != nil {
		return nil, err
	}
	return Load(sub)
}

// Load reads every .toml file of a folder as a design.
func Load(dir fs.FS) (*Set, error) {
	names, err := fs.Glob(dir, "*.toml")
	if err != nil {
		return nil, err
	}
	type ordered struct {
		d *Design
		n int
	}
	var all []ordered
	for _, n := range names {
		b, err := fs.ReadFile(dir, n)
		if err != nil {
			return nil, err
		}
		d, order, err := parse(path.Base(n), b)
		if err != nil {
			return nil, err
		}
		all = append(all, ordered{d, order})
	}
	sort.SliceStable(all, func(a, b int) bool { return all[a].n < all[b].n })
	s := &Set{}
	for _, o := range all {
		if _, err := s.Get(o.d.ID); err == nil {
			return nil, fmt.Errorf("two design files have the id %q", o.d.ID)
		}
		s.designs = append(s.designs, o.d)
	}
	return s, nil
}

// With adds a user's designs; an id that is taken is an error.
func (s *Set) With(own *Set) (*Set, error) {
	out := &Set{designs: slices.Clone(s.designs)}
	for _, d := range own.designs {
		if _, err := out.Get(d.ID); err == nil {
			return nil, fmt.Errorf("design id %q is taken: choose another", d.ID)
		}
		out.designs = append(out.designs, d)
	}
	return out, nil
}

// Parse reads one design file; name is for its errors.
func Parse(name string, b []byte) (*Design, error) {
	d, _, err := parse(name, b)
	return d, err
}

// All lists the designs.
func (s *Set) All() []*Design { return s.designs }

// IDs lists the design ids.
func (s *Set) IDs() []string {
	ids := make([]string, len(s.designs))
	for i, d := range s.designs {
		ids[i] = d.ID
	}
	return ids
}

// Get finds a design by id.
func (s *Set) Get(id string) (*Design, error) {
	for _, d := range s.designs {
		if d.ID == id {
			return d, nil
		}
	}
	return nil, &NotFoundError{id, s.IDs()}
}

func parse(name string, b []byte) (*Design, int, error) {
	var f file
	dec := toml.NewDecoder(strings.NewReader(string(b)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return nil, 0, tomlError(name, err)
	}
	r := reader{name: name}
	d := r.design(&f)
	if len(r.errs) > 0 {
		return nil, 0, errors.Join(r.errs...)
	}
	return d, f.Order, nil
}

// tomlError gives a decode error its file, line and column.
func tomlError(name string, err error) error {
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) && len(strict.Errors) > 0 {
		row, col := strict.Errors[0].Position()
		return fmt.Errorf("%s:%d:%d: unknown key %q: remove it or correct its spelling", name, row, col, strings.Join(strict.Errors[0].Key(), "."))
	}
	var dec *toml.DecodeError
	if errors.As(err, &dec) {
		row, col := dec.Position()
		return fmt.Errorf("%s:%d:%d: %s", name, row, col, strings.TrimPrefix(dec.Error(), "toml: "))
	}
	return fmt.Errorf("%s: %w", name, err)
}
