// Package totals reads a statement of given totals, JSON or TOML with the same
// keys, and settles it: what `bundlelab settle` does.
package totals

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/shopspring/decimal"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/settle"
)

// Schema is the schema key of a statement.
const Schema = "bundlelab.settle/1"

// InputError lists what is wrong in a statement (exit code 3).
type InputError struct {
	File string
	Why  []string
}

func (e *InputError) Error() string { return e.File + ": " + strings.Join(e.Why, "\n"+e.File+": ") }

// Settlement is a settled statement.
type Settlement struct {
	Design *policy.Design
	Period policy.Period
	Track  string
	Ledger settle.Ledger
}

// Settle reads and settles a statement. Errors: *InputError,
// *policy.NotFoundError, *policy.PeriodError, *policy.TrackError,
// *policy.IneligibleError.
func Settle(name string, b []byte, designs *policy.Set) (*Settlement, error) {
	tree, err := decode(name, b)
	if err != nil {
		return nil, err
	}
	r := &reader{file: name}
	st := r.statement(tree)
	if len(r.why) > 0 {
		return nil, &InputError{name, r.why}
	}
	d, err := designs.Get(st.design)
	if err != nil {
		return nil, err
	}
	p, err := d.Period(st.period)
	if err != nil {
		return nil, err
	}
	for _, c := range st.input.Categories {
		if !d.Covers(c.Category) {
			return nil, &InputError{name, []string{fmt.Sprintf("categories: design %s does not cover %s", d.ID, c.Category)}}
		}
	}
	track := st.track
	if track == "" {
		track, _ = d.DefaultTrack(p.Start, st.baseline())
	} else if _, err = d.Eligible(track, p, st.class); err != nil {
		return nil, err
	}
	t, err := settle.ResolveRules(d, p, track)
	if err != nil {
		return nil, err
	}
	if !st.scored {
		st.input.CQS, st.input.CQSEvidence = t.QualityDefault.Rate.Decimal(), t.QualityDefault.Evidence
	}
	l := settle.Settle(&t, &st.input)
	if !st.scored {
		l.Warnings = append(l.Warnings, "quality.cqs is not given: "+st.input.CQS.String()+" is used (assumed)")
	}
	return &Settlement{d, p, track, l}, nil
}

type statement struct {
	design, period, track string
	class                 policy.Class
	input                 settle.Input
	scored                bool
}

func (s *statement) baseline() int {
	n := 0
	for _, c := range s.input.Categories {
		if c.Baseline < 0 {
			return -1
		}
		n += c.Baseline
	}
	return n
}

// reader walks the tree and collects what is wrong with it.
type reader struct {
	file string
	why  []string
}

func (r *reader) fail(field, format string, a ...any) {
	r.why = append(r.why, field+": "+fmt.Sprintf(format, a...))
}

func (r *reader) known(field string, m map[string]any, keys ...string) {
	var extra []string
	for k := range m {
		if !slices.Contains(keys, k) {
			extra = append(extra, k)
		}
	}
	sort.Strings(extra)
	for _, k := range extra {
		r.fail(strings.TrimPrefix(field+"."+k, "."), "unknown key: use %s", strings.Join(keys, ", "))
	}
}

func (r *reader) text(field string, v any, needed bool) string {
	s, ok := v.(string)
	if v == nil && !needed {
		return ""
	}
	if !ok || s == "" {
		r.fail(field, "text is needed here")
	}
	return s
}

func (r *reader) cents(field string, v any) money.Cents {
	s, ok := v.(string)
	if !ok {
		r.fail(field, `write the amount as text with two decimals, "1500000.00", so that it stays exact`)
		return 0
	}
	c, err := money.ParseCents(s)
	switch {
	case err != nil:
		r.fail(field, "%v", err)
	case c < 0:
		r.fail(field, "%s is negative", s)
	}
	return c
}

