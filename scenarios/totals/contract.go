package totals

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/settle"
)

// contract makes the formula of a design that discounts, shares and limits
// alone do not express, once the track is known.
type contract func(*statement) (settle.Formula, error)

// totals are the top-level keys that hold what the design settles.
func (st *statement) totals() []string {
	switch st.design.Formula {
	case "prospective":
		return []string{"category", "episodes", "price", "cost", "warranty", "categories"}
	case "condition":
		return []string{"patients", "treatments", "deferral", "surgery_margin"}
	case "capitation":
		return []string{"pmpm", "risk", "member_months", "claims", "carve_outs", "member_claims", "reinsurance", "admin"}
	case "aco":
		return []string{"aco"}
	}
	return []string{"categories"}
}

// totals reads what the design settles.
func (r *reader) totals(st *statement, m map[string]any) {
	switch st.design.Formula {
	case "prospective":
		r.prospective(st, m)
	case "prometheus":
		r.caseRates(st, m["categories"])
	case "condition":
		r.condition(st, m)
	case "capitation":
		r.capitation(st, m)
	case "aco":
		r.aco(st, m["aco"])
	default:
		r.categories(st, m["categories"])
	}
}

// scope is whom the design's own terms are asked for.
func (st *statement) scope() policy.Scope {
	return policy.Scope{Track: st.track, Class: st.class, Days: st.days}
}

// own lays a term of the user's over the design's.
func (st *statement) own(name string, g *settle.Graded) {
	if r, ok := st.given[name]; ok {
		*g = settle.Given(r)
	}
}

// prospective reads fixed prices a case, with what the cases and their
// warranty cost: one contract, or one for each of several categories.
func (r *reader) prospective(st *statement, m map[string]any) {
	var all settle.FixedPrices
	if v, ok := m["categories"]; ok {
		for i, c := range r.rows("categories", v, mostCategories) {
			field := fmt.Sprintf("categories[%d].", i)
			r.known(strings.TrimSuffix(field, "."), c, "category", "episodes", "price", "cost", "warranty")
			x := r.fixedPrice(field, c)
			if slices.ContainsFunc(all, func(o settle.FixedPrice) bool { return o.Name == x.Name }) {
				r.fail(field+"category", "%s stands twice: add its totals up", x.Name)
			}
			all = append(all, x)
		}
		for _, k := range []string{"category", "episodes", "price", "cost", "warranty"} {
			if _, ok := m[k]; ok {
				r.fail(k, "it stands beside categories: move it into one of them")
			}
		}
	} else {
		all = settle.FixedPrices{r.fixedPrice("", m)}
	}
	st.cases = decimal.Zero
	for _, x := range all {
		st.cases = st.cases.Add(x.Cases)
	}
	st.contract = func(*statement) (settle.Formula, error) { return all, nil }
}

func (r *reader) fixedPrice(at string, m map[string]any) settle.FixedPrice {
	x := settle.FixedPrice{Name: r.text(at+"category", m["category"], false)}
	if x.Name == "" {
		x.Name = "cases"
	}
	x.Cases = r.episodes(at+"episodes", m["episodes"])
	x.Price, x.Cost = r.cents(at+"price", m["price"]), r.cents(at+"cost", m["cost"])
	r.times(at+"price", x.Price, x.Cases)
	r.times(at+"cost", x.Cost, x.Cases)
	if none, ok := m["warranty"].([]any); ok && len(none) == 0 || m["warranty"] == nil {
		return x
	}
	for i, e := range r.rows(at+"warranty", m["warranty"], mostCategories) {
		field := fmt.Sprintf("%swarranty[%d]", at, i)
		r.known(field, e, "name", "probability", "cost", "absorbed")
		y := settle.Event{Name: r.text(field+".name", e["name"], true), Absorbed: money.NewRate(1, 0)}
		y.Probability, y.Cost = r.rate(field+".probability", e["probability"], 1), r.cents(field+".cost", e["cost"])
		if a, ok := e["absorbed"]; ok {
			y.Absorbed = r.rate(field+".absorbed", a, 1)
		}
		r.times(field+".cost", y.Cost, x.Cases)
		if slices.ContainsFunc(x.Warranty, func(o settle.Event) bool { return o.Name == y.Name }) {
			r.fail(field+".name", "%s stands twice", y.Name)
		}
		x.Warranty = append(x.Warranty, y)
	}
	return x
}

