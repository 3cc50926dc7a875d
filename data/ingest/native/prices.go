package native

import (
	"context"
	"fmt"
	"strings"

	"bundlelab/data/ingest/record"
	"bundlelab/data/store"
	"bundlelab/engine/money"
	"bundlelab/engine/price"
)

// longest is the longest episode a price may be for.
const longest = 365

type priceKey struct {
	kind           price.Kind
	cell, period   string
	division, days int
}

// prices sends the rows of prices.csv. The key kind, cell, division, days and
// period is unique in the file (ruling 16); the first row is kept (K001).
func (im *importer) prices(ctx context.Context) error {
	rows, err := im.open("prices", priceColumns())
	if rows == nil || err != nil {
		return err
	}
	seen := map[priceKey]bool{}
	var all []store.PriceRow
	err = each(ctx, rows, func() error {
		rows.Books.Saw(1, 0)
		p := priceRow(rows)
		key := priceKey{p.Kind, p.Cell, p.Period, p.Division, p.Days}
		if !rows.Bad() && seen[key] {
			rows.Reject("K001", "cell", "a price of this kind, cell, division, days and period came before; the first row is kept")
		}
		if why := im.run.Older(&p); why != "" && !rows.Bad() {
			rows.Reject("K001", "as_of", why)
		}
		if rows.Bad() {
			rows.Books.Rejects(1, 0)
			return nil
		}
		seen[key] = true
		rows.Books.Loads(1, 0)
		all = append(all, p)
		return nil
	})
	if err != nil || len(all) == 0 {
		return err
	}
	return im.run.Prices(all)
}

func priceRow(rows *record.Rows) store.PriceRow {
	p := store.PriceRow{
		Kind: price.Kind(rows.Code("kind", false)), Cell: rows.Required("cell"), Period: rows.Code("period", false), Source: unquoted(rows.Words("source")),
		P99: rows.OptionalCents("p99"), PostMean: rows.OptionalCents("post_mean"), PostSD: rows.OptionalCents("post_sd"),
		Mean: rows.OptionalCents("mean"), SD: rows.OptionalCents("sd"),
		P1: rows.OptionalCents("p1"), P5: rows.OptionalCents("p5"), P75: rows.OptionalCents("p75"), P95: rows.OptionalCents("p95"),
	}
	if p.Kind == "" {
		p.Kind = price.Benchmark
	}
	if p.Kind != price.Benchmark && p.Kind != price.Preliminary {
		rows.Reject("V001", "kind", fmt.Sprintf("a price is a %s or a %s", price.Benchmark, price.Preliminary))
	}
	if c := rows.Code("cell", false); len(c) > 8 {
		rows.Reject("V001", "cell", "a cell is an MS-DRG of three digits")
	}
	p.Division = needInt(rows, "division", 1, 9)
	p.Days = needInt(rows, "days", 0, longest)
	if n := rows.Int("episodes", 0, 100_000_000); n != nil {
		p.Episodes = *n
	}
	p.Price = needCents(rows, "price")
	if d, ok := rows.AnyDay("as_of"); ok {
		p.AsOf = d
	}
	if !rows.Bad() && p.Price == 0 {
		rows.Reject("A001", "price", "the price is zero")
	}
	return p
}

// unquoted takes off the apostrophe that the program's own exports put before
// text that a spreadsheet would run as a formula.
func unquoted(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.IndexByte("=+-@", s[1]) >= 0 {
		return s[1:]
	}
	return s
}

func needInt(rows *record.Rows, column string, low, high int) int {
	n := rows.Int(column, low, high)
	if n == nil {
		if rows.Text(column) == "" {
			rows.Reject("V001", column, "the cell is blank and must not be")
		}
		return 0
	}
	return *n
}

// needCents is a dollar cell that must hold an amount of zero or more.
func needCents(rows *record.Rows, column string) money.Cents {
	c := rows.OptionalCents(column)
	if c == nil {
		if rows.Text(column) == "" {
			rows.Reject("A001", column, "the amount is missing")
		}
		return 0
	}
	return *c
}
