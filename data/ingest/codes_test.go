package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"bundlelab/data/ingest"
	"bundlelab/data/store"
)

// codeFormats has every check of data.md 6.3, with the formats whose files can
// fail it. What is not there their files do not hold: claims of feeds without
// episodes are taken by their days (D004), open an episode by a trigger or none
// (C002) and belong to a person, not to an episode; a ready-made feed has no
// months of enrolment of its own, and so on.
func codeFormats() map[string]string {
	const all, feeds, claims = "native rif synpuf bpcia team cclf tuva", "native rif bpcia team cclf tuva", "rif synpuf bpcia team cclf tuva"
	return map[string]string{
		"F001": all, "F002": all, "F003": all, "F004": "native cclf", "F005": feeds,
		"D001": all, "D002": all, "D003": all, "D004": "native bpcia team", "D005": all,
		"K001": all, "K002": all, "K003": all,
		"C001": all, "C002": "native bpcia team", "C003": all, "C004": "rif cclf tuva", "C005": feeds, "C006": "bpcia team cclf",
		"A001": all, "A002": "native rif bpcia team cclf tuva", "A003": "cclf tuva", "A004": "rif bpcia team cclf tuva", "A005": all,
		"A006": "native bpcia team", "A007": all, "A008": all,
		"S001": feeds, "S002": feeds, "S003": feeds, "S004": all,
		"E001": claims, "P001": all, "V001": all,
	}
}

// codeCase is one fault in the feeds of some formats.
type codeCase struct {
	code     string
	severity store.Severity
	formats  string // "" for every one that can fail the check
	name     string
	edit     func(f *feed) // nil: the good feed has it already
}

const ready = "native bpcia team"

