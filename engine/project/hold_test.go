package project_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/project"
)

// What is kept of the part above a cap is rounded episode by episode, whatever
// the share: short and long fractions, at amounts that divide and that do not.
func TestKeptSharesAreRoundedByEpisode(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	place := settle(r, shape{episodes: 300, hospitals: 4, cells: 2, divisions: 1, grain: 1})
	x := project.New(place.p, place.s, place.list)
	plain := project.NewPlain(place.p, place.s, place.list)
	for _, share := range []string{"0.2", "0.5", "0.25", "0.3333333333", "0.333", "0.9999", "0.0001", "1"} {
		for range 20 {
			w := someWeights(r, 1)
			for c := range w {
				w[c].Anchor = money.BP(9_990 + r.IntN(20))
			}
			weights := everywhere(w, 4)
			spending := project.Episodes(place.p, place.s, place.list, weights)
			c := project.Cap{High: project.At(outer(r, spending, true) - money.Micros(r.Int64N(10))), Keep: percent(t, share)}
			h := project.Holding{Cap: func(int, int) *project.Cap { return &c }}
			if got, want := x.Project(weights, h), plain.Project(weights, h); !slices.Equal(got.Totals, want.Totals) {
				t.Fatalf("%s kept: totals %v, want %v", share, got.Totals, want.Totals)
			}
		}
	}
}

// Episodes of a group that lie further apart than the index counts go the plain
// way; in groups of their own they do not meet.
func TestGroupsTooFarApart(t *testing.T) {
	place := settle(rand.New(rand.NewPCG(8, 8)), shape{episodes: 40, hospitals: 2, cells: 1, divisions: 1, grain: 1})
	far := &place.s.Post[place.list[3]]
	far[episode.SNF], far[episode.IRF] = math.MaxInt32, math.MaxInt32-1_000_000_000
	if _, ok := project.NewIndex(place.p, place.s, place.list); !ok {
		t.Error("$33 million apart are refused")
	}
	far[episode.IRF] = math.MaxInt32
	if _, ok := project.New(place.p, place.s, place.list).(*project.Plain); !ok {
		t.Error("more than $42.9 million apart are indexed")
	}
	if _, ok := project.NewIndex(place.p, place.s, place.list[3:4]); !ok {
		t.Error("one episode is not apart from itself")
	}
}

// Levels at ranks start from what they were at the last call: a lever that
// jumps, other ranks in between and levels that stay leave no trace.
func TestGuessesLeaveNoTrace(t *testing.T) {
	for world := range 40 {
		r := rand.New(rand.NewPCG(9, uint64(world)))
		place := settle(r, shape{episodes: 1_200, hospitals: 6, cells: 1 + r.IntN(4), divisions: 1, negative: r.IntN(3) == 0, grain: []int64{1, 100_000}[r.IntN(2)]})
		x := project.New(place.p, place.s, place.list)
		plain := project.NewPlain(place.p, place.s, place.list)
		w := someWeights(r, 2)
		for step := range 30 {
			switch r.IntN(4) {
			case 0:
				w = someWeights(r, r.IntN(6))
			case 1, 2:
				w = nudged(r, w)
			}
			at := []string{"99", "95", "75", "98.5"}[r.IntN(4)]
			below := []string{"1", "5", "25", "1.5"}[r.IntN(4)]
			c := project.Cap{High: project.AtRank(percent(t, at)), Low: project.AtRank(percent(t, below))}
			h := project.Holding{Cap: func(int, int) *project.Cap { return &c }}
			weights := everywhere(w, 6)
			got, want := x.Project(weights, h), plain.Project(weights, h)
			if !slices.Equal(got.Totals, want.Totals) || !slices.Equal(x.Holds(got, nil), plain.Holds(want, nil)) {
				t.Fatalf("territory %d, step %d: totals %v, want %v", world, step, got.Totals, want.Totals)
			}
			x.Release(got)
		}
	}
}
