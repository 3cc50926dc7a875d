package totals

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"bundlelab/engine/policy"
	"bundlelab/engine/quality"
	"bundlelab/engine/settle"
)

// builder makes a composite score of a design's measures.
type builder func(st *statement, rows []measured) (quality.Score, error)

// measured is one row of quality.measures.
type measured struct {
	policy.Measure
	field    string
	score    *decimal.Decimal // 0..100; nil without a result
	before   *decimal.Decimal // the year before
	episodes decimal.Decimal
	given    bool // episodes stand there
	reported bool // data handed in
}

// builder is how the design's composite is made, nil when no rule for it is
// built in: a design of the user's own takes the score itself.
func (st *statement) builder() builder {
	switch {
	case len(st.measures()) == 0:
		return nil
	case st.design.ID == "team", st.design.ID == "team-proposed":
		return teamScore
	case st.design.ID == "bpcia":
		return bpciaScore
	case st.design.ID == "cjr":
		return cjrScore
	}
	return nil
}

// measures are those in force when the period begins.
func (st *statement) measures() []policy.Measure {
	var out []policy.Measure
	for _, m := range st.design.Measures {
		if m.Since <= st.period.Start && (m.Through == 0 || st.period.Start <= m.Through) {
			out = append(out, m)
		}
	}
	return out
}

// quality reads the score: given, built from measures, or, where a gate is all
// the design asks, whether it is passed.
func (r *reader) quality(st *statement, m map[string]any) {
	keys := []string{"cqs"}
	if st.at("quality.effect") == "gate" {
		keys = append(keys, "gate")
	}
	build := st.builder()
	if build != nil {
		keys = append(keys, "measures")
	}
	byTeam := st.design.Formula == "prometheus"
	if byTeam {
		keys = append(keys, "own", "team")
	}
	r.known("quality", m, keys...)
	if byTeam {
		r.byTeam(st, m)
	}
	if v, ok := m["cqs"]; ok {
		st.scored = true
		st.input.CQS = r.number("quality.cqs", v)
		if top := st.scale(); st.input.CQS.GreaterThan(top) {
			r.fail("quality.cqs", "%s is outside 0 to %s", st.input.CQS, top)
		}
	}
	if v, ok := m["gate"]; ok && slices.Contains(keys, "gate") {
		open := r.flag("quality.gate", v)
		st.input.Gate = &open
		if st.scored {
			st.warn("quality.cqs is not used: quality.gate says whether the gate is passed")
		}
	}
	v, ok := m["measures"]
	switch {
	case !ok || build == nil:
	case st.scored:
		r.fail("quality", "give either cqs, the score itself, or measures, of which it is built")
	default:
		r.measures(st, v, build)
	}
}

// byTeam weighs a provider's own score and that of all providers of the
// episode.
func (r *reader) byTeam(st *statement, m map[string]any) {
	own, hasOwn := m["own"]
	team, hasTeam := m["team"]
	_, both := m["cqs"]
	switch {
	case !hasOwn && !hasTeam:
	case both || hasOwn != hasTeam:
		r.fail("quality", "give either cqs, the score itself, or own and team, of which it is built")
	default:
		a, b := r.number("quality.own", own), r.number("quality.team", team)
		if top := st.scale(); a.GreaterThan(top) || b.GreaterThan(top) {
			r.fail("quality", "own %s or team %s is outside 0 to %s", a, b, top)
			return
		}
		st.input.CQS, st.scored = settle.TeamScore(a, b), true
	}
}

func (r *reader) measures(st *statement, v any, build builder) {
	var rows []measured
	before := len(r.why)
	for i, m := range r.rows("quality.measures", v, len(st.design.Measures)) {
		if m != nil {
			rows = append(rows, r.measure(st, fmt.Sprintf("quality.measures[%d]", i), m, rows))
		}
	}
	if len(r.why) > before {
		return
	}
	s, err := build(st, rows)
	if err != nil {
		r.fail("quality.measures", "%v", err)
		return
	}
	st.score = &s
}

