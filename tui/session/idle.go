package session

import (
	"fmt"
	"slices"
	"strings"

	"bundlelab/engine"
	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/policy"
)

// Idle says why a lever cannot move the selected row as it stands, "" when it
// can or when nobody can tell.
func (s *Session) Idle(d *lever.Def) string {
	row := s.Row()
	if row == nil {
		return ""
	}
	if why := s.Elsewhere(d.Group); why != "" {
		return why
	}
	if row.Result == nil {
		return ""
	}
	if c := s.category; d.Scope == lever.PerCategory && c != 0 && !slices.Contains(s.Totals(row).Categories, c) {
		return row.Design.Name + " counts no " + c.String() + " here"
	}
	x := idle{s: s, row: row, terms: s.acting(d, row)}
	switch d.Group {
	case "policy":
		return x.policy(d.Name)
	case "quality":
		return x.quality(d.Name)
	case "market":
		return x.market(d.Name)
	case "program":
		return x.program(d.Name)
	}
	return ""
}

// Elsewhere says that a group's levers act in designs of another formula than
// the selected row's, "" when they can act here.
func (s *Session) Elsewhere(group string) string {
	row := s.Row()
	for _, x := range []struct{ group, kind string }{{"condition", "condition"}, {"capitation", "capitated"}, {"aco", "ACO"}} {
		if row != nil && group == x.group && row.Design.Formula != group {
			return "acts in " + x.kind + " designs"
		}
	}
	return ""
}

// idle asks about one settled row under the terms a lever acts on.
type idle struct {
	s     *Session
	row   *engine.Row
	terms terms
}

// at is a parameter in force for the row, where it is the same for all.
func (x *idle) at(key string) (string, bool) {
	return x.in(key, 0)
}

func (x *idle) in(key string, c episode.Category) (string, bool) {
	t := x.terms
	f, err := t.design.At(key, t.period.Start, policy.Scope{Track: t.track, Category: c.Name(), Days: x.row.Result.EpisodeDays})
	return f.Value, err == nil
}

// is says whether a parameter has a value in every category that counts.
func (x *idle) is(key, want string) bool {
	for _, c := range x.s.Totals(x.row).Categories {
		if v, ok := x.in(key, c); !ok || v != want {
			return false
		}
	}
	return true
}

func (x *idle) policy(name string) string {
	d := x.terms.design
	switch name {
	case "period":
		if len(d.Periods) == 1 {
			return d.Name + " has one period, " + d.Periods[0].ID
		}
	case "track":
		if len(d.Tracks) < 2 {
			return d.Name + " has no tracks to choose from"
		}
	case "stop_loss":
		if x.is("stop_loss", "waived") {
			return strings.TrimSpace(d.Name+" "+trackName(d, x.terms.track)) + " never repays"
		}
	case "cap_percentile", "cap_source":
		if x.is("cap.high", "none") {
			return d.Name + " has no outlier cap"
		}
	}
	return ""
}

func (x *idle) quality(name string) string {
	d := x.terms.design
	effect, _ := x.at("quality.effect")
	switch {
	case effect == "none":
		return d.Name + " pays nothing for quality"
	case name == "gate" && !strings.Contains(effect, "gate"):
		return d.Name + " has no quality gate"
	}
	if name != "cqs" && name != "cjr_cqs" {
		return ""
	}
	if effect == "gate" && !d.Has("quality.gate") {
		return d.Name + " asks only whether the gate is passed"
	}
	scale, _ := x.at("quality.scale")
	switch {
	case name == "cjr_cqs" && scale != "20":
		return d.Name + " scores on another scale"
	case name == "cqs" && scale == "20":
		if _, ok := x.s.now.Levers.Over(x.s.base.levers).Get("quality", "cjr_cqs", x.s.hospital, 0); ok {
			return "the CJR score is set and counts"
		}
	}
	return ""
}

func (x *idle) market(name string) string {
	switch name {
	case "trend_realized":
		if x.is("trend.band", "0%") && x.is("cap.high", "none") {
			return x.row.Design.Name + " takes no realized trend"
		}
	case "normalization_realized":
		if x.is("normalization.band", "0%") {
			return x.row.Design.Name + " takes no realized normalization"
		}
	case "benchmark_level":
		if !slices.ContainsFunc(x.row.Result.Sources, func(c engine.SourceCount) bool { return c.Source != "cms" && c.Source != "table" }) {
			return "no benchmark of this row is estimated"
		}
	}
	return ""
}

func (x *idle) program(name string) string {
	gains, losses := x.row.Result.Sums.Paid, x.row.Result.Sums.Repaying
	switch name {
	case "gainshare", "gainshare_pfs", "convener.gain_share":
		if gains == 0 {
			return "acts on a payment, and nobody is paid in this row"
		}
	case "convener.loss_share", "alignment", "alignment_collaborators":
		if losses == 0 {
			return "acts on a repayment, and nobody repays in this row"
		}
	case "aco_overlap":
		if v, _ := x.at("overlap"); v != "yes" {
			return fmt.Sprintf("%s takes nothing off for an ACO in %s", x.row.Design.Name, x.row.Result.Period.ID)
		}
	case "internal_savings", "lost_margin":
		if !x.s.avoids() {
			return "acts once Readmissions is below 0"
		}
	}
	return ""
}

// avoids says whether readmissions are avoided anywhere.
func (s *Session) avoids() bool {
	for x := range s.now.Levers.Over(s.base.levers).All() {
		if x.Key.Group == "care" && x.Key.Name == "readmissions" && x.Value.Rate.Sign() < 0 {
			return true
		}
	}
	return false
}

// trackName is a track's name in its design, "" for none.
func trackName(d *policy.Design, id string) string {
	t, err := d.Track(id)
	switch {
	case err != nil:
		return ""
	case t.Name != "":
		return t.Name
	}
	return "track " + t.ID
}

// Name is a row's name: "TEAM Track 3".
func Name(r *engine.Row) string {
	switch {
	case r.Track.Name != "":
		return r.Design.Name + " " + r.Track.Name
	case r.Track.ID != "":
		return r.Design.Name + " track " + r.Track.ID
	}
	return r.Design.Name
}
