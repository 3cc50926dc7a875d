package exclusion_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bundlelab/data/ingest/exclusion"
	"bundlelab/engine/episode"
)

func TestLists(t *testing.T) {
	l := exclusion.Builtin()
	drgs := map[string]episode.Exclusion{"001": episode.ExcludedDRG, "959": episode.ExcludedDRG, "121": episode.ExcludedMDC, "795": episode.ExcludedMDC, "194": 0, "": 0}
	for code, want := range drgs {
		if got := l.DRG(code); got != want {
			t.Errorf("MS-DRG %q: got %b", code, got)
		}
	}
	codes := map[string]episode.Exclusion{"C9132": episode.Hemophilia, "0041A": episode.PartBDrugList, "93798": episode.CardiacRehab, "99213": 0, "#": 0, "Bare": 0}
	for code, want := range codes {
		if got := l.HCPCS(code); got&want != want || want == 0 && got != 0 {
			t.Errorf("HCPCS %q: got %b", code, got)
		}
	}
	if l.Status("H") != episode.PassThrough || l.Status("J1") != 0 {
		t.Error("status indicator")
	}
	if !l.Drug("J1885") || !l.Drug("C9132") || l.Drug("27447") {
		t.Error("drug codes")
	}
}

// TestSharedLists compares the lists with those that CMS's episode code is
// published with: the same codes, none more, none less.
func TestSharedLists(t *testing.T) {
	root := os.Getenv("BUNDLELAB_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared")
	}
	tests := []struct {
		file, column string
		codes        func(*exclusion.Lists) func(string) episode.Exclusion
		why          episode.Exclusion
		n            int
	}{
		{"sb_excluded_readmission_msdrg.csv", "ms_drg", func(l *exclusion.Lists) func(string) episode.Exclusion { return l.DRG }, episode.ExcludedDRG, 139},
		{"sb_excluded_part_b_hcpcs.csv", "hcpcs", func(l *exclusion.Lists) func(string) episode.Exclusion { return l.HCPCS }, episode.PartBDrugList, 505},
		{"sb_hemophilia_hcpcs.csv", "hcpcs", func(l *exclusion.Lists) func(string) episode.Exclusion { return l.HCPCS }, episode.Hemophilia, 50},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			in, err := os.Open(filepath.Join(root, "data", "reference", tt.file))
			if err != nil {
				t.Skipf("shared data not found: %v", err)
			}
			defer func() { _ = in.Close() }()
			rows, err := csv.NewReader(in).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			at := slices.Index(rows[0], tt.column)
			find, seen := tt.codes(exclusion.Builtin()), map[string]bool{}
			for _, r := range rows[1:] {
				code := strings.TrimSpace(r[at])
				seen[code] = true
				if find(code)&tt.why == 0 {
					t.Errorf("%s is missing", code)
				}
			}
			if n := exclusion.Builtin().Size(tt.why); n != len(seen) || n != tt.n {
				t.Errorf("%d codes, the file has %d", n, len(seen))
			}
		})
	}
}
