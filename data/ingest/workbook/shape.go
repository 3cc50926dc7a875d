// Package workbook imports price tables that are not in the program's own
// layout: an Excel workbook or a CSV file of preliminary target prices or of
// regional benchmarks, through a mapping profile that a person can edit. The
// header is looked for below lines of title, and amounts may be written as
// people write them ("$23,456.00").
//
// Formulas are never computed: the value that was saved with one counts. A
// workbook that draws on other files, holds macros or unpacks to more than a
// workbook of prices can be is refused.
package workbook

import (
	_ "embed"
	"fmt"

	"bundlelab/data/ingest/profile"
	"bundlelab/engine/price"
)

//go:embed prices.toml
var shipped []byte

// Shipped is the mapping profile of price tables that ships.
func Shipped() []byte { return shipped }

// Format is the name of the format in profiles.
const Format = "prices"

// codeAndWords is the cell_form in which a description follows the MS-DRG.
const codeAndWords = "code - words"

// divisions is the number of census divisions.
const divisions = 9

// dollarFields are those that hold dollars beside the price.
func dollarFields() []string {
	return []string{"p99", "post_mean", "post_sd", "mean", "sd", "p1", "p5", "p75", "p95"}
}

// Shape is what can be mapped: a kind of table for each kind of price. A table
// has a division and a price in each row, or a column of prices for each
// division.
func Shape() profile.Shape {
	optional := append([]string{"cell_form", "division", "days", "price", "period", "episodes", "source", "as_of"}, dollarFields()...)
	for d := 1; d <= divisions; d++ {
		optional = append(optional, wide(d))
	}
	s := profile.Shape{Format: Format}
	for _, k := range []price.Kind{price.Preliminary, price.Benchmark} {
		s.Kinds = append(s.Kinds, profile.Kind{Name: string(k), Required: []string{"cell"}, Optional: optional})
	}
	return s
}

// wide is the field of the prices of one division.
func wide(division int) string { return fmt.Sprintf("price_%d", division) }

// lacking says what a header that has the required fields still lacks; "" when
// it makes a table of prices. A sheet may be called after its division.
func lacking(b *profile.Binding, sheet string) string {
	if !b.Has("days") {
		return "days: add its header, or days under [file.constants], to the profile"
	}
	for d := 1; d <= divisions; d++ {
		if b.Has(wide(d)) {
			return ""
		}
	}
	switch {
	case !b.Has("price"):
		return "price, or price_1 to price_9 for tables with a column for each region"
	case !b.Has("division") && divisionOf(sheet) == 0:
		return "division"
	}
	return ""
}
