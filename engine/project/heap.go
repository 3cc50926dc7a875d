package project

import (
	"math/big"
	"math/bits"

	"bundlelab/engine/money"
)

// few is how many values are quicker looked through than kept in a heap.
const few = 64

// leastFirst puts the least value first: of many as a heap, every value at or
// above its parent.
func leastFirst(h []int64) {
	if len(h) > few {
		heapify(h)
		return
	}
	at, least := 0, h[0]
	for i, v := range h {
		if v < least {
			at, least = i, v
		}
	}
	h[0], h[at] = least, h[0]
}

// dropLeast takes a value in for the first and least.
func dropLeast(h []int64, x int64) {
	h[0] = x
	if len(h) > few {
		sift(h, 0)
	} else {
		leastFirst(h)
	}
}

func heapify(h []int64) {
	for i := len(h)/2 - 1; i >= 0; i-- {
		sift(h, i)
	}
}

// sift lets value i sink to its place.
func sift(h []int64, i int) {
	v := h[i]
	for {
		c := 2*i + 1
		if c >= len(h) {
			break
		}
		if c+1 < len(h) && h[c+1] < h[c] {
			c++
		}
		if h[c] >= v {
			break
		}
		h[i] = h[c]
		i = c
	}
	h[i] = v
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

// moments are the number, sum and sum of squares of values.
type moments struct {
	n            int
	sum, squares *big.Int
}

// momentsOf adds exactly: the sum of squares in 128 bits.
func momentsOf(xs []int64) *moments {
	var sum int64
	var high, low uint64
	for _, x := range xs {
		sum += x
		if x < 0 {
			x = -x
		}
		h, l := bits.Mul64(uint64(x), uint64(x))
		var carry uint64
		low, carry = bits.Add64(low, l, 0)
		high, _ = bits.Add64(high, h, carry)
	}
	squares := new(big.Int).SetUint64(high)
	squares.Lsh(squares, 64).Add(squares, new(big.Int).SetUint64(low))
	return &moments{len(xs), big.NewInt(sum), squares}
}

// meanPlus is the mean plus a number of standard deviations, taken over the
// episodes themselves (the sum of squares is divided by their number n). With
// S the sum and Q the sum of squares it is (S + sqrt(sds^2 (nQ - S^2))) / n:
// the root is the integer at or below, so it is exact to 1/n of a micro-dollar,
// and the quotient is rounded once, half away from zero.
func (m *moments) meanPlus(sds int64) money.Micros {
	n := big.NewInt(int64(m.n))
	root := new(big.Int).Mul(m.squares, n)
	root.Sub(root, new(big.Int).Mul(m.sum, m.sum))
	root.Mul(root, big.NewInt(sds*sds)).Sqrt(root)
	return money.Micros(money.RoundRat(new(big.Rat).SetFrac(root.Add(root, m.sum), n)))
}
