package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/price"
)

// Data is a database in the engine's terms.
type Data struct {
	Panel  *panel.Panel
	Prices *price.Book
	Info   Summary
}

// Summary says what a database holds.
type Summary struct {
	Name        string // meta "name", or the file name without its ending
	Path        string
	Hospitals   int
	Episodes    int
	Services    int
	Prices      int
	Synthetic   bool          // every episode is made up
	Mixed       bool          // some are made up and some are not
	Assumed     int           // episodes whose cover is the latest service seen (ruling 13)
	NotStd      int           // episodes whose amounts are not standardized
	Formats     []Format      // of the batches that brought episodes, oldest first
	Imported    time.Time     // of the last batch that states it; zero when none does
	DataThrough *calendar.Day // latest day the data cover; nil without episodes
}

// loader reads one state of the database, however many imports end meanwhile.
type loader struct {
	ctx      context.Context
	conn     *conn
	helpers  []*conn // more connections on the very same state
	progress func(done, total int)
	data     *Data
	hospital map[int64]int // hosp_id -> index
	rows     panel.Rows    // in blocks that make a chunk of the snapshot each
	ids      []int64       // ep_id of each row, ascending
	lines    []int         // service lines each row should have: where to split the work
	visits   map[lineKey][]episode.Visit
}

type lineKey struct{ ep, seq int64 }

// Load gives everything, episodes in the order they were first imported, from
// the snapshot when it stands for the rows, else from the rows, of which it
// then makes the snapshot where the file can be written. progress, when not
// nil, hears now and then how many of the service lines are in. An unknown
// risk multiplier stays 0 (ruling 17).
func (s *Store) Load(ctx context.Context, progress func(done, total int)) (*Data, error) {
	if progress == nil {
		progress = func(int, int) {}
	}
	if d, err := s.fromSnapshot(ctx, progress); d != nil || err != nil {
		return d, s.explain("loading", err)
	}
	return s.fromRows(ctx, progress, true)
}

// fromRows loads the rows, and may keep them as the snapshot.
func (s *Store) fromRows(ctx context.Context, progress func(done, total int), keep bool) (d *Data, err error) {
	l := newLoader(ctx, s.path, progress)
	defer func() { err = errors.Join(s.explain("loading", err), l.close()) }()
	if err := l.open(s); err != nil {
		return nil, err
	}
	if err := l.load(s.path, l.episodes, l.visitDays, l.services, l.prices); err != nil {
		return nil, err
	}
	if keep {
		l.keep()
	}
	return l.data, nil
}

func newLoader(ctx context.Context, path string, progress func(done, total int)) *loader {
	return &loader{
		ctx: ctx, progress: progress, data: &Data{Info: Summary{Path: path}},
		hospital: map[int64]int{}, visits: map[lineKey][]episode.Visit{},
	}
}

// maxReaders is where more connections stop paying.
const maxReaders = 4

// open pins one state of the database in several connections. A helper whose
// data_version moved between its opening, before the first connection began,
// and its own beginning might see another state; it is not used then.
func (l *loader) open(s *Store) (err error) {
	fresh := make([]*conn, min(runtime.GOMAXPROCS(0), maxReaders)-1)
	before := make([]int64, len(fresh))
	for i := range fresh {
		if fresh[i], err = s.dial(); err != nil {
			return err
		}
		l.helpers = append(l.helpers, fresh[i])
		if before[i], err = fresh[i].int("PRAGMA data_version"); err != nil {
			return err
		}
	}
	if l.conn, err = s.dial("synchronous(NORMAL)"); err != nil { // for what keep may write
		return err
	}
	if err := l.conn.pin(); err != nil {
		return err
	}
	same := true
	for i, c := range fresh {
		if err := c.pin(); err != nil {
			return err
		}
		after, err := c.int("PRAGMA data_version")
		if err != nil {
			return err
		}
		same = same && after == before[i]
	}
	if !same {
		return l.closeHelpers()
	}
	return nil
}

// pin starts a transaction that sees one state.
func (c *conn) pin() error {
	if err := c.run("BEGIN"); err != nil {
		return err
	}
	_, err := c.int("SELECT count(*) FROM meta") // BEGIN alone reads nothing
	return err
}

func (l *loader) closeHelpers() (err error) {
	for _, c := range l.helpers {
		err = errors.Join(err, c.Close())
	}
	l.helpers = nil
	return err
}

func (l *loader) close() error {
	err := l.closeHelpers()
	if l.conn != nil {
		err = errors.Join(err, l.conn.Close())
	}
	return err
}

