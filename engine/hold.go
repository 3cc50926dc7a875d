package engine

import (
	"fmt"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/policy"
	"bundlelab/engine/project"
)

// ways are the ways in which a design's episodes are held: by rule, category
// and, where a realized trend is a hospital's own, by hospital.
type ways struct {
	class []int // of a hospital x category, an index of list; nil when there is one way
	list  []way
	occur [][]int // of list, by group; nil where nobody knows
}

type way struct {
	rule     *capRule
	category episode.Category
	ccn      string // "" where no lever is the hospital's own
}

// shared numbers the ways of a frame where no hospital has one of its own.
func (f *frame) shared(p *panel.Panel) *ways {
	w := &ways{class: make([]int, len(p.Hospitals)*episode.NumCategories)}
	known := map[way]int{}
	w.occur = make([][]int, f.index.Groups())
	for n := range w.occur {
		for _, m := range f.index.Members(n) {
			x := way{f.rules[m.Hospital][m.Category.Index()], m.Category, ""}
			k, ok := known[x]
			if !ok {
				k = len(w.list)
				known[x], w.list = k, append(w.list, x)
			}
			w.class[m.Pair()] = k
			w.occur[n] = appendNew(w.occur[n], k)
		}
	}
	if len(w.list) == 1 {
		w.class = nil
	}
	return w
}

// waysNow adds those of the hospitals with a realized trend of their own,
// which moves the values of a table.
func (e *evaluation) waysNow() *ways {
	out := e.f.ways
	for _, ccn := range e.levers.Hospitals() {
		if !e.ownTrend(ccn) {
			continue
		}
		if out == e.f.ways {
			out = &ways{class: make([]int, len(e.m.panel.Hospitals)*episode.NumCategories), list: append([]way(nil), e.f.ways.list...)}
			copy(out.class, e.f.ways.class)
		}
		h, _ := e.m.panel.FindHospital(ccn) // fold has refused unknown ones
		for _, c := range e.f.design.Categories {
			out.class[h*episode.NumCategories+c.Index()] = len(out.list)
			out.list = append(out.list, way{e.f.rules[h][c.Index()], c, ccn})
		}
	}
	return out
}

func (e *evaluation) ownTrend(ccn string) bool {
	for _, x := range e.levers.Items() {
		if x.Key.Hospital == ccn && x.Key.Group == "market" && x.Key.Name == "trend_realized" {
			return true
		}
	}
	return false
}

// capTable are the caps of a frame's groups and shared ways, kept from key to
// key because the levers that move them seldom move.
type capTable struct {
	moves capMoves
	caps  []project.Cap
}

// capMoves is what moves a table's caps.
type capMoves struct {
	high  string
	trend [episode.NumCategories]money.Rate // realized, of all hospitals
}

// holding says how the episodes are held (engine.md 4; rulings 2 and 12).
func (e *evaluation) holding() project.Holding {
	words := e.capWords()
	if words.panel {
		e.ways = e.f.ways
		caps := make([]project.Cap, len(e.ways.list))
		for k := range caps {
			r := words.in(e.ways.list[k].rule)
			caps[k] = project.Cap{High: levelAmong(r.high), Low: levelAmong(r.low), Keep: r.keep}
		}
		return project.Holding{Class: e.ways.class, Occur: e.ways.occur, Cap: func(_, class int) *project.Cap { return &caps[class] }}
	}
	e.ways = e.waysNow()
	table, n := e.capTable(words), len(e.f.ways.list)
	return project.Holding{Class: e.ways.class, Occur: e.ways.occur, Cap: func(g, class int) *project.Cap {
		if class < n {
			return &table[g*n+class]
		}
		own := e.tableCaps(words, &e.ways.list[class], g)
		return &own
	}}
}

// capTable gives the caps of every group in every shared way.
func (e *evaluation) capTable(words capWords) []project.Cap {
	f := e.f
	moves := capMoves{high: words.high}
	for _, c := range episode.Categories() {
		moves.trend[c.Index()] = e.levers.Rate("market", "trend_realized", "", c)
	}
	if t := f.table.Load(); t != nil && t.moves == moves {
		return t.caps
	}
	t := &capTable{moves: moves, caps: make([]project.Cap, f.index.Groups()*len(f.ways.list))}
	for g := range f.index.Groups() {
		for k := range f.ways.list {
			t.caps[g*len(f.ways.list)+k] = e.tableCaps(words, &f.ways.list[k], g)
		}
	}
	f.table.Store(t)
	return t.caps
}

