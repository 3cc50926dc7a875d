package exclusion_test

import (
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
