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
	tasks  []task
	prices []price.Row
	next   atomic.Int64
	texts  sync.Mutex
	last   panel.Text // largest number of a text
}

// task is a chunk to read, of episodes with the chunk of their lines, and where
// its rows go.
type task struct {
	chunk
	first, block int64
	packed       chunk // lines
}

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
	if len(l.rows.Episodes) > 0 && int(r.last) >= len(l.rows.Texts) {
		return errDamaged
	}
	for i := range l.rows.Episodes {
		e := &l.rows.Episodes[i]
		l.data.Info.Assumed += int(bit(e.ObsGuess))
		l.data.Info.NotStd += int(bit(e.NotStd))
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
	var held header
	var blocks int64
	lines := false // of the episodes before are still to come
	err := r.l.conn.query("SELECT chunk, kind, rows, lines, length(data) FROM col_chunk ORDER BY chunk", func(v []driver.Value) error {
		k := chunk{number: asInt(v[0]), kind: asInt(v[1]), rows: asInt(v[2]), lines: asInt(v[3])}
		size := asInt(v[4])
		if k.number != held.chunks || k.rows < 0 || k.rows > size || k.lines < 0 || k.lines > size || lines != (k.kind == kindLines) {
			return errDamaged
		}
		lines = false
		switch k.kind {
		case kindEpisodes:
			r.tasks = append(r.tasks, task{chunk: k, first: held.episodes, block: blocks})
			blocks++
			lines = true
		case kindLines:
			r.tasks[len(r.tasks)-1].packed = k
		case kindPrices:
			r.tasks = append(r.tasks, task{chunk: k, first: held.prices})
		case kindTexts:
			r.tasks = append(r.tasks, task{chunk: k})
		default:
			return errDamaged
		}
		held.add(&k)
		held.volume += size
		return nil
	})
	if err != nil {
		return err
	}
	held.dataVersion, held.format, held.program = r.head.dataVersion, r.head.format, r.head.program
	if held != r.head || lines {
		return errDamaged
	}
	r.l.rows.Episodes, r.l.rows.Blocks = make([]panel.Row, held.episodes), make([]panel.Block, blocks)
	if held.prices > 0 {
		r.prices = make([]price.Row, held.prices)
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
	fill := func(k *chunk) error {
		err := st.rows(func(v []driver.Value) error { k.crc, k.data = asInt(v[0]), asBytes(v[1]); return nil }, k.number)
		if err == nil && k.crc != k.sum(r.head.dataVersion) {
			err = errDamaged
		}
		return err
	}
	var u unpacker
	for {
		i := r.next.Add(1) - 1
		if i >= int64(len(r.tasks)) {
			r.texts.Lock()
			defer r.texts.Unlock()
			r.last = max(r.last, u.last)
			return nil
		}
		if err := r.l.ctx.Err(); err != nil {
			return err
		}
		k := r.tasks[i]
		if err := fill(&k.chunk); err != nil {
			return err
		}
		rows := &r.l.rows
		switch k.kind {
		case kindPrices:
			err = u.prices(k.data, r.prices[k.first:k.first+k.rows])
		case kindTexts:
			rows.Texts, err = u.allTexts(k.data, int(k.rows))
		default:
			if err = fill(&k.packed); err == nil {
				rows.Blocks[k.block], err = u.episodes(k.data, k.packed.data, rows.Episodes[k.first:k.first+k.rows], uint32(k.block))
			}
		}
		if err != nil {
			return err
		}
	}
}