// load reads the summary and the hospitals, then what the given functions read,
// and makes the panel of it.
func (l *loader) load(path string, reads ...func() error) error {
	if err := l.summary(path); err != nil {
		return err
	}
	hospitals, err := l.hospitals()
	if err != nil {
		return err
	}
	for _, read := range reads {
		if err := l.ctx.Err(); err != nil {
			return err
		}
		if err := read(); err != nil {
			return err
		}
	}
	info := &l.data.Info
	info.Hospitals, info.Episodes = len(hospitals), len(l.rows.Episodes)
	p, err := panel.Of(info.Name, hospitals, l.rows, info.Synthetic)
	if err != nil {
		return err
	}
	if len(p.Episodes) > 0 {
		latest := p.Latest()
		info.DataThrough = &latest
	}
	l.data.Panel = p
	return nil
}

func (l *loader) summary(path string) error {
	info := &l.data.Info
	base := filepath.Base(path)
	info.Name = strings.TrimSuffix(base, filepath.Ext(base))
	err := l.conn.query("SELECT v FROM meta WHERE k = 'name'", func(r []driver.Value) error {
		info.Name = asText(r[0])
		return nil
	})
	if err != nil {
		return err
	}
	const batches = `SELECT b.format, b.imported_at, b.is_synthetic, b.episodes_new + b.episodes_replaced
		FROM import_batch b WHERE b.undone_at IS NULL ORDER BY b.batch_id`
	var made, genuine bool
	err = l.conn.query(batches, func(r []driver.Value) error {
		at, err := asTime(r[1])
		if err != nil {
			return err
		}
		if !at.IsZero() {
			info.Imported = at
		}
		if asInt(r[3]) == 0 {
			return nil
		}
		made, genuine = made || asInt(r[2]) == 1, genuine || asInt(r[2]) == 0
		f := Format(asText(r[0]))
		for _, g := range info.Formats {
			if f == g {
				return nil
			}
		}
		info.Formats = append(info.Formats, f)
		return nil
	})
	info.Synthetic, info.Mixed = made && !genuine, made && genuine
	return err
}

func (l *loader) hospitals() ([]panel.Hospital, error) {
	var all []panel.Hospital
	err := l.conn.query(selectHospitals, func(r []driver.Value) error {
		h := scanHospital(r)
		l.hospital[h.id] = len(all)
		all = append(all, h.row)
		return nil
	})
	return all, err
}

func (l *loader) episodes() error {
	count, err := l.conn.int("SELECT count(*) FROM episode")
	if err != nil {
		return err
	}
	l.rows.Episodes, l.ids, l.lines = make([]panel.Row, 0, count), make([]int64, 0, count), make([]int, 0, count)
	return l.readEpisodes(selectPanel + " ORDER BY ep_id")
}

// someEpisodes reads the next chunk of them, after an ep_id.
func (l *loader) someEpisodes(after int64) error {
	l.rows.Episodes, l.rows.Blocks, l.ids, l.lines = l.rows.Episodes[:0], nil, l.ids[:0], l.lines[:0]
	return l.readEpisodes(selectPanel+" WHERE ep_id > ? ORDER BY ep_id LIMIT ?", after, int64(chunkEpisodes))
}

const selectPanel = `SELECT src_key, hosp_id, category, anchor_type, trigger_code, price_code, anchor_start, anchor_end, std_anchor,
	obs_days, elig_off, died_off, risk_e6, obs_guess, operating_npi, ep_id, services, not_std FROM episode`

func (l *loader) readEpisodes(query string, args ...driver.Value) error {
	var open room
	return l.conn.query(query, func(r []driver.Value) error {
		h, ok := l.hospital[asInt(r[1])]
		if !ok {
			return errors.New("an episode names a hospital that is not there")
		}
		lines := int(asInt(r[16]))
		l.ids, l.lines = append(l.ids, asInt(r[15])), append(l.lines, lines)
		if !open.take(lines) {
			l.rows.Blocks = append(l.rows.Blocks, panel.Block{})
		}
		l.data.Info.Assumed += int(asInt(r[13]))
		l.data.Info.NotStd += int(asInt(r[17]))
		l.rows.Add(&panel.Episode{
			Key: asText(r[0]), Hospital: h, Category: episode.Category(asInt(r[2])), Inpatient: asInt(r[3]) == 1,
			Trigger: asText(r[4]), Cell: asText(r[5]),
			Start: calendar.Day(asInt(r[6])), End: calendar.Day(asInt(r[7])), Anchor: money.Cents(asInt(r[8])),
			ObsDays: int32(asInt(r[9])), EligOff: never(r[10]), DeathOff: never(r[11]), Risk: asInt(r[12]),
			ObsGuess: asInt(r[13]) == 1, NotStd: asInt(r[17]) == 1, Surgeon: asText(r[14]),
		})
		return nil
	}, args...)
}

// never is an offset, or panel.NoEnd for NULL.
func never(v driver.Value) int32 {
	if n, ok := v.(int64); ok {
		return int32(n)
	}
	return panel.NoEnd
}
