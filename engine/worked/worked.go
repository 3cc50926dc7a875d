// Package worked holds the built-in worked cases: small settlements, prices and
// scores with known answers, run through the same code as every projection, so
// that anyone can check the program with one command.
//
// A case reads its design's own terms, so that a changed rate shows. Those of
// cases/bpci.toml, cjr.toml, contract.toml and state.toml follow a collection
// of published accounts (P1 to P15) and of golden cases derived from the rules
// (D1 to D17). Of the published ones, four are not run, because the program
// computes nothing that could disagree with them: P7 and most of P8 are a
// programme's results and their sums (-$175 x 428,670 episodes; $221.3 M and
// $91.7 M), and P8's break-even a division without published inputs; P13 to P15
// are statistics of spending, discharge and complications. Of P12 the cost of a
// patient is run, the episode's of which it is 14% is not: nothing here divides
// by a share. Of P3 the lower payment is run, not its change in percent.
package worked

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"slices"

	"github.com/pelletier/go-toml/v2"

	"bundlelab/engine/policy"
)

//go:embed cases/*.toml
var builtin embed.FS

// Figure is one checked number or word of a case, as text: dollars, a date, a
// score, a rate. An amount that was published rounded is expected as "23505.00
// ± 13.86".
type Figure struct {
	Name, Want, Got string

	near bool
}

// OK says the program computes what the case expects.
func (f Figure) OK() bool { return f.near || f.Want == f.Got }

// Outcome is one case after running it.
type Outcome struct {
	ID, About, Source string
	Design            string // id of the design it runs under
	Evidence          policy.Evidence
	Published         bool // every figure it checks was published
	Figures           []Figure
}

// OK says every figure agrees.
func (o Outcome) OK() bool {
	for _, f := range o.Figures {
		if !f.OK() {
			return false
		}
	}
	return true
}

// file is one file of cases.
type file struct {
	Settlements []*settlement  `toml:"settlement"`
	Formulas    []*formulaCase `toml:"formula"`
	Prices      []*priceCase   `toml:"price"`
	Scores      []*score       `toml:"score"`
	Holds       []*hold        `toml:"hold"`
	Means       []*mean        `toml:"mean"`
	Calendars   []*dates       `toml:"calendar"`
	Charges     []*charge      `toml:"post_episode"`
}

// head is what every case says about itself.
type head struct {
	ID        string          `toml:"id"`
	About     string          `toml:"about"`
	Source    string          `toml:"source"`
	Evidence  policy.Evidence `toml:"evidence"`
	Published bool            `toml:"published"`
	Design    string          `toml:"design"`
	Period    string          `toml:"period"` // may be left out of a design that has one
	Track     string          `toml:"track"`  // likewise, the design's default
}

func (h *head) outcome() Outcome {
	return Outcome{ID: h.ID, About: h.About, Source: h.Source, Design: h.Design, Evidence: h.Evidence, Published: h.Published}
}

func (h *head) about() *head { return h }

// problem is any kind of case.
type problem interface {
	about() *head
	run(r *rules) ([]Figure, error)
}

// rules are a case's design at its period and track.
type rules struct {
	design *policy.Design
	period policy.Period
	track  string
}

func (h *head) rules(designs *policy.Set) (*rules, error) {
	d, err := designs.Get(h.Design)
	if err != nil {
		return nil, err
	}
	r := &rules{design: d, period: d.Periods[0], track: h.Track}
	if h.Period != "" || len(d.Periods) > 1 {
		if r.period, err = d.Period(h.Period); err != nil {
			return nil, err
		}
	}
	if r.track == "" {
		r.track, _ = d.DefaultTrack(r.period.Start, -1)
	}
	if r.track != "" {
		_, err = d.Track(r.track)
	}
	return r, err
}

// Run runs every built-in case against the designs, in the designs' order.
func Run(designs *policy.Set) ([]Outcome, error) {
	all, err := problems()
	if err != nil {
		return nil, err
	}
	var out []Outcome
	seen := map[string]bool{}
	for _, c := range all {
		h := c.about()
		if h.ID == "" || h.About == "" || h.Source == "" || h.Evidence == 0 || seen[h.ID] {
			return nil, fmt.Errorf("case %q: a worked case needs an id of its own, about, source and evidence", h.ID)
		}
		seen[h.ID] = true
		r, err := h.rules(designs)
		if err != nil {
			return nil, fmt.Errorf("case %s: %w", h.ID, err)
		}
		o := h.outcome()
		if o.Figures, err = c.run(r); err != nil {
			return nil, fmt.Errorf("case %s: %w", h.ID, err)
		}
		if len(o.Figures) == 0 {
			return nil, fmt.Errorf("case %s checks nothing", h.ID)
		}
		out = append(out, o)
	}
	order := designs.IDs()
	slices.SortStableFunc(out, func(a, b Outcome) int {
		return cmp.Compare(slices.Index(order, a.Design), slices.Index(order, b.Design))
	})
	return out, nil
}

// problems reads all files; a key nobody knows is an error, so that no case
// checks less than it says.
func problems() ([]problem, error) {
	names, err := fs.Glob(builtin, "cases/*.toml")
	if err != nil {
		return nil, err
	}
	var out []problem
	for _, name := range names {
		b, err := builtin.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var f file
		if err := toml.NewDecoder(bytes.NewReader(b)).DisallowUnknownFields().Decode(&f); err != nil {
			return nil, fmt.Errorf("worked cases, %s: %w", name, err)
		}
		out = append(out, f.problems()...)
	}
	return out, nil
}

func (f *file) problems() []problem {
	var out []problem
	out = gather(out, f.Settlements)
	out = gather(out, f.Formulas)
	out = gather(out, f.Prices)
	out = gather(out, f.Scores)
	out = gather(out, f.Holds)
	out = gather(out, f.Means)
	out = gather(out, f.Calendars)
	return gather(out, f.Charges)
}

func gather[T problem](out []problem, list []T) []problem {
	for _, x := range list {
		out = append(out, x)
	}
	return out
}
