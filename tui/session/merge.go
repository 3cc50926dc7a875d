package session

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"bundlelab/engine"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/settle"
)

// Step is one ledger line added over hospitals. Of one hospital it is that
// hospital's line; of several the amounts add and Shares keeps each one's own
// line with its formula. A hospital whose line was zero has none.
type Step struct {
	settle.Line
	Shares []Share
}

// Share is one hospital's part of a step.
type Share struct {
	Hospital *engine.HospitalResult
	Line     *settle.Line
}

// whole is what a result with its hospitals was added up to: once, though
// several panes show it.
type whole struct {
	steps      []Step
	categories []CategorySum
	below      int // of the categories
	classes    []classed
}

// wholeOf finds what is known of a result.
func (s *Session) wholeOf(d *engine.DesignResult) *whole {
	w, ok := s.whole[d]
	if !ok {
		w = &whole{}
		s.whole[d] = w
	}
	return w
}

// forget drops a result that is no row's any more.
func (s *Session) forget(d *engine.DesignResult) { delete(s.whole, d) }

// Formulas are the formulas of a step's shares, in their order.
func (s *Session) Formulas(r *engine.Row, st *Step) []string {
	full := map[string]*settle.Ledger{}
	d := r.Result.Written()
	for i := range d.Hospitals {
		full[d.Hospitals[i].CCN] = &d.Hospitals[i].Ledger
	}
	var out []string
	for _, h := range st.Shares {
		l, _ := full[h.Hospital.CCN].Line(st.ID)
		out = append(out, l.Formula)
	}
	return out
}

// Steps are the merged ledger of a row; nil for a row without a result.
func (s *Session) Steps(id RowID) []Step {
	r := s.find(id)
	if r == nil || r.Result == nil {
		return nil
	}
	return s.Merged(r.Result)
}

// Merged is Merge of a row's result, or of its base's, done once.
func (s *Session) Merged(d *engine.DesignResult) []Step {
	w := s.wholeOf(d)
	if w.steps == nil {
		w.steps = Merge(d)
	}
	return w.steps
}

// BaseSteps are the amounts of the selected row's ledger under the base, by
// line; nil when the base has no result. A line that is absent is zero.
func (s *Session) BaseSteps() map[string]money.Cents {
	r := s.Base(s.selected)
	if r == nil {
		return nil
	}
	out := map[string]money.Cents{}
	for _, st := range s.Merged(r) {
		out[st.ID] = st.Amount
	}
	return out
}

// Merge adds the ledgers of a design's hospitals, line by line. Sums of
// ledgers that foot foot.
func Merge(d *engine.DesignResult) []Step {
	if d.Sums.Hospitals > 1 { // their sum shows no formula
		d = d.Lined()
	} else {
		d = d.Written()
	}
	var out []Step
	for h := range d.Hospitals {
		r := &d.Hospitals[h]
		at := 0
		for k := range r.Ledger.Lines {
			l := &r.Ledger.Lines[k]
			i := at
			for i < len(out) && out[i].ID != l.ID {
				i++
			}
			if i == len(out) {
				i = place(out, at, l.ID, r.Ledger.Lines)
				out = slices.Insert(out, i, Step{Line: *l, Shares: make([]Share, 0, len(d.Hospitals))})
				out[i].Parts = slices.Clone(l.Parts)
			} else {
				add(&out[i], l)
			}
			out[i].Shares = append(out[i].Shares, Share{r, l})
			at = i + 1
		}
	}
	running(out)
	return out
}

// between are the addends between two subtotals that not every hospital has,
// in the order of the settlement.
func between() []string {
	return []string{"dead_zone", "low_volume", "gain_floor", "min_rate", "share", "quality", "withhold", "stop_limit",
		"post_episode", "overlap", "gate", "program", "gainshare", "alignment", "convener", "internal_savings", "lost_margin"}
}

// place finds where a line no hospital had so far belongs: after the line
// before it, and after those that come before it in the settlement.
func place(out []Step, at int, id string, lines []settle.Line) int {
	before := ""
	for _, l := range lines {
		if l.ID == id {
			break
		}
		before = l.ID
	}
	order := between()
	rank := slices.Index(order, id)
	for i := range out {
		if out[i].ID != before {
			continue
		}
		for i++; i < len(out) && !out[i].Subtotal; i++ {
			if r := slices.Index(order, out[i].ID); r < 0 || r > rank {
				break
			}
		}
		return i
	}
	return at
}

func add(s *Step, l *settle.Line) {
	s.Amount += l.Amount
	s.Evidence = s.Evidence.Lowest(l.Evidence)
	// Most hospitals say what the one before said.
	last := s.Shares[len(s.Shares)-1].Line
	if l.Label != last.Label {
		s.Label = joined(s.Label, l.Label, ", ")
	}
	if l.Cite != last.Cite {
		s.Cite = joined(s.Cite, l.Cite, "; ")
	}
	if l.Note != last.Note {
		s.Note = joined(s.Note, l.Note, "; ")
	}
	for _, p := range l.Parts {
		found := false
		for i := range s.Parts {
			if s.Parts[i].Category == p.Category {
				s.Parts[i].Amount += p.Amount
				found = true
			}
		}
		if !found {
			s.Parts = append(s.Parts, p)
		}
	}
}

// running puts the sum over hospitals under each subtotal: a hospital that
// lacks a subtotal line still carries its running amount.
func running(steps []Step) {
	var run money.Cents
	for i := range steps {
		if steps[i].Subtotal {
			steps[i].Amount = run
			continue
		}
		run += steps[i].Amount
	}
}

func joined(have, more, sep string) string {
	if more == "" || strings.Contains(have, more) {
		return have
	}
	if have == "" {
		return more
	}
	return have + sep + more
}

// Totals are the board's figures of one row, over its hospitals.
type Totals struct {
	Target, Spending, Net money.Cents
	Episodes              decimal.Decimal
	PerEpisode            money.Cents        // net over episodes, half away from zero
	Categories            []episode.Category // with episodes that count
}

// Totals are the figures of a settled row.
func (s *Session) Totals(r *engine.Row) Totals { return Sum(r.Result) }

// InData are the categories the data hold.
func (s *Session) InData() []episode.Category { return s.inData }

func held(p *panel.Panel) []episode.Category {
	var have [episode.NumCategories]bool
	for i := range p.Episodes {
		have[p.Episodes[i].Category.Index()] = true
	}
	var out []episode.Category
	for _, c := range episode.Categories() {
		if have[c.Index()] {
			out = append(out, c)
		}
	}
	return out
}

// Sum gives a result's figures.
func Sum(d *engine.DesignResult) Totals {
	x := &d.Sums
	return Totals{x.Target, x.Spending, d.Net, x.Episodes, x.PerEpisode, x.Categories}
}
