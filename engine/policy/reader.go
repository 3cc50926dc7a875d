package policy

import (
	"fmt"
	"slices"
	"strings"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
)

// reader turns the file into a design and collects what is wrong with it.
type reader struct {
	name string
	errs []error
}

func (r *reader) fail(where, format string, a ...any) {
	r.errs = append(r.errs, fmt.Errorf("%s: %s: %s", r.name, where, fmt.Sprintf(format, a...)))
}

func (r *reader) day(where, s string, needed bool) calendar.Day {
	if s == "" {
		if needed {
			r.fail(where, "a date is missing")
		}
		return 0
	}
	d, err := calendar.Parse(s)
	if err != nil {
		r.fail(where, "%v", err)
	}
	return d
}

func (r *reader) source(where string, s fileSource) Source {
	if s.Cite == "" {
		r.fail(where, "a citation is missing")
	}
	if s.Evidence == 0 {
		r.fail(where, "an evidence grade is missing")
	}
	return Source(s)
}

func (r *reader) categories(where string, names []string) []episode.Category {
	var out []episode.Category
	for _, n := range names {
		c, err := episode.ParseCategory(n)
		if err != nil {
			r.fail(where, "%v", err)
			continue
		}
		out = append(out, c)
	}
	return out
}

func (r *reader) design(f *file) *Design {
	if f.Schema != Schema {
		r.fail("schema", "want %q, have %q", Schema, f.Schema)
	}
	if f.ID == "" || f.Name == "" || len(f.Periods) == 0 || f.Formula == "" {
		r.fail("design", "id, name, formula and at least one period are needed")
	}
	d := &Design{ID: f.ID, Name: f.Name, Title: f.Title, Status: f.Status, Formula: f.Formula, Note: f.Note, Categories: r.categories("categories", f.Categories)}
	for _, p := range f.Periods {
		w := "period " + p.ID
		d.Periods = append(d.Periods, Period{p.ID, r.day(w, p.Start, true), r.day(w, p.End, true), p.Baseline, r.source(w, p.fileSource)})
	}
	for _, t := range f.Tracks {
		d.Tracks = append(d.Tracks, r.track(t))
	}
	for _, t := range f.Default {
		w := "default_track since " + t.Since
		d.tracks = append(d.tracks, trackDefault{r.day(w, t.Since, true), r.day(w, t.Through, false), t.Track, t.SmallBelow, t.SmallTrack, r.source(w, t.fileSource)})
	}
	d.Steps = map[string]Source{}
	for _, x := range f.Steps {
		if !slices.Contains(steps(), x.ID) {
			r.fail("step "+x.ID, "unknown step: use %s", strings.Join(steps(), ", "))
		}
		d.Steps[x.ID] = r.source("step "+x.ID, x.fileSource)
	}
	for _, id := range steps() {
		if _, ok := d.Steps[id]; !ok {
			r.fail("step "+id, "missing: say where this step of the settlement is laid down")
		}
	}
	for _, p := range f.Params {
		d.params = append(d.params, r.param(p))
	}
	if len(r.errs) == 0 {
		r.baseline(d)
	}
	return d
}

// baseline checks that the weights in force in a period weigh its years.
func (r *reader) baseline(d *Design) {
	for _, p := range d.Periods {
		f, err := d.At("baseline.weights", p.Start, "", 0)
		if n := strings.Count(f.Value, "/") + 1; err == nil && n != len(p.Baseline) {
			r.fail("period "+p.ID, "%d baseline years stand beside the %d weights %s", len(p.Baseline), n, f.Value)
		}
	}
}

func (r *reader) track(t fileTrack) Track {
	out := Track{ID: t.ID, Name: t.Name}
	for _, x := range t.Rules {
		w := "track " + t.ID + " since " + x.Since
		rule := TrackRule{Since: r.day(w, x.Since, true), Through: r.day(w, x.Through, false), Open: x.Open, Closed: x.Closed, Source: r.source(w, x.fileSource)}
		for _, fl := range x.AnyOf {
			if !slices.Contains([]string{"safety_net", "rural", "sch", "mdh", "each", "rrc"}, fl.Name) {
				r.fail(w, "%q is not a hospital class", fl.Name)
			}
			rule.AnyOf = append(rule.AnyOf, Flag{fl.Name, r.source(w, fl.fileSource)})
		}
		if !rule.Open && rule.Closed == "" && len(rule.AnyOf) == 0 {
			r.fail(w, "say open, closed or any_of")
		}
		out.Rules = append(out.Rules, rule)
	}
	if len(out.Rules) == 0 {
		r.fail("track "+t.ID, "no rule says who may choose it")
	}
	return out
}

func (r *reader) param(p fileParam) param {
	w := "parameter " + p.Key
	spec, known := paramSpecs()[p.Key]
	if !known {
		r.fail(w, "unknown parameter")
	}
	out := param{key: p.Key, categories: r.categories(w, p.Categories), tracks: p.Tracks}
	for _, v := range p.Values {
		x := dated{r.day(w, v.Since, true), r.day(w, v.Through, false), v.Value, r.source(w, v.fileSource)}
		if n := len(out.values); n > 0 && out.values[n-1].Since >= x.Since {
			r.fail(w, "dates are not in order at %s", v.Since)
		}
		if known {
			if err := spec.check(v.Value); err != nil {
				r.fail(w, "%v", err)
			}
		}
		out.values = append(out.values, x)
	}
	if len(out.values) == 0 {
		r.fail(w, "no value")
	}
	return out
}