// tableCaps are the price table's values for a group, moved by the realized
// trend.
func (e *evaluation) tableCaps(words capWords, w *way, g int) project.Cap {
	r := words.in(w.rule)
	trend := r.trend.Held(e.levers.Rate("market", "trend_realized", w.ccn, w.category)).Rat()
	level := func(word string) project.Level {
		v := tableCap(e.f.caps[e.f.index.Group(g)], word)
		if v == nil {
			return project.Level{}
		}
		return project.At(money.Micros(money.RoundRat(v.Mul(v, trend))))
	}
	return project.Cap{High: level(r.high), Low: level(r.low), Keep: r.keep}
}

// levelAmong is where a word puts a cap among projected episodes.
func levelAmong(word string) project.Level {
	if p, ok := percentileOf(word); ok {
		return project.AtRank(p)
	}
	if word == meanPlus2SD {
		return project.AtDeviations(2)
	}
	return project.Level{}
}

// checkCaps refuses a percentile that no price states.
func (e *evaluation) checkCaps() error {
	words := e.capWords()
	for i := range e.outcome.Held {
		if e.outcome.Held[i].High != project.NoCap {
			return nil
		}
	}
	if words.high != "" && words.high != "p99" {
		return &UsageError{fmt.Sprintf("policy.cap_percentile = %s: the price table has no such column (it may have 75, 95 and 99); set policy.cap_source = \"panel\" for another one", words.high[1:])}
	}
	return nil
}

// spent is each listed episode's projected spending, for what needs them one
// by one.
func (e *evaluation) spent() []money.Micros {
	from, to := panel.Always()
	_, counts := e.m.spend(e.f, from, to)
	return project.Episodes(e.m.panel, counts, e.f.list, e.weights)
}

// capNotes say which episodes no cap holds, and why.
func (e *evaluation) capNotes(asked []bool, n int) []string {
	var out []string
	say := func(count int, format string, a ...any) {
		if count > 0 {
			out = append(out, fmt.Sprintf(format, a...))
		}
	}
	words := e.capWords()
	open, low, free, spread := 0, 0, 0, false
	for i := range e.outcome.Held {
		h := &e.outcome.Held[i]
		r := words.in(e.ways.list[h.Class].rule)
		some := words.panel && r.high == meanPlus2SD && !spread
		if h.High != project.NoCap && (r.low == policy.None || h.Low != project.NoFloor) && !some {
			continue // nothing to say
		}
		count := 0
		for _, m := range e.f.index.Members(h.Group) {
			if asked[m.Hospital] && (e.ways.class == nil || e.ways.class[m.Pair()] == h.Class) {
				count += m.Episodes
			}
		}
		switch {
		case r.high == policy.None:
			free += count
		case h.High == project.NoCap:
			open += count
		}
		if r.low != policy.None && h.Low == project.NoFloor {
			low += count
		}
		spread = spread || some && count > 0
	}
	say(open, "%d of %d episodes are not capped: their price cell states no such percentile", open, n)
	say(low, "%d of %d episodes are not held from below: their price cell states no such percentile", low, n)
	say(free, "%d of %d episodes are not capped: the design sets no outlier cap", free, n)
	if spread {
		out = append(out, "the outlier cap is the mean plus two standard deviations of the loaded episodes' own projected spending in each cell and division")
	}
	return out
}

// past is the projected spending past the hospitals' stop-loss attachments.
func (e *evaluation) past() [][episode.NumCategories]money.Micros {
	out := make([][episode.NumCategories]money.Micros, len(e.m.panel.Hospitals))
	var caps []project.Cap
	known := map[money.Micros]int{}
	class := make([]int, len(out)*episode.NumCategories)
	for h, a := range e.attachments() {
		k, ok := known[a]
		if !ok {
			k = len(caps)
			known[a] = k
			x := project.Cap{}
			if a >= 0 {
				x.High = project.At(a)
			}
			caps = append(caps, x)
		}
		for c := range episode.NumCategories {
			class[h*episode.NumCategories+c] = k
		}
	}
	if _, none := known[-1]; none && len(known) == 1 {
		return out
	}
	held := e.f.index.Project(e.weights, project.Holding{Class: class, Cap: func(_, k int) *project.Cap { return &caps[k] }})
	defer e.f.index.Release(held)
	for h := range held.Totals {
		for c := range held.Totals[h] {
			t := &held.Totals[h][c]
			out[h][c] = t.Uncapped - t.Spending
		}
	}
	return out
}
