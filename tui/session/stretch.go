package session

import (
	"fmt"

	"bundlelab/engine"
	"bundlelab/engine/lever"
)

// Stretch says how far a lever as it stands goes beyond what programs are known
// to have reached, "" where it does not or where nothing is known. Nothing is
// refused for it.
func (s *Session) Stretch(d *lever.Def) string {
	if d.Group != "care" {
		return ""
	}
	k := s.Key(d)
	set := s.now.Levers.Over(s.base.levers)
	v, saves := set.Get(d.Group, d.Name, k.Hospital, k.Category)
	saves = saves && saving(d, v)
	if saves && (lever.Setting{Key: k, Value: v}).Beyond() {
		return beyond(d)
	}
	for x := range set.All() {
		if x.Key.Group == d.Group && x.Key.Name == d.Name && narrower(x.Key, k) {
			if saves = saves || saving(d, x.Value); x.Beyond() {
				return beyond(d)
			}
		}
	}
	row := s.Row()
	if !saves || row == nil || row.Result == nil {
		return ""
	}
	if d := s.wholeOf(row.Result).head; d.Stretches() {
		return fmt.Sprintf("with the other care levers it takes %s off an episode, more than the %s that programs are known to have saved (%s)",
			d.CareSaving.Grouped(), engine.MostSaved.Grouped(), engine.MostSavedSource)
	}
	return ""
}

func beyond(d *lever.Def) string {
	return "is beyond " + d.Likely + ", the most that programs are known to have reached (" + d.Evidence + ")"
}

// saving says whether a care lever's value takes spending off.
func saving(d *lever.Def, v lever.Value) bool {
	if d.Name == "readmissions" {
		return v.Rate.Sign() < 0
	}
	return v.Rate.Sign() > 0
}
