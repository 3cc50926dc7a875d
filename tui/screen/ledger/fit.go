package ledger

import (
	"slices"

	"bundlelab/tui/draw"
	"bundlelab/tui/session"
)

// spare are the lines left out first where the ledger has too few: those that
// only carry a sum on come before those that move it.
func spare() []string {
	return []string{"quality_adjusted", "npra", "reconciliation_amount", "low_volume", "min_rate", "gain_floor", "overlap", "post_episode", "quality", "discount", "stop_limit", "hospital_net", "benchmark"}
}

// fit picks the lines for room lines and says how many are left out. With the
// focus the lines scroll; either way the net payment is among them.
func (p *Pane) fit(steps []session.Step, at, room int, focused bool) ([]int, int) {
	all := make([]int, len(steps))
	for i := range all {
		all[i] = i
	}
	if len(steps) <= room || room < 3 {
		p.top = draw.Window(p.top, at, len(steps), room)
		return all[p.top:min(len(all), p.top+max(room, 0))], 0
	}
	hidden := len(steps) - room + 1 // one line says how many
	if !focused {
		left := hidden
		for _, id := range spare() {
			if i := slices.IndexFunc(all, func(i int) bool { return steps[i].ID == id }); i >= 0 && left > 0 {
				all = slices.Delete(all, i, i+1)
				left--
			}
		}
		return all[:min(len(all), room-1)], hidden
	}
	net := slices.IndexFunc(steps, func(s session.Step) bool { return s.ID == "net_payment" })
	p.top = draw.Window(p.top, at, len(steps), room)
	if net < p.top+room-1 {
		return all[p.top : p.top+room], 0
	}
	p.top = draw.Window(p.top, at, len(steps), room-1)
	if list := all[p.top : p.top+room-1]; !slices.Contains(list, net) {
		return append(slices.Clone(list), net), 0
	}
	return all[p.top : p.top+room], 0
}
