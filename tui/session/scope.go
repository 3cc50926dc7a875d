package session

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"bundlelab/engine"
	"bundlelab/engine/panel"
	"bundlelab/engine/policy"
)

// Force is a parameter in force for a row, and for which of its categories and
// hospitals; For is "" when it serves them all.
type Force struct {
	policy.Found
	For string
}

// InForce looks a parameter up for everyone a settled row counts: each
// category, each hospital in its class and track, at the length in force. A
// lever that overrides it is not looked at.
func (s *Session) InForce(r *engine.Row, key string) []Force {
	cats := s.Totals(r).Categories
	groups := s.wholeOf(r.Result).classes
	type asked struct{ cats, who []string }
	var out []Force
	var by []asked
	for gi, g := range groups {
		for _, c := range cats {
			f, err := r.Design.At(key, r.Result.Period.Start, policy.Scope{Track: g.track, Category: c.String(), Class: g.class, Days: r.Result.EpisodeDays})
			if err != nil {
				continue
			}
			i := slices.IndexFunc(out, func(x Force) bool { return x.Found == f })
			if i < 0 {
				i = len(out)
				out, by = append(out, Force{Found: f}), append(by, asked{})
			}
			by[i].cats = appendNew(by[i].cats, c.String())
			by[i].who = appendNew(by[i].who, groups[gi].name)
		}
	}
	for i := range out {
		var words []string
		if len(by[i].cats) < len(cats) {
			words = append(words, strings.Join(by[i].cats, " "))
		}
		if len(by[i].who) < len(groups) {
			words = append(words, strings.Join(by[i].who, ", "))
		}
		out[i].For = strings.Join(words, ", ")
	}
	return out
}

func appendNew(list []string, x string) []string {
	if slices.Contains(list, x) {
		return list
	}
	return append(list, x)
}

// classed are hospitals that any rule treats alike.
type classed struct {
	track, name string
	class       policy.Class
	count       int
}

// classes tells hospitals apart by track and class.
type classes struct {
	panel *panel.Panel
	list  []classed
	at    map[classKey]int // of list
}

type classKey struct {
	track string
	facts [6]panel.Known
}

// add counts a hospital; apart says that the track tells hospitals apart.
func (c *classes) add(r *engine.HospitalResult, apart bool) {
	at, ok := c.panel.FindHospital(r.CCN)
	if !ok {
		return
	}
	h := &c.panel.Hospitals[at]
	k := classKey{r.Track, [6]panel.Known{h.SafetyNet, h.Rural, h.SCH, h.MDH, h.EACH, h.RRC}}
	i, ok := c.at[k]
	if !ok {
		class, words := classOf(h)
		name := "hospitals of no class"
		if words != "" {
			name = words + " hospitals"
		}
		if apart && r.Track != "" {
			name += " in track " + r.Track
		}
		if i = slices.IndexFunc(c.list, func(x classed) bool { return x.name == name }); i < 0 {
			i = len(c.list)
			c.list = append(c.list, classed{track: r.Track, name: name, class: class})
		}
		if c.at == nil {
			c.at = map[classKey]int{}
		}
		c.at[k] = i
	}
	c.list[i].count++
}

// named puts the counts into the names.
func (c *classes) named() []classed {
	for i := range c.list {
		c.list[i].name = fmt.Sprintf("%d %s", c.list[i].count, c.list[i].name)
	}
	return c.list
}

// classOf are a hospital's facts as rules ask for them, and in words.
func classOf(h *panel.Hospital) (policy.Class, string) {
	c := policy.Class{}
	var words []string
	for _, x := range []struct {
		name string
		v    panel.Known
	}{{"safety_net", h.SafetyNet}, {"rural", h.Rural}, {"sch", h.SCH}, {"mdh", h.MDH}, {"each", h.EACH}, {"rrc", h.RRC}} {
		if x.v == panel.Yes {
			c[x.name] = true
			words = append(words, strings.ReplaceAll(x.name, "_", "-"))
		}
	}
	return c, strings.Join(words, " ")
}

// OwnLengths are the lengths that the selected row's design has of its own
// accord, in days.
func (s *Session) OwnLengths() []int {
	r := s.Row()
	if r == nil || r.Result == nil {
		return nil
	}
	var out []int
	for _, key := range []string{"episode_days", "episode_days.choices"} {
		for _, f := range s.InForce(r, key) {
			for _, word := range strings.Split(f.Value, "/") {
				if n, err := strconv.Atoi(word); err == nil && !slices.Contains(out, n) {
					out = append(out, n)
				}
			}
		}
	}
	return out
}
