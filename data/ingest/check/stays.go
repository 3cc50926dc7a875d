package check

import (
	"bundlelab/data/store"
	"bundlelab/engine/episode"
)

// skilled looks at the skilled nursing stays of an episode (S001): two that
// overlap by more than the day of a move, and one without a stay of three days
// in a hospital before it.
func (c *Checker) skilled(e *store.Episode, at Place, services []Place) {
	waived := false
	for i := range e.Services {
		s := &e.Services[i]
		if s.Setting != episode.SNF || !counts(s) || takenBack(e, i) {
			continue
		}
		for k := range e.Services[:i] {
			o := &e.Services[k]
			if o.Setting == episode.SNF && counts(o) && s.From < o.To && o.From < s.To && !takenBack(e, k) {
				place(at, services, i).warn("S001", "from_date", "two skilled nursing stays overlap")
				break
			}
		}
		waived = waived || s.From >= 0 && !afterAcute(e, s)
	}
	if waived {
		c.waived++
	}
}

// home looks at the home health periods (S002): two of different agencies that
// overlap.
func home(e *store.Episode, at Place, services []Place) {
	for i := range e.Services {
		s := &e.Services[i]
		if s.Setting != episode.HHA || !counts(s) || s.Provider == "" || takenBack(e, i) {
			continue
		}
		for k := range e.Services[:i] {
			o := &e.Services[k]
			if o.Setting == episode.HHA && counts(o) && o.Provider != "" && o.Provider != s.Provider && s.From <= o.To && o.From <= s.To && !takenBack(e, k) {
				place(at, services, i).warn("S002", "from_date", "home health periods of two agencies overlap")
				break
			}
		}
	}
}

// place is that of a service, else the episode's.
func place(at Place, services []Place, i int) Place {
	if i < len(services) {
		return services[i]
	}
	return at
}

// takenBack says that another line takes the service back.
func takenBack(e *store.Episode, i int) bool {
	s := &e.Services[i]
	for k := range e.Services {
		if o := &e.Services[k]; o.Amount == -s.Amount && o.Setting == s.Setting && o.From == s.From && o.To == s.To {
			return true
		}
	}
	return false
}

// afterAcute says that the anchor, or an admission that ended before the
// service started, lasted three days.
func afterAcute(e *store.Episode, s *store.Service) bool {
	if e.Inpatient && e.End-e.Start >= acuteStay {
		return true
	}
	for i := range e.Services {
		if o := &e.Services[i]; stay(o) && o.To <= s.From && o.To-o.From >= acuteStay {
			return true
		}
	}
	return false
}
