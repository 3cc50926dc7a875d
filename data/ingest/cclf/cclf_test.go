package cclf_test

import (
	"fmt"
	"strings"
	"testing"

	"bundlelab/data/ingest"
	"bundlelab/data/ingest/cclf"
	"bundlelab/engine/panel"
)

// TestLayout compares every embedded position with CMS's layout.
func TestLayout(t *testing.T) {
	want := sharedPlaces(t)
	got, err := cclf.Places()
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) {
		t.Errorf("%d files, CMS has %d", len(got), len(want))
	}
	for file, columns := range got {
		for column, p := range columns {
			if w, ok := want[file][column]; !ok || p != w {
				t.Errorf("CCLF%s %q: %v, CMS has %v", file, column, p, w)
			}
		}
	}
}

// TestStory has the arithmetic of one episode.
//
//	anchor   raw 12,000 paid + 1,632 deductible + 240 sequestration = 13,872.00
//	         standardized less 30 + 500 IME, 20 + 300 DSH, 150 uncompensated, 72 new technology = 12,800.00
//	SNF      8,000 + 100 coinsurance = 8,100.00
//	clinic   100 + 20 + 5 = 125.00, over the lines as 80 to 20: 100.00 and 25.00
//	surgeon  1,300.00; the visit of 70 was cancelled, the one of 75 denied
//	walker   55.00
func TestStory(t *testing.T) {
	decks := map[string]func(testing.TB) *deck{"embedded positions": embedded, "CMS's positions": official}
	for name, make := range decks {
		t.Run(name, func(t *testing.T) {
			d := make(t).story()
			for _, files := range []map[string]string{d.files(), d.sent("240901")} {
				story(t, files)
			}
		})
	}
}

func story(t *testing.T, files map[string]string) {
	t.Helper()
	m, report, err := load(t, write(t, files))
	if err != nil {
		t.Fatal(err)
	}
	if len(m.episodes) != 1 {
		t.Fatalf("%d episodes: %+v", len(m.episodes), report)
	}
	e := m.episodes[0]
	if e.StdAnchor != 12800_00 || *e.RawAnchor != 13872_00 || !e.NotStd {
		t.Errorf("anchor %s, raw %s, not standardized %v", e.StdAnchor, e.RawAnchor, e.NotStd)
	}
	// Admitted on 1 March by CCLFA; CLM_FROM_DT is the day before.
	if e.Start.String() != "2024-03-01" || e.End.String() != "2024-03-04" || e.Discharge != "03" || e.Attending != "1234567890" {
		t.Errorf("from %s to %s, status %s, attending %q", e.Start, e.End, e.Discharge, e.Attending)
	}
	if *e.Age != 73 || e.Sex != "F" || e.Dual != panel.Yes || e.Death != nil || e.EligEnd != nil || e.DropFlags != 0 {
		t.Errorf("age %d sex %s dual %v death %v elig %v flags %d", *e.Age, e.Sex, e.Dual, e.Death, e.EligEnd, e.DropFlags)
	}
	var got []string
	for _, s := range e.Services {
		got = append(got, fmt.Sprintf("%s %s %d..%d %s %s x%d", s.Setting, s.Rule, s.From, s.To, s.Amount, s.Code, s.Units))
	}
	want := []string{
		"professional whole -3..-3 1300.00 27447 x1",
		"snf days 0..15 8100.00  x0",
		"outpatient whole 6..6 100.00 97110 x2",
		"outpatient whole 6..6 25.00 97112 x2",
		"dme whole 8..8 55.00 E0143 x0",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	if text := fmt.Sprintf("%+v %+v", m, report); strings.Contains(text, "SURNAME") || strings.Contains(text, anna) || strings.Contains(text, maid) {
		t.Error("an identifier was kept")
	}
	if got := count(report, "A005"); got != 3 { // CCLF1, CCLF5 and CCLF6, once each
		t.Errorf("%d A005", got)
	}
	for _, code := range []string{"A003", "F004", "K001", "C006", "C004"} {
		if count(report, code) != 0 {
			t.Errorf("%s: %v", code, found(report))
		}
	}
	booked(t, report)
	// Bertl's stay ends on 4 May: the data reach that far.
	if m.through.String() != "2024-05-04" {
		t.Errorf("the data reach %s", m.through)
	}
}

// booked has the books of the story.
//
//	CCLF1 read  the stay 11,000 + 11,000 + 12,000, SNF 8,000, clinic 0 (on its lines), Bertl 6,000 = 48,000;
//	            with the patient's part and sequestration, 1,872 of the stay and 100 of the SNF, 49,972;
//	            loaded 13,872 + 8,100 = 21,972; skipped 11,000 + 11,000 + 6,000
//	CCLF2 read  80 + 20 + 0, + 25 the patient's part
//	CCLF5 read  1,300 + 70 + 70 + 75 + 180 = 1,695; skipped all but the surgeon
func booked(t *testing.T, report *ingest.Report) {
	t.Helper()
	for role, want := range map[string][4]string{
		"part_a":          {"6 49972.00", "3 21972.00", "3 28000.00", "0 0.00"},
		"part_a_extra":    {"4 0.00", "3 0.00", "1 0.00", "0 0.00"},
		"revenue":         {"3 125.00", "2 125.00", "1 0.00", "0 0.00"},
		"procedures":      {"1 0.00", "0 0.00", "1 0.00", "0 0.00"},
		"diagnoses":       {"2 0.00", "2 0.00", "0 0.00", "0 0.00"},
		"carrier":         {"5 1695.00", "1 1300.00", "4 395.00", "0 0.00"},
		"dme":             {"1 55.00", "1 55.00", "0 0.00", "0 0.00"},
		"part_d":          {"1 0.00", "0 0.00", "1 0.00", "0 0.00"},
		"part_b_extra":    {"1 0.00", "0 0.00", "1 0.00", "0 0.00"},
		"beneficiaries":   {"2 0.00", "1 0.00", "1 0.00", "0 0.00"},
		"cross_reference": {"1 0.00", "1 0.00", "0 0.00", "0 0.00"},
		"statistics":      {"12 0.00", "11 0.00", "1 0.00", "0 0.00"},
	} {
		f := book(t, report, role)
		got := [4]string{fmt.Sprint(f.Read, " ", f.AmountRead), fmt.Sprint(f.Loaded, " ", f.AmountLoaded), fmt.Sprint(f.Skipped, " ", f.AmountSkipped), fmt.Sprint(f.Rejected, " ", f.AmountRejected)}
		if got != want {
			t.Errorf("%s: read, loaded, skipped, rejected %v, want %v", role, got, want)
		}
	}
}
