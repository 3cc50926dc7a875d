package engine

import (
	"slices"
	"sync"

	"github.com/shopspring/decimal"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/policy"
	"bundlelab/engine/price"
	"bundlelab/engine/project"
)

// fresh is a model that remembers nothing yet.
func fresh(p *panel.Panel, b *price.Book, d *policy.Set) *Model {
	return &Model{
		panel: p, book: b, designs: d, groups: sync.OnceValue(func() *groups { return groupsOf(p) }),
		everyone: sync.OnceValue(func() []int { return everyone(p) }),
		byTrack:  map[frameKey]bool{}, tracked: map[string][]string{}, days: map[bool]*panel.Days{},
	}
}

func everyone(p *panel.Panel) []int {
	out := make([]int, len(p.Hospitals))
	for i := range out {
		out[i] = i
	}
	return out
}

// recent keeps the values that were used last.
type recent[K comparable, V any] struct {
	kept map[K]*used[V]
	turn uint64
}

type used[V any] struct {
	value V
	turn  uint64
}

func (r *recent[K, V]) get(k K) (v V, ok bool) {
	x, ok := r.kept[k]
	if ok {
		r.turn++
		x.turn = r.turn
		v = x.value
	}
	return v, ok
}

// put keeps a value, and lets the one go that was not used for longest where
// there are more than most.
func (r *recent[K, V]) put(k K, v V, most int) {
	if r.kept == nil {
		r.kept = map[K]*used[V]{}
	}
	r.turn++
	r.kept[k] = &used[V]{v, r.turn}
	for len(r.kept) > most {
		var oldest K
		least := r.turn
		for k, x := range r.kept {
			if x.turn < least {
				oldest, least = k, x.turn
			}
		}
		delete(r.kept, oldest)
	}
}

// groups number the price cells and divisions of all episodes, which no design
// and no length changes.
type groups struct {
	of    []int32 // by episode
	names []project.Group
}

func groupsOf(p *panel.Panel) *groups {
	x := &groups{of: make([]int32, len(p.Episodes))}
	known := map[uint64]int32{} // by both numbers in one, which is quicker to look up than a text
	for i := range p.Episodes {
		e := &p.Episodes[i]
		division := p.Hospitals[e.Hospital].Division
		k := uint64(e.Cell)<<32 | uint64(uint32(division))
		n, ok := known[k]
		if !ok {
			n = int32(len(x.names))
			known[k], x.names = n, append(x.names, project.Group{Cell: p.Text(e.Cell), Division: division})
		}
		x.of[i] = n
	}
	return x
}

// listed is the index of some episodes at one length; designs with the same
// episodes share it.
type listed struct {
	spendKey
	late  bool // without the anchors
	list  []int
	index project.Projector
}

// oftenChanged is how many lengths are computed from all services before it
// pays to sort them by day: about what the sorting costs.
const oftenChanged = 8

// at gives the spending at a length of the episodes that end from one day to
// another, or of more, kept between calls. Where some were asked for before,
// every episode is next.
func (m *Model) at(length int, exclusions bool, from, to calendar.Day) *panel.Spending {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := spendKey{length, exclusions}
	s, ok := m.spending.get(k)
	switch {
	case !ok:
		s = m.compute(k, from, to)
	case !s.Covers(from, to):
		s = m.panel.At(length, exclusions)
	default:
		return s
	}
	m.spending.put(k, s, m.keep())
	return s
}

// compute gives the spending at a length: from the nearest one known once
// lengths change often, else from the services.
func (m *Model) compute(k spendKey, from, to calendar.Day) *panel.Spending {
	first, last := panel.Always()
	var near *panel.Spending
	for other, x := range m.spending.kept {
		s := x.value
		if other.exclusions == k.exclusions && s.Covers(first, last) && (near == nil || apart(s.Length, k.length) < apart(near.Length, k.length)) {
			near = s
		}
	}
	if m.full++; m.full <= oftenChanged {
		return m.panel.In(from, to, k.length, k.exclusions)
	}
	if near == nil {
		return m.panel.At(k.length, k.exclusions)
	}
	d := m.days[k.exclusions]
	if d == nil {
		d = m.panel.Days(k.exclusions)
		m.days[k.exclusions] = d
	}
	return d.Move(near, k.length)
}

