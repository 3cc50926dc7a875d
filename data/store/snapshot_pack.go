package store

import (
	"encoding/binary"
	"slices"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/price"
)

// shape is what service lines repeat: a chunk holds each shape once, and every
// line names its own.
type shape struct {
	setting episode.Setting
	rule    episode.Rule
	out     episode.Exclusion
	gmlos   int32
	span    int32 // To - From
}

// packer turns rows into the bytes of a chunk. The same rows always give the
// same bytes. Its memory is reused from chunk to chunk.
type packer struct {
	buf   []byte
	ints  []int64
	texts []string
	lines []episode.Service
}

// packEpisodes gives the bytes of a chunk of episodes, which are the packer's
// until the next call.
func (p *packer) packEpisodes(rows []panel.Episode) []byte {
	p.buf = p.buf[:0]
	n := len(rows)
	number := func(f func(e *panel.Episode) int64) []int64 {
		p.ints = p.ints[:0]
		for i := range rows {
			p.ints = append(p.ints, f(&rows[i]))
		}
		return p.ints
	}
	text := func(f func(e *panel.Episode) string) []string {
		p.texts = p.texts[:0]
		for i := range rows {
			p.texts = append(p.texts, f(&rows[i]))
		}
		return p.texts
	}
	p.buf = binary.AppendUvarint(p.buf, uint64(n))
	p.buf = appendTexts(p.buf, text(func(e *panel.Episode) string { return e.Key }))
	for _, f := range []func(e *panel.Episode) string{
		func(e *panel.Episode) string { return e.Trigger },
		func(e *panel.Episode) string { return e.Cell },
		func(e *panel.Episode) string { return e.Surgeon },
	} {
		p.buf = appendPool(p.buf, text(f))
	}
	for _, f := range []func(e *panel.Episode) int64{
		func(e *panel.Episode) int64 { return int64(e.Hospital) },
		func(e *panel.Episode) int64 { return int64(e.Category) },
		func(e *panel.Episode) int64 { return bit(e.Inpatient) | bit(e.NotStd)<<1 | bit(e.ObsGuess)<<2 },
		func(e *panel.Episode) int64 { return int64(e.End) - int64(e.Start) },
		func(e *panel.Episode) int64 { return int64(e.End) },
		func(e *panel.Episode) int64 { return int64(e.Anchor) },
		func(e *panel.Episode) int64 { return int64(e.ObsDays) },
		func(e *panel.Episode) int64 { return e.Risk },
		func(e *panel.Episode) int64 { return int64(e.Services.Len()) },
	} {
		p.buf = appendDense(p.buf, number(f), 0)
	}
	p.buf = appendSparse(p.buf, number(func(e *panel.Episode) int64 { return int64(e.EligOff) - panel.NoEnd }))
	p.buf = appendSparse(p.buf, number(func(e *panel.Episode) int64 { return int64(e.DeathOff) - panel.NoEnd }))
	p.packServices(rows)
	return p.buf
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func (p *packer) packServices(rows []panel.Episode) {
	p.lines = p.lines[:0]
	for i := range rows {
		p.lines = slices.AppendSeq(p.lines, rows[i].Services.All())
	}
	number := func(f func(s *episode.Service) int64) []int64 {
		p.ints = p.ints[:0]
		for i := range p.lines {
			p.ints = append(p.ints, f(&p.lines[i]))
		}
		return p.ints
	}
	at := map[shape]int64{}
	var shapes []shape
	which := number(func(s *episode.Service) int64 {
		x := shape{s.Setting, s.Rule, s.Excluded, s.GMLOS, s.To - s.From}
		k, ok := at[x]
		if !ok {
			k = int64(len(shapes))
			at[x], shapes = k, append(shapes, x)
		}
		return k
	})
	p.buf = binary.AppendUvarint(p.buf, uint64(len(which)))
	p.buf = appendDense(p.buf, which, 1)
	p.packShapes(shapes)
	p.buf = appendDense(p.buf, number(func(s *episode.Service) int64 { return int64(s.From) }), 0)
	p.buf = appendDense(p.buf, number(func(s *episode.Service) int64 { return int64(s.Amount) }), 0)
	p.buf = appendSparse(p.buf, number(func(s *episode.Service) int64 { return int64(s.Outlier) }))
	visits := number(func(s *episode.Service) int64 { return int64(len(s.Visits)) })
	total := int64(0)
	for _, n := range visits {
		total += n
	}
	p.buf = appendSparse(p.buf, visits)
	days, counts := make([]int64, 0, total), make([]int64, 0, total)
	for i := range p.lines {
		for _, v := range p.lines[i].Visits {
			days, counts = append(days, int64(v.Offset)), append(counts, int64(v.Count))
		}
	}
	p.buf = binary.AppendUvarint(p.buf, uint64(total))
	p.buf = appendDense(appendDense(p.buf, days, 1), counts, 0)
}

func (p *packer) packShapes(shapes []shape) {
	p.buf = binary.AppendUvarint(p.buf, uint64(len(shapes)))
	v := make([]int64, len(shapes))
	for i, f := range []func(x shape) int64{
		func(x shape) int64 { return int64(x.setting) },
		func(x shape) int64 { return int64(x.rule) },
		func(x shape) int64 { return int64(x.out) },
		func(x shape) int64 { return int64(x.gmlos) },
		func(x shape) int64 { return int64(x.span) },
	} {
		for k, x := range shapes {
			v[k] = f(x)
		}
		p.buf = appendDense(p.buf, v, bounds(i))
	}
}

// bounds is 1 for the first of several columns of one count: its bytes keep a
// reader from allocating for a count that is not there.
func bounds(column int) int {
	if column == 0 {
		return 1
	}
	return 0
}

// optionalPrices are the columns of a price row that may be blank.
func optionalPrices(r *price.Row) [9]**money.Cents {
	return [...]**money.Cents{&r.P99, &r.PostMean, &r.PostSD, &r.Mean, &r.SD, &r.P1, &r.P5, &r.P75, &r.P95}
}

// packPrices gives the bytes of a chunk of price rows.
func (p *packer) packPrices(rows []price.Row) []byte {
	p.buf = binary.AppendUvarint(p.buf[:0], uint64(len(rows)))
	v := make([]int64, len(rows))
	for i, f := range []func(r *price.Row) int64{
		func(r *price.Row) int64 { return int64(r.Division) },
		func(r *price.Row) int64 { return int64(r.Days) },
		func(r *price.Row) int64 { return int64(r.Price) },
		func(r *price.Row) int64 { return int64(r.Episodes) },
		func(r *price.Row) int64 { return int64(r.AsOf) },
	} {
		for k := range rows {
			v[k] = f(&rows[k])
		}
		p.buf = appendDense(p.buf, v, bounds(i))
	}
	for _, f := range []func(r *price.Row) string{
		func(r *price.Row) string { return string(r.Kind) },
		func(r *price.Row) string { return r.Cell },
		func(r *price.Row) string { return r.Period },
		func(r *price.Row) string { return r.Source },
	} {
		p.texts = p.texts[:0]
		for k := range rows {
			p.texts = append(p.texts, f(&rows[k]))
		}
		p.buf = appendPool(p.buf, p.texts)
	}
	for i := range optionalPrices(&price.Row{}) {
		there := make([]int64, len(rows))
		var given []int64
		for k := range rows {
			if c := *optionalPrices(&rows[k])[i]; c != nil {
				there[k], given = 1, append(given, int64(*c))
			}
		}
		p.buf = appendDense(p.buf, there, 0)
		p.buf = appendDense(p.buf, given, 0)
	}
	return p.buf
}
