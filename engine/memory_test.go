package engine

import (
	"maps"
	"slices"
	"testing"
)

func TestRecentLetsTheOldestGo(t *testing.T) {
	var r recent[string, int]
	for i, k := range []string{"a", "b", "c"} {
		r.put(k, i, 3)
	}
	if v, ok := r.get("a"); !ok || v != 0 {
		t.Fatalf("a is %d, %v", v, ok)
	}
	r.put("d", 3, 3) // b was used longest ago
	if got := slices.Sorted(maps.Keys(r.kept)); !slices.Equal(got, []string{"a", "c", "d"}) {
		t.Fatalf("kept %v", got)
	}
	if v, ok := r.get("b"); ok {
		t.Fatalf("b is still %d", v)
	}
}
