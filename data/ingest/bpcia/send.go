package bpcia

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"bundlelab/data/ingest/check"
	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/control"
	"bundlelab/data/ingest/group"
	"bundlelab/data/ingest/trigger"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
)

// after is how many days past CMS's episode its claims are given for: the 30
// days of the post-episode check.
const after = 30

// compared is how the rows of a kind that state their part of the episode agree
// with ours.
type compared struct {
	rows, differ, told int
	ours, theirs       money.Cents
}

// portion is what the feed states of a row, or of the bills of one stay, which
// are one service.
type portion struct {
	*claim.Event
	rows   int
	stated money.Cents
	whole  bool // every row states its part
}

// send gives every episode its claims and sends it.
func (im *importer) send(ctx context.Context) error {
	var latest calendar.Day
	var all []*claim.Event
	for _, r := range im.ready {
		for _, l := range r.lines {
			latest = max(latest, l.To)
		}
	}
	for _, r := range im.ready {
		if err := ctx.Err(); err != nil {
			return err
		}
		r.once()
		anchor, events := r.split()
		places := im.settle(r, anchor, events)
		im.cover(r, latest)
		im.run.Reference.Fill(r.row)
		im.compare(r, anchor, places)
		from := control.Origin{Episode: check.Place{Books: r.books, Line: r.at}, Services: places}
		if err := im.run.EpisodeFrom(r.row, from); err != nil {
			return err
		}
		for _, v := range append(anchor, events...) {
			*v = claim.Event{From: v.From, To: v.To} // all that Notes looks at
			all = append(all, v)
		}
		*r = ready{} // the memory is free
	}
	im.grouper.Notes(all)
	return nil
}

// split tells what opened the episode from its other claims. It was a stay
// that the episode's row names, or one at the hospital on its very days; of an
// outpatient anchor the lines of the claim that the row names, or that carries
// the trigger, on its day.
func (r *ready) split() (anchor, events []*claim.Event) {
	opened := map[string]bool{}
	for key := range r.keys {
		opened[claim.Inpatient.String()+"/"+key], opened[claim.Outpatient.String()+"/"+key] = true, true
	}
	e := r.row
	for _, l := range r.lines {
		same := strings.TrimLeft(r.line, "0") == strings.TrimLeft(l.Line, "0")
		if !e.Inpatient && r.atHospital(l.Event) && l.HCPCS == e.Trigger && (r.line == "" || same || len(r.keys) > 0) {
			opened[l.Claim] = true
		}
	}
	for _, l := range r.lines {
		v := l.Event
		of := !e.Inpatient && r.atHospital(v) && opened[v.Claim] || e.Inpatient && v.Kind == claim.Inpatient &&
			(opened[v.Claim] || v.Provider == e.CCN && v.From == e.Start && v.To == e.End && v.DRG == e.Trigger)
		if of {
			anchor = append(anchor, v)
		} else {
			events = append(events, v)
		}
	}
	return anchor, events
}

// atHospital says that an outpatient line is of the anchor's hospital and day.
func (r *ready) atHospital(v *claim.Event) bool {
	return v.Kind == claim.Outpatient && v.From == r.row.Start && v.Provider == r.row.CCN
}

// settle gives the episode its anchor and its services. The stays and lines of
// the anchor are what counts; what the episode's row states is compared with
// them (A004), and stands in where they are not in the files.
func (im *importer) settle(r *ready, anchor, events []*claim.Event) []check.Place {
	e := r.row
	alone := len(anchor) == 0
	if alone {
		anchor = []*claim.Event{r.stand()}
		r.books.Loads(1, amountOf(r))
	} else {
		r.books.Loads(1, 0)
		r.books.Skips(0, amountOf(r))
	}
	for _, leg := range anchor {
		if leg.To == e.End || e.Discharge == "" {
			e.Discharge = cmp.Or(leg.Discharge, e.Discharge)
		}
		e.Attending, e.Operating = cmp.Or(e.Attending, leg.Attending), cmp.Or(e.Operating, leg.Operating)
	}
	pac := e.PriorPAC
	r.stays = group.Continued(events)
	places := im.grouper.Ready(e, r.known, anchor, events)
	if pac != panel.Unknown {
		e.PriorPAC = pac
	}
	if e.Fracture == panel.Unknown && trigger.Fracture(e.Trigger) {
		e.Fracture = panel.Yes // the MS-DRG's own words
	}
	if !alone {
		r.reconcile(anchor)
	}
	return places
}

