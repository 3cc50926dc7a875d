package explain

import (
	"fmt"
	"strings"

	"bundlelab/engine"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/tui/draw"
	"bundlelab/tui/screen/designs"
	"bundlelab/tui/session"
)

// Row explains a design in a track: what it pays and by which rules, or why it
// cannot be settled.
func Row(s *session.Session, r *engine.Row) Text {
	x := Text{Title: designs.Title(r)}
	if r.Result == nil {
		x.head("Not settled")
		for _, err := range session.Leaves(r.Err) {
			x.warn(err.Error())
		}
		rules(&x, r, s.Period(r))
		return x
	}
	sum := session.Sum(r.Result)
	x.head(draw.Pays(sum.Net))
	x.pair("net payment", draw.Exact(sum.Net))
	if b := s.Base(session.ID(r)); b != nil {
		x.pair("vs base", draw.Exact(sum.Net-b.Net)+" against "+s.BaseName())
	}
	x.pair("hospital net", draw.Exact(r.Result.HospitalNet)+" after program cost and sharing")
	x.pair("target", sum.Target.Grouped())
	x.pair("spending", sum.Spending.Grouped())
	x.pair("per episode", draw.Exact(sum.PerEpisode)+" over "+draw.Number(sum.Episodes)+" episodes")
	tags(&x, r.Result)
	rules(&x, r, r.Result.Period)
	episodes(&x, s, r.Result)
	assumptions(&x, s)
	warnings(&x, r.Result)
	return x
}

// tags is what each rule moved.
func tags(x *Text, d *engine.DesignResult) {
	var discount, quality, gain, loss, limit money.Cents
	for i := range d.Hospitals {
		t := d.Hospitals[i].Ledger.Tags
		discount, quality, gain, loss, limit = discount+t.Discount, quality+t.Quality, gain+t.StopGain, loss+t.StopLoss, limit+t.Cap
	}
	x.head("What each rule moved")
	x.pair("discount", draw.Exact(discount))
	x.pair("quality", draw.Exact(quality))
	x.pair("stop-gain", draw.Exact(gain))
	x.pair("stop-loss", draw.Exact(loss))
	x.pair("outlier cap", draw.Exact(limit))
}

// rules says which period and track apply, and by which text.
func rules(x *Text, r *engine.Row, p policy.Period) {
	x.head("Rules")
	x.pair("design", r.Design.Title+", "+r.Design.Status)
	if p.ID != "" {
		x.pair("period", fmt.Sprintf("%s, %s to %s (%s, %s)", p.ID, p.Start, p.End, p.Cite, p.Evidence))
	}
	for i := len(r.Track.Rules) - 1; i >= 0; i-- {
		if rule := r.Track.Rules[i]; rule.Since <= p.Start {
			x.pair("track", fmt.Sprintf("%s: %s (%s, %s; from %s)", r.Track.Name, who(rule), rule.Cite, rule.Evidence, rule.Since))
			break
		}
	}
	if r.Design.Note != "" {
		x.pair("note", r.Design.Note)
	}
}

func who(r policy.TrackRule) string {
	switch {
	case r.Open:
		return "open to every hospital"
	case r.Closed != "":
		return r.Closed
	}
	names := make([]string, len(r.AnyOf))
	for i, f := range r.AnyOf {
		names[i] = strings.ReplaceAll(f.Name, "_", " ")
	}
	return "for hospitals that are " + strings.Join(names, ", ")
}

// episodes says what stands under the numbers.
func episodes(x *Text, s *session.Session, d *engine.DesignResult) {
	sum := session.Sum(d)
	x.head("Episodes")
	x.pair("counted", fmt.Sprintf("%s episodes of %s, %s from discharge or procedure", draw.Number(sum.Episodes), draw.Of(len(d.Hospitals), "hospital"), draw.Of(d.EpisodeDays, "day")))
	x.pair("data year", fmt.Sprintf("%d stands for %s", d.DataYear, d.Period.ID))
	x.plain("TEAM assigns an episode to a year by the day the episode ends (42 CFR 512.540(a)(3)); here the end of the anchor stay or procedure decides.")
	if d.Cancelled > 0 {
		x.pair("cancelled", draw.Of(d.Cancelled, "episode")+" dropped out: death in the anchor stay or eligibility lost (42 CFR 512.537(b))")
	}
	if d.CutShort > 0 {
		x.pair("cut short", draw.Of(d.CutShort, "episode")+" observed for fewer days than the length")
	}
	for _, c := range d.Sources {
		x.pair("prices", draw.Of(c.Episodes, "episode")+" from "+sourceWords(c.Source))
	}
	if s.Model().Panel().Synthetic {
		x.warn("SYNTHETIC DATA: every episode is made up.")
	}
}

func sourceWords(name string) string {
	switch name {
	case "cms":
		return "imported CMS target prices"
	case "table":
		return "a regional table at this length"
	case "scaled":
		return "a table at another length, scaled: estimated"
	case "own":
		return "the hospital's own baseline years: assumed"
	}
	return name
}

// assumptions lists what the scenario changes, with the notes it keeps.
func assumptions(x *Text, s *session.Session) {
	items := s.Scenario().Levers.Items()
	x.head("Assumptions of " + s.Scenario().Name)
	if len(items) == 0 {
		x.plain("none: every lever is at the base, " + s.BaseName())
	}
	for _, i := range items {
		key := i.Key.String()
		text := key + " = " + i.Value.Text + " (set by the user"
		if note := s.Scenario().Notes[key]; note != "" {
			text += ": " + note
		}
		x.plain(text + ")")
	}
}

func warnings(x *Text, d *engine.DesignResult) {
	if len(d.Warnings) > 0 {
		x.head("What this rests on")
	}
	for _, w := range d.Warnings {
		x.warn(w)
	}
	x.head("Evidence")
	x.pair("lowest grade", d.Evidence.String())
}
