package policy_test

import (
	"strings"
	"testing"

	"bundlelab/engine/policy"
)

func TestEveryBuiltinDesignIsComplete(t *testing.T) {
	s, err := policy.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range s.All() {
		if err := d.Complete(); err != nil {
			t.Error(err)
		}
	}
}

func TestCompleteNamesWhatIsMissing(t *testing.T) {
	d := parse(t, dated) // discounts by date, nothing else, and a track nobody defines
	err := d.Complete()
	if err == nil {
		t.Fatal("a design without limits is called complete")
	}
	for _, want := range []string{"stop_loss", "episode_days", `track "2"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not named in %v", want, err)
		}
	}
	other := parse(t, strings.Replace(head, `formula = "retrospective"`, `formula = "guess"`, 1))
	if err := other.Complete(); err == nil || !strings.Contains(err.Error(), "guess") {
		t.Errorf("an unknown formula: %v", err)
	}
}
