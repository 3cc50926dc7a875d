package session

import (
	"context"
	"errors"
	"strconv"

	"bundlelab/engine"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
)

// Point is the selected row settled at one length.
type Point struct {
	Length                int
	Target, Spending, Net money.Cents
	Err                   error
}

// Job settles a row at some lengths. It holds values only and runs on any
// goroutine, in a model apart from the board's.
type Job struct {
	Figures uint64 // the numbers it belongs to
	Row     RowID
	lengths []int
	request engine.Request
	model   *engine.Model
}

// Figures changes whenever a settled number may have.
func (s *Session) Figures() uint64 { return s.figures }

// Job prepares the selected row at lengths.
func (s *Session) Job(lengths []int) Job {
	set := free(s.now.Levers.Over(s.base.levers))
	return Job{s.figures, s.selected, lengths, engine.Request{Hospitals: s.scope(), Levers: set}, s.sweep}
}

// Run settles, and stops early when the context ends.
func (j Job) Run(ctx context.Context) []Point {
	var out []Point
	for _, n := range j.lengths {
		if ctx.Err() != nil {
			return out
		}
		out = append(out, j.at(n))
	}
	return out
}

func (j Job) at(n int) Point {
	p := Point{Length: n}
	r := j.request
	if r.Levers, p.Err = r.Levers.With("policy.episode_days", strconv.Itoa(n)); p.Err != nil {
		return p
	}
	row := find(rowsOf(j.model, j.Row.Design, r.Hospitals, r.Levers), j.Row)
	if row == nil {
		p.Err = errors.New("the design has no such track")
		return p
	}
	if p.Err = row.Err; row.Result != nil {
		sum := Sum(row.Result)
		p.Target, p.Spending, p.Net = sum.Target, sum.Spending, sum.Net
	}
	return p
}

// DaysKey is the lever a length is set by.
func DaysKey() lever.Key { return lever.Key{Group: "policy", Name: "episode_days"} }