func (r *reader) number(field string, v any) decimal.Decimal {
	var d decimal.Decimal
	var err error
	switch x := v.(type) {
	case json.Number:
		d, err = decimal.NewFromString(x.String())
	case string:
		d, err = decimal.NewFromString(x)
	case int64:
		d = decimal.New(x, 0)
	default:
		r.fail(field, "a number is needed here")
		return d
	}
	if err != nil || d.IsNegative() || d.Exponent() < -6 {
		r.fail(field, "%v is not a number of at least zero", v)
	}
	return d
}

func (r *reader) table(field string, v any) map[string]any {
	if v == nil {
		return nil
	}
	m, ok := v.(map[string]any)
	if !ok {
		r.fail(field, "a table of keys is needed here")
	}
	return m
}

func (r *reader) statement(m map[string]any) statement {
	r.known("", m, "schema", "design", "period", "track", "hospital", "categories", "quality", "post_episode")
	if s := r.text("schema", m["schema"], true); s != Schema && s != "" {
		r.fail("schema", "%q: this program reads %q", s, Schema)
	}
	st := statement{design: r.text("design", m["design"], true), period: r.text("period", m["period"], true), track: r.text("track", m["track"], false)}
	st.class = policy.Class{}
	h := r.table("hospital", m["hospital"])
	flags := []string{"safety_net", "rural", "sch", "mdh", "each", "rrc"}
	r.known("hospital", h, flags...)
	for _, f := range flags {
		if v, ok := h[f]; ok {
			yes, isBool := v.(bool)
			if !isBool {
				r.fail("hospital."+f, "write true or false")
			}
			st.class[f] = yes
		}
	}
	q := r.table("quality", m["quality"])
	r.known("quality", q, "cqs")
	if v, ok := q["cqs"]; ok {
		st.scored = true
		st.input.CQS = r.number("quality.cqs", v)
		if st.input.CQS.GreaterThan(decimal.New(100, 0)) {
			r.fail("quality.cqs", "%s is outside 0 to 100", st.input.CQS)
		}
	}
	if v, ok := m["post_episode"]; ok {
		st.input.PostEpisode = r.cents("post_episode", v)
	}
	st.input.Categories = r.categories(m["categories"])
	return st
}

func (r *reader) categories(v any) []settle.Category {
	list, ok := v.([]any)
	if !ok || len(list) == 0 {
		r.fail("categories", "a list of at least one category is needed")
		return nil
	}
	var out []settle.Category
	for i, x := range list {
		field := fmt.Sprintf("categories[%d]", i)
		m := r.table(field, x)
		if m == nil {
			r.fail(field, "a table of keys is needed here")
			continue
		}
		c := r.category(field, m)
		if slices.ContainsFunc(out, func(o settle.Category) bool { return o.Category == c.Category }) {
			r.fail(field+".category", "%s stands twice: add its totals up", c.Category)
		}
		out = append(out, c)
	}
	return out
}

func (r *reader) category(field string, m map[string]any) settle.Category {
	r.known(field, m, "category", "episodes", "baseline_episodes", "benchmark", "target", "spending")
	c := settle.Category{Baseline: -1}
	if s := r.text(field+".category", m["category"], true); s != "" {
		var err error
		if c.Category, err = episode.ParseCategory(s); err != nil {
			r.fail(field+".category", "%v", err)
		}
	}
	if v, ok := m["episodes"]; ok {
		c.Episodes = r.number(field+".episodes", v)
	}
	if v, ok := m["baseline_episodes"]; ok {
		n := r.number(field+".baseline_episodes", v)
		if !n.IsInteger() || n.GreaterThan(decimal.New(10_000_000, 0)) {
			r.fail(field+".baseline_episodes", "%s is not a whole number of episodes", n)
		}
		c.Baseline = int(n.IntPart())
	}
	b, hasB := m["benchmark"]
	t, hasT := m["target"]
	switch {
	case hasB == hasT:
		r.fail(field, "give exactly one of benchmark (before discount) and target (after discount)")
	case hasB:
		c.Benchmark = r.cents(field+".benchmark", b)
	default:
		c.Target, c.Given = r.cents(field+".target", t), true
	}
	c.Spending = r.cents(field+".spending", m["spending"])
	c.Uncapped = c.Spending
	return c
}
