package report

import (
	"bundlelab/engine"
	"bundlelab/engine/money"
)

// Interaction is what the levers do alone and together, in JSON: base + the net
// of each alone + interaction = net.
type Interaction struct {
	Base          money.Cents `json:"base"`
	Alone         []Alone     `json:"alone"`
	Interaction   money.Cents `json:"interaction"`
	Net           money.Cents `json:"net"`
	SavedAboveCap money.Cents `json:"saved_above_cap"` // negative where care levers add spending there
}

// Alone is one lever's effect alone, in JSON.
type Alone struct {
	Key    string      `json:"key"`
	Value  string      `json:"value"`
	Net    money.Cents `json:"net"`
	Reason string      `json:"reason,omitempty"` // why nothing settles with it alone
}

// NewInteraction puts an interaction into its JSON form; nil stays nil.
func NewInteraction(x *engine.Interaction) *Interaction {
	if x == nil {
		return nil
	}
	out := &Interaction{Base: x.Base, Alone: []Alone{}, Interaction: x.Between, Net: x.Net, SavedAboveCap: x.AboveCap}
	for _, e := range x.Alone {
		out.Alone = append(out.Alone, Alone{e.Setting.Key.String(), e.Setting.Value.Text, e.Net, e.Why})
	}
	return out
}

// The words of the lines that are no lever's.
const (
	withoutLevers = "Net payment without levers"
	betweenLevers = "Interaction (total less the sum of each alone)"
	withLevers    = "Net payment with all levers"
)

// InteractionSheet is an interaction as rows that add up.
func InteractionSheet(d *engine.DesignResult, x *engine.Interaction) Sheet {
	s := Sheet{Title: "What each lever does alone, " + d.Name + " " + d.Period.ID + " (evidence: " + d.Evidence.String() + ")", Header: []string{"line", "amount"}, Right: []bool{false, true}}
	s.Rows = append(s.Rows, []string{withoutLevers, x.Base.Grouped()})
	for _, e := range x.Alone {
		label := e.Setting.Key.String() + " = " + e.Setting.Value.Text
		s.Rows = append(s.Rows, []string{"  " + label, e.Net.Grouped()})
		if e.Why != "" {
			s.Notes = append(s.Notes, label+" does not settle alone, so what it does is in the interaction: "+e.Why)
		}
	}
	s.Rows = append(s.Rows, []string{"  " + betweenLevers, x.Between.Grouped()}, []string{withLevers, x.Net.Grouped()})
	s.Notes = append(s.Notes, x.Notes()...)
	return s
}

// InteractionRows is an interaction for CSV, under the header of LedgerRows: it
// is of all hospitals together, so ccn is empty. The dollars above the cap stand
// after the sum, are no part of it and so neither line nor subtotal.
func InteractionRows(d *engine.DesignResult, basis string, x *engine.Interaction) Sheet {
	var s Sheet
	row := func(id, label string, amount money.Cents, subtotal, formula string) {
		s.Rows = append(s.Rows, []string{d.Design, d.Period.ID, d.Track, "", id, label, amount.String(), subtotal, formula, "", d.Evidence.String(), basis})
	}
	row("interaction_base", withoutLevers, x.Base, "true", "")
	for _, e := range x.Alone {
		row("interaction_alone", e.Setting.Key.String()+" = "+e.Setting.Value.Text, e.Net, "false", e.Why)
	}
	row("interaction", betweenLevers, x.Between, "false", "")
	row("interaction_net", withLevers, x.Net, "true", "")
	row("saved_above_cap", "Saved above the outlier cap; worth nothing", x.AboveCap, "", x.CapNote())
	return s
}
