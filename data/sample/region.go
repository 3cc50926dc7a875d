package sample

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

// MaxLength is the longest episode the regional table prices, in days.
const MaxLength = 90

// postDays is the window after an episode whose spending the table also
// states (42 CFR 512.505, "post-episode spending").
const postDays = 30

// curve is what one price cell of one region costs at every length 0..MaxLength.
type curve struct {
	cell     string
	level    int // index into levels
	episodes int
	at       [MaxLength + 1]point
}

// point is the distribution of spending at one length, in cents.
type point struct {
	price            money.Cents // mean after the cap at the 99th percentile
	mean, sd         money.Cents
	p1, p5, p75, p95 money.Cents
	p99              money.Cents
	postMean, postSD money.Cents // the postDays that follow
}

const numLevels = 2

// levels are the post-acute indexes simulated; the nine divisions lie between.
func levels() [numLevels]float64 { return [...]float64{.95, 1.05} }

// cells lists the price cells in order with the strata pooled in each.
func (m *model) cells() []cell {
	var all []cell
	for i := range m.strata {
		s := &m.strata[i]
		k := slices.IndexFunc(all, func(c cell) bool { return c.code == s.cell })
		if k < 0 {
			k = len(all)
			all = append(all, cell{code: s.cell})
		}
		all[k].members = append(all[k].members, i)
		all[k].share += max(s.share, 1e-9)
	}
	slices.SortFunc(all, func(a, b cell) int { return cmp.Compare(a.code, b.code) })
	return all
}

// cell is one MS-DRG price with the strata it serves.
type cell struct {
	code    string
	members []int
	share   float64
}

// simulate makes n episodes of a cell at a regional hospital and gives their
// cumulative spending by day, cancelled episodes left out: row i is episode i,
// column d is spending of length d, to MaxLength+postDays.
func (m *model) simulate(ctx context.Context, c *cell, index float64, n int) ([][]money.Cents, error) {
	g := &generator{model: m, pcg: &rand.PCG{}}
	g.r = rand.New(g.pcg)
	h := regionalHospital(index)
	flat := make([]money.Cents, n*(MaxLength+postDays+1))
	var rows [][]money.Cents
	code := uint64(0)
	for _, b := range []byte(c.code) {
		code = code<<8 | uint64(b)
	}
	for i := range n {
		if i%256 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		// The same stream at every level: regions differ by care, not by luck.
		stream(g.pcg, code, referenceStream, uint64(i))
		g.live(&h, c.pick(m, g.r), referenceDay())
		if g.row.Death != nil && *g.row.Death <= referenceDay() || g.row.EligEnd != nil {
			continue
		}
		row := flat[:MaxLength+postDays+1]
		flat = flat[MaxLength+postDays+1:]
		for d := range row {
			row[d] = g.row.StdAnchor
		}
		for k := range g.lines.all {
			addInside(row, &g.lines.all[k].Service)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// referenceDay is any day early enough for everything followed to be seen.
func referenceDay() calendar.Day { return calendar.Date(2025, 7, 1) }

func (c *cell) pick(m *model, r *rand.Rand) int {
	u := r.Float64() * c.share
	for _, i := range c.members {
		if u -= max(m.strata[i].share, 1e-9); u < 0 {
			return i
		}
	}
	return c.members[len(c.members)-1]
}

// addInside adds a service to cumulative spending.
func addInside(row []money.Cents, s *episode.Service) {
	if s.Excluded != 0 {
		return
	}
	for d := max(0, int(s.From)); d < len(row); d++ {
		if d > int(s.To) {
			for ; d < len(row); d++ {
				row[d] += s.Amount
			}
			return
		}
		row[d] += s.Inside(d)
	}
}

// summarize turns simulated episodes into a curve.
func summarize(c *curve, rows [][]money.Cents) {
	n := len(rows)
	sorted := make([]money.Cents, n)
	rank := func(p int) money.Cents { return sorted[(p*n+99)/100-1] }
	for d := range c.at {
		var sum, square, post, postSquare, capped float64
		for i, row := range rows {
			sorted[i] = row[d]
			x, y := float64(row[d]), float64(row[d+postDays]-row[d])
			sum, square = sum+x, square+x*x
			post, postSquare = post+y, postSquare+y*y
		}
		slices.Sort(sorted)
		top := rank(99)
		for _, x := range sorted {
			capped += float64(min(x, top))
		}
		p := &c.at[d]
		p.p1, p.p5, p.p75, p.p95, p.p99 = rank(1), rank(5), rank(75), rank(95), top
		p.price = toCents(capped / float64(n))
		p.mean, p.sd = moments(sum, square, n)
		p.postMean, p.postSD = moments(post, postSquare, n)
	}
}

func moments(sum, square float64, n int) (mean, sd money.Cents) {
	m := sum / float64(n)
	return toCents(m), toCents(math.Sqrt(max(0, square/float64(n)-m*m)))
}

func toCents(x float64) money.Cents { return money.Cents(math.Round(x)) }
