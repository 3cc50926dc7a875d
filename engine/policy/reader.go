package policy

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
)

// reader turns the file into a design and collects what is wrong with it, each
// fault under its path in the file.
type reader struct {
	src      *source
	problems []Problem
	bad      map[string]bool // paths whose type is wrong: nothing inside is missing
}

func (r *reader) fail(path, where, format string, a ...any) {
	for p := path; p != ""; p = parent(p) {
		if r.bad[p] {
			return
		}
	}
	r.problems = append(r.problems, r.src.problem(path, where, format, a...))
}

func (r *reader) day(path, where, s string, needed bool) calendar.Day {
	if s == "" {
		if needed {
			r.fail(path, where, "a date is missing (%s)", path[strings.LastIndexByte(path, '.')+1:])
		}
		return 0
	}
	d, err := calendar.Parse(s)
	if err != nil {
		r.fail(path, where, "%v", err)
	}
	return d
}

// span reads since and through of a table.
func (r *reader) span(path, where, since, through string, needed bool) (from, to calendar.Day) {
	from, to = r.day(path+".since", where, since, needed), r.day(path+".through", where, through, false)
	if to != 0 && to < from {
		r.fail(path+".through", where, "%s is before %s", through, since)
	}
	return from, to
}

func (r *reader) source(path, where string, s fileSource) Source {
	if s.Cite == "" {
		r.fail(path+".cite", where, "a citation is missing")
	}
	if s.Evidence == 0 {
		r.fail(path+".evidence", where, "an evidence grade is missing")
	}
	return Source(s)
}

// once reports an id that stands a second time.
func (r *reader) once(seen map[string]bool, path, where, id string) {
	if seen[id] {
		r.fail(path, where, "stands twice")
	}
	seen[id] = true
}

// among reports a word that is none of the known ones.
func (r *reader) among(path, where, what, word string, known []string) {
	if !slices.Contains(known, word) {
		r.fail(path, where, "%q is not %s%s: use %s", word, what, nearest(word, known), strings.Join(known, ", "))
	}
}

// list reads the categories: the names of the head, in order, described by
// the [[category]] tables, and the tables' own after them.
func (r *reader) list(d *Design, f *file) {
	known := map[string]Category{}
	ids, at := slices.Clone(f.Categories), map[string]string{}
	for i, id := range ids {
		at[id] = item("categories", i)
	}
	for i, c := range f.Listed {
		p, w := item("category", i), "category "+c.ID
		if c.Kind != "" {
			r.among(p+".kind", w, "a kind", c.Kind, kinds())
		}
		if _, twice := known[c.ID]; twice || !isID(c.ID) {
			r.fail(p+".id", w, "an id of capital letters, digits and _ is needed, once")
		}
		known[c.ID] = Category{c.ID, c.Title, c.Kind, c.Group, c.Triggers, r.source(p, w, c.fileSource), p + ".id"}
		if !slices.Contains(ids, c.ID) {
			ids = append(ids, c.ID)
		}
	}
	if len(ids) == 0 {
		r.fail("categories", "categories", "at least one category is needed")
	}
	for _, id := range ids {
		c, described := known[id]
		p, err := episode.ParseCategory(id)
		if !described {
			c = Category{ID: id, at: at[id]}
		}
		if err == nil {
			d.Categories = append(d.Categories, p)
			if c.Title == "" {
				c.Title = p.Title()
			}
		} else if !described && !isID(id) {
			r.fail(at[id], "categories", "%q: write capital letters, digits and _", id)
		}
		d.Listed = append(d.Listed, c)
	}
	slices.Sort(d.Categories)
}

// isID says whether a name can be a category's.
func isID(s string) bool {
	return s != "" && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}

