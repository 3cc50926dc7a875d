package project_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/project"
)

// Every benchmark runs at three sizes; compare them within one run, in which
// the machine is the same: BenchmarkStream is the yardstick, one sum over the
// bytes a pass over all episodes would read (12 columns of 4 bytes).
var benchSizes = []shape{
	{episodes: 2_000, hospitals: 1, cells: 29, divisions: 9, pure: true, grain: 1},
	{episodes: 50_000, hospitals: 25, cells: 29, divisions: 9, pure: true, grain: 1},
	{episodes: 700_000, hospitals: 700, cells: 29, divisions: 9, pure: true, grain: 1},
}

// benchWorlds are kept between benchmarks: the largest takes a second.
type benchWorld struct {
	*territory
	x *project.Index
}

func benchEach(b *testing.B, run func(b *testing.B, w *benchWorld)) {
	for _, s := range benchSizes {
		b.Run(fmt.Sprintf("episodes=%d", s.episodes), func(b *testing.B) {
			if testing.Short() && s.episodes > 50_000 {
				b.Skip("700,000 episodes are not for -short")
			}
			place := settle(rand.New(rand.NewPCG(1, 1)), s)
			place.list = place.list[:0]
			for i := range place.p.Episodes {
				place.list = append(place.list, i)
			}
			x, ok := project.NewIndex(place.p, place.s, place.list)
			if !ok {
				b.Fatal("the amounts do not fit the index")
			}
			b.ResetTimer()
			run(b, &benchWorld{place, x})
		})
	}
}

// program is a typical set of levers, a little different at every turn, as
// under a held key.
func program(w *benchWorld, turn int, means bool) []*project.Weights {
	x := &project.Weights{}
	for c := range x {
		x[c].Anchor = money.Whole
		for s := range x[c].Setting {
			x[c].Setting[s] = money.Whole
		}
		x[c].Setting[episode.SNF] = money.BP(8_500 - 10*(turn%100))
		x[c].Setting[episode.IRF] = 9_000
		x[c].Setting[episode.Readmission] = 9_000
		if means {
			x[c].Setting[episode.IRF] = 7_000
			x[c].Shifts = []lever.Shift{{From: episode.IRF, To: episode.SNF, Mean: 900_000, Weight: 3_000}}
		}
	}
	out := make([]*project.Weights, len(w.p.Hospitals))
	for h := range out {
		out[h] = x
	}
	return out
}

// heavy are levers that move settings far apart.
func heavy(w *benchWorld, turn int) []*project.Weights {
	out := program(w, turn, false)
	for c := range out[0] {
		x := &out[0][c].Setting
		x[episode.SNF], x[episode.IRF], x[episode.Readmission] = money.BP(4_000-10*(turn%100)), 3_000, 5_000
	}
	return out
}

// ninetyNine holds at the projected 99th percentile of each group.
func ninetyNine(b *testing.B) project.Holding {
	c := project.Cap{High: project.AtRank(percent(b, "99"))}
	return project.Holding{Cap: func(int, int) *project.Cap { return &c }}
}

// fixed holds at what the 99th percentiles are before levers.
func fixed(b *testing.B, w *benchWorld) project.Holding {
	caps := make([]project.Cap, w.x.Groups())
	for _, h := range w.x.Project(program(w, 0, false), ninetyNine(b)).Held {
		caps[h.Group] = project.Cap{High: project.At(h.High)}
	}
	return project.Holding{Cap: func(g, _ int) *project.Cap { return &caps[g] }}
}

func BenchmarkStream(b *testing.B) {
	benchEach(b, func(b *testing.B, w *benchWorld) {
		words := make([]uint64, len(w.list)*12/2)
		for i := range words {
			words[i] = uint64(i) // an untouched page is no memory
		}
		b.SetBytes(int64(len(words)) * 8)
		b.ResetTimer()
		var total uint64
		for b.Loop() {
			total += streamed(words)
		}
		if total == 1 {
			b.Log(total)
		}
	})
}

