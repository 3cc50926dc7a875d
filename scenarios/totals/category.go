package totals

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/shopspring/decimal"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/settle"
)

// longestName is the longest name of a category the design does not list.
const longestName = 60

// categoryKeys are the keys of one category of a retrospective design.
func (st *statement) categoryKeys() []string {
	keys := []string{"category", "episodes", "baseline_episodes", "benchmark", "target", "spending"}
	if st.design.Open {
		keys = append(keys, "kind")
	}
	if st.at("benchmark.factors") == "sbs_pcma_pat" {
		keys = append(keys, "components")
	}
	if st.design.Has("cap.keep_above") {
		keys = append(keys, "episode_spending", "outlier_low", "outlier_high")
	}
	if st.twoThresholds() {
		keys = append(keys, "thresholds", "reimbursement")
	}
	return keys
}

// kinds says whether the design's discount differs by kind of category in the
// period.
func (st *statement) kinds() bool {
	rate := func(kind string) string {
		f, err := st.design.At("discount", st.period.Start, policy.Scope{Track: st.track, Kind: kind, Days: st.days})
		if err != nil || f.Carried {
			return "of no kind"
		}
		return f.Value
	}
	return rate("medical") != rate("") || rate("surgical") != rate("")
}

func (r *reader) categories(st *statement, v any) {
	keys := st.categoryKeys()
	for i, m := range r.rows("categories", v, mostCategories) {
		if m == nil {
			continue
		}
		field := fmt.Sprintf("categories[%d]", i)
		r.known(field, m, keys...)
		c := r.category(st, field, m)
		if slices.ContainsFunc(st.input.Categories, func(o settle.Category) bool { return o.Name == c.Name }) {
			r.fail(field+".category", "%s stands twice: add its totals up", c.Name)
		}
		st.input.Categories = append(st.input.Categories, c)
	}
}

func (r *reader) category(st *statement, field string, m map[string]any) settle.Category {
	c := settle.Category{Baseline: -1}
	c.Name, c.Kind = r.name(st, field, m)
	if v, ok := m["episodes"]; ok {
		c.Episodes = r.episodes(field+".episodes", v)
	}
	if v, ok := m["baseline_episodes"]; ok {
		c.Baseline = r.count(field+".baseline_episodes", v)
	}
	r.price(st, field, m, &c)
	list, listed := m["episode_spending"]
	if listed {
		st.lists = append(st.lists, r.list(field, m, list, len(st.input.Categories)))
	}
	if v, ok := m["spending"]; ok || !listed {
		c.Spending = r.cents(field+".spending", v)
	}
	c.Uncapped = c.Spending
	if v, ok := m["reimbursement"]; ok && st.twoThresholds() {
		r.reimbursed(st, field+".reimbursement", v)
	}
	return c
}

// reimbursed adds what a provider was paid: the base of a limit that is a
// share of it, for all categories or of each.
func (r *reader) reimbursed(st *statement, field string, v any) {
	c := r.cents(field, v)
	if st.input.Reimbursement != nil {
		c += *st.input.Reimbursement
	}
	st.input.Reimbursement = &c
}

// name is which clinical episode it is, and its kind where the design does not
// say: of a category it lists, the kind given counts, and is remarked on.
func (r *reader) name(st *statement, field string, m map[string]any) (name, kind string) {
	name = r.text(field+".category", m["category"], true)
	if v, ok := m["kind"]; ok && st.design.Open {
		if kind = r.text(field+".kind", v, true); kind != "" && kind != "medical" && kind != "surgical" {
			r.fail(field+".kind", "%q is no kind: use medical, surgical", kind)
		}
	}
	listed, ok := st.design.List(name)
	switch {
	case name == "":
	case ok && kind != "" && listed.Kind != "" && kind != listed.Kind:
		st.warn("%s.kind: design %s lists %s as %s; %s, as given, counts", field, st.design.ID, name, listed.Kind, kind)
	case ok:
	case !st.design.Open:
		ids := make([]string, len(st.design.Listed))
		for i, c := range st.design.Listed {
			ids[i] = c.ID
		}
		r.fail(field+".category", "%q is not a category of design %s: use %s", name, st.design.ID, strings.Join(ids, ", "))
	case len([]rune(name)) > longestName || strings.ContainsFunc(name, func(c rune) bool { return !unicode.IsPrint(c) }):
		r.fail(field+".category", "a name of at most %d printable characters is needed", longestName)
	case kind == "" && st.kinds():
		r.fail(field+".kind", "design %s does not list %s: say medical or surgical", st.design.ID, name)
	}
	return name, kind
}

// price reads what spending is held against: exactly one of the ways to give
// it (ruling 45).
func (r *reader) price(st *statement, field string, m map[string]any, c *settle.Category) {
	ways := []string{"benchmark", "target"}
	for _, k := range []string{"components", "thresholds"} {
		if slices.Contains(st.categoryKeys(), k) {
			ways = append(ways, k)
		}
	}
	ways = slices.DeleteFunc(ways, func(k string) bool { _, ok := m[k]; return !ok })
	if len(ways) != 1 {
		text := "give exactly one of benchmark (before discount) and target (after discount)"
		if st.twoThresholds() {
			text = "give exactly one of thresholds (per episode), benchmark (before discount) and target (after discount)"
		} else if st.at("benchmark.factors") == "sbs_pcma_pat" {
			text = "give exactly one of benchmark (before discount), components (whose product it is) and target (after discount)"
		}
		r.fail(field, "%s", text)
		return
	}
	switch ways[0] {
	case "benchmark":
		c.Benchmark = r.cents(field+".benchmark", m["benchmark"])
	case "target":
		c.Target, c.Given = r.cents(field+".target", m["target"]), true
	case "thresholds":
		r.thresholds(field, m, c)
	case "components":
		r.components(st, field, m, c)
	}
}

