package ingest_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"bundlelab/data/ingest"
	"bundlelab/data/store"
)

// again imports a folder into a database that is left as it was.
func again(t *testing.T, db *store.Store, format store.Format, dir string) (*ingest.Report, error) {
	t.Helper()
	batch, err := db.Begin(context.Background(), store.BatchInfo{Format: format})
	if err != nil {
		t.Fatal(err)
	}
	report, err := ingest.Import(context.Background(), ingest.Options{Format: format, Dir: dir, Key: key(t), Today: today()}, batch)
	if err := batch.Rollback(); err != nil {
		t.Fatal(err)
	}
	return report, err
}

// TestSameSurgeryUnderAnotherKey: an episode of the native files is the stay of
// an earlier RIF import, of the same person, hospital and days.
func TestSameSurgeryUnderAnotherKey(t *testing.T) {
	db := database(t)
	into(t, db, store.RIF, write(t, map[string]string{"ip.txt": pipes(stayColumns, stayRow("1", "01-JAN-2024", "03-JAN-2024", "010001", "470", "01", 100))}))
	native := func(bene, start, end string) string {
		return write(t, map[string]string{
			"episodes.csv": episodeHead + "E1," + bene + ",010001,LEJR,IP,470," + start + "," + end + ",1.00\n", "services.csv": serviceHead + "E1,1,snf,2024-03-04,2024-03-05,1.00\n",
		})
	}
	_, err := again(t, db, store.Native, native("7", "2024-01-01", "2024-01-03"))
	var refused *ingest.RefusedError
	if !errors.As(err, &refused) || refused.Code != "K003" {
		t.Fatalf("got %v", err)
	}
	for _, part := range []string{"1 episodes", "import 1 (rif)", "another --db", "bundlelab import undo 1"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not in %v", part, err)
		}
	}
	for i, dir := range []string{native("8", "2024-01-01", "2024-01-03"), native("7", "2024-03-01", "2024-03-03")} {
		if _, err := again(t, db, store.Native, dir); err != nil {
			t.Errorf("another surgery %d: %v", i, err)
		}
	}
}

// The stay's line falls from 10.00 to 4.00, the anchor from 2.00 to 1.00.
func TestThinnerDeliveryIsTold(t *testing.T) {
	db := database(t)
	dir := func(anchor, line string) string {
		return write(t, map[string]string{
			"episodes.csv": episodeHead + "E1,B1,010001,LEJR,IP,470,2024-01-01,2024-01-03," + anchor + "\n", "services.csv": serviceHead + "E1,1,snf,2024-01-04,2024-01-05," + line + "\n",
		})
	}
	into(t, db, store.Native, dir("2.00", "10.00"))
	report, err := again(t, db, store.Native, dir("1.00", "4.00"))
	if err != nil {
		t.Fatal(err)
	}
	var warned string
	for _, p := range report.Files[0].Problems {
		if p.Code == "F003" && p.Severity == store.Warning {
			warned = p.Message
		}
	}
	if !strings.Contains(warned, "held $12.00 before and hold $5.00 now") {
		t.Errorf("warned %q", warned)
	}
	if notes := strings.Join(report.Notes, "\n"); !strings.Contains(notes, "1 episodes replaced, 0 unchanged, 0 new") {
		t.Errorf("notes %q", notes)
	}
	if report, err = again(t, db, store.Native, dir("2.00", "11.00")); err != nil || count(report, "F003") != 1 {
		t.Errorf("more dollars: %v %+v", err, report.Files)
	}
}

