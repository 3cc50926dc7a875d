package worked

import (
	"testing"

	"bundlelab/engine/policy"
)

func TestEveryCaseAgrees(t *testing.T) {
	designs, err := policy.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	all, err := Run(designs)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 30 {
		t.Fatalf("%d cases ran, want every case of the settlement, price, calendar and post-episode sets", len(all))
	}
	for _, o := range all {
		if len(o.Figures) == 0 {
			t.Errorf("case %s checks nothing", o.ID)
		}
		for _, f := range o.Figures {
			if !f.OK() {
				t.Errorf("case %s %s: want %s, got %s", o.ID, f.Name, f.Want, f.Got)
			}
		}
	}
}
