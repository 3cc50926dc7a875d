package settle

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
)

// Category are one category's totals, already rounded to cents (ruling 1).
type Category struct {
	Category  episode.Category
	Episodes  decimal.Decimal
	Baseline  int         // episodes in the baseline years; -1 unknown
	Benchmark money.Cents // before discount
	Target    money.Cents // after discount, when Given
	Given     bool        // Target was given and Benchmark is not known
	Spending  money.Cents
	Uncapped  money.Cents // spending before the outlier cap
}

// Input is one pool: a hospital in a period.
type Input struct {
	Categories  []Category
	CQS         decimal.Decimal
	CQSEvidence policy.Evidence // how the score is known
	PostEpisode money.Cents     // charge for spending after the episodes, >= 0
	Benchmark   policy.Source   // where the benchmarks come from

	SpendingEvidence policy.Evidence // how the spending is known; 0 as imported
	Program          Program
}

// Program is what the hospital spends and shares outside Medicare's
// settlement; all rates and amounts are the user's.
type Program struct {
	FixedCost, PerEpisode money.Cents
	Gainshare             money.Rate
	ConvenerGain          money.Rate
	ConvenerLoss          money.Rate
	ConvenerFee           money.Rate
	ConvenerPerEpisode    money.Cents
	InternalSaving        money.Cents // already for all avoided readmissions
	LostMargin            money.Cents // likewise
	AvoidedReadmissions   decimal.Decimal
}

// Figures are the numbers of a settlement without their words: what a
// thousand bootstrap draws need.
type Figures struct {
	Benchmark, Discount, Target, Spending money.Cents
	Reconciliation, LowVolume, Quality    money.Cents
	QualityAdjusted, StopLimit, NPRA      money.Cents
	PostEpisode, Net                      money.Cents
	GainBinds, LossBinds                  bool
	discounts, lowVolume                  [episode.NumCategories]money.Cents
	gainLimit, lossLimit                  money.Cents
}

// Compute settles without words. It allocates nothing.
func Compute(t *Terms, in *Input) Figures {
	var f Figures
	for i := range in.Categories {
		c := &in.Categories[i]
		k := c.Category.Index()
		target := c.Target
		if !c.Given {
			f.discounts[k] = t.Discount[k].Rate.Of(c.Benchmark)
			f.Benchmark += c.Benchmark
			f.Discount -= f.discounts[k]
			target = c.Benchmark - f.discounts[k]
		}
		f.Target += target
		f.Spending += c.Spending
		if loss := c.Spending - target; loss > 0 && t.LowVolume > 0 && c.Baseline >= 0 && c.Baseline < t.LowVolume {
			f.lowVolume[k] = loss
			f.LowVolume += loss
		}
	}
	f.Reconciliation = f.Target - f.Spending
	r := f.Reconciliation + f.LowVolume
	f.Quality = t.quality(r, in.CQS)
	f.QualityAdjusted = r + f.Quality
	f.gainLimit, f.lossLimit = t.StopGain.Rate.Of(f.Target), t.StopLoss.Rate.Of(f.Target)
	f.NPRA = f.QualityAdjusted
	switch {
	case t.NeverRepays && f.NPRA < 0:
		f.NPRA, f.LossBinds = 0, true
	case !t.StopGain.None && f.NPRA > f.gainLimit:
		f.NPRA, f.GainBinds = f.gainLimit, true
	case !t.StopLoss.None && f.NPRA < -f.lossLimit:
		f.NPRA, f.LossBinds = -f.lossLimit, true
	}
	f.StopLimit = f.NPRA - f.QualityAdjusted
	f.PostEpisode = -in.PostEpisode
	if t.NeverRepays {
		f.PostEpisode = -min(in.PostEpisode, f.NPRA)
	}
	f.Net = f.NPRA + f.PostEpisode
	return f
}

