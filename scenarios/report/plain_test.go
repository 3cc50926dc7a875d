package report

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// A plain table with a width folds its last column in its place, or under its
// row where less than 24 characters are left, and loses no word.
func TestPlainFolds(t *testing.T) {
	const said = "an episode has no service at all and that is most likely a mistake in the keys"
	for _, tt := range []struct {
		name, place string
		width       int
		want        string
	}{
		{"as it is", "a.csv", 0, "code  at     what\nK002  a.csv  " + said + "\n  " + said + "\n"},
		// 4 + 2 + 5 + 2 = 13 before it, 27 left.
		{"in its place", "a.csv", 40, "code  at     what\n" +
			"K002  a.csv  an episode has no service\n" +
			"             at all and that is most\n" +
			"             likely a mistake in the\n" +
			"             keys\n" +
			"  an episode has no service at all and\n  that is most likely a mistake in the\n  keys\n"},
		// 4 + 2 + 12 + 2 = 20 before it, 20 left.
		{"under its row", "services.csv", 40, "code  at            what\n" +
			"K002  services.csv\n" +
			"    an episode has no service at all and\n    that is most likely a mistake in the\n    keys\n" +
			"  an episode has no service at all and\n  that is most likely a mistake in the\n  keys\n"},
	} {
		var b strings.Builder
		x := Sheet{Header: []string{"code", "at", "what"}, Rows: [][]string{{"K002", tt.place, said}}, Notes: []string{said}, Width: tt.width}
		if err := Write(&b, Table, x); err != nil {
			t.Fatal(err)
		}
		if b.String() != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, b.String(), tt.want)
		}
		for line := range strings.Lines(b.String()) {
			if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); tt.width > 0 && n > tt.width {
				t.Errorf("%s: %d characters: %s", tt.name, n, line)
			}
		}
	}
}

func TestNatural(t *testing.T) {
	x := Sheet{Header: []string{"a", "long header"}, Rows: [][]string{{"four", "x"}}}
	if n := x.Natural(); n != 4+2+11 {
		t.Error(n)
	}
}
