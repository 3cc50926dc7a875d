package group_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"bundlelab/data/ingest/claim"
	"bundlelab/engine/money"
)

// bills draws the claims of a few people: stays at hospitals of every kind,
// procedures and lines, crowded enough to touch each other.
func bills(t *rapid.T) []*claim.Event {
	var all []*claim.Event
	n := rapid.IntRange(1, 25).Draw(t, "bills")
	for i := range n {
		from := rapid.IntRange(0, 150).Draw(t, "from")
		to := from + rapid.IntRange(0, 12).Draw(t, "days")
		id := fmt.Sprint(i)
		var v *claim.Event
		switch rapid.IntRange(0, 5).Draw(t, "kind") {
		case 0, 1:
			v = stay(id, rapid.SampledFrom([]string{hospA, hospB, cah, cancer, irfX}).Draw(t, "provider"), from, to,
				rapid.SampledFrom([]string{"470", "480", "329", "194", "180"}).Draw(t, "drg"), rapid.SampledFrom([]string{"", "01", "02", "30", "03", "20"}).Draw(t, "status"))
		case 2:
			v = procedure(id, rapid.SampledFrom([]string{hospA, hospB}).Draw(t, "provider"), from, rapid.SampledFrom([]string{"27447", "22551", "97110"}).Draw(t, "hcpcs"))
		case 3:
			v = seen(id, from, rapid.SampledFrom([]string{"99213", "27447", "J7190"}).Draw(t, "hcpcs"), rapid.SampledFrom([]string{"11", "21"}).Draw(t, "place"))
		case 4:
			v = event(claim.SNF, id, snfX, from, to, 3_000_00)
		default:
			v = event(claim.HHA, id, "017001", from, to, 900_00)
		}
		v.Person = rapid.SampledFrom([]string{"P", "Q"}).Draw(t, "person")
		v.Allowed = money.Cents(rapid.IntRange(0, 2_000_000).Draw(t, "allowed"))
		if rapid.Bool().Draw(t, "standardized") {
			std := v.Allowed * 9 / 10
			v.Std = &std
		}
		all = append(all, v)
	}
	return all
}

// copies gives the same bills in another order, as other files would bring
// them.
func copies(events []*claim.Event, order []int) []*claim.Event {
	all := make([]*claim.Event, len(events))
	for to, from := range order {
		c := *events[from]
		all[to] = &c
	}
	return all
}

func TestOrderChangesNothing(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		events := bills(r)
		order := make([]int, len(events))
		for i := range order {
			order[i] = i
		}
		first, second := feed{events: copies(events, order)}, feed{events: copies(events, rapid.Permutation(order).Draw(r, "order"))}
		one, two := first.group(t), second.group(t)
		if d := cmp.Diff(first.sink.episodes, second.sink.episodes); d != "" {
			r.Fatalf("the order of the claims matters:\n%s", d)
		}
		if one.Anchor != two.Anchor || one.Shared != two.Shared || one.Restated != two.Restated {
			r.Fatal("the totals differ")
		}
	})
}

// TestBookedOnce: every bill is loaded or skipped once, in rows and in raw
// dollars, and what the episodes hold is what was loaded, once more for every
// further episode that holds it; no two anchors of a person end on one day.
func TestBookedOnce(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		f := feed{events: bills(r)}
		report := f.group(t) // fails when the books do not balance
		file := report.Files[0]
		if file.Read != len(f.events) || file.Loaded+file.Skipped != file.Read || file.Rejected != 0 {
			r.Fatalf("%d read, %d loaded, %d skipped", file.Read, file.Loaded, file.Skipped)
		}
		var held money.Cents
		var ends []string
		for _, e := range f.sink.episodes {
			held += *e.RawAnchor
			for _, s := range e.Services {
				held += *s.Raw
				if s.To < s.From || int(e.End-e.Start)+int(s.From) < -3 || s.From > 180 {
					r.Fatalf("service %d..%d of an anchor of %d days", s.From, s.To, e.End-e.Start)
				}
			}
			ends = append(ends, fmt.Sprintf("%x %s", e.BeneHash, e.End))
		}
		if slices.Sort(ends); len(slices.Compact(ends)) != len(f.sink.episodes) {
			r.Fatal("two anchors of a person end on one day")
		}
		if held != file.AmountLoaded+report.Shared {
			r.Fatalf("the episodes hold %s, loaded were %s and %s again", held, file.AmountLoaded, report.Shared)
		}
	})
}