// quality is the CQS adjustment of an amount: a low score takes from a gain, a
// high score gives back of a loss (42 CFR 512.550(d); the linear form is from
// the preamble).
func (t *Terms) quality(amount money.Cents, cqs decimal.Decimal) money.Cents {
	share := cqs.Shift(-2)
	if amount > 0 {
		lost := t.QualityGain.Rate.Mul(money.FromDecimal(decimal.New(1, 0).Sub(share)))
		return -lost.Of(amount)
	}
	return -t.QualityLoss.Rate.Mul(money.FromDecimal(share)).Of(amount)
}

// Settle settles and writes the ledger.
func Settle(t *Terms, in *Input) Ledger {
	f := Compute(t, in)
	w := writer{t: t, in: in, f: &f}
	w.benchmark()
	w.reconciliation()
	w.limits()
	w.program()
	l := w.l
	l.Target, l.Spending, l.Net, l.Hospital = f.Target, f.Spending, f.Net, w.run
	l.GainBinds, l.LossBinds = f.GainBinds, f.LossBinds
	l.Tags.Discount, l.Tags.Quality = f.Discount, f.Quality
	if f.StopLimit < 0 {
		l.Tags.StopGain = f.StopLimit
	} else {
		l.Tags.StopLoss = f.StopLimit
	}
	for i := range in.Categories {
		if u := in.Categories[i].Uncapped; u != 0 {
			l.Tags.Cap += u - in.Categories[i].Spending
		}
	}
	l.Evidence = w.lowest
	for i := range l.Lines {
		if l.Lines[i].Evidence == 0 {
			l.Lines[i].Evidence = l.Evidence
		}
	}
	return l
}

// writer puts figures into words, line by line.
type writer struct {
	t   *Terms
	in  *Input
	f   *Figures
	l   Ledger
	run money.Cents

	// lowest grades the settlement up to net_payment. What the user gives as
	// an input is not a doubt about the result; what the user overrides is.
	lowest policy.Evidence
}

// add writes an addend; one of zero is absent.
func (w *writer) add(x Line) {
	if x.Amount == 0 {
		return
	}
	w.run += x.Amount
	w.append(x)
}

func (w *writer) append(x Line) {
	if step, ok := w.t.Steps[x.ID]; ok {
		x.Cite, x.Evidence = step.Cite, step.Evidence.Lowest(x.Evidence)
	}
	if !x.input {
		w.lowest = w.lowest.Lowest(x.Evidence)
	}
	w.l.Lines = append(w.l.Lines, x)
}

func (w *writer) subtotal(x Line) {
	// A subtotal rests on all before it.
	x.Subtotal, x.Amount, x.Evidence = true, w.run, x.Evidence.Lowest(w.lowest)
	w.append(x)
}

func (w *writer) benchmark() {
	t, f := w.t, w.f
	bench := w.in.Benchmark
	if bench.Cite == "" {
		bench = policy.Source{Cite: "given by the user", Evidence: policy.User}
	}
	given := money.Cents(0)
	discount := Line{ID: "discount", Label: "Medicare discount", Amount: f.Discount}
	var terms []string
	for i := range w.in.Categories {
		c := &w.in.Categories[i]
		if c.Given {
			given += c.Target
			continue
		}
		g := t.Discount[c.Category.Index()]
		d := f.discounts[c.Category.Index()]
		discount.Parts = append(discount.Parts, Part{c.Category, -d, g.Rate})
		terms = append(terms, fmt.Sprintf("%s %s × %s", c.Category, g.Rate.Percent(), c.Benchmark.Grouped()))
		discount.Cite, discount.Evidence = joinCite(discount.Cite, g), discount.Evidence.Lowest(g.Evidence)
		discount.Note = carried(discount.Note, g)
	}
	discount.Formula = "-(" + strings.Join(terms, " + ") + ")"
	w.add(Line{ID: "benchmark", Label: "Benchmark", Amount: f.Benchmark, Formula: w.sum(func(c *Category) (money.Cents, bool) { return c.Benchmark, !c.Given }), Cite: bench.Cite, Evidence: bench.Evidence, Note: bench.Note, input: bench.Evidence == policy.User})
	w.add(discount)
	w.add(Line{ID: "target_given", Label: "Target given", Amount: given, Formula: w.sum(func(c *Category) (money.Cents, bool) { return c.Target, c.Given }), Cite: bench.Cite, Evidence: bench.Evidence, input: true})
	w.subtotal(Line{ID: "target", Label: "Reconciliation target price", Formula: "benchmark less discount, all categories"})
}

