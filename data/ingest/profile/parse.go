package profile

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// Problem is one fault of a profile with its place.
type Problem struct {
	Line, Column int
	Text         string
}

// FileError lists the faults of a profile, all at once.
type FileError struct {
	Name     string
	Problems []Problem
}

// Error is one line for each fault: name:line:column: what.
func (e *FileError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = fmt.Sprintf("%s:%d:%d: %s", e.Name, p.Line, p.Column, p.Text)
	}
	return strings.Join(lines, "\n")
}

// maxSize is the longest profile read.
const maxSize = 1 << 20

// Load reads a profile from a file.
func Load(path string, shape Shape) (*Profile, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("reading the mapping profile: %w", err)
	}
	if info.Size() > maxSize {
		return nil, &FileError{info.Name(), []Problem{{1, 1, "a mapping profile is no larger than 1 MB"}}}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the mapping profile: %w", err)
	}
	return Parse(info.Name(), text, shape)
}

// Parse reads a profile strictly: an unknown key, field or kind is a fault, and
// so is a field the importer needs that nothing maps. name is for the errors,
// which are *FileError.
func Parse(name string, text []byte, shape Shape) (*Profile, error) {
	p := &Profile{}
	c := &checker{shape: shape}
	err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(p)
	var unknown *toml.StrictMissingError
	var broken *toml.DecodeError
	switch {
	case errors.As(err, &unknown):
		for i := range unknown.Errors {
			x := &unknown.Errors[i]
			line, column := x.Position()
			c.problems = append(c.problems, Problem{line, column, fmt.Sprintf("%s is not a key of a mapping profile", strings.Join(x.Key(), "."))})
		}
	case errors.As(err, &broken):
		line, column := broken.Position()
		return nil, &FileError{name, []Problem{{line, column, strings.TrimPrefix(broken.Error(), "toml: ")}}}
	case err != nil:
		return nil, &FileError{name, []Problem{{1, 1, strings.TrimPrefix(err.Error(), "toml: ")}}}
	}
	c.places = places(text)
	c.check(p)
	if len(c.problems) > 0 {
		slices.SortStableFunc(c.problems, func(a, b Problem) int { return a.Line - b.Line })
		return nil, &FileError{name, c.problems}
	}
	return p, nil
}

// checker looks for what a well-formed profile still says wrong.
type checker struct {
	shape    Shape
	places   map[string]place
	problems []Problem
}

// fail notes a fault at the nearest place of the file that path names.
func (c *checker) fail(path, format string, a ...any) {
	at := place{1, 1}
	for p := path; p != ""; {
		if x, ok := c.places[p]; ok {
			at = x
			break
		}
		i := strings.LastIndexByte(p, '.')
		if i < 0 {
			break
		}
		p = p[:i]
	}
	c.problems = append(c.problems, Problem{at.line, at.column, fmt.Sprintf(format, a...)})
}

func (c *checker) check(p *Profile) {
	if p.Schema != Schema {
		c.fail("schema", "the profile must say schema = %q", Schema)
	}
	if p.Format != c.shape.Format {
		c.fail("format", "the profile must say format = %q", c.shape.Format)
	}
	if !slices.Contains(grades(), p.Evidence) {
		c.fail("evidence", "evidence is one of %s", strings.Join(grades(), ", "))
	}
	seen := map[string]bool{}
	for i, f := range p.Files {
		at := fmt.Sprintf("file.%d", i)
		k, ok := c.kind(f.Title)
		switch {
		case !ok:
			c.fail(at+".kind", "%q is not a kind of file of this format: use %s", f.Title, strings.Join(c.kinds(), ", "))
			continue
		case seen[f.Title]:
			c.fail(at+".kind", "the kind %q stands twice", f.Title)
		}
		seen[f.Title] = true
		c.file(at, k, f)
	}
	if len(p.Files) == 0 {
		c.fail("schema", "the profile maps no kind of file: add a [[file]] of kind %s", strings.Join(c.kinds(), ", "))
	}
}

func (c *checker) kind(name string) (Kind, bool) {
	for _, k := range c.shape.Kinds {
		if k.Name == name {
			return k, true
		}
	}
	return Kind{}, false
}

func (c *checker) kinds() []string {
	var names []string
	for _, k := range c.shape.Kinds {
		names = append(names, k.Name)
	}
	return names
}

func (c *checker) file(at string, k Kind, f *File) {
	known := spellings()
	for _, d := range f.Dates {
		read, ok := known[d]
		if !ok {
			c.fail(at+".dates", "%q is not a spelling of dates: use %s", d, strings.Join(spellingNames(), ", "))
			continue
		}
		f.dates = append(f.dates, read)
	}
	if !slices.Contains(delimiters(), f.Delimiter) {
		c.fail(at+".delimiter", "%q is not a delimiter: use %s", f.Delimiter, strings.Join(delimiters()[1:], ", "))
	}
	c.names(at, k, f)
	for name, headers := range f.Fields {
		if len(headers) == 0 {
			c.fail(at+".fields."+name, "%s has no header: name one, or leave the field out", name)
		}
		if _, ok := f.Constants[name]; ok {
			c.fail(at+".constants."+name, "%s is a constant and has headers too: leave one of the two out", name)
		}
	}
	f.must = append(slices.Clone(k.Required), f.Required...)
	f.known = append(slices.Clone(k.Required), k.Optional...)
	for _, name := range k.Required {
		if len(f.Fields[name]) == 0 && f.Constants[name] == "" {
			c.fail(at, "the field %s of %s has no header: the importer cannot do without it", name, k.Name)
		}
	}
	for i, part := range f.Names {
		if strings.TrimSpace(part) == "" {
			c.fail(at+".names", "name %d is blank: it would match every file", i+1)
		}
	}
}

// names looks for fields that the importer does not have.
func (c *checker) names(at string, k Kind, f *File) {
	unknown := func(path, name string) {
		if !k.knows(name) {
			all := append(slices.Clone(k.Required), k.Optional...)
			c.fail(path, "%s is not a field of %s: there are %s", name, k.Name, strings.Join(all, ", "))
		}
	}
	for name := range f.Fields {
		unknown(at+".fields."+name, name)
	}
	for name := range f.Constants {
		unknown(at+".constants."+name, name)
	}
	for name := range f.Values {
		unknown(at+".values."+name, name)
	}
	for _, name := range f.Required {
		unknown(at+".required", name)
		if len(f.Fields[name]) == 0 && f.Constants[name] == "" {
			c.fail(at+".required", "the field %s is required and has no header", name)
		}
	}
	for _, name := range f.MayLack {
		unknown(at+".may_lack", name)
	}
}
