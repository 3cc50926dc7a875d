package settle

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
)

// Settle settles and writes the ledger.
func Settle(t *Terms, in *Input) Ledger { return settle(t, in, false) }

// Brief is what Settle finds without lines: every figure, the grade and the
// warnings of its ledger, for rows that are only summed.
func Brief(t *Terms, in *Input) Ledger { return settle(t, in, true) }

func settle(t *Terms, in *Input, brief bool) Ledger {
	f := Compute(t, in)
	w := writer{t: t, in: in, f: &f, brief: brief, silent: brief || in.Plain}
	if !brief {
		w.l.Lines = make([]Line, 0, usualLines)
	}
	w.target()
	w.reconciliation()
	w.smallCategories()
	w.shares()
	if !t.Quality.after {
		w.quality()
	}
	w.limits()
	if t.Quality.after {
		w.quality()
	}
	w.npra()
	w.closing()
	w.hospital()
	l := w.l
	l.Target, l.Spending, l.Net, l.Hospital = f.Target, f.Spending, f.Net, w.run
	l.Targets = f.Targets(in)
	l.GainBinds, l.LossBinds = f.GainBinds, f.LossBinds
	l.Tags.Discount, l.Tags.Quality = f.Discount+f.DeadZone, f.Quality+f.Withhold+f.Gate
	for i := range f.ends {
		if s := f.ends[i].stop; s < 0 {
			l.Tags.StopGain += s
		} else {
			l.Tags.StopLoss += s
		}
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

// usualLines is how many lines most ledgers have at most.
const usualLines = 14

// writer puts figures into words, line by line.
type writer struct {
	t   *Terms
	in  *Input
	f   *Figures
	l   Ledger
	run money.Cents

	brief  bool // nobody reads the lines: they are graded and added, not kept
	silent bool // nobody reads their formulas

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
		if step.Label != "" {
			x.Label = step.Label
		}
		if x.Cite == "" || x.Subtotal || x.ID == "spending" {
			x.Cite, x.Evidence = step.Cite, step.Evidence.Lowest(x.Evidence)
		}
	}
	if !x.Input {
		w.lowest = w.lowest.Lowest(x.Evidence)
	}
	if !w.brief {
		w.l.Lines = append(w.l.Lines, x)
	}
}

// subtotal repeats the running result; it rests on all before it and on the
// rules that could have moved it and did not.
func (w *writer) subtotal(x Line, rules ...Graded) {
	x.Subtotal, x.Amount = true, w.run
	for _, g := range rules {
		if g.Evidence != policy.User {
			x.Evidence = x.Evidence.Lowest(g.Evidence)
		}
		if g.Evidence == policy.Assumed && g.None && g.Note != "" {
			x.Note = joinNote(x.Note, g.Note)
		}
	}
	x.Evidence = x.Evidence.Lowest(w.lowest)
	w.append(x)
}

// say adds words where somebody reads them.
func (w *writer) say(have []string, words func() string) []string {
	if w.silent {
		return have
	}
	return append(have, words())
}

// stage writes the addends of a design's own formula.
func (w *writer) stage(s Stage) {
	for _, a := range w.in.Adds {
		if a.Stage == s {
			w.add(a.Line)
		}
	}
}

// target writes the benchmark, the discount and the target of the side.
func (w *writer) target() {
	f := w.f
	source := w.in.Benchmark
	if source.Cite == "" {
		source = policy.Source{Cite: "given by the user", Evidence: policy.User}
	}
	line := func(id, label string, of func(*Category) (money.Cents, bool)) Line {
		x := Line{ID: id, Label: label, Cite: source.Cite, Evidence: source.Evidence, Input: source.Evidence == policy.User}
		var terms []string
		for i := range w.in.Categories {
			c := &w.in.Categories[i]
			if v, ok := of(c); ok {
				x.Amount += v
				if !w.silent {
					terms = append(terms, w.perEpisode(c, v))
				}
			}
		}
		x.Formula = strings.Join(terms, " + ")
		return x
	}
	benchmark := line("benchmark", "Benchmark", func(c *Category) (money.Cents, bool) { return w.t.before(c), !c.Given })
	benchmark.Note = source.Note
	w.add(benchmark)
	off, rests := w.discount()
	w.add(off)
	given := line("target_given", "Target given", func(c *Category) (money.Cents, bool) { return c.Target, c.Given })
	given.Input = true
	w.add(given)
	w.stage(ToTarget)
	if f.between() {
		return // no target counts in the dead zone (ruling 33), nor beside it
	}
	target := Line{ID: "target", Label: "Reconciliation target price", Formula: "benchmark less discount, all categories"}
	if rests { // a discount of nothing has no line and is a rule all the same
		target.Evidence = off.Evidence
		if off.Amount == 0 && !w.brief {
			target.Note = "no discount: " + off.Cite
		}
	}
	w.subtotal(target)
}

// discount also says whether any rate stands behind it.
func (w *writer) discount() (x Line, rests bool) {
	x = Line{ID: "discount", Label: "Discount", Amount: w.f.Discount}
	if w.t.Payer == "Medicare" {
		x.Label = "Medicare discount"
	}
	off := w.f.c.off
	var terms []string
	for k := range w.f.pools {
		p := &w.f.pools[k]
		for i := range p.categories {
			c := &p.categories[i]
			if c.Given || p.side == between {
				continue
			}
			d := p.prices[i].cut[p.side]
			if c.Thresholds != nil {
				if d != 0 {
					x.Label, x.Cite, x.Evidence = "Down to the commendable threshold", "thresholds given by the user", policy.User
					x.Input, rests = true, true
					terms = append(terms, fmt.Sprintf("%s %s - %s", c.Name, c.Thresholds.Acceptable.Grouped(), c.Thresholds.Commendable.Grouped()))
					x.Parts = append(x.Parts, Part{Category: c.Name, Amount: -d})
				}
				continue
			}
			r := w.t.RatesOf(c)
			if r == nil {
				continue
			}
			g := r.Gain
			if p.side == losing {
				g = r.Loss
			}
			rests, x.Evidence = true, x.Evidence.Lowest(g.Evidence)
			if off.Sign() != 0 {
				x.Evidence = x.Evidence.Lowest(w.in.CQSEvidence).Lowest(w.t.Quality.tiers.Evidence)
				x.Cite = joinCite(x.Cite, w.t.Quality.tiers)
			}
			if w.brief { // whether a line cites anything decides whose grade it has
				x.Cite = cmp.Or(x.Cite, g.Cite)
				continue
			}
			rate := r.side(p.side, off)
			x.Parts = append(x.Parts, Part{c.Name, -d, rate})
			x.Cite = joinCite(x.Cite, g)
			x.Note = carried(joinNote(x.Note, g.Note), g)
			if w.silent {
				continue
			}
			text := rate.Percent()
			if off.Sign() != 0 {
				text = fmt.Sprintf("(%s - %s for a score of %s)", g.Rate.Percent(), off.Percent(), w.in.CQS)
			}
			terms = append(terms, fmt.Sprintf("%s %s × %s", c.Name, text, c.Benchmark.Grouped()))
		}
	}
	if !w.silent {
		x.Formula = "-(" + strings.Join(terms, " + ") + ")"
	}
	return x, rests
}

// reconciliation writes the spending and what it leaves of the target.
func (w *writer) reconciliation() {
	f, in := w.f, w.in
	x := Line{ID: "spending", Label: "Performance-year spending", Amount: -f.Spending, Evidence: in.SpendingEvidence}
	if !w.silent {
		var terms []string
		for i := range in.Categories {
			terms = append(terms, w.perEpisode(&in.Categories[i], in.Categories[i].Spending))
		}
		x.Formula = "-(" + strings.Join(terms, " + ") + ")"
	}
	if in.SpendingAssumed {
		w.lowest = w.lowest.Lowest(in.SpendingEvidence).Lowest(w.t.Steps[x.ID].Evidence)
		x.Evidence, x.Input = policy.User, true
	}
	w.add(x)
	w.stage(ToSpending)
	w.add(w.zone())
	w.subtotal(Line{ID: "reconciliation_amount", Label: "Reconciliation amount", Formula: w.left()})
}

// left says how the reconciliation amount comes about.
func (w *writer) left() string {
	switch {
	case w.silent:
		return ""
	case !w.f.between():
		return w.f.difference()
	case len(w.f.pools) == 1:
		return "spending lies between the two targets"
	}
	return "targets less spending, and nothing where spending lies between the two"
}

// between says whether spending lies between the two targets of a pool.
func (f *Figures) between() bool {
	return slices.ContainsFunc(f.pools, func(p pool) bool { return p.side == between })
}

// zone says between which two targets spending lies; it rests on the rates
// that set them.
func (w *writer) zone() Line {
	t, off := w.t, w.f.c.off
	x := Line{ID: "dead_zone", Label: "Between the two targets", Amount: w.f.DeadZone}
	if x.Amount == 0 {
		return x
	}
	_, stated := t.Steps[x.ID]
	rest := func(g Graded) {
		x.Evidence = x.Evidence.Lowest(g.Evidence)
		if !stated {
			x.Cite = joinCite(x.Cite, g)
		}
	}
	var parts []string
	for i := range w.f.pools {
		p := &w.f.pools[i]
		if p.side != between {
			continue
		}
		parts = w.say(parts, func() string {
			return fmt.Sprintf("spending of %s lies from %s, below which the payer pays, to %s, above which the hospital repays: nothing is owed", (p.spending - p.addSpending).Grouped(), p.targets(gaining).Grouped(), p.targets(losing).Grouped())
		})
		for k := range p.categories {
			switch c := &p.categories[k]; {
			case c.Thresholds != nil:
				rest(Graded{Source: policy.Source{Cite: "thresholds given by the user"}})
			case !c.Given:
				if r := t.RatesOf(c); r != nil {
					rest(r.Gain)
					rest(r.Loss)
				}
			}
		}
		if off.Sign() != 0 {
			rest(t.Quality.tiers)
			x.Evidence = x.Evidence.Lowest(w.in.CQSEvidence)
		}
	}
	x.Formula = strings.Join(parts, "; ")
	return x
}

func (w *writer) smallCategories() {
	t := w.t
	if t.LowVolume == 0 {
		return
	}
	g := t.LowVolumeAction
	low := Line{ID: "low_volume", Label: "Low-volume categories carry no loss", Amount: w.f.LowVolume, Cite: g.Cite, Evidence: g.Evidence, Note: g.Note}
	if g.None {
		low.Label = "Low-volume categories are left out"
	}
	var terms []string
	for k := range w.f.pools {
		p := &w.f.pools[k]
		for i := range p.categories {
			c := &p.categories[i]
			if t.LowVolume > 0 && c.Baseline < 0 {
				w.l.Warnings = append(w.l.Warnings, fmt.Sprintf("%s: baseline_episodes is unknown, so the rule on fewer than %d baseline episodes is off", c.Name, t.LowVolume))
			}
			if p.side == between {
				continue
			}
			if v := w.f.c.relief(p, i, p.side); v != 0 && !w.brief {
				low.Parts = append(low.Parts, Part{Category: c.Name, Amount: v})
				word := "loss"
				if v < 0 {
					word = "gain"
				}
				terms = w.say(terms, func() string {
					return fmt.Sprintf("%s %s %s, %d of %d baseline episodes", c.Name, word, v.Abs().Grouped(), c.Baseline, t.LowVolume)
				})
			}
		}
	}
	low.Formula = strings.Join(terms, " + ")
	w.add(low)
}
