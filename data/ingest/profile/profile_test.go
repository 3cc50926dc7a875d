package profile_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bundlelab/data/ingest/profile"
	"bundlelab/engine/calendar"
)

// shape is a format of two kinds.
func shape() profile.Shape {
	return profile.Shape{Format: "made-up", Kinds: []profile.Kind{
		{Name: "people", Required: []string{"id", "born"}, Optional: []string{"town", "visit", "kind", "source"}},
		{Name: "towns", Required: []string{"town"}},
	}}
}

const good = `schema = "bundlelab.profile/1"
format = "made-up"
name = "A made-up layout"
evidence = "assumed"

[[file]]
kind = "people"
names = ["ppl_"]
dates = ["DDMONYYYY", "MM/DD/YYYY"]
delimiter = "tab"
required = ["town"]
may_lack = ["visit"]
ignored = ["DGNS*CD", "NOTES"]
[file.constants]
source = " the county "
[file.fields]
id    = ["PERSON_ID", "ID"]
born  = ["BIRTH"]
town  = ["TOWN"]
visit = ["VISIT##"]
kind  = ["KIND"]
[file.values.kind]
"Hip & knee" = "joint"
`

func parse(t testing.TB, text string) *profile.Profile {
	t.Helper()
	p, err := profile.Parse("p.toml", []byte(text), shape())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestBind(t *testing.T) {
	f := parse(t, good).Kind("people")
	if f == nil || f.Comma() != '\t' || parse(t, good).Kind("towns") != nil {
		t.Fatal("the kind was not read")
	}
	// ID comes first in the header, but PERSON_ID is the better candidate;
	// VISIT2 comes before VISIT10 by number; NEW is unknown.
	header := []string{"id", " person_id ", "Birth", "Town", "VISIT10", "visit2", "DGNS01CD", "NEW", "VISITOR"}
	b := f.Bind(header)
	if b.Missing() != "" || b.Place("id") != 1 || b.Header("town") != "Town" || b.Has("kind") || !b.Has("source") {
		t.Errorf("missing %q, id at %d", b.Missing(), b.Place("id"))
	}
	if d := cmp.Diff([]int{5, 4}, b.Numbered("visit")); d != "" {
		t.Error(d)
	}
	cells := []string{"1", " 7 ", "02MAR1950", "Ulm"}
	if b.Text(cells, "id") != "7" || b.Text(cells, "source") != "the county" || b.Text(cells, "visit") != "" {
		t.Error("cells")
	}
	drift := b.Drift()
	for _, want := range []string{"NEW, VISITOR", "no column holds: kind"} {
		if !strings.Contains(drift, want) {
			t.Errorf("%q is not in %q", want, drift)
		}
	}
	columns := b.Columns()
	if columns["id"] != "PERSON_ID" || columns["visit.1"] != "VISIT2" || columns["visit.2"] != "VISIT10" || columns["kind"] != " " {
		t.Errorf("%q", columns)
	}
	want := "id (looked for PERSON_ID, ID); born (looked for BIRTH); town (looked for TOWN)"
	if got := f.Bind([]string{"A"}).Missing(); !strings.Contains(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestValues(t *testing.T) {
	f := parse(t, good).Kind("people")
	for text, want := range map[string]string{"HIP and  knee!": "joint", "hip & knee": "joint", "knee": ""} {
		if got, ok := f.Value("kind", text); got != want || ok != (want != "") {
			t.Errorf("%q means %q", text, got)
		}
	}
	b := f.Bind([]string{"KIND"})
	if b.Text([]string{"HIP & KNEE"}, "kind") != "joint" || b.Text([]string{"else"}, "kind") != "else" {
		t.Error("values of cells")
	}
}

func TestMatch(t *testing.T) {
	f := parse(t, good).Kind("people")
	for name, want := range map[string]int{"ppl_2020.csv": 2, "all-PPL_2020.csv": 2, "xppl_2020.csv": 1, "xppl_ppl_.csv": 2, "people.csv": 0} {
		if got := f.Match(name); got != want {
			t.Errorf("%s: %d", name, got)
		}
	}
}

func TestDates(t *testing.T) {
	all := strings.Replace(good, `["DDMONYYYY", "MM/DD/YYYY"]`, `["DDMONYYYY", "DD-MON-YYYY", "YYYY-MM-DD", "YYYYMMDD", "MM/DD/YYYY"]`, 1)
	f, few := parse(t, all).Kind("people"), parse(t, good).Kind("people")
	for _, s := range []string{"07FEB2016", "07feb2016", "07-Feb-2016", "2016-02-07", "20160207", "2/7/2016", "02/07/2016"} {
		if d, err := f.Day(s); err != nil || d != calendar.Date(2016, 2, 7) {
			t.Errorf("%s: %v %v", s, d, err)
		}
	}
	for _, s := range []string{"", "30FEB2016", "7FEB2016", "2016-2-7", "13/01/2016", "2/7/16", "/7/2016", "002/7/2016", "2016-02-07T00:00:00"} {
		if d, err := f.Day(s); err == nil {
			t.Errorf("%s: %v", s, d)
		}
	}
	if _, err := few.Day("2016-02-07"); err == nil {
		t.Error("a spelling that the profile does not name")
	}
}

func TestFaultsHaveTheirPlace(t *testing.T) {
	swap := func(old, with string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("%q is not in the text", old)
		}
		return strings.Replace(good, old, with, 1)
	}
	tests := []struct{ name, text, want string }{
		{"not TOML", "schema = \n", "p.toml:1:10: "},
		{"wrong type", swap(`names = ["ppl_"]`, `names = "ppl_"`), "p.toml:8:"},
		{"no schema", swap("bundlelab.profile/1", "other/1"), `p.toml:1:1: the profile must say schema = "bundlelab.profile/1"`},
		{"other format", swap(`"made-up"`, `"team"`), `p.toml:2:1: the profile must say format = "made-up"`},
		{"evidence", swap(`"assumed"`, `"sure"`), "p.toml:4:1: evidence is one of regulation,"},
		{"unknown key", swap("may_lack", "maylack"), "p.toml:12:1: file.maylack is not a key of a mapping profile"},
		{"unknown kind", swap(`kind = "people"`, `kind = "persons"`), `p.toml:7:1: "persons" is not a kind of file of this format: use people, towns`},
		{"unknown field", swap("born  =", "birth ="), "p.toml:18:1: birth is not a field of people"},
		{"misspelt field", swap("born  =", "brn ="), "p.toml:18:1: brn is not a field of people: there are id, born, town"},
		{"needed field", swap("born  =", "birth ="), "p.toml:6:3: the field born of people has no header"},
		{"spelling", swap(`"MM/DD/YYYY"`, `"DD.MM.YYYY"`), `p.toml:9:1: "DD.MM.YYYY" is not a spelling of dates`},
		{"delimiter", swap(`"tab"`, `"dot"`), `p.toml:10:1: "dot" is not a delimiter: use comma, pipe, tab, semicolon`},
		{"constant and header", swap("source =", "kind ="), "p.toml:15:1: kind is a constant and has headers too"},
		{"unknown constant", swap("source =", "origin ="), "p.toml:15:1: origin is not a field of people"},
		{"empty list", swap(`["TOWN"]`, `[]`), "p.toml:19:1: town has no header"},
		{"required and unmapped", swap(`required = ["town"]`, `required = ["source", "visit", "nothing"]`), "p.toml:11:1: nothing is not a field of people"},
		{"blank name", swap(`"ppl_"`, `" "`), "p.toml:8:1: name 1 is blank"},
		{"twice", good + "[[file]]\nkind = \"people\"\n[file.fields]\nid = [\"A\"]\nborn = [\"B\"]\n", `p.toml:25:1: the kind "people" stands twice`},
		{"no files", good[:strings.Index(good, "[[file]]")], "the profile maps no kind of file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := profile.Parse("p.toml", []byte(tt.text), shape())
			var bad *profile.FileError
			if !errors.As(err, &bad) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "own.toml")
	if _, err := profile.Load(path, shape()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if err := os.WriteFile(path, []byte(good), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := profile.Load(path, shape())
	if err != nil || p.Name != "A made-up layout" {
		t.Errorf("%v %v", p, err)
	}
	if err := os.WriteFile(path, make([]byte, 1<<20+1), 0o600); err != nil {
		t.Fatal(err)
	}
	var bad *profile.FileError
	if _, err := profile.Load(path, shape()); !errors.As(err, &bad) {
		t.Errorf("got %v", err)
	}
}

// FuzzParse: no text makes the reader panic, every fault has a place inside
// the text, and what is accepted binds to any header.
func FuzzParse(f *testing.F) {
	f.Add(good, "ID,BIRTH,TOWN")
	f.Add(strings.ReplaceAll(good, "=", "= ="), "")
	f.Add("[file]\nkind = 1\n", "a")
	f.Add("[[file]]\n[[file]]\nfile.fields.x = []\n", "VISIT,VISIT+1,VISIT-1,VISIT01")
	f.Add("format = \"made-up\"\n[file.values.kind]\n", "*")
	f.Fuzz(func(t *testing.T, text, header string) {
		p, err := profile.Parse("p.toml", []byte(text), shape())
		var bad *profile.FileError
		if err != nil {
			if !errors.As(err, &bad) || len(bad.Problems) == 0 {
				t.Fatalf("got %v", err)
			}
			for _, x := range bad.Problems {
				if x.Line < 1 || x.Column < 1 || x.Line > strings.Count(text, "\n")+2 {
					t.Errorf("a fault at %d:%d", x.Line, x.Column)
				}
			}
			return
		}
		for _, k := range p.Files {
			b := k.Bind(strings.Split(header, ","))
			cells := strings.Split(header, ",")
			for name := range k.Fields {
				_ = b.Text(cells, name)
				if i := b.Place(name); i >= len(cells) {
					t.Errorf("%s at %d of %d", name, i, len(cells))
				}
			}
			_, _, _ = b.Missing(), b.Drift(), b.Columns()
			_, _ = k.Day(header)
		}
	})
}
