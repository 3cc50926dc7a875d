// Package designdoc describes bundle designs for people: the sheets and JSON
// of `bundlelab designs`, and the generated page of each design. All of it is
// read from the design files; nothing is written by hand for one design.
package designdoc

import (
	"fmt"
	"slices"
	"strings"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/policy"
)

// Row is one fact of a design file: a period, a track's rule, a category, a
// step, a measure or a parameter value.
type Row struct {
	Key        string   `json:"key"`
	For        string   `json:"for,omitempty"`
	Categories []string `json:"categories,omitempty"`
	Tracks     []string `json:"tracks,omitempty"`
	Value      string   `json:"value"`
	Since      string   `json:"since"`
	Through    string   `json:"through,omitempty"`
	Cite       string   `json:"cite"`
	Evidence   string   `json:"evidence"`
	Note       string   `json:"note,omitempty"`
}

// view is a design, or the part of it that is in force in one period.
type view struct {
	d  *policy.Design
	on calendar.Day // 0: all of it
	id string       // of the period, "" all
}

func day(d calendar.Day) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

func row(key, value string, since, through calendar.Day, s policy.Source) Row {
	return Row{Key: key, Value: value, Since: day(since), Through: day(through), Cite: s.Cite, Evidence: grade(s), Note: s.Note}
}

// grade is a source's grade; a category that is only named has none.
func grade(s policy.Source) string {
	if s.Evidence == 0 {
		return ""
	}
	return s.Evidence.String()
}

func (v view) periods() []Row {
	var out []Row
	for _, p := range v.d.Periods {
		if v.id != "" && p.ID != v.id {
			continue
		}
		text := "no baseline years"
		if len(p.Baseline) > 0 {
			text = "baseline " + strings.Trim(fmt.Sprint(p.Baseline), "[]")
		}
		out = append(out, row("period."+p.ID, text, p.Start, p.End, p.Source))
	}
	return out
}

// inForce leaves of rules in order of their dates those in force on the day.
func inForce[T any](on calendar.Day, all []T, since func(T) calendar.Day) []T {
	if on == 0 {
		return all
	}
	for i := len(all) - 1; i >= 0; i-- {
		if since(all[i]) <= on {
			return all[i : i+1]
		}
	}
	return nil
}

func (v view) tracks() []Row {
	var out []Row
	for _, t := range v.d.Tracks {
		for _, r := range inForce(v.on, t.Rules, func(r policy.TrackRule) calendar.Day { return r.Since }) {
			x := row("track."+t.ID, "anyone", r.Since, r.Through, r.Source)
			if r.Closed != "" {
				x.Value = "nobody: " + r.Closed
			}
			for _, f := range r.AnyOf {
				out = append(out, row("track."+t.ID, f.Name, r.Since, r.Through, f.Source))
			}
			if len(r.AnyOf) == 0 {
				out = append(out, x)
			}
		}
	}
	return out
}

func (v view) defaults() []Row {
	var out []Row
	for _, t := range inForce(v.on, v.d.Defaults(), func(t policy.Default) calendar.Day { return t.Since }) {
		text := t.Track
		if t.SmallBelow > 0 {
			text += fmt.Sprintf("; %s below %d baseline episodes", t.SmallTrack, t.SmallBelow)
		}
		out = append(out, row("default_track", text, t.Since, t.Through, t.Source))
	}
	return out
}

func (v view) categories() []Row {
	out := make([]Row, len(v.d.Listed))
	for i, c := range v.d.Listed {
		parts := []string{c.Title}
		if c.Kind != "" {
			parts = append(parts, c.Kind)
		}
		if c.Group != "" {
			parts = append(parts, c.Group)
		}
		if len(c.Triggers) > 0 {
			parts = append(parts, "triggers "+strings.Join(c.Triggers, " "))
		}
		if !Counted(v.d, c.ID) {
			parts = append(parts, "given totals only")
		}
		out[i] = row("category."+c.ID, strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "; "), 0, 0, c.Source)
	}
	return out
}

// Counted says whether a projection counts a category of the design: the
// stored episodes know it.
func Counted(d *policy.Design, id string) bool {
	c, err := episode.ParseCategory(id)
	return err == nil && d.Covers(c)
}

func (v view) steps() []Row {
	var out []Row
	for _, id := range v.d.StepIDs() {
		s := v.d.Steps[id]
		out = append(out, row("step."+id, s.Label, 0, 0, s.Source))
	}
	return out
}

func (v view) measures() []Row {
	var out []Row
	for _, m := range v.d.Measures {
		if v.on != 0 && (m.Since > v.on || m.Through != 0 && m.Through < v.on) {
			continue
		}
		text := m.Title + "; weight " + m.Weight
		if m.MaxPoints != "" {
			text += "; at most " + m.MaxPoints + " points"
		}
		if m.InpatientOnly {
			text += "; inpatient episodes only"
		}
		x := row("measure."+m.ID, text, m.Since, m.Through, m.Source)
		x.For, x.Categories = strings.Join(m.Categories, " "), m.Categories
		out = append(out, x)
	}
	return out
}

func (v view) values() []policy.Row {
	if v.on != 0 {
		return v.d.ParamsOn(v.on)
	}
	return v.d.Params()
}

func (v view) parameters() []Row {
	var out []Row
	for _, p := range v.values() {
		out = append(out, v.parameter(p))
	}
	return out
}

func (v view) parameter(p policy.Row) Row {
	x := row(p.Key, p.Value, p.Since, p.Through, p.Source)
	x.For, x.Categories, x.Tracks = p.For, p.Categories, p.Tracks
	if v.on != 0 && p.Through != 0 && p.Through < v.on {
		x.Note = strings.TrimPrefix(x.Note+"; carried past the last day it is known for", "; ")
	}
	return x
}
