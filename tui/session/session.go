// Package session is what a user is working on: the scenario with its undo
// history, the hospital and category looked at, and the settled rows that
// follow from them. It knows no screen; every screen reads it.
package session

import (
	"slices"

	"bundlelab/engine"
	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/scenarios"
)

// RowID names a row of the board: a design in a track.
type RowID struct{ Design, Track string }

// ID names a row.
func ID(r *engine.Row) RowID { return RowID{r.Design.ID, r.Track.ID} }

// Session is the state of the work. Change it through its methods only: each
// one that changes a number raises Version.
type Session struct {
	model  *engine.Model
	sweep  *engine.Model // for lengths, apart from the board's memory
	folder scenarios.Folder
	defs   []lever.Def

	now     scenarios.Scenario
	base    base
	past    []step
	future  []step
	disk    map[string]string // by scenario name: the text on disk
	entries []scenarios.Entry

	hospital string           // CCN looked at, "" all
	category episode.Category // 0 all

	rows     []engine.Row                   // family by family
	at       map[string]uint64              // by design: the figures its rows belong to
	baseRows map[RowID]*engine.DesignResult // under the base
	baseAt   map[string]uint64              // by design: the ground its base rows belong to
	ground   uint64                         // changes with the base and the hospitals looked at
	running  bool                           // a Rest is under way
	apart    apart                          // what the levers do alone
	selected RowID
	byHand   bool // the user went to another track of the selected design than the rule's
	ruled    map[ruleKey]verdict
	version  uint64
	figures  uint64
	whole    map[*engine.DesignResult]*whole // what was added up over hospitals
	written  written
	unset    map[unset]known
	inData   []episode.Category // that the data hold
}

// step is a scenario as it was on its base, with the words for what then
// changed it.
type step struct {
	scenario scenarios.Scenario
	base     base
	words    string
}

// New starts work on a scenario and the levers of what it builds on, which may
// lie outside the folder. The error says what of the scenario could not be
// used; the session is usable all the same, then on the status quo. One design
// is settled then; SettleAll or Pending settle the others.
func New(m *engine.Model, folder scenarios.Folder, start scenarios.Scenario, under lever.Set) (*Session, error) {
	s := &Session{
		model: m, sweep: m.Fork(), folder: folder, defs: grouped(lever.Registry()), disk: map[string]string{},
		rows: unsettled(m.Designs()), at: map[string]uint64{}, baseRows: map[RowID]*engine.DesignResult{}, baseAt: map[string]uint64{},
		ruled: map[ruleKey]verdict{}, unset: map[unset]known{}, whole: map[*engine.DesignResult]*whole{}, inData: held(m.Panel()), ground: 1,
	}
	entries, err := folder.List()
	s.SetEntries(entries)
	if start.Name == "" {
		start.Name = Unnamed
	}
	if berr := s.begin(start, s.given(start, under)); berr != nil {
		start = scenarios.StatusQuo()
		if ferr := s.begin(start, base{name: start.Name}); ferr != nil {
			s.show(start)
		}
		err = berr
	}
	s.disk[start.Name] = string(s.Standalone().Format())
	return s, err
}

// grouped keeps the levers of a group together, the groups in the order they
// first appear.
func grouped(defs []lever.Def) []lever.Def {
	order := map[string]int{}
	for i := range defs {
		if _, ok := order[defs[i].Group]; !ok {
			order[defs[i].Group] = len(order)
		}
	}
	slices.SortStableFunc(defs, func(a, b lever.Def) int { return order[a.Group] - order[b.Group] })
	return defs
}

// begin settles and checks a scenario on its base, and takes it.
func (s *Session) begin(x scenarios.Scenario, b base) error {
	old := s.base
	s.base = b
	tried := s.attempt(x, s.hand(x))
	if err := s.check(x, tried, lever.Key{}, true); err != nil {
		s.base = old
		return err
	}
	s.ground++
	s.take(x, tried)
	s.follow(x)
	return nil
}