func codeCases() []codeCase {
	const R, F, W, I = store.Reject, store.Refuse, store.Warning, store.Info
	return []codeCase{
		{"F001", F, "", "a required column is missing", func(f *feed) {
			f.text(f.need[0], func(s string) string { return strings.Replace(s, f.need[1], "SPARE", 1) })
		}},
		{"F001", R, "native rif synpuf bpcia team tuva", "a row is too short", func(f *feed) { f.text("line", func(s string) string { return s + "x\n" }) }},
		{"F001", F, "cclf", "a row is too short", func(f *feed) { f.text("line", func(s string) string { return s + "x\n" }) }},
		{"F002", F, "", "a NUL", func(f *feed) { f.text("line", func(s string) string { return s + "a\x00b\n" }) }},
		{"F002", F, "", "not UTF-8", func(f *feed) { f.text("line", func(s string) string { return s + "a\xffb\n" }) }},
		{"F002", F, "", "a line of 64 KB", func(f *feed) { f.text("line", func(s string) string { return s + strings.Repeat("x", 65<<10) + "\n" }) }},
		{"F002", F, "native synpuf bpcia team cclf tuva", "an open quote", func(f *feed) { f.text("line", func(s string) string { return s + "\"x\n" }) }},
		{"F002", I, "", "a byte order mark", func(f *feed) { f.text("line", func(s string) string { return "\ufeff" + s }) }},
		{"F003", I, "", "imported before", func(f *feed) { f.seen = true }},
		{"F004", F, "native", "fewer rows than the manifest says", func(f *feed) { f.files["manifest.csv"] = "file,sha256,rows,sum_std_allowed\nservices.csv,,9,\n" }},
		{"F004", F, "cclf", "fewer records than CCLF0 says", func(f *feed) {
			f.files["cclf0.txt"] = fmt.Sprintf("%-13s|%-20s|%20d|%13d\n", "CCLF5", "made up", 9, 388)
		}},
		{"F005", W, "native tuva", "a column of another layout", func(f *feed) {
			f.text("line", func(s string) string { return strings.ReplaceAll(s, "\n", ",mood\n") })
		}},
		{"F005", W, "rif", "rows of another width", func(f *feed) {
			f.text("line", func(s string) string {
				h, rest, _ := strings.Cut(s, "\n")
				return h + "\n" + strings.ReplaceAll(rest, "\n", "|x\n")
			})
		}},
		{"F005", W, "bpcia team cclf", "fields without a column", nil},
		{"D001", R, "", "a day that does not exist", func(f *feed) { f.set("line", "from=2024-02-30") }},
		{"D001", R, "", "years ahead", func(f *feed) { f.set("line", "from=2031-03-01 to=2031-03-01") }},
		{"D001", R, "", "before 2000", func(f *feed) { f.set("line", "from=1999-12-31 to=1999-12-31") }},
		{"D002", R, "", "an end before its start", func(f *feed) { f.set("line", "to=2024-03-11") }},
		{"D002", R, "", "a discharge before the admission", func(f *feed) { f.set("episode|stay", "to=2024-02-28") }},
		{"D003", W, "", "61 days in hospital", func(f *feed) { f.set("episode|stay", "to=2024-05-01") }},
		{"D004", W, "", "181 days after", func(f *feed) { f.set("line", "from=2024-09-02 to=2024-09-02") }},
		{"D004", W, "", "four days before", func(f *feed) { f.set("line", "from=2024-02-26 to=2024-02-26") }},
		// The last care ends on 10 April, 37 days from the anchor's end on.
		{"D005", I, "", "observed for 37 days", nil},
		{"K001", R, "", "a line twice", func(f *feed) { f.add("line", "") }},
		{"K002", W, ready, "a service of no episode", func(f *feed) { f.add("line", "key=E9 id=9") }},
		{"K002", W, "", "an episode of no service", func(f *feed) { f.keep("episode", "stay", "who", "hospital") }},
		{"K003", W, "", "29 days after another", func(f *feed) { f.anchor("id=9 key=E9 stay=9 from=2024-04-03 to=2024-04-06") }},
		{"K003", W, "", "89 days after another", func(f *feed) { f.anchor("id=9 key=E9 stay=9 from=2024-06-02 to=2024-06-06") }},
		{"C001", R, "native synpuf bpcia team cclf", "five digits", func(f *feed) { f.set("episode|stay", "provider=10001") }},
		{"C001", R, "native bpcia team", "of no state", func(f *feed) { f.set("episode|stay", "provider=980001") }},
		{"C001", R, "tuva", "five digits", func(f *feed) { f.set("hospital", "ccn=10001") }},
		{"C001", R, "tuva", "of no state", func(f *feed) { f.set("hospital", "ccn=980001") }},
		{"C001", W, "native rif bpcia team cclf", "a critical access hospital", func(f *feed) { f.set("episode|stay", "provider=011301") }},
		{"C001", W, "tuva", "a critical access hospital", func(f *feed) { f.set("hospital", "ccn=011301") }},
		{"C001", W, "rif", "five digits", func(f *feed) { f.set("stay", "provider=10001") }},
		{"C002", R, "", "the code of another category", func(f *feed) { f.set("episode|stay", "drg=481") }},
		{"C002", R, "", "402 before fiscal year 2025", func(f *feed) { f.set("episode|stay", "drg=402") }},
		{"C002", R, "", "no trigger at all", func(f *feed) { f.set("episode|stay", "drg=999") }},
		{"C003", W, "", "a stay without its mean", func(f *feed) { f.add("again", "") }},
		{"C004", W, "rif cclf", "ICD-9 in 2024", func(f *feed) { f.set("stay", "dx=71536 icd=9") }},
		{"C004", W, "tuva", "ICD-9 in 2024", func(f *feed) { f.set("stay", "dx=71536 icd=icd-9-cm") }},
		{"C005", W, "", "a discharge status not in use", func(f *feed) { f.set("episode|stay", "status=99") }},
		{"C005", W, "rif bpcia team cclf tuva", "sent home, and to skilled nursing", func(f *feed) { f.set("episode|stay", "status=01") }},
		{"C006", W, "", "a number of another form", func(f *feed) {
			for _, k := range f.base {
				f.set(k, "person=1OG4TE5MK73")
			}
		}},
		{"A001", R, "", "an amount in words", func(f *feed) { f.set("line", "amount=much") }},
		{"A001", R, "", "three decimals", func(f *feed) { f.set("line", "amount=1.234") }},
		{"A001", R, "", "above $21 million", func(f *feed) { f.set("line", "amount=21000000.01") }},
		{"A002", R, "native cclf tuva", "a negative of nothing", func(f *feed) { f.set("line", "amount=-1.00") }},
		{"A002", R, "bpcia team", "a negative anchor", func(f *feed) { f.set("episode", "amount=-1.00") }},
		{"A002", R, "rif", "a negative outlier", func(f *feed) { f.set("stay", "outlier=-1.00") }},
		{"A003", W, "cclf", "a cancellation of nothing", func(f *feed) { f.add("line", "id=9 act=1") }},
		{"A003", W, "cclf", "versions that do not add up", func(f *feed) { f.add("stay", "id=9 act=1 amount=11000.00 CLM_EFCTV_DT=2024-06-01") }},
		{"A003", W, "tuva", "a void bill among final ones", func(f *feed) { f.set("snf", "bill=218") }},
		{"A004", W, "rif", "lines that are not the claim", func(f *feed) { f.set("bill", "whole=60.00") }},
		{"A004", W, "cclf", "lines that are not the claim", func(f *feed) { f.set("head", "amount=60.00") }},
		{"A004", W, "bpcia team", "stays that are not the anchor", func(f *feed) { f.set("stay", "amount=12070.00") }},
		{"A004", W, "tuva", "the total on each line", func(f *feed) { f.add("stay", "line=2") }},
		{"A005", W, "native bpcia team", "raw alone", func(f *feed) { f.set("line", "std= raw=100.00") }},
		{"A005", W, "rif synpuf cclf tuva", "raw alone", nil},
		{"A006", W, "", "1 dollar and 1 cent less than stated", func(f *feed) { f.set("episode", "total=30000.00") }},
		{"A007", W, "native rif synpuf bpcia team", "another payer", func(f *feed) { f.set("line", "other=5.00") }},
		{"A007", W, "cclf", "another payer", func(f *feed) { f.set("line", "payer=A") }},
		{"A007", W, "tuva", "less allowed than paid", func(f *feed) { f.set("line", "allowed=60.00") }},
		{"A008", I, "", "more than ten times the median", func(f *feed) {
			f.anchor("person=2EG4TE5MK71 id=8 key=E8 stay=8 amount=100.00").anchor("person=3EG4TE5MK72 id=7 key=E7 stay=7 amount=100.00")
		}},
		{"S001", W, "", "101 days of skilled nursing", func(f *feed) { f.set("snf", "to=2024-06-13") }},
		{"S001", W, "", "two at once", func(f *feed) { f.add("snf", "id=9 from=2024-03-10 to=2024-03-20") }},
		{"S001", W, "", "after two nights", func(f *feed) { f.set("episode|stay", "from=2024-03-03") }},
		{"S002", W, "", "31 days of home health", func(f *feed) { f.set("hha", "to=2024-04-24") }},
		{"S003", W, "native rif bpcia team cclf", "a rehabilitation hospital as skilled nursing", func(f *feed) { f.set("snf", "provider=013025") }},
		{"S003", W, "tuva", "a rehabilitation hospital as skilled nursing", func(f *feed) { f.set("facility", "ccn=013025") }},
		{"S004", W, "", "care after death", func(f *feed) { f.person("death=2024-03-10") }},
		{"E001", I, "rif", "not in Part A and Part B", func(f *feed) { f.person("enrolled=0") }},
		{"E001", I, "synpuf", "kidney disease", func(f *feed) { f.person("esrd=Y") }},
		{"E001", I, "bpcia team", "kidney disease", func(f *feed) { f.person("esrd=1") }},
		{"E001", I, "cclf", "kidney disease", func(f *feed) { f.person("medicare=31") }},
		{"E001", I, "tuva", "Medicare Advantage", func(f *feed) { f.person("payer=medicare_advantage") }},
		{"P001", R, "native rif bpcia team cclf tuva", "a name as a code", func(f *feed) { f.set("line", "code=Zebedee_Ann") }},
		{"P001", R, "synpuf", "a name as a hospital", func(f *feed) { f.set("stay", "provider=Zebedee_Ann") }},
		{"P001", R, "rif bpcia team cclf tuva", "a person's number as a code", func(f *feed) { f.set("line", "code=1EG4-TE5-MK73") }},
		{"V001", R, "native", "a blank key", func(f *feed) { f.set("line", "id=") }},
		{"V001", R, "rif synpuf bpcia team cclf tuva", "a blank number of a claim", func(f *feed) { f.set("line", "id=") }},
	}
}