// rest drops what only the building of frames needs: spending at some lengths,
// services by day. All frames of the screen stand once as many were recalled in
// a row, and none built, as a view of all designs has. Another length computes
// these again, which takes no longer than the building of one frame.
func (m *Model) rest(recalled bool) {
	m.found++
	if !recalled {
		m.found = 0
	}
	if m.found == m.keepFrames() {
		m.spending, m.days, m.full = recent[spendKey, *panel.Spending]{}, map[bool]*panel.Days{}, 0
	}
}

func apart(a, b int) int { return max(a-b, b-a) }

// arrange makes the index of a frame, while the caller goes on with what asks
// for none; the function it returns waits and hands it over. Frames of one
// length and the same episodes share the index.
func (m *Model) arrange(f *frame) (done func()) {
	x := listed{spendKey: spendKey{f.whole.Length, f.exclusions}, late: f.late, list: f.list}
	same := func(o listed) bool {
		return o.spendKey == x.spendKey && o.late == x.late && slices.Equal(o.list, x.list)
	}
	find := func() bool {
		m.mu.Lock()
		defer m.mu.Unlock()
		i := slices.IndexFunc(m.indexes, same)
		if i >= 0 {
			x = m.indexes[i]
		}
		return i >= 0
	}
	var wait sync.WaitGroup
	var fault any
	if !find() {
		spending := f.spending
		wait.Go(func() {
			defer func() { fault = recover() }() // the caller's goroutine knows how to end the program
			x.index = project.New(m.panel, spending, x.list)
			m.mu.Lock()
			m.indexes = append(m.indexes, x)
			m.mu.Unlock()
		})
	}
	return func() {
		wait.Wait()
		if fault != nil {
			panic(fault)
		}
		f.index, f.list = x.index, x.list
	}
}

// remember keeps a frame, and drops the indexes that no kept frame uses.
func (m *Model) remember(k frameKey, f *frame) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.frames.put(k, f, m.keepFrames())
	m.indexes = slices.DeleteFunc(m.indexes, func(x listed) bool {
		for _, f := range m.frames.kept {
			if f.value.index == x.index {
				return false
			}
		}
		return true
	})
}

// before is what one hospital and category cost before any lever.
type before struct {
	all, again money.Cents // all of it; readmissions
}

// addUp sums spending before levers.
func (f *frame) addUp(p *panel.Panel) {
	f.before = make([][episode.NumCategories]before, len(p.Hospitals))
	for _, i := range f.list {
		e := &p.Episodes[i]
		v := f.spending.Total(i)
		f.total += v.Abs()
		b := &f.before[e.Hospital][e.Category.Index()]
		b.all += v
		b.again += f.spending.Post[f.spending.At(i)][episode.Readmission]
	}
}

// addBenchmarks sums the benchmarks and episodes, which no lever moves.
func (f *frame) addBenchmarks(p *panel.Panel) {
	f.sums, f.counted = make([][episode.NumCategories]benchmarks, len(p.Hospitals)), make([][episode.NumCategories]decimal.Decimal, len(p.Hospitals))
	counts := make([][episode.NumCategories]int64, len(p.Hospitals))
	for k, i := range f.list {
		e := &p.Episodes[i]
		b := &f.sums[e.Hospital][e.Category.Index()]
		b.estimated += f.estimated[k]
		b.fixed += f.bench[k] - f.estimated[k]
		counts[e.Hospital][e.Category.Index()]++
	}
	for h := range counts {
		for c, n := range counts[h] {
			f.counted[h][c] = decimal.New(n, 0)
		}
	}
}

// alike gives every hospital the same weights. The last list is kept: a key asks
// for the same one under most designs.
func (m *Model) alike(w *project.Weights) []*project.Weights {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.weights) == 0 || !sameWeights(m.weights[0], w) {
		m.weights = slices.Repeat([]*project.Weights{w}, len(m.panel.Hospitals))
	}
	return m.weights
}

// inTrack puts every hospital in one track, "" for none of its own; the lists
// are kept, one for each track.
func (m *Model) inTrack(track string) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	list, ok := m.tracked[track]
	if !ok {
		list = slices.Repeat([]string{track}, len(m.panel.Hospitals))
		m.tracked[track] = list
	}
	return list
}
