package group_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/control"
	"bundlelab/data/ingest/exclusion"
	"bundlelab/data/ingest/group"
	"bundlelab/data/ingest/table"
	"bundlelab/data/ingest/trigger"
	"bundlelab/data/pseudonym"
	"bundlelab/data/reference"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/money"
)

// kept is a sink that keeps episodes.
type kept struct {
	episodes []store.Episode
	through  calendar.Day
}

func (k *kept) Hospitals([]store.Hospital) error { return nil }
func (k *kept) Prices([]store.PriceRow) error    { return nil }
func (k *kept) File(store.File) error            { return nil }
func (k *kept) DataThrough(d calendar.Day)       { k.through = d }
func (k *kept) Episode(e *store.Episode) error {
	c := *e
	c.Services = slices.Clone(e.Services)
	k.episodes = append(k.episodes, c)
	return nil
}

// feed is what a test groups.
type feed struct {
	persons map[string]*claim.Person
	events  []*claim.Event
	tables  *reference.Set
	approx  bool
	books   *control.File
	run     *control.Run
	sink    kept
}

// day0 is the day that timelines count from: 1 January 2025.
func day0() calendar.Day { return calendar.Date(2025, 1, 1) }

// The providers of the timelines.
const (
	hospA  = "010001" // short-term hospitals
	hospB  = "010033"
	cah    = "011301" // critical access
	cancer = "330154" // cancer hospital
	snfX   = "015001"
	irfX   = "013025"
	ltchX  = "012001"
)

// event is a bill from one day of the timeline to another.
func event(kind claim.Kind, id, provider string, from, to int, amount money.Cents) *claim.Event {
	return &claim.Event{
		Person: "P", Claim: id, Kind: kind, Provider: provider, OwnerKind: "CCN",
		From: day0() + calendar.Day(from), To: day0() + calendar.Day(to), Allowed: amount, Rows: 1,
	}
}

// stay is an admission.
func stay(id, provider string, from, to int, drg, status string) *claim.Event {
	v := event(claim.Inpatient, id, provider, from, to, 10_000_00)
	v.DRG, v.Discharge = drg, status
	return v
}

// procedure is an outpatient line with a HCPCS code.
func procedure(id, provider string, on int, hcpcs string) *claim.Event {
	v := event(claim.Outpatient, id, provider, on, on, 9_000_00)
	v.HCPCS, v.Line = hcpcs, "1"
	return v
}

// seen is a professional line.
func seen(id string, on int, hcpcs, place string) *claim.Event {
	v := event(claim.Carrier, id, "1234567890", on, on, 100_00)
	v.HCPCS, v.Place, v.OwnerKind, v.Line = hcpcs, place, "NPI", "1"
	return v
}

// group runs the grouper and gives the report.
func (f *feed) group(t testing.TB) *control.Report {
	t.Helper()
	key, err := pseudonym.New(slices.Repeat([]byte{7}, pseudonym.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	triggers, err := trigger.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	f.run = &control.Run{Format: store.RIF, Key: key, Triggers: triggers, Reference: f.tables, Today: calendar.Date(2026, 11, 21)}
	f.run.Begin(&f.sink)
	f.books = f.run.Open("claims", table.Source{Name: "claims.csv"})
	for i, v := range f.events {
		v.Books, v.At = f.books, i+1
		f.books.Saw(v.Rows, v.Allowed)
	}
	g := &group.Grouper{
		Run: f.run, Lists: exclusion.Builtin(), Find: group.FindTrigger(triggers),
		Acute: group.Acute, Admission: group.Admission, Approximate: f.approx,
	}
	if err := g.Group(context.Background(), f.persons, f.events); err != nil {
		t.Fatal(err)
	}
	report, err := f.run.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// codes counts the findings.
func codes(r *control.Report) map[string]int {
	all := map[string]int{}
	for _, f := range r.Files {
		for _, p := range f.Problems {
			all[p.Code] += p.Count
		}
	}
	return all
}

// brief writes an episode as its days in the timeline, hospital, trigger and
// flags.
func brief(e *store.Episode) string {
	kind := "OP"
	if e.Inpatient {
		kind = "IP"
	}
	s := fmt.Sprintf("%s %s %s %d..%d %s", e.Category, kind, e.CCN, e.Start-day0(), e.End-day0(), e.Trigger)
	if e.DropFlags != 0 {
		s += fmt.Sprintf(" flags %d", e.DropFlags)
	}
	return s
}

// lines writes the services of an episode in days of the timeline.
func lines(e *store.Episode) string {
	var all []string
	for _, s := range e.Services {
		at := int(e.End - day0())
		all = append(all, fmt.Sprintf("%s %s %d..%d %s %d", s.Setting, s.Rule, at+int(s.From), at+int(s.To), s.Amount, s.Excluded))
	}
	return strings.Join(all, "; ")
}
