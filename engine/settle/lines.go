package settle

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
)

// each gathers a line over the pools: its amount with the rule that moves it,
// and, where there are several, each category's part.
func (w *writer) each(pools []pool, x Line, of func(*pool) (money.Cents, *Graded), formula func(*pool) string) Line {
	var terms []string
	for i := range pools {
		p := &pools[i]
		v, g := of(p)
		if v == 0 {
			continue
		}
		x.Amount += v
		x.Evidence = x.Evidence.Lowest(g.Evidence)
		if w.brief { // whether a line cites anything decides whose grade it has
			x.Cite = cmp.Or(x.Cite, g.Cite)
			continue
		}
		x.Cite, x.Note = joinCite(x.Cite, g), carried(joinNote(x.Note, g.Note), g)
		text := ""
		if !w.silent {
			text = formula(p)
		}
		if len(pools) > 1 {
			w.part(&x, Part{Category: p.categories[0].Name, Amount: v})
			text = p.categories[0].Name + " " + text
		}
		terms = w.say(terms, func() string { return text })
	}
	x.Formula = strings.Join(terms, "; ")
	return x
}

func graded(x Line, g *Graded) Line {
	x.Cite, x.Evidence, x.Note = g.Cite, x.Evidence.Lowest(g.Evidence), carried(g.Note, g)
	return x
}

// minRate and shareOf are the rates that act on a gain or a loss.
func (t *Terms) minRate(x money.Cents) *Graded { return either(x, &t.MinGain, &t.MinLoss) }
func (t *Terms) shareOf(x money.Cents) *Graded { return either(x, &t.GainShare, &t.LossShare) }

func either(x money.Cents, gain, loss *Graded) *Graded {
	if x < 0 {
		return loss
	}
	return gain
}

// shares writes what a floor, a least rate and a share take off.
func (w *writer) shares() {
	t, cqs := w.t, w.in.CQS
	floor := &t.GainFloor
	if floor.Cite == "" {
		given := *floor
		given.Cite, given.Evidence = "threshold given by the user", policy.User
		floor = &given
	}
	w.add(w.each(w.f.pools, Line{ID: "gain_floor", Label: "Spending below the floor earns nothing more"}, func(p *pool) (money.Cents, *Graded) { return p.gainFloor, floor }, func(p *pool) string {
		return fmt.Sprintf("-(floor %s - spending %s)", p.floor.Grouped(), (p.spending - p.addSpending - p.lowVolume).Grouped())
	}))
	least := func(p *pool) *Graded { return t.minRate(p.reconciliation + p.lowVolume + p.gainFloor) }
	w.add(w.each(w.f.pools, Line{ID: "min_rate", Label: "Least rate"}, func(p *pool) (money.Cents, *Graded) { return p.minRate, least(p) }, func(p *pool) string {
		if x := p.reconciliation + p.lowVolume + p.gainFloor; x.Abs() < p.need {
			return fmt.Sprintf("less than %s × %s = %s counts as nothing", least(p).Rate.Percent(), (p.benchmark - p.outBenchmark).Grouped(), p.need.Grouped())
		}
		return fmt.Sprintf("only what lies past %s × %s = %s counts", least(p).Rate.Percent(), (p.benchmark - p.outBenchmark).Grouped(), p.need.Grouped())
	}))
	kept := func(p *pool) money.Cents { return p.reconciliation + p.lowVolume + p.gainFloor + p.minRate }
	w.add(w.each(w.f.pools, Line{ID: "share", Label: "The payer's part"}, func(p *pool) (money.Cents, *Graded) { return p.share, w.sharing(kept(p)) }, func(p *pool) string {
		text := "100.0%"
		if g := t.shareOf(kept(p)); !g.None {
			text = g.Rate.Percent()
		}
		if t.Quality.Acts("sharing_rate") && kept(p) > 0 {
			text += fmt.Sprintf(" × %s/%s", cqs, t.Quality.Scale)
		}
		return fmt.Sprintf("the hospital keeps %s of %s", text, kept(p).Grouped())
	}))
}

// sharing is what a share rests on: the rate, and the score where it is one.
func (w *writer) sharing(x money.Cents) *Graded {
	share, effect := w.t.shareOf(x), &w.t.Quality.Effect
	if x <= 0 || !w.t.Quality.Acts("sharing_rate") {
		return share
	}
	g := *share
	g.Cite, g.Evidence = joinCite(g.Cite, effect), g.Evidence.Lowest(effect.Evidence).Lowest(w.in.CQSEvidence)
	return &g
}

