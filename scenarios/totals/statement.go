package totals

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/quality"
	"bundlelab/engine/settle"
)

// statement is what was read, before the design's terms are laid on it.
type statement struct {
	design  *policy.Design
	period  policy.Period
	refused error // what a rule forbids: period, track
	track   string
	class   policy.Class
	days    int
	levers  lever.Set // the user's own terms
	input   settle.Input
	lists   []list // spending given episode by episode
	scored  bool
	score   *quality.Score

	contract contract              // nil for a retrospective design
	given    map[string]money.Rate // terms of the user's own that no lever has
	cases    decimal.Decimal       // what is paid per episode counts these
	final    bool                  // the score is in a rate the user gave
	warnings []string
	notes    map[string]string // by ledger line
}

func (st *statement) warn(format string, a ...any) {
	st.warnings = append(st.warnings, fmt.Sprintf(format, a...))
}

func (st *statement) note(line, format string, a ...any) {
	st.notes[line] = strings.TrimSpace(st.notes[line] + " " + fmt.Sprintf(format, a...))
}

// at is a parameter of the design in the statement's period, "" when it states
// none.
func (st *statement) at(key string) string {
	f, err := st.design.At(key, st.period.Start, st.scope())
	if err != nil {
		return ""
	}
	return f.Value
}

// keys are the top-level keys a statement of this design takes.
func (st *statement) keys() []string {
	keys := []string{"schema", "design", "period", "track", "hospital"}
	keys = append(keys, st.totals()...)
	if st.design.Has("episode_days.choices") {
		keys = append(keys, "episode_days")
	}
	if st.design.Has("overlap") {
		keys = append(keys, "aco_overlap")
	}
	if st.twoThresholds() || st.at("limit.base") == "reimbursement" {
		keys = append(keys, "reimbursement")
	}
	return append(keys, "quality", "post_episode", "program", "terms")
}

// twoThresholds says whether the design compares an average with thresholds,
// as the states' episodes do.
func (st *statement) twoThresholds() bool { return st.design.Has("gain_floor") }

func (r *reader) statement(m map[string]any, d *policy.Design) *statement {
	st := &statement{design: d, class: policy.Class{}, notes: map[string]string{}, given: map[string]money.Rate{}}
	r.period(st, m["period"])
	h := r.table("hospital", m["hospital"])
	r.known("hospital", h, policy.Classes()...)
	for _, f := range policy.Classes() {
		if v, ok := h[f]; ok {
			st.class[f] = r.flag("hospital."+f, v)
		}
	}
	if st.track = r.text("track", m["track"], false); st.track != "" && st.refused == nil {
		_, st.refused = d.Eligible(st.track, st.period, st.class)
	}
	keys := st.keys()
	r.known("", m, keys...)
	if slices.Contains(keys, "episode_days") {
		r.days(st, m["episode_days"])
	}
	r.totals(st, m)
	if st.track == "" {
		var s policy.Source
		if st.track, s = d.DefaultTrack(st.period.Start, st.baseline()); s.Evidence == policy.Assumed && st.contract == nil {
			st.warn("track is not given: %s is used (assumed)", st.track)
		}
	}
	r.hold(st)
	r.quality(st, r.table("quality", m["quality"]))
	st.input.PostEpisode = r.maybe("", m, "post_episode")
	if v, ok := m["reimbursement"]; ok && slices.Contains(keys, "reimbursement") {
		if st.input.Reimbursement != nil {
			r.fail("reimbursement", "it stands beside the reimbursement of a category: give one of them")
		}
		r.reimbursed(st, "reimbursement", v)
	}
	if st.input.Reimbursement != nil && st.at("limit.base") != "reimbursement" {
		st.warn("reimbursement: no limit of design %s is a share of it, so it is not used", d.ID)
	}
	if v, ok := m["aco_overlap"]; ok && slices.Contains(keys, "aco_overlap") {
		r.overlap(st, v)
	}
	r.program(st, r.table("program", m["program"]))
	r.terms(st, r.table("terms", m["terms"]))
	return st
}

// period finds the period; a design with only one needs no word about it.
func (r *reader) period(st *statement, v any) {
	st.period = st.design.Periods[0]
	if v == nil && len(st.design.Periods) == 1 {
		return
	}
	id, ok := v.(string)
	if !ok || id == "" {
		r.fail("period", "text is needed here: one of %s", strings.Join(st.design.PeriodIDs(), ", "))
		return
	}
	p, err := st.design.Period(id)
	if err != nil {
		st.refused = err
		return
	}
	st.period = p
}

// days reads the episode length of a design that offers several.
func (r *reader) days(st *statement, v any) {
	text := st.at("episode_days.choices")
	choices, err := policy.Lengths(text)
	if err != nil {
		return // none in this period
	}
	if v == nil {
		st.warn("episode_days is not given: %s is used (assumed)", st.at("episode_days"))
		return
	}
	if st.days = r.count("episode_days", v); !slices.Contains(choices, st.days) {
		r.fail("episode_days", "%d is not a length of this design: use %s", st.days, text)
		st.days = 0
	}
}

