package engine

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
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
	from, to := panel.Always()
	s := m.at(30, true, from, to)
	pass := m.keepFrames()
	for range pass - 1 {
		m.rest(true)
	}
	m.rest(false)
	for range pass - 1 {
		m.rest(true)
	}
	if m.at(30, true, from, to) != s {
		t.Fatal("spending went although a frame was built")
	}
	m.rest(true)
	if m.at(30, true, from, to) == s {
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

// Spending of some days serves them and no others; every length serves its own,
// whichever was asked for before.
func TestSpendingCoversWhatIsAskedFor(t *testing.T) {
	day := func(n int) panel.Episode {
		return panel.Episode{Key: fmt.Sprint(n), Category: episode.LEJR, End: calendar.Day(n), Services: episode.Pack(
			episode.Service{Setting: episode.HHA, From: 1, To: 1, Amount: 100}, episode.Service{Setting: episode.SNF, From: 40, To: 40, Amount: 10})}
	}
	p, err := panel.New("test", []panel.Hospital{{CCN: "1"}}, []panel.Episode{day(10), day(20), day(30)}, false)
	if err != nil {
		t.Fatal(err)
	}
	first, last := panel.Always()
	m := fresh(p, nil, nil)
	some := m.at(30, true, 15, 25)
	if some.At(0) != -1 || some.Total(1) != 100 || some.At(2) != -1 || m.at(30, true, 20, 20) != some {
		t.Fatalf("days 15 to 25: %+v", some)
	}
	for _, x := range [][2]calendar.Day{{10, 25}, {15, 30}, {first, last}} {
		m := fresh(p, nil, nil)
		m.at(30, true, 15, 25)
		if all := m.at(30, true, x[0], x[1]); all.Total(0) != 100 || all.Total(2) != 100 || m.at(30, true, 15, 25) != all {
			t.Errorf("after days 15 to 25, days %v: %+v", x, all)
		}
	}
	for length := range 3 * oftenChanged { // often enough to go by days
		s := m.at(35+length, true, 15, 25)
		want := p.At(35+length, true)
		if s.Total(1) != want.Total(1) {
			t.Errorf("%d days: %d, want %d", length, s.Total(1), want.Total(1))
		}
		if all := m.at(35+length, true, first, last); !slices.Equal(all.Post, want.Post) || !slices.Equal(all.Anchor, want.Anchor) {
			t.Errorf("%d days of every episode: %v, want %v", length, all.Post, want.Post)
		}
	}
}
