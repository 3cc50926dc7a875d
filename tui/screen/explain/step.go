package explain

import (
	"fmt"

	"bundlelab/engine"
	"bundlelab/engine/calendar"
	"bundlelab/tui/draw"
	"bundlelab/tui/session"
)

// parameters are the design's rules behind each ledger line.
func parameters(line string) []string {
	switch line {
	case "benchmark":
		return []string{"baseline.weights", "blend.own", "benchmark.components", "cells", "risk", "scope", "trend.band", "normalization.band"}
	case "discount", "target":
		return []string{"discount", "discount.loss", "quality.tiers", "quality.discount"}
	case "spending":
		return []string{"episode_days", "episode_days.choices", "scope", "cap.high", "cap.low", "cap.keep_above", "cancel.death"}
	case "dead_zone":
		return []string{"discount", "discount.loss"}
	case "low_volume":
		return []string{"low_volume.below", "low_volume.action"}
	case "gain_floor":
		return []string{"gain_floor"}
	case "min_rate":
		return []string{"min_rate", "min_rate.loss", "min_rate.first_dollar"}
	case "share":
		return []string{"gain_share", "loss_share", "quality.effect", "aco.share", "aco.loss_share_min", "aco.loss_share_max"}
	case "quality", "withhold":
		return []string{"quality.effect", "quality.order", "quality.scale", "quality.default", "quality.gain_max", "quality.loss_max", "quality.withhold"}
	case "gate":
		return []string{"quality.effect", "quality.gate", "quality.default"}
	case "stop_limit":
		return []string{"stop_gain", "stop_loss", "limit.base"}
	case "post_episode":
		return []string{"post_episode.days", "post_episode.sd"}
	}
	return others(line)
}

// others are the parameters of what follows the settlement, and of designs
// with a formula of their own.
func others(line string) []string {
	switch line {
	case "overlap":
		return []string{"overlap"}
	case "gainshare":
		return []string{"gainshare.pfs_cap"}
	case "alignment":
		return []string{"alignment.cap", "alignment.cap_one"}
	case "warranty", "price", "complications":
		return []string{"warranty.share", "pac.share", "typical.margin"}
	case "deferral", "conservative", "surgery":
		return []string{"msk.surgery_share", "msk.conservative_cost", "msk.deferral"}
	case "premium", "recovery", "admin", "stop_loss_premium":
		return []string{"capitation.admin", "capitation.stop_loss", "capitation.recovery", "capitation.premium"}
	case "bundle_npra", "bundle_npra_booked":
		return []string{"aco.bundle"}
	}
	return nil
}

// Step explains one ledger line of a row.
func Step(s *session.Session, r *engine.Row, st *session.Step) Text {
	x := Text{Title: st.Label + ", " + session.Name(r)}
	x.head(draw.Exact(st.Amount))
	if st.ID == "net_payment" {
		x.pair("in words", Pays(r.Design, st.Amount))
	}
	if st.Own {
		x.pair("formula", st.Formula)
	} else {
		x.pair("formula", "the sum of "+draw.Of(st.Hospitals, "hospital")+", each settled alone:")
		for _, h := range s.Shares(r, st) {
			x.pair("  "+h.CCN, draw.Exact(h.Amount)+" = "+h.Formula)
		}
	}
	x.pair("rule", st.Cite)
	x.graded("evidence", st.Evidence.String(), st.Evidence)
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
			x.pair(p.Category, text)
		}
	}
	inputs(&x, s, r, parameters(st.ID))
	episodes(&x, s, r.Result)
	assumptions(&x, s)
	warnings(&x, s, r.Result)
	return x
}

// inputs shows each parameter in force with the date it is from, its source
// and grade, and for whom where it differs.
func inputs(x *Text, s *session.Session, r *engine.Row, keys []string) {
	if len(keys) == 0 {
		return
	}
	x.head("Rules of the design behind it")
	inForce(x, s, r, keys)
}

func inForce(x *Text, s *session.Session, r *engine.Row, keys []string) {
	on := r.Result.Period.Start
	for _, key := range keys {
		for i, f := range s.InForce(r, key) {
			label := key
			if i > 0 {
				label = ""
			}
			x.graded(label, found(&f, on), f.Evidence)
		}
	}
}

func found(f *session.Force, on calendar.Day) string {
	text := f.Value
	if f.For != "" {
		text += " for " + f.For
	}
	text += " since " + f.Since.String() + " (" + f.Cite + ", " + f.Evidence.String() + ")"
	if f.Carried {
		text += "; CARRIED FORWARD: not stated for " + on.String()
	}
	if f.Note != "" {
		text += "; " + f.Note
	}
	return text
}

// Category explains one category of a row, hospital by hospital.
func Category(s *session.Session, r *engine.Row, c *session.CategorySum, below int) Text {
	x := Text{Title: c.Category.Title() + " (" + c.Category.String() + "), " + session.Name(r)}
	if c.Between == c.Hospitals {
		x.head("Spending lies between the two targets: nothing is owed")
	} else {
		x.head("Target less spending " + draw.Exact(c.Difference))
	}
	x.graded("evidence", r.Result.Evidence.String()+", the lowest grade this result rests on", r.Result.Evidence)
	x.pair("benchmark", c.Benchmark.Grouped())
	if c.Between == 0 {
		x.pair("discount", draw.Exact(c.Target-c.Benchmark))
		x.pair("target", c.Target.Grouped())
	}
	x.pair("spending", c.Spending.Grouped())
	x.pair("cut by the cap", c.Capped.Grouped()+", already left out of spending")
	x.pair("per episode", draw.Exact(c.PerEpisode)+" over "+draw.Number(c.Episodes)+" episodes")
	x.head("By hospital")
	for _, h := range s.CategoryShares(r, c.Category) {
		text := draw.Exact(h.Target - h.Spending)
		if h.Between {
			text = "spending lies between the two targets, nothing is owed"
		}
		text += fmt.Sprintf("; %s episodes, %s in the baseline years", draw.Number(h.Episodes), draw.Count(h.Baseline))
		if h.Baseline < below {
			text += fmt.Sprintf("; fewer than %d: too few to judge, so no loss is charged", below)
		}
		x.pair(h.CCN, text)
	}
	inputs(&x, s, r, []string{"discount", "low_volume.below"})
	episodes(&x, s, r.Result)
	warnings(&x, s, r.Result)
	return x
}
