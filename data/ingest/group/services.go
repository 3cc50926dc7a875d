package group

import (
	"bundlelab/data/ingest/claim"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
)

// services gives the episode the care from three days before its anchor to 180
// days after it.
func (p *patient) services(e *store.Episode, a *anchor) {
	leg := map[*claim.Event]bool{}
	for _, v := range a.legs {
		leg[v] = true
	}
	var shut []*claim.Event // excluded admissions
	var taken []*claim.Event
	for _, v := range p.events {
		if leg[v] || !belongs(v, a) {
			continue
		}
		taken = append(taken, v)
		if v.Kind == claim.Inpatient && p.grouper.Lists.DRG(v.DRG) != 0 {
			shut = append(shut, v)
		}
	}
	for _, v := range taken {
		s := p.service(v, a)
		if v.Kind == claim.Carrier && inStay(v, shut) {
			s.Excluded |= episode.WithinStay
		}
		p.check(v, &s)
		e.Services = append(e.Services, s)
		p.used[v]++
	}
}

// belongs says that an event is near enough to the anchor to be kept.
func belongs(v *claim.Event, a *anchor) bool {
	earliest := a.start
	if v.Kind == claim.Carrier || v.Kind == claim.Outpatient {
		earliest -= daysBefore
	}
	return v.From >= earliest && v.From <= a.end+daysAfter
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
	s := store.Service{
		Service: episode.Service{
			Setting: p.setting(v),
			From:    int32(v.From - a.end), To: int32(v.To - a.end),
			Amount: v.Allowed, Outlier: v.Outlier,
			Excluded: p.excluded(v),
		},
		LineKey:  run.Key.Short("claim", v.Claim),
		Provider: v.Provider, ProviderKind: v.OwnerKind,
		Units:        v.Units,
		PrimaryPayer: v.Payer,
	}
	if v.Line != "" {
		s.LineKey += "." + v.Line
	}
	raw := v.Allowed
	s.Raw = &raw
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

// excluded is why an event counts for nothing (ruling 23). The lists of drugs
// and services hold for outpatient, professional and equipment bills.
func (p *patient) excluded(v *claim.Event) episode.Exclusion {
	var why episode.Exclusion
	switch {
	case v.Kind == claim.Inpatient:
		why |= p.grouper.Lists.DRG(v.DRG)
	case v.Kind.ByLine():
		why |= p.grouper.Lists.HCPCS(v.HCPCS)
	}
	if v.Kind == claim.Outpatient {
		why |= p.grouper.Lists.Status(v.Indicator)
	}
	if v.Allowed <= 0 {
		why |= episode.NonPositive
	}
	if v.NotPrimary {
		why |= episode.Payer
	}
	return why
}

// check warns about what a person should know of a line that was kept.
func (p *patient) check(v *claim.Event, s *store.Service) {
	warn := func(code, message string) { v.Books.Find(store.Warning, code, v.At, "", "", message) }
	if p.known != nil && p.known.Death != nil && v.From > *p.known.Death {
		warn("S004", "the service starts after the patient's death")
	}
	if s.Setting == episode.SNF && s.To-s.From+1 > 100 {
		warn("S001", "a skilled nursing stay is longer than 100 days")
	}
	if s.Rule == episode.GMLOS {
		warn("C003", "no geometric mean stay: a stay that crosses the end is split by its days")
	}
	if s.Excluded&episode.Payer != 0 {
		warn("A007", "Medicare was not the primary payer: the service counts for nothing")
	}
}