// times refuses an amount whose product with a count leaves the range.
func (r *reader) times(field string, c money.Cents, n decimal.Decimal) {
	if c != 0 {
		r.total(field+" times "+n.String(), n.Mul(decimal.New(int64(c), 0)))
	}
}

// caseRates reads PROMETHEUS budgets: typical cost and expected complications
// of a case, and what all cases cost.
func (r *reader) caseRates(st *statement, v any) {
	var rates []settle.CaseRate
	for i, m := range r.rows("categories", v, mostCategories) {
		if m == nil {
			continue
		}
		field := fmt.Sprintf("categories[%d]", i)
		keys := []string{"category", "episodes", "typical", "severity", "pac", "spending"}
		if st.design.Open {
			keys = append(keys, "kind")
		}
		r.known(field, m, keys...)
		name, kind := r.name(st, field, m)
		if slices.ContainsFunc(rates, func(o settle.CaseRate) bool { return o.Category.Name == name }) {
			r.fail(field+".category", "%s stands twice: add its totals up", name)
		}
		n, severity := r.episodes(field+".episodes", m["episodes"]), money.NewRate(1, 0)
		if v, ok := m["severity"]; ok {
			severity = r.rate(field+".severity", v, 10)
		}
		typical, pac := r.cents(field+".typical", m["typical"]), r.maybe(field+".", m, "pac")
		r.times(field+".typical", typical, n.Mul(severity.Decimal()))
		r.times(field+".pac", pac, n)
		spending := r.cents(field+".spending", m["spending"])
		if len(r.why) > 0 {
			continue
		}
		rate := settle.PerCase(name, kind, n, typical, severity, pac, 0)
		rate.Category.Spending, rate.Category.Uncapped = spending, spending
		rates = append(rates, rate)
		st.cases = st.cases.Add(n)
	}
	st.contract = func(st *statement) (settle.Formula, error) {
		x, err := settle.PrometheusOf(st.design, st.period, st.scope())
		x.Rates = rates
		st.own("margin", &x.Margin)
		st.own("pac_share", &x.Share)
		return &x, err
	}
}

// condition reads the mix of treatments of a condition, as priced and as it
// turned out.
func (r *reader) condition(st *statement, m map[string]any) {
	n := r.episodes("patients", m["patients"])
	var list []settle.Treatment
	for i, t := range r.rows("treatments", m["treatments"], mostCategories) {
		if t == nil {
			continue
		}
		field := fmt.Sprintf("treatments[%d]", i)
		r.known(field, t, "name", "surgery", "share", "later_share", "cost", "later_cost")
		name, surgery := r.text(field+".name", t["name"], true), false
		if v, ok := t["surgery"]; ok {
			surgery = r.flag(field+".surgery", v)
		}
		share, later := r.rate(field+".share", t["share"], 1), r.rate(field+".later_share", t["later_share"], 1)
		cost := r.cents(field+".cost", t["cost"])
		costLater := cost
		if v, ok := t["later_cost"]; ok {
			costLater = r.cents(field+".later_cost", v)
		}
		r.times(field+".cost", max(cost, costLater), n)
		if slices.ContainsFunc(list, func(o settle.Treatment) bool { return o.Name == name }) {
			r.fail(field+".name", "%s stands twice", name)
		}
		if len(r.why) == 0 {
			list = append(list, settle.Branch(name, surgery, n, share, later, cost, costLater))
		}
	}
	x := settle.Condition{Treatments: list}
	if err := x.Check(); err != nil && len(r.why) == 0 {
		r.fail("treatments", "%v", err)
	}
	if v, ok := m["deferral"]; ok {
		st.given["deferral"] = r.rate("deferral", v, 1)
	}
	margin := r.maybe("", m, "surgery_margin")
	r.times("surgery_margin", margin, n)
	st.cases = n
	st.contract = func(st *statement) (settle.Formula, error) {
		x, err := settle.ConditionOf(st.design, st.period, st.scope())
		x.Treatments = list
		st.own("deferral", &x.Deferral)
		if margin != 0 {
			x.Margin = settle.Given(dollars(margin))
		}
		return &x, err
	}
}

