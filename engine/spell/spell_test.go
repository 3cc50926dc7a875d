package spell_test

import (
	"testing"

	"bundlelab/engine/spell"
)

func TestNearest(t *testing.T) {
	known := []string{"discount", "discount.loss", "gain_share", "stop_gain", "stop_loss"}
	for _, x := range []struct{ word, want string }{
		{"discuont", "discount"},       // two letters changed places: two edits
		{"DISCOUNT", "discount"},       // capitals do not count
		{"stop_los", "stop_loss"},      // one letter short
		{"discount.l", "discount"},     // two edits; discount.loss would be three
		{"gain_sharing", "gain_share"}, // three edits of twelve letters
		{"capital", ""},                // nothing near
		{"", ""},
	} {
		if got := spell.Nearest(x.word, known); got != x.want {
			t.Errorf("%q: %q, want %q", x.word, got, x.want)
		}
	}
}
