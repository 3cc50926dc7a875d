package group

import (
	"cmp"
	"slices"

	"bundlelab/data/ingest/check"
	"bundlelab/data/ingest/claim"
	"bundlelab/data/store"
)

// Ready fills an episode that the feed brings ready-made, by the same rules as
// one that is grouped here. The episode has its key, hospital, category,
// trigger, Start, End, Inpatient and Discharge; legs are the anchor's own stays
// or lines, which make its amounts and are no services; events are the other
// claims of the episode, all of which become services whatever their day. known
// is nil when no file describes the person. Reasons of the feed go to Flag
// before or after. The books stay the caller's: nothing is loaded or skipped
// here. The result are the places of the services, for control.Origin.
func (g *Grouper) Ready(e *store.Episode, known *claim.Person, legs, events []*claim.Event) []check.Place {
	all := append(slices.Clone(legs), events...)
	for _, v := range all {
		v.Billable()
	}
	slices.SortStableFunc(all, compare)
	p := &patient{grouper: g, known: known, events: all, first: g.First, used: map[*claim.Event]int{}}
	if g.First == 0 {
		p.first = e.Start // nothing is known of the time before
	}
	var open *claim.Event
	if len(legs) > 0 {
		open = slices.MinFunc(legs, func(a, b *claim.Event) int { return cmp.Or(cmp.Compare(b.Allowed, a.Allowed), compare(a, b)) })
	}
	a := &anchor{inpatient: e.Inpatient, start: e.Start, end: e.End, admitted: e.Start, legs: legs, open: open}
	a.trigger.Category = e.Category
	p.describe(e, a)
	events = slices.Clone(events)
	slices.SortStableFunc(events, compare)
	return p.take(e, a, joined(events))
}
