package session

import (
	"fmt"
	"maps"
	"slices"

	"bundlelab/engine/lever"
	"bundlelab/scenarios"
)

// Key is where a lever is set now: for the hospital looked at when the lever
// knows hospitals, for the chosen category when it knows categories.
func (s *Session) Key(d *lever.Def) lever.Key {
	k := lever.Key{Group: d.Group, Name: d.Name}
	if d.Scope == lever.PerCategory {
		k.Category = s.category
	}
	if d.ByHospital() {
		k.Hospital = s.hospital
	}
	return k
}

// Set gives a lever a value. An error leaves everything as it was.
func (s *Session) Set(k lever.Key, text string) error {
	set, err := s.now.Levers.With(k.String(), text)
	if err != nil {
		return err
	}
	v, _ := set.Exactly(k)
	if s.has(k, v) {
		return nil
	}
	next := s.now
	next.Levers = set
	return s.apply(next, k, k.String()+" = "+v.Text)
}

// has says whether a lever has a value already, however either was written.
func (s *Session) has(k lever.Key, v lever.Value) bool {
	d := s.def(k)
	if d == nil {
		return false
	}
	old, ok := s.now.Levers.Over(s.base.levers).Get(k.Group, k.Name, k.Hospital, k.Category)
	if !ok {
		return s.plain(d, k, v.Text)
	}
	if d.Unit == lever.ID || d.Unit == lever.Switch {
		return old.Text == v.Text
	}
	return old.Cents == v.Cents && old.None == v.None && old.Rate.Cmp(v.Rate) == 0
}

// def is the lever of a key, nil for none.
func (s *Session) def(k lever.Key) *lever.Def {
	i := slices.IndexFunc(s.defs, func(d lever.Def) bool { return d.Group == k.Group && d.Name == k.Name })
	if i < 0 {
		return nil
	}
	return &s.defs[i]
}

// Reset takes a lever back to its base.
func (s *Session) Reset(k lever.Key) error {
	if _, ok := s.now.Levers.Exactly(k); !ok {
		return nil
	}
	next := s.now
	next.Levers = s.now.Levers.Without(k)
	next.Notes = maps.Clone(s.now.Notes)
	delete(next.Notes, k.String())
	return s.apply(next, k, k.String()+" back to base")
}

// apply settles a changed scenario and takes it if the model accepts it.
func (s *Session) apply(next scenarios.Scenario, k lever.Key, words string) error {
	tried := s.attempt(next, s.hand(next))
	if err := s.check(next, tried, k, false); err != nil {
		return err
	}
	s.push(words)
	if next.Name == scenarios.StatusQuo().Name {
		next.Name = Unnamed
	}
	s.take(next, tried)
	if k.Group == "policy" && (k.Name == "design" || k.Name == "track") {
		s.follow(next)
	}
	return nil
}

func (s *Session) push(words string) {
	s.past = append(s.past, step{s.now, s.base, words})
	s.future = nil
}

// Load opens a scenario in place of the present one; undo brings that back.
func (s *Session) Load(x scenarios.Scenario) error {
	b, err := s.baseOf(x)
	if err != nil {
		return err
	}
	was := step{s.now, s.base, "open " + x.Name}
	if err := s.begin(x, b); err != nil {
		return err
	}
	s.past = append(s.past, was)
	s.future = nil
	return nil
}

// Rename gives the present scenario a name; undo takes it back.
func (s *Session) Rename(name string) {
	if name == s.now.Name {
		return
	}
	s.push("name " + name)
	s.now.Name = name
	s.version++
}

// Saved notes what the disk now holds.
func (s *Session) Saved(x scenarios.Scenario) {
	s.disk[x.Name] = string(x.Format())
	s.version++
}

// Undo takes the last change back and says which.
func (s *Session) Undo() (string, error) {
	n := len(s.past)
	if n == 0 {
		return "", fmt.Errorf("there is nothing to undo")
	}
	last := s.past[n-1]
	s.past = s.past[:n-1]
	s.future = append(s.future, step{s.now, s.base, last.words})
	s.restore(last)
	return last.words, nil
}

// Redo makes the change undone last again.
func (s *Session) Redo() (string, error) {
	n := len(s.future)
	if n == 0 {
		return "", fmt.Errorf("there is nothing to redo")
	}
	next := s.future[n-1]
	s.future = s.future[:n-1]
	s.past = append(s.past, step{s.now, s.base, next.words})
	s.restore(next)
	return next.words, nil
}

// restore takes a scenario that was taken before. The hospital looked at may
// be another by now, so a rule may forbid it here: its rows then say so.
func (s *Session) restore(x step) {
	s.base = x.base
	s.show(x.scenario)
	s.follow(x.scenario)
}

// CanUndo says whether there is a change to take back.
func (s *Session) CanUndo() bool { return len(s.past) > 0 }

// CanRedo says whether there is an undone change.
func (s *Session) CanRedo() bool { return len(s.future) > 0 }

// Unnamed is the name of a scenario that began as the status quo and is not
// saved yet.
const Unnamed = "New scenario"

// Unsaved says whether the scenario differs from what the disk holds under its
// name. A new one without a lever is nothing to save.
func (s *Session) Unsaved() bool {
	body, saved := s.disk[s.now.Name]
	if !saved && s.now.Levers.Len() == 0 {
		return false
	}
	if s.standsAlone() {
		return body != s.Text()
	}
	return body != string(s.Standalone().Format())
}

// Text is the scenario as a file holds it, written once for a version.
func (s *Session) Text() string {
	if s.written.at != s.version || s.written.text == "" {
		s.written = written{s.version, string(s.now.Format())}
	}
	return s.written.text
}

type written struct {
	at   uint64
	text string
}
