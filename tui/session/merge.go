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
// hospital's line; of several the amounts add and Shares tells each one's own
// line. A hospital whose line was zero has none, so that of several one alone
// may have a line.
type Step struct {
	settle.Line
	Hospitals int  // that have the line
	Own       bool // the line of the one hospital there is, with its formula
	last      said
}

// said are the words of the line that was added last: most hospitals say what
// the one before said.
type said struct{ label, cite, note string }

// Share is one hospital's part of a step, with its formula.
type Share struct {
	CCN     string
	Amount  money.Cents
	Formula string
}

// Shares are a step's parts, hospital by hospital.
func (s *Session) Shares(r *engine.Row, st *Step) []Share {
	var out []Share
	d := r.Result.Written()
	for i := range d.Hospitals {
		h := &d.Hospitals[i]
		if l, ok := h.Ledger.Line(st.ID); ok {
			out = append(out, Share{h.CCN, l.Amount, l.Formula})
		}
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

// Merged is the merged ledger of a row's result, or of its base's.
func (s *Session) Merged(d *engine.DesignResult) []Step { return s.wholeOf(d).steps }

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

// merge adds a hospital's ledger, line by line. Sums of ledgers that foot foot.
func merge(out []Step, lines []settle.Line) []Step {
	at := 0
	for k := range lines {
		l := &lines[k]
		i := at
		for i < len(out) && out[i].ID != l.ID {
			i++
		}
		if i == len(out) {
			i = place(out, at, l.ID, lines)
			out = slices.Insert(out, i, Step{Line: *l})
			out[i].Parts = slices.Clone(l.Parts)
		} else {
			add(&out[i], l)
		}
		out[i].Hospitals++
		out[i].last = said{l.Label, l.Cite, l.Note}
		at = i + 1
	}
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
	if l.Label != s.last.label {
		s.Label = joined(s.Label, l.Label, ", ")
	}
	if l.Cite != s.last.cite {
		s.Cite = joined(s.Cite, l.Cite, "; ")
	}
	if l.Note != s.last.note {
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
