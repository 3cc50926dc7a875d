package store

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"bundlelab/engine/price"
)

func TestChangesMakeTheSnapshotStale(t *testing.T) {
	const line = "INSERT INTO service(ep_id,seq,setting,rule,excl,off_from,off_to,gmlos_x100,std_cents,outlier_cents,payer_cents,units,code_kind) VALUES(1,9,3,0,0,0,0,0,500,0,0,0,0)"
	for _, tt := range []struct{ name, statement string }{
		{"a service's amount", "UPDATE service SET std_cents = std_cents + 1 WHERE ep_id = 2 AND seq = 0"},
		{"a service more", line},
		{"a service less", "DELETE FROM service WHERE ep_id = 1 AND seq = 0"},
		{"all services", "DELETE FROM service"},
		{"an episode's end", "UPDATE episode SET anchor_end = anchor_end + 1 WHERE ep_id = 3"},
		{"an episode less", "PRAGMA foreign_keys = ON; DELETE FROM episode WHERE ep_id = 3"},
		{"an episode replaced", "INSERT OR REPLACE INTO episode SELECT * FROM episode WHERE ep_id = 4"},
		{"a hospital's name", "UPDATE hospital SET name = 'Other' WHERE ccn = '360001'"},
		{"a hospital more", "INSERT INTO hospital(ccn, name, state) VALUES('010001','New','AL')"},
		{"a visit", "UPDATE visit SET n = n + 1 WHERE ep_id = 1"},
		{"a visit less", "DELETE FROM visit WHERE ep_id = 1"},
		{"a price", "UPDATE price SET price = price + 1"},
		{"a price less", "DELETE FROM price"},
		{"through a trigger that is gone", "DROP TRIGGER moved_service_update; UPDATE service SET std_cents = 7"},
		{"through a trigger that does nothing", "DROP TRIGGER moved_service_update; CREATE TRIGGER moved_service_update AFTER UPDATE ON service BEGIN SELECT 1; END; UPDATE service SET std_cents = 7"},
		{"a table made again", "ALTER TABLE service RENAME TO old; CREATE TABLE service AS SELECT * FROM old; UPDATE service SET std_cents = 7"},
		{"a format of the future", "UPDATE snapshot SET format = format + 1"},
		{"another program", "UPDATE snapshot SET program = 'v99'"},
		{"no header", "DELETE FROM snapshot"},
		{"no version", "DELETE FROM data_version"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStore(t)
			b := begin(t, s, BatchInfo{Format: Native})
			for i := range 5 {
				put(t, b, plain(i, 100))
			}
			if err := b.Prices([]PriceRow{{Kind: price.Benchmark, Cell: "470", Division: 3, Price: 100}}); err != nil {
				t.Fatal(err)
			}
			commit(t, b)
			snapshot(t, s)
			before, packed := both(t, s)
			same(t, before, packed)
			plainly(t, s, tt.statement)
			rows, packed := both(t, s)
			if packed != nil {
				t.Fatal("the old snapshot still stands")
			}
			if r, err := s.Doctor(context.Background()); err != nil || r.Snapshot.Fresh || r.Snapshot.Why == "" {
				t.Errorf("doctor: %+v %v", r, err)
			}
			same(t, rows, load(t, s))
			if _, packed = both(t, s); packed == nil && tt.name != "a table made again" {
				t.Fatal("loading did not make a new snapshot")
			}
			if packed != nil {
				same(t, rows, packed)
			}
		})
	}
}