func (r *reader) design(f *file) *Design {
	r.head(f)
	d := &Design{ID: f.ID, Name: f.Name, Title: f.Title, Status: f.Status, Formula: f.Formula, Note: f.Note, Open: f.Open, Family: f.Family, Payer: cmp.Or(f.Payer, "the payer"), order: f.Order, src: r.src}
	if f.Family != "" {
		r.among("family", "design", "a family", f.Family, Families())
	}
	r.list(d, f)
	r.periods(d, f)
	seen := map[string]bool{}
	for i, t := range f.Tracks {
		r.once(seen, item("track", i)+".id", "track "+t.ID, t.ID)
		d.Tracks = append(d.Tracks, r.track(item("track", i), t))
	}
	for i, t := range f.Default {
		p, w := item("default_track", i), "default_track since "+t.Since
		since, through := r.span(p, w, t.Since, t.Through, true)
		if i > 0 && since != 0 && d.tracks[i-1].Since >= since {
			r.fail(p+".since", w, "dates are not in order at %s", t.Since)
		}
		d.tracks = append(d.tracks, trackDefault{since, through, t.Track, t.SmallBelow, t.SmallTrack, r.source(p, w, t.fileSource)})
	}
	r.steps(d, f)
	r.measures(d, f)
	for i, p := range f.Params {
		d.params = append(d.params, r.param(item("parameter", i), p, d))
	}
	r.overlaps(d)
	r.baseline(d)
	return d
}

// head checks what opens the file.
func (r *reader) head(f *file) {
	if f.Schema != Schema {
		r.fail("schema", "schema", "want %q, have %q", Schema, f.Schema)
	}
	if f.ID == "" || f.Name == "" || len(f.Periods) == 0 || f.Formula == "" {
		r.fail("", "design", "id, name, formula and at least one period are needed")
	}
	if strings.Trim(f.ID, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		r.fail("id", "design", "id %q: write small letters, digits and -", f.ID)
	}
	if f.Status != "" {
		r.among("status", "design", "a status", f.Status, Statuses())
	}
}

func (r *reader) periods(d *Design, f *file) {
	seen := map[string]bool{}
	for i, x := range f.Periods {
		p, w := item("period", i), "period "+x.ID
		if x.ID == "" {
			r.fail(p+".id", w, "an id is missing")
		}
		r.once(seen, p+".id", w, x.ID)
		start, end := r.day(p+".start", w, x.Start, true), r.day(p+".end", w, x.End, true)
		if end != 0 && end < start {
			r.fail(p+".end", w, "%s is before the start %s", x.End, x.Start)
		}
		if i > 0 && start != 0 && start <= d.Periods[i-1].Start {
			r.fail(p+".start", w, "dates are not in order at %s", x.Start)
		}
		for k, y := range x.Baseline {
			if k > 0 && y <= x.Baseline[k-1] {
				r.fail(item(p+".baseline", k), w, "baseline years are not in order at %d", y)
			}
		}
		d.Periods = append(d.Periods, Period{x.ID, start, end, x.Baseline, r.source(p, w, x.fileSource)})
	}
}

func (r *reader) steps(d *Design, f *file) {
	d.Steps = map[string]Step{}
	known, seen := append(steps(), optional()...), map[string]bool{}
	for i, x := range f.Steps {
		p, w := item("step", i), "step "+x.ID
		if !slices.Contains(known, x.ID) {
			r.fail(p+".id", w, "unknown step%s: use %s", nearest(x.ID, known), strings.Join(known, ", "))
		}
		r.once(seen, p+".id", w, x.ID)
		d.stepOrder = append(d.stepOrder, x.ID)
		d.Steps[x.ID] = Step{x.Label, r.source(p, w, x.fileSource)}
	}
	for _, id := range steps() {
		if _, ok := d.Steps[id]; !ok {
			r.fail("step", "step "+id, "missing: say where this step of the settlement is laid down")
		}
	}
}

func (r *reader) measures(d *Design, f *file) {
	seen := map[string]bool{}
	for i, m := range f.Measures {
		p, w := item("measure", i), "measure "+m.ID
		r.once(seen, p+".id", w, m.ID)
		since, through := r.span(p, w, m.Since, m.Through, false)
		r.scoped(d, p, w, m.Categories)
		d.Measures = append(d.Measures, Measure{m.ID, m.Title, m.Weight, m.MaxPoints, m.Categories, m.InpatientOnly, since, through, r.source(p, w, m.fileSource)})
	}
}

