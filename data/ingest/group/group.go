// Package group builds surgical episodes out of claims: it finds the stay or
// procedure that opens one, joins transfers, and gives it the care before and
// after as days from the anchor's end (42 CFR 512.525, 512.537; CMS's public
// episode code where the regulation is silent). Claims are sorted by person in
// memory: made for extracts of one hospital or one region, not of the nation.
//
// What no text settles was settled so:
//   - A transfer chain is admissions to other acute hospitals on the day of
//     discharge or the next; the last stay's MS-DRG and hospital are the
//     episode's.
//   - A trigger inside another episode's anchor opens nothing. One after it, but
//     within its 90 days, opens an episode of its own, flagged, and counts as
//     care in the first, as any admission would. TEAM's text does not say.
//   - Professional and outpatient lines from three days before the anchor belong
//     to it; other care must begin on its first day or later.
package group

import (
	"context"
	"sort"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/control"
	"bundlelab/data/ingest/exclusion"
	"bundlelab/data/ingest/trigger"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
)

// The windows around an anchor, in days.
const (
	daysBefore  = 3
	daysAfter   = 180
	overlapDays = 90
	longStay    = 60
	lookBack    = 180 // for post-acute care before the anchor
)

// Reasons to look at an episode twice, the bits of store.Episode.DropFlags
// (data.md 6.3 D003, K003, E001).
const (
	DropLongStay  uint32 = 1 << iota // anchor stay of more than 60 days
	DropOverlap                      // within 90 days of an earlier episode
	DropNotAB                        // not in Part A and B when the anchor starts
	DropMA                           // in Medicare Advantage when the anchor starts
	DropESRD                         // entitled because of kidney disease
	DropSecondary                    // Medicare was not the primary payer of the anchor
)

// Grouper holds the choices an importer makes.
type Grouper struct {
	Run   *control.Run
	Lists *exclusion.Lists
	Find  func(*claim.Event) (trigger.Trigger, bool) // the trigger an event is
	Acute func(provider string) bool                 // a provider that may hold an anchor
	// Setting of an admission that is no anchor.
	Admission func(provider string) episode.Setting
}

// Group sends the episodes of all persons to the run and books every event as
// loaded or skipped.
func (g *Grouper) Group(ctx context.Context, persons map[string]*claim.Person, events []*claim.Event) error {
	sort.SliceStable(events, func(a, b int) bool { return before(events[a], events[b]) })
	var first, through calendar.Day
	for i, v := range events {
		through = max(through, v.To)
		if i == 0 || v.From < first {
			first = v.From
		}
	}
	if len(events) > 0 {
		g.Run.Through(through)
	}
	for from := 0; from < len(events); {
		if err := ctx.Err(); err != nil {
			return err
		}
		to := from
		for to < len(events) && events[to].Person == events[from].Person {
			to++
		}
		p := &patient{
			grouper: g, id: events[from].Person, known: persons[events[from].Person], events: events[from:to],
			first: first, used: map[*claim.Event]int{},
		}
		if err := p.send(); err != nil {
			return err
		}
		from = to
	}
	return nil
}

func before(a, b *claim.Event) bool {
	switch {
	case a.Person != b.Person:
		return a.Person < b.Person
	case a.From != b.From:
		return a.From < b.From
	case a.Kind != b.Kind:
		return a.Kind < b.Kind
	case a.Claim != b.Claim:
		return a.Claim < b.Claim
	case len(a.Line) != len(b.Line):
		return len(a.Line) < len(b.Line)
	}
	return a.Line < b.Line
}

// patient is one person's claims.
type patient struct {
	grouper *Grouper
	id      string
	known   *claim.Person // nil without a beneficiary file
	events  []*claim.Event
	first   calendar.Day // of all claims: how far back they reach
	used    map[*claim.Event]int
}

func (p *patient) send() error {
	for _, a := range p.grouper.anchors(p.events) {
		e := p.episode(a)
		p.services(e, a)
		if len(e.Services) == 0 {
			a.open.Books.Find(store.Warning, "K002", a.open.At, "", "", "an episode has no service")
		}
		if err := p.grouper.Run.Episode(e); err != nil {
			return err
		}
	}
	for _, v := range p.events {
		n := p.used[v]
		if n == 0 {
			v.Books.Skips(v.Rows, v.Allowed)
			continue
		}
		v.Books.Loads(v.Rows, v.Allowed)
		for ; n > 1; n-- {
			p.grouper.Run.Share(v.Allowed)
		}
	}
	return nil
}

// episode builds the row of an anchor without its services.
func (p *patient) episode(a *anchor) *store.Episode {
	run := p.grouper.Run
	e := &store.Episode{
		Key:       string(run.Format) + "-" + run.Key.Short("claim", a.open.Claim),
		BeneHash:  run.Key.Hash("bene", p.id),
		CCN:       a.open.Provider,
		Category:  a.trigger.Category,
		Inpatient: a.inpatient,
		Trigger:   a.trigger.Code,
		Cell:      a.trigger.Cell,
		Start:     a.start, End: a.end,
		Discharge: a.open.Discharge,
		Attending: a.open.Attending, Operating: a.open.Operating,
		DropFlags: a.flags,
		NotStd:    true,
		Fracture:  fracture(a.trigger),
		PriorPAC:  p.priorCare(a.start),
	}
	if a.end-a.start > longStay {
		e.DropFlags |= DropLongStay
		a.open.Books.Find(store.Warning, "D003", a.open.At, "", "", "the anchor stay is longer than 60 days")
	}
	var raw money.Cents
	for _, leg := range a.legs {
		raw += leg.Allowed
		p.used[leg]++
		if leg.NotPrimary {
			e.DropFlags |= DropSecondary
			a.open.Books.Find(store.Info, "E001", a.open.At, "", "", "Medicare was not the primary payer of the anchor")
		}
	}
	e.StdAnchor, e.RawAnchor = raw, &raw
	p.enrolment(e, a)
	return e
}

// fracture says what the MS-DRG itself says about a hip fracture.
func fracture(t trigger.Trigger) panel.Known {
	if t.Kind == trigger.DRG && (t.Code == "521" || t.Code == "522") {
		return panel.Yes
	}
	return panel.Unknown
}

// priorCare says whether the person had post-acute care in the 180 days before
// the anchor; unknown when the claims do not reach that far back.
func (p *patient) priorCare(start calendar.Day) panel.Known {
	for _, v := range p.events {
		post := v.Kind == claim.SNF || v.Kind == claim.HHA
		if v.Kind == claim.Inpatient {
			s := p.grouper.Admission(v.Provider)
			post = s == episode.IRF || s == episode.LTCH
		}
		if post && v.To < start && v.To >= start-lookBack {
			return panel.Yes
		}
	}
	if p.first <= start-lookBack {
		return panel.No
	}
	return panel.Unknown
}
