package policy

import "slices"

// overlaps refuses entries of one parameter between which only their order in
// the file would choose: two for the very same, and two that name as much of a
// scope both can serve, with different values.
func (r *reader) overlaps(d *Design) {
	for i := range d.params {
		for k := range i {
			a, b := &d.params[k], &d.params[i]
			if a.key != b.key || !a.meets(b) {
				continue
			}
			at, w := item("parameter", i), "parameter "+b.key
			switch other := r.src.place(item("parameter", k)); {
			case a.names(b):
				r.fail(at, w, "stands twice for the same: put all its values into the entry at %s", other)
			case a.differs(b):
				r.fail(at, w, "the entry at %s can serve the same episodes with another value: name those of each so that one alone fits", other)
			}
		}
	}
}

// meets says whether some scope fits both entries and neither names more of it.
// A hospital can be of several classes, so lists of classes always meet.
func (p *param) meets(o *param) bool {
	for _, x := range []struct {
		a, b  []string
		apart bool // names of which only one can fit
	}{{p.categories, o.categories, true}, {p.kinds, o.kinds, true}, {p.tracks, o.tracks, true}, {p.classes, o.classes, false}} {
		if (len(x.a) == 0) != (len(x.b) == 0) {
			return false
		}
		common := func(n string) bool { return slices.Contains(x.b, n) }
		if x.apart && len(x.a) > 0 && !slices.ContainsFunc(x.a, common) {
			return false
		}
	}
	return (p.to == 0) == (o.to == 0) && p.from <= o.to && o.from <= p.to
}

// names says whether two entries name the same.
func (p *param) names(o *param) bool {
	same := func(a, b []string) bool {
		return !slices.ContainsFunc(a, func(n string) bool { return !slices.Contains(b, n) }) &&
			!slices.ContainsFunc(b, func(n string) bool { return !slices.Contains(a, n) })
	}
	return same(p.categories, o.categories) && same(p.kinds, o.kinds) && same(p.classes, o.classes) && same(p.tracks, o.tracks) && p.from == o.from && p.to == o.to
}

// differs says whether two entries give different values on any day; none yet
// is a value of its own.
func (p *param) differs(o *param) bool {
	for _, v := range append(slices.Clone(p.values), o.values...) {
		if p.on(v) != o.on(v) {
			return true
		}
	}
	return false
}

// on is the value in force when another begins, "" before the first.
func (p *param) on(at dated) string {
	text := ""
	for _, v := range p.values {
		if v.Since <= at.Since {
			text = v.Value
		}
	}
	return text
}
