package designdoc_test

import (
	"bytes"
	"encoding/json"
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
	for key := range titled {
		t.Errorf("titles.go names %s, which no design can state", key)
	}
}

// TestPagesHoldEverything looks for every value with its source, grade and
// note, and for every assumed value among those to set.
func TestPagesHoldEverything(t *testing.T) {
	for _, d := range builtin(t).All() {
		page := show(t, d)
		unknown, _, _ := strings.Cut(page[strings.Index(page, "## Not known: set these"):], "\n## Periods")
		for _, r := range d.Params() {
			line := "`" + r.Key + "` | " + r.For + " | " + r.Value + " | " + r.Since.String() + " | " + r.Through.String() + " | " + r.Cite + " | " + r.Evidence.String() + " | " + r.Note
			if r.Through != 0 && !strings.Contains(page, line) {
				t.Errorf("%s: no line %s", d.ID, line)
			}
			if listed := strings.Contains(unknown, "`"+r.Key+"`"); r.Evidence == policy.Assumed && !listed {
				t.Errorf("%s: %s is assumed and not among what to set", d.ID, r.Key)
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
		"state-ar":    {"plus 10% is a loss", "The hospital keeps 50% of a gain", "a payment is not limited"},
		"epm":         {"Each category is settled on its own"},
		"prospective": {"with 50% for track provencare of the expected cost"},
		"aco-nested":  {"The bundle inside (design team) is settled first"},
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