// thresholds are per episode; all the episodes' are rounded once.
func (r *reader) thresholds(field string, m map[string]any, c *settle.Category) {
	at := field + ".thresholds"
	t := r.table(at, m["thresholds"])
	names := []string{"commendable", "acceptable", "gain_limit"}
	r.known(at, t, names...)
	if _, ok := m["episodes"]; !ok {
		r.fail(field+".episodes", "a number is needed here: thresholds are per episode")
	}
	per := map[string]money.Cents{}
	for _, n := range names {
		if v, ok := t[n]; ok || n != "gain_limit" {
			per[n] = r.cents(at+"."+n, v)
		}
	}
	if per["commendable"] > per["acceptable"] {
		r.fail(at, "commendable %s is above acceptable %s", per["commendable"].Grouped(), per["acceptable"].Grouped())
	}
	if per["gain_limit"] > per["commendable"] {
		r.fail(at, "gain_limit %s is above commendable %s", per["gain_limit"].Grouped(), per["commendable"].Grouped())
	}
	all := func(n string) money.Cents {
		return r.total(at+"."+n, c.Episodes.Mul(decimal.New(int64(per[n]), 0)))
	}
	c.Thresholds = &settle.Thresholds{Commendable: all("commendable"), Acceptable: all("acceptable"), GainLimit: all("gain_limit")}
}

// components are the factors of a benchmark that a payer publishes apart:
// standardized baseline spending, patient case mix adjustment, peer adjusted
// trend, and the realized trend as far as the design lets it count. Their
// product, times episodes, is rounded once.
func (r *reader) components(st *statement, field string, m map[string]any, c *settle.Category) {
	at := field + ".components"
	t := r.table(at, m["components"])
	r.known(at, t, "sbs", "pcma", "pat", "realized_trend", "episodes")
	sbs := r.cents(at+".sbs", t["sbs"])
	n := c.Episodes
	if v, ok := t["episodes"]; ok {
		n = r.episodes(at+".episodes", v)
		if _, both := m["episodes"]; both && !n.Equal(c.Episodes) {
			st.warn("%s.episodes: %s here and %s of the category differ; the benchmark is of %s", at, n, c.Episodes, n)
		} else {
			c.Episodes = n
		}
	} else if _, ok := m["episodes"]; !ok {
		r.fail(at+".episodes", "a number is needed here: the components are per episode")
	}
	product, text := n.Mul(decimal.New(int64(sbs), 0)), fmt.Sprintf("%s episodes × SBS %s", n, sbs.Grouped())
	for _, k := range []string{"pcma", "pat"} {
		f := r.number(at+"."+k, t[k])
		if f.GreaterThan(decimal.New(100, 0)) {
			r.fail(at+"."+k, "%s is more than a factor of 100", f)
			return
		}
		product, text = product.Mul(f), text+fmt.Sprintf(" × %s %s", strings.ToUpper(k), f)
	}
	if v, ok := t["realized_trend"]; ok {
		held, words := r.trend(st, at+".realized_trend", v)
		product, text = product.Mul(held.Decimal()), text+" × "+words
	}
	c.Benchmark = r.total(at, product)
	st.benchmark(c.Name + ": " + text)
}

// trend is a realized against a prospective trend, as a change ("+3.1%") or a
// factor ("1.031"), held in the design's band.
func (r *reader) trend(st *statement, field string, v any) (money.Rate, string) {
	one := money.NewRate(1, 0)
	text, _ := v.(string)
	var relative money.Rate
	if strings.Contains(text, "%") {
		var err error
		if relative, err = money.ParseRate(strings.TrimPrefix(text, "+")); err != nil {
			r.fail(field, "%v", err)
			return one, ""
		}
	} else {
		relative = money.FromDecimal(r.number(field, v)).Sub(one)
	}
	if half := money.NewRate(5, 1); relative.Clamp(half).Cmp(relative) != 0 {
		r.fail(field, `%v is no trend within 50%%: write a factor such as "1.031", or "3.1%%"`, v)
		return one, ""
	}
	held, words := relative.Plus1(), ""
	if band, err := money.ParseRate(st.at("trend.band")); err == nil && relative.Clamp(band).Cmp(relative) != 0 {
		held = relative.Clamp(band).Plus1()
		words = fmt.Sprintf(" (held from %s within %s of 1)", relative.Plus1().Decimal(), band.Percent())
	}
	return held, "realized trend " + held.Decimal().String() + words
}

// benchmark says on the benchmark line how a benchmark came about.
func (st *statement) benchmark(words string) {
	b := &st.input.Benchmark
	b.Cite, b.Evidence = "computed from components given by the user", policy.User
	b.Note = strings.TrimPrefix(b.Note+"; "+words, "; ")
}
