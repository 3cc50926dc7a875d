package panel

import (
	"cmp"
	"math"
	"slices"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

// Days are a panel's services by the day on which they count, so that the
// spending at one length gives that at another without a look at the services
// that do not lie between. It is read-only, and as large as the services that
// it names: 8 bytes for one that counts on a single day, 16 for any other.
type Days struct {
	p          *Panel
	exclusions bool
	first      []int32 // of a day and setting in sudden: day x NumSettings + setting
	sudden     []change
	gradual    []span // by first day
}

// change is a service that counts all at once.
type change struct {
	episode int32
	cents   int32
}

// span is a service that counts little by little over its days.
type span struct {
	from, to, episode, service int32
}

// Days sorts the services by day; exclusions as in At.
func (p *Panel) Days(exclusions bool) *Days {
	d := &Days{p: p, exclusions: exclusions}
	var counts []int32
	var v episode.Service
	for i := range p.Episodes {
		services := p.Services(i)
		for k := range services.Len() {
			services.Read(k, &v)
			switch {
			case !d.moves(&v):
			case sudden(&v):
				at := int(v.From)*episode.NumSettings + int(v.Setting)
				for len(counts) <= at {
					counts = append(counts, 0)
				}
				counts[at]++
			default:
				d.gradual = append(d.gradual, span{v.From, v.To, int32(i), int32(k)})
			}
		}
	}
	d.first = make([]int32, len(counts)+1)
	for at, n := range counts {
		d.first[at+1] = d.first[at] + n
	}
	next := slices.Clone(d.first)
	d.sudden = make([]change, d.first[len(counts)])
	for i := range p.Episodes {
		services := p.Services(i)
		for k := range services.Len() {
			if services.Read(k, &v); d.moves(&v) && sudden(&v) {
				at := int(v.From)*episode.NumSettings + int(v.Setting)
				d.sudden[next[at]] = change{int32(i), int32(v.Amount)}
				next[at]++
			}
		}
	}
	slices.SortFunc(d.gradual, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.episode, b.episode), cmp.Compare(a.service, b.service))
	})
	return d
}

// moves says whether a service counts and its spending moves with the length.
func (d *Days) moves(v *episode.Service) bool {
	return v.To >= 0 && !v.Excluded.Out(d.exclusions) && (v.From >= 0 || v.Rule != episode.Whole || v.Setting == episode.SNF)
}

// sudden says whether a service counts for nothing up to its first day and
// whole after it. SNF lines of several days move the days of the stay too.
func sudden(v *episode.Service) bool {
	return v.From >= 0 && v.Rule != episode.Always && v.Amount >= math.MinInt32 && v.Amount <= math.MaxInt32 &&
		(v.From == v.To || v.Rule == episode.Whole && v.Setting != episode.SNF)
}

// Move gives the spending at a length from that of every episode at another,
// which stays as it is.
func (d *Days) Move(s *Spending, length int) *Spending {
	out := &Spending{Length: length, From: s.From, To: s.To, Anchor: s.Anchor, Post: slices.Clone(s.Post), SNFDays: slices.Clone(s.SNFDays)}
	from, to, sign := s.Length, length, money.Cents(1)
	if from > to {
		from, to, sign = to, from, -1
	}
	last := len(d.first) - 1
	for at := min(max(0, from)*episode.NumSettings, last); at < min(max(0, to)*episode.NumSettings, last); at++ {
		setting := at % episode.NumSettings
		for _, c := range d.sudden[d.first[at]:d.first[at+1]] {
			out.Post[c.episode][setting] += sign * money.Cents(c.cents)
			if setting == int(episode.SNF) && c.cents != 0 {
				out.SNFDays[c.episode] += int32(sign)
			}
		}
	}
	for i := range d.gradual {
		g := &d.gradual[i]
		if int(g.from) >= to {
			break
		}
		if int(g.to) < from {
			continue
		}
		v := d.p.Services(int(g.episode)).At(int(g.service))
		out.Post[g.episode][v.Setting] += sign * (v.Inside(to) - v.Inside(from))
		if v.Setting == episode.SNF && v.Amount != 0 {
			out.SNFDays[g.episode] += int32(sign) * (snfDays(&v, to) - snfDays(&v, from))
		}
	}
	return out
}

// snfDays are the offsets of a SNF line inside [0, length), both ends counted
// (ruling 8).
func snfDays(v *episode.Service, length int) int32 {
	return max(0, min(v.To, int32(length)-1)-max(v.From, 0)+1)
}
