package control_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bundlelab/data/ingest/control"
	"bundlelab/data/store"
	"bundlelab/engine/money"
)

func TestMask(t *testing.T) {
	for in, want := range map[string]string{"1EG4-TE5": "9AA9-AA9", "Smith, J": "Aaaaa, A", "": "", "é$5\x01": "a$9?", strings.Repeat("x", 30): strings.Repeat("a", 24) + "..."} {
		if got := control.Mask(in); got != want {
			t.Errorf("%q: got %q", in, got)
		}
	}
	if control.Column("std_allowed") != "std_allowed" || control.Column("patient_123456789") != "aaaaaaa_999999999" {
		t.Error("column names")
	}
}

func TestMaskKeepsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, r := range control.Mask(rapid.String().Draw(t, "value")) {
			if r >= '0' && r <= '8' || r >= 'b' && r <= 'z' || r >= 'B' && r <= 'Z' || r > 0x7f {
				t.Fatalf("%q is in the pattern", r)
			}
		}
	})
}

func TestThreshold(t *testing.T) {
	tests := []struct {
		name           string
		rows, rejected int
		dollars, lost  int64 // in dollars
		want           bool
	}{
		{"nothing", 0, 0, 0, 0, false},
		{"one row of a hundred", 100, 1, 0, 0, false}, // 1% exactly is no more than 1%
		{"two of 199", 199, 2, 0, 0, true},
		{"a tenth of a percent of dollars", 1000, 1, 1000, 1, false},
		{"more dollars", 1000, 1, 999, 1, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := control.NewFile("x", "x", nil, 0)
			f.Saw(tt.rows, 0)
			f.Saw(0, 0)
			f.Rejects(tt.rejected, 0)
			f.Saw(0, money.Cents(100*tt.dollars))
			f.Rejects(0, money.Cents(100*tt.lost))
			if got := f.OverThreshold(); got != tt.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestFindingsAreCapped(t *testing.T) {
	f := control.NewFile("x", "x", nil, 0)
	for i := range 1500 {
		f.Find(store.Warning, "D004", i+1, "", "", "far away")
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if n := len(f.Problems); n != 1001 || f.Problems[1000].Count != 500 || f.Warned != 1500 {
		t.Errorf("%d findings, the last stands for %d", n, f.Problems[n-1].Count)
	}
}

func TestUnbalancedBooksAreAnError(t *testing.T) {
	f := control.NewFile("x", "x", nil, 0)
	f.Saw(2, 10_00)
	f.Loads(1, 10_00)
	if err := f.Close(); err == nil {
		t.Error("a lost row went unseen")
	}
	f.Skips(1, 1_00)
	if err := f.Close(); err == nil {
		t.Error("a lost dollar went unseen")
	}
}
