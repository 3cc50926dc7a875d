package group

import (
	"sort"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/trigger"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
)

// maxLegs is how many stays a chain of transfers may have.
const maxLegs = 7

// afterProcedure is how many days after an outpatient procedure an admission
// of the same category takes the episode over (42 CFR 512.525(c)(2)).
const afterProcedure = 3

// anchor is what opens an episode.
type anchor struct {
	trigger    trigger.Trigger
	inpatient  bool
	start, end calendar.Day
	legs       []*claim.Event // stays of the chain, or the procedure's lines
	open       *claim.Event   // the stay or line that carries the trigger
	flags      uint32
}

// anchors finds what opens episodes among a person's events, in order.
func (g *Grouper) anchors(events []*claim.Event) []*anchor {
	stays := g.stays(events)
	all := append(g.chains(stays), g.procedures(events)...)
	sort.SliceStable(all, func(a, b int) bool {
		x, y := all[a], all[b]
		if x.start != y.start {
			return x.start < y.start
		}
		return x.inpatient && !y.inpatient
	})
	return g.untangle(takeOver(all))
}

// stays are the admissions to acute hospitals, by date.
func (g *Grouper) stays(events []*claim.Event) []*claim.Event {
	var stays []*claim.Event
	for _, v := range events {
		if v.Kind != claim.Inpatient {
			continue
		}
		if g.Acute(v.Provider) {
			stays = append(stays, v)
		} else if _, ok := g.Find(v); ok {
			v.Books.Find(store.Warning, "C001", v.At, "PRVDR_NUM", "", "a trigger stay at a provider that is not a short-term acute hospital opens no episode")
		}
	}
	return stays
}

// chains joins transfers and continued bills and keeps the chains whose last
// stay is a trigger on the day it ends.
func (g *Grouper) chains(stays []*claim.Event) []*anchor {
	var all []*anchor
	for i := 0; i < len(stays); {
		legs := []*claim.Event{stays[i]}
		for i++; i < len(stays) && len(legs) < maxLegs && continues(legs[len(legs)-1], stays[i]); i++ {
			legs = append(legs, stays[i])
		}
		last := legs[len(legs)-1]
		if t, ok := g.Find(last); ok {
			all = append(all, &anchor{trigger: t, inpatient: true, start: legs[0].From, end: last.To, legs: legs, open: last})
			continue
		}
		for _, leg := range legs[:len(legs)-1] {
			if _, ok := g.Find(leg); ok {
				leg.Books.Find(store.Warning, "K003", leg.At, "", "", "a trigger stay was transferred to a stay that is no trigger: the last stay decides, and no episode opens")
				break
			}
		}
	}
	return all
}

// continues says that b goes on where a ended: a transfer to another hospital
// on the same or the next day, or the next bill of a stay that had not ended
// (discharge status 30).
func continues(a, b *claim.Event) bool {
	if b.From < a.To || b.From > a.To+1 {
		return false
	}
	return a.Provider != b.Provider || a.Discharge == "30"
}

// procedures finds outpatient triggers: per hospital and day the line paid
// most, with every line of that hospital's claim on that day.
func (g *Grouper) procedures(events []*claim.Event) []*anchor {
	var all []*anchor
	for _, v := range events {
		if v.Kind != claim.Outpatient || !g.Acute(v.Provider) {
			continue
		}
		t, ok := g.Find(v)
		if !ok {
			continue
		}
		found := false
		for _, a := range all {
			if a.start == v.From && a.open.Provider == v.Provider {
				found = true
				if v.Allowed > a.open.Allowed {
					a.trigger, a.open = t, v
				}
			}
		}
		if !found {
			all = append(all, &anchor{trigger: t, start: v.From, end: v.From, open: v})
		}
	}
	for _, a := range all {
		for _, v := range events {
			if v.Kind == claim.Outpatient && v.Claim == a.open.Claim && v.From == a.start {
				a.legs = append(a.legs, v)
			}
		}
	}
	return all
}

// takeOver gives the start of an outpatient procedure to an admission of the
// same category on its day or in the three days after.
func takeOver(all []*anchor) []*anchor {
	gone := map[*anchor]bool{}
	for _, op := range all {
		if op.inpatient {
			continue
		}
		for _, ip := range all {
			if ip.inpatient && ip.trigger.Category == op.trigger.Category && ip.legs[0].From >= op.start && ip.legs[0].From <= op.start+afterProcedure {
				ip.start = min(ip.start, op.start)
				gone[op] = true
				break
			}
		}
	}
	kept := make([]*anchor, 0, len(all))
	for _, a := range all {
		if !gone[a] {
			kept = append(kept, a)
		}
	}
	sort.SliceStable(kept, func(a, b int) bool { return kept[a].start < kept[b].start })
	return kept
}

// untangle drops a trigger inside the anchor of the episode before it and
// flags one inside its 90 days (K003).
func (g *Grouper) untangle(all []*anchor) []*anchor {
	var kept []*anchor
	for _, a := range all {
		if n := len(kept); n > 0 {
			before := kept[n-1]
			switch {
			case a.start <= before.end:
				a.open.Books.Find(store.Warning, "K003", a.open.At, "", "", "a trigger inside the anchor of another episode of the person opens none")
				continue
			case a.start < before.end+overlapDays:
				a.flags |= DropOverlap
				a.open.Books.Find(store.Warning, "K003", a.open.At, "", "", "a trigger within 90 days of an earlier episode of the person opens its own, and counts as care in the first")
			}
		}
		kept = append(kept, a)
	}
	return kept
}
