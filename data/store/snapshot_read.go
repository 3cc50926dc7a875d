package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"

	"bundlelab/data/crash"
	"bundlelab/engine/panel"
	"bundlelab/engine/price"
)

// errDamaged is a snapshot that says it stands for the rows and cannot.
var errDamaged = errors.New("the snapshot is damaged")

// worthHelp is the size of a snapshot, in bytes, above which a second
// connection is worth its opening.
const worthHelp = 8 << 20

// snapshotReader fills the loader's rows from chunks, several at a time.
type snapshotReader struct {
	l      *loader
	head   header
	chunks []place
	prices []price.Row
	next   atomic.Int64
}

// place is where the rows of a chunk go.
type place struct{ kind, first, rows, lines int64 }

// fromSnapshot loads what a fresh snapshot holds. Without one, or with one that
// cannot be read, it gives nil and no error: the rows are the truth.
func (s *Store) fromSnapshot(ctx context.Context, progress func(done, total int)) (d *Data, err error) {
	l := newLoader(ctx, s.path, progress)
	defer func() {
		if e := errors.Join(err, l.close()); e != nil {
			d, err = nil, ctx.Err() // reading the rows will tell what is wrong
		}
	}()
	if l.conn, err = s.dial(); err == nil {
		err = l.conn.pin()
	}
	if err != nil {
		return nil, err
	}
	head, why, err := l.conn.snapshot()
	if err != nil || why != "" {
		return nil, err
	}
	r := &snapshotReader{l: l, head: head}
	if err := l.load(s.path, func() error { return r.read(s) }); err != nil {
		return nil, err
	}
	total := l.data.Info.Services
	progress(total, total)
	return l.data, nil
}

// read fills the loader.
func (r *snapshotReader) read(s *Store) error {
	if err := r.plan(); err != nil {
		return err
	}
	conns := []*conn{r.l.conn}
	for len(conns) < min(runtime.GOMAXPROCS(0), maxReaders) && r.head.volume > worthHelp {
		c, err := r.helper(s)
		if err != nil {
			return err
		}
		if c == nil {
			break
		}
		conns = append(conns, c)
	}
	errs := make([]error, len(conns))
	var wait sync.WaitGroup
	for i, c := range conns {
		wait.Go(func() { errs[i] = r.work(c) })
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	l := r.l
	for i := range l.rows {
		l.data.Info.Assumed += int(bit(l.rows[i].ObsGuess))
		l.data.Info.NotStd += int(bit(l.rows[i].NotStd))
	}
	l.data.Info.Services = int(r.head.services)
	return l.book(r.prices)
}

// helper opens another connection; nil when it sees another snapshot, since
// somebody has just committed.
func (r *snapshotReader) helper(s *Store) (*conn, error) {
	c, err := s.dial()
	if err != nil {
		return nil, err
	}
	r.l.helpers = append(r.l.helpers, c) // which closes it
	if err := c.pin(); err != nil {
		return nil, err
	}
	head, why, err := c.snapshot()
	if err != nil || why != "" || head != r.head {
		return nil, err
	}
	return c, nil
}

// plan gives every chunk its place, and checks that together they are what the
// header promises before anything is allocated.
func (r *snapshotReader) plan() error {
	var episodes, services, prices, volume, number int64
	err := r.l.conn.query("SELECT chunk, kind, rows, lines, length(data) FROM col_chunk ORDER BY chunk", func(v []driver.Value) error {
		p := place{kind: asInt(v[1]), rows: asInt(v[2]), lines: asInt(v[3])}
		size := asInt(v[4])
		switch {
		case asInt(v[0]) != number || p.rows < 0 || p.rows > size || p.lines < 0 || p.lines > size:
			return errDamaged
		case p.kind == kindEpisodes:
			p.first = episodes
			episodes, services = episodes+p.rows, services+p.lines
		case p.kind == kindPrices:
			p.first = prices
			prices += p.rows
		default:
			return errDamaged
		}
		volume += size
		number++
		r.chunks = append(r.chunks, p)
		return nil
	})
	if err != nil {
		return err
	}
	if number != r.head.chunks || episodes != r.head.episodes || services != r.head.services || prices != r.head.prices || volume != r.head.volume {
		return errDamaged
	}
	r.l.rows = make([]panel.Episode, episodes)
	if prices > 0 {
		r.prices = make([]price.Row, prices)
	}
	return nil
}

// work reads chunks through one connection until none is left.
func (r *snapshotReader) work(c *conn) (err error) {
	defer crash.Catch(&err)
	st, err := c.prepare("SELECT crc, data FROM col_chunk WHERE chunk = ?")
	if err != nil {
		return err
	}
	var u unpacker
	for {
		i := r.next.Add(1) - 1
		if i >= int64(len(r.chunks)) {
			return nil
		}
		if err := r.l.ctx.Err(); err != nil {
			return err
		}
		p := r.chunks[i]
		k := chunk{number: i, kind: p.kind, rows: p.rows, lines: p.lines}
		if err := st.rows(func(v []driver.Value) error { k.crc, k.data = asInt(v[0]), asBytes(v[1]); return nil }, i); err != nil {
			return err
		}
		if k.crc != k.sum(r.head.dataVersion) {
			return errDamaged
		}
		if k.kind == kindPrices {
			err = u.prices(k.data, r.prices[p.first:p.first+p.rows])
		} else {
			err = u.episodes(k.data, r.l.rows[p.first:p.first+p.rows], int(p.lines))
		}
		if err != nil {
			return err
		}
	}
}
