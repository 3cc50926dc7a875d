package group

import (
	"cmp"
	"slices"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/trigger"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/money"
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
	admitted   calendar.Day   // of an inpatient anchor; start may be earlier
	legs       []*claim.Event // stays of the chain, or the procedure's lines
	open       *claim.Event   // the stay or line that carries the trigger
	flags      uint32
}

// anchors finds what opens episodes among a person's events, in order.
func (g *Grouper) anchors(events []*claim.Event) []*anchor {
	all := append(g.chains(g.stays(events)), g.procedures(events)...)
	slices.SortStableFunc(all, before)
	return g.untangle(takeOver(all))
}

// before orders anchors by their first day; of one day the inpatient one comes
// first, then the one that costs most, by what every feed knows of it.
func before(a, b *anchor) int {
	return cmp.Or(
		cmp.Compare(a.start, b.start), firstTrue(a.inpatient, b.inpatient), cmp.Compare(b.amount(), a.amount()),
		cmp.Compare(a.open.Provider, b.open.Provider), cmp.Compare(a.trigger.Code, b.trigger.Code))
}

// amount is what the anchor's own bills come to.
func (a *anchor) amount() (sum money.Cents) {
	for _, leg := range a.legs {
		sum += leg.Amount()
	}
	return sum
}

// firstTrue puts true before false.
func firstTrue(a, b bool) int {
	switch {
	case a && !b:
		return -1
	case b && !a:
		return 1
	}
	return 0
}

// stays are the admissions to acute hospitals, in the order in which a patient
// can have had them: of two from one day the shorter came first.
func (g *Grouper) stays(events []*claim.Event) []*claim.Event {
	var stays []*claim.Event
	for _, v := range events {
		if v.Kind != claim.Inpatient {
			continue
		}
		if g.Acute(v.Provider) || exempt(v.Provider) {
			stays = append(stays, v)
		}
		if _, ok := g.Find(v); ok && !g.Acute(v.Provider) {
			v.Books.Find(store.Warning, "C001", v.At, "PRVDR_NUM", "", "a trigger stay at a provider that is not a short-term acute hospital opens no episode")
		}
	}
	slices.SortStableFunc(stays, func(a, b *claim.Event) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.DRG, b.DRG), compare(a, b))
	})
	return stays
}

// chains joins transfers and continued bills and keeps the chains whose last
// stay is a trigger on the day it ends. Stays at hospitals outside of the
// prospective payment system are legs too, flagged; where a chain ends in them
// they are care after the anchor.
func (g *Grouper) chains(stays []*claim.Event) []*anchor {
	var all []*anchor
	for i := 0; i < len(stays); {
		legs := []*claim.Event{stays[i]}
		for i++; i < len(stays) && len(legs) < maxLegs && continues(legs[len(legs)-1], stays[i]); i++ {
			legs = append(legs, stays[i])
		}
		if a := g.chain(legs); a != nil {
			all = append(all, a)
		}
	}
	return all
}

// chain is the anchor that a chain of stays makes, or nil.
func (g *Grouper) chain(legs []*claim.Event) *anchor {
	outside := 0
	for _, leg := range legs {
		if !g.Acute(leg.Provider) {
			outside++
		}
	}
	for len(legs) > 0 && !g.Acute(legs[len(legs)-1].Provider) {
		legs = legs[:len(legs)-1]
	}
	if len(legs) == 0 {
		return nil
	}
	last := legs[len(legs)-1]
	if t, ok := g.Find(last); ok {
		a := &anchor{trigger: t, inpatient: true, start: legs[0].From, admitted: legs[0].From, end: last.To, legs: legs, open: last}
		if outside > 0 {
			a.flags |= DropTransferOut
		}
		return a
	}
	for _, leg := range legs[:len(legs)-1] {
		if _, ok := g.Find(leg); ok && g.Acute(leg.Provider) {
			leg.Books.Find(store.Warning, "K003", leg.At, "", "", "a trigger stay was transferred to a stay that is no trigger: the last stay decides, and no episode opens")
			break
		}
	}
	return nil
}

// continues says that b goes on where a ended: a transfer to another hospital
// on the day of discharge, or on the next unless the discharge status says
// that the patient went elsewhere; or the next bill of a stay that had not
// ended (status 30).
func continues(a, b *claim.Event) bool {
	switch {
	case b.From < a.To || b.From > a.To+1:
		return false
	case a.Discharge == "30":
		return true
	case a.Provider == b.Provider:
		return false
	}
	return b.From == a.To || a.Discharge == "" || transferred(a.Discharge)
}

// transferred says that a discharge status is a transfer to an acute hospital:
// short-term, cancer or children's, critical access, federal, or one of these
// with a planned return.
func transferred(status string) bool {
	switch status {
	case "02", "05", "43", "66", "82", "85", "88", "94":
		return true
	}
	return false
}

// procedures finds outpatient triggers: per hospital and day the line paid
// most, with every line of that hospital's claim on that day. A claim that
// Medicare paid nothing for opens nothing (42 CFR 512.505, "anchor procedure":
// permitted and paid for).
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
				if v.Amount() > a.open.Amount() || v.Amount() == a.open.Amount() && v.HCPCS < a.open.HCPCS {
					a.trigger, a.open = t, v
				}
			}
		}
		if !found {
			all = append(all, &anchor{trigger: t, start: v.From, end: v.From, open: v})
		}
	}
	paid := all[:0]
	for _, a := range all {
		var sum money.Cents
		for _, v := range events {
			if v.Kind == claim.Outpatient && v.Claim == a.open.Claim && v.From == a.start {
				a.legs = append(a.legs, v)
				sum += v.Allowed
			}
		}
		if sum > 0 || a.open.NotPrimary {
			paid = append(paid, a)
		}
	}
	return paid
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
			if ip.inpatient && ip.trigger.Category == op.trigger.Category && ip.admitted >= op.start && ip.admitted <= op.start+afterProcedure {
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
	slices.SortStableFunc(kept, before)
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
			}
		}
		kept = append(kept, a)
	}
	return kept
}
