package project

import (
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

// sums are cents by hospital x category, column by column: what a lever does
// not move is not read.
type sums struct {
	episodes []int
	all      []int64
	cents    [columns][]int64
	users    [episode.NumSettings][]int64 // episodes with more than 0 cents: what moved patients add is by user
}

func newSums(pairs int) sums {
	s := sums{episodes: make([]int, pairs), all: make([]int64, pairs)}
	for c := range s.cents {
		s.cents[c] = make([]int64, pairs)
	}
	for c := range s.users {
		s.users[c] = make([]int64, pairs)
	}
	return s
}

// add counts an episode.
func (s *sums) add(r *row) {
	s.episodes[r.pair]++
	s.all[r.pair] += r.sum
	for c, v := range &r.cents {
		s.cents[c][r.pair] += int64(v)
		if c < anchorColumn && v > 0 {
			s.users[c][r.pair]++
		}
	}
}

// under gives what pairs from first on, a step apart, cost under the weights.
// out starts with the first.
func (s *sums) under(c *coef, first, last, step int, out []int64) {
	out = out[:last-first]
	for p, v := 0, s.all[first:last]; p < len(out) && p < len(v); p += step {
		out[p] = c.base * v[p]
	}
	for _, m := range c.moved {
		for p, v := 0, s.cents[m.column][first:last]; p < len(out) && p < len(v); p += step {
			out[p] += m.by * v[p]
		}
	}
	for _, a := range c.adds {
		for p, v := 0, s.users[a.from][first:last]; p < len(out) && p < len(v); p += step {
			out[p] += a.micros * v[p]
		}
	}
}

// together is for how many hospitals totals are made at once: few enough that
// they stay at hand.
const together = 12

// total gives what all episodes cost under the weights, for which sums are
// enough, and what the caps moved.
func (w *walker) total() {
	var open [together * episode.NumCategories]int64
	for h := 0; h < w.x.owners; {
		own, end := w.of(h), h+1
		for end < w.x.owners && end < h+together && w.of(end) == own {
			end++
		}
		first, last := h*episode.NumCategories, end*episode.NumCategories
		if *own == [episode.NumCategories]*coef{own[0], own[0], own[0], own[0], own[0]} {
			w.x.sums.under(own[0], first, last, 1, open[:])
		} else {
			for k, c := range own {
				w.x.sums.under(c, first+k, last, episode.NumCategories, open[k:])
			}
		}
		for v := open[:]; h < end; h++ {
			moved := w.moved[h*episode.NumCategories:][:episode.NumCategories]
			for k := range w.out.Totals[h] {
				t := &w.out.Totals[h][k]
				t.Uncapped, t.Spending = money.Micros(v[k]), money.Micros(v[k]+moved[k])
				moved[k] = 0
			}
			v = v[episode.NumCategories:]
		}
	}
}
