package price_test

import (
	"testing"

	"bundlelab/engine/money"
	"bundlelab/engine/price"
)

func book(t testing.TB, rows ...price.Row) *price.Book {
	t.Helper()
	b, err := price.NewBook(rows)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// row is a table price of cell 470 in division 5.
func row(kind price.Kind, days int, period string, amount money.Cents) price.Row {
	return price.Row{Kind: kind, Cell: "470", Division: 5, Days: days, Period: period, Price: amount}
}

func TestKeysAreUnique(t *testing.T) {
	a := row(price.Benchmark, 30, "PY1", 1)
	if _, err := price.NewBook([]price.Row{a, a}); err == nil {
		t.Error("two rows of one key are accepted (ruling 16)")
	}
	// Each part of the key makes a row another one.
	others := []price.Row{a, a, a, a, a, a}
	others[1].Kind, others[2].Cell, others[3].Division, others[4].Days, others[5].Period = price.Preliminary, "469", 6, 90, ""
	if b := book(t, others...); len(b.Rows()) != 6 {
		t.Error("rows are lost")
	}
}

func TestExact(t *testing.T) {
	b := book(t, row(price.Benchmark, 30, "", 100), row(price.Benchmark, 30, "PY2", 200), row(price.Benchmark, 90, "PY2", 300))
	for _, x := range []struct {
		kind     price.Kind
		cell     string
		division int
		days     int
		period   string
		want     money.Cents
	}{
		{price.Benchmark, "470", 5, 30, "PY1", 100}, // a blank period serves all
		{price.Benchmark, "470", 5, 30, "PY2", 200}, // an exact one wins
		{price.Benchmark, "470", 5, 30, "", 100},
		{price.Benchmark, "470", 5, 90, "PY1", 0}, // PY2's own serves no other
		{price.Benchmark, "470", 5, 60, "PY2", 0},
		{price.Benchmark, "470", 6, 30, "PY2", 0},
		{price.Benchmark, "469", 5, 30, "PY2", 0},
		{price.Preliminary, "470", 5, 30, "PY2", 0},
	} {
		r, ok := b.Exact(x.kind, x.cell, x.division, x.days, x.period)
		if ok != (x.want != 0) || ok && r.Price != x.want {
			t.Errorf("%+v: found %v", x, ok)
		}
	}
}

func TestNearest(t *testing.T) {
	b := book(t, row(price.Benchmark, 30, "", 30), row(price.Benchmark, 90, "", 90), row(price.Benchmark, 60, "PY2", 60), row(price.Benchmark, 90, "PY2", 92))
	for _, x := range []struct {
		days   int
		period string
		want   money.Cents
	}{
		{0, "", 30}, {45, "", 30}, {59, "", 30},
		{60, "", 90}, // the longer of two (ruling 18)
		{61, "", 90}, {200, "", 90},
		{45, "PY2", 60}, // 15 days from both 30 and 60
		{44, "PY2", 30},
		{75, "PY2", 92}, // 15 days from 60 and 90; the period's own 90-day row
		{100, "PY1", 90},
	} {
		if r, ok := b.Nearest(price.Benchmark, "470", 5, x.days, x.period); !ok || r.Price != x.want {
			t.Errorf("nearest to %d days in %q: %v, want %d", x.days, x.period, r, x.want)
		}
	}
	if _, ok := b.Nearest(price.Preliminary, "470", 5, 30, ""); ok {
		t.Error("a kind without rows is found")
	}
}