// scoped checks the categories a table names; a design open to others may
// name others.
func (r *reader) scoped(d *Design, path, where string, names []string) {
	ids := make([]string, len(d.Listed))
	for i, c := range d.Listed {
		ids[i] = c.ID
	}
	for i, n := range names {
		if !d.Open {
			r.among(item(path+".categories", i), where, "a category of this design", n, ids)
		} else if !isID(n) {
			r.fail(item(path+".categories", i), where, "%q: write capital letters, digits and _", n)
		}
	}
}

// baseline checks that the weights in force in a period weigh its years.
func (r *reader) baseline(d *Design) {
	for i, p := range d.Periods {
		f, err := d.At("baseline.weights", p.Start, Scope{})
		if n := strings.Count(f.Value, "/") + 1; err == nil && f.Value != Pooled && n != len(p.Baseline) {
			r.fail(item("period", i)+".baseline", "period "+p.ID, "%d baseline years stand beside the %d weights %s", len(p.Baseline), n, f.Value)
		}
	}
}

func (r *reader) track(path string, t fileTrack) Track {
	out := Track{ID: t.ID, Name: t.Name}
	for i, x := range t.Rules {
		p, w := item(path+".rule", i), "track "+t.ID+" since "+x.Since
		rule := TrackRule{Open: x.Open, Closed: x.Closed, Source: r.source(p, w, x.fileSource)}
		rule.Since, rule.Through = r.span(p, w, x.Since, x.Through, true)
		if i > 0 && rule.Since != 0 && out.Rules[i-1].Since >= rule.Since {
			r.fail(p+".since", w, "dates are not in order at %s", x.Since)
		}
		for k, fl := range x.AnyOf {
			q := item(p+".any_of", k)
			r.among(q+".name", w, "a hospital class", fl.Name, Classes())
			rule.AnyOf = append(rule.AnyOf, Flag{fl.Name, r.source(q, w, fl.fileSource)})
		}
		if !rule.Open && rule.Closed == "" && len(rule.AnyOf) == 0 {
			r.fail(p, w, "say open, closed or any_of")
		}
		out.Rules = append(out.Rules, rule)
	}
	if len(out.Rules) == 0 {
		r.fail(path, "track "+t.ID, "no rule says who may choose it")
	}
	return out
}

func (r *reader) param(path string, p fileParam, d *Design) param {
	w := "parameter " + p.Key
	spec, known := paramSpecs()[p.Key]
	if !known {
		r.fail(path+".key", w, "unknown parameter%s: `bundlelab designs show team` shows how known ones look", nearest(p.Key, Keys()))
	}
	out := param{key: p.Key, categories: p.Categories, kinds: p.Kinds, classes: p.Classes, tracks: p.Tracks}
	r.scoped(d, path, w, p.Categories)
	for i, k := range p.Kinds {
		r.among(item(path+".kinds", i), w, "a kind", k, kinds())
	}
	for i, c := range p.Classes {
		r.among(item(path+".classes", i), w, "a hospital class", c, Classes())
	}
	if p.Days != "" {
		var ok bool
		if out.from, out.to, ok = lengths(p.Days); !ok {
			r.fail(path+".days", w, "days %q: write a range of lengths such as 0-60", p.Days)
		}
	}
	for i, v := range p.Values {
		q := item(path+".values", i)
		since, through := r.span(q, w, v.Since, v.Through, true)
		x := dated{since, through, v.Value, r.source(q, w, v.fileSource)}
		if i > 0 && x.Since != 0 && out.values[i-1].Since >= x.Since {
			r.fail(q+".since", w, "dates are not in order at %s", v.Since)
		}
		if known {
			if err := spec.check(v.Value); err != nil {
				r.fail(q+".value", w, "%v", err)
			}
		}
		out.values = append(out.values, x)
	}
	if len(out.values) == 0 {
		r.fail(path, w, "no value")
	}
	return out
}

// lengths reads "0-60", a range of episode lengths, both ends in it.
func lengths(v string) (from, to int, ok bool) {
	a, b, _ := strings.Cut(v, "-")
	low, err := strconv.ParseUint(a, 10, 12)
	if err != nil {
		return 0, 0, false
	}
	high, err := strconv.ParseUint(b, 10, 12)
	return int(low), int(high), err == nil && high >= max(1, low)
}
