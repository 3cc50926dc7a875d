package store

import (
	"fmt"
	"testing"
	"time"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/price"
)

// components is a batch of them: the hospital's own, a group's at another one,
// the group's for all its hospitals, a category of none of the five and one
// without a benchmark.
func components(t *testing.T, s *Store, hbp money.Cents) {
	t.Helper()
	one, group := hbp, money.Cents(24_000_00)
	b := begin(t, s, BatchInfo{Format: BPCIA})
	if err := b.Components([]Component{
		{Initiator: "1", Kind: "ACH", CCN: "010001", Type: "IP", Given: "joint", Category: episode.LEJR, Period: "MY4", HBP: &one, Benchmark: &group},
		{Initiator: "2", Kind: "PGP", CCN: "010002", Type: "MS", Given: "joint", Category: episode.LEJR, HBP: &one, Benchmark: &group},
		{Initiator: "2", Kind: "PGP", Given: "joint", Category: episode.LEJR, HBP: &one, Benchmark: &group},
		{Initiator: "1", Kind: "ACH", CCN: "010001", Given: "sepsis", HBP: &one},
		{Initiator: "1", Kind: "ACH", CCN: "010001", Given: "bypass", Category: episode.CABG, Benchmark: &group},
	}); err != nil {
		t.Fatal(err)
	}
	commit(t, b)
}

func TestComponentsAreStatedBenchmarks(t *testing.T) {
	s := newStore(t)
	b := begin(t, s, BatchInfo{Format: Native})
	put(t, b, plain(1, 1))
	commit(t, b)
	components(t, s, 24_990_00)
	check := func(when, want string) {
		t.Helper()
		snapshot(t, s)
		rows, packed := both(t, s)
		same(t, rows, packed)
		got := ""
		for _, x := range []struct {
			ccn      string
			category episode.Category
			anchor   price.Anchor
			days     int
		}{
			{"010001", episode.LEJR, price.InpatientAnchor, 90}, {"010001", episode.LEJR, price.OutpatientAnchor, 90}, {"010001", episode.LEJR, price.InpatientAnchor, 30},
			{"010002", episode.LEJR, price.OutpatientAnchor, 90}, {"010001", episode.CABG, price.InpatientAnchor, 90}, {"", episode.LEJR, price.InpatientAnchor, 90},
		} {
			r, _ := packed.Prices.Stated(x.ccn, x.category, x.anchor, x.days, "MY4")
			if r == nil {
				got += "-, "
			} else {
				got += fmt.Sprintf("%s %s %t, ", r.Benchmark, r.Initiator, r.Group)
			}
		}
		if got != want {
			t.Errorf("%s: %s", when, got)
		}
	}
	check("imported", "24990.00 1 false, -, -, 24000.00 2 true, -, -, ")
	// The snapshot stands beside components of a later import, which go first.
	components(t, s, 23_000_00)
	check("again", "23000.00 1 false, -, -, 24000.00 2 true, -, -, ")
	if _, err := s.Undo(t.Context(), 3, time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	check("undone", "24990.00 1 false, -, -, 24000.00 2 true, -, -, ")
	// Changed by hand they are read anew: the snapshot does not hold them.
	plainly(t, s, "UPDATE component SET hbp = 2000000 WHERE ccn = '010001' AND period = 'MY4'")
	check("by hand", "20000.00 1 false, -, -, 24000.00 2 true, -, -, ")
}