// quality writes what the score takes or gives, and the subtotal after it.
func (w *writer) quality() {
	q := &w.t.Quality
	amount := func(p *pool) money.Cents {
		x := p.reconciliation + p.lowVolume + p.gainFloor + p.minRate + p.share
		if q.after {
			x += p.stop
		}
		return x
	}
	most := func(p *pool) *Graded { return either(amount(p), &q.GainMax, &q.LossMax) }
	w.add(w.each(w.f.ends, Line{ID: "quality", Label: "Quality adjustment (CQS)", Evidence: w.in.CQSEvidence}, func(p *pool) (money.Cents, *Graded) { return p.quality, most(p) }, func(p *pool) string {
		x, g := amount(p), most(p)
		if x > 0 {
			return fmt.Sprintf("-(%s - %s × %s/%s) × %s", g.Rate.Percent(), g.Rate.Percent(), w.in.CQS, q.Scale, x.Grouped())
		}
		return fmt.Sprintf("%s × %s/%s × %s", g.Rate.Percent(), w.in.CQS, q.Scale, (-x).Grouped())
	}))
	label, rules := "after the quality adjustment", append(make([]*Graded, 0, 8), &q.Effect)
	if !q.Acts("multiplier") {
		label = "no quality adjustment of the amount in this design"
	}
	for i := range w.f.ends { // a score that moves nothing still rests on its rule
		if p := &w.f.ends[i]; q.Acts("multiplier") && amount(p) != 0 {
			rules = append(rules, most(p))
		}
	}
	if q.Acts("discount") && w.discounted() {
		rules = append(rules, &q.tiers, &w.score)
	}
	if q.Acts("multiplier") && len(rules) > 1 {
		rules = append(rules, &w.score)
	}
	for i := range w.f.pools { // a floor and a least rate that did not bind
		p := &w.f.pools[i]
		if x := p.reconciliation + p.lowVolume; x > 0 && p.floor > 0 && !w.in.thresholds() {
			rules = append(rules, &w.t.GainFloor)
		}
		if x := p.reconciliation + p.lowVolume + p.gainFloor; x != 0 && !w.t.minRate(x).None {
			rules = append(rules, w.t.minRate(x))
		}
	}
	w.subtotal(Line{ID: "quality_adjusted", Label: "Quality-adjusted reconciliation amount", Formula: label}, rules...)
}

// discounted says whether any category's target is worked out from a discount
// that a score may lower.
func (w *writer) discounted() bool {
	return slices.ContainsFunc(w.in.Categories, func(c Category) bool { return !c.Given && c.Thresholds == nil })
}

// limits writes what stop-gain and stop-loss cut.
func (w *writer) limits() {
	t := w.t
	held := func(g Graded, sign string) func(*pool) string {
		return func(p *pool) string {
			base := map[string]string{"benchmark": "benchmark", "reimbursement": "reimbursement"}[t.LimitBase]
			b, _ := w.f.c.base(p)
			return strings.TrimSpace(fmt.Sprintf("held at %s%s × %s %s", sign, g.Rate.Percent(), b.Grouped(), base)) + fmt.Sprintf(" = %s%s", sign, p.limit.Grouped())
		}
	}
	gain := w.each(w.f.ends, Line{ID: "stop_limit", Label: "Stop-gain"}, func(p *pool) (money.Cents, *Graded) { return min(p.stop, 0), &t.StopGain }, held(t.StopGain, ""))
	loss, how := Line{ID: "stop_limit", Label: "Stop-loss"}, held(t.StopLoss, "-")
	if t.NeverRepays {
		loss.Label, how = "Loss waived", func(*pool) string { return w.never() }
	}
	loss = w.each(w.f.ends, loss, func(p *pool) (money.Cents, *Graded) { return max(p.stop, 0), &t.StopLoss }, how)
	w.add(gain)
	w.add(loss)
	if t.LimitBase == "reimbursement" && w.in.Reimbursement == nil && (!t.StopGain.None || !t.StopLoss.None) {
		w.l.Warnings = append(w.l.Warnings, "reimbursement is not given: the limit that is a share of it is off")
	}
}

