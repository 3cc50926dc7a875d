package explain

import (
	"bundlelab/engine"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/tui/draw"
	"bundlelab/tui/session"
)

// alone is what each lever does alone and what they do only together, as a sum
// that adds up.
func alone(x *Text, s *session.Session, r *engine.Row) {
	a, ok, stale, err := s.Told(r)
	if !ok {
		return
	}
	head := "What each lever does alone (evidence: " + r.Result.Evidence.String() + ")"
	if stale && (a != nil || err != nil) {
		head = "What each lever does alone (of older levers; being settled)"
	}
	x.head(head)
	switch {
	case err != nil:
		x.warn("It cannot be told: " + session.Brief(err) + ".")
		return
	case a == nil:
		x.plain("It is being settled.")
		return
	}
	w := max(draw.Width(draw.Exact(a.Base)), draw.Width(draw.Exact(a.Between)), draw.Width(draw.Exact(a.Net)))
	for _, e := range a.Alone {
		w = max(w, draw.Width(draw.Exact(e.Net)))
	}
	sum := func(c money.Cents, words string) { x.pair(draw.Right(draw.Exact(c), w), words) }
	sum(a.Base, "net payment without levers")
	for _, e := range a.Alone {
		words := setting(s, e.Setting)
		if e.Why != "" {
			words += ": does not settle alone, so it counts in the interaction"
		}
		sum(e.Net, words)
	}
	sum(a.Between, "interaction: total less the sum of each alone")
	sum(a.Net, "net payment with all levers")
	for _, note := range a.Notes() {
		x.plain(note + ".")
	}
}

// setting is a lever with its value and what it is set for, in words.
func setting(s *session.Session, x lever.Setting) string {
	out := x.Key.String() + " = " + x.Value.Text
	for i := range s.Defs() {
		if d := &s.Defs()[i]; d.Group == x.Key.Group && d.Name == x.Key.Name {
			out = d.Title + " " + session.Show(d, x.Value)
		}
	}
	if x.Key.Category != 0 {
		out += ", " + x.Key.Category.String()
	}
	if x.Key.Hospital != "" {
		out += ", hospital " + x.Key.Hospital
	}
	return out
}
