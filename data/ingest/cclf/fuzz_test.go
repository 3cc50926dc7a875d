package cclf_test

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// edit writes texts into cells of the story: a line holds file, record, column
// (both by number, counted round) and the text.
func (d *deck) edit(edits string) {
	for _, line := range strings.Split(edits, "\n") {
		part := strings.SplitN(line, " ", 4)
		if len(part) < 4 || d.rows[part[0]] == nil {
			continue
		}
		rows, columns := d.rows[part[0]], slices.Sorted(maps.Keys(d.places[part[0]]))
		r, err1 := strconv.ParseUint(part[1], 10, 16)
		c, err2 := strconv.ParseUint(part[2], 10, 16)
		if err1 != nil || err2 != nil {
			continue
		}
		p := d.places[part[0]][columns[int(c)%len(columns)]]
		row := []byte(rows[int(r)%len(rows)])
		copy(row[p[0]-1:p[1]], part[3]+strings.Repeat(" ", p[1]))
		rows[int(r)%len(rows)] = string(row)
	}
}

// FuzzCells changes cells of a good delivery.
func FuzzCells(f *testing.F) {
	for _, edits := range []string{
		"1 0 1 2", "1 3 20 -5.00\n1 3 5 40", "5 0 30 0.01\n5 1 5 103", "A 0 4 99999999.00", "9 0 1 1EG4TE5MK73", "8 0 7 1999-01-01", "2 0 8 27447\n2 1 4 110",
		"1 2 3 1\n1 1 3 2\n1 0 7 2031-01-01", "0 1 2 x", "4 0 2 71536\n4 0 3 9", "6 0 9 82\n6 0 13 -55.00", "1 4 12 2024-02-30",
	} {
		f.Add(edits)
	}
	f.Fuzz(func(t *testing.T, edits string) {
		d := embedded(t).story()
		d.edit(edits)
		balanced(t, d.files())
	})
}

// FuzzFile has any text for one of the files.
func FuzzFile(f *testing.F) {
	files := embedded(f).story().files()
	f.Add("cclf9.txt", files["cclf9.txt"])
	f.Add("cclf0.txt", "CCLF1        |x                   |                   6|          437\n")
	f.Add("beneficiary_xref.csv", "CRNT_NUM,PRVS_NUM\n"+anna+","+maid+"\n"+maid+",\"x\n")
	f.Add("cclfb.txt", "\ufeff\r\n\x00")
	f.Fuzz(func(t *testing.T, name, text string) {
		if strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_0123456789.") != "" || len(name) < 3 || len(name) > 40 || name[0] == '.' {
			return
		}
		some := maps.Clone(files)
		delete(some, "cclf0.txt")
		some[name] = text
		balanced(t, some)
	})
}

// balanced holds of every import: the books balance and no finding repeats an
// identifier.
func balanced(t *testing.T, files map[string]string) {
	t.Helper()
	_, report, err := load(t, write(t, files))
	if err != nil && strings.Contains(err.Error(), "control totals") {
		t.Fatal(err)
	}
	if report == nil {
		t.Fatalf("no report: %v", err)
	}
	for _, f := range report.Files {
		for _, p := range f.Problems {
			if strings.Contains(p.Hint+p.Message, "EG4TE5") {
				t.Errorf("a finding repeats a cell: %+v", p)
			}
		}
	}
}
