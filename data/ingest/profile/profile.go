// Package profile reads mapping profiles: short TOML files in which a person
// says under which header a feed holds each field that an importer wants, how
// it writes dates, and what is the same for every row. Feeds whose layout is
// not published, or changes without notice, are imported through one.
package profile

import (
	"slices"
	"strings"
	"unicode"

	"bundlelab/data/ingest/field"
	"bundlelab/engine/calendar"
)

// Schema is the first line of every profile.
const Schema = "bundlelab.profile/1"

// Shape is what an importer can be told: the kinds of files of its format and
// the fields of each.
type Shape struct {
	Format string
	Kinds  []Kind
}

// Kind is one kind of file. A profile must map the required fields, and a file
// must have them; a profile may leave the optional ones out.
type Kind struct {
	Name               string
	Required, Optional []string
}

// Profile is a mapping of one format.
type Profile struct {
	Schema   string  `toml:"schema"`
	Format   string  `toml:"format"`
	Name     string  `toml:"name"`
	Evidence string  `toml:"evidence"` // how sure it is that files look like this
	Note     string  `toml:"note"`
	Files    []*File `toml:"file"`
}

// File maps one kind of file.
type File struct {
	Title     string                       `toml:"kind"`
	Names     []string                     `toml:"names"`     // substrings of the names of such files, in any case
	Sheets    []string                     `toml:"sheets"`    // of a workbook, likewise
	Dates     []string                     `toml:"dates"`     // spellings, in the order they are tried
	Delimiter string                       `toml:"delimiter"` // comma, pipe, tab, semicolon; "" goes by the header
	Required  []string                     `toml:"required"`  // beyond what the importer needs
	MayLack   []string                     `toml:"may_lack"`  // fields whose absence is no news
	Ignored   []string                     `toml:"ignored"`   // headers known and not read; * stands for anything
	Constants map[string]string            `toml:"constants"` // fields that no header holds
	Fields    map[string][]string          `toml:"fields"`    // headers of a field, best first; NAME## are numbered ones
	Values    map[string]map[string]string `toml:"values"`    // by field: what the file writes, what it means

	dates []field.DateFormat
	must  []string // required by importer and profile
	known []string // every field of the kind
}

// Kind is the mapping of a kind of file; nil when the profile has none.
func (p *Profile) Kind(name string) *File {
	for _, f := range p.Files {
		if f.Title == name {
			return f
		}
	}
	return nil
}

// Match says that a file's name is one of this kind, and how well: 2 when the
// part stands at the start of the name or after something that is no letter, 1
// when it stands inside a word, 0 when it is not there.
func (f *File) Match(name string) int {
	name, best := strings.ToLower(name), 0
	for _, part := range f.Names {
		part = strings.ToLower(part)
		for from := 0; part != ""; {
			i := strings.Index(name[from:], part)
			if i < 0 {
				break
			}
			at := from + i
			if at == 0 || !isLetter(name[at-1]) {
				return 2
			}
			best, from = 1, at+1
		}
	}
	return best
}

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' }

// Day reads a date in the file's spellings.
func (f *File) Day(s string) (calendar.Day, error) {
	for _, read := range f.dates {
		if d, err := read(s); err == nil {
			return d, nil
		}
	}
	return 0, field.ErrDate
}

// Comma is the delimiter, 0 when the header decides.
func (f *File) Comma() byte {
	switch f.Delimiter {
	case "comma":
		return ','
	case "pipe":
		return '|'
	case "tab":
		return '\t'
	case "semicolon":
		return ';'
	}
	return 0
}

// Value is what a text of the file means for a field; false when the profile
// does not say. Case, blanks and punctuation do not count, and & is "and".
func (f *File) Value(name, given string) (string, bool) {
	given = fold(given)
	for k, v := range f.Values[name] {
		if fold(k) == given {
			return v, true
		}
	}
	return "", false
}

// fold writes a text as its small letters and digits.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, strings.ReplaceAll(s, "&", "and"))
}

// delimiters are the words for them.
func delimiters() []string { return []string{"", "comma", "pipe", "tab", "semicolon"} }

// grades are the words for evidence.
func grades() []string {
	return []string{"regulation", "primary", "secondary", "derived", "unconfirmed", "assumed", "user"}
}

func (k Kind) knows(name string) bool {
	return slices.Contains(k.Required, name) || slices.Contains(k.Optional, name)
}
