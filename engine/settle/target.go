package settle

import (
	"cmp"
	"fmt"
	"strings"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
)

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
					w.part(&x, Part{Category: c.Name, Amount: -d})
				}
				continue
			}
			r := w.t.RatesOf(c)
			if r == nil {
				continue
			}
			g := &r.Gain
			if p.side == losing {
				g = &r.Loss
			}
			rests, x.Evidence = true, x.Evidence.Lowest(g.Evidence)
			if off.Sign() != 0 {
				x.Evidence = x.Evidence.Lowest(w.in.CQSEvidence).Lowest(w.t.Quality.tiers.Evidence)
				x.Cite = joinCite(x.Cite, &w.t.Quality.tiers)
			}
			if w.brief { // whether a line cites anything decides whose grade it has
				x.Cite = cmp.Or(x.Cite, g.Cite)
				continue
			}
			rate := r.side(p.side, off)
			w.part(&x, Part{c.Name, -d, rate})
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
