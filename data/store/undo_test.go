package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"bundlelab/engine/calendar"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
	"bundlelab/engine/price"
)

// brought is what one batch of a test brings, in its order.
type brought struct {
	episodes  []*Episode
	hospitals []Hospital
	prices    []PriceRow
}

// broughtGen draws from few keys, hospitals and cells, so that batches overlap.
func broughtGen() *rapid.Generator[brought] {
	return rapid.Custom(func(t *rapid.T) brought {
		var x brought
		for range rapid.IntRange(0, 4).Draw(t, "episodes") {
			e := plain(rapid.IntRange(0, 4).Draw(t, "key"), money.Cents(rapid.IntRange(1, 2).Draw(t, "amount")))
			e.CCN = fmt.Sprintf("36000%d", rapid.IntRange(0, 2).Draw(t, "ccn"))
			e.BeneHash = []byte{byte(rapid.IntRange(0, 3).Draw(t, "person"))}
			e.Services[0].Provider = fmt.Sprint(rapid.IntRange(0, 3).Draw(t, "provider"))
			if rapid.Bool().Draw(t, "stated") {
				through := e.End + calendar.Day(rapid.IntRange(100, 101).Draw(t, "through"))
				e.DataThrough = &through
			}
			e.Services[1].To += rapid.Int32Range(0, 1).Draw(t, "longer")
			x.episodes = append(x.episodes, e)
		}
		for range rapid.IntRange(0, 2).Draw(t, "hospitals") {
			x.hospitals = append(x.hospitals, Hospital{
				CCN: fmt.Sprintf("36000%d", rapid.IntRange(0, 3).Draw(t, "ccn")), Name: rapid.SampledFrom([]string{"", "A", "B"}).Draw(t, "name"),
				State: rapid.SampledFrom([]string{"", "MA", "PR"}).Draw(t, "state"), Division: rapid.IntRange(0, 2).Draw(t, "division"), SafetyNet: knownGen().Draw(t, "net"),
			})
		}
		for range rapid.IntRange(0, 2).Draw(t, "prices") {
			x.prices = append(x.prices, PriceRow{
				Kind: price.Benchmark, Cell: "470", Division: rapid.IntRange(1, 2).Draw(t, "division"), Days: 30,
				Price: money.Cents(rapid.IntRange(1, 9).Draw(t, "price")), Source: "test",
			})
		}
		return x
	})
}

// bring imports a batch under a name.
func bring(s *Store, name string, x brought) error {
	b, err := s.Begin(context.Background(), BatchInfo{Format: Native, Note: name})
	if err == nil {
		err = b.Hospitals(x.hospitals)
	}
	for _, e := range x.episodes {
		if err == nil {
			err = b.Episode(e)
		}
	}
	if err == nil {
		err = b.Prices(x.prices)
	}
	if err == nil {
		err = b.Commit()
	}
	return err
}

// content is everything a database holds in words, without the numbers of rows
// and the log of imports; a batch goes by its name.
func content(s *Store) (all []string, err error) {
	for _, q := range []string{
		`SELECT 'hospital', ccn, name, state, division, beds, safety_net, rural, is_sch, is_mdh, is_each, is_rrc, teaching FROM hospital`,
		`SELECT 'said', note, s.ccn, name, state, division, safety_net FROM hospital_said s LEFT JOIN import_batch USING(batch_id)`,
		`SELECT 'episode', note, ccn, hex(bene_hash), src_key, category, anchor_start, anchor_end, std_anchor, obs_days, obs_guess, e.services, hex(digest)
			FROM episode e JOIN import_batch USING(batch_id) JOIN hospital USING(hosp_id) LEFT JOIN person USING(person_id)`,
		`SELECT 'service', src_key, seq, setting, off_from, off_to, std_cents, p.kind, p.code, line_key, stay_key FROM service JOIN episode USING(ep_id) LEFT JOIN provider p USING(prov_id)`,
		`SELECT 'visit', src_key, seq, ord, off, n FROM visit JOIN episode USING(ep_id)`,
		`SELECT 'price', note, p.* FROM price p JOIN import_batch USING(batch_id)`,
		`SELECT 'lone person', hex(bene_hash) FROM person WHERE person_id NOT IN (SELECT person_id FROM episode UNION SELECT person_id FROM undo_episode)`,
		`SELECT 'lone provider', code FROM provider WHERE prov_id NOT IN (SELECT prov_id FROM service WHERE prov_id > 0 UNION SELECT prov_id FROM undo_service WHERE prov_id > 0)`,
	} {
		rows, err := s.db.Query(strings.Replace(q, "p.*", "kind, price_code, division, days, period, price, source, as_of", 1))
		if err != nil {
			return nil, err
		}
		names, err := rows.Columns()
		if err != nil {
			return nil, err
		}
		if err := each(rows, func() error {
			cells, to := make([]any, len(names)), make([]any, len(names))
			for i := range cells {
				to[i] = &cells[i]
			}
			err := rows.Scan(to...)
			all = append(all, fmt.Sprint(cells...))
			return err
		}); err != nil {
			return nil, err
		}
	}
	slices.Sort(all)
	return all, nil
}