// hand is the design a scenario is about: its own choice, else the one under
// the cursor.
func (s *Session) hand(x scenarios.Scenario) string {
	if v, ok := x.Levers.Over(s.base.levers).Get("policy", "design", "", 0); ok {
		if _, err := s.model.Designs().Get(v.Text); err == nil {
			return v.Text
		}
	}
	return s.selected.Design
}

// show takes a scenario whatever its rows say.
func (s *Session) show(x scenarios.Scenario) {
	s.ground++
	s.take(x, s.attempt(x, s.hand(x)))
}

// take makes a scenario, with the designs settled for it, the present one.
func (s *Session) take(x scenarios.Scenario, tried map[string][]engine.Row) {
	s.now = x
	s.figures++
	s.version++
	for id, rows := range tried {
		s.put(id, rows)
	}
	if s.Row() == nil {
		s.selected, s.byHand = s.first(), false
	}
	s.freshen(s.selected.Design)
	s.obey()
}

// first is the row the board opens on: the first that has a result.
func (s *Session) first() RowID {
	for i := range s.rows {
		if r := &s.rows[i]; r.Result != nil && !s.Stale(r.Design.ID) {
			return ID(r)
		}
	}
	if len(s.rows) > 0 {
		return ID(&s.rows[0])
	}
	return RowID{}
}

// follow selects the row that the scenario's own design and track name.
func (s *Session) follow(x scenarios.Scenario) {
	if id := s.chosen(x); s.find(id) != nil {
		s.byHand = s.byHand && id == s.selected && !s.chose(id.Design)
		s.selected = id
		s.obey()
		s.version++
	}
}

// chosen is the row a scenario names: its design, else the selected row's,
// and its track, else the selected row's if the design has it.
func (s *Session) chosen(x scenarios.Scenario) RowID {
	set := x.Levers.Over(s.base.levers)
	id := s.selected
	if v, ok := set.Get("policy", "design", "", 0); ok {
		id.Design = v.Text
	}
	s.freshen(id.Design)
	if v, ok := set.Get("policy", "track", s.hospital, 0); ok {
		if named := (RowID{id.Design, v.Text}); s.find(named) != nil {
			return named
		}
	}
	if s.find(id) != nil {
		return id
	}
	for i := range s.rows {
		if r := &s.rows[i]; r.Design.ID == id.Design && r.Result != nil {
			return ID(r)
		}
	}
	return RowID{Design: id.Design}
}

func (s *Session) find(id RowID) *engine.Row { return find(s.rows, id) }

func find(rows []engine.Row, id RowID) *engine.Row {
	for i := range rows {
		if ID(&rows[i]) == id {
			return &rows[i]
		}
	}
	return nil
}

// Select puts the row under the cursor, for the user.
func (s *Session) Select(id RowID) {
	if s.selected != id {
		s.freshen(id.Design)
		rule := s.Rule(id.Design)
		s.byHand = id.Track != rule && (rule != ByHospital || id.Design == s.selected.Design)
		s.selected = id
		s.version++
	}
}

// Row is the selected row; nil only without any rows.
func (s *Session) Row() *engine.Row { return s.find(s.selected) }

// Rows are one per design and track, family by family; see Stale.
func (s *Session) Rows() []engine.Row { return s.rows }

// Base is the same row under the scenario's base; nil when it has no result,
// or none yet.
func (s *Session) Base(id RowID) *engine.DesignResult {
	if s.baseAt[id.Design] != s.ground {
		return nil
	}
	return s.baseRows[id]
}

// Selected names the selected row.
func (s *Session) Selected() RowID { return s.selected }

// Version changes whenever anything a screen shows of the session does.
func (s *Session) Version() uint64 { return s.version }

// Model is the engine behind the session.
func (s *Session) Model() *engine.Model { return s.model }

// Scenario is the present scenario, a value.
func (s *Session) Scenario() scenarios.Scenario { return s.now }

// BaseName is what "vs base" compares with.
func (s *Session) BaseName() string { return s.base.name }

// Hospital is the CCN looked at, "" for all.
func (s *Session) Hospital() string { return s.hospital }

// Category is the category that levers by category are set for, 0 for all.
func (s *Session) Category() episode.Category { return s.category }

// Defs is the lever registry.
func (s *Session) Defs() []lever.Def { return s.defs }
