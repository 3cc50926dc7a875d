package trigger_test

import (
	"testing"

	"bundlelab/data/ingest/trigger"
	"bundlelab/engine/episode"
)

func TestSurgery(t *testing.T) {
	for code, want := range map[string]episode.Category{
		"27447": episode.LEJR, "27130": episode.LEJR, "27702": episode.LEJR, "27245": episode.SHFFT, "33533": episode.CABG,
		"22551": episode.Fusion, "22633": episode.Fusion, "44140": episode.Bowel, "99213": 0, "36415": 0, "2744": 0, "": 0,
	} {
		for _, c := range episode.Categories() {
			if got := trigger.Surgery(c, code); got != (c == want) {
				t.Errorf("%s of %s: %v", code, c, got)
			}
		}
	}
}
