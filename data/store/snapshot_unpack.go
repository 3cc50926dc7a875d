package store

import (
	"bytes"
	"math"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/price"
)

// unpacker turns the bytes of chunks back into rows. It never panics and never
// allocates for more than the bytes can hold, whatever they are. It is for one
// goroutine; its memory is reused from chunk to chunk.
type unpacker struct {
	column
	ints []int64
	last panel.Text // largest number of a text in any chunk so far
}

// numbers is a slice of n numbers that lasts until its next use.
func numbers(v *[]int64, n int) []int64 {
	if cap(*v) < n {
		*v = make([]int64, n)
	}
	return (*v)[:n]
}

// open starts a chunk and gives its number of rows.
func (u *unpacker) open(data []byte) int {
	u.column = column{data: data}
	return u.count()
}

// close says whether the chunk was read to its end and not beyond.
func (u *unpacker) close() error {
	if u.bad || len(u.data) > 0 {
		return errChunk
	}
	return nil
}

// episodes reads a chunk into rows, as many as it says it holds, all of them of
// block at. The block keeps the bytes of the lines.
func (u *unpacker) episodes(data, lines []byte, rows []panel.Row, at uint32) (b panel.Block, err error) {
	n := u.open(data)
	if n != len(rows) {
		return b, errChunk
	}
	ints := numbers(&u.ints, n)
	b.Keys = bytes.Clone(u.take(u.count()))
	u.dense(ints, 1)
	last := int64(0)
	for i, key := range ints {
		if key < last || key > int64(len(b.Keys)) {
			return b, errChunk
		}
		rows[i] = panel.Row{Block: at, Key: uint32(key), EligOff: panel.NoEnd, DeathOff: panel.NoEnd}
		last = key
	}
	for _, set := range []func(e *panel.Row, x int64){
		func(e *panel.Row, x int64) { e.Trigger = u.text(x) },
		func(e *panel.Row, x int64) { e.Cell = u.text(x) },
		func(e *panel.Row, x int64) { e.Surgeon = u.text(x) },
		func(e *panel.Row, x int64) { e.Hospital = int(x) },
		func(e *panel.Row, x int64) { e.Category = episode.Category(x) },
		func(e *panel.Row, x int64) { e.Inpatient, e.NotStd, e.ObsGuess = x&1 != 0, x&2 != 0, x&4 != 0 },
		func(e *panel.Row, x int64) { e.Start = -calendar.Day(x) },
		func(e *panel.Row, x int64) { e.End, e.Start = calendar.Day(x), e.Start+calendar.Day(x) },
		func(e *panel.Row, x int64) { e.Anchor = money.Cents(x) },
		func(e *panel.Row, x int64) { e.ObsDays = int32(x) },
		func(e *panel.Row, x int64) { e.Risk = x },
		func(e *panel.Row, x int64) { e.Services = uint32(x) },
	} {
		u.dense(ints, 0)
		for i := range rows {
			set(&rows[i], ints[i])
		}
	}
	u.sparse(n, func(i int, x int64) { rows[i].EligOff = int32(panel.NoEnd + x) })
	u.sparse(n, func(i int, x int64) { rows[i].DeathOff = int32(panel.NoEnd + x) })
	kinds, full := u.services(), u.services()
	if err := u.close(); err != nil {
		return b, err
	}
	pool, ok := episode.Unpacked(lines, kinds, full)
	if !ok {
		return b, errChunk
	}
	first := 0
	for i := range rows {
		rows[i].First = uint32(first)
		if first += int(rows[i].Services); first > pool.Len() {
			return b, errChunk
		}
	}
	if first != pool.Len() {
		return b, errChunk
	}
	b.Lines = pool
	return b, nil
}

// text is the number of a text; the largest is kept, to be compared with how
// many there are.
func (u *unpacker) text(x int64) panel.Text {
	if x < 0 || x > math.MaxUint32 {
		u.bad = true
		return 0
	}
	n := panel.Text(x)
	u.last = max(u.last, n)
	return n
}

