package main

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"bundlelab/data/crash"
)

// A panic ends a command with its kind and place, and no value.
func TestPanicTellsNoValue(t *testing.T) {
	secret := []string{"1EG4TE5MK73"}
	for _, what := range []func(){
		func() { panic("patient " + secret[0]) },
		func() { panic(errors.New(secret[0])) },
		func() { _ = secret[len(secret)] },
	} {
		err := guarded(func() error { what(); return nil })
		var e *crash.Error
		if !errors.As(err, &e) || exitCode(err) != exitFailed || strings.Contains(err.Error(), secret[0]) || !strings.Contains(err.Error(), "safety_test.go") {
			t.Errorf("got %v", err)
		}
	}
}

// Planted identifiers, in each way a file may hold them.
const (
	plantedMBI   = "1EG4TE5MK73"
	plantedOwn   = "PATIENT-0042"
	plantedName  = "Zebulon Quackenbush"
	plantedSSN   = "078-05-1120"
	plantedBirth = "1931-07-19"
)

// planted finds the identifiers in bytes, whatever their case.
func planted(text []byte) (found []string) {
	text = bytes.ToUpper(text)
	for _, p := range []string{plantedMBI, plantedOwn, plantedName, "Quackenbush", plantedSSN, "078051120", plantedBirth, "19310719", "19JUL1931"} {
		if bytes.Contains(text, []byte(strings.ToUpper(p))) {
			found = append(found, p)
		}
	}
	return found
}

// fromScript takes a folder of the files of a script of testdata, with texts
// replaced, the first of each pair by the second.
func fromScript(script, folder string, pairs ...string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		t.Helper()
		a, err := txtar.ParseFile(filepath.Join("testdata", script+".txtar"))
		if err != nil {
			t.Fatal(err)
		}
		holds := false
		for _, f := range a.Files {
			name, ok := strings.CutPrefix(f.Name, folder+"/")
			if !ok {
				continue
			}
			text := []byte(strings.NewReplacer(pairs...).Replace(string(f.Data)))
			holds = holds || planted(text) != nil
			if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if !holds {
			t.Fatalf("the files of %s hold no planted identifier", script)
		}
	}
}

