package ccn_test

import (
	"testing"

	"bundlelab/data/ingest/ccn"
)

func TestKindOf(t *testing.T) {
	tests := map[string]ccn.Kind{
		"010001": ccn.ShortTerm, "450880": ccn.ShortTerm, "010899": ccn.ShortTerm, "011301": ccn.Critical, "012000": ccn.LongTerm, "013025": ccn.Rehab,
		"01T001": ccn.Rehab, "01R300": ccn.Rehab, "01S001": ccn.Psych, "014000": ccn.Psych, "01U001": ccn.SwingBed, "015001": ccn.Skilled,
		"017001": ccn.HomeHealth, "013300": ccn.OtherAcute, "050146": ccn.OtherAcute, "01000E": ccn.OtherAcute, "0100V1": ccn.OtherAcute,
		"2600GD": ccn.Unknown, "010000": ccn.Unknown, "10001": ccn.Unknown, "01-001": ccn.Unknown, "": ccn.Unknown,
	}
	for in, want := range tests {
		if got := ccn.KindOf(in); got != want {
			t.Errorf("%q: got %d, want %d", in, got, want)
		}
	}
}

func TestKnownState(t *testing.T) {
	for in, want := range map[string]bool{"010001": true, "99": true, "98": false, "60": false, "63": false, "64": true, "A9": true, "B2": true, "B3": false, "C0": false, "1": false, "0A": false} {
		if got := ccn.KnownState(in); got != want {
			t.Errorf("%q: got %v", in, got)
		}
	}
}
