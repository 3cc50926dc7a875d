package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bundlelab/bench/board"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/project"
)

// contest is the database made ready for the question.
type contest struct {
	p       *panel.Panel
	list    []int
	indexes []*project.Index // by lengths
	words   []uint64         // the prefix: every column of every episode at the asked length
	plain   *project.Plain
	ranked  project.Holding
	stated  project.Holding      // what the percentiles are before levers
	caps    []int64              // the same, by group
	levers  [][]*project.Weights // by tick of a held key: what folding them costs belongs to the frame
	tick    int
}

// ticksHeld is after how many ticks the levers are those of the first again.
const ticksHeld = 100

// ninetyNine is the percentile of the caps.
func ninetyNine() (money.Rate, error) { return money.ParseRate("99") }

// prepare makes an index for every length, and checks each against the plain
// path to the micro-dollar.
func prepare(p *panel.Panel) (*contest, error) {
	percent, err := ninetyNine()
	if err != nil {
		return nil, err
	}
	high := &project.Cap{High: project.AtRank(percent)}
	k := &contest{p: p, list: everything(p), ranked: project.Holding{Cap: func(int, int) *project.Cap { return high }}}
	for tick := range ticksHeld {
		k.levers = append(k.levers, weights(len(p.Hospitals), tick))
	}
	for _, length := range lengths() {
		s := p.At(length, true)
		x, ok := project.NewIndex(p, s, k.list)
		if !ok {
			return nil, errors.New("an amount does not fit the index")
		}
		k.indexes = append(k.indexes, x)
		k.plain = project.NewPlain(p, s, k.list)
		if length == asked {
			k.words = prefix(s)
			k.state(x)
		}
		for _, tick := range []int{0, 37} {
			if err := k.same(x, tick, length == asked); err != nil {
				return nil, fmt.Errorf("at %d days: %w", length, err)
			}
		}
	}
	return k, nil
}

// state takes the percentiles before levers as stated caps.
func (k *contest) state(x *project.Index) {
	bare := make([]*project.Weights, len(k.p.Hospitals))
	w := weights(1, 0)[0]
	for c := range w {
		for s := range w[c].Setting {
			w[c].Setting[s] = money.Whole
		}
	}
	for h := range bare {
		bare[h] = w
	}
	caps := make([]project.Cap, x.Groups())
	k.caps = make([]int64, x.Groups())
	for _, h := range x.Project(bare, k.ranked).Held {
		k.caps[h.Group], caps[h.Group] = int64(h.High), project.Cap{High: project.At(h.High)}
	}
	k.stated = project.Holding{Cap: func(g, _ int) *project.Cap { return &caps[g] }}
}

// same compares index and plain path, hospital by hospital.
func (k *contest) same(x *project.Index, tick int, stated bool) error {
	holdings := []project.Holding{k.ranked}
	if stated {
		holdings = append(holdings, k.stated)
	}
	w := k.levers[tick]
	for _, h := range holdings {
		fast, slow := x.Project(w, h), k.plain.Project(w, h)
		for i := range slow.Totals {
			if fast.Totals[i] != slow.Totals[i] {
				return fmt.Errorf("hospital %d: the index gives %v, the plain path %v", i, fast.Totals[i], slow.Totals[i])
			}
		}
	}
	return nil
}

// prefix is the spending in cents, four bytes each, two to a word.
func prefix(s *panel.Spending) []uint64 {
	const columns = episode.NumSettings + 1
	out := make([]uint64, 0, len(s.Post)*columns/2)
	for i := range s.Post {
		row := [columns]uint32{}
		for c, v := range s.Post[i] {
			row[c] = uint32(v)
		}
		row[columns-1] = uint32(s.Anchor[i])
		for c := 0; c < columns; c += 2 {
			out = append(out, uint64(row[c])<<32|uint64(row[c+1]))
		}
	}
	return out
}

// streamed adds words as fast as memory gives them.
func streamed(v []uint64) uint64 {
	var a, b, c, d, e, f, g, h uint64
	for ; len(v) >= 8; v = v[8:] {
		a += v[0]
		b += v[1]
		c += v[2]
		d += v[3]
		e += v[4]
		f += v[5]
		g += v[6]
		h += v[7]
	}
	for _, x := range v {
		a += x
	}
	return a + b + c + d + e + f + g + h
}

// next gives the levers of the next tick.
func (k *contest) next() []*project.Weights {
	k.tick++
	return k.levers[k.tick%ticksHeld]
}

// one settles the asked length once, under the levers of the next tick.
func (k *contest) one(h project.Holding) {
	x := k.indexes[len(k.indexes)-1]
	x.Release(x.Project(k.next(), h))
}

// eight settles every length once under the same levers.
func (k *contest) eight() {
	w := k.next()
	for _, x := range k.indexes {
		x.Release(x.Project(w, k.ranked))
	}
}

// contender is a way to answer, measured so many times a round.
type contender struct {
	name  string
	times int
	slow  bool // takes seconds: measured in the first rounds only
	run   func() error
}

// kernel measures every answer to the question, in turns.
func (o *options) kernel(ctx context.Context, r *recorder) error {
	data, err := board.Load(ctx, o.db)
	if err != nil {
		return err
	}
	k, err := prepare(data.Panel)
	if err != nil {
		return err
	}
	say("the index and the plain path agree to the micro-dollar at %d lengths", len(k.indexes))
	sink := uint64(0)
	do := func(f func()) func() error { return func() error { f(); return nil } }
	all := []contender{
		{"Stream", 41, false, do(func() { sink += streamed(k.words) })},
		{"KernelOne", 101, false, do(func() { k.one(k.ranked) })},
		{"KernelOneStated", 201, false, do(func() { k.one(k.stated) })},
		{"KernelEight", 21, false, do(k.eight)},
		{"KernelPlain", 1, true, do(func() { k.plain.Project(k.levers[0], k.ranked) })},
	}
	lite, err := k.sqlite(ctx, o.db)
	if err != nil {
		return err
	}
	defer lite.close()
	duck, err := k.duck(ctx)
	if err != nil {
		return err
	}
	defer duck.close()
	all = append(append(all, lite.ways...), duck.ways...)
	for round := range o.rounds {
		for _, c := range all {
			if c.slow && round >= o.slowRounds() {
				continue
			}
			took := make([]time.Duration, c.times)
			for i := range took {
				if took[i], err = timed(c.run); err != nil {
					return fmt.Errorf("%s: %w", c.name, err)
				}
			}
			// The median, because another program may take the core meanwhile.
			if err := r.add(c.name, len(k.list), c.times, percentile(took, 50)); err != nil {
				return err
			}
		}
	}
	if sink == 1 { // the sums are used, so that no compiler leaves them out
		say("the bytes add up to one")
	}
	return nil
}

// agree compares a peer's answer with ours.
func (k *contest) agree(who string, h project.Holding, got int64) error {
	want := sum(k.indexes[len(k.indexes)-1].Project(k.levers[0], h))
	if got != want {
		return fmt.Errorf("%s answers %d micro-dollars, we %d: nothing is measured", who, got, want)
	}
	say("%s gives the same total: %d micro-dollars", who, got)
	return nil
}
