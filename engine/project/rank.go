package project

import (
	"math/bits"
	"sync/atomic"
)

// guesses are what levels at ranks came to last, by how deep in the group they
// lie: levers move them little from one key to the next. They save time and
// change no result; 0 is none.
type guesses [8]atomic.Int64

// of is the guess for a rank of n episodes.
func (g *guesses) of(rank, n int) *atomic.Int64 {
	return &g[bits.Len(uint(rank*64/n))]
}

// learn keeps a level for the next time.
func learn(g *atomic.Int64, v int64) {
	if g.Load() != v {
		g.Store(v)
	}
}

// largest is the k-th largest of values. Those around a guess are put aside,
// and only where it was far off all of them.
func (w *walker) largest(xs []int64, k int, guess int64) int64 {
	near := max(guess, -guess) >> 8
	low, high := guess-near, guess+near
	atLeast, above, aside := 0, 0, w.aside[:len(xs)+1]
	for _, x := range xs { // without a branch: which way it goes is not to be foreseen
		aside[atLeast-above] = x
		if x >= low {
			atLeast++
		}
		if x > high {
			above++
		}
	}
	if above < k && k <= atLeast {
		return nth(aside[:atLeast-above], atLeast-k)
	}
	return nth(aside[:copy(aside, xs)], len(xs)-k)
}

// nth is the value that would stand at place k in order; it reorders v.
func nth(v []int64, k int) int64 {
	lo, hi := 0, len(v)-1
	for lo < hi {
		pivot := median(v[lo], v[lo+(hi-lo)/2], v[hi])
		i, j := lo, hi
		for i <= j {
			for v[i] < pivot {
				i++
			}
			for v[j] > pivot {
				j--
			}
			if i <= j {
				v[i], v[j] = v[j], v[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return v[k]
		}
	}
	return v[k]
}

func median(a, b, c int64) int64 {
	return max(min(a, b), min(max(a, b), c))
}
