package store

import (
	"database/sql/driver"
	"errors"
	"sync"
	"sync/atomic"

	"bundlelab/data/crash"
	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/price"
)

// selectServices reads the lines of a range of episodes in the order of the
// table, small fields packed: each column that crosses from SQLite to Go costs
// as much as three shifts inside it. Anchor lines (setting 0) are in
// std_anchor already.
const selectServices = `SELECT (ep_id << 24) | seq, (gmlos_x100 << 24) | (excl << 8) | (rule << 4) | (setting - 1),
	(off_from << 32) | (off_to & 0xffffffff), std_cents, outlier_cents
	FROM service WHERE setting > 0 AND ep_id BETWEEN ? AND ? ORDER BY ep_id, seq`

// heard is how many lines pass between two reports of progress.
const heard = 1 << 16

// split is the number of lines below which a second connection is not worth
// its opening.
const split = 1 << 15

// part is a run of whole blocks that one connection reads the lines of.
type part struct {
	rows       *panel.Rows
	ids        []int64 // of all rows
	lines      []int   // which each of all rows should have
	first, end int     // rows
	done       int     // lines read
}

// services reads every line, shared out among the connections.
func (l *loader) services() error {
	total := 0
	for _, n := range l.lines {
		total += n
	}
	parts := l.parts(total)
	l.progress(0, total)
	var done atomic.Int64
	var telling sync.Mutex
	tell := func(n int) error {
		telling.Lock()
		defer telling.Unlock()
		l.progress(int(done.Add(int64(n))), total)
		return l.ctx.Err()
	}
	conns := append([]*conn{l.conn}, l.helpers...)
	errs := make([]error, len(parts))
	var wait sync.WaitGroup
	for i := range parts {
		wait.Go(func() { errs[i] = parts[i].read(conns[i], l.visits, tell) })
	}
	wait.Wait()
	for i := range parts {
		l.data.Info.Services += parts[i].done
	}
	return errors.Join(errs...)
}

// parts cuts the episodes into as many runs of about equal length as there are
// connections, or one for few lines.
func (l *loader) parts(total int) []part {
	n := len(l.helpers) + 1
	if total < split {
		n = 1
	}
	parts := make([]part, 0, n)
	from, lines, want := 0, 0, total/n+1
	rows := l.rows.Episodes
	for i := range rows {
		lines += l.lines[i]
		last := i == len(rows)-1
		if last || lines >= want && len(parts) < n-1 && rows[i+1].Block != rows[i].Block {
			parts = append(parts, part{rows: &l.rows, ids: l.ids, lines: l.lines, first: from, end: i + 1})
			from, lines = i+1, 0
		}
	}
	return parts
}

// read hands each episode its lines. Lines whose episode is gone are passed
// over: SQLite's own shell deletes without following foreign keys, and Doctor
// reports them.
func (p *part) read(c *conn, visits map[lineKey][]episode.Visit, tell func(int) error) (err error) {
	defer crash.Catch(&err)
	at := p.first // the episode being filled
	b := p.begin(at, nil)
	end := func() {
		e := &p.rows.Episodes[at]
		e.Services = uint32(b.Len()) - e.First
		if at++; at < p.end {
			b = p.begin(at, b)
		}
	}
	err = c.query(selectServices, func(r []driver.Value) error {
		key, small, off := asInt(r[0]), asInt(r[1]), asInt(r[2])
		ep := key >> 24
		for at < p.end && p.ids[at] < ep {
			end()
		}
		if at == p.end || p.ids[at] != ep {
			return nil
		}
		s := episode.Service{
			Setting: episode.Setting(small & 15), Rule: episode.Rule(small >> 4 & 15), Excluded: episode.Exclusion(small >> 8),
			GMLOS: int32(small >> 24), From: int32(off >> 32), To: int32(off),
			Amount: money.Cents(asInt(r[3])), Outlier: money.Cents(asInt(r[4])),
		}
		if len(visits) > 0 {
			s.Visits = visits[lineKey{ep, key & 0xffffff}]
		}
		b.Add(&s)
		if p.done++; p.done%heard == 0 {
			return tell(heard)
		}
		return nil
	}, p.ids[p.first], p.ids[p.end-1])
	for at < p.end {
		end()
	}
	return errors.Join(err, tell(p.done%heard))
}

// begin says where the lines of a row go: after those of the last one, or into
// a pool of their own where a block begins.
func (p *part) begin(at int, b *episode.Builder) *episode.Builder {
	e := &p.rows.Episodes[at]
	if at == p.first || e.Block != p.rows.Episodes[at-1].Block {
		want := 0
		for i := at; i < p.end && p.rows.Episodes[i].Block == e.Block; i++ {
			want += p.lines[i]
		}
		b = episode.NewBuilder(max(0, min(want, chunkLines)))
		p.rows.Blocks[e.Block].Lines = b.Pool()
	}
	e.First = uint32(b.Len())
	return b
}

func (l *loader) visitDays() error { return l.readVisits(selectVisits + " ORDER BY ep_id, seq, ord") }

// someVisits reads those of the episodes at hand.
func (l *loader) someVisits() error {
	clear(l.visits)
	return l.readVisits(selectVisits+" WHERE ep_id BETWEEN ? AND ? ORDER BY ep_id, seq, ord", l.ids[0], l.ids[len(l.ids)-1])
}

const selectVisits = "SELECT ep_id, seq, off, n FROM visit"

func (l *loader) readVisits(query string, args ...driver.Value) error {
	return l.conn.query(query, func(r []driver.Value) error {
		k := lineKey{asInt(r[0]), asInt(r[1])}
		l.visits[k] = append(l.visits[k], episode.Visit{Offset: int32(asInt(r[2])), Count: int32(asInt(r[3]))})
		return nil
	}, args...)
}

func (l *loader) prices() error {
	rows, err := l.priceRows()
	if err != nil {
		return err
	}
	return l.book(rows)
}

// book makes the price book of its rows and of what CMS states by hospital.
func (l *loader) book(rows []price.Row) (err error) {
	l.data.Info.Prices = len(rows)
	if l.data.Prices, err = price.NewBook(rows); err != nil {
		return err
	}
	return l.stated()
}

func (l *loader) priceRows() (rows []price.Row, err error) {
	err = l.conn.query(`SELECT kind, price_code, division, days, period, price, p99, post_mean, post_sd, mean, sd, p1, p5, p75, p95, episodes, source, coalesce(as_of, 0)
		FROM price ORDER BY kind, price_code, division, days, period`, func(r []driver.Value) error {
		rows = append(rows, price.Row{
			Kind: price.Kind(asText(r[0])), Cell: asText(r[1]), Division: int(asInt(r[2])), Days: int(asInt(r[3])),
			Period: asText(r[4]), Price: money.Cents(asInt(r[5])),
			P99: asCents(r[6]), PostMean: asCents(r[7]), PostSD: asCents(r[8]), Mean: asCents(r[9]), SD: asCents(r[10]),
			P1: asCents(r[11]), P5: asCents(r[12]), P75: asCents(r[13]), P95: asCents(r[14]),
			Episodes: int(asInt(r[15])), Source: asText(r[16]), AsOf: calendar.Day(asInt(r[17])),
		})
		return nil
	})
	return rows, err
}
