package project

import (
	"math/big"
	"math/bits"

	"bundlelab/engine/money"
)

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