// TestEveryCode puts every fault of data.md 6.3 into every format that can have
// it: the check finds it, with its severity, and the fault alone.
func TestEveryCode(t *testing.T) {
	done := map[string]bool{}
	for _, l := range layouts() {
		_, good := find(t, l.feed())
		for _, c := range codeCases() {
			formats := c.formats
			if formats == "" {
				formats = codeFormats()[c.code]
			}
			if !strings.Contains(" "+formats+" ", " "+string(l.format)+" ") {
				continue
			}
			done[c.code+" "+string(l.format)] = true
			t.Run(fmt.Sprint(l.format, " ", c.code, " ", c.name), func(t *testing.T) {
				f := l.feed()
				if c.edit != nil {
					c.edit(f)
				}
				refused, found := find(t, f)
				what := finding{c.code, c.severity}
				if c.edit == nil && found[what] == 0 || c.edit != nil && found[what] <= good[what] {
					t.Errorf("found %v, before %v, refused with %q", found, good, refused)
				}
				if (refused != "") != (c.severity == store.Refuse || c.severity == store.Reject) && !alsoRefused(c) || c.severity == store.Refuse && refused != c.code {
					t.Errorf("refused with %q", refused)
				}
			})
		}
	}
	for code, formats := range codeFormats() {
		for _, format := range strings.Fields(formats) {
			if !done[code+" "+format] {
				t.Errorf("no %s file has a case for %s", format, code)
			}
		}
	}
}

