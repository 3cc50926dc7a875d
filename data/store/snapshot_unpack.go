package store

import (
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
	kinds, days, cents []int64
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

// episodes reads a chunk into rows, as many as it says it holds, and hands out
// one slice of services, the length of which is given.
func (u *unpacker) episodes(data []byte, rows []panel.Episode, lines int) error {
	n := u.open(data)
	if n != len(rows) {
		return errChunk
	}
	ints := numbers(&u.kinds, n)
	keys := u.texts(n, ints)
	triggers, cells, surgeons := u.pool(n, ints), u.pool(n, ints), u.pool(n, ints)
	if u.bad {
		return errChunk
	}
	for i := range rows {
		rows[i] = panel.Episode{
			Key: keys[i], Trigger: triggers[i], Cell: cells[i], Surgeon: surgeons[i],
			EligOff: panel.NoEnd, DeathOff: panel.NoEnd,
		}
	}
	for _, set := range []func(e *panel.Episode, x int64){
		func(e *panel.Episode, x int64) { e.Hospital = int(x) },
		func(e *panel.Episode, x int64) { e.Category = episode.Category(x) },
		func(e *panel.Episode, x int64) { e.Inpatient, e.NotStd, e.ObsGuess = x&1 != 0, x&2 != 0, x&4 != 0 },
		func(e *panel.Episode, x int64) { e.Start = -calendar.Day(x) },
		func(e *panel.Episode, x int64) { e.End, e.Start = calendar.Day(x), e.Start+calendar.Day(x) },
		func(e *panel.Episode, x int64) { e.Anchor = money.Cents(x) },
		func(e *panel.Episode, x int64) { e.ObsDays = int32(x) },
		func(e *panel.Episode, x int64) { e.Risk = x },
	} {
		u.dense(ints, 0)
		for i := range rows {
			set(&rows[i], ints[i])
		}
	}
	each := append([]int64(nil), ints...)
	u.dense(each, 0)
	u.sparse(n, func(i int, x int64) { rows[i].EligOff = int32(panel.NoEnd + x) })
	u.sparse(n, func(i int, x int64) { rows[i].DeathOff = int32(panel.NoEnd + x) })
	return u.services(rows, each, lines)
}

// services reads the lines and gives every row its own.
func (u *unpacker) services(rows []panel.Episode, each []int64, lines int) error {
	n := u.count()
	if n != lines {
		return errChunk
	}
	kinds, days, cents := numbers(&u.kinds, n), numbers(&u.days, n), numbers(&u.cents, n)
	u.dense(kinds, 1)
	shapes := u.shapes()
	u.dense(days, 0)
	u.dense(cents, 0)
	if u.bad {
		return errChunk
	}
	all := episode.NewBuilder(n)
	places := make([]int, len(shapes))
	for i, x := range shapes {
		places[i] = all.Kind(&episode.Service{Setting: x.setting, Rule: x.rule, Excluded: x.out, GMLOS: x.gmlos, To: x.span})
	}
	for i, k := range kinds {
		if uint64(k) >= uint64(len(places)) {
			return errChunk
		}
		all.Line(places[k], int32(days[i]), money.Cents(cents[i]))
	}
	u.sparse(n, func(i int, x int64) { all.Full(i).Outlier = money.Cents(x) })
	u.visits(all)
	for i, k := range each {
		if k < 0 || k > int64(all.Waiting()) {
			return errChunk
		}
		rows[i].Services = all.Take(int(k))
	}
	if all.Waiting() != 0 {
		return errChunk
	}
	return u.close()
}

func (u *unpacker) shapes() []shape {
	shapes := make([]shape, u.count())
	v := make([]int64, len(shapes))
	for i, set := range []func(x *shape, n int64){
		func(x *shape, n int64) { x.setting = episode.Setting(n) },
		func(x *shape, n int64) { x.rule = episode.Rule(n) },
		func(x *shape, n int64) { x.out = episode.Exclusion(n) },
		func(x *shape, n int64) { x.gmlos = int32(n) },
		func(x *shape, n int64) { x.span = int32(n) },
	} {
		u.dense(v, bounds(i))
		for k := range shapes {
			set(&shapes[k], v[k])
		}
	}
	return shapes
}

// visits gives the few lines that have any their visits.
func (u *unpacker) visits(lines *episode.Builder) {
	type owner struct{ line, n int }
	var owners []owner
	total := 0
	u.sparse(lines.Waiting(), func(i int, x int64) {
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
		lines.Full(o.line).Visits, all = all[:o.n:o.n], all[o.n:]
	}
}

// prices reads a chunk into rows, as many as it says it holds.
func (u *unpacker) prices(data []byte, rows []price.Row) error {
	n := u.open(data)
	if n != len(rows) {
		return errChunk
	}
	ints := numbers(&u.kinds, n)
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
		for k, s := range u.pool(n, ints) {
			set(&rows[k], s)
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
