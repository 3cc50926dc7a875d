// Package length is the close-up by episode length: what the selected row
// would pay at each length from 0 to 90 days. Each length needs the whole
// model again, so the answers come in piece by piece, the round ones first.
package length

import (
	"bundlelab/engine/money"
	"bundlelab/tui/draw"
	"bundlelab/tui/session"
)

// Last is the longest length shown: CJR's.
const Last = 90

// batch is how many lengths one job settles before the screen shows them.
const batch = 3

// Pane is the scrubber. The zero value is ready.
type Pane struct {
	figures uint64
	row     session.RowID
	points  [Last + 1]*session.Point
	todo    []int
	running bool
	moved   bool // the cursor was moved; else it stands on the row's own length
	cursor  int
	top     int
	rev     int
	cache   draw.Cache[key]
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
		p.points = [Last + 1]*session.Point{}
		p.todo = order(row.Result.EpisodeDays)
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

// order puts the lengths people ask about first, then finer and finer.
func order(own int) []int {
	var out []int
	seen := [Last + 1]bool{}
	add := func(n int) {
		if n >= 0 && n <= Last && !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	for _, n := range []int{own, 30, 60, 90, 0} {
		add(n)
	}
	for _, step := range []int{10, 5, 2, 1} {
		for n := 0; n <= Last; n += step {
			add(n)
		}
	}
	return out
}

// Move moves the cursor n days.
func (p *Pane) Move(s *session.Session, n int) {
	p.cursor = max(0, min(p.at(s)+n, Last))
	p.moved = true
	p.rev++
}

// Current is the length under the cursor.
func (p *Pane) Current(s *session.Session) int { return p.at(s) }

func (p *Pane) at(s *session.Session) int {
	if !p.moved {
		if row := s.Row(); row != nil && row.Result != nil {
			return min(row.Result.EpisodeDays, Last)
		}
	}
	return p.cursor
}

// bounds are the lowest and highest net payments so far.
func (p *Pane) bounds() (lo, hi money.Cents, n int) {
	for _, x := range p.points {
		if x == nil {
			continue
		}
		n++
		if x.Err == nil {
			lo, hi = min(lo, x.Net), max(hi, x.Net)
		}
	}
	return lo, hi, n
}

// Forget drops the lines kept of the last frame.
func (p *Pane) Forget() { p.cache.Forget() }
