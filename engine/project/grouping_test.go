package project_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/project"
)

// An amount that fits no index, about $21 million in one setting, is not lost:
// the plain projector takes the episodes.
func TestAmountsThatFitNoIndex(t *testing.T) {
	place := settle(rand.New(rand.NewPCG(3, 3)), shape{episodes: 50, hospitals: 4, cells: 2, divisions: 1, grain: 1})
	h := project.Holding{Cap: func(int, int) *project.Cap { return &project.Cap{High: project.AtRank(percent(t, "95"))} }}
	weights := everywhere(someWeights(rand.New(rand.NewPCG(3, 4)), 2), 4)
	if _, ok := project.New(place.p, place.s, place.list).(*project.Index); !ok {
		t.Error("ordinary amounts get no index")
	}
	for _, v := range []money.Cents{math.MaxInt32 + 1, math.MinInt32 - 1} {
		place.s.Post[place.list[7]][episode.PartBDrug] = v
		x := project.New(place.p, place.s, place.list)
		if _, ok := x.(*project.Plain); !ok {
			t.Fatalf("%s is indexed", v)
		}
		got := x.Project(weights, h)
		spending := project.Episodes(place.p, place.s, place.list, weights)
		if want := project.Totals(place.p, place.list, spending, x.Holds(got, nil)); !slices.Equal(got.Totals, want) {
			t.Errorf("%v, want %v", got.Totals, want)
		}
	}
	place.s.Post[place.list[7]][episode.PartBDrug] = math.MaxInt32
	if _, ok := project.NewIndex(place.p, place.s, place.list); !ok {
		t.Error("the largest amount that fits is refused")
	}
}

// Two amounts near the largest are $40 million between two episodes of a group,
// which no signed number of 32 bits holds and an index does; with three it is
// $60 million, which it does not.
func TestDistancesThatFitNoIndex(t *testing.T) {
	place := settle(rand.New(rand.NewPCG(6, 6)), shape{episodes: 60, hospitals: 3, cells: 1, divisions: 1, negative: true, grain: 1})
	dear := &place.s.Post[place.list[7]]
	dear[episode.PartBDrug], dear[episode.IRF] = 2_000_000_000, 2_000_000_000
	x, ok := project.NewIndex(place.p, place.s, place.list)
	if !ok {
		t.Fatal("$40 million between two episodes are refused")
	}
	plain := project.NewPlain(place.p, place.s, place.list)
	r := rand.New(rand.NewPCG(6, 7))
	for regime := range 7 {
		for _, c := range []project.Cap{
			{High: project.AtRank(percent(t, "95")), Low: project.AtRank(percent(t, "5"))},
			{High: project.AtDeviations(2), Keep: percent(t, "33%")},
			{High: project.At(-1e17), Keep: percent(t, "99%")}, // far below: the kept part is of more than 2^63 / 99
		} {
			h := project.Holding{Cap: func(int, int) *project.Cap { return &c }}
			weights := everywhere(someWeights(r, regime), 3)
			if got, want := x.Project(weights, h), plain.Project(weights, h); !slices.Equal(got.Totals, want.Totals) {
				t.Errorf("weights %d: %v, want %v", regime, got.Totals, want.Totals)
			}
		}
	}
	dear[episode.LTCH] = 2_000_000_000
	if _, ok := project.NewIndex(place.p, place.s, place.list); ok {
		t.Error("$60 million between two episodes are indexed")
	}
}

// Without a way of holding nothing is held, and without episodes there is
// nothing.
func TestNothingHeldAndNothingListed(t *testing.T) {
	place := settle(rand.New(rand.NewPCG(4, 4)), shape{episodes: 80, hospitals: 3, cells: 3, divisions: 2, grain: 1})
	weights := everywhere(someWeights(rand.New(rand.NewPCG(4, 5)), 1), 3)
	x := project.New(place.p, place.s, place.list)
	spending := project.Episodes(place.p, place.s, place.list, weights)
	if got := x.Project(weights, project.Holding{}); !slices.Equal(got.Totals, project.Totals(place.p, place.list, spending, nil)) || len(got.Held) != 0 {
		t.Errorf("%+v", got)
	}
	none := project.New(place.p, place.s, nil)
	if got := none.Project(weights, project.Holding{Cap: func(int, int) *project.Cap { return nil }}); none.Groups() != 0 || len(got.Held) != 0 || got.Totals[0][0].Episodes != 0 {
		t.Errorf("%+v", got)
	}
}

// Projections that run at once, and put groups into new orders meanwhile, do
// not disturb each other.
func TestProjectAtOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	place := settle(r, shape{episodes: 3_000, hospitals: 5, cells: 1, divisions: 1, pure: true, grain: 1})
	x := project.New(place.p, place.s, place.list)
	plain := project.NewPlain(place.p, place.s, place.list)
	h := project.Holding{Cap: func(int, int) *project.Cap { return &project.Cap{High: project.AtRank(percent(t, "99"))} }}
	var all sync.WaitGroup
	for range 4 {
		w := someWeights(r, 4)
		want := plain.Project(everywhere(w, 5), h)
		all.Go(func() {
			for range 20 {
				got := x.Project(everywhere(w, 5), h)
				if !slices.Equal(got.Totals, want.Totals) {
					t.Errorf("%v, want %v", got.Totals, want.Totals)
				}
				x.Release(got)
			}
		})
	}
	all.Wait()
}
