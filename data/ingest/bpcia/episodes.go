package bpcia

import (
	"context"
	"fmt"
	"strings"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/control"
	"bundlelab/data/ingest/field"
	"bundlelab/data/ingest/profile"
	"bundlelab/data/ingest/record"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
)

// ready is one episode of the file until its claims are in.
type ready struct {
	row      *store.Episode
	known    *claim.Person
	keys     map[string]bool // of the stays and claims of its anchor
	line     string          // of the anchor's claim, "" when not stated
	std, raw *money.Cents    // the anchor as the episode's row states it
	end      *calendar.Day   // last day of the episode as CMS has it
	lines    []line
	stays    map[*claim.Event]*claim.Event // the first bill of a stay, by each later one

	books *control.File
	at    int
	why   string // why it is left out; "" when it is not
	quiet bool   // left out on purpose: its claims are no orphans
}

// line is a row of a claim file, with what CMS counted of it in the episode.
type line struct {
	*claim.Event
	part   money.Cents
	states bool // part is stated
}

// episodes reads one file of episodes.
func (im *importer) episodes(ctx context.Context, x input) error {
	rows, b, err := im.rows(x)
	if rows == nil || err != nil {
		return err
	}
	if !oneOf(rows, b, "mbi", "bene") {
		return rows.Close()
	}
	if im.sets[x.set] == nil {
		im.sets[x.set] = map[string]*ready{}
		im.order = append(im.order, x.set)
	}
	return each(ctx, rows, func() { im.episode(rows, b, x.set) })
}

// episode reads one row.
func (im *importer) episode(rows *record.Rows, b *profile.Binding, delivery string) {
	set, id := im.sets[delivery], rows.Required("episode")
	r := im.row(rows, b)
	stated := amountOf(r)
	rows.Books.Saw(1, stated)
	if _, twice := set[id]; twice && !rows.Bad() {
		rows.Reject("K001", "episode", "an episode of this number came before; the first row is kept")
		rows.Books.Rejects(1, stated)
		return
	}
	set[id] = r
	holder, held := im.anchors[r.row.Key]
	switch {
	case rows.Bad():
		r.why = "its episode was rejected"
		rows.Books.Rejects(1, stated)
	case r.why != "":
		rows.Books.Skips(1, stated)
	case held && holder != delivery:
		im.newer++
		r.why, r.quiet = "a newer delivery brings the episode", true
		rows.Info("F003", "episode", "a newer delivery brings the episode too: that one is used")
		rows.Books.Skips(1, stated)
	case held:
		r.why = "the same anchor came before under another number"
		rows.Warn("K003", "episode", "the same person, hospital and day came before under another number; the first row is kept")
		rows.Books.Skips(1, stated)
	default:
		im.anchors[r.row.Key] = delivery
		im.ready = append(im.ready, r)
	}
}

// amountOf is the anchor as the episode's row states it.
func amountOf(r *ready) money.Cents {
	switch {
	case r.raw != nil:
		return *r.raw
	case r.std != nil:
		return *r.std
	}
	return 0
}

func (im *importer) row(rows *record.Rows, b *profile.Binding) *ready {
	r := &ready{books: rows.Books, at: rows.Line(), keys: map[string]bool{}, line: rows.Text("anchor_line")}
	person := im.person(rows, b)
	e := &store.Episode{
		BeneHash:  im.run.Key.Hash("bene", person),
		CCN:       record.Hospital(rows, "ccn"),
		Start:     rows.NeedDay("anchor_start"),
		End:       rows.NeedDay("anchor_end"),
		Sex:       claim.Sex(rows.Text("sex")),
		Age:       rows.Int("age", 0, 130),
		HCC:       hccs(rows, b),
		Dual:      yes(rows, "dual"),
		LIS:       yes(rows, "lis"),
		CDI:       yes(rows, "cdi"),
		PriorPAC:  yes(rows, "prior_pac"),
		Fracture:  yes(rows, "fracture"),
		Attending: record.NPI(rows, "attending"),
		Operating: record.NPI(rows, "operating"),
		Discharge: record.DischargeStatus(rows, "discharge_status"),
		Target:    rows.OptionalCents("target_price"),
		CMSTotal:  rows.OptionalCents("total"),
	}
	r.row, r.std, r.raw = e, rows.OptionalCents("std_anchor"), rows.OptionalCents("raw_anchor")
	for _, name := range append([]string{"anchor_stay", "anchor_claim"}, numbered("transfer", b)...) {
		if key := rows.Text(name); key != "" && key != "." {
			r.keys[key] = true
		}
	}
	im.anchor(rows, r)
	im.follow(rows, r)
	e.Key = string(im.run.Format) + "-" + im.run.Key.Short("episode", strings.Join([]string{person, e.CCN, e.Start.String(), e.End.String()}, "|"))
	return r
}

