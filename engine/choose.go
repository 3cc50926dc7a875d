package engine

import (
	"errors"
	"fmt"

	"bundlelab/engine/panel"
	"bundlelab/engine/policy"
)

// asked lists the designs of a request, and says whether the user named them:
// what a named design does not know is an error; among all of them it takes
// its own default, and says so.
func (m *Model) asked(r Request) (ids []string, lenient bool, err error) {
	v, ok := r.Levers.Get("policy", "design", "", 0)
	if ok {
		if _, err := m.designs.Get(v.Text); err != nil {
			return nil, false, err
		}
	}
	switch {
	case len(r.Designs) > 0:
		return r.Designs, false, nil
	case ok:
		return []string{v.Text}, false, nil
	}
	return m.designs.IDs(), true, nil
}

// choosePeriod finds the period the levers name; a design without it keeps its
// default only where the user named no design and another one has it.
func (e *evaluation) choosePeriod(d *policy.Design) error {
	year, ok := askedYear(e.levers)
	if !ok {
		year = e.m.panel.DataYear()
	}
	e.period = d.DefaultPeriod(year)
	v, ok := e.levers.Get("policy", "period", "", 0)
	if !ok {
		return nil
	}
	p, err := d.Period(v.Text)
	if err == nil {
		e.period = p
		return nil
	}
	if !e.lenient || !e.m.someDesign(func(d *policy.Design) bool { _, err := d.Period(v.Text); return err == nil }) {
		return err
	}
	e.warnings = appendNew(e.warnings, fmt.Sprintf("%s has no period %s: its %s is used", d.Name, v.Text, e.period.ID))
	return nil
}

func (m *Model) someDesign(has func(*policy.Design) bool) bool {
	for _, d := range m.designs.All() {
		if has(d) {
			return true
		}
	}
	return false
}

// track gives a hospital's track in a design and period: the lever's choice if
// it is eligible, else the rule's default. A design that does not have the
// track is treated as one without the period is.
func (e *evaluation) track(h int) (id, warning string, err error) {
	d, hosp := e.f.design, &e.m.panel.Hospitals[h]
	id, _ = d.DefaultTrack(e.period.Start, e.f.baselineOf(h))
	v, ok := e.levers.Get("policy", "track", hosp.CCN, 0)
	if !ok {
		return id, "", nil
	}
	if _, err := d.Track(v.Text); err != nil {
		if !e.lenient || !e.m.someDesign(func(d *policy.Design) bool { _, err := d.Track(v.Text); return err == nil }) {
			return "", "", err
		}
		used := "it has none"
		if id != "" {
			used = "its default is used"
		}
		return id, fmt.Sprintf("%s has no track %s: %s", d.Name, v.Text, used), nil
	}
	_, err = d.Eligible(v.Text, e.period, class(hosp))
	var no *policy.IneligibleError
	if errors.As(err, &no) {
		no.Hospital = hosp.CCN
	}
	return v.Text, "", err
}

// skip says whether a failure is one design's own matter, and why.
func skip(err error) (why string, ok bool) {
	var in *InputError
	var rule *RuleError
	switch {
	case errors.As(err, &in) && in.apart:
		return in.Why, true
	case errors.As(err, &rule) && rule.apart:
		return rule.Why, true
	}
	return "", false
}

// among marks the hospitals of a list.
func (m *Model) among(hospitals []int) []bool {
	out := make([]bool, len(m.panel.Hospitals))
	for _, h := range hospitals {
		out[h] = true
	}
	return out
}

// class gathers the facts eligibility rules ask for.
func class(h *panel.Hospital) policy.Class {
	c := policy.Class{}
	for name, v := range map[string]panel.Known{"safety_net": h.SafetyNet, "rural": h.Rural, "sch": h.SCH, "mdh": h.MDH, "each": h.EACH, "rrc": h.RRC} {
		if v != panel.Unknown {
			c[name] = v == panel.Yes
		}
	}
	return c
}
