package project_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/project"
)

// territory is a made-up panel with spending that needs no services.
type territory struct {
	p    *panel.Panel
	s    *panel.Spending
	list []int
}

// shape says what a territory is like.
type shape struct {
	episodes, hospitals, cells, divisions int
	negative                              bool  // refunds occur
	pure                                  bool  // every cell has one category
	grain                                 int64 // amounts are multiples of it: coarse ones tie
}

// settle draws episodes: a few cells hold most of them, some hold one.
func settle(r *rand.Rand, s shape) *territory {
	hospitals := make([]panel.Hospital, s.hospitals)
	for i := range hospitals {
		hospitals[i] = panel.Hospital{CCN: fmt.Sprintf("%06d", i), Division: 1 + i*s.divisions/s.hospitals}
	}
	base := make([]int64, s.cells)
	for i := range base {
		base[i] = 1_000_000 + r.Int64N(4_000_000)
	}
	episodes := make([]panel.Episode, s.episodes)
	t := &territory{s: &panel.Spending{Length: 30, Anchor: make([]money.Cents, s.episodes), Post: make([][episode.NumSettings]money.Cents, s.episodes)}}
	amount := func(v int64) money.Cents {
		v = v / s.grain * s.grain
		if s.negative && r.IntN(20) == 0 {
			v = -v / 2
		}
		return money.Cents(v)
	}
	for i := range episodes {
		cell := min(int(float64(s.cells)*r.Float64()*r.Float64()), s.cells-1)
		c := episode.Categories()[cell%episode.NumCategories]
		if !s.pure && r.IntN(50) == 0 { // a cell may be billed under two categories
			c = episode.Categories()[r.IntN(2)]
		}
		episodes[i] = panel.Episode{Hospital: r.IntN(s.hospitals), Category: c, Cell: strconv.Itoa(cell)}
		t.s.Anchor[i] = amount(base[cell] + r.Int64N(200_000))
		for set := range t.s.Post[i] {
			if often := []float64{.09, .25, .06, .01, .45, .6, .95, .15, .01, .02, .1}[set]; r.Float64() < often {
				size := []float64{1_400_000, 900_000, 1_800_000, 3_000_000, 300_000, 100_000, 150_000, 30_000, 300_000, 900_000, 200_000}[set]
				t.s.Post[i][set] = amount(int64(size * (.2 + r.ExpFloat64())))
			}
		}
		if r.IntN(10) > 0 {
			t.list = append(t.list, i)
		}
	}
	p, err := panel.New("made up", hospitals, episodes, true)
	if err != nil {
		panic(err)
	}
	t.p = p
	return t
}

// someWeights draws levers: how far apart is the regime.
func someWeights(r *rand.Rand, regime int) *project.Weights {
	w := &project.Weights{}
	for c := range w {
		x := &w[c]
		x.Anchor = money.Whole
		for s := range x.Setting {
			x.Setting[s] = money.Whole
		}
		switch regime {
		case 0: // nothing
		case 1: // one lever
			x.Setting[r.IntN(episode.NumSettings)] = money.BP(7_000 + r.IntN(4_000))
		case 2: // a program
			x.Setting[episode.SNF] -= money.BP(r.IntN(6_000))
			x.Setting[episode.IRF] -= money.BP(r.IntN(7_000))
			x.Setting[episode.Readmission] -= money.BP(r.IntN(5_000))
		case 3: // above the baseline, with own trend
			x.Anchor += money.BP(r.IntN(2_000))
			for s := range x.Setting {
				x.Setting[s] += money.BP(r.IntN(12_000))
			}
		case 4: // anything from nothing to twice
			for s := range x.Setting {
				x.Setting[s] = money.BP(r.IntN(20_001))
			}
		case 5: // all care gone
			x.Setting = [episode.NumSettings]money.BP{}
		case 6: // below zero: no lever goes there, the arithmetic must
			for range 1 + r.IntN(8) {
				x.Setting[r.IntN(episode.NumSettings)] = -money.BP(r.IntN(20_000))
			}
		}
		if r.IntN(2) == 0 {
			for range 1 + r.IntN(3) {
				from := []episode.Setting{episode.IRF, episode.SNF, episode.HHA}[r.IntN(3)]
				x.Shifts = append(x.Shifts, lever.Shift{From: from, To: episode.HHA, Mean: money.Cents(r.IntN(900_000)), Weight: money.BP(r.IntN(10_001))})
			}
		}
	}
	return w
}

// levered draws weights by hospital: mostly shared, sometimes a few or all of
// the hospitals have their own.
func (t *territory) levered(r *rand.Rand) []*project.Weights {
	regime := func() int { return []int{0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 4, 5, 6}[r.IntN(14)] }
	shared := someWeights(r, regime())
	out := make([]*project.Weights, len(t.p.Hospitals))
	own := []int{0, 0, 0, 3, 10, 100}[r.IntN(6)] // percent of the hospitals
	for h := range out {
		out[h] = shared
		if r.IntN(100) < own {
			out[h] = someWeights(r, regime())
		}
	}
	return out
}

// outer picks the outermost of a few values, so that most caps cut little.
func outer(r *rand.Rand, v []money.Micros, high bool) money.Micros {
	x := v[r.IntN(len(v))]
	for range r.IntN(40) {
		if y := v[r.IntN(len(v))]; y > x == high {
			x = y
		}
	}
	return x
}

