package tuva_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	pq "github.com/parquet-go/parquet-go"
	"pgregory.net/rapid"

	"bundlelab/data/ingest"
	"bundlelab/data/ingest/group"
	"bundlelab/data/store"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
)

func number(t testing.TB, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestEpisodes(t *testing.T) {
	m, rep, err := load(t, set())
	if err != nil {
		t.Fatal(err)
	}
	if len(m.episodes) != 2 {
		t.Fatalf("%d episodes", len(m.episodes))
	}
	ann, bob := &m.episodes[0], &m.episodes[1]
	if ann.Category != episode.LEJR || ann.Trigger != "470" || !ann.Inpatient || ann.CCN != "010001" || ann.Start.String() != "2025-03-01" || ann.End.String() != "2025-03-03" {
		t.Errorf("%+v", ann)
	}
	// The stay is 10,000 + 5,000 of two lines; the rest as allowed, the home
	// health claim as paid.
	if ann.StdAnchor != 15_000_00 || *ann.RawAnchor != 15_000_00 || !ann.NotStd {
		t.Errorf("anchor %s, not standardized %v", ann.StdAnchor, ann.NotStd)
	}
	sums := map[episode.Setting]money.Cents{}
	for _, s := range ann.Services {
		sums[s.Setting] += s.Amount
	}
	want := map[episode.Setting]money.Cents{episode.SNF: 9000_00, episode.Professional: 1200_00, episode.DME: 100_00, episode.HHA: 2500_00, episode.Outpatient: 150_00}
	if d := cmp.Diff(want, sums); d != "" {
		t.Error(d)
	}
	// 75 on the day of the anchor; the first span of coverage ends in June.
	if *ann.Age != 75 || ann.Sex != "F" || ann.Dual != panel.Yes || ann.EligEnd == nil || ann.EligEnd.String() != "2025-06-30" || ann.Discharge != "03" {
		t.Errorf("age %v, dual %v, eligible until %v", *ann.Age, ann.Dual, ann.EligEnd)
	}
	// Medicare Advantage cancels: eligible until the day before the anchor.
	if bob.Inpatient || bob.Trigger != "27447" || bob.Cell != "470" || bob.StdAnchor != 12_000_00 || bob.DropFlags&group.DropMA == 0 || bob.EligEnd.String() != "2025-04-30" {
		t.Errorf("%+v", bob)
	}
	for _, f := range rep.Files {
		if f.Read != f.Loaded+f.Skipped+f.Rejected || f.AmountRead != f.AmountLoaded+f.AmountSkipped+f.AmountRejected {
			t.Errorf("%s does not balance", f.Name)
		}
		if f.Role == "medical_claim" && (f.Read != 11 || f.Loaded != 10 || f.Skipped != 1 || f.AmountRead != 41_540_00 || f.AmountSkipped != 90_00) {
			// 15,000 + 9,000 + 1,200 + 100 + 2,500 + 150 + 12,000 + 0 + 1,500 + 90.
			t.Errorf("%d read, %d loaded, %s", f.Read, f.Loaded, f.AmountRead)
		}
	}
	if m.through.String() != "2025-08-31" { // Cleo's visit shows how far the data go
		t.Errorf("through %s", m.through)
	}
	if all := fmt.Sprintf("%+v", m.episodes); strings.Contains(all, "Zebedee") || strings.Contains(all, "ann") || strings.Contains(all, "A1") {
		t.Error("an identifier was stored")
	}
}

// A home health claim lasts from its first visit to its last: Ann was
// discharged on 3 March, so 28 March to 7 April are days 25 to 35. A line that
// spans the whole bill has no day of its own.
func TestHomeHealthVisits(t *testing.T) {
	for name, tt := range map[string]struct {
		lines string
		want  string
	}{
		"days of lines":    {"A4,2,2025-03-28,2025-03-28,0551\nA4,3,2025-04-07,,421\nA4,4,2025-04-09,2025-04-09,0270\n", "25..35 2500.00"},
		"days of the bill": {"A4,2,2025-03-25,2025-04-10,0551\nA4,3,2025-03-25,2025-04-10,0421\n", "22..38 2500.00"},
	} {
		m, _, err := load(t, with("medical_claim.csv", func(s string) string {
			head, rest, _ := strings.Cut(s, "\n")
			for _, l := range strings.Split(strings.TrimSuffix(tt.lines, "\n"), "\n") {
				c := strings.Split(l, ",")
				rest += strings.Join([]string{c[0], c[1], "institutional,ann,2025-03-25,2025-04-10", c[2], c[3], ",,01,,329,,,,1,,4444444444,0.00,,icd-10-cm,,,made up", c[4]}, ",") + "\n"
			}
			return head + ",revenue_center_code\n" + strings.ReplaceAll(rest, "made up\n", "made up,\n")
		}))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range m.episodes[0].Services {
			if got := fmt.Sprintf("%d..%d %s", s.From, s.To, s.Amount); s.Setting == episode.HHA && got != tt.want {
				t.Errorf("%s: %s", name, got)
			}
		}
	}
}

// The same rows as CSV and as Parquet, in one file and in two parts that tear
// claims apart, give the same episodes.
func TestFormsAreAlike(t *testing.T) {
	want, _, err := load(t, set())
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(claims, "\n")
	head := lines[0]
	// The second line of Ann's stay is the third part's first.
	first, second := head+strings.Join(lines[1:2], ""), head+strings.Join(lines[2:], "")
	forms := map[string]map[string][]byte{
		"Parquet": {"medical_claim.parquet": toParquet(t, claims), "eligibility.parquet": toParquet(t, eligibility), "npi_ccn.csv": []byte(hospitals)},
		"Parquet, zstd, small groups": {
			"medical_claim.parquet": toParquet(t, claims, pq.Compression(&pq.Zstd), pq.MaxRowsPerRowGroup(2)), "eligibility.csv": []byte(eligibility),
			"npi_ccn.parquet": toParquet(t, hospitals, pq.DataPageVersion(1)),
		},
		"two parts":         {"claims-1.csv": []byte(first), "claims-2.csv": []byte(second), "eligibility.csv": []byte(eligibility), "npi_ccn.csv": []byte(hospitals)},
		"two Parquet parts": {"claims-1.parquet": toParquet(t, first), "claims-2.parquet": toParquet(t, second), "eligibility.csv": []byte(eligibility), "npi_ccn.csv": []byte(hospitals)},
		"CRLF and BOM":      with("medical_claim.csv", func(s string) string { return "\xef\xbb\xbf" + strings.ReplaceAll(s, "\n", "\r\n") }),
		"older names": with("medical_claim.csv", func(s string) string {
			return strings.Replace(strings.Replace(s, "person_id", "patient_id", 1), "drg_code,", "ms_drg_code,", 1)
		}),
		"times of day": with("medical_claim.csv", func(s string) string { return strings.ReplaceAll(s, "2025-03-03,", "2025-03-03 00:00:00,") }),
	}
	for name, files := range forms {
		t.Run(name, func(t *testing.T) {
			got, rep, err := load(t, files)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want.episodes, got.episodes); d != "" {
				t.Error(d)
			}
			total := money.Cents(0)
			for _, f := range rep.Files {
				total += f.AmountRead
			}
			if total != 41_540_00 {
				t.Errorf("%s read", total)
			}
		})
	}
}