// stand makes an anchor of what the episode's row states.
func (r *ready) stand() *claim.Event {
	e := r.row
	v := &claim.Event{
		Claim: "stated", Kind: claim.Outpatient, Provider: e.CCN, OwnerKind: "CCN", From: e.Start, To: e.End,
		Allowed: amountOf(r), Std: r.std, Discharge: e.Discharge, Books: r.books, At: r.at, Rows: 1,
	}
	if e.Inpatient {
		v.Kind, v.DRG = claim.Inpatient, e.Trigger
	}
	why := "the anchor is not among the claims: the amount that the episode's row states is used"
	if r.std == nil && r.raw == nil {
		why = "the anchor is not among the claims, and the episode's row states no amount: it costs nothing"
	} else if r.std == nil {
		r.books.Find(store.Warning, "A005", r.at, "", "", "the standardized amount of the anchor is missing: the raw amount is used")
	}
	r.books.Find(store.Warning, "K002", r.at, "", "", why)
	return v
}

// reconcile compares the anchor's rows with what the episode's row states
// (A004).
func (r *ready) reconcile(anchor []*claim.Event) {
	var std, raw money.Cents
	whole := true
	for _, v := range anchor {
		raw += v.Allowed
		std += v.Amount()
		whole = whole && v.Std != nil
	}
	stated, have := r.std, std
	if stated == nil || !whole {
		stated, have = r.raw, raw
	}
	if stated == nil {
		return
	}
	if claim.Differs(have, *stated) {
		r.books.Find(store.Warning, "A004", r.at, "", "", "the anchor's rows do not add up to the amount that the episode's row states: the rows are used")
	}
}

// cover says how far the claims reach: to the end of CMS's episode and the
// post-episode days, however old the episode is; else to the latest claim of
// all, as any import (ruling 13).
func (im *importer) cover(r *ready, latest calendar.Day) {
	e := r.row
	end := e.End + calendar.Day(im.length(r)+after) - 1
	if e.DataThrough == nil && latest > end || e.DataThrough != nil && *e.DataThrough > end {
		e.DataThrough = &end
	}
}

// compare holds what CMS counted of each row in the episode against ours, at
// CMS's length (A006, the first 20 of a kind named).
func (im *importer) compare(r *ready, anchor []*claim.Event, places []check.Place) {
	services := make(map[check.Place]*store.Service, len(places))
	for i, p := range places {
		services[p] = &r.row.Services[i]
	}
	length := im.length(r)
	for _, l := range r.portions() {
		if !l.whole {
			continue
		}
		kind := l.Kind.String()
		c := im.parts[kind]
		if c == nil {
			c = &compared{}
			im.parts[kind] = c
		}
		ours := l.Amount()
		if !slices.Contains(anchor, l.Event) {
			ours = counted(services[check.Place{Books: l.Books, Line: l.At}], length)
		}
		c.rows += l.rows
		c.ours += ours
		c.theirs += l.stated
		gap := ours - l.stated
		if gap.Abs() <= 1_00 {
			continue
		}
		c.differ += l.rows
		if c.told++; c.told <= maxListed {
			l.Books.Find(store.Warning, "A006", l.At, "", "", fmt.Sprintf("our part of the %s in an episode of %d days is %s %s than the stated one", l.name(), length, gap.Abs(), side(gap)))
		}
	}
}

// portions are the rows of the episode, those of one stay together.
func (r *ready) portions() []*portion {
	all := make([]*portion, 0, len(r.lines))
	joined := map[*claim.Event]*portion{}
	heads := map[*claim.Event]bool{}
	for _, head := range r.stays {
		heads[head] = true
	}
	for _, l := range r.lines {
		head := cmp.Or(r.stays[l.Event], l.Event)
		p := joined[head]
		if p == nil {
			p = &portion{Event: head, whole: true}
			all = append(all, p)
			if heads[head] {
				joined[head] = p
			}
		}
		p.rows++
		p.stated += l.part
		p.whole = p.whole && l.states
	}
	return all
}

// name is what a finding calls it.
func (p *portion) name() string {
	if p.rows > 1 {
		return fmt.Sprintf("stay of %d bills", p.rows)
	}
	return "row"
}

// side says which way a difference is.
func side(gap money.Cents) string {
	if gap < 0 {
		return "less"
	}
	return "more"
}

// maxListed is how many differences of a kind are named.
const maxListed = 20

// counted is our part of a service in an episode of a length.
func counted(s *store.Service, length int) money.Cents {
	if s == nil || s.Excluded.Out(true) {
		return 0
	}
	return s.Inside(length)
}
