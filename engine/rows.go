package engine

import (
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
// policy.design and policy.track choose nothing here.
func (m *Model) Rows(r Request) []Row {
	var out []Row
	ids := r.Designs
	if len(ids) == 0 {
		ids = m.designs.IDs()
	}
	hospitals, err := m.hospitals(r.Hospitals)
	for _, id := range ids {
		d, derr := m.designs.Get(id)
		if derr != nil {
			continue
		}
		tracks := d.Tracks
		if len(tracks) == 0 {
			tracks = []policy.Track{{}}
		}
		for _, t := range tracks {
			row := Row{Design: d, Track: t, Err: err}
			if err == nil {
				row.Result, row.Err = m.row(d, t, r, hospitals)
			}
			out = append(out, row)
		}
	}
	return out
}

func (m *Model) row(d *policy.Design, t policy.Track, r Request, hospitals []int) (*DesignResult, error) {
	levers := r.Levers
	for _, x := range levers.Items() {
		if x.Key.Group == "policy" && (x.Key.Name == "track" || x.Key.Name == "design") {
			levers = levers.Without(x.Key)
		}
	}
	if t.ID != "" {
		var err error
		if levers, err = levers.With("policy.track", t.ID); err != nil {
			return nil, err
		}
	}
	e, err := m.prepare(d.ID, levers)
	if err != nil {
		return nil, err
	}
	return e.result(hospitals)
}