// The order of the lines changes no episode.
func TestAnyOrder(t *testing.T) {
	want, _, err := load(t, set())
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(claims, "\n"), "\n")
	rapid.Check(t, func(r *rapid.T) {
		mixed := lines[0] + "\n" + strings.Join(rapid.Permutation(lines[1:]).Draw(r, "lines"), "\n") + "\n"
		got, _, err := load(t, with("medical_claim.csv", func(string) string { return mixed }))
		if err != nil {
			r.Fatal(err)
		}
		if d := cmp.Diff(want.episodes, got.episodes); d != "" {
			r.Fatal(d)
		}
	})
}

// TestCodes has a row for each check the files can fail.
func TestCodes(t *testing.T) {
	office := "C9,%s\n"
	line := func(cells string) map[string][]byte { return more(fmt.Sprintf(office, cells)) }
	const tail = ",,,,11,,,,99213,1,3333333333,,70.00,90.00,icd-10-cm,I10,,made up"
	for _, x := range []struct {
		code, name string
		severity   store.Severity
		files      map[string][]byte
	}{
		{"F001", "a required column is missing", store.Refuse, swap(t, "hcpcs_code", "hcpcs")},
		{"F001", "a row is too short", store.Reject, more("C9,1\n")},
		{"F002", "a NUL", store.Refuse, more("C9\x00,1\n")},
		{"F002", "a cut Parquet file", store.Refuse, map[string][]byte{"medical_claim.parquet": toParquet(t, claims)[:2000]}},
		{"F002", "a cut gzip file", store.Refuse, map[string][]byte{"medical_claim.csv.gz": []byte("\x1f\x8b\x08\x00\x00\x00\x00\x00")}},
		{"F005", "a column the model does not have", store.Warning, swap(t, "data_source", "mood")},
		{"D001", "a day that does not exist", store.Reject, line("1,professional,ann,2025-02-30,2025-03-01,," + tail)},
		{"D001", "coverage from no day", store.Reject, with("eligibility.csv", func(s string) string { return s + "ann,female,,,2025-02-30,2025-03-01,,medicare,,,,,\n" })},
		{"D002", "discharge before admission", store.Reject, swap(t, "2025-03-01,2025-03-03,03,,111", "2025-03-01,2025-02-28,03,,111")},
		{"D002", "coverage that ends before it starts", store.Reject, with("eligibility.csv", func(s string) string { return s + "ann,female,,,2025-04-01,2025-03-01,,medicare,,,,,\n" })},
		{"K001", "a line twice", store.Reject, more("A3,1,professional,ann,2025-03-01,2025-03-01,2025-03-01,2025-03-01" + tail + "\n")},
		{"K001", "an NPI with two hospitals", store.Reject, with("npi_ccn.csv", func(s string) string { return s + "1111111111,010005\n" })},
		{"C001", "no word on hospitals", store.Refuse, map[string][]byte{"medical_claim.csv": []byte(claims), "eligibility.csv": []byte(eligibility)}},
		{"C001", "a number that is no hospital's", store.Reject, with("npi_ccn.csv", func(s string) string { return s + "5555555555,10001\n" })},
		{"C001", "a trigger at a facility nobody named", store.Warning, with("medical_claim.csv", func(s string) string { return strings.ReplaceAll(s, "0470,,1,,1111111111", "0470,,1,,7777777777") })},
		{"C004", "ICD-9 in 2025", store.Warning, swap(t, "icd-10-cm,I10", "icd-9-cm,4019")},
		{"C005", "a discharge status not in use", store.Warning, swap(t, ",03,,111", ",99,,111")},
		{"A001", "an amount in words", store.Reject, swap(t, "70.00,90.00", "70.00,much")},
		{"A002", "a negative amount", store.Reject, swap(t, "70.00,90.00", "-70.00,-90.00")},
		{"A003", "a void bill", store.Warning, swap(t, "0211", "0218")},
		{"A004", "a total on each line", store.Warning, swap(t, "4000.00,5000.00", "4000.00,10000.00")},
		{"A005", "not standardized", store.Warning, nil},
		{"A007", "less allowed than paid", store.Warning, swap(t, "70.00,90.00", "70.00,60.00")},
		{"E001", "Medicare Advantage", store.Info, nil},
		{"V001", "neither kind of claim", store.Reject, line("1,undetermined,ann,2025-03-01,2025-03-01,,,,,,,,,,99213,1,3333333333,,70.00,90.00,icd-10-cm,I10,,made up")},
		{"V001", "a bill type of one digit", store.Reject, swap(t, "0211", "2")},
		{"V001", "an NPI of nine digits", store.Reject, with("npi_ccn.csv", func(s string) string { return s + "111111111,010005\n" })},
		{"P001", "a name in a code's place", store.Reject, swap(t, ",99213,", ",Zebedee Ann,")},
	} {
		t.Run(x.code+" "+x.name, func(t *testing.T) {
			if x.files == nil {
				x.files = set()
			}
			_, rep, err := load(t, x.files)
			var no *ingest.RefusedError
			if err != nil && !errors.As(err, &no) {
				t.Fatal(err)
			}
			if rep == nil {
				t.Fatal("no report")
			}
			found := false
			for _, f := range rep.Files {
				for _, p := range f.Problems {
					found = found || p.Code == x.code && p.Severity == x.severity
					for _, secret := range []string{"Zebedee", "much"} {
						if strings.Contains(p.Message+p.Hint, secret) {
							t.Errorf("a finding repeats %q: %s %s", secret, p.Hint, p.Message)
						}
					}
				}
			}
			if !found {
				t.Errorf("%v, %+v", err, rep.Files)
			}
			if x.severity == store.Refuse && no == nil {
				t.Error("not refused")
			}
		})
	}
}