// alsoRefused says that a warning comes with a rejection: a cancellation of
// nothing is of a claim that is missing (A003) and takes off what was not put on
// (A002).
func alsoRefused(c codeCase) bool { return c.name == "a cancellation of nothing" }

// finding is a code with its severity.
type finding struct {
	code     string
	severity store.Severity
}

// find imports a feed, counts what is found, and looks for what must not be said.
func find(t *testing.T, f *feed) (refused string, found map[finding]int) {
	t.Helper()
	o := ingest.Options{Format: f.format, Dir: write(t, f.write()), Key: key(t), Today: today()}
	if f.seen {
		o.Seen = func([]byte) (bool, error) { return true, nil }
	}
	report, err := ingest.Import(context.Background(), o, &memory{})
	var no *ingest.RefusedError
	switch {
	case errors.As(err, &no):
		refused = no.Code
	case err != nil || report == nil:
		t.Fatal(err)
	}
	found = map[finding]int{}
	for _, file := range report.Files {
		for _, p := range file.Problems {
			found[finding{p.Code, p.Severity}] += p.Count
			for _, secret := range []string{"Zebedee", "EG4", "1OG4", "much"} {
				if strings.Contains(p.Message+p.Hint, secret) {
					t.Errorf("a finding repeats %q: %+v", secret, p)
				}
			}
		}
	}
	return refused, found
}