// TestWrongFormatIsNamed: a refusal says what the folder holds instead.
func TestWrongFormatIsNamed(t *testing.T) {
	rif := pipes(stayColumns, stayRow("1", "01-JAN-2024", "03-JAN-2024", "010001", "470", "01", 100))
	for _, tt := range []struct {
		name   string
		format store.Format
		files  map[string]string
		want   string
	}{
		{"RIF as DE-SynPUF", store.SynPUF, map[string]string{"ip.txt": rif}, "ip.txt looks like rif: --from rif"},
		{"RIF as native", store.Native, map[string]string{"ip.txt": rif}, "looks like rif"},
		{"RIF as BPCI Advanced", store.BPCIA, map[string]string{"ip.txt": rif}, "looks like rif"},
		{"native as CCLF", store.CCLF, map[string]string{"episodes.csv": episodeHead + oneEpisode}, "looks like native"},
		{"nothing", store.SynPUF, nil, "holds no files"},
		{"nothing native", store.Native, nil, "holds no files"},
		{"semicolons", store.SynPUF, map[string]string{"a.csv": strings.ReplaceAll(synpufHead, ",", ";")}, "cut by semicolons"},
		{"a profile", store.TEAM, map[string]string{"ip.doc": "x"}, "bundlelab import profile team"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := load(t, tt.format, write(t, tt.files))
			var refused *ingest.RefusedError
			if !errors.As(err, &refused) || refused.Code != "F001" || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestKeysOfPersons: keys made of a name or a birth date leave the files as
// hashes, told once.
func TestKeysOfPersons(t *testing.T) {
	dir := write(t, map[string]string{
		"episodes.csv": episodeHead + "SMITH-JOHN-19410302,B1,010001,LEJR,IP,470,2024-01-01,2024-01-03,1.00\n",
		"services.csv": serviceHead + "SMITH-JOHN-19410302,JSMITH19410302-3,snf,2024-01-04,2024-01-05,1.00\nSMITH-JOHN-19410302,JSMITH19410302-4,snf,2024-01-06,2024-01-07,1.00\n",
	})
	m, report, err := load(t, store.Native, dir)
	if err != nil {
		t.Fatal(err)
	}
	e := m.episodes[0]
	for _, text := range []string{e.Key, e.Services[0].LineKey, e.Services[1].LineKey} {
		if strings.Contains(text, "SMITH") || strings.Contains(text, "1941") {
			t.Errorf("%q left the files", text)
		}
	}
	if e.Services[0].LineKey == e.Services[1].LineKey {
		t.Error("two lines have one key")
	}
	told := map[string]int{}
	for _, f := range report.Files {
		for _, p := range f.Problems {
			if p.Code == "P001" {
				told[p.Column] += p.Count
			}
		}
	}
	if told["episode_key"] != 1 || told["line_key"] != 2 {
		t.Errorf("told %v", told)
	}
}

// TestCoverAhead: 2099 as a data_through is taken, with one warning for the file.
func TestCoverAhead(t *testing.T) {
	head := strings.TrimSuffix(episodeHead, "\n") + ",data_through\n"
	dir := write(t, map[string]string{
		"episodes.csv": head + "E1,B1,010001,LEJR,IP,470,2024-01-01,2024-01-03,1.00,2099-01-01\nE2,B2,010001,LEJR,IP,470,2024-01-01,2024-01-03,1.00,2099-01-01\n",
		"services.csv": serviceHead + "E1,1,snf,2024-01-04,2024-01-05,1.00\n",
	})
	_, report, err := load(t, store.Native, dir)
	if err != nil || count(report, "D001") != 2 {
		t.Errorf("%v %+v", err, report)
	}
}

// TestAnotherProfileReadsAgain: files that are known are read again when what
// they mean may have changed.
func TestAnotherProfileReadsAgain(t *testing.T) {
	dir := write(t, map[string]string{"episodes.csv": episodeHead + oneEpisode, "services.csv": serviceHead + oneService})
	triggers := write(t, map[string]string{"more.csv": "category,code_type,code,valid_from_fy,valid_to_fy,cell\nLEJR,HCPCS,27446,2026,,470\n"}) + "/more.csv"
	for triggers, want := range map[string]bool{"": true, triggers: false} {
		o := ingest.Options{Format: store.Native, Dir: dir, Key: key(t), Today: today(), Triggers: triggers, DryRun: true}
		o.Seen = func([]byte) (bool, error) { return true, nil }
		report, err := ingest.Import(context.Background(), o, nil)
		if err != nil || report.Unchanged != want {
			t.Errorf("triggers %q: %v %+v", triggers, err, report)
		}
	}
}

// TestDatIsRead: a RIF file called .dat is a text file as any other.
func TestDatIsRead(t *testing.T) {
	rif := pipes(stayColumns, stayRow("1", "01-JAN-2024", "03-JAN-2024", "010001", "470", "01", 100))
	for name, text := range map[string]string{"ip.dat": rif, "ip.DAT.gz": gzipped(t, rif)} {
		if _, report, err := load(t, store.RIF, write(t, map[string]string{name: text})); err != nil || report.Episodes != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestMissingClaimsAreNamed: the set has no skilled nursing.
func TestMissingClaimsAreNamed(t *testing.T) {
	for _, format := range []store.Format{store.BPCIA, store.TEAM} {
		files := layoutOf(format).feed().write()
		for name := range files {
			if strings.HasPrefix(name, "sn") {
				delete(files, name)
			}
		}
		_, report, err := load(t, format, write(t, files))
		if err != nil {
			t.Fatal(err)
		}
		if notes := strings.Join(report.Notes, "\n"); !strings.Contains(notes, "there is no sn_ file: skilled nursing is missing") || strings.Contains(notes, "there is no ip_") {
			t.Errorf("%s: notes %q", format, notes)
		}
	}
}
