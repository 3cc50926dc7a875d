package store

import (
	"errors"
	"fmt"
	"slices"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/panel"
	"bundlelab/engine/price"
)

// Memory takes the rows a batch takes and gives what loading them back would
// give, without a file: the first start shows the sample while its database is
// still being written. Every episode must state how far the data reach.
type Memory struct {
	hospitals []panel.Hospital
	index     map[string]int
	rows      panel.Rows
	lines     *episode.Builder
	open      room
	prices    []price.Row
	info      Summary
}

// Hospitals keeps hospital rows; a blank division is filled as in a database.
func (m *Memory) Hospitals(rows []Hospital) error {
	if m.index == nil {
		m.index = map[string]int{}
	}
	for _, h := range rows {
		if _, dup := m.index[h.CCN]; dup {
			return fmt.Errorf("hospital %s is given twice", h.CCN)
		}
		h.Division = division(h)
		m.index[h.CCN] = len(m.hospitals)
		m.hospitals = append(m.hospitals, h)
	}
	return nil
}

// Prices keeps price rows.
func (m *Memory) Prices(rows []PriceRow) error {
	m.prices = append(m.prices, rows...)
	return nil
}

// Episode keeps a copy of an episode.
func (m *Memory) Episode(e *Episode) error {
	h, ok := m.index[e.CCN]
	if !ok {
		return fmt.Errorf("episode %s: hospital %s is not known", e.Key, e.CCN)
	}
	if e.DataThrough == nil {
		return errors.New("episode " + e.Key + ": how far the data reach is not stated")
	}
	off := func(d *calendar.Day) int32 {
		if d == nil {
			return panel.NoEnd
		}
		return int32(*d - e.End)
	}
	row := panel.Episode{
		Key: e.Key, Hospital: h, Category: e.Category, Inpatient: e.Inpatient, Trigger: e.Trigger, Cell: e.Cell,
		Start: e.Start, End: e.End, Anchor: e.StdAnchor, ObsDays: off(e.DataThrough) + 1, EligOff: off(e.EligEnd), DeathOff: off(e.Death),
		Risk: e.Risk, Surgeon: e.Operating, NotStd: e.NotStd,
	}
	if !m.open.take(len(e.Services)) {
		m.lines = episode.NewBuilder(0)
	}
	first := m.lines.Len()
	for i := range e.Services {
		s := e.Services[i].Service
		s.Visits = slices.Clone(s.Visits)
		m.lines.Add(&s)
	}
	row.Services = m.lines.Pool().Lines(first, len(e.Services))
	m.info.Services += len(e.Services)
	m.rows.Add(&row)
	return nil
}

// Data is the panel and price book of what was kept.
func (m *Memory) Data(name string, synthetic bool) (*Data, error) {
	p, err := panel.Of(name, m.hospitals, m.rows, synthetic)
	if err != nil {
		return nil, err
	}
	book, err := price.NewBook(m.prices)
	if err != nil {
		return nil, err
	}
	m.info.Name, m.info.Synthetic, m.info.Formats = name, synthetic, []Format{Synthetic}
	m.info.Hospitals, m.info.Episodes, m.info.Prices = len(m.hospitals), len(p.Episodes), len(m.prices)
	if len(p.Episodes) > 0 {
		latest := p.Latest()
		m.info.DataThrough = &latest
	}
	return &Data{Panel: p, Prices: book, Info: m.info}, nil
}