func someLevel(r *rand.Rand, around []money.Micros, high bool, percents ...string) project.Level {
	switch r.IntN(8) {
	case 0:
		return project.Level{}
	case 1, 2:
		if len(around) == 0 {
			return project.At(1)
		}
		return project.At(outer(r, around, high) + money.Micros(r.Int64N(3)-1))
	case 3:
		if r.IntN(4) == 0 {
			return project.AtDeviations(2)
		}
	}
	p, err := money.ParseRate(percents[r.IntN(len(percents))])
	if err != nil {
		panic(err)
	}
	return project.AtRank(p)
}

// held draws how the episodes are held. Values lie at projected spendings, so
// that they cut exactly at, above and below episodes.
func (t *territory) held(r *rand.Rand, spending []money.Micros) project.Holding {
	h := project.Holding{}
	classes := 1
	if r.IntN(3) == 0 {
		classes = 2 + r.IntN(4)
		h.Class = make([]int, len(t.p.Hospitals)*episode.NumCategories)
		for i := range h.Class {
			h.Class[i] = r.IntN(classes)
		}
	}
	caps := make([]project.Cap, classes)
	for i := range caps {
		caps[i].High = someLevel(r, spending, true, "99", "99", "99", "99", "99", "95", "95", "99.5", "97.25", "90", "75", "50", "100", "5")
		if r.IntN(3) == 0 {
			caps[i].Low = someLevel(r, spending, false, "1", "1", "1", "5", "5", "0.5", "20", "60", "100")
		}
		if r.IntN(3) == 0 {
			caps[i].Keep = money.NewRate([]int64{20, 50, 100, 33}[r.IntN(4)], 2)
		}
	}
	// Values by group: a real table has one for each cell and division.
	if r.IntN(2) == 0 {
		h.Cap = func(_, class int) *project.Cap { return &caps[class] }
		return h
	}
	seed := r.Uint64()
	h.Cap = func(g, class int) *project.Cap {
		own := rand.New(rand.NewPCG(seed, uint64(g*8+class)))
		c := caps[class]
		if own.IntN(2) == 0 && len(spending) > 0 {
			c.High = project.At(outer(own, spending, true))
		}
		return &c
	}
	return h
}

// sets is how many random lever sets a run compares, and on how many
// episodes: the full run is asked for by BUNDLELAB_KERNEL_SETS.
func sets(t *testing.T) (int, [3]int) {
	if v := os.Getenv("BUNDLELAB_KERNEL_SETS"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil {
			t.Fatal(err)
		}
		return n, [3]int{60, 1_500, 15_000}
	}
	return 2_000, [3]int{40, 400, 3_000}
}

// The index gives every total, uncapped total and hold of the plain path, at
// three sizes, whatever the levers; the orders it makes on the way included.
func TestIndexEqualsThePlainPath(t *testing.T) {
	const perTerritory = 25
	n, sizes := sets(t)
	visited, listed, checked := 0, 0, 0
	for world := 0; checked < n; world++ {
		r := rand.New(rand.NewPCG(20261122, uint64(world)))
		s := shape{episodes: sizes[world%3], hospitals: 1 + r.IntN(40), cells: 1 + r.IntN(12), divisions: 1 + r.IntN(3), negative: r.IntN(3) == 0, grain: []int64{1, 1, 100_000}[r.IntN(3)]}
		place := settle(r, s)
		x, ok := project.NewIndex(place.p, place.s, place.list)
		if !ok {
			t.Fatal("the amounts do not fit the index")
		}
		plain := project.NewPlain(place.p, place.s, place.list)
		var weights []*project.Weights
		for try := range perTerritory {
			if try%3 != 1 || weights == nil { // every third keeps the weights: a lever that is held
				weights = place.levered(r)
			}
			spending := project.Episodes(place.p, place.s, place.list, weights)
			h := place.held(r, spending)
			if h.Class != nil && r.IntN(2) == 0 {
				h.Occur = occurring(x, h.Class)
			}
			want := plain.Project(weights, h)
			got := x.Project(weights, h)
			checked++
			visited += got.Visited
			listed += len(place.list)
			if !slices.Equal(got.Totals, want.Totals) {
				t.Fatalf("territory %d, set %d: totals\n%v, want\n%v", world, try, got.Totals, want.Totals)
			}
			holds := plain.Holds(want, h.Class)
			for k, v := range x.Holds(got, h.Class) {
				if v.Low != holds[k].Low || v.High != holds[k].High || v.Keep.Cmp(holds[k].Keep) != 0 {
					t.Fatalf("territory %d, set %d: episode %d is held by %v, want %v", world, try, k, v, holds[k])
				}
			}
			if r.IntN(2) == 0 { // its memory serves the next
				x.Release(got)
			}
		}
	}
	t.Logf("%d lever sets equal; %d%% of episodes visited", checked, 100*visited/listed)
}

// occurring lists the ways in each group.
func occurring(x *project.Index, class []int) [][]int {
	out := make([][]int, x.Groups())
	for n := range out {
		for _, m := range x.Members(n) {
			if k := class[m.Pair()]; !slices.Contains(out[n], k) {
				out[n] = append(out[n], k)
			}
		}
	}
	return out
}
