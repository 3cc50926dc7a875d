package settle

import (
	"fmt"
	"slices"
	"strings"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
)

// Settle settles and writes the ledger.
func Settle(t *Terms, in *Input) Ledger { return *new(Desk).Settle(t, in) }

// Brief is what Settle finds without lines: every figure, the grade and the
// warnings of its ledger, for rows that are only summed.
func Brief(t *Terms, in *Input) Ledger {
	c := NewCase(t, in)
	return *new(Desk).settle(&c, in, true)
}

// Settle is a ledger in the memory of the last one.
func (d *Desk) Settle(t *Terms, in *Input) *Ledger {
	d.c.open(t, in)
	return d.settle(&d.c, in, false)
}

// SettleCase is Settle of a case that was made of an input which differs in
// spending alone.
func (d *Desk) SettleCase(c *Case, in *Input) *Ledger { return d.settle(c, in, false) }

func (d *Desk) settle(c *Case, in *Input, brief bool) *Ledger {
	t, f, l := c.t, d.compute(c, in), &d.l
	d.parts, *l = d.parts[:0], Ledger{Lines: l.Lines[:0], Targets: l.Targets[:0]}
	if !brief && l.Lines == nil {
		l.Lines, d.parts = make([]Line, 0, usualLines), make([]Part, 0, len(in.Categories))
	}
	w := &d.w
	*w = writer{t: t, in: in, f: f, l: l, score: Graded{Source: policy.Source{Evidence: in.CQSEvidence}}, parts: &d.parts, brief: brief, silent: brief || in.Plain}
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
	l.Target, l.Spending, l.Net, l.Hospital = f.Target, f.Spending, f.Net, w.run
	l.Targets = f.targets(l.Targets, in)
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
	l   *Ledger
	run money.Cents

	parts *[]Part // of all lines
	score Graded  // how the score is known

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
func (w *writer) subtotal(x Line, rules ...*Graded) {
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

// part adds a part to the line that is being written.
func (w *writer) part(x *Line, p Part) {
	all := append(*w.parts, p)
	x.Parts = all[len(all)-len(x.Parts)-1 : len(all) : len(all)]
	*w.parts = all
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
	rest := func(g *Graded) {
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
				rest(&Graded{Source: policy.Source{Cite: "thresholds given by the user"}})
			case !c.Given:
				if r := t.RatesOf(c); r != nil {
					rest(&r.Gain)
					rest(&r.Loss)
				}
			}
		}
		if off.Sign() != 0 {
			rest(&t.Quality.tiers)
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
	g := &t.LowVolumeAction
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
				w.part(&low, Part{Category: c.Name, Amount: v})
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
