package ingest_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bundlelab/data/ingest"
	"bundlelab/data/store"
)

func gzipped(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write([]byte(text))
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const synpufHead = "DESYNPUF_ID,CLM_ID,SEGMENT,CLM_FROM_DT,CLM_THRU_DT,CLM_ADMSN_DT,PRVDR_NUM,CLM_PMT_AMT,ICD9_PRCDR_CD_1\n"

// fixture is a good set of one format, of one file that the variants spoil.
type fixture struct {
	format store.Format
	file   string
	others map[string]string
	head   string
	row    string
	date   string // a date of the row, and what makes another row of it
	key    [2]string
	column string // a required one
}

func fixtures() []fixture {
	stay := stayRow("1", "01-JAN-2024", "03-JAN-2024", "010001", "470", "01", 100)
	return []fixture{
		{
			format: store.Native, file: "services.csv", others: map[string]string{"episodes.csv": episodeHead + oneEpisode},
			head: serviceHead, row: oneService, date: "2025-03-22", key: [2]string{"E1,1,", "E1,2,"}, column: "from_date",
		},
		{
			format: store.RIF, file: "a.csv", head: strings.ReplaceAll(stayColumns, " ", "|") + "\n", row: stay + "\n",
			date: "03-JAN-2024", key: [2]string{"|1|60|", "|2|60|"}, column: "CLM_PMT_AMT",
		},
		{
			format: store.SynPUF, file: "a.csv", head: synpufHead, row: "A,1,1,20080101,20080105,20080101,2600GD,4000.00,8154\n",
			date: "20080105", key: [2]string{"A,1,1,", "A,2,1,"}, column: "PRVDR_NUM",
		},
	}
}

// TestMalformedFiles spoils one file of each format in every way that files
// come spoiled: it is refused with a code and leaves the database as it was, or, where
// nothing can be misread, is taken with a note.
func TestMalformedFiles(t *testing.T) {
	tests := []struct {
		name    string
		spoil   func(f fixture) string
		refused string // code; "" when taken
		noted   string // code of the note
	}{
		{"good", func(f fixture) string { return f.head + f.row }, "", ""},
		{"bad date", func(f fixture) string { return f.head + strings.ReplaceAll(f.row, f.date, "soon") }, "D001", ""},
		{"duplicate key", func(f fixture) string { return f.head + f.row + f.row }, "K001", ""},
		{"missing column", func(f fixture) string { return strings.Replace(f.head, f.column, "SPARE_COLUMN", 1) + f.row }, "F001", ""},
		{"wrong header", func(fixture) string { return "first,second\n1,2\n" }, "F001", ""},
		{"NUL", func(f fixture) string { return f.head + "\x00" + f.row }, "F002", ""},
		{"not UTF-8", func(f fixture) string { return f.head + "\xff" + f.row }, "F002", ""},
		{"UTF-16", func(f fixture) string { return "\xff\xfe" + f.head + f.row }, "F002", ""},
		{"giant line", func(f fixture) string { return f.head + strings.Repeat("x", 70<<10) + f.row }, "F002", ""},
		{"gzip cut short", func(f fixture) string { z := gzipped(t, f.head+f.row); return z[:len(z)-10] }, "F002", ""},
		{"empty", func(fixture) string { return "" }, "F002", ""},
		{"gzip", func(f fixture) string { return gzipped(t, f.head+f.row) }, "", ""},
		{"CRLF", func(f fixture) string { return strings.ReplaceAll(f.head+f.row, "\n", "\r\n") }, "", ""},
		{"byte order mark", func(f fixture) string { return "\ufeff" + f.head + f.row }, "", "F002"},
	}
	for _, f := range fixtures() {
		db := database(t)
		good := map[string]string{f.file: f.head + f.row}
		for name, text := range f.others {
			good[name] = text
		}
		into(t, db, f.format, write(t, good))
		before := content(t, db)
		for _, tt := range tests {
			t.Run(string(f.format)+" "+tt.name, func(t *testing.T) {
				files := map[string]string{}
				for name, text := range f.others {
					files[name] = text
				}
				// Another key, so that a row that slips through shows.
				g := f
				g.row = strings.Replace(f.row, f.key[0], f.key[1], 1)
				files[f.file] = tt.spoil(g)
				code, noted := attempt(t, db, f.format, write(t, files), tt.noted)
				want := tt.refused
				if f.format == store.RIF && want == "K001" {
					want = "" // a stay's rows repeat the claim, one for each of its lines
				}
				if code != want || (noted == 0) != (tt.noted == "") {
					t.Errorf("refused with %q, want %q; noted %d times", code, want, noted)
				}
				if d := cmp.Diff(before, content(t, db)); d != "" {
					t.Errorf("the database changed:\n%s", d)
				}
			})
		}
	}
}

// attempt imports a folder and takes it back when it is refused, or when it is
// not, so that the next one finds the database as it was.
func attempt(t *testing.T, db *store.Store, format store.Format, dir, note string) (code string, noted int) {
	t.Helper()
	ctx := context.Background()
	batch, err := db.Begin(ctx, store.BatchInfo{Format: format})
	if err != nil {
		t.Fatal(err)
	}
	report, err := ingest.Import(ctx, ingest.Options{Format: format, Dir: dir, Key: key(t), Today: today()}, batch)
	var refused *ingest.RefusedError
	switch {
	case errors.As(err, &refused):
		code = refused.Code
	case err != nil:
		t.Fatal(err)
	case report.Episodes != 1:
		t.Errorf("%d episodes", report.Episodes)
	}
	if err := batch.Rollback(); err != nil {
		t.Fatal(err)
	}
	if note != "" {
		noted = count(report, note)
	}
	return code, noted
}

// content is what a projection reads and the log of imports.
func content(t *testing.T, db *store.Store) []any {
	t.Helper()
	data, err := db.Load(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	batches, err := db.ListBatches(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return []any{data.Panel.Episodes, data.Panel.Hospitals, data.Info, batches}
}

// TestOrphans: a service of no episode is left out with a warning; a bill of
// nobody's episode is skipped; neither refuses the import.
func TestOrphans(t *testing.T) {
	m, report, err := load(t, store.Native, write(t, map[string]string{
		"episodes.csv": episodeHead + oneEpisode, "services.csv": serviceHead + oneService + "E9,1,snf,2025-03-03,2025-03-22,1.00\n",
	}))
	if err != nil || len(m.episodes[0].Services) != 1 || count(report, "K002") != 1 || report.Files[1].Skipped != 1 {
		t.Errorf("%v %+v", err, report.Files)
	}
	f := fixtures()[1]
	other := strings.Replace(strings.Replace(f.row, "|1|60|", "|2|60|", 1), "|470|", "|871|", 1)
	_, report, err = load(t, f.format, write(t, map[string]string{f.file: f.head + f.row + strings.Replace(other, "INSERT|7|", "INSERT|8|", 1)}))
	if err != nil || report.Episodes != 1 || report.Files[0].Skipped == 0 {
		t.Errorf("%v %+v", err, report.Files)
	}
}

// TestArchivesAreImported reads every format out of archives, beside plain
// files, and as a single file in place of a folder; a file beside its own
// archive counts once.
func TestArchivesAreImported(t *testing.T) {
	for _, f := range fixtures() {
		t.Run(string(f.format), func(t *testing.T) {
			members := map[string]string{f.file: f.head + f.row}
			for name, text := range f.others {
				members[name] = text
			}
			want, _, err := load(t, f.format, write(t, members))
			if err != nil {
				t.Fatal(err)
			}
			packed := zipped(t, members)
			beside := map[string]string{"all.zip": packed, f.file: members[f.file]}
			for name, dir := range map[string]string{
				"in a folder": write(t, map[string]string{"all.zip": packed}),
				"alone":       filepath.Join(write(t, map[string]string{"all.zip": packed}), "all.zip"),
				"beside":      write(t, beside),
			} {
				got, report, err := load(t, f.format, dir)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if d := cmp.Diff(want.episodes, got.episodes); d != "" {
					t.Errorf("%s: %s", name, d)
				}
				if notes := strings.Join(report.Notes, "\n"); strings.Contains(notes, "F003: ") != (name == "beside") {
					t.Errorf("%s: notes %q", name, notes)
				}
			}
			bad := write(t, map[string]string{"all.zip": packed[:len(packed)/2], f.file: members[f.file]})
			_, report, err := load(t, f.format, bad)
			var refused *ingest.RefusedError
			if !errors.As(err, &refused) || refused.Code != "F002" || refused.File != "all.zip" || count(report, "F002") != 1 {
				t.Errorf("a damaged archive: %v", err)
			}
		})
	}
}

// TestTwoFilesOfOneRole: two different episodes.csv are not guessed at.
func TestTwoFilesOfOneRole(t *testing.T) {
	set := map[string]string{"episodes.csv": episodeHead + oneEpisode, "services.csv": serviceHead + oneService}
	set["old.zip"] = zipped(t, map[string]string{"episodes.csv": episodeHead + strings.Replace(oneEpisode, "E1", "E2", 1)})
	_, _, err := load(t, store.Native, write(t, set))
	var refused *ingest.RefusedError
	if !errors.As(err, &refused) || refused.Code != "F003" {
		t.Errorf("got %v", err)
	}
}

// TestArchiveOfTestB imports CMS's own archive of its test set.
func TestArchiveOfTestB(t *testing.T) {
	dir := shared(t, "synpuf")
	m, report, err := load(t, store.SynPUF, filepath.Join(dir, "sample-test-b.tar.bz2"))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]int{}
	for _, f := range report.Files {
		rows[f.Role] += f.Read
	}
	// data.md 6.2: 25 surgical stays by procedure; 3 counts: 264 inpatient, 3,454
	// outpatient and 21,187 carrier claims.
	if len(m.episodes) < 25 || rows["inpatient"] < 264 || rows["outpatient"] < 3454 || rows["carrier"] != 21187 {
		t.Errorf("%d episodes, rows %v", len(m.episodes), rows)
	}
}
