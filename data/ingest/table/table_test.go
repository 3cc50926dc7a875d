package table_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bundlelab/data/ingest/table"
)

func open(text string) (*table.Reader, error) {
	return table.NewReader(io.NopCloser(strings.NewReader(text)))
}

func all(r *table.Reader) (rows [][]string, lines []int, err error) {
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return rows, lines, nil
		}
		if err != nil {
			return rows, lines, err
		}
		rows, lines = append(rows, rec.Fields), append(lines, rec.Line)
	}
}

func TestReader(t *testing.T) {
	r, err := open("\ufeffA, b ,C\r\n1,\"two\nlines, \"\"q\"\"\",\r\n\r\n4,5,6")
	if err != nil {
		t.Fatal(err)
	}
	if !r.BOM || !slices.Equal(r.Header, []string{"A", "b", "C"}) || r.Column("a") != 0 || r.Column("B") != 1 || r.Column("d") != -1 || !r.Has("a", "c") {
		t.Errorf("header %v", r.Header)
	}
	rows, lines, err := all(r)
	if err != nil || len(rows) != 2 || !slices.Equal(rows[0], []string{"1", "two\nlines, \"q\"", ""}) || !slices.Equal(lines, []int{2, 5}) {
		t.Errorf("%q %v %v", rows, lines, err)
	}
	r, err = open("a|b\n1|\"2,x\n")
	if err != nil {
		t.Fatal(err)
	}
	if rows, _, err = all(r); err != nil || rows[0][1] != "\"2,x" {
		t.Errorf("%q %v", rows, err)
	}
}

func TestBadFiles(t *testing.T) {
	tests := []struct {
		name, text string
		line       int
	}{
		{"empty", "", 1},
		{"NUL", "a,b\n1,\x002\n", 2},
		{"not UTF-8", "a,b\n1,2\n\xff,2\n", 3},
		{"open quote", "a,b\n\"1,2\n3,4\n", 2},
		{"text after a quote", "a,b\n\"1\"x,2\n", 2},
		{"quote inside", "a,b\n1\"x\",2\n", 2},
		{"long line", "a,b\n" + strings.Repeat("x", 65<<10), 2},
		{"long record", "a,b\n\"" + strings.Repeat("x\n", 40<<10), 2},
		{"one name twice", "a,b,A\n", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := open(tt.text)
			if err == nil {
				_, _, err = all(r)
			}
			var bad *table.BadFileError
			if !errors.As(err, &bad) || bad.Line != tt.line {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestList(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b.csv", "a.csv", ".hidden"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := table.List(dir)
	if err != nil || len(got) != 2 || got[0].Name != "a.csv" || got[1].Size != 1 || len(got[0].SHA256) != 32 {
		t.Errorf("%v %v", got, err)
	}
	if one, err := table.List(filepath.Join(dir, "a.csv")); err != nil || len(one) != 1 {
		t.Errorf("%v %v", one, err)
	}
	if _, err := table.List(filepath.Join(dir, "none", "patient name")); err == nil || strings.Contains(err.Error(), "none") {
		t.Errorf("got %v", err)
	}
}

// FuzzCSV compares the reader with the standard library's on what both read.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "a,b\r\n\"1\n\",\"\"\"\"\r\n", "a\n\"", "a|b\n1|\"2", "\ufeffa\n1", "a,b\n\n\n1,2"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := table.NewReader(io.NopCloser(bytes.NewReader(text)))
		if err != nil {
			return
		}
		got, _, err := all(r)
		first, _, _ := bytes.Cut(text, []byte("\n"))
		if err != nil || bytes.Contains(text, []byte("\r")) || bytes.Contains(first, []byte("|")) || r.BOM {
			return
		}
		std := csv.NewReader(bytes.NewReader(text))
		std.FieldsPerRecord = -1
		want, err := std.ReadAll()
		if err != nil {
			t.Fatalf("read what encoding/csv refuses: %v", err)
		}
		if len(got) != len(want)-1 {
			t.Fatalf("%d rows, encoding/csv has %d", len(got), len(want)-1)
		}
		for i := range got {
			if !slices.Equal(got[i], want[i+1]) {
				t.Errorf("row %d: %q, encoding/csv has %q", i, got[i], want[i+1])
			}
		}
	})
}
