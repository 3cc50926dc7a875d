package cclf_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"bundlelab/data/ingest/cclf"
)

// TestForms reads the same story written otherwise.
func TestForms(t *testing.T) {
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	for name, text := range embedded(t).story().sent("240901") {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	change := func(how func(string) string) map[string]string {
		files := embedded(t).story().files()
		for name, text := range files {
			files[name] = how(text)
		}
		return files
	}
	gz := map[string]string{}
	for name, text := range embedded(t).story().files() {
		gz[name+".gz"] = packed(t, text)
	}
	tests := map[string]map[string]string{
		"CRLF":              change(func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }),
		"byte order mark":   change(func(s string) string { return "\ufeff" + s }),
		"no last line end":  change(func(s string) string { return strings.TrimSuffix(s, "\n") }),
		"gzip":              gz,
		"zip":               {"P.A1234.ACO.ZCY24.D240901.zip": archive.String()},
		"another alphabet":  change(func(s string) string { return strings.Replace(s, "SURNAME", "SÜRNÄME", 1) }),
		"header and commas": embedded(t).story().headed(","),
		"header and pipes":  embedded(t).story().headed("|"),
	}
	for name, files := range tests {
		t.Run(name, func(t *testing.T) {
			m, report, err := load(t, write(t, files))
			if err != nil {
				t.Fatal(err)
			}
			if len(m.episodes) != 1 || *m.episodes[0].RawAnchor != 13872_00 || len(m.episodes[0].Services) != 5 {
				t.Errorf("%+v", report)
			}
		})
	}
}

// headed writes the records as delimited files with headers.
func (d *deck) headed(comma string) map[string]string {
	names := map[string]string{"1": "parta_claims_header", "2": "parta_claims_revenue_center_detail", "3": "parta_procedure_code", "4": "parta_diagnosis_code", "5": "partb_physicians",
		"6": "partb_dme", "8": "beneficiary_demographics", "9": "beneficiary_xref", "A": "parta_extra"}
	out := map[string]string{}
	for file, name := range names {
		var columns []string
		for c := range d.places[file] {
			if c != "" {
				columns = append(columns, c)
			}
		}
		text := strings.Join(columns, comma) + comma + "FILE_NAME\n"
		for _, row := range d.rows[file] {
			for _, c := range columns {
				p := d.places[file][c]
				text += strings.ReplaceAll(strings.TrimSpace(row[p[0]-1:p[1]]), comma, " ") + comma
			}
			text += "made_up\n"
		}
		out[name+".csv"] = text
	}
	return out
}

func TestCrossReferences(t *testing.T) {
	tests := []struct {
		name    string
		pairs   map[string]string
		from    string
		end     string
		circles int
	}{
		{"chain", map[string]string{"A": "B", "B": "C"}, "A", "C", 0},
		{"two into one", map[string]string{"A": "C", "B": "C"}, "B", "C", 0},
		{"circle", map[string]string{"C": "B", "B": "C"}, "C", "B", 1},
		{"into a circle", map[string]string{"A": "C", "C": "B", "B": "C"}, "A", "B", 1},
		{"unknown", map[string]string{"A": "B"}, "X", "X", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if end, circles := cclf.End(tt.pairs, tt.from); end != tt.end || circles != tt.circles {
				t.Errorf("%s, %d circles", end, circles)
			}
		})
	}
}

func TestNames(t *testing.T) {
	tests := []struct{ name, file, group, day string }{
		{"P.A1234.ACO.ZC1Y24.D240101.T0100000", "1", "p.a1234.aco.y24.20240101", "20240101"},
		{"p.a1234.aco.zcay24.d240101.t010000.txt", "A", "p.a1234.aco.y24.20240101", "20240101"},
		{"P.A1234.ACO.ZC0R23.D240401.T0100000", "0", "p.a1234.aco.r23.20240401", "20240401"},
		{"cclf1.txt", "1", "*", ""},
		{"CCLF_B_2024-02.csv", "B", "*_2024-02", "202402"},
		{"aco_cclf9_20240301.txt", "9", "aco_*_20240301", "20240301"},
		{"cclf_beneficiaries.txt", "", "cclf_beneficiaries.txt", ""},
		{"cclf 2024.txt", "", "cclf 2024.txt", ""},
		{"inpatient.csv", "", "inpatient.csv", ""},
	}
	for _, tt := range tests {
		if file, group, day := cclf.NameOf(tt.name); file != tt.file || group != tt.group || day != tt.day {
			t.Errorf("%s: %q %q %q", tt.name, file, group, day)
		}
	}
}
