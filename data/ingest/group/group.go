// Package group builds surgical episodes out of claims: it finds the stay or
// procedure that opens one, joins transfers, and gives it the care before and
// after as days from the anchor's end (42 CFR 512.525, 512.537; CMS's public
// episode code where the regulation is silent). Claims are sorted by person in
// memory: made for extracts of one hospital or one region, not of the nation.
// The order in which claims come changes nothing.
//
// What no text settles was settled so:
//   - A transfer chain is admissions to other acute hospitals on the day of
//     discharge, or on the next where the discharge status does not contradict;
//     the last stay's MS-DRG and hospital are the episode's. Critical access and
//     cancer hospitals may be legs, flagged, but never the last one.
//   - A trigger inside another episode's anchor opens nothing. One after it, but
//     within its 90 days, opens an episode of its own, flagged, and counts as
//     care in the first, as any admission would. TEAM's text does not say.
//   - Care belongs to an episode when it begins on the anchor's first day or
//     later. Professional lines of the three days before belong to an inpatient
//     anchor only when the operation itself was billed then and not during the
//     stay (512.525(e)(14)).
//     A home health period begins and ends with its visits (512.555(b)(2)); the
//     bills of one stay follow its admission.
//   - A patient who was not eligible upon admission (512.535) leaves an episode
//     that is stored, flagged and cancelled at every length.
package group

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"bundlelab/data/ingest/check"
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
	overlapDays = 90
	lookBack    = 180 // for post-acute care and conditions before the anchor (42 CFR 512.545(a))
)

// Grouper holds the choices an importer makes.
type Grouper struct {
	Run   *control.Run
	Lists *exclusion.Lists
	Find  func(*claim.Event) (trigger.Trigger, bool) // the trigger an event is
	Acute func(provider string) bool                 // a provider that may hold an anchor
	// Setting of an admission that is no anchor.
	Admission func(provider string) episode.Setting
	// Approximate says that the standardized amounts are an approximation: they
	// count, and the episodes stay marked as not standardized.
	Approximate bool
	// First is the first day that all claims of the feed cover; 0 takes it from
	// the events.
	First calendar.Day

	mixed mixture
}

// mixture counts what was used with and without a standardized amount, and
// sums by how much the raw amounts are higher.
type mixture struct {
	std, raw int
	less     money.Cents
}

// Group sends the episodes of all persons to the run and books every event as
// loaded or skipped.
func (g *Grouper) Group(ctx context.Context, persons map[string]*claim.Person, events []*claim.Event) error {
	var through calendar.Day
	first := g.First
	for i, v := range events {
		through = max(through, v.To)
		if g.First == 0 && (i == 0 || v.From < first) {
			first = v.From
		}
		v.Billable()
	}
	slices.SortStableFunc(events, func(a, b *claim.Event) int {
		return cmp.Or(cmp.Compare(a.Person, b.Person), compare(a, b))
	})
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
	g.Notes(events)
	return nil
}

// Notes puts into the report what a reader must know of all episodes together.
// Group does it; a feed of ready-made episodes calls it at its end.
func (g *Grouper) Notes(events []*claim.Event) {
	switch m := g.mixed; {
	case g.Approximate && m.std > 0:
		g.Run.Note("standardized amounts are approximated: allowed amounts less what teaching, low-income patients, uncompensated care and new technology added; the wage index is still inside (A005)")
	case m.std > 0 && m.raw > 0:
		g.Run.Note(fmt.Sprintf("MIXED AMOUNTS: %d of %d amounts in the episodes have no standardized value and stand with their raw one; these episodes are marked as not standardized (A005)", m.raw, m.std+m.raw))
	}
	if less := g.mixed.less; less != 0 {
		g.Run.Note("the files' books hold raw amounts: the episodes hold " + less.Grouped() + " less")
	}
	if text := maturity(events, g.Run.Today); text != "" {
		g.Run.Note(text)
	}
}

// compare orders a person's events by all that tells them apart, so that the
// order of the files does not matter.
func compare(a, b *claim.Event) int {
	return cmp.Or(
		cmp.Compare(a.From, b.From), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Claim, b.Claim),
		cmp.Compare(len(a.Line), len(b.Line)), cmp.Compare(a.Line, b.Line),
		cmp.Compare(a.To, b.To), cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.DRG, b.DRG), cmp.Compare(a.HCPCS, b.HCPCS),
		cmp.Compare(a.Place, b.Place), cmp.Compare(a.Allowed, b.Allowed), cmp.Compare(a.Amount(), b.Amount()), cmp.Compare(a.Units, b.Units))
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
	days := map[string]int{} // procedures opened by one claim
	for _, a := range p.grouper.anchors(p.events) {
		e := p.episode(a)
		if !a.inpatient {
			if days[a.open.Claim]++; days[a.open.Claim] > 1 { // its second day
				e.Key += fmt.Sprintf("-%d", days[a.open.Claim])
			}
		}
		places := p.services(e, a)
		if err := p.grouper.Run.EpisodeFrom(e, control.Origin{Episode: place(a.open), Services: places}); err != nil {
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

// place is where an event stands in its file.
func place(v *claim.Event) check.Place { return check.Place{Books: v.Books, Line: v.At} }

// use books that an episode holds an event.
func (p *patient) use(v *claim.Event) {
	p.used[v]++
	if v.Std != nil {
		p.grouper.mixed.std++
	} else if v.Allowed != 0 {
		p.grouper.mixed.raw++
	}
	p.grouper.mixed.less += v.Allowed - v.Amount()
	p.grouper.Run.Restate(v.Amount() - v.Allowed)
}

// standardized says that an event's amount is.
func (p *patient) standardized(v *claim.Event) bool {
	return !p.grouper.Approximate && (v.Std != nil || v.Allowed == 0)
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
		Fracture: fracture(a.trigger),
	}
	p.describe(e, a)
	return e
}

// describe fills what the person and the anchor's own bills say of an episode.
func (p *patient) describe(e *store.Episode, a *anchor) {
	e.PriorPAC = p.priorCare(e.Start)
	flags := a.flags | p.enrolment(e)
	if e.Death == nil && expired(e.Discharge) {
		end := e.End
		e.Death = &end
	}
	if e.End-e.Start > check.LongStay {
		flags |= DropLongStay
	}
	var std, raw money.Cents
	for _, leg := range a.legs {
		p.use(leg)
		std, raw = std+leg.Amount(), raw+leg.Allowed
		e.NotStd = e.NotStd || !p.standardized(leg)
		if leg.NotPrimary {
			flags |= DropSecondary
		}
	}
	if len(a.legs) == 0 {
		e.NotStd = p.grouper.Approximate
	}
	e.StdAnchor, e.RawAnchor = std, &raw
	for _, v := range p.events {
		if v.NotPrimary && v.From > e.End && v.From < e.End+overlapDays {
			flags |= DropPayerAfter
		}
	}
	p.conditions(e)
	Flag(e, flags)
	tell(a.open, flags)
}

// fracture says what the trigger itself says about a hip fracture.
func fracture(t trigger.Trigger) panel.Known {
	if trigger.Fracture(t.Code) {
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
