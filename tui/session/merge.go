package session

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"bundlelab/engine"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/policy"
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
	Line     settle.Line
}

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
	if st, ok := s.steps[id]; ok {
		return st
	}
	r := s.find(id)
	if r == nil || r.Result == nil {
		return nil
	}
	s.steps[id] = Merge(r.Result)
	return s.steps[id]
}

// BaseSteps are the amounts of the selected row's ledger under the base, by
// line; nil when the base has no result. A line that is absent is zero.
func (s *Session) BaseSteps() map[string]money.Cents {
	r := s.Base(s.selected)
	if r == nil {
		return nil
	}
	out := map[string]money.Cents{}
	for _, st := range Merge(r) {
		out[st.ID] = st.Amount
	}
	return out
}

// Merge adds the ledgers of a design's hospitals, line by line. Sums of
// ledgers that foot foot.
func Merge(d *engine.DesignResult) []Step {
	if len(d.Hospitals) > 1 { // their sum shows no formula
		d = d.Lined()
	} else {
		d = d.Written()
	}
	var out []Step
	for h := range d.Hospitals {
		r := &d.Hospitals[h]
		at := 0
		for _, l := range r.Ledger.Lines {
			i := at
			for i < len(out) && out[i].ID != l.ID {
				i++
			}
			if i == len(out) {
				i = place(out, at, l.ID, r.Ledger.Lines)
				out = append(out[:i], append([]Step{{Line: l}}, out[i:]...)...)
				out[i].Parts = append([]settle.Part(nil), l.Parts...)
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

func add(s *Step, l settle.Line) {
	s.Amount += l.Amount
	s.Evidence = s.Evidence.Lowest(l.Evidence)
	s.Label, s.Cite, s.Note = joined(s.Label, l.Label, ", "), joined(s.Cite, l.Cite, "; "), joined(s.Note, l.Note, "; ")
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

// Totals are the figures of a settled row, added once.
func (s *Session) Totals(r *engine.Row) Totals {
	id := ID(r)
	t, ok := s.totals[id]
	if !ok {
		t = Sum(r.Result)
		s.totals[id] = t
	}
	return t
}

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

// Sum adds a result's hospitals.
func Sum(d *engine.DesignResult) Totals {
	t := Totals{Net: d.Net}
	for i := range d.Hospitals {
		h := &d.Hospitals[i]
		t.Target += h.Ledger.Target
		t.Spending += h.Ledger.Spending
		t.Episodes = t.Episodes.Add(h.Episodes)
		for _, c := range h.Categories {
			if !slices.Contains(t.Categories, c.Category) {
				t.Categories = append(t.Categories, c.Category)
			}
		}
	}
	slices.Sort(t.Categories)
	t.PerEpisode = settle.PerEpisode(t.Net, t.Episodes)
	return t
}

// CategorySum is one category over the hospitals.
type CategorySum struct {
	engine.CategoryResult
	Difference money.Cents // target less spending, before quality and limits, where one of two targets counts
	PerEpisode money.Cents // the difference over episodes
	Hospitals  int         // that have the category
	Small      int         // of them with fewer baseline episodes than the low-volume rule asks
	Between    int         // of them whose spending lies between the design's two targets: nothing is owed there
	Shares     []CategoryShare
}

// CategoryShare is one hospital's part of a category.
type CategoryShare struct {
	Hospital *engine.HospitalResult
	engine.CategoryResult
	Between bool // spending lies between the two targets
}

// ByCategory adds the categories over hospitals, in their order; below is the
// number of baseline episodes under which a category is small.
func ByCategory(d *engine.DesignResult, below int) []CategorySum {
	var out []CategorySum
	zone := zones(d)
	for _, c := range episode.Categories() {
		sum := CategorySum{CategoryResult: engine.CategoryResult{Category: c}}
		for h := range d.Hospitals {
			for _, x := range d.Hospitals[h].Categories {
				if x.Category != c {
					continue
				}
				sum.Hospitals++
				between := zone[d.Hospitals[h].CCN][c.String()] || zone[d.Hospitals[h].CCN][""]
				sum.Shares = append(sum.Shares, CategoryShare{&d.Hospitals[h], x, between})
				if between {
					sum.Between++
				} else {
					sum.Difference += x.Target - x.Spending
				}
				sum.Episodes = sum.Episodes.Add(x.Episodes)
				sum.Baseline += x.Baseline
				sum.Benchmark += x.Benchmark
				sum.Target += x.Target
				sum.Spending += x.Spending
				sum.Capped += x.Capped
				if x.Baseline < below {
					sum.Small++
				}
			}
		}
		if sum.Hospitals == 0 {
			continue
		}
		sum.PerEpisode = settle.PerEpisode(sum.Difference, sum.Episodes)
		out = append(out, sum)
	}
	return out
}

// zones are the categories whose spending lies between two targets, by CCN; ""
// is all of a hospital's, which then settle together.
func zones(d *engine.DesignResult) map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for _, st := range Merge(d) {
		if st.ID != "dead_zone" {
			continue
		}
		for _, h := range st.Shares {
			in := map[string]bool{"": len(h.Line.Parts) == 0}
			for _, p := range h.Line.Parts {
				in[p.Category] = true
			}
			out[h.Hospital.CCN] = in
		}
	}
	return out
}

// SmallBelow is the low-volume limit of a settled row: a category with fewer
// baseline episodes at a hospital carries no loss there. 0 where the design has
// no such rule.
func SmallBelow(r *engine.Row) int {
	if r.Result == nil || !r.Design.Has("low_volume.below") {
		return 0
	}
	n, _, err := r.Design.Rate("low_volume.below", r.Result.Period.Start, policy.Scope{Track: r.Track.ID})
	if err != nil {
		return 0
	}
	return int(n.Decimal().IntPart())
}
