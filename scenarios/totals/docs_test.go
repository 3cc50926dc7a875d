package totals_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"bundlelab/scenarios/totals"
)

// Every example of docs/formats.md settles to what the text below it says, and
// every built-in design has one of its kind.
func TestDocumentedStatementsSettle(t *testing.T) {
	text, err := os.ReadFile("../../docs/formats.md")
	if err != nil {
		t.Fatal(err)
	}
	set := designs(t)
	example := regexp.MustCompile("(?s)```json\n(\\{\"schema\":\"bundlelab.settle/1\".*?)```\n\nNet payment `([-0-9.]+)`(?:, hospital net `([-0-9.]+)`)?")
	kinds := map[string]bool{}
	found := example.FindAllStringSubmatch(string(text), -1)
	if n := strings.Count(string(text), "{\"schema\":\"bundlelab.settle/1\""); n != len(found) {
		t.Errorf("%d statements, %d of them with a net payment", n, len(found))
	}
	for _, x := range found {
		got, err := totals.Settle("formats.md", []byte(x[1]), set)
		if err != nil {
			t.Errorf("%s\n%v", x[1], err)
			continue
		}
		l := got.Ledger
		if l.Net.String() != x[2] || x[3] != "" && l.Hospital.String() != x[3] || !l.Foots() {
			t.Errorf("%s: net %s, hospital %s, want %s %s; %q", got.Design.ID, l.Net, l.Hospital, x[2], x[3], l.Warnings)
			for _, y := range l.Lines {
				t.Logf("%-24s %16s %s", y.ID, y.Amount, y.Formula)
			}
		}
		kinds[got.Design.Formula] = true
	}
	for _, d := range set.All() {
		if !kinds[d.Formula] {
			t.Errorf("no example settles a %s design, such as %s", d.Formula, d.ID)
		}
	}
}
