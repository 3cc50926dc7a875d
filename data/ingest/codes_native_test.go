package ingest_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"bundlelab/data/ingest"
	"bundlelab/data/store"
)

// TestNativeCodes has a row for every check of data.md 6.3 that native files
// can fail. The others need what these files do not hold: A003 and A004 (bills
// that adjust others, claim heads beside lines), C004 (diagnoses), C006 (MBIs)
// and E001 (months of enrolment).
func TestNativeCodes(t *testing.T) {
	wide := strings.TrimSuffix(serviceHead, "\n") + ",raw_allowed,provider_id,provider_kind,rule,primary_payer_amount\n"
	cells := func(line string) map[string]string {
		return map[string]string{"services.csv": wide + "E1,1," + line + "\n"}
	}
	stated := strings.TrimSuffix(episodeHead, "\n") + ",cms_episode_total,cms_window_days,death_date,discharge_status\n"
	episode := func(more string) map[string]string {
		return map[string]string{"episodes.csv": stated + "E1,B1,010001,LEJR,IP,470,2025-03-01,2025-03-03,15000.00," + more + "\n"}
	}
	add := func(rows string) map[string]string {
		return map[string]string{"episodes.csv": episodeHead + oneEpisode + rows}
	}
	svc := func(rows string) map[string]string {
		return map[string]string{"services.csv": serviceHead + oneService + rows}
	}
	tests := []struct {
		code, name string
		severity   store.Severity
		files      map[string]string
		times      int
	}{
		{"F001", "a required column is missing", store.Refuse, map[string]string{"episodes.csv": "episode_key,ccn\nE1,010001\n"}, 1},
		{"F001", "a row is too short", store.Reject, svc("E1,2,snf\n"), 1},
		{"F002", "a NUL", store.Refuse, svc("E1,2,snf\x00,2025-03-03,2025-03-22,1.00\n"), 1},
		{"F002", "a byte order mark", store.Info, map[string]string{"episodes.csv": "\ufeff" + episodeHead + oneEpisode}, 1},
		{"F004", "fewer rows than the manifest says", store.Refuse, map[string]string{"manifest.csv": "file,sha256,rows,sum_std_allowed\nservices.csv,,2,\n"}, 1},
		{"F005", "a column of another layout", store.Warning, map[string]string{"episodes.csv": "mood," + episodeHead + "good," + oneEpisode}, 1},
		{"D001", "a day that does not exist", store.Reject, svc("E1,2,snf,2025-02-30,2025-03-01,1.00\n"), 1},
		{"D001", "tomorrow's tomorrow", store.Reject, svc("E1,2,snf,2026-11-22,2026-11-23,1.00\n"), 1},
		{"D002", "an end before its start", store.Reject, svc("E1,2,snf,2025-03-04,2025-03-03,1.00\n"), 1},
		{"D003", "61 days in hospital", store.Warning, add("E2,B2,010001,LEJR,IP,470,2025-01-01,2025-03-03,1.00\n"), 1},
		{"D004", "181 days after", store.Warning, svc("E1,2,outpatient,2025-08-31,2025-08-31,1.00\n"), 1},
		// The only service ends on 22 March, 20 days from the anchor's end on.
		{"D005", "observed for 20 days", store.Info, nil, 3},
		{"K001", "an episode key twice", store.Reject, add("E1,B2,010001,LEJR,IP,470,2025-03-01,2025-03-03,1.00\n"), 1},
		{"K001", "a line key twice", store.Reject, svc("E1,1,snf,2025-03-23,2025-03-24,1.00\n"), 1},
		{"K002", "a service of no episode", store.Warning, svc("E9,1,snf,2025-03-03,2025-03-04,1.00\n"), 1},
		{"K002", "an episode of no service", store.Warning, add("E2,B2,010001,LEJR,IP,470,2025-03-01,2025-03-03,1.00\n"), 1},
		{"K003", "the same stay under two keys", store.Warning, add("E2,B1,010001,LEJR,IP,470,2025-03-01,2025-03-03,1.00\n"), 1},
		{"K003", "29 days apart", store.Warning, add("E2,B1,010001,LEJR,IP,470,2025-04-01,2025-04-03,1.00\n"), 1},
		{"K003", "an earlier one 89 days apart", store.Warning, add("E2,B1,010001,LEJR,IP,470,2024-12-01,2024-12-02,1.00\n"), 1},
		{"C001", "five digits", store.Reject, add("E2,B2,10001,LEJR,IP,470,2025-03-01,2025-03-03,1.00\n"), 1},
		{"C001", "a critical access hospital", store.Warning, add("E2,B2,011301,LEJR,IP,470,2025-03-01,2025-03-03,1.00\n"), 1},
		{"C002", "460 in fiscal year 2025", store.Reject, add("E2,B2,010001,FUSION,IP,460,2025-03-01,2025-03-03,1.00\n"), 1},
		{"C003", "a stay without its mean", store.Warning, svc("E1,2,readmission,2025-03-10,2025-03-12,1.00\n"), 1},
		{"C005", "a discharge status not in use", store.Warning, episode(",,,99"), 1},
		{"A001", "an amount in words", store.Reject, svc("E1,2,snf,2025-03-23,2025-03-24,much\n"), 1},
		{"A002", "a negative of nothing", store.Reject, svc("E1,2,snf,2025-03-23,2025-03-24,-1.00\n"), 1},
		{"A002", "a second refund of one line, brought twice", store.Reject, svc("E1,2,snf,2025-03-23,2025-03-24,1.00\nE1,2,snf,2025-03-23,2025-03-24,1.00\nE1,3,snf,2025-03-23,2025-03-24,-1.00\nE1,4,snf,2025-03-23,2025-03-24,-1.00\n"), 1},
		{"A005", "raw alone", store.Warning, cells("snf,2025-03-03,2025-03-22,,9000.00,,,,"), 1},
		{"A006", "1 dollar and 1 cent more than stated", store.Warning, episode("23998.99,30,,"), 1},
		{"A007", "another payer", store.Warning, cells("snf,2025-03-03,2025-03-22,9000.00,,,,,5.00"), 1},
		// The median of the others is 10,000 + 2,000; this one has 120,000.01.
		{"A008", "ten times the median", store.Info, svc("E1,2,professional,2025-03-03,2025-03-03,96000.01\n"), 1},
		{"S001", "101 days of skilled nursing", store.Warning, svc("E1,2,snf,2025-03-23,2025-07-01,1.00\n"), 2},
		{"S001", "two at once", store.Warning, svc("E1,2,snf,2025-03-20,2025-03-30,1.00\n"), 2},
		// A stay of two nights: Medicare asks for three days before skilled nursing.
		{"S001", "after two days", store.Warning, nil, 1},
		{"S002", "31 days", store.Warning, svc("E1,2,hha,2025-03-23,2025-04-22,1.00\n"), 1},
		{"S002", "two agencies at once", store.Warning, map[string]string{"services.csv": wide + "E1,1,hha,2025-03-03,2025-03-22,1.00,,017001,CCN,,\nE1,2,hha,2025-03-22,2025-03-30,1.00,,017002,CCN,,\n"}, 1},
		{"S003", "a rehabilitation hospital as skilled nursing", store.Warning, cells("snf,2025-03-03,2025-03-22,9000.00,,013025,CCN,,"), 1},
		{"S004", "after death", store.Warning, episode(",,2025-03-02,"), 1},
		{"S004", "dead on arrival", store.Warning, episode(",,2025-02-28,"), 2},
		{"V001", "no such setting", store.Reject, svc("E1,2,spa,2025-03-03,2025-03-22,1.00\n"), 1},
		{"P001", "a name for a code", store.Reject, cells("snf,2025-03-03,2025-03-22,9.00,,Garcia,,,"), 1},
	}
	good, lines := good(1000)
	for _, tt := range tests {
		t.Run(tt.code+" "+tt.name, func(t *testing.T) {
			files := map[string]string{"episodes.csv": episodeHead + oneEpisode, "services.csv": serviceHead + oneService}
			for name, text := range tt.files {
				files[name] = text
			}
			// Enough good rows that one bad one is under the threshold.
			for name, rows := range map[string]string{"episodes.csv": good, "services.csv": lines} {
				if head, _, _ := strings.Cut(files[name], "\n"); tt.severity != store.Refuse {
					commas := strings.Count(head, ",") - strings.Count(rows[:strings.IndexByte(rows, '\n')], ",")
					if strings.HasPrefix(head, "mood,") {
						rows = strings.ReplaceAll(","+rows, "\nG", "\n,G")
						commas = 0
					}
					files[name] += strings.ReplaceAll(rows, "\n", strings.Repeat(",", commas)+"\n")
				}
			}
			_, report, err := load(t, store.Native, write(t, files))
			var refused *ingest.RefusedError
			if got := errors.As(err, &refused); got != (tt.severity == store.Refuse) || got && refused.Code != tt.code || !got && err != nil {
				t.Fatalf("%v", err)
			}
			var found []string
			for _, f := range report.Files {
				for _, p := range f.Problems {
					if p.Code == tt.code && p.Severity == tt.severity {
						found = append(found, fmt.Sprintf("%s:%d %s (%d)", f.Name, p.Line, p.Message, p.Count))
					}
				}
			}
			if len(found) != tt.times {
				t.Errorf("%d times %s: %q", len(found), tt.code, found)
			}
		})
	}
	covered := map[string]bool{"F003": true} // TestNativeImportedBefore and TestOverlapIsTold
	for _, tt := range tests {
		covered[tt.code] = true
	}
	for _, code := range strings.Fields("F001 F002 F003 F004 F005 D001 D002 D003 D004 D005 K001 K002 K003 C001 C002 C003 C005 A001 A002 A005 A006 A007 A008 S001 S002 S003 S004 V001 P001") {
		if !covered[code] {
			t.Errorf("no row for %s", code)
		}
	}
}

