package policy

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

//go:embed designs/*.toml
var builtin embed.FS

// Schema is the first line of every design file.
const Schema = "bundlelab.design/1"

// file is a design as TOML writes it.
type file struct {
	Schema     string        `toml:"schema"`
	ID         string        `toml:"id"`
	Name       string        `toml:"name"`
	Title      string        `toml:"title"`
	Status     string        `toml:"status"`
	Formula    string        `toml:"formula"`
	Note       string        `toml:"note"`
	Order      int           `toml:"order"`
	Categories []string      `toml:"categories"`
	Periods    []filePeriod  `toml:"period"`
	Tracks     []fileTrack   `toml:"track"`
	Default    []fileDefault `toml:"default_track"`
	Steps      []fileStep    `toml:"step"`
	Params     []fileParam   `toml:"parameter"`
}

type fileSource struct {
	Cite     string   `toml:"cite"`
	Evidence Evidence `toml:"evidence"`
	Note     string   `toml:"note"`
}

type filePeriod struct {
	ID       string `toml:"id"`
	Start    string `toml:"start"`
	End      string `toml:"end"`
	Baseline []int  `toml:"baseline"`
	fileSource
}

type fileTrack struct {
	ID    string     `toml:"id"`
	Name  string     `toml:"name"`
	Rules []fileRule `toml:"rule"`
}

type fileRule struct {
	Since   string     `toml:"since"`
	Through string     `toml:"through"`
	Open    bool       `toml:"open"`
	Closed  string     `toml:"closed"`
	AnyOf   []fileFlag `toml:"any_of"`
	fileSource
}

type fileFlag struct {
	Name string `toml:"name"`
	fileSource
}

type fileDefault struct {
	Since      string `toml:"since"`
	Through    string `toml:"through"`
	Track      string `toml:"track"`
	SmallBelow int    `toml:"small_below"`
	SmallTrack string `toml:"small_track"`
	fileSource
}

type fileStep struct {
	ID string `toml:"id"`
	fileSource
}

type fileParam struct {
	Key        string      `toml:"key"`
	Categories []string    `toml:"categories"`
	Tracks     []string    `toml:"tracks"`
	Values     []fileValue `toml:"values"`
}

type fileValue struct {
	Since   string `toml:"since"`
	Through string `toml:"through"`
	Value   string `toml:"value"`
	fileSource
}

// Set is a collection of designs, in the order of tables.
type Set struct{ designs []*Design }

// NotFoundError says there is no such design (exit code 2, ruling 47).
type NotFoundError struct {
	ID   string
	Have []string
}

func (e *NotFoundError) Error() string {
	return fmt.Sprintf("no design %q: there are %s", e.ID, strings.Join(e.Have, ", "))
}

// Builtin loads the designs that ship with the program.
func Builtin() (*Set, error) {
	sub, err := fs.Sub(builtin, "designs")
	if err != nil {
		return nil, err
	}
	return Load(sub)
}

// Load reads every .toml file of a folder as a design.
func Load(dir fs.FS) (*Set, error) {
	names, err := fs.Glob(dir, "*.toml")
	if err != nil {
		return nil, err
	}
	type ordered struct {
		d *Design
		n int
	}
	var all []ordered
	for _, n := range names {
		b, err := fs.ReadFile(dir, n)
		if err != nil {
			return nil, err
		}
		d, order, err := parse(path.Base(n), b)
		if err != nil {
			return nil, err
		}
		all = append(all, ordered{d, order})
	}
	sort.SliceStable(all, func(a, b int) bool { return all[a].n < all[b].n })
	s := &Set{}
	for _, o := range all {
		if _, err := s.Get(o.d.ID); err == nil {
			return nil, fmt.Errorf("two design files have the id %q", o.d.ID)
		}
		s.designs = append(s.designs, o.d)
	}
	return s, nil
}

// With adds a user's designs; an id that is taken is an error.
func (s *Set) With(own *Set) (*Set, error) {
	out := &Set{designs: slices.Clone(s.designs)}
	for _, d := range own.designs {
		if _, err := out.Get(d.ID); err == nil {
			return nil, fmt.Errorf("design id %q is taken: choose another", d.ID)
		}
		out.designs = append(out.designs, d)
	}
	return out, nil
}

// Parse reads one design file; name is for its errors.
func Parse(name string, b []byte) (*Design, error) {
	d, _, err := parse(name, b)
	return d, err
}

// All lists the designs.
func (s *Set) All() []*Design { return s.designs }

// IDs lists the design ids.
func (s *Set) IDs() []string {
	ids := make([]string, len(s.designs))
	for i, d := range s.designs {
		ids[i] = d.ID
	}
	return ids
}

// Get finds a design by id.
func (s *Set) Get(id string) (*Design, error) {
	for _, d := range s.designs {
		if d.ID == id {
			return d, nil
		}
	}
	return nil, &NotFoundError{id, s.IDs()}
}

