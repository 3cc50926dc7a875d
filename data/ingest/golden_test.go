package ingest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bundlelab/data/store"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

func TestSampleB(t *testing.T) {
	dir := shared(t, "rif_sample_b")
	m, report, err := load(t, store.RIF, dir)
	if err != nil {
		t.Fatal(err)
	}
	// Payment plus deductible: 14,506.70 + 1,216 = 15,722.70; 11,130.28 + 1,260
	// = 12,390.28; 11,864.43 + 1,260 = 13,124.43.
	want := map[string]money.Cents{"050078": 15722_70, "430005": 12390_28, "330140": 13124_43}
	if len(m.episodes) != len(want) {
		t.Fatalf("%d episodes", len(m.episodes))
	}
	for _, e := range m.episodes {
		if e.StdAnchor != want[e.CCN] || *e.RawAnchor != want[e.CCN] || e.Trigger != "470" || e.Cell != "470" || e.Category != episode.LEJR || !e.NotStd || e.Age == nil {
			t.Errorf("%s: %s, trigger %s", e.CCN, e.StdAnchor, e.Trigger)
		}
	}
	rows := map[string]int{"inpatient": 457, "snf": 596, "hha": 360, "hospice": 151, "outpatient": 2552, "carrier": 3100, "dme": 149, "beneficiaries": 1000}
	for _, f := range report.Files {
		if f.Read != rows[f.Role] || f.Rejected != 0 {
			t.Errorf("%s: %d rows read, %d rejected", f.Role, f.Read, f.Rejected)
		}
	}
	// Nothing is taken off: the rows of this file are wider than its header, and
	// what it calls DSH is the line number.
	if report.Anchor != 41237_41 || report.Restated != 0 || count(report, "A005") != 7 || count(report, "K002") != 3 {
		t.Errorf("anchor %s, A005 %d, K002 %d", report.Anchor, count(report, "A005"), count(report, "K002"))
	}
	// The last claim of any kind is of 31 March 2016; no file says how far the
	// data go.
	if !report.Guessed || report.Latest.String() != "2016-03-31" || m.through != report.Latest {
		t.Errorf("data through %s", report.Latest)
	}
	noNames(t, dir, "sample-b-beneficiaries.txt", m)
}

// noNames checks that no name, number or birth date of a beneficiary file is
// in what was stored.
func noNames(t *testing.T, dir, file string, m *memory) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	stored := fmt.Sprintf("%+v", *m)
	lines := strings.Split(string(text), "\n")
	head := strings.Split(lines[0], "|")
	for _, line := range lines[1:] {
		for i, cell := range strings.Split(line, "|") {
			switch head[i] {
			case "BENE_CRNT_HIC_NUM", "BENE_SRNM_NAME", "BENE_GVN_NAME", "MBI_NUM", "BENE_BIRTH_DT":
				if len(cell) > 4 && strings.Contains(stored, cell) {
					t.Errorf("a %s was stored", head[i])
				}
			}
		}
	}
}

func TestSyntheaHasNoEpisode(t *testing.T) {
	m, report, err := load(t, store.RIF, shared(t, "rif_synthea"))
	if err != nil {
		t.Fatal(err)
	}
	if len(m.episodes) != 0 || report.Latest != 0 || !strings.Contains(strings.Join(report.Notes, "\n"), "no TEAM episodes found") {
		t.Errorf("%d episodes, notes %q", len(m.episodes), report.Notes)
	}
	if count(report, "F002") != 3 { // three files open with a byte order mark
		t.Errorf("%d byte order marks", count(report, "F002"))
	}
}

func TestSynPUF(t *testing.T) {
	dir := shared(t, "synpuf")
	const small, large = "DE1_0_2008_to_2010_Inpatient_Claims_Sample_TestB.csv", "DE1_0_2008_to_2010_Inpatient_Claims_Sample_1_first999.csv"
	tests := []struct {
		name  string
		files []string
		want  [5]int // LEJR SHFFT CABG FUSION BOWEL
	}{
		{"TestB", []string{small}, [5]int{18, 4, 0, 2, 1}},
		{"first 999", []string{large}, [5]int{53, 9, 3, 7, 6}},
		{"both count nothing twice", []string{small, large}, [5]int{53, 9, 3, 7, 6}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{}
			for _, name := range tt.files {
				text, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				files[name] = string(text)
			}
			m, _, err := load(t, store.SynPUF, write(t, files))
			if err != nil {
				t.Fatal(err)
			}
			var got [5]int
			keys := map[string]bool{}
			for _, e := range m.episodes {
				got[e.Category.Index()]++
				keys[e.Key] = true
			}
			if got != tt.want || len(keys) != len(m.episodes) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
	m, report, err := load(t, store.SynPUF, dir)
	if err != nil {
		t.Fatal(err)
	}
	// The archive brings the small files once more, and of its own only a
	// carrier file without a row.
	if len(m.episodes) != 78 || strings.Count(strings.Join(report.Notes, "\n"), "F003: sample-test-b.tar.bz2/") != 6 {
		t.Errorf("%d episodes, notes %q", len(m.episodes), report.Notes)
	}
	for _, f := range report.Files {
		if f.Role == "carrier" && !strings.HasPrefix(f.Name, "sample-test-b.tar.bz2/") && (f.Read != 21187 || f.Loaded == 0) {
			t.Errorf("carrier: %+v", f.Read)
		}
	}
}