func TestWithoutHospitalsTheNextStepIsSaid(t *testing.T) {
	_, _, err := load(t, map[string][]byte{"medical_claim.csv": []byte(claims)})
	if err == nil || !strings.Contains(err.Error(), "C001") || !strings.Contains(err.Error(), "npi_ccn.csv with the columns npi and ccn") {
		t.Errorf("%v", err)
	}
}

func TestNoClaims(t *testing.T) {
	_, _, err := load(t, map[string][]byte{"eligibility.csv": []byte(eligibility), "notes.txt": []byte("hello\n")})
	if err == nil || !strings.Contains(err.Error(), "medical_claim") {
		t.Errorf("%v", err)
	}
}

// The public seed of the model has no surgical stay.
func TestSeed(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"tuva_medical_claim_seed_2075rows.csv.gz", "tuva_eligibility_seed.csv"} {
		b, err := os.ReadFile(sharedFile(t, filepath.Join("layouts", name)))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m, rep, err := loadDir(t, dir)
	if err != nil || len(m.episodes) != 0 {
		t.Fatalf("%d episodes, %v", len(m.episodes), err)
	}
	if !strings.Contains(strings.Join(rep.Notes, "\n"), "no TEAM episodes found") {
		t.Error(rep.Notes)
	}
	for _, f := range rep.Files {
		// Allowed amounts, or the paid ones where there is none: counted by hand
		// over the 2,075 lines.
		if f.Role == "medical_claim" && (f.Read != 2075 || f.Skipped != 2075 || f.AmountRead != 171_545_48) {
			t.Errorf("%d lines, %s", f.Read, f.AmountRead)
		}
		if f.Role == "eligibility" && (f.Read != 31 || f.Skipped != 31) {
			t.Errorf("%d spans", f.Read)
		}
	}
}

