package session

import (
	"errors"
	"fmt"
	"slices"

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

// LookAt chooses one hospital by CCN, or all with "".
func (s *Session) LookAt(ccn string) error {
	if ccn == s.hospital {
		return nil
	}
	old := s.hospital
	s.hospital = ccn
	tried := s.attempt(s.now, s.selected.Design)
	if err := s.check(s.now, tried, lever.Key{}, true); err != nil {
		s.hospital = old
		return err
	}
	s.ground++
	s.take(s.now, tried)
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
// eligibility, one whose values a row does not accept, or one whose own choice
// of design, period or track a rule forbids. k is the lever that changes it;
// with opening, which is none, the selected row does not count.
func (s *Session) check(x scenarios.Scenario, tried map[string][]engine.Row, k lever.Key, opening bool) error {
	left := 0
	var first error
	for i := range s.rows {
		r := find(tried[s.rows[i].Design.ID], ID(&s.rows[i]))
		switch {
		case r == nil:
			continue
		case r.Err == nil:
			left++
			continue
		case first == nil:
			first = r.Err
		}
		if misused(r.Err) && (opening || !wasWrong(&s.rows[i])) {
			return r.Err
		}
	}
	if left == 0 && first != nil {
		return first
	}
	if opening {
		return s.allowed(x, k)
	}
	was, now := s.Row(), find(tried[s.selected.Design], s.selected)
	if was != nil && was.Err == nil && now != nil && now.Err != nil && !ineligible(now.Err) {
		return now.Err
	}
	return s.allowed(x, k)
}

// allowed asks about what the scenario itself chooses, as the command line
// would. The board's rows try every track, so only this meets a forbidden
// choice. A period or track of another design chooses nothing in this one,
// unless it is the very change.
func (s *Session) allowed(x scenarios.Scenario, k lever.Key) error {
	set := x.Levers.Over(s.base.levers)
	id := s.selected.Design
	if v, ok := set.Get("policy", "design", "", 0); ok {
		id = v.Text
	}
	if id == "" {
		return nil
	}
	d, err := s.model.Designs().Get(id)
	if err != nil {
		return err
	}
	if v, ok := set.Get("policy", "period", "", 0); ok && !s.knownPeriod(v.Text) {
		_, err := d.Period(v.Text)
		return err
	}
	if k.Group == "policy" && k.Name == "track" {
		if v, ok := x.Levers.Exactly(k); ok {
			if _, err := d.Track(v.Text); err != nil {
				return err
			}
		}
	}
	q := s.question(d, set, true)
	for _, i := range q.set.Items() {
		if i.Key.Name == "track" {
			return s.answer(q).err
		}
	}
	return nil
}

func (s *Session) knownPeriod(id string) bool {
	for _, d := range s.model.Designs().All() {
		if slices.Contains(d.PeriodIDs(), id) {
			return true
		}
	}
	return false
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
	var out []error
	eachLeaf(err, func(e error) { out = append(out, e) })
	return out
}

// eachLeaf visits them without a list: a rule may keep out hundreds of
// hospitals, and a board says how many at every key.
func eachLeaf(err error, visit func(error)) {
	for e := err; e != nil; e = errors.Unwrap(e) {
		if many, ok := e.(interface{ Unwrap() []error }); ok { // this loop walks the chain
			for _, x := range many.Unwrap() {
				eachLeaf(x, visit)
			}
			return
		}
	}
	visit(err)
}

// Brief says an error on one line: the rule of an ineligible track with its
// citation and how many hospitals it meets, else the first error.
func Brief(err error) string {
	var first error
	n := 0
	eachLeaf(err, func(e error) {
		if n++; first == nil {
			first = e
		}
	})
	var no *policy.IneligibleError
	if errors.As(err, &no) {
		who := ""
		if n > 1 {
			who = fmt.Sprintf(" for %d hospitals", n)
		}
		return fmt.Sprintf("not eligible%s: %s (%s)", who, no.Why, no.Cite)
	}
	if n > 1 {
		return fmt.Sprintf("%s (and %d more)", first, n-1)
	}
	return first.Error()
}