// baseline counts the hospital's baseline episodes, -1 when unknown.
func (st *statement) baseline() int {
	if len(st.input.Categories) == 0 {
		return -1
	}
	n := 0
	for _, c := range st.input.Categories {
		if c.Baseline < 0 {
			return -1
		}
		n += c.Baseline
	}
	return n
}

// overlap is what the settlement takes off because an ACO was paid out of the
// discount, where the period has such a rule.
func (r *reader) overlap(st *statement, v any) {
	c := r.cents("aco_overlap", v)
	if st.at("overlap") == policy.Yes {
		st.input.Overlap = c
		return
	}
	if c != 0 {
		st.warn("aco_overlap of %s is not taken off: design %s has no such adjustment in %s", c.Grouped(), st.design.ID, st.period.ID)
	}
}

// ownTerms are the terms a statement may set: those of the policy levers, and
// those of a formula of the design's own.
func (st *statement) ownTerms() (levers, rates []string) {
	levers = []string{"discount", "stop_gain", "stop_loss"}
	switch st.design.Formula {
	case "prospective", "aco": // the price, or the benchmark, is given whole
		levers = levers[1:]
	case "prometheus":
		rates = []string{"margin", "pac_share", "withhold"}
	case "condition", "capitation":
		rates = []string{"gain_share", "loss_share", "min_rate"}
	}
	return levers, rates
}

// terms are settlement terms of the user's own, over those of the design.
func (r *reader) terms(st *statement, m map[string]any) {
	levers, rates := st.ownTerms()
	r.known("terms", m, append(slices.Clone(levers), rates...)...)
	for _, name := range rates {
		if v, ok := m[name]; ok {
			st.given[name] = r.rate("terms."+name, v, 1)
		}
	}
	for _, name := range levers {
		v, ok := m[name]
		if !ok {
			continue
		}
		s, ok := v.(string)
		if !ok {
			r.fail("terms."+name, `a rate is needed here, as text: "2.0%%" or "0.02"`)
			continue
		}
		next, err := st.levers.With("policy."+name, s)
		var out *lever.RangeError
		switch {
		case errors.As(err, &out):
			r.fail("terms."+name, "%q: %s", s, out.Why)
		case err != nil:
			r.fail("terms."+name, "%v", err)
		}
		st.levers = next
	}
	st.idleTerms(m)
}

// idleTerms says which of the user's terms cannot act.
func (st *statement) idleTerms(m map[string]any) {
	if _, ok := m["stop_loss"]; ok && st.at("stop_loss") == policy.Waived {
		st.warn("terms.stop_loss is not used: losses are waived here")
	}
	if _, ok := m["discount"]; ok {
		for i, c := range st.input.Categories {
			if c.Given || c.Thresholds != nil {
				st.warn("terms.discount does not touch categories[%d], %s: its target is given", i, c.Name)
			}
		}
	}
}

// program is what the hospital spends and shares outside the settlement, by
// the names of the program levers.
func (r *reader) program(st *statement, m map[string]any) {
	r.known("program", m, "fixed_cost", "cost_per_episode", "gainshare", "gainshare_pfs", "alignment", "alignment_collaborators", "convener")
	c := r.table("program.convener", m["convener"])
	r.known("program.convener", c, "gain_share", "loss_share", "fee", "fee_per_episode", "guarantee", "fees_first")
	rate := func(field string, m map[string]any, key string) money.Rate {
		if v, ok := m[key]; ok {
			return r.rate(field+key, v, 1)
		}
		return money.Rate{}
	}
	p := &st.input.Program
	p.FixedCost, p.PerEpisode = r.maybe("program.", m, "fixed_cost"), r.maybe("program.", m, "cost_per_episode")
	p.Gainshare, p.PFS, p.Alignment = rate("program.", m, "gainshare"), r.maybe("program.", m, "gainshare_pfs"), rate("program.", m, "alignment")
	if v, ok := m["alignment_collaborators"]; ok {
		p.Collaborators = r.count("program.alignment_collaborators", v)
	}
	p.ConvenerGain, p.ConvenerLoss = rate("program.convener.", c, "gain_share"), rate("program.convener.", c, "loss_share")
	p.ConvenerFee, p.ConvenerGuarantee = rate("program.convener.", c, "fee"), rate("program.convener.", c, "guarantee")
	p.ConvenerPerEpisode = r.maybe("program.convener.", c, "fee_per_episode")
	if v, ok := c["fees_first"]; ok {
		p.FeesFirst = r.flag("program.convener.fees_first", v)
	}
	n := st.cases
	for i := range st.input.Categories {
		n = n.Add(st.input.Categories[i].Episodes)
	}
	r.times("program.cost_per_episode", p.PerEpisode, n)
	r.times("program.convener.fee_per_episode", p.ConvenerPerEpisode, n)
	if n.IsZero() && (p.PerEpisode != 0 || p.ConvenerPerEpisode != 0) {
		st.warn("program: episodes are not given, so what is paid per episode comes to nothing")
	}
}

// number of the design's scale: 100, or 20 in CJR.
func (st *statement) scale() decimal.Decimal {
	if d, err := decimal.NewFromString(st.at("quality.scale")); err == nil {
		return d
	}
	return decimal.New(100, 0)
}
