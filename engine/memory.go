package engine

import (
	"slices"
	"sync"

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
		panel: p, book: b, designs: d, groups: sync.OnceValue(func() *groups { return groupsOf(p) }), frames: map[frameKey]*frame{}, byTrack: map[frameKey]bool{}, days: map[bool]*panel.Days{},
		spending: map[spendKey]*panel.Spending{}, indexes: map[*panel.Spending][]listed{},
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
	known := map[project.Group]int32{}
	for i := range p.Episodes {
		e := &p.Episodes[i]
		g := project.Group{Cell: e.Cell, Division: p.Hospitals[e.Hospital].Division}
		n, ok := known[g]
		if !ok {
			n = int32(len(x.names))
			known[g], x.names = n, append(x.names, g)
		}
		x.of[i] = n
	}
	return x
}

// listed is the index of some episodes at one length; designs with the same
// episodes share it.
type listed struct {
	list  []int
	index project.Projector
}

// oftenChanged is how many lengths are computed from all services before it
// pays to sort them by day: about what the sorting costs.
const oftenChanged = 8

// at gives the spending at a length, kept between calls.
func (m *Model) at(length int, exclusions bool) *panel.Spending {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := spendKey{length, exclusions}
	if s, ok := m.spending[k]; ok {
		return s
	}
	s := m.compute(k)
	if len(m.spending) >= m.keep() {
		clear(m.spending)
		clear(m.indexes)
	}
	m.spending[k] = s
	return s
}

// compute gives the spending at a length: from the nearest one known once
// lengths change often, else from all services.
func (m *Model) compute(k spendKey) *panel.Spending {
	var near *panel.Spending
	for other, s := range m.spending {
		if other.exclusions == k.exclusions && (near == nil || apart(s.Length, k.length) < apart(near.Length, k.length)) {
			near = s
		}
	}
	if near == nil || m.full < oftenChanged {
		m.full++
		return m.panel.At(k.length, k.exclusions)
	}
	d := m.days[k.exclusions]
	if d == nil {
		d = m.panel.Days(k.exclusions)
		m.days[k.exclusions] = d
	}
	return d.Move(near, k.length)
}

func apart(a, b int) int { return max(a-b, b-a) }

// arrange gives a frame its index and ways. Frames of one length and the same
// episodes share the index.
func (m *Model) arrange(f *frame) {
	if f.spending != f.whole { // spending of its own
		f.index = project.New(m.panel, f.spending, f.list)
		f.ways = f.shared(m.panel)
		return
	}
	m.mu.Lock()
	for _, x := range m.indexes[f.spending] {
		if slices.Equal(x.list, f.list) {
			f.index, f.list = x.index, x.list
		}
	}
	m.mu.Unlock()
	if f.index == nil {
		f.index = project.New(m.panel, f.spending, f.list)
		m.mu.Lock()
		m.indexes[f.spending] = append(m.indexes[f.spending], listed{f.list, f.index})
		m.mu.Unlock()
	}
	f.ways = f.shared(m.panel)
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
		b.again += f.spending.Post[i][episode.Readmission]
	}
}

// addBenchmarks sums the benchmarks, which no lever moves.
func (f *frame) addBenchmarks(p *panel.Panel) {
	f.sums = make([][episode.NumCategories]benchmarks, len(p.Hospitals))
	for k, i := range f.list {
		e := &p.Episodes[i]
		b := &f.sums[e.Hospital][e.Category.Index()]
		b.estimated += f.estimated[k]
		b.fixed += f.bench[k] - f.estimated[k]
	}
}
