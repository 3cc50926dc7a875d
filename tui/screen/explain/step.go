package explain

import (
	"fmt"

	"bundlelab/engine"
	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/policy"
	"bundlelab/tui/draw"
	"bundlelab/tui/screen/designs"
	"bundlelab/tui/session"
)

// parameters are the design's rules behind each ledger line.
func parameters(line string) []string {
	switch line {
	case "benchmark":
		return []string{"trend.band", "normalization.band", "baseline.weights"}
	case "discount":
		return []string{"discount"}
	case "spending":
		return []string{"cap.percentile", "episode_days"}
	case "low_volume":
		return []string{"low_volume.below"}
	case "quality":
		return []string{"quality.gain_max", "quality.loss_max", "quality.default"}
	case "stop_limit":
		return []string{"stop_gain", "stop_loss"}
	case "post_episode":
		return []string{"post_episode.days", "post_episode.sd"}
	}
	return nil
}

// Step explains one ledger line of a row.
func Step(s *session.Session, r *engine.Row, st *session.Step) Text {
	x := Text{Title: st.Label + ", " + designs.Title(r)}
	x.head(draw.Exact(st.Amount))
	if st.ID == "net_payment" {
		x.pair("in words", draw.Pays(st.Amount))
	}
	if len(st.Shares) == 1 {
		x.pair("formula", st.Formula)
	} else {
		x.pair("formula", "the sum of "+draw.Of(len(st.Shares), "hospital")+", each settled alone:")
		for _, h := range st.Shares {
			x.pair("  "+h.Hospital.CCN, draw.Exact(h.Line.Amount)+" = "+h.Line.Formula)
		}
	}
	x.pair("rule", st.Cite)
	x.pair("evidence", st.Evidence.String())
	if st.Note != "" {
		x.pair("note", st.Note)
	}
	if len(st.Parts) > 0 {
		x.head("By category")
		for _, p := range st.Parts {
			text := draw.Exact(p.Amount)
			if !p.Rate.IsZero() {
				text += " at " + p.Rate.Percent()
			}
			x.pair(p.Category.String(), text)
		}
	}
	inputs(&x, r, parameters(st.ID))
	episodes(&x, s, r.Result)
	assumptions(&x, s)
	warnings(&x, r.Result)
	return x
}

// inputs shows each parameter with the date it is from, its source and grade.
func inputs(x *Text, r *engine.Row, keys []string) {
	if len(keys) == 0 {
		return
	}
	x.head("Rules of the design behind it")
	on := r.Result.Period.Start
	for _, key := range keys {
		if f, err := r.Design.At(key, on, r.Track.ID, 0); err == nil {
			x.pair(key, found(f, on))
			continue
		}
		for _, c := range episode.Categories() {
			if f, err := r.Design.At(key, on, r.Track.ID, c); err == nil {
				x.pair(key, c.String()+" "+found(f, on))
			}
		}
	}
}

func found(f policy.Found, on calendar.Day) string {
	text := fmt.Sprintf("%s since %s (%s, %s)", f.Value, f.Since, f.Cite, f.Evidence)
	if f.Carried {
		text += fmt.Sprintf("; CARRIED FORWARD: not stated for %s", on)
	}
	if f.Note != "" {
		text += "; " + f.Note
	}
	return text
}

// Category explains one category of a row, hospital by hospital.
func Category(s *session.Session, r *engine.Row, c *session.CategorySum, below int) Text {
	x := Text{Title: c.Category.Title() + " (" + c.Category.String() + "), " + designs.Title(r)}
	x.head("Target less spending " + draw.Exact(c.Difference))
	x.pair("benchmark", c.Benchmark.Grouped())
	x.pair("discount", draw.Exact(c.Target-c.Benchmark))
	x.pair("target", c.Target.Grouped())
	x.pair("spending", c.Spending.Grouped())
	x.pair("cut by the cap", c.Capped.Grouped()+", already left out of spending")
	x.pair("per episode", draw.Exact(c.PerEpisode)+" over "+draw.Number(c.Episodes)+" episodes")
	x.head("By hospital")
	for _, h := range c.Shares {
		text := fmt.Sprintf("%s; %s episodes, %s in the baseline years", draw.Exact(h.Target-h.Spending), draw.Number(h.Episodes), draw.Count(h.Baseline))
		if h.Baseline < below {
			text += fmt.Sprintf("; fewer than %d: too few to judge, so no loss is charged", below)
		}
		x.pair(h.Hospital.CCN, text)
	}
	inputs(&x, r, []string{"discount", "low_volume.below"})
	episodes(&x, s, r.Result)
	warnings(&x, r.Result)
	return x
}