// sharedFile is a file of the shared data, or the test is skipped.
func sharedFile(t testing.TB, path string) string {
	t.Helper()
	root := os.Getenv("BUNDLELAB_SHARED")
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for root == "" && dir != filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			root = filepath.Join(filepath.Dir(dir), "shared")
		}
		dir = filepath.Dir(dir)
	}
	full := filepath.Join(root, "data", path)
	if _, err := os.Stat(full); err != nil {
		t.Skipf("shared data not found: %s", path)
	}
	return full
}

// FuzzClaims: no claims make the import panic, fail in another way than by
// refusing, or lose a row or a dollar.
func FuzzClaims(f *testing.F) {
	f.Add(claims)
	f.Add(strings.ReplaceAll(claims, "2025-03-0", "2025-13-0"))
	f.Add(strings.ReplaceAll(claims, ",", "|"))
	f.Fuzz(func(t *testing.T, text string) {
		_, rep, err := load(t, map[string][]byte{"medical_claim.csv": []byte(text), "eligibility.csv": []byte(eligibility), "npi_ccn.csv": []byte(hospitals)})
		var no *ingest.RefusedError
		if err != nil && !errors.As(err, &no) {
			t.Fatal(err)
		}
		if err != nil {
			return
		}
		for _, f := range rep.Files {
			if f.Read != f.Loaded+f.Skipped+f.Rejected {
				t.Fatalf("%s does not balance", f.Name)
			}
		}
	})
}