// dollars is an amount as a term: a rate of one dollar.
func dollars(c money.Cents) money.Rate { return money.NewRate(int64(c), 2) }

// capitation reads the monthly amount, the claims and the reinsurance.
func (r *reader) capitation(st *statement, m map[string]any) {
	risk := money.NewRate(1, 0)
	if v, ok := m["risk"]; ok {
		risk = r.rate("risk", v, 10)
	}
	pmpm, claims := r.cents("pmpm", m["pmpm"]), r.cents("claims", m["claims"])
	months := r.number("member_months", m["member_months"])
	if months.GreaterThan(decimal.New(10*mostEpisodes, 0)) {
		r.fail("member_months", "%s is more than %d", months, 10*mostEpisodes)
		return
	}
	r.times("pmpm", pmpm, months.Mul(risk.Decimal()))
	carved := r.maybe("", m, "carve_outs")
	var single []money.Cents
	if v, ok := m["member_claims"]; ok {
		single = r.amounts("member_claims", v)
	}
	if s, ok := sum(single); !ok || s > claims {
		r.fail("member_claims", "they come to more than claims, %s, of which they are part", claims.Grouped())
	}
	re := r.table("reinsurance", m["reinsurance"])
	r.known("reinsurance", re, "attachment", "recovery", "premium", "most")
	attachment, most := r.maybe("reinsurance.", re, "attachment"), r.maybe("reinsurance.", re, "most")
	for field, v := range map[string]any{"reinsurance.recovery": re["recovery"], "reinsurance.premium": re["premium"], "admin": m["admin"]} {
		if v != nil {
			st.given[field] = r.rate(field, v, 1)
		}
	}
	_, attached := re["attachment"]
	if attached != (single != nil) {
		st.warn("reinsurance.attachment and member_claims go together: without both the stop-loss pays nothing back")
	}
	if len(r.why) > 0 {
		return
	}
	member := settle.Members("members", pmpm, risk, months, claims)
	member.Uncapped = claims
	st.contract = func(st *statement) (settle.Formula, error) {
		x, err := settle.CapitationOf(st.design, st.period, st.scope())
		x.Categories, x.CarveOuts = []settle.Category{member}, carved
		if attached {
			x.Attachment = settle.Given(dollars(attachment))
		}
		if _, ok := re["most"]; ok {
			x.Most = &most
		}
		st.own("reinsurance.recovery", &x.Recovery)
		st.own("reinsurance.premium", &x.Premium)
		st.own("admin", &x.Admin)
		x.Above(single)
		return &x, err
	}
}

// aco reads the totals of the ACO and what the bundle inside it was paid.
func (r *reader) aco(st *statement, v any) {
	m := r.table("aco", v)
	if m == nil {
		r.fail("aco", "a table of keys is needed here: benchmark, spending, npra, msr, fsr")
		return
	}
	r.known("aco", m, "benchmark", "spending", "npra", "msr", "fsr")
	c := settle.Category{Name: "ACO", Baseline: -1, Benchmark: r.cents("aco.benchmark", m["benchmark"]), Spending: r.cents("aco.spending", m["spending"])}
	c.Uncapped = c.Spending
	npra := money.Cents(0)
	if v, ok := m["npra"]; ok {
		npra = r.signed("aco.npra", v)
	}
	rate := func(key string) *money.Rate {
		v, ok := m[key]
		if !ok {
			return nil
		}
		x := r.rate("aco."+key, v, 1)
		return &x
	}
	msr, fsr := rate("msr"), rate("fsr")
	st.final = fsr != nil
	st.contract = func(st *statement) (settle.Formula, error) {
		x, err := settle.ACOOf(st.design, st.period, st.scope())
		x.Categories, x.NPRA, x.NPRAEvidence, x.NPRAGiven, x.MSR, x.FSR = []settle.Category{c}, npra, policy.User, true, msr, fsr
		return &x, err
	}
}
