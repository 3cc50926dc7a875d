package session

import (
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

// Rule is the track a design's rule gives the hospitals in view as long as
// nobody chooses one, ByHospital where they differ or the design has none.
// The levers on care and money cannot change it, so it is kept over them.
func (s *Session) Rule(design string) string {
	var set lever.Set
	k := ruleKey{design: design, hospital: s.hospital}
	all := s.now.Levers.Over(s.base.levers)
	for _, x := range all.Items() {
		if x.Key.Group != "policy" {
			continue
		}
		switch x.Key.Name {
		case "track":
			if x.Key.Hospital != "" && s.hospital == "" {
				return ByHospital // chosen for some of the hospitals in view
			}
		case "period", "episode_days", "data_year", "exclusions":
			next, err := set.With(x.Key.String(), x.Value.Text)
			if err != nil {
				return ByHospital
			}
			set, k.levers = next, k.levers+x.Key.String()+"="+x.Value.Text+" "
		}
	}
	if t, ok := s.ruled[k]; ok {
		return t
	}
	t := ByHospital
	if res, err := s.model.Evaluate(engine.Request{Designs: []string{design}, Hospitals: s.scope(), Levers: set}); err == nil {
		t = res.Designs[0].Track
	}
	if s.ruled == nil {
		s.ruled = map[ruleKey]string{}
	}
	s.ruled[k] = t
	return t
}

// chose says whether the scenario or its base chooses the track of the
// hospitals in view.
func (s *Session) chose() bool {
	_, ok := s.now.Levers.Over(s.base.levers).Get("policy", "track", s.hospital, 0)
	return ok
}

// Ruled says whether a row is the track that the rule picks for the hospitals
// in view, nobody having chosen one.
func (s *Session) Ruled(r *engine.Row) bool {
	return r.Track.ID != "" && !s.chose() && s.Rule(r.Design.ID) == r.Track.ID
}

// obey moves the cursor to the track that the rule picks, so that the board
// opens on what the command line reports, unless the user went to another
// track of the design.
func (s *Session) obey() {
	if s.byHand || s.chose() {
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
	set := s.now.Levers.Over(s.base.levers)
	if v, ok := set.Get("policy", "period", "", 0); ok {
		if p, err := r.Design.Period(v.Text); err == nil {
			return p
		}
	}
	year := s.model.Panel().DataYear()
	if v, ok := set.Get("policy", "data_year", "", 0); ok {
		year = int(v.Rate.Decimal().IntPart())
	}
	return r.Design.DefaultPeriod(year)
}
