package engine

import (
	"maps"
	"slices"
	"testing"

	"bundlelab/engine/panel"
	"bundlelab/engine/policy"
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

// Spending goes once as many frames were recalled in a row as the screen can
// have, and not while one is still built now and then.
func TestSpendingGoesWhenFramesStand(t *testing.T) {
	p, err := panel.New("test", nil, nil, false)
	if err != nil {
		t.Fatal(err)
	}
	d, err := policy.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	m := fresh(p, nil, d)
	s := m.at(30, true)
	pass := m.keepFrames()
	for range pass - 1 {
		m.rest(true)
	}
	m.rest(false)
	for range pass - 1 {
		m.rest(true)
	}
	if m.at(30, true) != s {
		t.Fatal("spending went although a frame was built")
	}
	m.rest(true)
	if m.at(30, true) == s {
		t.Error("spending stays although every frame stands")
	}
}

// Episodes of one price cell in two divisions have two prices.
func TestGroupsTellDivisionsApart(t *testing.T) {
	p, err := panel.New("test", []panel.Hospital{{CCN: "1", Division: 5}, {CCN: "2", Division: 6}, {CCN: "3", Division: 5}},
		[]panel.Episode{{Cell: "470"}, {Cell: "470", Hospital: 1}, {Cell: "470", Hospital: 2}, {Cell: "469", Hospital: 2}}, false)
	if err != nil {
		t.Fatal(err)
	}
	x := groupsOf(p)
	if want := []int32{0, 1, 0, 2}; !slices.Equal(x.of, want) || len(x.names) != 3 || x.names[1].Division != 6 || x.names[2].Cell != "469" {
		t.Errorf("groups %v of %v, want %v", x.of, x.names, want)
	}
}
