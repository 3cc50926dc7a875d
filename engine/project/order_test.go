package project_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/project"
)

// nudged moves some weights a little, as the next press of a key does; none is
// left from nothing unless it was.
func nudged(r *rand.Rand, w *project.Weights) *project.Weights {
	x := *w
	for c := range x {
		x[c].Shifts = slices.Clone(x[c].Shifts)
		for s := range x[c].Setting {
			if r.IntN(3) == 0 {
				x[c].Setting[s] += money.BP(r.IntN(400))
			}
		}
		for i := range x[c].Shifts {
			x[c].Shifts[i].Weight += money.BP(r.IntN(2_000))
		}
	}
	return &x
}

func everywhere(w *project.Weights, n int) []*project.Weights {
	out := make([]*project.Weights, n)
	for h := range out {
		out[h] = w
	}
	return out
}

// Weights far apart make a long walk, the group gets an order at them, and
// nearby weights walk that order: to the same result, in fewer steps.
func TestOrdersAtHeavyWeights(t *testing.T) {
	n, _ := sets(t)
	long, short := 0, 0
	for world := 0; world < n/50; world++ {
		r := rand.New(rand.NewPCG(7, uint64(world)))
		refunds := r.IntN(4) == 0 // no order may serve as a bound then
		place := settle(r, shape{episodes: 2_500, hospitals: 3, cells: 1 + r.IntN(2), divisions: 1, pure: true, negative: refunds, grain: []int64{1, 100_000}[r.IntN(2)]})
		x, ok := project.NewIndex(place.p, place.s, place.list)
		if !ok {
			t.Fatal("the amounts do not fit the index")
		}
		plain := project.NewPlain(place.p, place.s, place.list)
		w := someWeights(r, 4)
		for c := range w {
			w[c].Anchor = money.BP(r.IntN(3_000))
			w[c].Setting[r.IntN(episode.NumSettings)] = 0
		}
		first := 0
		for try := range 8 {
			weights := everywhere(w, len(place.p.Hospitals))
			if try%4 == 3 { // one hospital's levers are its own
				weights[2] = someWeights(r, 3)
			}
			spending := project.Episodes(place.p, place.s, place.list, weights)
			high := project.AtRank(percent(t, "99"))
			if try%2 == 1 {
				high = project.At(outer(r, spending, true))
			}
			c := project.Cap{High: high}
			h := project.Holding{Cap: func(int, int) *project.Cap { return &c }}
			got, want := x.Project(weights, h), plain.Project(weights, h)
			if !slices.Equal(got.Totals, want.Totals) || !slices.Equal(x.Holds(got, nil), plain.Holds(want, nil)) {
				t.Fatalf("territory %d, step %d: totals %v, want %v", world, try, got.Totals, want.Totals)
			}
			switch try {
			case 0:
				first = got.Visited
			case 2:
				if first > 150 && !refunds {
					long, short = long+first, short+got.Visited
				}
			}
			w = nudged(r, w)
		}
	}
	if long == 0 || short*10 > long*8 {
		t.Errorf("%d rows visited after the order was made, %d before", short, long)
	}
	t.Logf("%d rows before, %d after", long, short)
}

// An order is never made of a group with refunds: its bounds round away from
// them. Here SNF care is -$10,000,000 and some, home health the noise that a
// lever takes away, and the next lever moves the refunds by 1/10,000, $1,000.
func TestNoOrderOverRefunds(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	place := settle(r, shape{episodes: 700, hospitals: 1, cells: 1, divisions: 1, pure: true, grain: 1})
	for n, i := range place.list {
		place.s.Anchor[i], place.s.Post[i] = 1_000_000, [episode.NumSettings]money.Cents{
			episode.SNF: money.Cents(-1_000_000_000 - n*10_000), episode.HHA: money.Cents(r.Int64N(40_000_000))}
	}
	place.s.Post[place.list[0]][episode.SNF] = 1 // an order is for what some spend on
	x, ok := project.NewIndex(place.p, place.s, place.list)
	if !ok {
		t.Fatal("no index")
	}
	plain := project.NewPlain(place.p, place.s, place.list)
	for _, snf := range []money.BP{10_000, 9_999, 9_998, 9_997} {
		var w project.Weights
		for c := range w {
			w[c].Anchor, w[c].Setting[episode.SNF] = money.Whole, snf
		}
		weights := everywhere(&w, 1)
		spending := project.Episodes(place.p, place.s, place.list, weights)
		slices.Sort(spending)
		c := project.Cap{High: project.At(spending[len(spending)-20])}
		h := project.Holding{Cap: func(int, int) *project.Cap { return &c }}
		if got, want := x.Project(weights, h), plain.Project(weights, h); !slices.Equal(got.Totals, want.Totals) {
			t.Errorf("SNF at %d: %v, want %v", snf, got.Totals, want.Totals)
		}
	}
}