func (r *reader) measure(st *statement, field string, m map[string]any, before []measured) measured {
	x := measured{field: field}
	id := r.text(field+".id", m["id"], true)
	var ids []string
	found := false
	for _, have := range st.measures() {
		ids = append(ids, have.ID)
		if have.ID == id {
			x.Measure, found = have, true
		}
	}
	if id != "" && !found {
		r.fail(field+".id", "%q is not a measure of design %s in %s: use %s", id, st.design.ID, st.period.ID, strings.Join(ids, ", "))
	}
	if found && slices.ContainsFunc(before, func(o measured) bool { return o.ID == id }) {
		r.fail(field+".id", "%s stands twice", id)
	}
	keys := []string{"id", "score", "episodes"}
	switch {
	case x.MaxPoints != "" && id == "pro":
		keys = []string{"id", "reported"}
	case x.MaxPoints != "":
		keys = []string{"id", "score", "before"}
	}
	r.known(field, m, keys...)
	percentile := func(key string) *decimal.Decimal {
		v, ok := m[key]
		if !ok || !slices.Contains(keys, key) {
			return nil
		}
		d := r.number(field+"."+key, v)
		if d.GreaterThan(decimal.New(100, 0)) {
			r.fail(field+"."+key, "%s is outside 0 to 100", d)
		}
		return &d
	}
	x.score, x.before = percentile("score"), percentile("before")
	if v, ok := m["episodes"]; ok {
		x.episodes, x.given = r.episodes(field+".episodes", v), true
	}
	if v, ok := m["reported"]; ok && slices.Contains(keys, "reported") {
		x.reported = r.flag(field+".reported", v)
	}
	return x
}

// weighted are the rows with the episodes each weighs; without a count those
// of the measure's categories in this statement stand in.
func (st *statement) weighted(rows []measured) []quality.Measured {
	counts := make([]quality.Episodes, len(st.input.Categories))
	for i, c := range st.input.Categories {
		counts[i] = quality.Episodes{Category: c.Name, Inpatient: c.Episodes}
	}
	out := make([]quality.Measured, len(rows))
	for i, x := range rows {
		n := x.episodes
		if !x.given {
			n = quality.Volume(counts, x.Categories, quality.Anywhere)
			words := ""
			if x.InpatientOnly {
				words = "; only inpatient episodes count, and the statement does not tell them apart"
			}
			st.warn("%s.episodes is not given: %s episodes of this statement are used%s", x.field, n, words)
		}
		out[i] = quality.Measured{ID: x.ID, Title: x.Title, Scaled: x.score, Episodes: n, Evidence: x.Evidence}
	}
	for _, m := range st.measures() {
		if !slices.ContainsFunc(rows, func(x measured) bool { return x.ID == m.ID }) {
			st.warn("quality.measures: %s is not listed, so it takes no part", m.ID)
		}
	}
	return out
}

// teamScore takes the rule in force from fiscal year 2026 for a measure
// without a result, in every performance year.
func teamScore(st *statement, rows []measured) (quality.Score, error) {
	return quality.Team(st.weighted(rows), quality.Neutral)
}

func bpciaScore(st *statement, rows []measured) (quality.Score, error) {
	return quality.BPCIA(st.weighted(rows))
}

// cjrScore builds the points; a measure that is left out has no value, and
// data not said to be handed in were not.
func cjrScore(_ *statement, rows []measured) (quality.Score, error) {
	var m quality.CJRMeasures
	for _, x := range rows {
		p := quality.Percentiles{Now: x.score, Before: x.before}
		switch x.ID {
		case "complications":
			m.Complications = p
		case "hcahps":
			m.Experience = p
		case "pro":
			m.Reported = x.reported
		}
	}
	return quality.CJR(m)
}
