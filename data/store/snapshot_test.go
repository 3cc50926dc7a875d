package store

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/panel"
	"bundlelab/engine/price"
)

// both loads the rows and the snapshot; the second is nil when it does not
// stand for the rows.
func both(t testing.TB, s *Store) (rows, packed *Data) {
	t.Helper()
	rows, err := s.fromRows(context.Background(), func(int, int) {}, false)
	if err != nil {
		t.Fatal(err)
	}
	packed, err = s.fromSnapshot(context.Background(), func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	return rows, packed
}

// same says where the two differ, to the last unexported field and to the
// difference of nil and empty; of packed episodes, what they say counts.
func same(t rapid.TB, rows, packed *Data) {
	t.Helper()
	if packed == nil {
		t.Fatal("there is no snapshot")
	}
	if d := cmp.Diff(rows, packed, cmp.Exporter(func(reflect.Type) bool { return true })); d != "" {
		t.Errorf("rows and snapshot differ: %.3000s", d)
	}
}

// plainly changes a database as a person with sqlite3 would: another
// connection, none of our settings.
func plainly(t testing.TB, s *Store, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", s.Path())
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range statements {
		if _, err := db.Exec(q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func snapshot(t testing.TB, s *Store) {
	t.Helper()
	if err := s.Snapshot(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
}

func priceGen() *rapid.Generator[PriceRow] {
	return rapid.Custom(func(t *rapid.T) PriceRow {
		r := PriceRow{
			Kind: rapid.SampledFrom([]price.Kind{price.Benchmark, price.Preliminary}).Draw(t, "kind"), Cell: rapid.StringN(0, 3, -1).Draw(t, "cell"),
			Division: rapid.IntRange(1, 9).Draw(t, "division"), Days: rapid.IntRange(0, 90).Draw(t, "days"), Period: rapid.SampledFrom([]string{"", "PY1"}).Draw(t, "period"),
			Price: centsGen().Draw(t, "price"), Episodes: rapid.IntRange(0, 1<<40).Draw(t, "episodes"), Source: rapid.String().Draw(t, "source"), AsOf: calendar.Day(rapid.IntRange(0, 40_000).Draw(t, "as of")),
		}
		for _, c := range optionalPrices(&r) {
			*c = optional(centsGen()).Draw(t, "amount")
		}
		return r
	})
}

// contents writes every chunk in order.
func contents(t testing.TB, s *Store) (all []string) {
	t.Helper()
	rows, err := s.db.Query("SELECT chunk, kind, rows, lines, crc, data FROM col_chunk ORDER BY chunk")
	if err == nil {
		err = each(rows, func() error {
			var n, kind, count, lines, crc int64
			var data []byte
			err := rows.Scan(&n, &kind, &count, &lines, &crc, &data)
			all = append(all, fmt.Sprint(n, kind, count, lines, len(data), string(data)))
			return err
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Whatever a database holds, both ways of loading give the same; and a
// snapshot made of a loaded database is the one made in passing.
func TestSnapshotIsTheRows(t *testing.T) {
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		path := filepath.Join(t.TempDir(), fmt.Sprintf("%d.db", n))
		s, err := Open(context.Background(), path)
		if err != nil {
			rt.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		for range rapid.IntRange(1, 2).Draw(rt, "batches") {
			b := begin(t, s, BatchInfo{Format: Native, Synthetic: rapid.Bool().Draw(rt, "synthetic")})
			put(t, b, rapid.SliceOfN(episodeGen(), 0, 8).Draw(rt, "episodes")...)
			if err := b.Prices(rapid.SliceOfN(priceGen(), 0, 8).Draw(rt, "prices")); err != nil {
				rt.Fatal(err)
			}
			commit(t, b)
		}
		if err := s.Snapshot(context.Background(), nil); err != nil {
			rt.Fatal(err)
		}
		rows, packed := both(t, s)
		same(rt, rows, packed)
		streamed := contents(t, s)
		plainly(t, s, "DROP TABLE col_chunk", "DROP TABLE snapshot") // a cache can be dropped
		same(rt, rows, load(t, s))
		rows, packed = both(t, s)
		same(rt, rows, packed)
		if d := cmp.Diff(streamed, contents(t, s)); d != "" {
			rt.Error(d)
		}
		if r, err := s.Doctor(context.Background()); err != nil || !r.OK() || !r.Snapshot.Fresh {
			rt.Errorf("%+v %v", r, err)
		}
	})
}

// Several chunks, read through several connections, in any order.
func TestSnapshotOfManyChunks(t *testing.T) {
	s := newStore(t)
	b := begin(t, s, BatchInfo{Format: Synthetic})
	for i := range 2*chunkEpisodes + 17 {
		e := plain(i, 100)
		if i%1000 == 0 {
			e = typical(i)
		}
		put(t, b, e)
	}
	long := plain(1<<20, 100) // longer than a chunk
	for len(long.Services) <= chunkLines {
		long.Services = append(long.Services, Service{Service: episode.Service{From: int32(len(long.Services) % 90), To: 90, Amount: 5}})
	}
	put(t, b, long)
	commit(t, b)
	said := [2]int{}
	if err := s.Snapshot(context.Background(), func(done, total int) { said = [2]int{done, total} }); err != nil {
		t.Fatal(err)
	}
	rows, packed := both(t, s)
	same(t, rows, packed)
	if n := rows.Info.Services; said != [2]int{n, n} {
		t.Errorf("progress ended at %v of %d lines", said, n)
	}
	for _, conns := range []int{1, 3} {
		l := newLoader(context.Background(), s.Path(), func(int, int) {})
		var err error
		for range conns {
			var c *conn
			if c, err = s.dial(); err != nil {
				t.Fatal(err)
			}
			l.helpers = append(l.helpers, c)
		}
		head, why, err := l.helpers[0].snapshot()
		if err != nil || why != "" || head.chunks != 9 {
			t.Fatalf("%+v %s %v", head, why, err)
		}
		l.conn = l.helpers[0]
		r := &snapshotReader{l: l, head: head}
		if err := r.plan(); err != nil {
			t.Fatal(err)
		}
		for _, c := range l.helpers {
			if err := r.work(c); err != nil {
				t.Fatal(err)
			}
		}
		l.conn = nil
		if err := l.close(); err != nil {
			t.Fatal(err)
		}
		if !l.rows.Equal(rows.Panel.Rows) {
			t.Errorf("%d connections read something else", conns)
		}
	}
}

func TestTriggersAreThoseOfTheMigration(t *testing.T) {
	s := newStore(t)
	var n int
	if err := s.db.QueryRow("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'").Scan(&n); err != nil || n != len(triggers()) {
		t.Errorf("%d triggers, want %d: %v", n, len(triggers()), err)
	}
	if c, err := s.dial(); err != nil {
		t.Error(err)
	} else if missing, err := c.missingTriggers(); err != nil || len(missing) > 0 || c.Close() != nil {
		t.Errorf("%v %v", missing, err)
	}
}

// A file that cannot be written is read without a snapshot, and stays as it is.
func TestReadOnlyWithoutSnapshot(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	if err := os.WriteFile(path, filled(t), 0o400); err != nil {
		t.Fatal(err)
	}
	before := folder(t, filepath.Dir(path))
	s, err := OpenExisting(context.Background(), path, true)
	if err != nil {
		t.Fatal(err)
	}
	if s.dsn, err = immutable(path); err != nil { // as where the folder cannot be written
		t.Fatal(err)
	}
	for range 2 {
		if n := load(t, s).Info.Episodes; n != 500 {
			t.Errorf("%d episodes", n)
		}
	}
	if err := s.Snapshot(context.Background(), nil); err == nil {
		t.Error("a reader makes a snapshot")
	}
	if err := s.DropSnapshot(context.Background()); err == nil {
		t.Error("a reader drops the snapshot")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(before, folder(t, filepath.Dir(path))); d != "" {
		t.Error("the folder changed")
	}
}

// Rows that were read before somebody else's commit are not kept after it.
func TestSnapshotOfAnOldState(t *testing.T) {
	s := newStore(t)
	b := begin(t, s, BatchInfo{Format: Native})
	put(t, b, plain(1, 100))
	commit(t, b)
	l := newLoader(context.Background(), s.Path(), func(int, int) {})
	if err := l.open(s); err != nil {
		t.Fatal(err)
	}
	if err := l.load(s.Path(), l.episodes, l.visitDays, l.services, l.prices); err != nil {
		t.Fatal(err)
	}
	plainly(t, s, "UPDATE service SET std_cents = 7")
	l.keep()
	if err := l.close(); err != nil {
		t.Fatal(err)
	}
	if _, packed := both(t, s); packed != nil {
		t.Error("an old state was kept")
	}
	// While somebody is writing, loading neither waits nor fails.
	b = begin(t, s, BatchInfo{Format: Native})
	if n := load(t, s).Info.Episodes; n != 1 {
		t.Errorf("%d episodes", n)
	}
	commit(t, b)
	checkModes(t, filepath.Dir(s.Path()), 3)
}

// The chunks hold these fields. Whoever adds one packs it and raises
// snapshotFormat.
func TestFieldsOfTheFormat(t *testing.T) {
	fields := func(v any) (all []string) {
		for f := range reflect.TypeOf(v).NumField() {
			x := reflect.TypeOf(v).Field(f)
			all = append(all, x.Name+" "+x.Type.String())
		}
		return all
	}
	got := map[string][]string{
		"episode": fields(panel.Episode{}), "service": fields(episode.Service{}), "visit": fields(episode.Visit{}), "price": fields(price.Row{}),
	}
	want := map[string][]string{
		"episode": {"Key string", "Trigger string", "Cell string", "Surgeon string", "Services episode.Lines", "Hospital int", "Anchor money.Cents",
			"Risk int64", "Start calendar.Day", "End calendar.Day", "ObsDays int32", "EligOff int32", "DeathOff int32", "Category episode.Category",
			"Inpatient bool", "NotStd bool", "ObsGuess bool"},
		"service": {"Setting episode.Setting", "Rule episode.Rule", "Excluded episode.Exclusion", "From int32", "To int32", "GMLOS int32",
			"Amount money.Cents", "Outlier money.Cents", "Visits []episode.Visit"},
		"visit": {"Offset int32", "Count int32"},
		"price": {"Kind price.Kind", "Cell string", "Division int", "Days int", "Period string", "Price money.Cents", "P99 *money.Cents",
			"PostMean *money.Cents", "PostSD *money.Cents", "Mean *money.Cents", "SD *money.Cents", "P1 *money.Cents", "P5 *money.Cents",
			"P75 *money.Cents", "P95 *money.Cents", "Episodes int", "Source string", "AsOf calendar.Day"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("pack the field, raise snapshotFormat from %d, then change this list:\n%s", snapshotFormat, d)
	}
}
