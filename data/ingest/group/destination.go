package group

import (
	"bundlelab/data/ingest/claim"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
)

// soon is within how many days of discharge the first post-acute claim shows
// where a patient went: a facility admits at once, an agency within a few days.
const (
	soonFacility = 1
	soonAgency   = 3
)

// destination compares the discharge status of an inpatient anchor with the
// first post-acute claim after it (C005). Only a contradiction is told: a
// status that names one kind of care and a claim of another.
func (p *patient) destination(e *store.Episode, a *anchor, taken []unit) {
	if !a.inpatient || e.Discharge == "" || a.open == nil {
		return
	}
	if p.known != nil && p.known.Death != nil && expired(e.Discharge) && *p.known.Death > e.End {
		a.open.Books.Find(store.Warning, "C005", a.open.At, "", "", "the discharge status is a death, but the beneficiary file has a later day of death, which counts")
	}
	said, states := sentTo(e.Discharge)
	if !states {
		return
	}
	var first *claim.Event
	for _, w := range taken {
		v := w.Event
		if !p.postAcute(v) {
			continue
		}
		limit := calendar.Day(soonFacility)
		if v.Kind == claim.HHA {
			limit = soonAgency
		}
		if v.From >= e.End && v.From <= e.End+limit && (first == nil || v.From < first.From) {
			first = v
		}
	}
	if first != nil && p.setting(first) != said {
		a.open.Books.Find(store.Warning, "C005", a.open.At, "", "", "the discharge status and the first post-acute claim name different care")
	}
}

func (p *patient) postAcute(v *claim.Event) bool {
	switch p.setting(v) {
	case episode.SNF, episode.IRF, episode.LTCH, episode.HHA, episode.Hospice:
		return true
	case episode.Readmission, episode.Outpatient, episode.Professional, episode.DME, episode.OtherInpatient, episode.PartBDrug:
	}
	return false
}

// none is no setting: the status says that no post-acute care follows.
const none episode.Setting = episode.NumSettings

// sentTo is the care that a discharge status names; false when it names none of
// these and nothing contradicts it.
func sentTo(status string) (episode.Setting, bool) {
	switch status {
	case "01", "20", "40", "41", "42":
		return none, true
	case "03", "61", "64", "83", "89", "92":
		return episode.SNF, true
	case "06", "86":
		return episode.HHA, true
	case "62", "90":
		return episode.IRF, true
	case "63", "91":
		return episode.LTCH, true
	case "50", "51":
		return episode.Hospice, true
	}
	return 0, false
}
