package designdoc_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"bundlelab/engine/policy"
	"bundlelab/engine/worked"
	"bundlelab/scenarios/designdoc"
)

func builtin(t *testing.T) *policy.Set {
	t.Helper()
	s, err := policy.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func get(t *testing.T, id string) *policy.Design {
	t.Helper()
	d, err := builtin(t).Get(id)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func show(t *testing.T, d *policy.Design) string {
	t.Helper()
	var b bytes.Buffer
	if err := designdoc.Page(&b, d, nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestEveryParameterHasItsChapter fails when a new parameter has no title: its
// values would be missing from every page.
func TestEveryParameterHasItsChapter(t *testing.T) {
	titled := designdoc.Titled()
	for _, key := range policy.Keys() {
		if titled[key] != 1 {
			t.Errorf("parameter %s stands in %d chapters of titles.go", key, titled[key])
		}
		delete(titled, key)
	}
	var b bytes.Buffer
	if err := designdoc.Index(&b, nil); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if strings.Contains(line, "| `") && strings.HasSuffix(strings.TrimSpace(line), "|  |") {
			t.Errorf("it is not said what it means that a design does not state %s", line)
		}
	}
	for key := range titled {
		t.Errorf("titles.go names %s, which no design can state", key)
	}
}

// TestPagesHoldEverything looks for every value with its source, grade and
// note, and for every assumed value among those to set.
func TestPagesHoldEverything(t *testing.T) {
	for _, d := range builtin(t).All() {
		page := show(t, d)
		doubts, _, _ := strings.Cut(page[strings.Index(page, "## Not known: set these"):], "\n## Periods")
		unknown, unsure, _ := strings.Cut(doubts, "## Not confirmed: check these")
		for _, r := range d.Params() {
			line := "`" + r.Key + "` | " + r.For + " | " + r.Value + " | " + r.Since.String() + " | " + r.Through.String() + " | " + r.Cite + " | " + r.Evidence.String() + " | " + r.Note
			if r.Through != 0 && !strings.Contains(page, line) {
				t.Errorf("%s: no line %s", d.ID, line)
			}
			if listed := strings.Contains(unknown, "`"+r.Key+"`"); r.Evidence == policy.Assumed && !listed {
				t.Errorf("%s: %s is assumed and not among what to set", d.ID, r.Key)
			}
			if listed := strings.Contains(unsure, "`"+r.Key+"`"); r.Evidence == policy.Unconfirmed && !listed {
				t.Errorf("%s: %s is unconfirmed and not among what to check", d.ID, r.Key)
			}
		}
		for _, id := range d.StepIDs() {
			if !strings.Contains(page, "| `"+id+"`") {
				t.Errorf("%s: no step %s", d.ID, id)
			}
		}
		for _, c := range d.Listed {
			if !strings.Contains(page, "| `"+c.ID+"` | "+c.Title) {
				t.Errorf("%s: no category %s", d.ID, c.ID)
			}
		}
		for _, m := range d.Measures {
			if !strings.Contains(page, "| `"+m.ID+"`") {
				t.Errorf("%s: no measure %s", d.ID, m.ID)
			}
		}
		for _, p := range d.Periods {
			if !strings.Contains(page, "| "+p.ID+" | "+p.Start.String()) {
				t.Errorf("%s: no period %s", d.ID, p.ID)
			}
		}
		if len(designdoc.Settles(d)) < 200 || strings.Contains(designdoc.Settles(d), "nobody states") {
			t.Errorf("%s settles: %s", d.ID, designdoc.Settles(d))
		}
	}
}

func TestSettlesSaysWhatTellsDesignsApart(t *testing.T) {
	for id, want := range map[string][]string{
		"team":        {"An episode runs for 30 days", "less 2.0% for LEJR, SHFFT, FUSION, 1.5% for CABG, BOWEL", "before the limits", "nothing for track 1, 5% for track 2, 20% for track 3"},
		"cjr":         {"weight 2/3, later 1/3, then 0", "between two different targets nothing is owed", "at most by 1.5%, later 3.0%", "at least 5.00 of 20", "comes off (PY1, PY2, PY3, PY4, PY5)"},
		"bpci-m2":     {"the choice is between 30, 60, 90", "the 75th percentile for track C, and 20% of what lies above", "No quality score"},
		"state-ar":    {"plus 10% (assumed) is a loss", "The hospital keeps 50% (unconfirmed) of a gain", "a payment is not limited (assumed)"},
		"epm":         {"Each category is settled on its own"},
		"prospective": {"with 50% for track provencare of the expected cost"},
		"aco-nested":  {"The bundle inside, design team (assumed), is settled first"},
		"capitation":  {"No stop-loss per person is set"},
	} {
		got := designdoc.Settles(get(t, id))
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: %q is not in: %s", id, w, got)
			}
		}
	}
}

// bare is a design without parameters.
const bare = `schema = "bundlelab.design/1"
id = "x"
name = "X"
formula = "retrospective"
categories = ["LEJR"]
[[period]]
id = "1"
start = "2026-01-01"
end = "2026-12-31"
cite = "c"
evidence = "user"
[[step]]
id = "target"
cite = "c"
evidence = "user"
[[step]]
id = "spending"
cite = "c"
evidence = "user"
[[step]]
id = "reconciliation_amount"
cite = "c"
evidence = "user"
[[step]]
id = "quality_adjusted"
cite = "c"
evidence = "user"
[[step]]
id = "npra"
cite = "c"
evidence = "user"
[[step]]
id = "net_payment"
cite = "c"
evidence = "user"
`

// TestSettlesMarksWhatIsNotConfirmed turns one value of TEAM's after another
// into an unconfirmed or assumed one and wants the mark in the sentences.
func TestSettlesMarksWhatIsNotConfirmed(t *testing.T) {
	const value = `values = [{ since = "2026-01-01", value = "%s", cite = "c", evidence = "%s" }]`
	for _, x := range []struct{ key, value, grade, want string }{
		{"gain_share", "50%", "regulation", "keeps 50% of a gain"},
		{"gain_share", "50%", "derived", "keeps 50% of a gain"},
		{"gain_share", "50%", "user", "keeps 50% of a gain"},
		{"gain_share", "50%", "unconfirmed", "keeps 50% (unconfirmed) of a gain"},
		{"gain_share", "50%", "assumed", "keeps 50% (assumed) of a gain"},
		{"pool", "category", "unconfirmed", "settled on its own (unconfirmed)"},
		{"overlap", "yes", "assumed", "comes off (assumed)"},
		{"stop_gain", "none", "assumed", "A payment is not limited (assumed), nor is a repayment."},
		{"blend.own", "0", "unconfirmed", "is the region's price (unconfirmed)"},
		{"blend.own", "2/3", "unconfirmed", "(weight 2/3 (unconfirmed))"},
		{"min_rate.first_dollar", "no", "assumed", "only what lies past it (assumed)"},
		{"low_volume.action", "no_loss", "assumed", "fewer than 31 baseline episodes carries no loss (assumed)"},
	} {
		keys := map[string]string{"stop_gain": "none", "stop_loss": "none", "low_volume.below": "31", "min_rate": "2%", x.key: x.value}
		body := strings.Builder{}
		body.WriteString(bare)
		for key, v := range keys {
			grade := "secondary"
			if key == x.key {
				grade = x.grade
			}
			fmt.Fprintf(&body, "[[parameter]]\nkey = %q\n"+value+"\n", key, v, grade)
		}
		d, err := policy.Parse("x.toml", []byte(body.String()))
		if err != nil {
			t.Fatal(err)
		}
		if got := designdoc.Settles(d); !strings.Contains(got, x.want) {
			t.Errorf("%s %s: %q is not in: %s", x.key, x.grade, x.want, got)
		}
	}
}

func TestNoMarkStandsTwice(t *testing.T) {
	for _, d := range builtin(t).All() {
		text := designdoc.Settles(d)
		if strings.Contains(text, "()") || strings.Contains(text, "(unconfirmed) (unconfirmed)") || strings.Contains(text, "(assumed) (assumed)") {
			t.Errorf("%s: %s", d.ID, text)
		}
	}
}

// TestARangeSaysHowMuchOfItIsConfirmed: four values in time and by track, told
// as a range; one of them is unconfirmed, then all.
func TestARangeSaysHowMuchOfItIsConfirmed(t *testing.T) {
	of := func(track, a, b, grade string) string {
		return fmt.Sprintf("[[parameter]]\nkey = \"gain_share\"\ntracks = [%q]\nvalues = [{ since = \"2026-01-01\", value = %q, cite = \"c\", evidence = %q }, { since = \"2027-01-01\", value = %q, cite = \"c\", evidence = \"unconfirmed\" }]\n", track, a, grade, b)
	}
	for grade, want := range map[string]string{
		"regulation":  "keeps 10% to 40% (partly unconfirmed), depending on",
		"assumed":     "keeps 10% to 40% (partly assumed, partly unconfirmed), depending on",
		"unconfirmed": "keeps 10% to 40% (unconfirmed), depending on",
	} {
		d, err := policy.Parse("x.toml", []byte(strings.Replace(bare, "[[period]]", of("1", "10%", "20%", grade)+of("2", "30%", "40%", grade)+"[[period]]", 1)))
		if err != nil {
			t.Fatal(err)
		}
		if got := designdoc.Settles(d); !strings.Contains(got, want) {
			t.Errorf("%s: %q is not in: %s", grade, want, got)
		}
	}
}

func TestPageHoldsItsWorkedCases(t *testing.T) {
	all, err := worked.Run(builtin(t))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := designdoc.Page(&b, get(t, "team"), all[:1]); err != nil {
		t.Fatal(err)
	}
	if all[0].Design != "team" || !strings.Contains(b.String(), "| A1 | Track 3, score 60 | reconciliation_amount 100000.00; quality_adjusted 96000.00") {
		t.Errorf("case %+v is not on the page", all[0])
	}
	if !strings.Contains(show(t, get(t, "team")), "None yet") {
		t.Error("a page without cases does not say so")
	}
}

// TestAPeriodNarrows: CJR's loss discount is 2% in PY2, and its baseline
// weights of PY1 hold; TEAM's PY1 tells of no track 2.
func TestAPeriodNarrows(t *testing.T) {
	d := get(t, "cjr")
	p, err := d.Period("PY2")
	if err != nil {
		t.Fatal(err)
	}
	doc := designdoc.New(d, &p)
	seen := map[string]string{}
	for _, r := range doc.Parameters {
		if r.For == "" {
			if before, twice := seen[r.Key]; twice {
				t.Errorf("%s stands twice: %s and %s", r.Key, before, r.Value)
			}
			seen[r.Key] = r.Value
		}
	}
	for key, want := range map[string]string{"period.PY2": "baseline 2012 2013 2014", "discount.loss": "2.0%", "stop_gain": "5%", "stop_loss": "5%", "baseline.weights": "pooled", "overlap": "yes"} {
		if seen[key] != want {
			t.Errorf("%s %q, want %q", key, seen[key], want)
		}
	}
	if _, other := seen["period.PY1"]; other || doc.Period != "PY2" {
		t.Error("another period is shown")
	}
	b, err := json.Marshal(doc)
	if err != nil || bytes.Contains(b, []byte("null")) {
		t.Errorf("JSON with null, or %v: %s", err, b)
	}
}

func TestIndexLinksEveryPage(t *testing.T) {
	var b bytes.Buffer
	all := builtin(t).All()
	if err := designdoc.Index(&b, all); err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		if !strings.Contains(b.String(), "(designs/"+d.ID+".md)") {
			t.Errorf("no link to %s", d.ID)
		}
	}
	if sheet := designdoc.List(all); len(sheet.Rows) != len(all) || sheet.Rows[0][5] != "5 of 5" {
		t.Errorf("list %v", sheet.Rows)
	}
}
