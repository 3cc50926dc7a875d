package engine

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/price"
)

// A design whose benchmark is made of factors (BPCI Advanced) takes those that
// CMS states for a hospital and category in place of an estimate.

type saidKey struct {
	hospital  int
	category  episode.Category
	inpatient bool
}

// said is what CMS states for an anchor: a quote, nothing, or more than one
// benchmark.
type said struct {
	quote    *quote
	disputed bool
}

// stated is the quote that CMS states for an episode's hospital and category;
// nil without one. It is a price that somebody stated: market.benchmark_level
// does not move it (ruling 35).
func (x *pricer) stated(e *panel.Row) *quote {
	if x.said == nil {
		return nil
	}
	k := saidKey{e.Hospital, e.Category, e.Inpatient}
	q, ok := x.said[k]
	if !ok {
		anchor := price.OutpatientAnchor
		if e.Inpatient {
			anchor = price.InpatientAnchor
		}
		s, disputed := x.m.book.Stated(x.m.panel.Hospitals[e.Hospital].CCN, e.Category, anchor, x.length, x.f.period.ID)
		q = &said{disputed: disputed}
		if s != nil {
			q.quote = &quote{value: big.NewRat(int64(s.Benchmark.Micros()), 1), estimated: new(big.Rat), source: price.CMS, stated: s}
		}
		x.said[k] = q
	}
	if q.disputed {
		x.f.facts[e.Hospital].disputed++
	}
	return q.quote
}

// otherPeriods are those of benchmarks that CMS states for the hospitals asked
// for, where none is of the period.
func (e *evaluation) otherPeriods(hospitals []int, x *facts) []string {
	if e.f.given == nil || x.stated > 0 {
		return nil
	}
	var out []string
	for _, h := range hospitals {
		for _, p := range e.m.book.StatedPeriods(e.m.panel.Hospitals[h].CCN, e.length) {
			if p != "" && p != e.f.period.ID {
				out = appendNew(out, p)
			}
		}
	}
	slices.Sort(out)
	return out
}

// given are the episodes of a hospital and category at stated benchmarks.
type given struct {
	rows     []*price.Stated
	episodes int
	sum      money.Micros
}

func (g *given) add(s *price.Stated) {
	g.rows = appendNew(g.rows, s)
	g.episodes++
	g.sum += s.Benchmark.Micros()
}

// words are the factors as CMS states them. Their product is rounded where CMS
// rounds it, so it need not come out to the cent.
func (g *given) words(c episode.Category) []string {
	var out []string
	for _, s := range g.rows {
		var product []string
		if s.SBS != nil {
			product = append(product, "SBS "+s.SBS.Grouped())
		}
		for _, x := range []struct {
			name  string
			ratio *int64
		}{{"PCMA", s.PCMA}, {"PAT", s.PAT}} {
			if x.ratio != nil {
				product = append(product, x.name+" "+decimal.New(*x.ratio, -6).StringFixed(6))
			}
		}
		text := c.String() + " "
		if len(product) == 3 {
			text += strings.Join(product, " × ") + " ≈ "
		}
		if s.HBP != nil {
			text += "HBP " + s.HBP.Grouped()
		}
		if s.Group {
			text += fmt.Sprintf(", of which the physician group's benchmark is %s", s.Benchmark.Grouped())
		}
		out = append(out, fmt.Sprintf("%s an episode, as CMS states it (%s)", text, strings.TrimSpace(s.Initiator+" "+s.Period)))
	}
	return out
}
