package engine

import (
	"fmt"
	"strings"

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

	// Saved is projected spending that the care levers take off before the
	// outlier cap, all other levers as they are, and AboveCap the part of it that
	// lay above the cap, where a dollar is worth nothing. Both are negative where
	// the care levers add spending.
	Saved, AboveCap money.Cents
}

// Effect is what one lever alone adds to the base.
type Effect struct {
	Setting lever.Setting
	Net     money.Cents
	Why     string // why nothing settles with this lever alone; Net is then 0
}

// Interaction takes a scenario apart (engine.md 3): the effect of every lever
// alone, and the remainder that exists only between them. Choices of rules and
// data (design, period, track, data year, exclusions) are no effects: they hold
// in the base too. Designs and errors are Evaluate's; a design that settles only
// with the levers has nothing to compare with and is left out.
func (m *Model) Interaction(r Request) ([]Interaction, error) {
	ids, lenient, err := m.asked(r)
	if err != nil {
		return nil, err
	}
	whole, err := m.settle(r, ids, lenient, (*evaluation).summed)
	if err != nil {
		return nil, err
	}
	var out []Interaction
	for i := range whole.Designs {
		if x, err := m.apart(&whole.Designs[i], r, lenient); err == nil {
			out = append(out, x)
		}
	}
	return out, nil
}

// InteractionIn is Interaction for a row of the board: one design with every
// hospital in one track ("" for a design without tracks). As in Rows, the levers
// policy.design and policy.track choose nothing. Whole is the row's result under
// the same levers, nil where it is not at hand. The error says why the row, or
// what it would be compared with, does not settle.
func (m *Model) InteractionIn(design, track string, whole *DesignResult, r Request) (Interaction, error) {
	r.Levers = r.Levers.WithoutNamed("policy", "design", "track")
	if track != "" {
		var err error
		if r.Levers, err = r.Levers.With("policy.track", track); err != nil {
			return Interaction{}, err
		}
	}
	if whole == nil {
		x, err := m.settle(r, []string{design}, true, (*evaluation).summed)
		if err != nil {
			return Interaction{}, err
		}
		whole = &x.Designs[0]
	}
	return m.apart(whole, r, true)
}

// apart compares a settled design with the same levers one by one. The error is
// that of the design without them.
func (m *Model) apart(d *DesignResult, r Request, lenient bool) (Interaction, error) {
	var chosen, other lever.Set // other is all but care
	var moved []lever.Setting
	for _, x := range r.Levers.Items() {
		if choosesRules(x.Key) {
			chosen = chosen.Put(x)
		} else {
			moved = append(moved, x)
		}
		if x.Key.Group != "care" {
			other = other.Put(x)
		}
	}
	all, hospitals := text(r.Levers), strings.Join(r.Hospitals, " ")
	under := func(s lever.Set) (*DesignResult, error) {
		k := toldKey{design: d.Design, levers: text(s), hospitals: hospitals, lenient: lenient}
		if k.levers == all {
			return d, nil
		}
		return m.told(k, Request{Hospitals: r.Hospitals, Levers: s})
	}
	b, err := under(chosen)
	if err != nil {
		return Interaction{}, err
	}
	x := Interaction{Design: d.Design, Base: b.Net, Between: d.Net - b.Net, Net: d.Net}
	if other.Len() < r.Levers.Len() {
		if o, err := under(other); err == nil {
			x.Saved = uncapped(o) - uncapped(d)
			x.AboveCap = x.Saved - (o.Sums.Counted - d.Sums.Counted)
		}
	}
	for _, s := range moved {
		e := Effect{Setting: s}
		if alone, err := under(chosen.Put(s)); err != nil {
			e.Why = err.Error()
		} else {
			e.Net = alone.Net - b.Net
		}
		x.Alone = append(x.Alone, e)
		x.Between -= e.Net
	}
	return x, nil
}

// toldKey names what one lever does alone. While another one is held it is asked
// for again and again.
type toldKey struct {
	design, levers, hospitals string
	lenient                   bool
}

// mostTold is how many answers stay in memory; they are sums.
const mostTold = 200

// told settles a design for comparison, or recalls it.
func (m *Model) told(k toldKey, r Request) (*DesignResult, error) {
	m.mu.Lock()
	x, ok := m.alone.get(k)
	m.mu.Unlock()
	if ok {
		return x.result, x.err
	}
	all, err := m.settle(r, []string{k.design}, k.lenient, (*evaluation).summed)
	if x.err = err; err == nil {
		x.result = &all.Designs[0]
	}
	m.mu.Lock()
	m.alone.put(k, x, mostTold)
	m.mu.Unlock()
	return x.result, x.err
}

// told is an answer: sums, or why there are none.
type told struct {
	result *DesignResult
	err    error
}

// text names a set of levers.
func text(s lever.Set) string {
	var b strings.Builder
	for _, x := range s.Items() {
		b.WriteString(x.Key.String() + "=" + x.Value.Text + "\n")
	}
	return b.String()
}

// Tells says whether a scenario has levers that Interaction tells apart: any
// but those of policy, which are the design's own terms.
func Tells(s lever.Set) bool {
	for _, x := range s.Items() {
		if x.Key.Group != "policy" {
			return true
		}
	}
	return false
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

// uncapped is projected spending before the outlier cap.
func uncapped(d *DesignResult) money.Cents { return d.Sums.Counted + d.Sums.Capped }

// Notes are what a reader must know beside the sum: what became of the dollars
// saved, and which levers stand after the net payment.
func (x *Interaction) Notes() []string {
	var out []string
	if s := x.CapNote(); s != "" {
		out = append(out, s)
	}
	for _, e := range x.Alone {
		if e.Setting.Key.Group == "program" {
			return append(out, "levers of program move what the hospital keeps, not the net payment")
		}
	}
	return out
}

// CapNote says what the outlier cap makes of the dollars saved: above it they
// are worth nothing. It is "" where spending before the cap does not move.
func (x *Interaction) CapNote() string {
	switch {
	case x.Saved > 0 && x.AboveCap >= 0 && x.AboveCap <= x.Saved:
		return fmt.Sprintf("of %s that the care levers save, %s lay above the outlier cap and are worth nothing", x.Saved.Grouped(), x.AboveCap.Grouped())
	case x.Saved < 0 && x.AboveCap <= 0 && x.AboveCap >= x.Saved:
		return fmt.Sprintf("of %s that the care levers add, %s lie above the outlier cap and cost nothing", (-x.Saved).Grouped(), (-x.AboveCap).Grouped())
	case x.AboveCap > 0:
		return fmt.Sprintf("the outlier cap cuts %s less than without the care levers", x.AboveCap.Grouped())
	case x.AboveCap < 0:
		return fmt.Sprintf("the outlier cap cuts %s more than without the care levers", (-x.AboveCap).Grouped())
	}
	return ""
}
