package group

import (
	"bundlelab/data/ingest/check"
	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/trigger"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
)

// services gives the episode the care from its first day to 180 days after the
// anchor, and before it what the operation's own bills say.
func (p *patient) services(e *store.Episode, a *anchor) []check.Place {
	leg := map[*claim.Event]bool{}
	for _, v := range a.legs {
		leg[v] = true
	}
	earlier := p.operatedBefore(a)
	others := make([]*claim.Event, 0, len(p.events))
	for _, v := range p.events {
		if !leg[v] {
			others = append(others, v)
		}
	}
	var taken []unit
	for _, w := range joined(others) { // a stay's admission decides for all its bills
		if belongs(w.Event, a, earlier) {
			taken = append(taken, w)
		}
	}
	return p.take(e, a, taken)
}

// take turns events into the episode's services.
func (p *patient) take(e *store.Episode, a *anchor, taken []unit) []check.Place {
	var shut []*claim.Event // excluded admissions
	for _, w := range taken {
		if w.Kind == claim.Inpatient && p.admissionOut(w.Event) != 0 {
			shut = append(shut, w.Event)
		}
		for _, v := range w.bills {
			p.use(v)
			e.NotStd = e.NotStd || !p.standardized(v)
		}
	}
	places := make([]check.Place, 0, len(taken))
	for _, w := range taken {
		v := w.Event
		s := p.service(v, a)
		if v.Kind == claim.Carrier && inStay(v, shut) {
			s.Excluded |= episode.WithinStay
		}
		if s.Excluded&episode.Payer != 0 {
			v.Books.Find(store.Warning, "A007", v.At, "", "", "Medicare was not the primary payer: the service counts for nothing")
		}
		e.Services = append(e.Services, s)
		places = append(places, place(v))
	}
	p.destination(e, a, taken)
	return places
}

// belongs says that an event is near enough to the anchor to be kept.
func belongs(v *claim.Event, a *anchor, earlier bool) bool {
	first := a.start
	if earlier && v.Kind == claim.Carrier {
		first -= check.DaysBefore
	}
	return v.From >= first && v.From <= a.end+check.DaysAfter
}

// operatedBefore says that the operation of an inpatient anchor was billed by
// professionals in the three days before the admission and not during the stay:
// it was done outpatient, and the professional bills of those days belong to
// the episode (42 CFR 512.525(e)(14)).
func (p *patient) operatedBefore(a *anchor) bool {
	if !a.inpatient {
		return false
	}
	before := false
	for _, v := range p.events {
		if v.Kind != claim.Carrier || !trigger.Surgery(a.trigger.Category, v.HCPCS) {
			continue
		}
		if v.From >= a.start && v.From <= a.end {
			return false
		}
		before = before || v.From >= a.start-check.DaysBefore && v.From < a.start
	}
	return before
}

// inStay says that a professional line was billed inside one of the stays, at
// a hospital or from no stated place.
func inStay(v *claim.Event, stays []*claim.Event) bool {
	switch v.Place {
	case "", "21", "23", "51", "61":
	default:
		return false
	}
	for _, s := range stays {
		if v.From >= s.From && v.To <= s.To {
			return true
		}
	}
	return false
}

// service writes an event as days from the anchor's end.
func (p *patient) service(v *claim.Event, a *anchor) store.Service {
	run := p.grouper.Run
	amount, raw := v.Amount(), v.Allowed
	s := store.Service{
		Service: episode.Service{
			Setting: p.setting(v),
			From:    int32(v.From - a.end), To: int32(v.To - a.end),
			Amount: amount, Outlier: max(0, min(v.Outlier, amount)),
			Excluded: p.excluded(v),
		},
		LineKey:  run.Key.Short("claim", v.Claim),
		Provider: v.Provider, ProviderKind: v.OwnerKind,
		Units:        v.Units,
		PrimaryPayer: v.Payer,
		Raw:          &raw,
	}
	if v.Line != "" {
		s.LineKey += "." + v.Line
	}
	s.Rule = s.Setting.Rule(v.LUPA)
	if v.Kind == claim.Inpatient {
		s.CodeKind, s.Code = code("DRG", v.DRG)
		s.Stay = run.Key.Short("claim", v.Claim)
	} else {
		s.CodeKind, s.Code = code("HCPCS", v.HCPCS)
	}
	if s.Rule == episode.Visits {
		for _, visit := range v.Visits {
			s.Visits = append(s.Visits, episode.Visit{Offset: int32(visit.Day - a.end), Count: visit.Count})
		}
	}
	if a.inpatient && atDischarge(v, a.end) {
		s.Rule = episode.Always
	}
	return s
}

func code(kind, value string) (string, string) {
	if value == "" {
		return "", ""
	}
	return kind, value
}

// atDischarge says that a professional line on the discharge day was billed
// from the inpatient hospital or its emergency room, and so is the anchor's
// (data.md 1.2). Rule Always keeps it out of the post-discharge sums.
func atDischarge(v *claim.Event, end calendar.Day) bool {
	return v.Kind == claim.Carrier && v.From == end && v.To == end && (v.Place == "21" || v.Place == "23")
}

// setting is where the care was given.
func (p *patient) setting(v *claim.Event) episode.Setting {
	switch v.Kind {
	case claim.Inpatient:
		return p.grouper.Admission(v.Provider)
	case claim.SNF:
		return episode.SNF
	case claim.HHA:
		return episode.HHA
	case claim.Hospice:
		return episode.Hospice
	case claim.DME:
		return episode.DME
	case claim.Outpatient, claim.Carrier:
		if p.grouper.Lists.Drug(v.HCPCS) {
			return episode.PartBDrug
		}
	}
	if v.Kind == claim.Outpatient {
		return episode.Outpatient
	}
	return episode.Professional
}

// admissionOut is why an admission counts for nothing: its MS-DRG is listed, or
// lies in an excluded diagnostic category by the imported Table 5, or where
// there is none by the built-in list.
func (p *patient) admissionOut(v *claim.Event) episode.Exclusion {
	why := p.grouper.Lists.DRG(v.DRG)
	if out, known := p.grouper.Run.Reference.ExcludedMDC(v.DRG, v.To); known {
		why &^= episode.ExcludedMDC
		if out {
			why |= episode.ExcludedMDC
		}
	}
	return why
}

// excluded is why an event counts for nothing (ruling 23). The lists of drugs
// and services hold for outpatient, professional and equipment bills.
func (p *patient) excluded(v *claim.Event) episode.Exclusion {
	var why episode.Exclusion
	switch {
	case v.Kind == claim.Inpatient:
		why |= p.admissionOut(v)
	case v.Kind.ByLine():
		why |= p.grouper.Lists.HCPCS(v.HCPCS)
	}
	if v.Kind == claim.Outpatient {
		why |= p.grouper.Lists.Status(v.Indicator)
	}
	if v.Amount() <= 0 {
		why |= episode.NonPositive
	}
	if v.NotPrimary {
		why |= episode.Payer
	}
	return why
}
