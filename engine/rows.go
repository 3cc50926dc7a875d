package engine

import (
	"slices"

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
// warning, even where Request.Designs names the design. Results carry sums
// alone until DesignResult.Written writes their hospitals and warnings.
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
		tracks := d.Tracks
		if len(tracks) == 0 {
			tracks = []policy.Track{{}}
		}
		in, done := func(string) (*DesignResult, error) { return nil, err }, func() {}
		if err == nil {
			in, done = m.inTracks(d, levers, hospitals)
		}
		for _, t := range tracks {
			row := Row{Design: d, Track: t}
			row.Result, row.Err = in(t.ID)
			out = append(out, row)
		}
		done()
	}
	return out
}

// inTracks settles a design with every hospital in one track. Spending and
// benchmarks are the same for all tracks unless the design's outlier cap
// depends on the track. The second function ends it.
func (m *Model) inTracks(d *policy.Design, levers lever.Set, hospitals []int) (settle func(track string) (*DesignResult, error), end func()) {
	chosen := func(track string) lever.Set {
		return levers.Put(lever.Setting{Key: lever.Key{Group: "policy", Name: "track"}, Value: lever.Value{Text: track}})
	}
	e, _, err := m.begin(d.ID, levers, true)
	if err == nil && len(d.Tracks) > 0 && m.capsByTrack(d, e.period, e.length) {
		return func(track string) (*DesignResult, error) {
			return m.one(d.ID, chosen(track), true, (*evaluation).summed, hospitals)
		}, func() {}
	}
	end = func() {}
	if err == nil {
		if e, err = m.prepare(d.ID, levers, true); err == nil {
			end = e.release
		}
	}
	return func(track string) (*DesignResult, error) {
		if err != nil {
			return nil, err
		}
		x := *e
		if x.warnings = slices.Clip(e.warnings); track != "" {
			x.levers, x.stands = chosen(track), nil
		}
		defer func() { // of the bundle inside, which is this track's
			if x.within != nil && x.within != e.within {
				x.within.release()
			}
		}()
		return x.summed(hospitals)
	}, end
}