func mustBring(t testing.TB, s *Store, name string, x brought) {
	t.Helper()
	if err := bring(s, name, x); err != nil {
		t.Fatal(err)
	}
}

func mustContent(t testing.TB, s *Store) []string {
	t.Helper()
	all, err := content(s)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Whatever batches come and whichever are then taken back, where that is
// allowed: the database holds what it would had only the others come.
func TestUndoRestoresEverything(t *testing.T) {
	dir, empty := t.TempDir(), filled0(t)
	n := 0
	fresh := func(t *rapid.T) *Store {
		n++
		path := filepath.Join(dir, fmt.Sprintf("%d.db", n))
		if err := os.WriteFile(path, empty, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(context.Background(), path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := errors.Join(s.Close(), os.Remove(path)); err != nil {
				t.Error(err)
			}
		})
		return s
	}
	rapid.Check(t, func(t *rapid.T) {
		batches := rapid.SliceOfN(broughtGen(), 1, 4).Draw(t, "batches")
		s := fresh(t)
		check := func(err error) {
			if err != nil {
				t.Fatal(err)
			}
		}
		for i, x := range batches {
			check(bring(s, fmt.Sprint(i), x))
		}
		undone := map[int]bool{}
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, len(batches)-1), 0, 6).Draw(t, "undo") {
			if tryUndo(t, s, int64(i+1), len(batches)) {
				undone[i] = true
			}
		}
		want := fresh(t)
		for i, x := range batches {
			if !undone[i] {
				check(bring(want, fmt.Sprint(i), x))
			}
		}
		expected, err := content(want)
		check(err)
		got, err := content(s)
		check(err)
		if diff := cmp.Diff(expected, got); diff != "" {
			t.Fatalf("undone %v: - without them, + after undoing them\n%s", undone, diff)
		}
		if r, err := s.Doctor(context.Background()); err != nil || !r.OK() {
			t.Fatalf("doctor: %+v %v", r, err)
		}
	})
}

// tryUndo takes a batch back, or checks that the refusal names a later one.
func tryUndo(t *rapid.T, s *Store, batch int64, batches int) bool {
	_, err := s.Undo(context.Background(), batch, time.Unix(0, 0))
	var no *UndoError
	if err != nil && !errors.As(err, &no) {
		t.Fatal(err)
	}
	if no != nil && (no.Batch != batch || no.Later != 0 && (no.Later <= batch || no.Later > int64(batches))) {
		t.Fatalf("refused with %+v", no)
	}
	return err == nil
}

