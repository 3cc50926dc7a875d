package ingest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bundlelab/data/store"
	"bundlelab/engine/money"
)

// TestRealSets imports every public set of real files into a database: in every
// file what was read is what was loaded, skipped and rejected, in rows and in
// dollars; what was loaded is what the episodes hold; and the database gives back
// as many episodes as the report says.
func TestRealSets(t *testing.T) {
	tuva := func(t *testing.T) string {
		files := map[string]string{}
		for _, name := range []string{"tuva_medical_claim_seed_2075rows.csv.gz", "tuva_eligibility_seed.csv"} {
			text, err := os.ReadFile(filepath.Join(shared(t, "layouts"), name))
			if err != nil {
				t.Fatal(err)
			}
			files[name] = string(text)
		}
		return write(t, files)
	}
	folder := func(path ...string) func(*testing.T) string {
		return func(t *testing.T) string { return filepath.Join(append([]string{shared(t, path[0])}, path[1:]...)...) }
	}
	for _, tt := range []struct {
		name     string
		format   store.Format
		dir      func(*testing.T) string
		episodes int
		rows     int // of all files
	}{
		// 457 + 596 + 360 + 151 + 2,552 + 3,100 + 149 rows of claims, 1,000 persons.
		{"rif sample b", store.RIF, folder("rif_sample_b"), 3, 8365},
		{"rif synthea", store.RIF, folder("rif_synthea"), 0, 0},
		{"synpuf folder", store.SynPUF, folder("synpuf"), 78, 0},
		// 264 stays, 3,454 outpatient and 21,187 professional claims, and of three
		// years 500 + 492 + 485 persons.
		{"synpuf archive", store.SynPUF, folder("synpuf", "sample-test-b.tar.bz2"), 25, 26382},
		{"tuva seed", store.Tuva, tuva, 0, 2075 + 31},
	} {
		t.Run(tt.name, func(t *testing.T) {
			db := database(t)
			report := into(t, db, tt.format, tt.dir(t))
			rows, loaded := 0, money.Cents(0)
			for _, f := range report.Files {
				rows += f.Read
				loaded += f.AmountLoaded
				if f.Read != f.Loaded+f.Skipped+f.Rejected || f.AmountRead != f.AmountLoaded+f.AmountSkipped+f.AmountRejected {
					t.Errorf("%s: %d rows read, %d loaded, %d skipped, %d rejected; %s", f.Name, f.Read, f.Loaded, f.Skipped, f.Rejected, f.AmountRead)
				}
			}
			held := report.Anchor
			for _, s := range report.Settings {
				held += s.Amount
			}
			if loaded+report.Shared+report.Restated != held {
				t.Errorf("%s loaded, the episodes hold %s", loaded, held)
			}
			if tt.rows != 0 && rows != tt.rows || report.Episodes != tt.episodes || report.Problems(store.Refuse) != 0 {
				t.Errorf("%d rows, %d episodes", rows, report.Episodes)
			}
			if none := strings.Contains(strings.Join(report.Notes, "\n"), "no TEAM episodes found"); none != (tt.episodes == 0) {
				t.Errorf("notes %q", report.Notes)
			}
			data, err := db.Load(t.Context(), nil)
			if err != nil || len(data.Panel.Episodes) != tt.episodes {
				t.Errorf("%d episodes in the database, %v", len(data.Panel.Episodes), err)
			}
		})
	}
}
