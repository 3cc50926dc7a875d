// Package engine projects what a bundle design would pay a hospital for its
// own episodes: episodes, prices and design rules go in, levers change them,
// ledgers come out. Model.Evaluate is the one door everyone outside uses.
package engine

import (
	"fmt"
	"math/big"
	"slices"
	"sync"

	"bundlelab/engine/episode"
	"bundlelab/engine/lever"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/policy"
	"bundlelab/engine/price"
	"bundlelab/engine/project"
)

// Model is a loaded database with the designs. It is safe for concurrent use;
// what it keeps between calls are results that no lever changes.
type Model struct {
	panel   *panel.Panel
	book    *price.Book
	designs *policy.Set
	groups  func() *groups

	everyone func() []int // all hospitals

	mu        sync.Mutex
	spending  recent[spendKey, *panel.Spending]
	indexes   []listed
	days      map[bool]*panel.Days // by exclusions, once lengths change often
	full      int                  // lengths computed from all services
	found     int                  // frames recalled since one was built
	frames    recent[frameKey, *frame]
	standings recent[standKey, *standing]
	passing   recent[standKey, struct{}] // asked for once
	alone     recent[toldKey, told]
	byTrack   map[frameKey]bool   // whether the cap depends on the track
	weights   []*project.Weights  // of every hospital, as last asked for
	tracked   map[string][]string // every hospital in one track
}

type spendKey struct {
	length     int
	exclusions bool
}

// keep bounds how many lengths stay in memory while a user scrubs: fewer the
// larger the data, about 100 bytes an episode each. A frame needs few of them
// while it is built and none afterwards.
func (m *Model) keep() int { return max(2, min(64, 2_000_000/(len(m.panel.Episodes)+1))) }

// keepFrames is never below what one view of all designs needs: a frame of each
// and, where the outlier cap depends on it, of each track, and the bundle inside
// an ACO. One fewer and a key would build every frame anew.
func (m *Model) keepFrames() int {
	n := 0
	for _, d := range m.designs.All() {
		n += 2 + len(d.Tracks)
	}
	return max(m.keep(), n)
}

// InputError says the data cannot answer (exit code 3).
type InputError struct {
	Why   string
	apart bool // it concerns one design and no other
}

func (e *InputError) Error() string { return e.Why }

// RuleError says a rule or the data's reach forbids the request (exit code 4).
type RuleError struct {
	Why   string
	apart bool // it concerns one design and no other
}

func (e *RuleError) Error() string { return e.Why }

// UsageError says a lever's value cannot be meant (exit code 2).
type UsageError struct{ Why string }

func (e *UsageError) Error() string { return e.Why }

// New makes a model. It refuses a panel whose sums would not fit.
func New(p *panel.Panel, b *price.Book, d *policy.Set) (*Model, error) {
	m := fresh(p, b, d)
	all := p.Size()
	for i := range p.Episodes {
		all += p.Episodes[i].Anchor.Abs()
	}
	return m, project.CheckOverflow(all, money.Whole)
}

// Panel is the loaded data, read-only.
func (m *Model) Panel() *panel.Panel { return m.panel }

// Designs are the designs the model knows.
func (m *Model) Designs() *policy.Set { return m.designs }

// Evaluate projects the reconciliation under each design asked for. Where none
// is named every design settles what it can: one without the period or track
// that the levers choose takes its own default with a warning, one without
// episodes is listed as skipped. Errors: *policy.NotFoundError,
// *policy.PeriodError, *policy.TrackError, *policy.IneligibleError, *RuleError,
// *InputError, *UsageError, *lever.RangeError.
func (m *Model) Evaluate(r Request) (*Result, error) {
	ids, lenient, err := m.asked(r)
	if err != nil {
		return nil, err
	}
	return m.settle(r, ids, lenient, (*evaluation).result)
}

// Sums is Evaluate without hospitals, notes and warnings: the sums alone, at a
// small part of the time.
func (m *Model) Sums(r Request) (*Result, error) {
	ids, lenient, err := m.asked(r)
	if err != nil {
		return nil, err
	}
	return m.settle(r, ids, lenient, (*evaluation).summed)
}

// form is how much of a result is written: evaluation.result or
// evaluation.summed.
type form func(e *evaluation, hospitals []int) (*DesignResult, error)

func (m *Model) settle(r Request, ids []string, lenient bool, as form) (*Result, error) {
	hospitals, err := m.hospitals(r.Hospitals)
	if err != nil {
		return nil, err
	}
	out := &Result{}
	var first error
	for _, id := range ids {
		d, err := m.one(id, r.Levers, lenient, as, hospitals)
		if why, ok := skip(err); ok && lenient {
			out.Skipped = append(out.Skipped, Skipped{id, why})
			if first == nil {
				first = err
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		out.Designs = append(out.Designs, *d)
	}
	if len(out.Designs) == 0 {
		return nil, first
	}
	return out, nil
}

func (m *Model) one(id string, s lever.Set, lenient bool, as form, hospitals []int) (*DesignResult, error) {
	e, err := m.prepare(id, s, lenient)
	if err != nil {
		return nil, err
	}
	if lenient && e.f.count(hospitals).listed == 0 {
		return nil, &InputError{Why: "the hospitals asked for have no episodes of " + e.f.design.Name, apart: true}
	}
	defer e.release()
	return as(e, hospitals)
}

// hospitals turns CCNs into indices, in CCN order.
func (m *Model) hospitals(ccns []string) ([]int, error) {
	if len(ccns) == 0 {
		return m.everyone(), nil
	}
	var out []int
	for _, c := range ccns {
		i, ok := m.panel.FindHospital(c)
		if !ok {
			return nil, &UsageError{fmt.Sprintf("no hospital %s in this database: `bundlelab doctor` lists its hospitals", c)}
		}
		if !slices.Contains(out, i) {
			out = append(out, i)
		}
	}
	slices.Sort(out)
	return out, nil
}

// means are the categories' baseline-lever means over the performance
// episodes, whatever hospitals are asked for (rulings 7 and 8).
func means(p *panel.Panel, s *panel.Spending, list []int) [episode.NumCategories]lever.Means {
	var out [episode.NumCategories]lever.Means
	var sum [episode.NumCategories][episode.NumSettings]money.Cents
	var days [episode.NumCategories]int64
	for _, i := range list {
		c := p.Episodes[i].Category.Index()
		at := s.At(i)
		for set, v := range s.Post[at] {
			if v > 0 {
				out[c].Users[set]++
				sum[c][set] += v
			}
		}
		if s.Post[at][episode.SNF] > 0 {
			days[c] += int64(s.SNFDays[at])
		}
	}
	for c := range out {
		for set, n := range out[c].Users {
			if n > 0 {
				out[c].PerUser[set] = money.Cents(money.MulDiv(int64(sum[c][set]), 1, int64(n)))
			}
		}
		if n := out[c].Users[episode.SNF]; n > 0 {
			out[c].SNFDays = big.NewRat(days[c], int64(n))
		}
	}
	return out
}
