package ingest_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bundlelab/data/ingest"
	"bundlelab/data/store"
)

// into imports a folder into a database in one transaction.
func into(t testing.TB, db *store.Store, format store.Format, dir string) *ingest.Report {
	t.Helper()
	ctx := context.Background()
	batch, err := db.Begin(ctx, store.BatchInfo{Format: format})
	if err != nil {
		t.Fatal(err)
	}
	report, err := ingest.Import(ctx, ingest.Options{Format: format, Dir: dir, Key: key(t), Today: today()}, batch)
	if err != nil {
		t.Fatal(err)
	}
	if err := batch.Commit(); err != nil {
		t.Fatal(err)
	}
	return report
}

func database(t testing.TB) *store.Store {
	t.Helper()
	db, err := store.Open(context.Background(), filepath.Join(t.TempDir(), "b.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func TestImportTwiceChangesNothing(t *testing.T) {
	e, s := good(50)
	native := write(t, map[string]string{"episodes.csv": episodeHead + e + oneEpisode, "services.csv": serviceHead + s + oneService})
	rif := write(t, map[string]string{"ip.txt": pipes(stayColumns, stayRow("1", "01-JAN-2024", "03-JAN-2024", "010001", "470", "01", 100))})
	for format, dir := range map[store.Format]string{store.Native: native, store.RIF: rif} {
		t.Run(string(format), func(t *testing.T) {
			db := database(t)
			report := into(t, db, format, dir)
			before, err := db.Load(context.Background(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(before.Panel.Episodes) != report.Episodes || before.Panel.MaxLength() != report.MaxDays || before.Panel.Latest() != report.Latest {
				t.Errorf("the database holds %d episodes to %s (%d days), the report says %d to %s (%d)",
					len(before.Panel.Episodes), before.Panel.Latest(), before.Panel.MaxLength(), report.Episodes, report.Latest, report.MaxDays)
			}
			into(t, db, format, dir)
			after, err := db.Load(context.Background(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(before.Panel.Rows, after.Panel.Rows); d != "" {
				t.Errorf("a second import changed the episodes:\n%s", d)
			}
			batches, err := db.ListBatches(context.Background())
			if err != nil || len(batches) != 2 || batches[1].Same != report.Episodes {
				t.Errorf("%v %+v", err, batches)
			}
		})
	}
}

// TestFileNamesStayOut imports files named after a person: neither the report
// nor the bytes of the database may hold the name.
func TestFileNamesStayOut(t *testing.T) {
	stays := pipes(stayColumns, stayRow("1", "01-JAN-2024", "03-JAN-2024", "010001", "470", "01", 100))
	dir := write(t, map[string]string{"Smith_John_1EG4-TE5-MK73.csv": stays, "Smith, Jane.pdf": "x", "plain.txt": "x\n"})
	path := filepath.Join(t.TempDir(), "b.db")
	db, err := store.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	report := into(t, db, store.RIF, dir)
	// In the order of their names the comma comes before the underscore.
	if f := report.Files[0]; len(report.Files) != 1 || f.Name != "file-2 (name masked).csv" || count(report, "P001") != 1 || count(report, "D005") != 3 || report.Problems(store.Info) != 4 {
		t.Errorf("%+v", report.Files)
	}
	if notes := strings.Join(report.Notes, "\n"); !strings.Contains(notes, "file-1 (name masked).pdf has no") || !strings.Contains(notes, "plain.txt has no") {
		t.Errorf("notes %q", notes)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	stored, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"Smith", "John", "Jane", "1EG4"} {
		if bytes.Contains(stored, []byte(secret)) || strings.Contains(fmt.Sprintf("%+v", report), secret) {
			t.Errorf("%s was kept", secret)
		}
	}
	if !bytes.Contains(stored, []byte("name masked")) {
		t.Error("the books of the file are not in the database")
	}
	bad := write(t, map[string]string{"Smith_John.csv": "BENE_ID|CLM_ID|NCH_CLM_TYPE_CD\n7|1|60\n"})
	if _, _, err := load(t, store.RIF, bad); err == nil || strings.Contains(err.Error(), "Smith") || !strings.Contains(err.Error(), "file-1 (name masked).csv") {
		t.Errorf("got %v", err)
	}
}

// BenchmarkNative imports 2,000 episodes with 25 services each.
func BenchmarkNative(b *testing.B) {
	var e, s strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&e, "G%d,P%d,010001,LEJR,IP,470,2025-01-01,2025-01-03,10000.00\n", i, i)
		for k := range 25 {
			fmt.Fprintf(&s, "G%d,%d,outpatient,2025-01-%02d,2025-01-%02d,200.00\n", i, k, k+4, k+4)
		}
	}
	dir := write(b, map[string]string{"episodes.csv": episodeHead + e.String(), "services.csv": serviceHead + s.String()})
	for b.Loop() {
		if _, _, err := load(b, store.Native, dir); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(50_000*b.N)/b.Elapsed().Seconds(), "services/s")
}
