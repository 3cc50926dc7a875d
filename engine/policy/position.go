package policy

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// Problem is one fault of a design file; Line and Column count from 1 and
// point at the value that is wrong, or at the table that lacks one.
type Problem struct {
	File         string
	Line, Column int
	Where        string // the table in words, "" for the file
	Text         string
}

// String is the problem as editors read it: file:line:column: what.
func (p Problem) String() string {
	s := fmt.Sprintf("%s:%d:%d: ", p.File, p.Line, p.Column)
	if p.Where != "" {
		s += p.Where + ": "
	}
	return s + p.Text
}

// FileError lists every fault of a design file, in the order of their lines.
type FileError struct{ Problems []Problem }

func (e *FileError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// source is the text a design was read from. Its index is made when the first
// fault asks for a place: a sound file never pays for it.
type source struct {
	name  string
	body  []byte
	index *index
}

// problem makes a fault at a path such as "parameter[3].values[0].cite".
func (s *source) problem(path, where, format string, a ...any) Problem {
	if s.index == nil {
		s.index = newIndex(s.body)
	}
	return s.at(s.index.value(path), where, fmt.Sprintf(format, a...))
}

// place is where a path stands, as editors read it.
func (s *source) place(path string) string {
	p := s.problem(path, "", "")
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// atKey makes a fault at a key rather than at its value.
func (s *source) atKey(path, format string, a ...any) Problem {
	if s.index == nil {
		s.index = newIndex(s.body)
	}
	offset, ok := s.index.keys[path]
	if !ok {
		offset = s.index.value(path)
	}
	return s.at(offset, "", fmt.Sprintf(format, a...))
}

func (s *source) at(offset int, where, text string) Problem {
	before := s.body[:offset]
	return Problem{s.name, 1 + bytes.Count(before, []byte("\n")), offset - bytes.LastIndexByte(before, '\n'), where, text}
}

// faults makes an error of problems; none is no error.
func faults(all []Problem) error {
	if len(all) == 0 {
		return nil
	}
	return &FileError{sorted(all)}
}

// sorted puts problems in the order of their places.
func sorted(all []Problem) []Problem {
	slices.SortStableFunc(all, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return all
}

// index knows the byte offset of every table, key and value of a TOML text by
// its path.
type index struct {
	body         []byte
	values, keys map[string]int
	count        map[string]int // tables of an array of tables
}

// newIndex reads the text once. It has been decoded before: what the parser
// should still refuse ends the index early, and places fall back to what
// encloses them.
func newIndex(body []byte) *index {
	x := &index{body, map[string]int{"": 0}, map[string]int{}, map[string]int{}}
	var p unstable.Parser
	p.Reset(body)
	table := ""
	for p.NextExpression() {
		e := p.Expression()
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = x.header(e)
		case unstable.KeyValue:
			x.pair(table, e)
		default: // comments
		}
	}
	return x
}

// value is the offset of a path, or of the nearest table around it.
func (x *index) value(path string) int {
	for {
		if at, ok := x.values[path]; ok {
			return at
		}
		path = parent(path)
	}
}

// parent is the path of what encloses a path; "" is the file.
func parent(path string) string { return path[:max(0, strings.LastIndexAny(path, ".["))] }

// header enters a [table] or a [[table]] and returns its path.
func (x *index) header(e *unstable.Node) string {
	path, start := "", -1
	for it := e.Key(); it.Next(); {
		k := it.Node()
		if start < 0 {
			start = bytes.LastIndexByte(x.body[:k.Raw.Offset], '[')
		}
		path = join(path, string(k.Data))
		if n := x.count[path]; n > 0 && !it.IsLast() {
			path = item(path, n-1)
		}
	}
	if e.Kind == unstable.ArrayTable {
		x.count[path]++
		path = item(path, x.count[path]-1)
		start--
	}
	x.values[path] = start
	return path
}

// pair enters a key and its value, and all a table or list of it holds.
func (x *index) pair(table string, e *unstable.Node) {
	path, first, end := table, -1, 0
	for it := e.Key(); it.Next(); {
		k := it.Node()
		if first < 0 {
			first = int(k.Raw.Offset)
		}
		path, end = join(path, string(k.Data)), int(k.Raw.Offset+k.Raw.Length)
		if _, known := x.values[path]; !known {
			x.values[path] = first // a table that only a dotted key opens
		}
	}
	x.keys[path] = first
	for end < len(x.body) && bytes.IndexByte([]byte(" \t="), x.body[end]) >= 0 {
		end++
	}
	x.enter(path, end, e.Value())
}

func (x *index) enter(path string, at int, v *unstable.Node) {
	x.values[path] = at
	n := 0
	for it := v.Children(); it.Next(); {
		c := it.Node()
		switch {
		case c.Kind == unstable.Comment:
		case v.Kind == unstable.InlineTable:
			x.pair(path, c)
		default:
			if c.Raw.Length > 0 { // a list in a list carries no place of its own
				at = int(c.Raw.Offset)
			}
			x.enter(item(path, n), at, c)
			n++
		}
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func item(path string, n int) string { return path + "[" + strconv.Itoa(n) + "]" }
