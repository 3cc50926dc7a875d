package explain

import (
	"fmt"
	"slices"
	"strings"

	"bundlelab/engine"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/tui/draw"
	"bundlelab/tui/session"
)

// Row explains a design in a track: what it pays and by which rules, or why it
// cannot be settled. What money does not move is kept.
func Row(s *session.Session, r *engine.Row, kept *Kept) Text {
	x := Text{Title: session.Name(r), Lines: make([]Line, 0, 96)} // as many as most designs need
	if r.Result == nil {
		x.head("Not settled")
		if r.Err == nil {
			x.plain("It is being settled.")
			return x
		}
		for _, err := range session.Leaves(r.Err) {
			x.warn(err.Error())
		}
		rules(&x, r, s.Period(r))
		return x
	}
	sum := session.Sum(r.Result)
	x.head(Pays(r.Design, sum.Net))
	x.graded("evidence", r.Result.Evidence.String()+", the lowest grade this result rests on", r.Result.Evidence)
	x.pair("net payment", draw.Exact(sum.Net))
	if b := s.Base(session.ID(r)); b != nil {
		x.pair("vs base", draw.Exact(sum.Net-b.Net)+" against "+s.BaseName())
	}
	if own, ok := session.Own(r); ok {
		x.pair("hospital's own", draw.Exact(own)+" from the bundle inside, after program cost and sharing")
		x.pair("together", draw.Exact(r.Result.HospitalNet)+" the ACO and the hospital")
	} else {
		x.pair("hospital net", draw.Exact(r.Result.HospitalNet)+" after program cost and sharing")
	}
	x.pair("target", sum.Target.Grouped())
	x.pair("spending", sum.Spending.Grouped())
	x.pair("per episode", draw.Exact(sum.PerEpisode)+" over "+draw.Number(sum.Episodes)+" episodes")
	tags(&x, s, r.Result)
	alone(&x, s, r)
	rules(&x, r, r.Result.Period)
	episodes(&x, s, r.Result)
	assumptions(&x, s)
	warnings(&x, s, r.Result)
	x.Lines = append(x.Lines, kept.parameters.Of(s.Asked(r), func() []Line { return inFull(s, r) })...)
	return x
}

// inFull are all parameters of a design.
func inFull(s *session.Session, r *engine.Row) []Line {
	var x Text
	x.head("Every parameter in force")
	x.plain("of " + r.Design.Name + " on " + r.Result.Period.Start.String() + "; ! marks what nobody has confirmed. Levers that override one are listed above.")
	inForce(&x, s, r, keys(r.Design))
	return x.Lines
}

// keys are the parameters a design states, in its order.
func keys(d *policy.Design) []string {
	var out []string
	for _, p := range d.Params() {
		if !slices.Contains(out, p.Key) {
			out = append(out, p.Key)
		}
	}
	return out
}

// tags is what each rule moved.
func tags(x *Text, s *session.Session, d *engine.DesignResult) {
	t := s.Tags(d)
	x.head("What each rule moved (evidence: " + d.Evidence.String() + ")")
	var zone money.Cents // a part of the discount's tag: the rates that set two targets move it
	for _, st := range s.Merged(d) {
		if st.ID == "dead_zone" {
			zone = st.Amount
		}
	}
	if t.Discount != zone || zone == 0 {
		x.pair("discount", draw.Exact(t.Discount-zone))
	}
	if zone != 0 {
		x.pair("between targets", draw.Exact(zone)+": spending lies between the two targets, so nothing is owed")
	}
	x.pair("quality", draw.Exact(t.Quality))
	x.pair("stop-gain", draw.Exact(t.StopGain))
	x.pair("stop-loss", draw.Exact(t.StopLoss))
	x.pair("outlier cap", draw.Exact(t.Cap))
}

// rules says which period and track apply, and by which text.
func rules(x *Text, r *engine.Row, p policy.Period) {
	x.head("Rules")
	x.pair("design", r.Design.Title+", "+r.Design.Status)
	if p.ID != "" {
		x.graded("period", fmt.Sprintf("%s, %s to %s (%s, %s)", p.ID, p.Start, p.End, p.Cite, p.Evidence), p.Evidence)
	}
	for i := len(r.Track.Rules) - 1; i >= 0; i-- {
		if rule := r.Track.Rules[i]; rule.Since <= p.Start {
			x.graded("track", fmt.Sprintf("%s: %s (%s, %s; from %s)", r.Track.Name, who(rule), rule.Cite, rule.Evidence, rule.Since), rule.Evidence)
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
	x.pair("counted", fmt.Sprintf("%s episodes of %s, %s from discharge or procedure", draw.Number(sum.Episodes), draw.Of(d.Sums.Hospitals, "hospital"), draw.Of(d.EpisodeDays, "day")))
	x.pair("categories", counted(s, sum.Categories))
	if d.Counts.Of > 0 {
		x.pair("of the data", fmt.Sprintf("%s of %s of %d count", draw.Count(d.Counts.Episodes), draw.Of(d.Counts.Of, "episode"), d.DataYear))
	}
	x.pair("data year", fmt.Sprintf("%d stands for %s", d.DataYear, d.Period.ID))
	if d.Design == "team" {
		x.plain("TEAM assigns an episode to a year by the day the episode ends (42 CFR 512.540(a)(3)); here the end of the anchor stay or procedure decides.")
	}
	if d.Cancelled > 0 {
		x.pair("cancelled", draw.Of(d.Cancelled, "episode")+" dropped out: death or eligibility lost inside the episode, as the design has it")
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

// counted says which categories of the data a design counts, and which not.
func counted(s *session.Session, have []episode.Category) string {
	var in, out []string
	for _, c := range s.InData() {
		if slices.Contains(have, c) {
			in = append(in, c.String())
		} else {
			out = append(out, c.String())
		}
	}
	text := strings.Join(in, ", ")
	if len(out) > 0 {
		text += "; the data's episodes of " + strings.Join(out, ", ") + " do not count"
	}
	return text
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
	case "blend":
		return "a blend of the hospital's own baseline years and the regional price: assumed"
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

func warnings(x *Text, s *session.Session, d *engine.DesignResult) {
	list := s.Warnings(d)
	if len(list) > 0 {
		x.head("What this rests on")
	}
	for _, w := range list {
		x.warn(w)
	}
}