func parse(name string, b []byte) (*Design, int, error) {
	var f file
	dec := toml.NewDecoder(strings.NewReader(string(b)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return nil, 0, tomlError(name, err)
	}
	r := reader{name: name}
	d := r.design(&f)
	if len(r.errs) > 0 {
		return nil, 0, errors.Join(r.errs...)
	}
	return d, f.Order, nil
}

// tomlError gives a decode error its file, line and column.
func tomlError(name string, err error) error {
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) && len(strict.Errors) > 0 {
		row, col := strict.Errors[0].Position()
		return fmt.Errorf("%s:%d:%d: unknown key %q: remove it or correct its spelling", name, row, col, strings.Join(strict.Errors[0].Key(), "."))
	}
	var dec *toml.DecodeError
	if errors.As(err, &dec) {
		row, col := dec.Position()
		return fmt.Errorf("%s:%d:%d: %s", name, row, col, strings.TrimPrefix(dec.Error(), "toml: "))
	}
	return fmt.Errorf("%s: %w", name, err)
}

// reader turns the file into a design and collects what is wrong with it.
type reader struct {
	name string
	errs []error
}

func (r *reader) fail(where, format string, a ...any) {
	r.errs = append(r.errs, fmt.Errorf("%s: %s: %s", r.name, where, fmt.Sprintf(format, a...)))
}

func (r *reader) day(where, s string, needed bool) calendar.Day {
	if s == "" {
		if needed {
			r.fail(where, "a date is missing")
		}
		return 0
	}
	d, err := calendar.Parse(s)
	if err != nil {
		r.fail(where, "%v", err)
	}
	return d
}

func (r *reader) source(where string, s fileSource) Source {
	if s.Cite == "" {
		r.fail(where, "a citation is missing")
	}
	if s.Evidence == 0 {
		r.fail(where, "an evidence grade is missing")
	}
	return Source(s)
}

func (r *reader) categories(where string, names []string) []episode.Category {
	var out []episode.Category
	for _, n := range names {
		c, err := episode.ParseCategory(n)
		if err != nil {
			r.fail(where, "%v", err)
			continue
		}
		out = append(out, c)
	}
	return out
}

func (r *reader) design(f *file) *Design {
	if f.Schema != Schema {
		r.fail("schema", "want %q, have %q", Schema, f.Schema)
	}
	if f.ID == "" || f.Name == "" || len(f.Periods) == 0 || f.Formula == "" {
		r.fail("design", "id, name, formula and at least one period are needed")
	}
	d := &Design{ID: f.ID, Name: f.Name, Title: f.Title, Status: f.Status, Formula: f.Formula, Note: f.Note, Categories: r.categories("categories", f.Categories)}
	for _, p := range f.Periods {
		w := "period " + p.ID
		d.Periods = append(d.Periods, Period{p.ID, r.day(w, p.Start, true), r.day(w, p.End, true), p.Baseline, r.source(w, p.fileSource)})
	}
	for _, t := range f.Tracks {
		d.Tracks = append(d.Tracks, r.track(t))
	}
	for _, t := range f.Default {
		w := "default_track since " + t.Since
		d.tracks = append(d.tracks, trackDefault{r.day(w, t.Since, true), r.day(w, t.Through, false), t.Track, t.SmallBelow, t.SmallTrack, r.source(w, t.fileSource)})
	}
	d.Steps = map[string]Source{}
	for _, x := range f.Steps {
		if !slices.Contains(steps(), x.ID) {
			r.fail("step "+x.ID, "unknown step: use %s", strings.Join(steps(), ", "))
		}
		d.Steps[x.ID] = r.source("step "+x.ID, x.fileSource)
	}
	for _, id := range steps() {
		if _, ok := d.Steps[id]; !ok {
			r.fail("step "+id, "missing: say where this step of the settlement is laid down")
		}
	}
	for _, p := range f.Params {
		d.params = append(d.params, r.param(p))
	}
	if len(r.errs) == 0 {
		r.baseline(d)
	}
	return d
}

// baseline checks that the weights in force in a period weigh its years.
func (r *reader) baseline(d *Design) {
	for _, p := range d.Periods {
		f, err := d.At("baseline.weights", p.Start, "", 0)
		if n := strings.Count(f.Value, "/") + 1; err == nil && n != len(p.Baseline) {
			r.fail("period "+p.ID, "%d baseline years stand beside the %d weights %s", len(p.Baseline), n, f.Value)
		}
	}
}

