// Package length is the close-up by episode length: what the selected row
// would pay at each length from 0 to 90 days, and beyond as far as its own
// length. Each length needs the whole model again, so the answers come in piece
// by piece, the round ones first.
package length

import (
	"slices"

	"bundlelab/engine/money"
	"bundlelab/tui/draw"
	"bundlelab/tui/session"
)

// every is the last of the lengths that are all shown: CJR's.
const every = 90

// batch is how many lengths one job settles before the screen shows them.
const batch = 3

// Pane is the scrubber. The zero value is ready.
type Pane struct {
	figures uint64
	row     session.RowID
	lengths []int // shown, ascending
	own     []int // the design's
	points  map[int]*session.Point
	todo    []int
	running bool
	moved   bool // the cursor was moved; else it stands on the row's own length
	cursor  int  // in days
	top     int
	rev     int
	cache   draw.Cache[key, []string]
}

type key struct {
	version   uint64
	rev, w, h int
	focused   bool
	theme     draw.Theme
}

// Next gives the next job, if one is needed and none is running. Call it
// whenever the close-up is in sight: after other numbers it starts afresh.
func (p *Pane) Next(s *session.Session) (session.Job, bool) {
	row := s.Row()
	if row == nil || row.Result == nil {
		return session.Job{}, false
	}
	if p.figures != s.Figures() || p.row != s.Selected() {
		p.figures, p.row = s.Figures(), s.Selected()
		p.points = map[int]*session.Point{}
		p.own = s.OwnLengths()
		p.lengths = lengths(row.Result.EpisodeDays, p.own)
		p.todo = order(row.Result.EpisodeDays, p.lengths)
		p.rev++
	}
	if p.running || len(p.todo) == 0 {
		return session.Job{}, false
	}
	n := min(batch, len(p.todo))
	job := s.Job(p.todo[:n:n])
	p.todo = p.todo[n:]
	p.running = true
	return job, true
}

// Accept takes the answers of a job; those to an older question are dropped.
func (p *Pane) Accept(job session.Job, points []session.Point) {
	p.running = false
	if job.Figures != p.figures || job.Row != p.row {
		return
	}
	for i := range points {
		p.points[points[i].Length] = &points[i]
	}
	p.rev++
}

// lengths are every length to 90 days, the one in force and the design's own,
// and some between 90 and the longest of these.
func lengths(now int, own []int) []int {
	longest := max(every, now, slices.Max(append([]int{0}, own...)))
	out := append([]int{now}, own...)
	for n := 0; n <= every; n++ {
		out = append(out, n)
	}
	gap := 10 * max(1, longest/100)
	for n := every + gap; n < longest; n += gap {
		out = append(out, n)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// order puts the lengths people ask about first, then finer and finer.
func order(now int, all []int) []int {
	var out []int
	seen := map[int]bool{}
	add := func(n int) {
		if !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	for _, n := range []int{now, 30, 60, 90, 0} {
		add(n)
	}
	for _, step := range []int{10, 5, 2, 1} {
		for _, n := range all {
			if n%step == 0 {
				add(n)
			}
		}
	}
	return out
}

// Move moves the cursor n lengths.
func (p *Pane) Move(s *session.Session, n int) {
	if len(p.lengths) > 0 {
		p.cursor = p.lengths[max(0, min(p.place(s)+n, len(p.lengths)-1))]
	}
	p.moved = true
	p.rev++
}

// Current is the length under the cursor, in days.
func (p *Pane) Current(s *session.Session) int {
	if len(p.lengths) == 0 {
		return p.at(s)
	}
	return p.lengths[p.place(s)]
}

// place is the line of the cursor: the last length not above it.
func (p *Pane) place(s *session.Session) int {
	i, found := slices.BinarySearch(p.lengths, p.at(s))
	if !found && i > 0 {
		i--
	}
	return i
}

func (p *Pane) at(s *session.Session) int {
	if !p.moved {
		if row := s.Row(); row != nil && row.Result != nil {
			return row.Result.EpisodeDays
		}
	}
	return p.cursor
}

// bounds are the lowest and highest net payments so far.
func (p *Pane) bounds() (lo, hi money.Cents, n int) {
	for _, x := range p.points {
		n++
		if x.Err == nil {
			lo, hi = min(lo, x.Net), max(hi, x.Net)
		}
	}
	return lo, hi, n
}

// Forget drops the lines kept of the last frame.
func (p *Pane) Forget() { p.cache.Forget() }
