package session

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/policy"
)

func count(n int) string { return strconv.Itoa(n) }

// Choices are the values an ID or switch lever can take for the selected row.
func (s *Session) Choices(d *lever.Def) []string {
	if len(d.Choices) > 0 {
		return d.Choices
	}
	row := s.Row()
	switch {
	case d.Group != "policy" || row == nil:
	case d.Name == "design":
		return s.model.Designs().IDs()
	case d.Name == "period":
		return s.acting(d, row).design.PeriodIDs()
	case d.Name == "track":
		return row.Design.TrackIDs()
	}
	return nil
}

// Step moves a lever n steps; a choice moves to the next one that the rules
// allow.
func (s *Session) Step(d *lever.Def, n int) error {
	if d.Unit == lever.ID || d.Unit == lever.Switch {
		return s.turn(d, n)
	}
	k := s.Key(d)
	from, err := s.present(d, k)
	if err != nil {
		return err
	}
	text, at, err := stepped(d, from, n)
	if err != nil {
		return err
	}
	if at {
		return &lever.RangeError{Key: k.String(), Value: text, Why: "it is at the end of its range, " + Range(d)}
	}
	if s.plain(d, k, text) {
		return s.Reset(k)
	}
	return s.Set(k, text)
}

// plain says whether a value is what the lever would be without a setting, so
// that the scenario need not keep it.
func (s *Session) plain(d *lever.Def, k lever.Key, text string) bool {
	none, err := lever.ParseValue(d, d.Baseline)
	if err != nil {
		return false
	}
	if _, ok := s.now.Levers.Without(k).Over(s.base.levers).Get(d.Group, d.Name, k.Hospital, k.Category); ok {
		return false
	}
	if d.Unit == lever.ID || d.Unit == lever.Switch {
		return text == d.Baseline
	}
	v, err := lever.ParseValue(d, text)
	return err == nil && v.Cents == none.Cents && v.None == none.None && v.Rate.Cmp(none.Rate) == 0
}

// present is the number a step starts from.
func (s *Session) present(d *lever.Def, k lever.Key) (lever.Value, error) {
	set := s.now.Levers.Over(s.base.levers)
	if v, ok := set.Get(d.Group, d.Name, k.Hospital, k.Category); ok {
		return v, nil
	}
	if v, ok := s.neutral(d); ok {
		return v, nil
	}
	if row := s.Row(); d.Name == "discount" && row != nil && row.Result != nil && len(s.Totals(row).Categories) > 0 {
		x := s.acting(d, row)
		if f, err := x.design.At("discount", x.period.Start, policy.Scope{Track: x.track, Category: s.Totals(row).Categories[0].Name(), Days: row.Result.EpisodeDays}); err == nil {
			return lever.ParseValue(d, f.Value)
		}
	}
	return lever.Value{}, fmt.Errorf("%s has no number to step from here: type a value", k)
}

// stepped is the text of a value n steps away, held in the range; at says that
// the value already was at that end.
func stepped(d *lever.Def, v lever.Value, n int) (string, bool, error) {
	if d.Unit == lever.Dollars {
		step, err := money.ParseCents(d.Step)
		if err != nil {
			return "", false, fmt.Errorf("step of %s: %w", d.Key(), err)
		}
		next := max(0, v.Cents+step*money.Cents(n))
		return next.String(), next == v.Cents, nil
	}
	step, err := money.ParseRate(d.Step)
	if err != nil {
		return "", false, fmt.Errorf("step of %s: %w", d.Key(), err)
	}
	from := v.Rate.Decimal()
	if v.None { // no limit lies above every limit
		if n > 0 {
			return "none", true, nil
		}
		from = decimal.New(1, 0).Sub(step.Decimal().Mul(decimal.NewFromInt(int64(n))))
	}
	next := from.Add(step.Decimal().Mul(decimal.NewFromInt(int64(n))))
	if lo, err := money.ParseRate(d.Min); err == nil && next.LessThan(lo.Decimal()) {
		next = lo.Decimal()
	}
	if hi, err := money.ParseRate(d.Max); err == nil && next.GreaterThan(hi.Decimal()) {
		next = hi.Decimal()
	}
	same := !v.None && next.Equal(from)
	if d.Unit == lever.Percent || d.Unit == lever.Limit {
		return next.Shift(2).String() + "%", same, nil
	}
	return next.String(), same, nil
}

// turn moves a choice lever round its choices, past those a rule forbids; the
// round includes leaving it at the base.
func (s *Session) turn(d *lever.Def, n int) error {
	choices := s.Choices(d)
	k := s.Key(d)
	if len(choices) == 0 {
		return fmt.Errorf("%s has nothing to choose from under this design", k)
	}
	i := -1 // unset
	if v, ok := s.now.Levers.Exactly(k); ok {
		i = slices.Index(choices, v.Text)
	} else if v, ok := s.neutral(d); ok {
		i = slices.Index(choices, v.Text)
	}
	if i < 0 { // not set, or to what another design has
		if text, ok := s.designValue(d); ok {
			i = slices.Index(choices, text)
		}
	}
	dir := 1
	if n < 0 {
		dir = -1
	}
	var refused []error
	for range choices {
		i = ((i+dir)%len(choices) + len(choices)) % len(choices)
		err := s.Set(k, choices[i])
		if err == nil {
			return nil
		}
		refused = append(refused, err)
	}
	return errors.Join(refused...)
}

// Range is a lever's range in words.
func Range(d *lever.Def) string {
	switch {
	case len(d.Choices) > 0:
		return "one of " + joinWords(d.Choices)
	case d.Unit == lever.ID:
		return "a name"
	case d.Unit == lever.Limit:
		return d.Min + " to " + d.Max + ", or none"
	case d.Max == "":
		return "from " + d.Min
	}
	return d.Min + " to " + d.Max
}

func joinWords(list []string) string {
	out := ""
	for i, w := range list {
		if i > 0 {
			out += ", "
		}
		out += w
	}
	return out
}

// Typed reads a value as people type it into a field: a bare number at a lever
// that shows percent means percent, and a dollar sign and commas are dropped.
func Typed(d *lever.Def, text string) string {
	text = strings.TrimSpace(text)
	switch d.Unit {
	case lever.Dollars:
		return strings.NewReplacer("$", "", ",", "").Replace(text)
	case lever.Days:
		return strings.TrimSpace(strings.TrimSuffix(text, "d"))
	case lever.Percent, lever.Limit:
		if _, err := money.ParseRate(strings.TrimPrefix(text, "+")); err == nil && !strings.HasSuffix(text, "%") {
			return text + "%"
		}
	case lever.ID, lever.Number, lever.Count, lever.Switch:
	}
	return text
}

// Understood says how a value written as on the command line is read: "2.5%"
// for 0.025 at a lever of percent. The error says why it cannot be.
func Understood(d *lever.Def, text string) (string, error) {
	v, err := lever.ParseValue(d, text)
	if err != nil {
		return "", err
	}
	return Show(d, v), nil
}
