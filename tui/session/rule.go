package session

import (
	"slices"

	"bundlelab/engine"
	"bundlelab/engine/lever"
	"bundlelab/engine/policy"
)

// ByHospital is what Rule gives when no single track is picked for every
// hospital in view.
const ByHospital = ""

// ruleKey is all that a rule's choice of track depends on.
type ruleKey struct {
	design, hospital, levers string
}

// ruling is the question which track each hospital is in, under the choices
// of the levers that bear on it.
type ruling struct {
	key    ruleKey
	design *policy.Design
	set    lever.Set
	open   bool // no track is chosen for a part of the hospitals in view
	bad    error
}

// verdict is its answer.
type verdict struct {
	track string
	err   error
}

// ruling asks for the rule's own choice: tracks chosen for all in view are
// left out.
func (s *Session) ruling(d *policy.Design) ruling {
	return s.question(d, s.now.Levers.Over(s.base.levers), false)
}

// question gathers the levers that decide a track. A period or track that
// another design has chooses nothing here.
func (s *Session) question(d *policy.Design, all lever.Set, chosen bool) ruling {
	q := ruling{key: ruleKey{design: d.ID, hospital: s.hospital}, design: d, open: true}
	for x := range all.All() {
		if x.Key.Group != "policy" {
			continue
		}
		switch x.Key.Name {
		case "track":
			if !slices.Contains(d.TrackIDs(), x.Value.Text) {
				continue
			}
			if x.Key.Hospital != "" && s.hospital == "" {
				q.open = false // chosen for some of the hospitals in view
			}
			if !chosen {
				continue
			}
		case "period":
			if !slices.Contains(d.PeriodIDs(), x.Value.Text) {
				continue
			}
		case "episode_days", "data_year", "exclusions":
		default:
			continue
		}
		next, err := q.set.With(x.Key.String(), x.Value.Text)
		if err != nil {
			q.bad = err
			continue
		}
		q.set = next
		q.key.levers += x.Key.String() + "=" + x.Value.Text + " "
	}
	return q
}

// judge asks the model. A design with one track or none needs no asking.
func (q ruling) judge(m *engine.Model, hospitals []string) verdict {
	if q.bad != nil || len(q.design.Tracks) == 0 {
		return verdict{err: q.bad}
	}
	res, err := m.Sums(engine.Request{Designs: []string{q.design.ID}, Hospitals: hospitals, Levers: q.set})
	if err != nil || len(res.Designs) == 0 {
		return verdict{err: err}
	}
	return verdict{track: res.Designs[0].Track}
}

// answer judges a question once.
func (s *Session) answer(q ruling) verdict {
	v, ok := s.ruled[q.key]
	if !ok {
		v = q.judge(s.model, s.scope())
		s.ruled[q.key] = v
	}
	return v
}

// Rule is the track a design's rule gives the hospitals in view as long as
// nobody chooses one, ByHospital where they differ or the design has none.
// The levers on care and money cannot change it, so it is kept over them.
func (s *Session) Rule(design string) string {
	d, err := s.model.Designs().Get(design)
	if err != nil {
		return ByHospital
	}
	q := s.ruling(d)
	if !q.open {
		return ByHospital
	}
	return s.answer(q).track
}

// chose says whether the scenario or its base chooses one of a design's tracks
// for the hospitals in view.
func (s *Session) chose(design string) bool {
	d, err := s.model.Designs().Get(design)
	v, ok := s.now.Levers.Over(s.base.levers).Get("policy", "track", s.hospital, 0)
	return ok && err == nil && slices.Contains(d.TrackIDs(), v.Text)
}

// Ruled says whether a row is the track that the rule picks for the hospitals
// in view, nobody having chosen one. What is not known yet is no.
func (s *Session) Ruled(r *engine.Row) bool {
	if r.Track.ID == "" || s.chose(r.Design.ID) {
		return false
	}
	q := s.ruling(r.Design)
	v, known := s.ruled[q.key]
	return known && q.open && v.track == r.Track.ID
}

// obey moves the cursor to the track that the rule picks, so that the board
// opens on what the command line reports, unless the user went to another
// track of the design.
func (s *Session) obey() {
	if s.byHand || s.chose(s.selected.Design) {
		return
	}
	id := RowID{s.selected.Design, s.Rule(s.selected.Design)}
	if r := s.find(id); r != nil && r.Result != nil {
		s.selected = id
	}
}

// Period is the period in force for a row, settled or not.
func (s *Session) Period(r *engine.Row) policy.Period {
	if r.Result != nil {
		return r.Result.Period
	}
	for i := range s.rows {
		if x := &s.rows[i]; x.Design == r.Design && x.Result != nil {
			return x.Result.Period
		}
	}
	return s.periodOf(r.Design)
}

// periodOf is the period the levers choose of a design, else its default.
func (s *Session) periodOf(d *policy.Design) policy.Period {
	set := s.now.Levers.Over(s.base.levers)
	if v, ok := set.Get("policy", "period", "", 0); ok {
		if p, err := d.Period(v.Text); err == nil {
			return p
		}
	}
	year := s.model.Panel().DataYear()
	if v, ok := set.Get("policy", "data_year", "", 0); ok {
		year = int(v.Rate.Decimal().IntPart())
	}
	return d.DefaultPeriod(year)
}
