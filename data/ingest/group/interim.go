package group

import (
	"slices"

	"bundlelab/data/ingest/claim"
)

// unit is an event that an episode takes or leaves as one: a line, a claim, or
// a stay with all its bills.
type unit struct {
	*claim.Event
	bills []*claim.Event
}

// joined puts the bills of one stay together: the next bill of the same hospital
// that goes on where one with status 30 (still a patient) ended. A stay is split
// as a whole where it crosses the end of an episode (42 CFR 512.555(b)(1) and
// (3)), not bill by bill. Other events stay as they are, in their order.
func joined(events []*claim.Event) []unit {
	all := make([]unit, 0, len(events))
	open := map[string]int{} // hospital -> place in all of a stay that goes on
	for _, v := range events {
		if v.Kind != claim.Inpatient {
			all = append(all, unit{v, []*claim.Event{v}})
			continue
		}
		if i, ok := open[v.Provider]; ok && v.From >= all[i].To && v.From <= all[i].To+1 {
			all[i] = unit{join(all[i].Event, v), append(all[i].bills, v)}
		} else {
			open[v.Provider] = len(all)
			all = append(all, unit{v, []*claim.Event{v}})
		}
		if v.Discharge != "30" {
			delete(open, v.Provider)
		}
	}
	return all
}

// join is one stay of two bills: the last one says how it ended and what for.
func join(a, b *claim.Event) *claim.Event {
	c := *a
	c.To, c.DRG, c.Discharge = b.To, b.DRG, b.Discharge
	c.Allowed, c.Outlier, c.Payer, c.Units = a.Allowed+b.Allowed, a.Outlier+b.Outlier, a.Payer+b.Payer, a.Units+b.Units
	if a.Std != nil || b.Std != nil {
		std := a.Amount() + b.Amount()
		c.Std = &std
	}
	c.NotPrimary = a.NotPrimary || b.NotPrimary
	c.Diagnoses = append(slices.Clone(a.Diagnoses), b.Diagnoses...)
	return &c
}

// Continued gives, for every bill that goes on with a stay, the stay's first
// bill, whose place Ready gives for the one service of them all.
func Continued(events []*claim.Event) map[*claim.Event]*claim.Event {
	events = slices.Clone(events)
	slices.SortStableFunc(events, compare)
	first := map[*claim.Event]*claim.Event{}
	for _, w := range joined(events) {
		for _, v := range w.bills[1:] {
			first[v] = w.bills[0]
		}
	}
	return first
}
