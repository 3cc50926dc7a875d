package store

import (
	"encoding/binary"

	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/price"
)

// packer turns rows into the bytes of a chunk. The same rows always give the
// same bytes. Its memory is reused from chunk to chunk.
type packer struct {
	buf   []byte
	ints  []int64
	texts []string
}

// packEpisodes gives the bytes of a chunk of the episodes from first to below
// end, which are one block. They are the packer's until the next call. The
// packed services are a chunk of their own, which is read without a look at
// each; what they refer to is here.
func (p *packer) packEpisodes(rows *panel.Rows, first, end int) []byte {
	p.buf = p.buf[:0]
	some := rows.Episodes[first:end]
	number := func(f func(e *panel.Row) int64) []int64 {
		p.ints = p.ints[:0]
		for i := range some {
			p.ints = append(p.ints, f(&some[i]))
		}
		return p.ints
	}
	var block panel.Block
	if len(some) > 0 {
		block = rows.Blocks[some[0].Block]
	}
	p.buf = binary.AppendUvarint(p.buf, uint64(len(some)))
	p.buf = binary.AppendUvarint(p.buf, uint64(len(block.Keys)))
	p.buf = append(p.buf, block.Keys...)
	p.buf = appendDense(p.buf, number(func(e *panel.Row) int64 { return int64(e.Key) }), 1)
	for _, f := range []func(e *panel.Row) int64{
		func(e *panel.Row) int64 { return int64(e.Trigger) },
		func(e *panel.Row) int64 { return int64(e.Cell) },
		func(e *panel.Row) int64 { return int64(e.Surgeon) },
		func(e *panel.Row) int64 { return int64(e.Hospital) },
		func(e *panel.Row) int64 { return int64(e.Category) },
		func(e *panel.Row) int64 { return bit(e.Inpatient) | bit(e.NotStd)<<1 | bit(e.ObsGuess)<<2 },
		func(e *panel.Row) int64 { return int64(e.End) - int64(e.Start) },
		func(e *panel.Row) int64 { return int64(e.End) },
		func(e *panel.Row) int64 { return int64(e.Anchor) },
		func(e *panel.Row) int64 { return int64(e.ObsDays) },
		func(e *panel.Row) int64 { return e.Risk },
		func(e *panel.Row) int64 { return int64(e.Services) },
	} {
		p.buf = appendDense(p.buf, number(f), 0)
	}
	p.buf = appendSparse(p.buf, number(func(e *panel.Row) int64 { return int64(e.EligOff) - panel.NoEnd }))
	p.buf = appendSparse(p.buf, number(func(e *panel.Row) int64 { return int64(e.DeathOff) - panel.NoEnd }))
	var kinds, full []episode.Service
	if block.Lines != nil {
		_, kinds, full = block.Lines.Packed()
	}
	p.packServices(kinds)
	p.packServices(full)
	return p.buf
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// packTexts gives the bytes of the chunk of texts.
func (p *packer) packTexts(texts []string) []byte {
	p.buf = appendTexts(binary.AppendUvarint(p.buf[:0], uint64(len(texts))), texts)
	return p.buf
}

// packServices packs services one by one: the few that are not packed already.
func (p *packer) packServices(list []episode.Service) {
	number := func(f func(s *episode.Service) int64) []int64 {
		p.ints = p.ints[:0]
		for i := range list {
			p.ints = append(p.ints, f(&list[i]))
		}
		return p.ints
	}
	p.buf = binary.AppendUvarint(p.buf, uint64(len(list)))
	for i, f := range []func(s *episode.Service) int64{
		func(s *episode.Service) int64 { return int64(s.Setting) },
		func(s *episode.Service) int64 { return int64(s.Rule) },
		func(s *episode.Service) int64 { return int64(s.Excluded) },
		func(s *episode.Service) int64 { return int64(s.From) },
		func(s *episode.Service) int64 { return int64(s.To) },
		func(s *episode.Service) int64 { return int64(s.GMLOS) },
		func(s *episode.Service) int64 { return int64(s.Amount) },
		func(s *episode.Service) int64 { return int64(s.Outlier) },
	} {
		p.buf = appendDense(p.buf, number(f), bounds(i))
	}
	visits := number(func(s *episode.Service) int64 { return int64(len(s.Visits)) })
	total := int64(0)
	for _, n := range visits {
		total += n
	}
	p.buf = appendSparse(p.buf, visits)
	days, counts := make([]int64, 0, total), make([]int64, 0, total)
	for i := range list {
		for _, v := range list[i].Visits {
			days, counts = append(days, int64(v.Offset)), append(counts, int64(v.Count))
		}
	}
	p.buf = binary.AppendUvarint(p.buf, uint64(total))
	p.buf = appendDense(appendDense(p.buf, days, 1), counts, 0)
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
