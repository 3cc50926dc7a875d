package store

import (
	"context"
	"testing"

	"bundlelab/engine/money"
	"bundlelab/engine/price"
)

// Journals of episodes that only came again and of prices are small, but there
// is an end to them too; a key twice within one import is no replacement and
// drives no journal out.
func TestSmallJournalsGo(t *testing.T) {
	s := newStore(t)
	row := func(i int) PriceRow {
		return PriceRow{Kind: price.Benchmark, Cell: "470", Division: 1, Days: 30, Price: money.Cents(100 + i), Source: "test"}
	}
	count := func(query string) (n int) {
		t.Helper()
		if err := s.db.QueryRow(query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	mustBring(t, s, "first", brought{episodes: []*Episode{plain(1, 100)}, prices: []PriceRow{row(0)}})
	mustBring(t, s, "replaces", brought{episodes: []*Episode{plain(1, 200)}})
	for i := range journals + 1 {
		mustBring(t, s, "twice", brought{episodes: []*Episode{plain(10+i, 100), plain(10+i, 300)}})
	}
	list, err := s.ListBatches(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if !list[1].CanUndo {
		t.Error("imports that brought a key twice drove the journal of a replacement out")
	}
	if last := list[len(list)-1]; last.New != 1 || last.Replaced != 0 {
		t.Errorf("a key twice in one import: %d new, %d replaced", last.New, last.Replaced)
	}
	// With the replacement these are one more than are kept.
	for i := range journalsEver {
		x := brought{prices: []PriceRow{row(i + 1)}}
		if i%2 == 1 {
			x = brought{episodes: []*Episode{plain(10, 300)}}
		}
		mustBring(t, s, "small", x)
	}
	if n := count("SELECT count(*) FROM undo_episode"); n != 0 {
		t.Errorf("%d episodes are kept that %d later imports are in front of", n, journalsEver)
	}
	for range journalsEver {
		mustBring(t, s, "again", brought{episodes: []*Episode{plain(10, 300)}, prices: []PriceRow{row(9)}})
	}
	if n := count("SELECT count(DISTINCT undo_batch) FROM (SELECT undo_batch FROM undo_same UNION ALL SELECT undo_batch FROM undo_price)"); n != journalsEver {
		t.Errorf("%d journals are kept, want %d", n, journalsEver)
	}
}
