package policy_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"bundlelab/engine/policy"
)

// TestOverlappingEntries: where two entries could serve the same scope with
// different values, neither more special, the order of the file would choose.
func TestOverlappingEntries(t *testing.T) {
	twice := "stands twice for the same: put all its values into the entry at x.toml:"
	either := "can serve the same episodes with another value"
	for _, x := range []struct {
		name string
		a, b [2]string // axes and value
		want string    // "" in order
	}{
		{"for all", [2]string{"", "1%"}, [2]string{"", "2%"}, twice},
		{"for all, the same value", [2]string{"", "1%"}, [2]string{"", "1%"}, twice},
		{"the same lists in another order", [2]string{`categories = ["LEJR", "CABG"]`, "1%"}, [2]string{`categories = ["CABG", "LEJR"]`, "2%"}, twice},
		{"one category in both", [2]string{`categories = ["LEJR", "CABG"]`, "1%"}, [2]string{`categories = ["CABG"]`, "2%"}, either},
		{"one category in both, the same value", [2]string{`categories = ["LEJR", "CABG"]`, "1%"}, [2]string{`categories = ["CABG"]`, "1%"}, ""},
		{"other categories", [2]string{`categories = ["LEJR"]`, "1%"}, [2]string{`categories = ["CABG"]`, "2%"}, ""},
		{"lengths that meet", [2]string{`days = "0-60"`, "1%"}, [2]string{`days = "30-90"`, "2%"}, either},
		{"lengths that touch", [2]string{`days = "0-60"`, "1%"}, [2]string{`days = "60-90"`, "2%"}, either},
		{"lengths apart", [2]string{`days = "0-60"`, "1%"}, [2]string{`days = "61-90"`, "2%"}, ""},
		{"two classes of one hospital", [2]string{`classes = ["rural"]`, "1%"}, [2]string{`classes = ["sch"]`, "2%"}, either},
		{"two classes, the same value", [2]string{`classes = ["rural"]`, "1%"}, [2]string{`classes = ["sch"]`, "1%"}, ""},
		{"other tracks", [2]string{`tracks = ["1"]`, "1%"}, [2]string{`tracks = ["2"]`, "2%"}, ""},
		{"one names more", [2]string{`tracks = ["1"]`, "1%"}, [2]string{`classes = ["rural"]`, "2%"}, ""},
		{"classes of other tracks", [2]string{"classes = [\"rural\"]\ntracks = [\"1\"]", "1%"}, [2]string{"classes = [\"sch\"]\ntracks = [\"2\"]", "2%"}, ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			_, err := policy.Parse("x.toml", []byte(head+entry("discount", x.a[0], x.a[1])+entry("discount", x.b[0], x.b[1])))
			if x.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			first := strings.Count(head, "\n") + 1
			second := first + strings.Count(entry("discount", x.a[0], x.a[1]), "\n")
			var f *policy.FileError
			if !errors.As(err, &f) || len(f.Problems) != 1 {
				t.Fatalf("got %v", err)
			}
			p := f.Problems[0]
			if p.Line != second || !strings.Contains(p.Text, x.want) || !strings.Contains(p.Text, "the entry at x.toml:"+strconv.Itoa(first)+":1") {
				t.Errorf("got %s, want %q on line %d about line %d", p, x.want, second, first)
			}
		})
	}
}

// TestOverlapInTime: two classes whose values agree in one year and part in
// the next.
func TestOverlapInTime(t *testing.T) {
	of := func(class, later string) string {
		return "[[parameter]]\nkey = \"stop_loss\"\nclasses = [\"" + class + "\"]\nvalues = [{ since = \"2026-01-01\", value = \"3%\", cite = \"c\", evidence = \"regulation\" }" + later + "]\n"
	}
	later := ", { since = \"2027-01-01\", value = \"5%\", cite = \"c\", evidence = \"regulation\" }"
	for _, x := range []struct {
		a, b string
		ok   bool
	}{{"", "", true}, {later, later, true}, {"", later, false}, {later, "", false}} {
		if _, err := policy.Parse("x.toml", []byte(head+of("rural", x.a)+of("sch", x.b))); (err == nil) != x.ok {
			t.Errorf("%+v: %v", x, err)
		}
	}
}

func TestNotes(t *testing.T) {
	body := strings.Replace(whole, `categories = ["LEJR"]`, `categories = ["LEJR", "HIPX"]`, 1)
	for _, key := range []string{"capitation.admin", "quality.withhold", "gain_share"} {
		body += "[[parameter]]\nkey = \"" + key + "\"\nvalues = [{ since = \"2026-01-01\", value = \"2%\", cite = \"c\", evidence = \"user\" }]\n"
	}
	d, err := policy.Check("pilot.toml", []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	// whole has 70 lines; each entry three.
	at := strings.Count(whole, "\n")
	want := []string{
		"pilot.toml:6:23: category HIPX: it can be settled from given totals, not projected: stored episodes are of LEJR, SHFFT, CABG, FUSION, BOWEL",
		"pilot.toml:" + strconv.Itoa(at+2) + ":7: parameter capitation.admin: formula retrospective does not read it: it is one of capitation",
		"pilot.toml:" + strconv.Itoa(at+5) + ":7: parameter quality.withhold: nothing reads it: no quality.effect of this design is withhold",
	}
	var got []string
	for _, n := range d.Notes() {
		got = append(got, n.String())
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestBuiltinsReadAllTheyState: no built-in design states what it does not
// read.
func TestBuiltinsReadAllTheyState(t *testing.T) {
	s, err := policy.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range s.All() {
		for _, n := range d.Notes() {
			if strings.HasPrefix(n.Where, "parameter") {
				t.Errorf("%s", n)
			}
		}
	}
}

// TestAnIDIsTaken: only the very file of a built-in design may have its id.
func TestAnIDIsTaken(t *testing.T) {
	s, err := policy.Load(fstest.MapFS{"pilot.toml": {Data: []byte(whole)}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Check("copy.toml", []byte(whole)); err != nil {
		t.Errorf("its own file: %v", err)
	}
	_, err = s.Check("copy.toml", []byte(whole+"# edited\n"))
	if err == nil || err.Error() != `copy.toml:2:6: design: the id "pilot" is taken: choose another` {
		t.Errorf("edited: %v", err)
	}
	if _, err := s.Check("other.toml", []byte(strings.Replace(whole, `"pilot"`, `"other"`, 1))); err != nil {
		t.Errorf("another id: %v", err)
	}
}
