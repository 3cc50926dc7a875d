package policy

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"reflect"
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

// Load reads every .toml file of a folder as a design; one that cannot be
// read ends it. Errors: *FileError.
func Load(dir fs.FS) (*Set, error) {
	s, problems, err := load(dir, Parse)
	return s, errors.Join(err, faults(problems))
}

// LoadOwn reads a user's folder: every file must be in order and whole. The
// set holds those that are, also beside an error, which is a *FileError that
// lists the faults of all files.
func LoadOwn(dir fs.FS) (*Set, error) {
	s, problems, err := load(dir, Check)
	return s, errors.Join(err, faults(problems))
}

func load(dir fs.FS, read func(string, []byte) (*Design, error)) (*Set, []Problem, error) {
	names, err := fs.Glob(dir, "*.toml")
	if err != nil {
		return nil, nil, err
	}
	s := &Set{}
	var problems []Problem
	for _, n := range names {
		b, err := fs.ReadFile(dir, n)
		if err != nil {
			return nil, nil, err
		}
		d, err := read(path.Base(n), b)
		var f *FileError
		switch {
		case errors.As(err, &f):
			problems = append(problems, f.Problems...)
		case err != nil:
			return nil, nil, err
		case slices.Contains(s.IDs(), d.ID):
			problems = append(problems, d.src.problem("id", "design", "another file of this folder has the id %q: choose another", d.ID))
		default:
			s.designs = append(s.designs, d)
		}
	}
	sort.SliceStable(s.designs, func(a, b int) bool { return s.designs[a].order < s.designs[b].order })
	return s, problems, nil
}

// With adds a user's designs; one whose id is taken is left out, and named by
// the *FileError beside the set.
func (s *Set) With(own *Set) (*Set, error) {
	out := &Set{designs: slices.Clone(s.designs)}
	var problems []Problem
	for _, d := range own.designs {
		if slices.Contains(out.IDs(), d.ID) {
			problems = append(problems, d.taken())
			continue
		}
		out.designs = append(out.designs, d)
	}
	return out, faults(problems)
}

// Parse reads one design file and checks its form: types, ranges, dates,
// sources, unknown names. name is for its errors, which are *FileError.
func Parse(name string, b []byte) (*Design, error) {
	d, problems := parse(name, b)
	if err := faults(problems); err != nil {
		return nil, err
	}
	return d, nil
}

// Check reads one design file and checks its form and that it is whole
// (Complete), all faults at once.
func Check(name string, b []byte) (*Design, error) {
	d, problems := parse(name, b)
	if d != nil {
		problems = append(problems, d.incomplete()...)
	}
	if err := faults(problems); err != nil {
		return nil, err
	}
	return d, nil
}

// Check is the package's Check of a file that is to stand beside the set: its
// id must be free, unless it is the very file one of the set was read from.
func (s *Set) Check(name string, b []byte) (*Design, error) {
	d, err := Check(name, b)
	if err != nil {
		return nil, err
	}
	if other, err := s.Get(d.ID); err == nil && !bytes.Equal(other.src.body, b) {
		return nil, faults([]Problem{d.taken()})
	}
	return d, nil
}

// taken says that the id is another design's.
func (d *Design) taken() Problem {
	return d.src.problem("id", "design", "the id %q is taken: choose another", d.ID)
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

// parse reads what it can; a text that is not TOML gives no design.
func parse(name string, b []byte) (*Design, []Problem) {
	r := reader{src: &source{name: name, body: b}, bad: map[string]bool{}}
	var tree map[string]any
	if err := toml.Unmarshal(b, &tree); err != nil {
		return nil, []Problem{r.broken(err)}
	}
	var f file
	r.fill(reflect.ValueOf(&f).Elem(), tree, "")
	return r.design(&f), r.problems
}

// broken is a text that is not TOML.
func (r *reader) broken(err error) Problem {
	p := Problem{File: r.src.name, Line: 1, Column: 1, Text: strings.TrimPrefix(err.Error(), "toml: ")}
	var dec *toml.DecodeError
	if errors.As(err, &dec) {
		p.Line, p.Column = dec.Position()
	}
	return p
}
