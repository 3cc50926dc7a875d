package engine

import (
	"bundlelab/engine/lever"
	"bundlelab/engine/policy"
)

// Row is one line of the board: a design in one of its tracks, settled, or the
// reason it cannot be.
type Row struct {
	Design *policy.Design
	Track  policy.Track // zero for a design without tracks
	Result *DesignResult
	Err    error // why there is no result: often *policy.IneligibleError, joined over hospitals
}

// Rows settles the same episodes under every design and track, for the board.
// A row that a rule forbids carries the rule instead of a result. The levers
// policy.design and policy.track choose nothing here; a period, score or the
// like that a design does not know leaves it at its own default, with a
// warning, even where Request.Designs names the design. Ledgers carry no lines
// until DesignResult.Written writes them.
func (m *Model) Rows(r Request) []Row {
	var out []Row
	ids := r.Designs
	if len(ids) == 0 {
		ids = m.designs.IDs()
	}
	hospitals, err := m.hospitals(r.Hospitals)
	levers := r.Levers.WithoutNamed("policy", "design", "track")
	for _, id := range ids {
		d, derr := m.designs.Get(id)
		if derr != nil {
			continue
		}
		var e *evaluation
		perr := err
		if perr == nil {
			if e, perr = m.prepare(d.ID, levers, true); perr == nil {
				e.brief = true
			}
		}
		tracks := d.Tracks
		if len(tracks) == 0 {
			tracks = []policy.Track{{}}
		}
		for _, t := range tracks {
			row := Row{Design: d, Track: t, Err: perr}
			if perr == nil {
				row.Result, row.Err = e.inTrack(t.ID, hospitals)
			}
			out = append(out, row)
		}
	}
	return out
}

// inTrack settles a prepared design with every hospital in one track. Spending
// and benchmarks stay as they are unless the design's outlier cap depends on
// the track.
func (e *evaluation) inTrack(track string, hospitals []int) (*DesignResult, error) {
	if track == "" {
		return e.result(hospitals)
	}
	levers := e.levers.Put(lever.Setting{Key: lever.Key{Group: "policy", Name: "track"}, Value: lever.Value{Text: track}})
	if e.m.capsByTrack(e.f.design, e.period, e.length) {
		return e.m.one(e.f.design.ID, levers, e.lenient, e.brief, hospitals)
	}
	x := *e
	x.levers, x.stands = levers, nil
	return x.result(hospitals)
}
