package policy

import (
	"fmt"
	"slices"
	"strings"
)

// Formulas are the settlements the program runs; a design file names one.
func Formulas() []string {
	return []string{"retrospective", "prospective", "prometheus", "condition", "capitation", "aco"}
}

// Complete says what a design still lacks before it can settle: a parameter
// that is missing in some period, track and category, a track that nobody
// defined, a formula the program does not have. Parse checks the form of a
// file; this checks that it is whole. The error is a *FileError.
func (d *Design) Complete() error { return faults(d.incomplete()) }

func (d *Design) incomplete() []Problem {
	var all []Problem
	fail := func(path, where, format string, a ...any) {
		all = append(all, d.src.problem(path, where, format, a...))
	}
	if d.Formula != "" && !slices.Contains(Formulas(), d.Formula) {
		fail("formula", "design", "unknown formula %q%s: use one of %s", d.Formula, nearest(d.Formula, Formulas()), strings.Join(Formulas(), ", "))
	}
	tracks := d.TrackIDs()
	for i, p := range d.params {
		for k, t := range p.tracks {
			if !slices.Contains(tracks, t) {
				fail(item(item("parameter", i)+".tracks", k), "parameter "+p.key, "names track %q, which the file does not define%s", t, nearest(t, tracks))
			}
		}
	}
	for i, t := range d.tracks {
		p, w := item("default_track", i), "default_track since "+t.Since.String()
		if !slices.Contains(tracks, t.Track) {
			fail(p+".track", w, "names track %q, which the file does not define%s", t.Track, nearest(t.Track, tracks))
		}
		if t.SmallBelow > 0 && !slices.Contains(tracks, t.SmallTrack) {
			fail(p+".small_track", w, "names track %q, which the file does not define%s", t.SmallTrack, nearest(t.SmallTrack, tracks))
		}
	}
	if len(tracks) == 0 {
		tracks = []string{""}
	}
	missing := map[string]*gap{}
	for i, p := range d.Periods {
		if p.Start == 0 {
			continue // its own fault is told
		}
		for _, t := range tracks {
			d.lacks(missing, i, t)
			d.contradicts(fail, p, t)
		}
		if id, _ := d.DefaultTrack(p.Start, -1); id == "" && len(d.Tracks) > 0 {
			fail(item("period", i), "period "+p.ID, "no default track is in force at its start")
		}
	}
	return append(all, d.gaps(missing)...)
}

// gap is where a needed parameter has no value.
type gap struct {
	period int // the first one
	scopes []string
}

// lacks notes the needed parameters without a value.
func (d *Design) lacks(missing map[string]*gap, period int, track string) {
	p := d.Periods[period]
	effect, _ := d.At("quality.effect", p.Start, Scope{Track: track})
	words := strings.Split(effect.Value, "+")
	for _, key := range Keys() {
		s := paramSpecs()[key]
		if !s.needed && (s.effect == "" || !slices.Contains(words, s.effect)) {
			continue
		}
		scopes := []Scope{{Track: track}}
		if s.byCategory {
			scopes = scopes[:0]
			for _, c := range d.Listed {
				scopes = append(scopes, Scope{Track: track, Category: c.ID})
			}
		}
		for _, scope := range scopes {
			if _, err := d.At(key, p.Start, scope); err == nil {
				continue
			}
			if missing[key] == nil {
				missing[key] = &gap{period: period}
			}
			missing[key].scopes = append(missing[key].scopes, strings.Join(strings.Fields(p.ID+" "+trackWord(track)+" "+scope.Category), " "))
		}
	}
}

func trackWord(track string) string {
	if track == "" {
		return ""
	}
	return "track " + track
}

// gaps says once for every parameter where it has no value.
func (d *Design) gaps(missing map[string]*gap) []Problem {
	var all []Problem
	for _, key := range Keys() {
		g := missing[key]
		if g == nil {
			continue
		}
		path := item("period", g.period)
		if first := slices.IndexFunc(d.params, func(p param) bool { return p.key == key }); first >= 0 {
			path = item("parameter", first)
		}
		if !d.Has(key) {
			all = append(all, d.src.problem(path, "parameter "+key, "missing: no settlement without it; add a [[parameter]] with this key"))
			continue
		}
		const shown = 3
		where := strings.Join(g.scopes[:min(shown, len(g.scopes))], ", ")
		if n := len(g.scopes) - shown; n > 0 {
			where += fmt.Sprintf(" and %d more", n)
		}
		all = append(all, d.src.problem(path, "parameter "+key, "no value for %s", where))
	}
	return all
}

// contradicts reports what a design says against itself.
func (d *Design) contradicts(report func(path, where, format string, a ...any), p Period, track string) {
	fail := func(key, format string, a ...any) {
		i := slices.IndexFunc(d.params, func(x param) bool { return x.key == key })
		report(item("parameter", i), "parameter "+key, "%s, period %s%s", fmt.Sprintf(format, a...), p.ID, strings.TrimRight(", "+trackWord(track), ", "))
	}
	for _, s := range d.priced(track) {
		gain, _, err := d.Rate("discount", p.Start, s)
		loss, _, none := d.Rate("discount.loss", p.Start, s)
		if err == nil && none == nil && loss.Cmp(gain) > 0 {
			fail("discount.loss", "%s is above discount %s for %s: spending between the two targets would be a gain and a loss at once", loss.Percent(), gain.Percent(), s.Category+s.Kind)
		}
	}
	if top, _, err := d.Rate("quality.scale", p.Start, Scope{Track: track}); err == nil {
		for _, key := range []string{"quality.gate", "quality.default"} {
			if score, f, err := d.Rate(key, p.Start, Scope{Track: track}); err == nil && score.Cmp(top) > 0 {
				fail(key, "%s is above the scale's top, %s", f.Value, top.Decimal())
			}
		}
	}
	if pool, err := d.At("pool", p.Start, Scope{Track: track}); err == nil && pool.Value == "category" && d.Formula != "retrospective" {
		fail("pool", "category does not go with formula %s, whose own lines belong to no category", d.Formula)
	}
	tiers, err := d.At("quality.tiers", p.Start, Scope{Track: track})
	rates, none := d.At("quality.discount", p.Start, Scope{Track: track})
	if err == nil && none == nil && strings.Count(rates.Value, "/") != strings.Count(tiers.Value, "/")+1 {
		fail("quality.discount", "%s needs one rate more than quality.tiers %s has edges", rates.Value, tiers.Value)
	}
	low, err := d.At("low_volume.below", p.Start, Scope{Track: track})
	if _, none := d.At("low_volume.action", p.Start, Scope{Track: track}); err == nil && none != nil {
		fail("low_volume.below", "%s stands without low_volume.action", low.Value)
	}
}

// priced are the scopes a discount is looked up for: each category listed,
// and, where others may be settled, each kind.
func (d *Design) priced(track string) []Scope {
	var out []Scope
	for _, c := range d.Listed {
		out = append(out, Scope{Track: track, Category: c.ID})
	}
	if d.Open {
		for _, kind := range kinds() {
			out = append(out, Scope{Track: track, Kind: kind})
		}
	}
	return out
}