func (r *reader) track(t fileTrack) Track {
	out := Track{ID: t.ID, Name: t.Name}
	for _, x := range t.Rules {
		w := "track " + t.ID + " since " + x.Since
		rule := TrackRule{Since: r.day(w, x.Since, true), Through: r.day(w, x.Through, false), Open: x.Open, Closed: x.Closed, Source: r.source(w, x.fileSource)}
		for _, fl := range x.AnyOf {
			if !slices.Contains([]string{"safety_net", "rural", "sch", "mdh", "each", "rrc"}, fl.Name) {
				r.fail(w, "%q is not a hospital class", fl.Name)
			}
			rule.AnyOf = append(rule.AnyOf, Flag{fl.Name, r.source(w, fl.fileSource)})
		}
		if !rule.Open && rule.Closed == "" && len(rule.AnyOf) == 0 {
			r.fail(w, "say open, closed or any_of")
		}
		out.Rules = append(out.Rules, rule)
	}
	if len(out.Rules) == 0 {
		r.fail("track "+t.ID, "no rule says who may choose it")
	}
	return out
}

func (r *reader) param(p fileParam) param {
	w := "parameter " + p.Key
	spec, known := paramSpecs()[p.Key]
	if !known {
		r.fail(w, "unknown parameter")
	}
	out := param{key: p.Key, categories: r.categories(w, p.Categories), tracks: p.Tracks}
	for _, v := range p.Values {
		x := dated{r.day(w, v.Since, true), r.day(w, v.Through, false), v.Value, r.source(w, v.fileSource)}
		if n := len(out.values); n > 0 && out.values[n-1].Since >= x.Since {
			r.fail(w, "dates are not in order at %s", v.Since)
		}
		if known {
			if err := spec.check(v.Value); err != nil {
				r.fail(w, "%v", err)
			}
		}
		out.values = append(out.values, x)
	}
	if len(out.values) == 0 {
		r.fail(w, "no value")
	}
	return out
}

// steps are the parts of a settlement every design file gives a source for.
func steps() []string {
	return []string{"target", "spending", "reconciliation_amount", "quality_adjusted", "npra", "net_payment"}
}

// spec says what a parameter's text must be.
type spec struct {
	kind   string // rate, count, days, number, weights
	lo, hi string // range of a rate
	none   bool   // "none" is allowed
	waived bool   // "waived" is allowed: the hospital never repays
}

// paramSpecs are the parameters a design may state, with their ranges. Adding
// one here and reading it in settle is how a rule becomes data.
func paramSpecs() map[string]spec {
	return map[string]spec{
		"episode_days":         {kind: "count"},
		"discount":             {kind: "rate", lo: "-10%", hi: "20%"},
		"stop_gain":            {kind: "rate", lo: "0%", hi: "100%", none: true},
		"stop_loss":            {kind: "rate", lo: "0%", hi: "100%", none: true, waived: true},
		"quality.gain_max":     {kind: "rate", lo: "0%", hi: "100%"},
		"quality.loss_max":     {kind: "rate", lo: "0%", hi: "100%"},
		"quality.default":      {kind: "number"},
		"low_volume.below":     {kind: "count"},
		"trend.band":           {kind: "rate", lo: "0%", hi: "100%"},
		"normalization.band":   {kind: "rate", lo: "0%", hi: "100%"},
		"baseline.weights":     {kind: "weights"},
		"cap.percentile":       {kind: "number"},
		"post_episode.days":    {kind: "count"},
		"post_episode.sd":      {kind: "count"},
		"alignment.total_max":  {kind: "rate", lo: "0%", hi: "100%"},
		"alignment.single_max": {kind: "rate", lo: "0%", hi: "100%"},
		"gainshare.pool_max":   {kind: "rate", lo: "0%", hi: "100%"},
	}
}

func (s spec) check(v string) error {
	if s.none && v == "none" || s.waived && v == "waived" {
		return nil
	}
	switch s.kind {
	case "rate":
		r, err := money.ParseRate(v)
		if err != nil {
			return err
		}
		lo, _ := money.ParseRate(s.lo)
		hi, _ := money.ParseRate(s.hi)
		if r.Cmp(lo) < 0 || r.Cmp(hi) > 0 {
			return fmt.Errorf("%s is outside %s to %s", v, s.lo, s.hi)
		}
	case "weights":
		_, err := Weights(v)
		return err
	case "count":
		for _, c := range v {
			if c < '0' || c > '9' {
				return fmt.Errorf("%q is not a whole number", v)
			}
		}
		if v == "" || len(v) > 6 {
			return fmt.Errorf("%q is not a whole number", v)
		}
	case "number":
		_, err := money.ParseRate(v)
		return err
	}
	return nil
}

// Weights reads "17%/33%/50%", the weights of the baseline years, oldest
// first; they must sum to one.
func Weights(v string) ([]money.Rate, error) {
	var out []money.Rate
	sum := money.Rate{}
	for _, part := range strings.Split(v, "/") {
		r, err := money.ParseRate(part)
		if err != nil {
			return nil, err
		}
		out, sum = append(out, r), sum.Add(r)
	}
	if sum.Cmp(money.NewRate(1, 0)) != 0 {
		return nil, fmt.Errorf("weights %s sum to %s, not 100%%", v, sum.Percent())
	}
	return out, nil
}