func (w *writer) sum(of func(*Category) (money.Cents, bool)) string {
	var terms []string
	for i := range w.in.Categories {
		if v, ok := of(&w.in.Categories[i]); ok {
			terms = append(terms, w.in.Categories[i].Category.String()+" "+v.Grouped())
		}
	}
	return strings.Join(terms, " + ")
}

func (w *writer) reconciliation() {
	t, f, in := w.t, w.f, w.in
	w.add(Line{ID: "spending", Label: "Performance-year spending", Amount: -f.Spending, Formula: "-(" + w.sum(func(c *Category) (money.Cents, bool) { return c.Spending, true }) + ")", Evidence: in.SpendingEvidence})
	w.subtotal(Line{ID: "reconciliation_amount", Label: "Reconciliation amount", Formula: f.Target.Grouped() + " - " + f.Spending.Grouped()})
	low := Line{ID: "low_volume", Label: "Low-volume categories carry no loss", Amount: f.LowVolume, Cite: t.LowVolumeSource.Cite, Evidence: t.LowVolumeSource.Evidence, Note: t.LowVolumeSource.Note}
	var terms []string
	for i := range in.Categories {
		c := &in.Categories[i]
		if v := f.lowVolume[c.Category.Index()]; v != 0 {
			low.Parts = append(low.Parts, Part{Category: c.Category, Amount: v})
			terms = append(terms, fmt.Sprintf("%s loss %s, %d of %d baseline episodes", c.Category, v.Grouped(), c.Baseline, t.LowVolume))
		}
		if t.LowVolume > 0 && c.Baseline < 0 {
			w.l.Warnings = append(w.l.Warnings, fmt.Sprintf("%s: baseline_episodes is unknown, so the rule on fewer than %d baseline episodes is off", c.Category, t.LowVolume))
		}
	}
	low.Formula = strings.Join(terms, " + ")
	w.add(low)
	w.quality(f.Reconciliation + f.LowVolume)
	w.subtotal(Line{ID: "quality_adjusted", Label: "Quality-adjusted reconciliation amount", Formula: "after the quality adjustment"})
}

func (w *writer) quality(amount money.Cents) {
	t, cqs := w.t, w.in.CQS
	g, formula := t.QualityLoss, ""
	if amount > 0 {
		g = t.QualityGain
		formula = fmt.Sprintf("-(%s - %s × %s/100) × %s", g.Rate.Percent(), g.Rate.Percent(), cqs, amount.Grouped())
	} else {
		formula = fmt.Sprintf("%s × %s/100 × %s", g.Rate.Percent(), cqs, (-amount).Grouped())
	}
	w.add(Line{ID: "quality", Label: "Quality adjustment (CQS)", Amount: w.f.Quality, Formula: formula, Cite: g.Cite, Evidence: g.Evidence.Lowest(w.in.CQSEvidence), Note: carried(g.Note, g)})
}