// nativeWithIdentifiers plants them where they belong, where they do not, and
// in rows that are rejected, so that findings are about them.
func nativeWithIdentifiers(t *testing.T, dir string) {
	t.Helper()
	var e, s strings.Builder
	e.WriteString("episode_key,bene_key,ccn,category,anchor_type,trigger_code,anchor_start,anchor_end,std_anchor,data_through,death_date,patient_name\n")
	s.WriteString("episode_key,line_key,setting,from_date,to_date,std_allowed,exclusion,provider_id,provider_kind,stay_key\n")
	for i := range 400 {
		key := "E" + strings.Repeat("x", i%5) + string(rune('A'+i%26)) + strings.Repeat("y", i/26)
		e.WriteString(key + "," + plantedMBI + ",100001,LEJR,IP,470,2025-02-27,2025-03-01,14000.00,2025-12-31,," + plantedName + "\n")
		s.WriteString(key + ",1,snf,2025-03-01,2025-03-20,8000.00,," + "105001,CCN,S1\n")
	}
	e.WriteString(plantedMBI + "-1," + plantedMBI + ",100001,LEJR,IP,470,2025-02-27,2025-03-01,1.00,2025-12-31,,x\n")
	e.WriteString(plantedOwn + "," + plantedOwn + ",100001,LEJR,IP,470,2025-02-27,2025-03-01,1.00,2025-12-31,,x\n")
	e.WriteString("BAD1," + plantedOwn + ",100001,LEJR,IP,470,2025-02-27," + plantedName + ",1.00,2025-12-31,,x\n")
	e.WriteString("BAD2," + plantedOwn + "," + plantedSSN + ",LEJR,IP,470,2025-02-27,2025-03-01,1.00,2025-12-31,,x\n")
	s.WriteString(plantedMBI + "-1,1,snf,2025-03-01,2025-03-20,1.00,," + plantedSSN + ",TIN,\n")
	s.WriteString(plantedOwn + "," + plantedMBI + ",snf,2025-03-01,2025-03-20,1.00,,105001,CCN," + plantedSSN + "\n")
	s.WriteString(plantedOwn + ",2,snf,2025-03-01,2025-03-20,1.00," + plantedName + " born " + plantedBirth + ",105001,CCN,\n")
	if err := errors.Join(os.WriteFile(filepath.Join(dir, "episodes.csv"), []byte(e.String()), 0o600),
		os.WriteFile(filepath.Join(dir, "services.csv"), []byte(s.String()), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// TestNothingReadableAboutAPerson imports files with planted identifiers and
// looks for them in every byte the program leaves behind or says.
func TestNothingReadableAboutAPerson(t *testing.T) {
	for _, tt := range []struct {
		format string
		write  func(*testing.T, string)
	}{
		{"native", nativeWithIdentifiers}, {"rif", rifWithIdentifiers},
		{"bpcia", fromScript("bpcia", "good", "1AC4DE5FG01", plantedMBI, "2AC4DE5FG02", plantedMBI, "PLANTED", plantedName, "13APR1949", "19JUL1931")},
		{"team", fromScript("team", "guess", "1AC4DE5FG01", plantedMBI)},
		{"cclf", fromScript("cclf", "good")},
		{"tuva", fromScript("tuva", "set", ",ann,", ","+plantedOwn+",", "\nann,", "\n"+plantedOwn+",", "1950-02-01", plantedBirth, "Ann,Zebedee", strings.ReplaceAll(plantedName, " ", ","))},
	} {
		t.Run(tt.format, func(t *testing.T) {
			home, in := t.TempDir(), t.TempDir()
			tt.write(t, in)
			db := filepath.Join(home, "h.db")
			var said bytes.Buffer
			program := func(args ...string) {
				cmd := exec.Command("bundlelab", args...)
				cmd.Env = homeEnv(home)
				out, err := cmd.CombinedOutput()
				var exit *exec.ExitError
				if err != nil && !errors.As(err, &exit) {
					t.Fatal(err)
				}
				said.Write(out)
			}
			program("import", "--from", tt.format, in, "--db", db, "--errors", filepath.Join(home, "found.csv"))
			program("import", "--from", tt.format, in, "--db", db, "--dry-run", "--format", "json", "--errors", filepath.Join(home, "dry.csv"))
			program("import", "history", "--db", db, "--format", "json")
			program("project", "--db", db, "--format", "json", "--draws", "0")
			program("doctor", "--db", db, "--format", "json")
			program("key", "show", "--db", db)
			if tt.format == "native" || tt.format == "bpcia" {
				said.Write(board(t, home, db))
			}
			leaves(t, home, db)
			program("import", "undo", "1", "--db", db)
			if _, err := os.Stat(db); err != nil || !strings.Contains(said.String(), "import 1 is undone") {
				t.Fatalf("the import did not come to its end: %v\n%s", err, said.String())
			}
			if found := planted(said.Bytes()); found != nil {
				t.Errorf("said: %v\n%s", found, said.String())
			}
			leaves(t, home, db)
		})
	}
}

// leaves looks for the identifiers in every file below a home and in every cell
// of the database, whose pages may have torn a text apart.
func leaves(t *testing.T, home, path string) {
	t.Helper()
	if err := filepath.WalkDir(home, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if found := planted(text); found != nil {
			t.Errorf("%s holds %v", filepath.Base(path), found)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for table, rows := range dump(t, path) {
		if found := planted([]byte(strings.Join(rows, "\n"))); found != nil {
			t.Errorf("table %s holds %v", table, found)
		}
	}
}

// dump writes every row of every table as text.
func dump(t *testing.T, path string) map[string][]string {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows := func(query string) (all []string) {
		r, err := db.Query(query)
		if err != nil {
			t.Fatal(err)
		}
		names, err := r.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for r.Next() {
			cells, to := make([]sql.RawBytes, len(names)), make([]any, len(names))
			for i := range to {
				to[i] = &cells[i]
			}
			if err := r.Scan(to...); err != nil {
				t.Fatal(err)
			}
			all = append(all, string(bytes.Join(rawCells(cells), []byte("|"))))
		}
		if err := errors.Join(r.Err(), r.Close()); err != nil {
			t.Fatal(err)
		}
		return all
	}
	all := map[string][]string{}
	for _, table := range rows("SELECT name FROM sqlite_schema WHERE type = 'table'") {
		all[table] = rows("SELECT * FROM " + table)
	}
	if len(all) < 10 {
		t.Fatalf("the database has %d tables", len(all))
	}
	return all
}

func rawCells(cells []sql.RawBytes) [][]byte {
	out := make([][]byte, len(cells))
	for i, c := range cells {
		out[i] = c
	}
	return out
}

// TestTablesKeepNoNumberOfAPerson imports tables of prices and of public facts
// with identifiers in the cells for words and codes.
func TestTablesKeepNoNumberOfAPerson(t *testing.T) {
	home, in := t.TempDir(), t.TempDir()
	db := filepath.Join(home, "h.db")
	var said bytes.Buffer
	for _, x := range []struct{ kind, text string }{
		{"prices", "cell,division,days,price,source\n470,6,30,24000.00,made up\n"},
		{"prices", "cell,division,days,price,source\n470,5,30,24000.00," + plantedMBI + "\n"},
		{"prices", "cell,division,days,price,source\n470,5,30,24000.00,for " + plantedSSN + "\n"},
		{"prices", "cell,division,days,price,period\n470,5,30,24000.00," + plantedMBI + "\n"},
		{"hcc", "payment_year,diagnosis_code,cms_hcc_v24,cms_hcc_v24_flag,cms_hcc_v28,cms_hcc_v28_flag\n2024," + plantedMBI + ",85,Yes,226,Yes\n"},
		{"coefficients", "design,period,category,variable,coefficient,source\nteam,PY1,LEJR,age_65_74,1.05,made up\n"},
		{"coefficients", "design,period,category,variable,coefficient,source\nteam,PY1,LEJR,age_65_74,1.05," + plantedMBI + "\n"},
		{"coefficients", "design,period,category,variable,coefficient,source\nteam,PY1,LEJR,age_65_74,1.05,for " + plantedSSN + "\n"},
		{"table5", "TABLE 5 FY 2024,,,,,,\nMS-DRG,MDC,TYPE,MS-DRG Title,Weights,Geometric mean LOS,Arithmetic mean LOS\n470,08,SURG," + plantedName + " " + plantedMBI + ",1.9,2.0,2.3\n"},
	} {
		file := filepath.Join(in, "table.csv")
		if err := os.WriteFile(file, []byte(x.text), 0o600); err != nil {
			t.Fatal(err)
		}
		args := []string{"prices", "import", file, "--db", db}
		if x.kind != "prices" {
			args = []string{"reference", "import", file, "--kind", x.kind, "--db", db}
		}
		cmd := exec.Command("bundlelab", args...)
		cmd.Env = homeEnv(home)
		out, err := cmd.CombinedOutput()
		said.Write(out)
		if good := planted([]byte(x.text)) == nil; good && err != nil {
			t.Fatalf("%s: %v\n%s", x.kind, err, out)
		}
	}
	if found := planted(said.Bytes()); found != nil {
		t.Errorf("said: %v\n%s", found, said.String())
	}
	leaves(t, home, db)
}

// rifWithIdentifiers plants them as the person of claims, in the file of
// persons, and in rows that are rejected.
func rifWithIdentifiers(t *testing.T, dir string) {
	t.Helper()
	columns := func(names, rows string) []byte {
		return []byte(strings.ReplaceAll(names, " ", "|") + "\n" + strings.ReplaceAll(rows, " ", "|"))
	}
	var stays, lines, people strings.Builder
	for i := range 300 {
		who := fmt.Sprintf("%s-%d", plantedOwn, i)
		if i == 0 {
			who = plantedMBI
		}
		fmt.Fprintf(&stays, "%s -1%04d 60 01-Mar-2024 04-Mar-2024 01-Mar-2024 04-Mar-2024 010001 470 12000.00 0 06\n", who, i)
		fmt.Fprintf(&lines, "%s -2%04d 20 04-Mar-2024 19-Mar-2024 015001 8000.00\n", who, i)
		fmt.Fprintf(&people, "%s 19-Jul-1931 2 %s 2024\n", who, strings.ReplaceAll(plantedName, " ", "_"))
	}
	fmt.Fprintf(&stays, "%s -9 60 %s 04-Mar-2024 01-Mar-2024 04-Mar-2024 010001 470 1.00 0 06\n", plantedOwn, plantedSSN)
	fmt.Fprintf(&lines, "%s -9 20 04-Mar-2024 %s 015001 1.00\n", plantedMBI, plantedBirth+"x")
	if err := errors.Join(
		os.WriteFile(filepath.Join(dir, "inpatient.csv"), columns("BENE_ID CLM_ID NCH_CLM_TYPE_CD CLM_FROM_DT CLM_THRU_DT CLM_ADMSN_DT NCH_BENE_DSCHRG_DT PRVDR_NUM CLM_DRG_CD CLM_PMT_AMT NCH_PRMRY_PYR_CLM_PD_AMT PTNT_DSCHRG_STUS_CD", stays.String()), 0o600),
		os.WriteFile(filepath.Join(dir, "snf.csv"), columns("BENE_ID CLM_ID NCH_CLM_TYPE_CD CLM_FROM_DT CLM_THRU_DT PRVDR_NUM CLM_PMT_AMT", lines.String()), 0o600),
		os.WriteFile(filepath.Join(dir, plantedName+".csv"), columns("BENE_ID BENE_BIRTH_DT BENE_SEX_IDENT_CD BENE_SRNM_NAME RFRNC_YR", people.String()), 0o600),
	); err != nil {
		t.Fatal(err)
	}
}

// Output that cannot be written is an error in words, and the import that was
// to be told of is in the database all the same.
func TestFullOutput(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skipf("no device that is always full: %v", err)
	}
	defer func() { _ = full.Close() }()
	k := &killed{t: t, dir: t.TempDir()}
	k.db = filepath.Join(k.dir, "h.db")
	folder := k.files()
	run := func(out *os.File, args ...string) (int, string) {
		var said bytes.Buffer
		cmd := exec.Command("bundlelab", args...)
		cmd.Env, cmd.Stderr = k.env(), &said
		if out != nil {
			cmd.Stdout = out
		}
		var exit *exec.ExitError
		if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		return cmd.ProcessState.ExitCode(), said.String()
	}
	for _, tt := range []struct {
		out  *os.File
		args []string
	}{
		{nil, []string{"import", "--from", "native", folder, "--db", k.db, "--errors", "/dev/full", "--force"}},
		{full, []string{"import", "--from", "native", folder, "--db", k.db, "--format", "json"}},
		{full, []string{"import", "history", "--db", k.db, "--format", "csv"}},
		{full, []string{"project", "--db", k.db, "--draws", "0", "--design", "team"}},
	} {
		if code, said := run(tt.out, tt.args...); code != exitFailed || !strings.Contains(said, "no space left on device") {
			t.Errorf("%v: code %d: %s", tt.args, code, said)
		}
	}
	if info, err := os.Stat("/dev/full"); err != nil || info.Mode().IsRegular() {
		t.Errorf("the device was replaced: %v", err)
	}
	if code, said := run(nil, "doctor", "--db", k.db); code != 0 {
		t.Errorf("doctor: %s", said)
	}
}
