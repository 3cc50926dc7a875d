package session

import (
	"slices"

	"bundlelab/engine"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
)

// terms are whose rules a lever acts on: a design in a period and a track.
type terms struct {
	design *policy.Design
	period policy.Period
	track  string
}

// Within is the bundle that a design settles inside itself; nil for one that
// settles none.
func (s *Session) Within(r *engine.Row) *policy.Design {
	if r == nil || r.Design.Formula != "aco" {
		return nil
	}
	f, err := r.Design.At("aco.bundle", s.Period(r).Start, policy.Scope{})
	if err != nil {
		return nil
	}
	d, err := s.model.Designs().Get(f.Value)
	if err != nil {
		return nil
	}
	return d
}

// Inside is the bundle inside the selected row on which a lever acts, nil where
// the lever acts on the row's own design.
func (s *Session) Inside(d *lever.Def) *policy.Design {
	if d.Group != "quality" && (d.Group != "policy" || slices.Contains([]string{"design", "track", "episode_days", "data_year"}, d.Name)) {
		return nil
	}
	return s.Within(s.Row())
}

// acting are the terms a lever moves in the selected row.
func (s *Session) acting(d *lever.Def, r *engine.Row) terms {
	if in := s.Inside(d); in != nil {
		return terms{in, s.periodOf(in), s.Rule(in.ID)}
	}
	return terms{r.Design, s.Period(r), r.Track.ID}
}

// Own is what the hospital has of its own where a row's net payment is somebody
// else's; false where the net payment is the hospital's.
func Own(r *engine.Row) (money.Cents, bool) {
	if r.Result == nil || r.Design.Formula != "aco" {
		return 0, false
	}
	return r.Result.HospitalNet - r.Result.Net, true
}
