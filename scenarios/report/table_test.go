package report_test

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/scenarios/report"
)

func write(t testing.TB, f report.Format, sheets ...report.Sheet) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Write(&b, f, sheets...); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFormulasAreNeutral(t *testing.T) {
	for in, want := range map[string]string{
		"":                  "",
		"LEJR":              "LEJR",
		"=1+1":              "'=1+1",
		"=HYPERLINK(\"x\")": "'=HYPERLINK(\"x\")",
		"+cmd|' /C calc'!A": "'+cmd|' /C calc'!A",
		"-(LEJR 2.0%)":      "'-(LEJR 2.0%)",
		"@SUM(A1)":          "'@SUM(A1)",
		"\t=1":              "'\t=1",
		"\r=1":              "'\r=1",
		"-50000.00":         "-50000.00", // numbers keep their sign
		"+5":                "+5",
		"-":                 "-",
		"a=1":               "a=1",
		"  =1":              "'  =1",
		"-1+2":              "'-1+2", // no number, though made of its signs
		"+1-2+3":            "'+1-2+3",
		"--1":               "'--1",
		"=1":                "'=1",
		"-$50,000.00":       "-$50,000.00",
		"-$":                "'-$",
		"-.5":               "-.5",
		"-1.":               "'-1.",
		"+1.5%":             "+1.5%",
		"-1.5.2":            "'-1.5.2",
		" a":                " a",
	} {
		if got := report.Neutral(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestCSV(t *testing.T) {
	l := ledger()
	got := write(t, report.CSV, report.LedgerRows("team", "PY2", "2", "100001", "SYNTHETIC", &l), report.LedgerRows("team", "PY2", "3", "100002", "given totals", &l))
	rows, err := csv.NewReader(strings.NewReader(got)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	// One header for both sheets, then four lines each.
	if len(rows) != 9 || strings.Join(rows[0], ",") != "design,period,track,ccn,id,label,amount,subtotal,formula,cite,evidence,basis" {
		t.Fatalf("%d rows, header %v", len(rows), rows[0])
	}
	if d := rows[2]; d[4] != "discount" || d[6] != "-30000.00" || d[7] != "false" || d[8] != "'-(LEJR 2.0% × $1,500,000.00)" {
		t.Errorf("%q", d)
	}
	if rows[1][11] != "SYNTHETIC" || rows[3][7] != "true" || rows[5][3] != "100002" {
		t.Errorf("%q", rows)
	}
}

func TestCSVCellsNeverStartAFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.OneOf(rapid.String(), rapid.StringMatching(`[=+\-@\t\r]{1,3}[a-z0-9.(|"]{0,6}`)).Draw(t, "cell")
		got := report.Neutral(cell)
		if got != cell && got != "'"+cell {
			t.Fatalf("%q becomes %q", cell, got)
		}
		start := strings.TrimLeft(got, " \n")
		if start == "" || start == "-" || !strings.ContainsRune("=+-@\t\r", rune(start[0])) {
			return
		}
		if number := strings.NewReplacer("$", "", ",", "", "%", "").Replace(start[1:]); strings.ContainsAny(start[:1], "=@\t\r") || strings.Trim(number, "0123456789.") != "" {
			t.Fatalf("%q could run", got)
		}
	})
}

// A hospital's name comes from a file and may be anything.
func TestHospitalNamesDoNotRun(t *testing.T) {
	r := projection()
	r.Designs[0].Hospitals[0].Name = `=HYPERLINK("http://x";"click")`
	for _, f := range []report.Format{report.CSV, report.Markdown} {
		for _, s := range report.ProjectionSheets(&r, nil, nil) {
			if out := write(t, f, s); strings.Contains(strings.ReplaceAll(out, "'=HYPERLINK", ""), "=HYPERLINK") {
				t.Errorf("%s runs:\n%s", f, out)
			}
		}
	}
}

func TestMarkdown(t *testing.T) {
	s := report.Sheet{Title: "T", Header: []string{"a", "b"}, Right: []bool{false, true}, Rows: [][]string{{"North | South", "1"}, {"two\nlines", "-2"}}, Notes: []string{"note: n"}}
	want := "## T\n\n| a | b |\n|---|---:|\n| North \\| South | 1 |\n| two lines | -2 |\n\nnote: n\n\n"
	if got := write(t, report.Markdown, s); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestMarkdownRowsKeepTheirColumns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringMatching(`[a|\\\n é<>*]{0,8}`)
		s := report.Sheet{Header: []string{"a", "b"}, Rows: [][]string{{cell.Draw(t, "a"), cell.Draw(t, "b")}}}
		var b bytes.Buffer
		if err := report.Write(&b, report.Markdown, s); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(b.String(), "\n")
		row := lines[2]
		if bars := strings.Count(row, "|") - strings.Count(row, `\|`); bars != 3 || lines[3] != "" {
			t.Fatalf("%q has %d bars", row, bars)
		}
	})
}

func TestPlain(t *testing.T) {
	s := report.Sheet{Title: "T", Header: []string{"name", "net"}, Right: []bool{false, true}, Rows: [][]string{{"Été", "-1.00"}, {"x", "20.00"}}, Notes: []string{"n"}}
	want := "T\nname    net\nÉté   -1.00\nx     20.00\n  n\n"
	if got := write(t, report.Table, s); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := write(t, report.Table, s, s); got != want+"\n"+want {
		t.Errorf("two sheets:\n%s", got)
	}
}

func TestProjectionSheets(t *testing.T) {
	r := projection()
	sheets := report.ProjectionSheets(&r, nil, nil)
	if len(sheets) != 3 {
		t.Fatalf("%d sheets, want designs, hospitals and the one ledger", len(sheets))
	}
	out := write(t, report.Markdown, sheets...)
	for _, part := range []string{"Every design, same episodes", "TEAM PY1, 30-day episodes: anchors that ended in 2026", `North \| South`, "$40,320.00", "Medicare pays the hospital $40,320.00 in all; targets from cms (4 episodes)", "Ledger of 100001", "note: w"} {
		if !strings.Contains(out, part) {
			t.Errorf("%q is not in\n%s", part, out)
		}
	}
	for net, want := range map[money.Cents]string{5: "Medicare pays the hospital $0.05", -5: "the hospital repays Medicare $0.05", 0: "nothing is owed either way"} {
		if got := report.Verdict(policy.Says("retrospective", "Medicare", cmp.Compare(net, 0)), net); got != want {
			t.Errorf("%s: %q", net, got)
		}
	}
}
