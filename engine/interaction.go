package engine

import (
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
)

// Interaction is what the levers of a scenario do alone and together, under
// one design. Base + the effects alone + Between = Net.
type Interaction struct {
	Design  string
	Base    money.Cents // net payment with the choices of rules and no other lever
	Alone   []Effect    // one for each lever, in the order they were set
	Between money.Cents // what they do together beyond the sum of each alone
	Net     money.Cents // with all of them

	// Saved is projected spending that the levers take off before the outlier
	// cap, fewer episodes included, and AboveCap the part of it that lay above
	// the cap, where a dollar is worth nothing.
	Saved, AboveCap money.Cents
}

// Effect is what one lever alone adds to the base.
type Effect struct {
	Setting lever.Setting
	Net     money.Cents
}

// Interaction takes a scenario apart (engine.md 3): the effect of every lever
// alone, and the remainder that exists only between them. Choices of rules and
// data (design, period, track, data year, exclusions) are no effects: they hold
// in the base too. Designs and errors are Evaluate's. Where none is named, a
// design without a base is left out, and a lever at which it cannot settle alone
// is no effect of its own.
func (m *Model) Interaction(r Request) ([]Interaction, error) {
	ids, lenient, err := m.asked(r)
	if err != nil {
		return nil, err
	}
	whole, err := m.settle(r, ids, lenient)
	if err != nil {
		return nil, err
	}
	var chosen lever.Set
	var moved []lever.Setting
	for _, x := range r.Levers.Items() {
		if choosesRules(x.Key) {
			chosen = chosen.Put(x)
		} else {
			moved = append(moved, x)
		}
	}
	ids = nil
	for i := range whole.Designs {
		ids = append(ids, whole.Designs[i].Design)
	}
	under := func(s lever.Set) (map[string]*DesignResult, error) {
		x, err := m.settle(Request{Hospitals: r.Hospitals, Levers: s}, ids, lenient)
		if err != nil {
			return nil, err
		}
		by := map[string]*DesignResult{}
		for i := range x.Designs {
			by[x.Designs[i].Design] = &x.Designs[i]
		}
		return by, nil
	}
	base, err := under(chosen)
	if err != nil {
		return nil, err
	}
	var out []Interaction
	for i := range whole.Designs {
		d := &whole.Designs[i]
		b, ok := base[d.Design]
		if !ok { // it settles only with the levers, so nothing compares
			continue
		}
		x := Interaction{Design: d.Design, Base: b.Net, Between: d.Net - b.Net, Net: d.Net, Saved: uncapped(b) - uncapped(d)}
		x.AboveCap = x.Saved - (counted(b) - counted(d))
		out = append(out, x)
	}
	for _, s := range moved {
		alone, err := under(chosen.Put(s))
		if err != nil {
			return nil, err
		}
		for i := range out {
			x := &out[i]
			if d, ok := alone[x.Design]; ok {
				x.Alone = append(x.Alone, Effect{s, d.Net - x.Base})
				x.Between -= d.Net - x.Base
			}
		}
	}
	return out, nil
}

// choosesRules says whether a lever picks rules or data instead of changing
// what happens under them.
func choosesRules(k lever.Key) bool {
	if k.Group != "policy" {
		return false
	}
	switch k.Name {
	case "design", "period", "track", "data_year", "exclusions":
		return true
	}
	return false
}

func counted(d *DesignResult) money.Cents {
	var c money.Cents
	for i := range d.Hospitals {
		for _, x := range d.Hospitals[i].Categories {
			c += x.Spending
		}
	}
	return c
}

func uncapped(d *DesignResult) money.Cents {
	c := counted(d)
	for i := range d.Hospitals {
		for _, x := range d.Hospitals[i].Categories {
			c += x.Capped
		}
	}
	return c
}
