package policy

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"bundlelab/engine/money"
)

// Weights reads "17%/33%/50%", the weights of the baseline years, oldest
// first; none is below zero and they sum to one.
func Weights(v string) ([]money.Rate, error) {
	var out []money.Rate
	sum := money.Rate{}
	for _, part := range strings.Split(v, "/") {
		r, err := money.ParseRate(part)
		if err != nil {
			return nil, err
		}
		if r.Sign() < 0 {
			return nil, fmt.Errorf("a weight of %s is below zero", r.Percent())
		}
		out, sum = append(out, r), sum.Add(r)
	}
	if sum.Cmp(money.NewRate(1, 0)) != 0 {
		return nil, fmt.Errorf("weights %s sum to %s, not 100%%", v, sum.Percent())
	}
	return out, nil
}

// Share reads a weight from 0 to 1, exact: "2/3", "66.7%" or "0.667".
func Share(v string) (*big.Rat, error) {
	over, under, fraction := strings.Cut(v, "/")
	if !fraction {
		r, err := money.ParseRate(v)
		if err != nil {
			return nil, err
		}
		return inUnit(r.Rat())
	}
	a, err := strconv.ParseUint(over, 10, 20)
	if err != nil {
		return nil, fmt.Errorf("not a share: write 2/3 or 66.7%%")
	}
	b, err := strconv.ParseUint(under, 10, 20)
	if err != nil || b == 0 {
		return nil, fmt.Errorf("not a share: write 2/3 or 66.7%%")
	}
	return inUnit(big.NewRat(int64(a), int64(b))) // both fit in 20 bits
}

func inUnit(r *big.Rat) (*big.Rat, error) {
	if r.Sign() < 0 || r.Cmp(big.NewRat(1, 1)) > 0 {
		return nil, fmt.Errorf("a share lies between 0 and 1")
	}
	return r, nil
}

// Number reads a plain decimal such as a score: at most ten decimals and no
// exponent, so that comparing and dividing stay small.
func Number(v string) (decimal.Decimal, error) {
	if strings.HasSuffix(v, "%") || v != strings.TrimSpace(v) {
		return decimal.Decimal{}, fmt.Errorf("%q is not a number", v)
	}
	r, err := money.ParseRate(v)
	if err != nil {
		return decimal.Decimal{}, fmt.Errorf("%q is not a number", v)
	}
	return r.Decimal(), nil
}

// Lengths reads "30/60/90", the episode lengths a design has, shortest first.
func Lengths(v string) ([]int, error) {
	var out []int
	for _, p := range strings.Split(v, "/") {
		n, err := strconv.ParseUint(p, 10, 12)
		if last := len(out) - 1; err != nil || n == 0 || last >= 0 && int(n) <= out[last] {
			return nil, fmt.Errorf("not a list of days such as 30/60/90")
		}
		out = append(out, int(n))
	}
	return out, nil
}

// Rates reads "0%/1.0%/1.5%", one rate per quality tier.
func Rates(v string) ([]money.Rate, error) {
	var out []money.Rate
	for _, p := range strings.Split(v, "/") {
		r, err := money.ParseRate(p)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// Edge is the lower edge of a quality tier; Above means the edge itself is
// still the tier below.
type Edge struct {
	At    decimal.Decimal
	Above bool
}

// Edges reads "6.9/>15", the lower edges of the tiers, lowest first.
func Edges(v string) ([]Edge, error) {
	var out []Edge
	for _, p := range strings.Split(v, "/") {
		text, above := strings.CutPrefix(p, ">")
		at, err := Number(text)
		if err != nil {
			return nil, fmt.Errorf("not a list of scores such as 6.9/>15")
		}
		if n := len(out); n > 0 && !at.GreaterThan(out[n-1].At) {
			return nil, fmt.Errorf("the edges of the tiers must rise")
		}
		out = append(out, Edge{at, above})
	}
	return out, nil
}

// Tier counts the edges a score has passed.
func Tier(score decimal.Decimal, edges []Edge) int {
	n := 0
	for _, e := range edges {
		if c := score.Cmp(e.At); c > 0 || c == 0 && !e.Above {
			n++
		}
	}
	return n
}

// Cells reads "521=469F 522=470F": the price cell a design uses for a stored
// one.
func Cells(v string) (map[string]string, error) {
	out := map[string]string{}
	for _, p := range strings.Fields(v) {
		from, to, ok := strings.Cut(p, "=")
		if !ok || from == "" || to == "" || strings.Contains(to, "=") {
			return nil, fmt.Errorf("not a list of cells such as 521=469F")
		}
		if _, twice := out[from]; twice {
			return nil, fmt.Errorf("cell %s is given two others", from)
		}
		out[from] = to
	}
	return out, nil
}