// TestStatedTotals lists the first twenty differences and says how all are
// spread (A006).
func TestStatedTotals(t *testing.T) {
	head := strings.TrimSuffix(episodeHead, "\n") + ",cms_episode_total,cms_window_days\n"
	var e, s strings.Builder
	for i := range 100 {
		// Ours is 10,000 + 1,000; the feed says i dollars less, so that 98 of
		// them (2 to 99 dollars) differ by more than one.
		fmt.Fprintf(&e, "G%d,P%d,010001,LEJR,IP,470,2025-01-01,2025-01-05,10000.00,%d.00,30\n", i, i, 11000-i)
		fmt.Fprintf(&s, "G%d,1,outpatient,2025-01-06,2025-01-06,1000.00\n", i)
	}
	_, report, err := load(t, store.Native, write(t, map[string]string{"episodes.csv": head + e.String(), "services.csv": serviceHead + s.String()}))
	if err != nil {
		t.Fatal(err)
	}
	listed, last := 0, store.Problem{}
	for _, p := range report.Files[0].Problems {
		if p.Code == "A006" {
			listed++
			last = p
		}
	}
	// Of 2 to 99 in order: the 5th value (5% of 98 is 4.9) is 6, the 49th 50,
	// the 94th (93.1) 95.
	want := "98 of 100 episodes differ from their stated total by more than $1, ours less the stated one: least 2.00, 5th percentile 6.00, median 50.00, 95th 95.00, most 99.00"
	if listed != 21 || last.Message != want || last.Count != 78 {
		t.Errorf("%d listed, then %+v", listed, last)
	}
}

func TestOverlapIsTold(t *testing.T) {
	db := database(t)
	dir := func(amount string) string {
		return write(t, map[string]string{
			"episodes.csv": episodeHead + oneEpisode + "E2,B2,010001,LEJR,IP,470,2025-03-01,2025-03-03,1.00\n",
			"services.csv": serviceHead + oneService + "E2,1,snf,2025-03-03,2025-03-22," + amount + "\n",
		})
	}
	if report := into(t, db, store.Native, dir("1.00")); count(report, "F003") != 0 {
		t.Errorf("%+v", report.Files)
	}
	report := into(t, db, store.Native, dir("2.00"))
	var told []string
	for _, p := range report.Files[0].Problems {
		if p.Code == "F003" {
			told = append(told, p.Message)
		}
	}
	if want := []string{"overlaps earlier imports, the newest wins: 1 episodes replaced, 1 unchanged, 0 new"}; !slices.Equal(told, want) {
		t.Errorf("%q", told)
	}
}
