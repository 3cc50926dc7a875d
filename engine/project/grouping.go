package project

import (
	"cmp"
	"slices"

	"bundlelab/engine/episode"
	"bundlelab/engine/panel"
)

// Projector gives totals and caps of the episodes it was made of, under any
// weights: Index the fast way, Plain one by one. Both agree to the
// micro-dollar.
type Projector interface {
	Project(weights []*Weights, h Holding) *Outcome
	Release(o *Outcome) // nobody looks at it any more: its memory may serve the next
	Holds(o *Outcome, class []int) []Hold
	Groups() int
	Group(n int) Group
	Members(n int) []Member
}

// New makes the fastest projector the amounts allow.
func New(p *panel.Panel, s *panel.Spending, list []int) Projector {
	if x, ok := NewIndex(p, s, list); ok {
		return x
	}
	return NewPlain(p, s, list)
}

// Member is how many of a group's episodes one hospital has in one category.
type Member struct {
	Hospital int
	Category episode.Category
	Episodes int
}

// Pair is the member's place by hospital x NumCategories + category.
func (m *Member) Pair() int { return m.Hospital*episode.NumCategories + m.Category.Index() }

// grouping is who is in which group.
type grouping struct {
	names   []Group
	members [][]Member
	of      []int32 // the group of each listed episode
}

func groupUp(p *panel.Panel, list []int) grouping {
	x := grouping{of: make([]int32, len(list))}
	place := map[Group]int32{}
	for k, i := range list {
		e := &p.Episodes[i]
		g := Group{p.Text(e.Cell), p.Hospitals[e.Hospital].Division}
		n, ok := place[g]
		if !ok {
			n = int32(len(x.names))
			place[g] = n
			x.names = append(x.names, g)
		}
		x.of[k] = n
	}
	seen, pairs := map[int]int{}, len(p.Hospitals)*episode.NumCategories
	for k, i := range list {
		e := &p.Episodes[i]
		seen[int(x.of[k])*pairs+e.Hospital*episode.NumCategories+e.Category.Index()]++
	}
	x.members = make([][]Member, len(x.names))
	for k, n := range seen {
		group, pair := k/pairs, k%pairs
		x.members[group] = append(x.members[group], Member{pair / episode.NumCategories, episode.Categories()[pair%episode.NumCategories], n})
	}
	for _, m := range x.members {
		slices.SortFunc(m, func(a, b Member) int {
			return cmp.Or(cmp.Compare(a.Hospital, b.Hospital), cmp.Compare(a.Category, b.Category))
		})
	}
	return x
}

// Groups are how many groups the episodes form.
func (x *grouping) Groups() int { return len(x.names) }

// Group names a group.
func (x *grouping) Group(n int) Group { return x.names[n] }

// Members are the hospitals and categories with episodes in a group, ordered.
func (x *grouping) Members(n int) []Member { return x.members[n] }