// numbered are the names of the columns of a numbered field.
func numbered(name string, b *profile.Binding) []string {
	var all []string
	for n := range b.Numbered(name) {
		all = append(all, fmt.Sprintf("%s.%d", name, n+1))
	}
	return all
}

// follow reads the dates around the anchor, and the flags.
func (im *importer) follow(rows *record.Rows, r *ready) {
	e := r.row
	r.known = &claim.Person{Sex: e.Sex}
	if birth := rows.Text("birth_date"); birth != "" {
		if d, err := rows.Date(birth); err == nil {
			r.known.Birth = &d // for the age alone: it is not stored
		}
	}
	if years, ok := r.known.AgeOn(e.Start); ok && e.Age == nil {
		e.Age = &years
	}
	if d, ok := rows.Day("death_date"); ok {
		e.Death, r.known.Death = &d, &d
	}
	if d, ok := rows.AnyDay("post_end"); ok {
		r.end = &d
	}
	if d, ok := rows.AnyDay("elig_end"); ok {
		e.EligEnd = &d
	}
	if d, ok := rows.AnyDay("data_through"); ok {
		e.DataThrough = &d
		rows.Ahead("data_through", d)
	}
	if s := rows.Text("risk_multiplier"); s != "" {
		var err error
		if e.Risk, err = field.Millionths(s); err != nil {
			rows.Reject("A001", "risk_multiplier", "the multiplier is a positive decimal number up to 100")
		}
	}
	if e.CMSTotal != nil {
		e.CMSDays = im.length(r)
	}
	if !rows.Bad() && r.why == "" {
		im.flags(rows, e)
	}
}

// The length of an episode of BPCI Advanced and the days after it that its
// claims cover too; TEAM's is 30 days (42 CFR 512.525).
const (
	bpciaDays = 90
	teamDays  = 30
	longest   = 365
)

// length is how long CMS's episode is: as its last day says, else as the
// program has it. A death shortens it, so that day says nothing then.
func (im *importer) length(r *ready) int {
	if r.end != nil && r.row.Death == nil {
		if n := int(*r.end-r.row.End) + 1; n > 0 && n <= longest {
			return n
		}
	}
	if im.run.Format == store.TEAM {
		return teamDays
	}
	return bpciaDays
}

// hccs counts the condition flags of the row, or reads the count.
func hccs(rows *record.Rows, b *profile.Binding) *int {
	if n := rows.Int("hcc_count", 0, 200); n != nil {
		return n
	}
	all := numbered("hcc", b)
	if len(all) == 0 {
		return nil
	}
	n := 0
	for _, name := range all {
		if rows.Text(name) == "1" {
			n++
		}
	}
	return &n
}

// yes reads a yes-or-no cell, with the spellings of CMS's files; a cell that is
// neither is unknown, with a warning.
func yes(rows *record.Rows, name string) panel.Known {
	switch s := strings.ToUpper(rows.Text(name)); s {
	case "", ".":
		return panel.Unknown
	case "1", "Y", "YES", "TRUE", "T", "L":
		return panel.Yes
	case "0", "N", "NO", "FALSE", "F":
		return panel.No
	}
	rows.Warn("V001", name, "not a yes or a no: taken as unknown")
	return panel.Unknown
}