// streamed adds as fast as the memory gives.
func streamed(v []uint64) uint64 {
	var a, c, d, e, f, g, h, i uint64
	for ; len(v) >= 8; v = v[8:] {
		a += v[0]
		c += v[1]
		d += v[2]
		e += v[3]
		f += v[4]
		g += v[5]
		h += v[6]
		i += v[7]
	}
	for _, x := range v {
		a += x
	}
	return a + c + d + e + f + g + h + i
}

func benchFast(b *testing.B, designs int, levers func(*benchWorld, int) []*project.Weights, holding func(*testing.B, *benchWorld) project.Holding) {
	benchEach(b, func(b *testing.B, w *benchWorld) {
		h := holding(b, w)
		turn, visited := 0, 0
		b.ResetTimer()
		for b.Loop() {
			for range designs {
				o := w.x.Project(levers(w, turn), h)
				visited += o.Visited
				w.x.Release(o)
			}
			turn++
		}
		b.ReportMetric(float64(visited)/float64(turn*designs*len(w.list))*100, "%visited")
	})
}

func typical(w *benchWorld, turn int) []*project.Weights { return program(w, turn, false) }
func shifting(w *benchWorld, turn int) []*project.Weights {
	return program(w, turn, true)
}
func dynamic(b *testing.B, _ *benchWorld) project.Holding { return ninetyNine(b) }

func BenchmarkFastFixed(b *testing.B)         { benchFast(b, 1, typical, fixed) }
func BenchmarkFastFixedEight(b *testing.B)    { benchFast(b, 8, typical, fixed) }
func BenchmarkFastPanel(b *testing.B)         { benchFast(b, 1, typical, dynamic) }
func BenchmarkFastPanelEight(b *testing.B)    { benchFast(b, 8, typical, dynamic) }
func BenchmarkFastPanelShift(b *testing.B)    { benchFast(b, 1, shifting, dynamic) }
func BenchmarkFastPanelHeavy(b *testing.B)    { benchFast(b, 1, heavy, dynamic) }
func BenchmarkFastLow(b *testing.B)           { benchFast(b, 1, typical, lowToo) }
func BenchmarkFastMeanDeviation(b *testing.B) { benchFast(b, 1, typical, deviations) }

func lowToo(b *testing.B, _ *benchWorld) project.Holding {
	c := project.Cap{High: project.AtRank(percent(b, "99")), Low: project.AtRank(percent(b, "1"))}
	return project.Holding{Cap: func(int, int) *project.Cap { return &c }}
}

func deviations(*testing.B, *benchWorld) project.Holding {
	c := project.Cap{High: project.AtDeviations(2)}
	return project.Holding{Cap: func(int, int) *project.Cap { return &c }}
}

func BenchmarkIndex(b *testing.B) {
	benchEach(b, func(b *testing.B, w *benchWorld) {
		for b.Loop() {
			if _, ok := project.NewIndex(w.p, w.s, w.list); !ok {
				b.Fatal("the amounts do not fit the index")
			}
		}
	})
}

func BenchmarkPlain(b *testing.B) {
	benchEach(b, func(b *testing.B, w *benchWorld) {
		groups := make([]project.Group, len(w.list))
		for k, i := range w.list {
			e := &w.p.Episodes[i]
			groups[k] = project.Group{Cell: w.p.Text(e.Cell), Division: w.p.Hospitals[e.Hospital].Division}
		}
		p99 := percent(b, "99")
		b.ResetTimer()
		for b.Loop() {
			spending := project.Episodes(w.p, w.s, w.list, typical(w, 0))
			spreads := project.Spreads(spending, groups)
			caps := map[project.Group]project.Hold{}
			for g, s := range spreads {
				h := project.Open()
				h.High = s.Rank(p99)
				caps[g] = h
			}
			holds := make([]project.Hold, len(spending))
			for k := range holds {
				holds[k] = caps[groups[k]]
			}
			project.Totals(w.p, w.list, spending, holds)
		}
	})
}
