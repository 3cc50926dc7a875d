package sample

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"sort"

	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

// Options say how large a sample is. The zero value is the default sample.
type Options struct {
	Hospitals int    // 1 to 1,000; 0 means DefaultHospitals
	Episodes  int    // 0 means DefaultEpisodes
	Seed      uint64 // 0 means DefaultSeed
}

// The default sample.
const (
	DefaultHospitals = 6
	DefaultEpisodes  = 11842
	DefaultSeed      = 20260101
)

func (o Options) filled() Options {
	if o.Hospitals == 0 {
		o.Hospitals = DefaultHospitals
	}
	if o.Episodes == 0 {
		o.Episodes = DefaultEpisodes
	}
	if o.Seed == 0 {
		o.Seed = DefaultSeed
	}
	return o
}

// Sink takes the rows of a sample in order: hospitals once, prices once, then
// episodes one at a time. The episode and everything it points to belong to the
// generator and change with the next call; a sink keeps copies.
type Sink interface {
	Hospitals([]store.Hospital) error
	Prices([]store.PriceRow) error
	Episode(*store.Episode) error
}

// Name is the title of a sample's database.
func Name(o Options) string {
	if o = o.filled(); o.Hospitals <= DefaultHospitals {
		return "Riverside Health"
	}
	return fmt.Sprintf("Riverside Health and %d others", o.Hospitals-DefaultHospitals)
}

// Info opens the batch a sample is written in, and labels it: app is the
// program's version.
func Info(app string, o Options) store.BatchInfo {
	o = o.filled()
	return store.BatchInfo{
		Format: store.Synthetic, App: app, Synthetic: true,
		Note: fmt.Sprintf("SYNTHETIC: %s, %d episodes, seed %d; made up, with discharges from %s to %s and data through %s",
			Name(o), o.Episodes, o.Seed, firstDay(), lastDay(), dataThrough()),
	}
}

// Generate writes a sample to a sink. Episode i depends on the seed, the number
// of hospitals and i alone, so a small sample is the beginning of a large one
// and memory does not grow with size. Progress, when given, is called now and
// then with episodes done and asked for. A sink's error and the context's end
// it.
func Generate(ctx context.Context, o Options, sink Sink, progress func(done, total int)) error {
	o = o.filled()
	if o.Episodes < 0 {
		return fmt.Errorf("%d episodes cannot be made up: ask for at least 1", o.Episodes)
	}
	g, err := newGenerator(o)
	if err != nil {
		return err
	}
	rows := make([]store.Hospital, len(g.hospitals))
	for i := range g.hospitals {
		rows[i] = g.hospitals[i].row
	}
	if err := sink.Hospitals(rows); err != nil {
		return fmt.Errorf("writing the sample's hospitals: %w", err)
	}
	prices, err := Prices()
	if err != nil {
		return err
	}
	if err := sink.Prices(prices); err != nil {
		return fmt.Errorf("writing the sample's prices: %w", err)
	}
	for i := range o.Episodes {
		if i%1024 == 0 {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("sample stopped after %d of %d episodes: %w", i, o.Episodes, err)
			}
			if progress != nil {
				progress(i, o.Episodes)
			}
		}
		if err := sink.Episode(g.episode(i)); err != nil {
			return fmt.Errorf("writing episode %d of the sample: %w", i+1, err)
		}
	}
	if progress != nil {
		progress(o.Episodes, o.Episodes)
	}
	return nil
}

// generator holds what episodes share and the storage they reuse.
type generator struct {
	*model
	seed      uint64
	hospitals []hospital
	volume    []float64 // running sum, for drawing a hospital
	pcg       *rand.PCG
	r         *rand.Rand
	lines     lines
	row       store.Episode
	raw       money.Cents
	through   calendar.Day
	eligEnd   calendar.Day
	died      calendar.Day
	age, hcc  int
	hash      [sha256.Size]byte
}

func newGenerator(o Options) (*generator, error) {
	g := &generator{model: newModel(), seed: o.Seed, pcg: &rand.PCG{}, through: dataThrough()}
	var err error
	if g.hospitals, err = g.roster(o.Seed, o.Hospitals); err != nil {
		return nil, err
	}
	sum := 0.0
	for i := range g.hospitals {
		sum += g.hospitals[i].volume
		g.volume = append(g.volume, sum)
	}
	g.r = rand.New(g.pcg)
	return g, nil
}