// filled0 is an empty database as bytes.
func filled0(t *testing.T) []byte {
	t.Helper()
	s := newStore(t)
	if _, err := s.db.Exec("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestUndo(t *testing.T) {
	ctx, at := context.Background(), time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	s := newStore(t)
	net := Hospital{CCN: "360001", Name: "First", SafetyNet: panel.No}
	mustBring(t, s, "a", brought{episodes: []*Episode{plain(1, 100), plain(2, 100), plain(3, 100)}, hospitals: []Hospital{net}})
	before := mustContent(t, s)
	net.SafetyNet = panel.Yes
	// 1 as it was, 2 with another amount, 4 new.
	mustBring(t, s, "b", brought{episodes: []*Episode{plain(1, 100), plain(2, 200), plain(4, 100)}, hospitals: []Hospital{net}})

	_, err := s.Undo(ctx, 1, at)
	var no *UndoError
	if !errors.As(err, &no) || no.Later != 2 || !strings.Contains(err.Error(), "undo import 2 first") {
		t.Errorf("undoing the first: %v", err)
	}
	got, err := s.Undo(ctx, 2, at)
	if want := (Undone{Batch: 2, Removed: 1, Restored: 1, Returned: 1}); err != nil || got != want {
		t.Errorf("got %+v %v, want %+v", got, err, want)
	}
	if diff := cmp.Diff(before, mustContent(t, s)); diff != "" {
		t.Errorf("- before, + after\n%s", diff)
	}
	if _, err := s.Undo(ctx, 2, at); !errors.As(err, &no) || !no.Undone.Equal(at) {
		t.Errorf("undoing it again: %v", err)
	}
	if _, err := s.Undo(ctx, 7, at); !errors.As(err, &no) || !strings.Contains(err.Error(), "no import 7") {
		t.Errorf("undoing what is not there: %v", err)
	}
	list, err := s.ListBatches(ctx)
	if err != nil || len(list) != 2 || !list[0].CanUndo || !list[0].Undone.IsZero() || list[1].CanUndo || !list[1].Undone.Equal(at) {
		t.Errorf("%+v %v", list, err)
	}
	if d := load(t, s); d.Info.Episodes != 3 || len(d.Info.Formats) != 1 {
		t.Errorf("%+v", d.Info)
	}
	// The first can go now, and leaves nothing.
	if _, err := s.Undo(ctx, 1, at); err != nil || len(mustContent(t, s)) != 0 {
		t.Errorf("%v, left %v", err, mustContent(t, s))
	}
	if d := load(t, s); d.Info.Episodes != 0 || len(d.Info.Formats) != 0 || !d.Info.Imported.IsZero() {
		t.Errorf("%+v", d.Info)
	}
}

// The files of an undone import may come again.
func TestUndoForgetsFiles(t *testing.T) {
	ctx := context.Background()
	s := newStore(t)
	sum := []byte("0123456789abcdef0123456789abcdef")
	b := begin(t, s, BatchInfo{Format: Native})
	if err := b.File(File{Role: "episodes", Name: "e.csv", SHA256: sum}); err != nil {
		t.Fatal(err)
	}
	commit(t, b)
	if seen, err := s.SeenIn(ctx, sum); err != nil || !slices.Equal(seen, []int64{1}) {
		t.Errorf("seen %v, %v", seen, err)
	}
	if _, err := s.Undo(ctx, 1, time.Now()); err != nil {
		t.Fatal(err)
	}
	if seen, err := s.SeenIn(ctx, sum); err != nil || len(seen) != 0 {
		t.Errorf("after undoing it: seen %v, %v", seen, err)
	}
}

// A row that somebody changed with sqlite3 after the import stays.
func TestUndoKeepsHandEdits(t *testing.T) {
	s := newStore(t)
	mustBring(t, s, "a", brought{hospitals: []Hospital{{CCN: "360001", Name: "A"}, {CCN: "360002", Name: "A"}}})
	mustBring(t, s, "b", brought{hospitals: []Hospital{{CCN: "360001", Name: "B"}, {CCN: "360002", Name: "B"}}})
	if _, err := s.db.Exec("UPDATE hospital SET name = 'by hand' WHERE ccn = '360001'"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Undo(context.Background(), 2, time.Now()); err != nil {
		t.Fatal(err)
	}
	all, err := s.ListHospitals(context.Background())
	if err != nil || len(all) != 2 || all[0].Name != "by hand" || all[1].Name != "A" {
		t.Errorf("%+v %v", all, err)
	}
}

// Only so many journals are kept, and what they held alone goes with them.
func TestOldJournalsGo(t *testing.T) {
	s := newStore(t)
	for i := range journals + 2 {
		e := plain(1, money.Cents(100+i))
		e.BeneHash = []byte{byte(i)}
		mustBring(t, s, fmt.Sprint(i), brought{episodes: []*Episode{e}})
	}
	list, err := s.ListBatches(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	// The first only added; the second replaced and is one too old.
	for i, want := range []bool{false, false, true, true, true} {
		if list[i].CanUndo != want {
			t.Errorf("import %d: can be undone: %v", i+1, list[i].CanUndo)
		}
	}
	var persons int
	if err := s.db.QueryRow("SELECT count(*) FROM person").Scan(&persons); err != nil || persons != journals+1 {
		t.Errorf("%d persons, %v", persons, err) // one per journal, and the one in hand
	}
	var no *UndoError
	if _, err := s.Undo(context.Background(), 2, time.Now()); !errors.As(err, &no) || !no.Gone {
		t.Errorf("got %v", err)
	}
}

// A journal holds the columns of its table, in their order.
func TestJournalTwins(t *testing.T) {
	s := newStore(t)
	c, err := s.dial()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	for _, table := range undoTables() {
		own, err := c.columns(table)
		if err != nil || own == "" {
			t.Fatal(err)
		}
		if twin, err := c.columns("undo_" + table); err != nil || twin != "undo_batch,"+own {
			t.Errorf("%s: %v\n%s\n%s", table, err, own, twin)
		}
	}
}
