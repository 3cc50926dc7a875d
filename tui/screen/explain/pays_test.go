package explain

import (
	"testing"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
)

// TestPays asks in the words of two formulas.
func TestPays(t *testing.T) {
	for _, x := range []struct {
		formula string
		net     money.Cents
		want    string
	}{
		{"retrospective", 1, "Medicare pays the hospital $0.01"}, {"retrospective", -1, "the hospital repays Medicare $0.01"},
		{"retrospective", 0, "nothing is owed either way"}, {"aco", 100, "Medicare pays the ACO $1.00"}, {"aco", -100, "the ACO repays Medicare $1.00"},
	} {
		if got := Pays(&policy.Design{Formula: x.formula, Payer: "Medicare"}, x.net); got != x.want {
			t.Errorf("Pays of %s, %d = %s, want %s", x.formula, int64(x.net), got, x.want)
		}
	}
}
