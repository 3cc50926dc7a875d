package ingest_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

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
			date: "03-JAN-2024", key: [2]string{"7|1|60|", "8|2|60|"}, column: "CLM_PMT_AMT",
		},
		{
			format: store.SynPUF, file: "a.csv", head: synpufHead, row: "A,1,1,20080101,20080105,20080101,2600GD,4000.00,8154\n",
			date: "20080105", key: [2]string{"A,1,1,", "B,2,1,"}, column: "PRVDR_NUM",
		},
		fromFeed(layoutOf(store.BPCIA)), fromFeed(layoutOf(store.TEAM)), fromFeed(layoutOf(store.CCLF)), fromFeed(layoutOf(store.Tuva)),
	}
}

// fromFeed is the fixture that spoils the file of a feed's office visit.
func fromFeed(l *layout) fixture {
	feed := l.feed().set("line", "id=L7")
	files := feed.write()
	file := l.kinds["line"].file
	head, row, _ := strings.Cut(files[file], "\n")
	delete(files, file)
	day, _ := time.Parse(time.DateOnly, "2024-03-12")
	return fixture{
		format: l.format, file: file, others: files, head: head + "\n", row: row,
		date: strings.ToUpper(day.Format(l.date)), key: [2]string{"L7", "L8"}, column: l.need[1],
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
				// Another key, so that a row that slips through shows, and of
				// another person: the same surgery again is refused (K003).
				g := f
				g.row = strings.Replace(f.row, f.key[0], f.key[1], 1)
				files[f.file] = tt.spoil(g)
				code, noted := attempt(t, db, f.format, write(t, files), tt.noted)
				want := tt.refused
				switch {
				case f.format == store.RIF && want == "K001":
					want = "" // a stay's rows repeat the claim, one for each of its lines
				case f.format == store.CCLF && tt.name == "empty":
					want = "" // a delivery may have no professional claim
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
	return []any{data.Panel.Rows, data.Panel.Hospitals, data.Info, batches}
}

// TestCancelledAlone: a cancellation of a claim that no file brings is refused
// where a feed has cancellations, and changes nothing.
func TestCancelledAlone(t *testing.T) {
	l := layoutOf(store.CCLF)
	db := database(t)
	into(t, db, l.format, write(t, l.feed().write()))
	before := content(t, db)
	for _, kind := range []string{"again", "line"} {
		if code, warned := attempt(t, db, l.format, write(t, l.feed().add(kind, "id=9 from=2024-03-26 to=2024-03-26 act=1").write()), "A003"); code != "A002" || warned != 1 {
			t.Errorf("%s: refused with %q, warned %d times", kind, code, warned)
		}
	}
	if d := cmp.Diff(before, content(t, db)); d != "" {
		t.Errorf("the database changed:\n%s", d)
	}
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
	for _, format := range []store.Format{store.BPCIA, store.TEAM} {
		m, report, err := load(t, format, write(t, layoutOf(format).feed().add("line", "id=9 key=E9").write()))
		if err != nil || len(m.episodes[0].Services) != 3 || count(report, "K002") != 1 {
			t.Errorf("%s: %v %+v", format, err, report.Files)
		}
	}
	for _, format := range []store.Format{store.CCLF, store.Tuva} {
		m, report, err := load(t, format, write(t, layoutOf(format).feed().add("line", "id=9 person=2EG4TE5MK71").write()))
		skipped := 0
		for _, f := range report.Files {
			skipped += f.Skipped
		}
		if err != nil || len(m.episodes) != 1 || skipped != 1 {
			t.Errorf("%s: %v, %d skipped", format, err, skipped)
		}
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