// episode makes episode i of the sample in the generator's own storage.
func (g *generator) episode(i int) *store.Episode {
	stream(g.pcg, g.seed, episodeStream, uint64(i))
	h := &g.hospitals[g.pickHospital()]
	c := g.pickCategory(h)
	end := drawEnd(g.r)
	at := g.pickStratum(g.r, h, c, end)
	if s := &g.strata[at]; !s.inpatient() {
		end = weekday(end)
	}
	p := g.live(h, at, end)
	g.fill(i, h, p, end)
	return &g.row
}

func (g *generator) pickHospital() int {
	u := g.r.Float64() * g.volume[len(g.volume)-1]
	return sort.Search(len(g.volume)-1, func(k int) bool { return g.volume[k] > u })
}

func (g *generator) pickCategory(h *hospital) episode.Category {
	var sum float64
	for _, q := range h.shares {
		sum += q
	}
	u := g.r.Float64() * sum
	for k, q := range h.shares {
		if u -= q; u < 0 {
			return episode.Categories()[k]
		}
	}
	return episode.LEJR
}

// live draws one patient's course. The lines are left in g.lines and the
// anchor's dollars in g.row.
func (g *generator) live(h *hospital, at int, end calendar.Day) *course {
	s := &g.strata[at]
	k := s.category.Index()
	g.lines.all = g.lines.all[:0]
	c := &course{r: g.r, h: h, s: s, k: &g.habits[k], tau: g.tau[at], out: &g.lines}
	surgeon := pickProvider(g.r, h.surgeons[k])
	c.operator, c.odds = surgeon.id, surgeon.effect
	c.p = g.drawPatient(g.r, h, at)
	c.drawStay()
	c.drawDeath()
	c.drawDestination()
	g.row.StdAnchor = c.anchor()
	g.row.EligEnd, g.row.Death = nil, nil
	last := int(dataThrough() - end)
	if c.death > 0 {
		c.follow()
		if c.r.Float64() < .006 {
			lost := c.r.IntN(followed)
			if lost < c.death {
				g.eligEnd = end + calendar.Day(lost)
				g.row.EligEnd = &g.eligEnd
				last = min(last, lost)
			}
		}
	} else {
		last = -1
	}
	if c.death != noDay {
		g.died = end + calendar.Day(c.death)
		g.row.Death = &g.died
		last = min(last, c.death)
	}
	g.lines.finish(last)
	return c
}

// fill completes the row of episode i.
func (g *generator) fill(i int, h *hospital, c *course, end calendar.Day) {
	e := &g.row
	e.Key = fmt.Sprintf("SYN-%x-%07d", g.seed, i+1)
	binary.BigEndian.PutUint64(g.hash[:8], g.seed)
	binary.BigEndian.PutUint64(g.hash[8:16], uint64(i))
	g.hash = sha256.Sum256(g.hash[:16])
	e.BeneHash = g.hash[:]
	e.CCN, e.Category, e.Inpatient = h.row.CCN, c.s.category, c.s.inpatient()
	e.Trigger, e.Cell = c.s.billed(end), c.s.cell
	e.Start, e.End = end-calendar.Day(c.stay), end
	g.raw = cents(float64(e.StdAnchor) / 100 * h.raw * wageIndex(h.row.Division))
	// Care is made up for so many days; to claim more would show lengths past
	// it as if they were observed.
	g.through = min(dataThrough(), end+followed-1)
	e.RawAnchor, e.DataThrough = &g.raw, &g.through
	e.Discharge = c.status()
	g.age, g.hcc = c.p.age, c.p.hcc
	e.Age, e.HCC = &g.age, &g.hcc
	e.Sex = "M"
	if c.p.female {
		e.Sex = "F"
	}
	e.Dual, e.LIS, e.CDI = known(c.p.dual), known(c.p.lis), known(c.p.deprived)
	e.PriorPAC, e.Fracture = known(c.p.priorPAC), known(c.s.fracture())
	e.Operating = c.operator
	e.Attending = c.operator
	if c.s.fracture() {
		e.Attending = c.npi()
	}
	e.Risk = c.p.multiplierMillionths
	e.Services = g.lines.all
}