// What an import changes makes the snapshot stale; what is rolled back does
// not, and both leave the triggers as they were.
func TestImportsMoveTheVersion(t *testing.T) {
	s := newStore(t)
	check := func(fresh bool) {
		t.Helper()
		rows, packed := both(t, s)
		if (packed != nil) != fresh {
			t.Errorf("snapshot stands: %v, want %v", packed != nil, fresh)
		}
		same(t, rows, load(t, s))
		c, err := s.dial()
		if err != nil {
			t.Fatal(err)
		}
		if missing, err := c.missingTriggers(); err != nil || len(missing) > 0 {
			t.Errorf("missing %v %v", missing, err)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
	check(false)
	b := begin(t, s, BatchInfo{Format: Native})
	put(t, b, plain(1, 100))
	if err := b.Rollback(); err != nil {
		t.Fatal(err)
	}
	check(true)
	b = begin(t, s, BatchInfo{Format: Native})
	put(t, b, plain(1, 100))
	commit(t, b)
	check(false)
	check(true)
	plainly(t, s, "DROP TRIGGER moved_price_delete")
	b = begin(t, s, BatchInfo{Format: Native})
	commit(t, b)
	check(false)
	// Rows that were changed while the triggers slept are found by comparing.
	plainly(t, s, "DROP TRIGGER moved_service_update", "UPDATE service SET std_cents = 7", triggers()[7].text)
	if r, err := s.Doctor(context.Background()); err != nil || len(r.Problems) != 1 || !strings.Contains(r.Problems[0], "other rows") {
		t.Errorf("%+v %v", r, err)
	}
	if err := s.DropSnapshot(context.Background()); err != nil {
		t.Fatal(err)
	}
	check(false)
}

// A snapshot that is damaged anywhere is passed over, and made again.
func TestDamagedSnapshot(t *testing.T) {
	s := newStore(t)
	b := begin(t, s, BatchInfo{Format: Native})
	for i := range 30 {
		put(t, b, typical(i))
	}
	if err := b.Prices([]PriceRow{{Kind: price.Benchmark, Cell: "470", Division: 3, Price: 100, P99: ptr(centsGen().Example(1))}}); err != nil {
		t.Fatal(err)
	}
	commit(t, b)
	snapshot(t, s)
	rows, packed := both(t, s)
	same(t, rows, packed)
	var harm []string
	for chunk := range 4 { // episodes, their lines, texts, prices
		var size int
		if err := s.db.QueryRow("SELECT length(data) FROM col_chunk WHERE chunk = ?", chunk).Scan(&size); err != nil {
			t.Fatal(err)
		}
		for at := 1; at <= size; at += 1 + size/8 {
			harm = append(harm, fmt.Sprintf("UPDATE col_chunk SET data = CAST(substr(data,1,%d) || x'A7' || substr(data,%d) AS BLOB) WHERE chunk = %d", at-1, at+1, chunk),
				fmt.Sprintf("UPDATE col_chunk SET data = substr(data,1,%d) WHERE chunk = %d", at-1, chunk))
		}
	}
	harm = append(harm,
		"UPDATE col_chunk SET rows = rows - 1 WHERE chunk = 0", "UPDATE col_chunk SET lines = lines + 1 WHERE chunk = 0", "UPDATE col_chunk SET kind = 5 WHERE chunk = 1",
		"UPDATE col_chunk SET kind = 3 WHERE chunk = 2", "UPDATE col_chunk SET kind = 2 WHERE chunk = 1", "UPDATE col_chunk SET crc = crc + 1 WHERE chunk = 1", "DELETE FROM col_chunk WHERE chunk = 0", "DELETE FROM col_chunk", "DROP TABLE col_chunk",
		"UPDATE col_chunk SET chunk = chunk + 1 WHERE chunk = 3", "UPDATE snapshot SET episodes = 1 << 60", "UPDATE snapshot SET prices = 2, bytes = bytes + 1",
		"UPDATE col_chunk SET rows = -5", "UPDATE snapshot SET data_version = data_version + 1; UPDATE data_version SET version = version + 1")
	for _, q := range harm {
		const all = "SELECT coalesce(group_concat(hex(data)), '') FROM (SELECT data FROM col_chunk ORDER BY chunk)"
		var data, now string
		if err := s.db.QueryRow(all).Scan(&data); err != nil {
			t.Fatal(err)
		}
		plainly(t, s, q)
		if err := s.db.QueryRow(all).Scan(&now); err == nil && strings.HasPrefix(q, "UPDATE col_chunk SET data") && now == data {
			continue // the byte was that one already
		}
		if _, packed := both(t, s); packed != nil {
			t.Fatalf("still stands after %s", q)
		}
		if r, err := s.Doctor(context.Background()); err != nil || r.Snapshot.Fresh || !r.OK() {
			t.Fatalf("doctor after %s: %+v %v", q, r, err)
		}
		same(t, rows, load(t, s))
		_, packed := both(t, s)
		same(t, rows, packed)
	}
}