func (w *writer) limits() {
	t, f := w.t, w.f
	limit := Line{ID: "stop_limit", Amount: f.StopLimit}
	switch {
	case f.GainBinds:
		limit.Label, limit.Cite, limit.Evidence = "Stop-gain", t.StopGain.Cite, t.StopGain.Evidence
		limit.Formula = fmt.Sprintf("held at %s × %s = %s", t.StopGain.Rate.Percent(), f.Target.Grouped(), f.gainLimit.Grouped())
		limit.Note = carried(t.StopGain.Note, t.StopGain.Graded)
	case f.LossBinds && t.NeverRepays:
		limit.Label, limit.Cite, limit.Evidence = "Loss waived", t.StopLoss.Cite, t.StopLoss.Evidence
		limit.Formula, limit.Note = w.never(), t.StopLoss.Note
	case f.LossBinds:
		limit.Label, limit.Cite, limit.Evidence = "Stop-loss", t.StopLoss.Cite, t.StopLoss.Evidence
		limit.Formula = fmt.Sprintf("held at -%s × %s = -%s", t.StopLoss.Rate.Percent(), f.Target.Grouped(), f.lossLimit.Grouped())
		limit.Note = carried(t.StopLoss.Note, t.StopLoss.Graded)
	}
	w.add(limit)
	w.subtotal(Line{ID: "npra", Label: "Net payment reconciliation amount (NPRA)", Formula: "after the limits on gain and loss"})
	post := Line{ID: "post_episode", Label: "Post-episode spending", Amount: f.PostEpisode, Formula: "-" + w.in.PostEpisode.Grouped() + ", outside the limits", Cite: t.PostEpisode.Cite, Evidence: t.PostEpisode.Evidence, Note: t.PostEpisode.Note}
	if rest := w.in.PostEpisode + f.PostEpisode; rest > 0 {
		post.Formula = fmt.Sprintf("-%s, of which %s is waived: %s", w.in.PostEpisode.Grouped(), rest.Grouped(), w.never())
		if post.Amount == 0 {
			w.l.Warnings = append(w.l.Warnings, "post-episode charge of "+rest.Grouped()+" is waived: "+w.never()+" ("+t.StopLoss.Cite+")")
		}
	}
	w.add(post)
	who := "Medicare pays the hospital"
	switch {
	case f.Net < 0:
		who = "the hospital repays Medicare"
	case f.Net == 0:
		who = "nothing is owed either way"
	}
	w.subtotal(Line{ID: "net_payment", Label: "Net payment", Formula: who})
}

// never says who never repays.
func (w *writer) never() string {
	if w.t.Track == "" {
		return "this period never repays"
	}
	return "Track " + w.t.Track + " never repays"
}

func (w *writer) program() {
	p, f := &w.in.Program, w.f
	own := policy.Source{Cite: "set by the user, outside reconciliation", Evidence: policy.User}
	var n decimal.Decimal
	for i := range w.in.Categories {
		n = n.Add(w.in.Categories[i].Episodes)
	}
	per := func(c money.Cents) money.Cents { return money.FromDecimal(n).Of(c) }
	addend := func(id, label string, amount money.Cents, formula string) {
		w.add(Line{ID: id, Label: label, Amount: amount, Formula: formula, Cite: own.Cite, Evidence: own.Evidence, input: true})
	}
	addend("program", "Program cost", -p.FixedCost-per(p.PerEpisode), fmt.Sprintf("-(%s fixed + %s × %s episodes)", p.FixedCost.Grouped(), p.PerEpisode.Grouped(), n))
	gain, loss := max(f.Net, 0), max(-f.Net, 0)
	addend("gainshare", "Gainsharing", -p.Gainshare.Of(gain), fmt.Sprintf("-%s × %s", p.Gainshare.Percent(), gain.Grouped()))
	addend("convener", "Convener", p.ConvenerLoss.Of(loss)-p.ConvenerGain.Of(gain)-p.ConvenerFee.Of(f.Target)-per(p.ConvenerPerEpisode),
		fmt.Sprintf("%s of a repayment, less %s of a payment, less %s of %s, less %s × %s episodes", p.ConvenerLoss.Percent(), p.ConvenerGain.Percent(), p.ConvenerFee.Percent(), f.Target.Grouped(), p.ConvenerPerEpisode.Grouped(), n))
	addend("internal_savings", "Internal savings", p.InternalSaving, p.AvoidedReadmissions.StringFixed(2)+" avoided readmissions")
	addend("lost_margin", "Lost margin", -p.LostMargin, p.AvoidedReadmissions.StringFixed(2)+" avoided readmissions")
	w.subtotal(Line{ID: "hospital_net", Label: "Hospital net", Formula: "net payment less what the program costs and shares", input: true})
}

func joinCite(have string, g Graded) string {
	if have == "" || have == g.Cite {
		return g.Cite
	}
	if strings.Contains(have, g.Cite) {
		return have
	}
	return have + "; " + g.Cite
}

func carried(note string, g Graded) string {
	if g.Carried == "" {
		return note
	}
	return strings.TrimSpace(note + " carried forward from " + g.Carried)
}
