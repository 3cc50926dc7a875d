package explain

import (
	"strings"

	"bundlelab/engine"
	"bundlelab/engine/lever"
	"bundlelab/tui/session"
)

// Lever explains a lever: what it does, where it is set now, what it can be
// and what is known of it. where says for whom it is set.
func Lever(s *session.Session, d *lever.Def, where string) Text {
	k, r := s.Key(d), s.Read(d)
	x := Text{Title: "About this lever: " + d.Title}
	x.head(d.Title + " " + r.Text)
	x.pair("meaning", d.Meaning)
	if why := s.Idle(d); why != "" {
		x.warn("It moves nothing in " + session.Name(s.Row()) + ": " + why + ".")
	}
	if why := s.Stretch(d); why != "" {
		x.warn(d.Title + " " + r.Text + " " + why + ".")
	}
	x.pair("set", where)
	from := "not set: the baseline"
	switch {
	case r.Set:
		from = "set in this scenario"
	case r.From == "base":
		from = "from the base, " + s.BaseName()
	case r.From != "":
		from = "from this scenario's setting for all"
	}
	x.pair("value from", from)
	if c := s.Choices(d); len(c) > 0 {
		x.pair("choices", strings.Join(c, ", "))
	} else {
		x.pair("range", session.Range(d))
	}
	x.pair("unset", d.Baseline)
	if d.Step != "" {
		x.pair("one key press", d.Step)
	}
	if d.Evidence != "" {
		x.pair("known", d.Evidence)
	}
	if d.Likely != "" {
		x.pair("most reached", d.Likely+"; a value beyond it is allowed and flagged")
	}
	if d.Group == "care" {
		x.pair("whole programs", engine.MostSavedSource+"; care levers that together save more are flagged")
	}
	x.pair("in a file", k.String())
	if note := s.Scenario().Notes[k.String()]; note != "" {
		x.pair("your note", note)
	}
	return x
}
