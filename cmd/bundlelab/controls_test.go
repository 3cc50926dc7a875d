package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bundlelab/data/ingest"
	"bundlelab/data/store"
	"bundlelab/scenarios/report"
)

// The screen has one row for each code and outcome in a file, the gravest first;
// what is said of a file as a whole keeps its own sentence.
func TestFindingsGroup(t *testing.T) {
	var many []store.Problem
	for i := range 158 {
		many = append(many, store.Problem{Code: "C003", Severity: store.Warning, Line: i + 2, Column: "gmlos", Message: fmt.Sprint("no mean stay ", i), Count: 1})
	}
	many = append(many, store.Problem{Code: "C003", Severity: store.Warning, Message: unlisted, Count: 42})
	rep := &ingest.Report{Files: []store.File{
		{Name: "services.csv", Problems: append(many,
			store.Problem{Code: "D005", Severity: store.Info, Message: "less than 30 days", Count: 3},
			store.Problem{Code: "D005", Severity: store.Info, Message: "less than 60 days", Count: 5})},
		{Name: "episodes.csv", Problems: []store.Problem{
			{Code: "K001", Severity: store.Reject, Line: 9, Column: "episode_key", Message: "a key twice", Count: 1},
			{Code: "K001", Severity: store.Info, Line: 11, Message: "in another file too", Count: 1},
			{Code: "F004", Severity: store.Refuse, Message: "another sum", Count: 1}}},
	}}
	want := [][]string{
		{"F004", "refused", "1", "episodes.csv", "another sum"},
		{"K001", "rejected", "1", "episodes.csv:9:episode_key", "a key twice"},
		{"C003", "warning", "200", "services.csv:2:gmlos", "no mean stay 0"}, // 158 + 42
		{"D005", "info", "3", "services.csv", "less than 30 days"},
		{"D005", "info", "5", "services.csv", "less than 60 days"},
		{"K001", "info", "1", "episodes.csv:11", "in another file too"},
	}
	if diff := cmp.Diff(want, findingSheet(rep).Rows); diff != "" {
		t.Error(diff)
	}
}

// Control totals and history fit 80 characters, however long the files' names.
func TestNarrowTables(t *testing.T) {
	name := "DE1_0_2008_to_2010_Carrier_Claims_Sample_1A_first.csv"
	rep := &ingest.Report{Files: []store.File{{Name: name, Role: "professional", Read: 4_741_335, Loaded: 31_220, Skipped: 4_710_100, Rejected: 15, AmountLoaded: 123_456_789_00}}}
	files := narrowFileSheet(rep)
	files.Width = 80
	var b strings.Builder
	if err := report.Write(&b, report.Table, files); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if len(line) > 81 {
			t.Errorf("%d characters: %s", len(line), line)
		}
	}
	if !strings.Contains(b.String(), "\n    "+name+"\n") {
		t.Errorf("no name:\n%s", b.String())
	}
	docs := []batchDoc{{Batch: 12, At: "2026-11-22T07:00:00Z", Format: "synpuf", New: 11842, Replaced: 11842, Undone: "2026-11-22T08:00:00Z",
		Files: []batchFileDoc{{Name: name}, {Name: "b.csv"}}}}
	history := narrowHistorySheet(docs, 80)
	if n := history.Natural(); n > 80 {
		t.Errorf("%d characters: %q", n, history.Rows)
	}
	if got := history.Rows[0]; got[1] != "2026-11-22" || got[6] != "undone 2026-11-22" {
		t.Errorf("history %q", got)
	}
}

func TestSharedLinesAreSaid(t *testing.T) {
	rep := &ingest.Report{Episodes: 2, SharedLines: 3, Shared: 98_799_00}
	notes := settingSheet(rep).Notes
	if len(notes) != 1 || !strings.Contains(notes[0], "3 lines ($98,799.00) belong to two episodes and are counted in both") {
		t.Errorf("%q", notes)
	}
}

func TestImportsByNumber(t *testing.T) {
	for want, ids := range map[string][]int64{"import 3": {3}, "imports 1 and 3": {1, 3}, "imports 1, 2 and 5": {1, 2, 5}} {
		if got := imports(ids); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
