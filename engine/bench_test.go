package engine_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"

	"bundlelab/engine"
	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/price"
)

// benchModel has three years of episodes with a few services each, and a price
// table.
func benchModel(b testing.TB, episodes, hospitals int) *engine.Model {
	b.Helper()
	r := rand.New(rand.NewPCG(1, 1))
	w := &world{}
	for h := range hospitals {
		w.hospitals = append(w.hospitals, panel.Hospital{CCN: fmt.Sprintf("%06d", 100_000+h), Division: 1 + h%9})
	}
	for cell := range 29 {
		for division := 1; division <= 9; division++ {
			for _, days := range []int{30, 90} {
				p99 := money.Cents(9_000_000)
				w.rows = append(w.rows, price.Row{Kind: price.Benchmark, Cell: strconv.Itoa(cell), Division: division, Days: days, Price: 3_000_000, P99: &p99})
			}
		}
	}
	latest := calendar.Date(2026, 12, 31)
	lines := episode.NewBuilder(4 * episodes)
	for i := range episodes {
		cell := r.IntN(29)
		end := calendar.Date(2023+r.IntN(3), 1, 1) + calendar.Day(r.IntN(360))
		if i%3 > 0 {
			end = calendar.Date(2026, 1, 1) + calendar.Day(r.IntN(270))
		}
		e := panel.Episode{
			Key: strconv.Itoa(i), Hospital: r.IntN(hospitals), Category: episode.Categories()[cell%5], Cell: strconv.Itoa(cell), Start: end - 3, End: end,
			Anchor: money.Cents(1_200_000 + r.IntN(200_000)), ObsDays: int32(latest - end + 1), EligOff: panel.NoEnd, DeathOff: panel.NoEnd, Risk: 900_000 + r.Int64N(200_000),
		}
		first := lines.Len()
		for range r.IntN(8) {
			set := episode.Setting(r.IntN(episode.NumSettings))
			from := int32(r.IntN(80))
			lines.Add(&episode.Service{Setting: set, Rule: set.Rule(false), From: from, To: from + int32(r.IntN(12)), GMLOS: 430, Amount: money.Cents(20_000 * (1 + r.ExpFloat64()*10))})
		}
		e.Services = lines.Pool().Lines(first, lines.Len()-first)
		w.episodes = append(w.episodes, e)
	}
	return w.model(b)
}

func benchBoard(b *testing.B, key string, value func(turn int) string) {
	for _, s := range []struct{ episodes, hospitals int }{{2_000, 1}, {50_000, 25}, {700_000, 700}} {
		b.Run(fmt.Sprintf("episodes=%d", s.episodes), func(b *testing.B) {
			if testing.Short() && s.episodes > 50_000 {
				b.Skip("700,000 episodes are not for -short")
			}
			m := benchModel(b, s.episodes, s.hospitals)
			m.Rows(engine.Request{})
			turn := 0
			b.ResetTimer()
			for b.Loop() {
				levers, err := lever.Set{}.With(key, value(turn))
				if err != nil {
					b.Fatal(err)
				}
				if len(m.Rows(engine.Request{Levers: levers})) == 0 {
					b.Fatal("no rows")
				}
				turn++
			}
		})
	}
}

// BenchmarkBoard settles every design and track once a key: a lever of care.
func BenchmarkBoard(b *testing.B) {
	benchBoard(b, "care.all.saving.snf", func(turn int) string { return fmt.Sprintf("%d%%", 1+turn%40) })
}

// BenchmarkBoardDays moves the length by a day at every key.
func BenchmarkBoardDays(b *testing.B) {
	benchBoard(b, "policy.episode_days", func(turn int) string { return strconv.Itoa(31 + turn%50) })
}

// BenchmarkHand is what the next frame of a screen waits for: the design in
// hand in every track, and the ledgers of one of them as lines.
func BenchmarkHand(b *testing.B) {
	for _, s := range []struct{ episodes, hospitals int }{{2_000, 1}, {50_000, 25}, {50_000, 700}} {
		m := benchModel(b, s.episodes, s.hospitals)
		for _, lines := range []bool{false, true} {
			b.Run(fmt.Sprintf("hospitals=%d/lines=%t", s.hospitals, lines), func(b *testing.B) {
				turn := 0
				for b.Loop() {
					levers, err := lever.Set{}.With("care.all.saving.snf", fmt.Sprintf("%d%%", 1+turn%40))
					if err != nil {
						b.Fatal(err)
					}
					rows := m.Rows(engine.Request{Designs: []string{"team"}, Levers: levers})
					last := rows[len(rows)-1]
					if last.Result == nil {
						b.Fatal(last.Err)
					}
					if lines {
						last.Result.Lined()
					}
					turn++
				}
			})
		}
	}
}
