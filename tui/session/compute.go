package session

import (
	"errors"
	"fmt"

	"bundlelab/engine"
	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/policy"
	"bundlelab/scenarios"
)

// scope are the hospitals looked at; none means all.
func (s *Session) scope() []string {
	if s.hospital == "" {
		return nil
	}
	return []string{s.hospital}
}

func (s *Session) settle(x scenarios.Scenario) []engine.Row {
	return s.model.Rows(engine.Request{Hospitals: s.scope(), Levers: x.Levers.Over(s.base.levers)})
}

// rebase settles the base once for the hospitals looked at.
func (s *Session) rebase() {
	rows := s.model.Rows(engine.Request{Hospitals: s.scope(), Levers: s.base.levers})
	s.baseRows = make(map[RowID]*engine.Row, len(rows))
	for i := range rows {
		s.baseRows[ID(&rows[i])] = &rows[i]
	}
}

// LookAt chooses one hospital by CCN, or all with "".
func (s *Session) LookAt(ccn string) error {
	if ccn == s.hospital {
		return nil
	}
	old := s.hospital
	s.hospital = ccn
	rows := s.settle(s.now)
	if err := s.check(s.now, rows, true); err != nil {
		s.hospital = old
		return err
	}
	s.rebase()
	s.take(s.now, rows)
	return nil
}

// NextCategory moves the category of the levers by n places, through "all".
func (s *Session) NextCategory(n int) {
	const m = episode.NumCategories + 1
	s.category = episode.Category(((int(s.category)+n)%m + m) % m)
	s.version++
}

// check refuses a scenario the model cannot settle: one without any row left,
// one that takes the selected row its result for another reason than
// eligibility, one whose values no row accepts, or one whose own choice of
// design and track a rule forbids. With opening the selected row does not
// count.
func (s *Session) check(x scenarios.Scenario, rows []engine.Row, opening bool) error {
	left := 0
	var first error
	for i := range rows {
		r := &rows[i]
		if r.Err == nil {
			left++
			continue
		}
		if first == nil {
			first = r.Err
		}
		if misused(r.Err) && (opening || !wasWrong(s.find(ID(r)))) {
			return r.Err
		}
	}
	if left == 0 && first != nil {
		return first
	}
	if opening {
		return s.allowed(x)
	}
	was, now := s.Row(), find(rows, s.selected)
	if was != nil && was.Err == nil && now != nil && now.Err != nil && !ineligible(now.Err) {
		return now.Err
	}
	return s.allowed(x)
}

// allowed settles what the scenario itself chooses, as the command line would.
// The board's rows try every track, so only this meets a forbidden choice.
func (s *Session) allowed(x scenarios.Scenario) error {
	set := x.Levers.Over(s.base.levers)
	if free(set).Len() == set.Len() {
		return nil
	}
	id := s.selected.Design
	if v, ok := set.Get("policy", "design", "", 0); ok {
		id = v.Text
	}
	if id == "" {
		return nil
	}
	_, err := s.model.Evaluate(engine.Request{Designs: []string{id}, Hospitals: s.scope(), Levers: set})
	return err
}

// free leaves the choice of design and track to the rows.
func free(set lever.Set) lever.Set { return set.WithoutNamed("policy", "design", "track") }

func wasWrong(r *engine.Row) bool { return r != nil && r.Err != nil && misused(r.Err) }

// misused says whether an error is about a lever's value.
func misused(err error) bool {
	var r *lever.RangeError
	var u *engine.UsageError
	return errors.As(err, &r) || errors.As(err, &u)
}

func ineligible(err error) bool {
	var no *policy.IneligibleError
	return errors.As(err, &no)
}

// Leaves are the single errors of a joined one.
func Leaves(err error) []error {
	var many interface{ Unwrap() []error }
	if !errors.As(err, &many) {
		return []error{err}
	}
	var out []error
	for _, e := range many.Unwrap() {
		out = append(out, Leaves(e)...)
	}
	return out
}

// Brief says an error on one line: the rule of an ineligible track with its
// citation and how many hospitals it meets, else the first error.
func Brief(err error) string {
	all := Leaves(err)
	var no *policy.IneligibleError
	if errors.As(err, &no) {
		who := ""
		if len(all) > 1 {
			who = fmt.Sprintf(" for %d hospitals", len(all))
		}
		return fmt.Sprintf("not eligible%s: %s (%s)", who, no.Why, no.Cite)
	}
	if len(all) > 1 {
		return fmt.Sprintf("%s (and %d more)", all[0], len(all)-1)
	}
	return all[0].Error()
}
