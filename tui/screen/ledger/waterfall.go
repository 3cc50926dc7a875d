package ledger

import (
	"bundlelab/engine/money"
	"bundlelab/tui/draw"
	"bundlelab/tui/session"
)

// span is one bar of the waterfall on its axis.
type span struct{ from, to, lo, hi money.Cents }

// spans places every line: an addend runs from the running result to the next,
// a subtotal from zero. From the reconciliation amount on the bars have an
// axis of their own, because what is left is a few percent of the benchmark
// and would not be seen on its scale.
func spans(steps []session.Step) []span {
	out := make([]span, len(steps))
	var run money.Cents
	second := len(steps)
	for i := range steps {
		st := &steps[i]
		if st.ID == "reconciliation_amount" {
			second = i
		}
		if st.Subtotal {
			out[i] = span{from: 0, to: st.Amount}
			run = st.Amount
			continue
		}
		out[i] = span{from: run, to: run + st.Amount}
		run += st.Amount
	}
	axis(out[:second])
	axis(out[second:])
	return out
}

func axis(list []span) {
	var lo, hi money.Cents
	for _, s := range list {
		lo, hi = min(lo, s.from, s.to), max(hi, s.from, s.to)
	}
	for i := range list {
		list[i].lo, list[i].hi = lo, hi
	}
}

// detailOf explains the line under the cursor, below the lines.
func detailOf(t *draw.Theme, st *session.Step, bars bool, w int) []string {
	rule := st.Cite + " · " + st.Evidence.String()
	if st.Note != "" {
		rule += " · " + st.Note
	}
	scale := ""
	if bars {
		scale = "  bars: ▒ below zero; from the reconciliation amount on they have their own scale"
	}
	return []string{
		draw.On("").Add(t.Faint, scale).To(w),
		draw.On("").To(w),
		draw.On("").Add(t.Faint, "  formula  ").Add("", draw.Fit(Formula(st), w-11)).To(w),
		draw.On("").Add(t.Faint, "  rule     ").Add("", draw.Fit(rule, w-11)).To(w),
	}
}

// forbidden says why the selected row has no ledger.
func forbidden(t *draw.Theme, s *session.Session, w int) []string {
	row := s.Row()
	if row == nil || row.Err == nil {
		return []string{draw.On("").Add(t.Faint, "  no design to show").To(w)}
	}
	out := []string{draw.On("").Add(t.Warn, "  No settlement under this design and track:").To(w)}
	for _, l := range draw.Wrap(draw.Clean(session.Brief(row.Err)), w-4) {
		out = append(out, draw.On("").Add("", "  "+l).To(w))
	}
	return out
}
