package sample

import (
	"context"
	"slices"
	"testing"

	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/panel"
	"bundlelab/engine/price"
)

// panelSink turns a sample into a panel, as the store would on loading.
type panelSink struct {
	hospitals []store.Hospital
	place     map[string]int
	prices    []store.PriceRow
	rows      []panel.Episode
	status    []string // discharge status, by episode
}

func (p *panelSink) Hospitals(h []store.Hospital) error {
	p.hospitals, p.place = slices.Clone(h), map[string]int{}
	for i := range h {
		p.place[h[i].CCN] = i
	}
	return nil
}

func (p *panelSink) Prices(rows []store.PriceRow) error {
	p.prices = rows
	return nil
}

func (p *panelSink) Episode(e *store.Episode) error {
	s := make([]episode.Service, len(e.Services))
	for i := range s {
		s[i] = e.Services[i].Service
	}
	p.rows = append(p.rows, panel.Episode{
		Key: e.Key, Hospital: p.place[e.CCN], Category: e.Category, Inpatient: e.Inpatient, Trigger: e.Trigger, Cell: e.Cell,
		Start: e.Start, End: e.End, Anchor: e.StdAnchor, ObsDays: int32(*e.DataThrough-e.End) + 1,
		EligOff: offset(e.EligEnd, e.End), DeathOff: offset(e.Death, e.End), Risk: e.Risk, Surgeon: e.Operating, Services: episode.Pack(s...),
	})
	p.status = append(p.status, e.Discharge)
	return nil
}

func offset(d *calendar.Day, end calendar.Day) int32 {
	if d == nil {
		return panel.NoEnd
	}
	return int32(*d - end)
}

// load generates a sample into a panel and a price book.
func load(t *testing.T, o Options) (*panelSink, *panel.Panel, *price.Book) {
	t.Helper()
	s := &panelSink{}
	if err := Generate(context.Background(), o, s, nil); err != nil {
		t.Fatal(err)
	}
	p, err := panel.New(Name(o), s.hospitals, s.rows, true)
	if err != nil {
		t.Fatal(err)
	}
	b, err := price.NewBook(s.prices)
	if err != nil {
		t.Fatal(err)
	}
	return s, p, b
}

// each is a sink that looks at episodes as they pass.
type each func(*store.Episode)

func (each) Hospitals([]store.Hospital) error { return nil }
func (each) Prices([]store.PriceRow) error    { return nil }
func (f each) Episode(e *store.Episode) error {
	f(e)
	return nil
}

func walk(t *testing.T, o Options, f each) {
	t.Helper()
	if err := Generate(context.Background(), o, f, nil); err != nil {
		t.Fatal(err)
	}
}