// allTexts reads the chunk of texts.
func (u *unpacker) allTexts(data []byte, n int) ([]string, error) {
	if u.open(data) != n {
		return nil, errChunk
	}
	texts := u.texts(n, numbers(&u.ints, n))
	return texts, u.close()
}

// services reads services that were packed one by one.
func (u *unpacker) services() []episode.Service {
	list := make([]episode.Service, u.count())
	ints := make([]int64, len(list))
	for i, set := range []func(s *episode.Service, x int64){
		func(s *episode.Service, x int64) { s.Setting = episode.Setting(x) },
		func(s *episode.Service, x int64) { s.Rule = episode.Rule(x) },
		func(s *episode.Service, x int64) { s.Excluded = episode.Exclusion(x) },
		func(s *episode.Service, x int64) { s.From = int32(x) },
		func(s *episode.Service, x int64) { s.To = int32(x) },
		func(s *episode.Service, x int64) { s.GMLOS = int32(x) },
		func(s *episode.Service, x int64) { s.Amount = money.Cents(x) },
		func(s *episode.Service, x int64) { s.Outlier = money.Cents(x) },
	} {
		u.dense(ints, bounds(i))
		for k := range list {
			set(&list[k], ints[k])
		}
	}
	u.visits(list)
	return list
}

// visits gives the few services that have any their visits.
func (u *unpacker) visits(list []episode.Service) {
	type owner struct{ service, n int }
	var owners []owner
	total := 0
	u.sparse(len(list), func(i int, x int64) {
		if x < 0 || x > int64(len(u.data)-total) {
			u.fail()
			return
		}
		owners = append(owners, owner{i, int(x)})
		total += int(x)
	})
	if u.count() != total {
		u.fail()
	}
	if u.bad {
		return
	}
	days, counts := make([]int64, total), make([]int64, total)
	u.dense(days, 1)
	u.dense(counts, 0)
	all := make([]episode.Visit, total)
	for i := range all {
		all[i] = episode.Visit{Offset: int32(days[i]), Count: int32(counts[i])}
	}
	for _, o := range owners {
		list[o.service].Visits, all = all[:o.n:o.n], all[o.n:]
	}
}

// prices reads a chunk into rows, as many as it says it holds.
func (u *unpacker) prices(data []byte, rows []price.Row) error {
	n := u.open(data)
	if n != len(rows) {
		return errChunk
	}
	ints := numbers(&u.ints, n)
	for i, set := range []func(r *price.Row, x int64){
		func(r *price.Row, x int64) { r.Division = int(x) },
		func(r *price.Row, x int64) { r.Days = int(x) },
		func(r *price.Row, x int64) { r.Price = money.Cents(x) },
		func(r *price.Row, x int64) { r.Episodes = int(x) },
		func(r *price.Row, x int64) { r.AsOf = calendar.Day(x) },
	} {
		u.dense(ints, bounds(i))
		for k := range rows {
			set(&rows[k], ints[k])
		}
	}
	for _, set := range []func(r *price.Row, s string){
		func(r *price.Row, s string) { r.Kind = price.Kind(s) },
		func(r *price.Row, s string) { r.Cell = s },
		func(r *price.Row, s string) { r.Period = s },
		func(r *price.Row, s string) { r.Source = s },
	} {
		pool, which := u.pool(n, ints)
		for i, k := range which {
			set(&rows[i], pool[k])
		}
	}
	for i := range optionalPrices(&price.Row{}) {
		u.dense(ints, 0)
		given := 0
		for _, there := range ints {
			given += int(there & 1)
		}
		values := make([]int64, given)
		u.dense(values, 0)
		amounts := make([]money.Cents, given)
		for k := range rows {
			if ints[k]&1 != 0 {
				amounts[0] = money.Cents(values[0])
				*optionalPrices(&rows[k])[i] = &amounts[0]
				amounts, values = amounts[1:], values[1:]
			}
		}
	}
	return u.close()
}
