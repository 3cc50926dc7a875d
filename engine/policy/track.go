package policy

import (
	"fmt"
	"strings"

	"bundlelab/engine/calendar"
)

// Class are the hospital facts that open tracks and change limits, by the
// names of hospitals.csv: safety_net, rural, sch, mdh, each, rrc. A fact not
// in the map is unknown and counts as no.
type Class map[string]bool

// Classes are the names a rule may use.
func Classes() []string {
	return []string{"safety_net", "rural", "sch", "mdh", "each", "rrc", "volume_protection"}
}

// IneligibleError says which rule keeps a hospital out of a track (exit code
// 4).
type IneligibleError struct {
	Design, Track, Period string
	Hospital              string // CCN, "" when not one of a database
	Why                   string
	Source
}

func (e *IneligibleError) Error() string {
	who := "this hospital"
	if e.Hospital != "" {
		who = "hospital " + e.Hospital
	}
	return fmt.Sprintf("%s may not choose %s track %s in %s: %s (%s)", who, e.Design, e.Track, e.Period, e.Why, e.Cite)
}

// Eligible says whether a hospital may choose a track in a period, and by
// which rule; the error is an *IneligibleError or a *TrackError.
func (d *Design) Eligible(track string, p Period, c Class) (Source, error) {
	t, err := d.Track(track)
	if err != nil {
		return Source{}, err
	}
	no := func(why string, s Source) (Source, error) {
		return s, &IneligibleError{Design: d.ID, Track: track, Period: p.ID, Why: why, Source: s}
	}
	for i := len(t.Rules) - 1; i >= 0; i-- {
		r := t.Rules[i]
		if r.Since > p.Start {
			continue
		}
		if r.Open {
			return r.Source, nil
		}
		if r.Closed != "" {
			return no(r.Closed, r.Source)
		}
		names := make([]string, len(r.AnyOf))
		for k, f := range r.AnyOf {
			if c[f.Name] {
				return f.Source, nil
			}
			names[k] = flagTitle(f.Name)
		}
		return no("only for a "+strings.Join(names, ", ")+" hospital, and the data state none of these", r.Source)
	}
	return no("the track does not exist yet", Source{Cite: t.Rules[0].Cite, Evidence: t.Rules[0].Evidence})
}

// DefaultTrack is the track the rule gives a hospital that chooses none.
// baseline is its episode count over the baseline years, -1 when unknown.
func (d *Design) DefaultTrack(on calendar.Day, baseline int) (string, Source) {
	for i := len(d.tracks) - 1; i >= 0; i-- {
		t := d.tracks[i]
		if t.Since > on {
			continue
		}
		if t.SmallBelow > 0 && baseline >= 0 && baseline < t.SmallBelow {
			return t.SmallTrack, t.Source
		}
		return t.Track, t.Source
	}
	return "", Source{}
}

func flagTitle(name string) string {
	switch name {
	case "safety_net":
		return "safety-net"
	case "rural":
		return "rural"
	case "sch":
		return "sole community (SCH)"
	case "mdh":
		return "Medicare-dependent (MDH)"
	case "each":
		return "essential access community (EACH)"
	case "rrc":
		return "rural referral centre (RRC)"
	case "volume_protection":
		return "volume protection"
	}
	return name
}
