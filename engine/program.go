package engine

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/settle"
)

// overlaps says whether the design takes back what an ACO was paid out of the
// discount (42 CFR 510.305(j)(1)).
func (e *evaluation) overlaps() bool {
	f, err := e.f.design.At("overlap", e.period.Start, policy.Scope{})
	return err == nil && f.Value == policy.Yes
}

// reimbursement stands in for what the hospital was paid for the episodes,
// where a design's limit is a share of that: their spending at baseline levers
// (assumed).
func (e *evaluation) reimbursement(p *pool) {
	if p.terms.LimitBase != "reimbursement" {
		return
	}
	exact := decimal.Zero
	for i := range p.categories {
		c := p.categories[i].Category.Index()
		exact = exact.Add(p.scale[c].volume.Decimal().Mul(decimal.New(int64(e.f.before[p.index][c].all), 0)))
	}
	paid := money.RoundCents(exact)
	p.input.Reimbursement = &paid
	own := *p.terms // others share them
	p.terms = &own
	for _, g := range []*settle.Graded{&p.terms.StopGain, &p.terms.StopLoss} {
		if !g.None {
			g.Evidence = g.Evidence.Lowest(policy.Assumed)
			g.Note = strings.TrimSpace(fmt.Sprintf("%s The reimbursement is not known: the episodes' spending of %s at baseline levers stands in (assumed).", g.Note, paid.Grouped()))
		}
	}
}

// factors put a benchmark that the design builds from factors into them: CMS's
// own where they are imported, else as estimated from the panel: SBS is the mean
// price before risk, PCMA the mean risk multiplier weighted by price, PAT what
// the levers make of the trend. Their product times the episodes is the
// benchmark.
func (e *evaluation) factors(p *pool) {
	if !e.f.design.Has("benchmark.factors") || len(p.input.Categories) == 0 {
		return
	}
	var episodes, plain, risked decimal.Decimal
	var all money.Cents
	var words []string
	for i := range p.input.Categories {
		x := &p.input.Categories[i]
		c := p.categories[i].Category.Index()
		v := p.scale[c].volume.Decimal()
		b, n := e.f.sums[p.index][c], x.Episodes
		if e.f.given != nil {
			g := &e.f.given[p.index][c]
			b.fixed, n = b.fixed-g.sum, n.Sub(v.Mul(decimal.New(int64(g.episodes), 0)))
			words = append(words, g.words(p.categories[i].Category)...)
		}
		episodes, all = episodes.Add(n), all+p.scale[c].benchmark(b)
		plain = plain.Add(v.Mul(decimal.New(int64(e.f.plain[p.index][c]), -4)))
		risked = risked.Add(v.Mul(decimal.New(int64(b.fixed+b.estimated), -4)))
	}
	source := &p.input.Benchmark
	if len(words) > 0 {
		source.Note = strings.Join(words, "; ") + ". " + source.Note
	}
	if !plain.IsPositive() || !risked.IsPositive() {
		return
	}
	source.Note = fmt.Sprintf("SBS %s × PCMA %s × PAT %s × %s episodes ≈ %s; the three factors are estimated from the loaded episodes and prices, not CMS's own (assumed). %s",
		money.RoundCents(plain.DivRound(episodes, 6)).Grouped(), risked.DivRound(plain, 6).StringFixed(6), decimal.New(int64(all), 0).DivRound(risked, 6).StringFixed(6), episodes.Round(2), all.Grouped(), source.Note)
	source.Evidence = policy.Assumed
}

// banded says in the benchmark's note what a realized change makes of it, and
// warns where the design's band holds it.
func (e *evaluation) banded(p *pool, what, key string, asked money.Rate, band settle.Graded) {
	if asked.IsZero() {
		return
	}
	held := band.Held(asked)
	note := &p.input.Benchmark.Note
	*note += fmt.Sprintf("; × %s %s", held.Decimal(), what)
	if held.Cmp(asked.Plus1()) == 0 {
		return
	}
	*note += fmt.Sprintf(" (%s asked, held in the band of %s)", asked.Percent(), band.Rate.Percent())
	text := fmt.Sprintf("%s of %s is held in the band of %s (%s)", key, asked.Percent(), band.Rate.Percent(), band.Cite)
	if band.Rate.IsZero() {
		text = fmt.Sprintf("%s moves nothing here: prices of %s are set ahead (%s)", key, e.f.design.Name, band.Cite)
	}
	e.warnings = appendNew(e.warnings, text)
}

// program reads what the hospital spends and shares outside reconciliation.
func (e *evaluation) program(p *pool) {
	if !e.levers.Any(func(x lever.Setting) bool { return x.Key.Group == "program" || x.Key.Group == "care" }) {
		return
	}
	ccn := p.hospital.CCN
	rate := func(name string) money.Rate { return e.levers.Rate("program", name, ccn, 0) }
	cents := func(name string) money.Cents {
		v, _ := e.levers.Get("program", name, ccn, 0)
		return v.Cents
	}
	g := &p.input.Program
	g.FixedCost, g.PerEpisode = cents("fixed_cost"), cents("cost_per_episode")
	g.Gainshare = rate("gainshare")
	g.ConvenerGain, g.ConvenerLoss, g.ConvenerFee = rate("convener.gain_share"), rate("convener.loss_share"), rate("convener.fee")
	g.ConvenerPerEpisode = cents("convener.fee_per_episode")
	g.ConvenerGuarantee = rate("convener.guarantee")
	first, set := e.levers.Get("program", "convener.fees_first", ccn, 0)
	g.FeesFirst = set && !first.None
	g.PFS, g.Alignment = cents("gainshare_pfs"), rate("alignment")
	g.Collaborators = int(rate("alignment_collaborators").Decimal().IntPart())
	if e.overlaps() {
		p.input.Overlap = cents("aco_overlap")
	}
	for _, c := range episode.Categories() {
		if x := e.levers.Rate("care", "readmissions", ccn, c); x.Sign() < 0 {
			n := decimal.New(int64(e.f.readmits[p.index][c.Index()]), 0)
			g.AvoidedReadmissions = g.AvoidedReadmissions.Sub(n.Mul(x.Decimal()).Mul(p.scale[c.Index()].volume.Decimal()))
		}
	}
	avoided := money.FromDecimal(g.AvoidedReadmissions)
	g.InternalSaving, g.LostMargin = avoided.Of(cents("internal_savings")), avoided.Of(cents("lost_margin"))
}

// fixedCosts counts a fixed cost set for all hospitals once: it is split over
// the hospitals asked for by their episodes. A hospital's own setting stays its
// own: -1.
func (e *evaluation) fixedCosts(pools []*pool) []money.Cents {
	out := make([]money.Cents, len(pools))
	for i := range out {
		out[i] = -1
	}
	v, ok := e.levers.Exactly(lever.Key{Group: "program", Name: "fixed_cost"})
	if !ok {
		return out
	}
	weights := make([]int64, len(pools))
	for i, p := range pools {
		_, own := e.levers.Exactly(lever.Key{Hospital: p.hospital.CCN, Group: "program", Name: "fixed_cost"})
		if !own {
			for _, t := range e.totals[p.index] {
				weights[i] += int64(t.Episodes)
			}
		}
	}
	for i, c := range money.Split(v.Cents, weights) {
		if weights[i] > 0 {
			out[i] = c
		}
	}
	return out
}
