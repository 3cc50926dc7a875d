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
	groups := s.classes(r.Result)
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
}

// classes tells the hospitals of a row's result apart by track and class.
func (s *Session) classes(d *engine.DesignResult) []classed {
	w := s.wholeOf(d)
	if w.classes == nil {
		w.classes = s.classify(d.Lined())
	}
	return w.classes
}

func (s *Session) classify(d *engine.DesignResult) []classed {
	var out []classed
	var count []int
	for i := range d.Hospitals {
		at, ok := s.model.Panel().FindHospital(d.Hospitals[i].CCN)
		if !ok {
			continue
		}
		class, words := classOf(&s.model.Panel().Hospitals[at])
		name := "hospitals of no class"
		if words != "" {
			name = words + " hospitals"
		}
		if d.Track == "" && d.Hospitals[i].Track != "" {
			name += " in track " + d.Hospitals[i].Track
		}
		k := slices.IndexFunc(out, func(c classed) bool { return c.name == name })
		if k < 0 {
			out, count = append(out, classed{d.Hospitals[i].Track, name, class}), append(count, 0)
			k = len(out) - 1
		}
		count[k]++
	}
	for i := range out {
		out[i].name = fmt.Sprintf("%d %s", count[i], out[i].name)
	}
	return out
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