func (w *writer) npra() {
	w.subtotal(Line{ID: "npra", Label: "Net payment reconciliation amount (NPRA)", Formula: "after the limits on gain and loss"}, &w.t.StopGain, &w.t.StopLoss)
}

// closing writes what stands outside the limits, down to the net payment.
func (w *writer) closing() {
	t, f, in := w.t, w.f, w.in
	post := Line{ID: "post_episode", Label: "Post-episode spending", Amount: f.PostEpisode, Formula: w.outside(in.PostEpisode), Cite: t.PostEpisode.Cite, Evidence: t.PostEpisode.Evidence, Note: t.PostEpisode.Note}
	if post.Cite == "" {
		post.Cite, post.Evidence = "given by the user; the design states no such charge", policy.User
	}
	w.add(w.waived(post, in.PostEpisode))
	overlap := Line{ID: "overlap", Label: "Paid to an ACO out of the discount", Amount: f.Overlap, Formula: w.outside(in.Overlap), Cite: "given by the user", Evidence: policy.User, Input: true}
	w.add(w.waived(overlap, in.Overlap))
	if f.Withhold != 0 {
		g := &t.Quality.Withhold
		x := Line{ID: "withhold", Label: "Withhold not returned", Amount: f.Withhold, Evidence: in.CQSEvidence}
		if !w.silent {
			x.Formula = fmt.Sprintf("-%s × %s × (1 - %s/%s)", g.Rate.Percent(), f.Spending.Grouped(), in.CQS, t.Quality.Scale)
		}
		w.add(graded(x, g))
	}
	w.stage(ToNet)
	if f.Gate != 0 {
		g := &t.Quality.Gate
		formula := "the quality gate is not passed: no payment"
		if in.Gate == nil && !w.silent {
			formula = fmt.Sprintf("a score of %s is below %s: no payment", in.CQS, g.Rate.Decimal())
		}
		w.add(graded(Line{ID: "gate", Label: "Quality gate", Amount: f.Gate, Formula: formula, Evidence: in.CQSEvidence}, g))
	}
	var rules []*Graded
	if f.Net > 0 && t.Quality.Acts("gate") { // a gate that was passed
		rules = append(rules, &w.score)
		if in.Gate == nil {
			rules = append(rules, &t.Quality.Gate)
		}
	}
	net := Line{ID: "net_payment", Label: "Net payment"}
	if !w.silent {
		net.Formula = t.owed(f.Net)
	}
	w.subtotal(net, rules...)
}

// outside says that a charge stands outside the limits.
func (w *writer) outside(charge money.Cents) string {
	if w.silent {
		return ""
	}
	return "-" + charge.Grouped() + ", outside the limits"
}

// waived says what part of a charge one that never repays is spared.
func (w *writer) waived(x Line, charge money.Cents) Line {
	rest := charge + x.Amount
	if rest <= 0 {
		return x
	}
	x.Formula = fmt.Sprintf("-%s, of which %s is waived: %s", charge.Grouped(), rest.Grouped(), w.never())
	if x.Amount == 0 {
		w.l.Warnings = append(w.l.Warnings, strings.ToLower(x.Label[:1])+x.Label[1:]+" of "+rest.Grouped()+" is waived: "+w.never()+" ("+w.t.StopLoss.Cite+")")
	}
	return x
}

// never says who never repays.
func (w *writer) never() string {
	if w.t.Track == "" {
		return "this period never repays"
	}
	return "Track " + w.t.Track + " never repays"
}

// perEpisode is a category's amount with what it comes to an episode.
func (w *writer) perEpisode(c *Category, v money.Cents) string {
	text := c.Name + " " + v.Grouped()
	if w.in.Plain || !c.Episodes.IsPositive() || v == 0 {
		return text
	}
	return fmt.Sprintf("%s (%s × about %s)", text, c.Episodes.Round(2), PerEpisode(v, c.Episodes).Grouped())
}

func joinCite(have string, g *Graded) string {
	switch {
	case have == "" || have == g.Cite:
		return g.Cite
	case g.Cite == "" || strings.Contains(have, g.Cite):
		return have
	}
	return have + "; " + g.Cite
}

func joinNote(have, more string) string {
	if more == "" || strings.Contains(have, more) {
		return have
	}
	if have == "" {
		return more
	}
	return have + "; " + more
}

func carried(note string, g *Graded) string {
	if g.Carried == "" {
		return note
	}
	return joinNote(note, "carried forward from "+g.Carried)
}
