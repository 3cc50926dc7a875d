// Package totals reads a statement of given totals, JSON or TOML with the same
// keys, and settles it: what `bundlelab settle` does. The keys a statement may
// hold follow from what its design states, so a design of the user's own has
// the same ones (docs/formats.md lists them).
package totals

import (
	"strings"

	"bundlelab/engine/money"
	"bundlelab/engine/policy"
	"bundlelab/engine/quality"
	"bundlelab/engine/settle"
)

// Schema is the schema key of a statement.
const Schema = "bundlelab.settle/1"

// InputError lists what is wrong in a statement (exit code 3).
type InputError struct {
	File string
	Why  []string
}

func (e *InputError) Error() string { return e.File + ": " + strings.Join(e.Why, "\n"+e.File+": ") }

// Settlement is a settled statement.
type Settlement struct {
	Design *policy.Design
	Period policy.Period
	Track  string
	Ledger settle.Ledger
	Score  *quality.Score // built from given measures; nil when the score was given or assumed
}

// Settle reads and settles a statement. Errors: *InputError,
// *policy.NotFoundError, *policy.PeriodError, *policy.TrackError,
// *policy.IneligibleError. Of several kinds of fault an unknown design comes
// first, then everything wrong in the text at once, then what a rule forbids.
func Settle(name string, b []byte, designs *policy.Set) (*Settlement, error) {
	tree, err := decode(name, b)
	if err != nil {
		return nil, err
	}
	r := &reader{file: name}
	if s := r.text("schema", tree["schema"], true); s != Schema && s != "" {
		r.fail("schema", "%q: this program reads %q", s, Schema)
	}
	id := r.text("design", tree["design"], true)
	if err := r.err(); err != nil {
		return nil, err
	}
	d, err := designs.Get(id)
	if err != nil {
		return nil, err
	}
	st := r.statement(tree, d)
	if err := r.err(); err != nil {
		return nil, err
	}
	if st.refused != nil {
		return nil, st.refused
	}
	return st.settle()
}

// settle lays the statement on the design's terms.
func (st *statement) settle() (*Settlement, error) {
	t, err := settle.Resolve(st.design, st.period, settle.Asked{Track: st.track, Class: st.class, Days: st.days, Levers: st.levers})
	if err != nil {
		return nil, err
	}
	st.grade(&t)
	if st.contract != nil {
		f, err := st.contract(st)
		if err != nil {
			return nil, err
		}
		st.own("gain_share", &t.GainShare)
		st.own("loss_share", &t.LossShare)
		st.own("min_rate", &t.MinGain)
		st.own("min_rate", &t.MinLoss)
		st.own("withhold", &t.Quality.Withhold)
		t, st.input = f.Settle(t, st.input)
	}
	l := settle.Settle(&t, &st.input)
	for i := range l.Lines {
		if note := st.notes[l.Lines[i].ID]; note != "" {
			l.Lines[i].Note = strings.TrimSpace(l.Lines[i].Note + " " + note)
		}
	}
	l.Warnings = append(l.Warnings, st.warnings...)
	return &Settlement{st.design, st.period, st.track, l, st.score}, nil
}

// grade sets the score that counts and how it is known.
func (st *statement) grade(t *settle.Terms) {
	acts, in := !t.Quality.Acts(policy.None) && !st.final, &st.input
	switch {
	case st.score != nil:
		in.CQS, in.CQSEvidence = st.score.Value, st.score.Evidence
	case st.scored || in.Gate != nil:
	case acts:
		in.CQS, in.CQSEvidence = t.Quality.Default.Rate.Decimal(), t.Quality.Default.Evidence
		st.warn("quality.cqs is not given: %s is used (assumed)", in.CQS)
	}
	switch {
	case acts || !st.scored && st.score == nil:
	case st.final:
		st.warn("quality.cqs is not used: aco.fsr is the final sharing rate, quality in it")
	default:
		st.warn("quality.cqs is not used: design %s pays nothing by a score in %s", st.design.ID, st.period.ID)
	}
}

// sum adds amounts up and says whether the sum stays in range.
func sum(list []money.Cents) (money.Cents, bool) {
	var s money.Cents
	for _, c := range list {
		if s += c; s.Abs() > mostCents {
			return 0, false
		}
	}
	return s, true
}
