package engine

import (
	"fmt"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/policy"
	"bundlelab/engine/price"
	"bundlelab/engine/settle"
)

// postEpisode computes each hospital's charge for spending in the days after
// its episodes: above the region's mean plus some standard deviations, on
// sums, only when every priced cell states both and the data reach that far
// (ruling 30).
func (m *Model) postEpisode(f *frame, length int, exclusions bool) error {
	on := f.period.Start
	if !f.design.Has("post_episode.days") {
		return nil
	}
	dr, _, err := f.design.Rate("post_episode.days", on, policy.Scope{})
	if err != nil {
		return err
	}
	sr, _, err := f.design.Rate("post_episode.sd", on, policy.Scope{})
	if err != nil {
		return err
	}
	days, sd := int(dr.Decimal().IntPart()), sr.Decimal().IntPart()
	spent := make([]money.Cents, len(m.panel.Hospitals))
	threshold := make([]money.Cents, len(m.panel.Hospitals))
	window := episode.NewWindow(length+days, exclusions)
	groups := m.groups()
	rows, asked := make([]*price.Row, len(groups.names)), make([]bool, len(groups.names)) // by group
	short := fmt.Sprintf("no post-episode charge: the data do not reach %d days past every discharge", length+days)
	for _, i := range f.list {
		e := &m.panel.Episodes[i]
		x := &f.facts[e.Hospital]
		at := groups.of[i]
		if !asked[at] {
			asked[at], rows[at] = true, m.exactRow(e, f, length)
		}
		row := rows[at]
		switch {
		case int(e.ObsDays) < length+days:
			x.noPost = short
		case row == nil || row.PostMean == nil || row.PostSD == nil:
			x.noPost = "no post-episode charge: the price table does not state post_mean and post_sd for every cell at this length"
		default:
			var post [episode.NumSettings]money.Cents
			before, _ := window.Inside(m.panel.Services(i), &post)
			for _, c := range post {
				before += c
			}
			spent[e.Hospital] += e.Anchor + before - f.whole.Total(i)
			threshold[e.Hospital] += *row.PostMean + *row.PostSD*money.Cents(sd)
		}
	}
	for h := range f.facts {
		if x := &f.facts[h]; x.noPost == "" {
			x.post = settle.PostEpisodeCharge(spent[h], threshold[h])
		}
	}
	return nil
}

func (m *Model) exactRow(e *panel.Row, f *frame, length int) *price.Row {
	div := m.panel.Hospitals[e.Hospital].Division
	for _, cell := range f.priceCells(m.panel.Text(e.Cell)) {
		for _, kind := range []price.Kind{price.Preliminary, price.Benchmark} {
			if r, ok := m.book.Exact(kind, cell, div, length, f.period.ID); ok {
				return r
			}
		}
	}
	return nil
}
