package workbook

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"bundlelab/data/ingest/control"
	"bundlelab/data/ingest/field"
	"bundlelab/data/ingest/profile"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/money"
	"bundlelab/engine/price"
)

// key is what makes a price one of its kind (ruling 16).
type key struct {
	kind           price.Kind
	cell, period   string
	division, days int
}

// rows reads the rows below a header.
type rows struct {
	im     *importer
	books  *control.File
	file   *profile.File
	bind   *profile.Binding
	sheet  string // name; "" for text
	book   *book  // nil for text
	screen *field.Screen
	note   string // after messages, where there are several sheets

	line    int
	cells   []string
	bad     bool
	rounded int
	blank   int
	remarks int
}

// read reads a table to its end.
func (r *rows) read(g grid) error {
	for {
		line, cells, err := g.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		r.line, r.cells, r.bad = line, cells, false
		r.row()
	}
	for _, x := range []struct {
		n    int
		text string
	}{
		{r.rounded, "amounts have more than two decimals in the workbook and were rounded to the cent"},
		{r.blank, "prices are blank or marked as suppressed: no row for them"},
		{r.remarks, "lines hold a remark and no price: skipped"},
	} {
		if x.n > 0 {
			r.books.FindMany(store.Info, "A001", x.text+r.note, x.n)
		}
	}
	return nil
}

// row reads one row, of one price or of one for each division.
func (r *rows) row() {
	filled := 0
	for _, c := range r.cells {
		if strings.TrimSpace(c) != "" {
			filled++
		}
	}
	if filled == 0 {
		return
	}
	r.books.Saw(1, 0)
	if filled == 1 {
		r.remarks++
		r.books.Skips(1, 0)
		return
	}
	base := r.common()
	var found []store.PriceRow
	for _, at := range r.places() {
		if r.bad {
			break
		}
		if nothing(r.text(at.field)) {
			r.blank++
			continue
		}
		p := base
		p.Division = at.division
		if p.Price = r.amount(at.field); !r.bad && p.Price == 0 {
			r.reject("A001", at.field, "the price is zero")
		}
		found = append(found, p)
	}
	if !r.bad {
		r.unique(found)
	}
	switch {
	case r.bad:
		r.books.Rejects(1, 0)
	case len(found) == 0:
		r.books.Skips(1, 0)
	default:
		r.books.Loads(1, 0)
		r.im.all = append(r.im.all, found...)
	}
}

// unique rejects a row whose key came before, or is older than the database's
// (K001).
func (r *rows) unique(found []store.PriceRow) {
	keys := make([]key, len(found))
	for i, p := range found {
		keys[i] = key{p.Kind, p.Cell, p.Period, p.Division, p.Days}
		if first, twice := r.im.seen[keys[i]]; twice {
			r.reject("K001", "cell", "a price of this kind, cell, division, days and period came before; the first row is kept"+r.across(first))
			return
		}
		if why := r.im.run.Older(&p); why != "" {
			r.reject("K001", "as_of", why)
			return
		}
	}
	for _, k := range keys {
		r.im.seen[k] = r.note
	}
}

// across says what to do about a price that stands on two sheets, the first of
// which is given by its note.
func (r *rows) across(first string) string {
	if first == r.note {
		return ""
	}
	return fmt.Sprintf("; it stands on another sheet%s too: say in the profile which sheets to read (sheets), or give each its period", first)
}

// place is a cell that holds a price, and for which division.
type place struct {
	field    string
	division int
}

// places are the prices of the row.
func (r *rows) places() []place {
	var all []place
	for d := 1; d <= divisions; d++ {
		if r.bind.Has(wide(d)) {
			all = append(all, place{wide(d), d})
		}
	}
	if len(all) > 0 {
		return all
	}
	d := divisionOf(r.sheet)
	if r.bind.Has("division") {
		if d = divisionOf(r.text("division")); d == 0 {
			r.reject("V001", "division", errDivision.Error())
		}
	}
	return []place{{"price", d}}
}

// common reads what a row says beside its prices.
func (r *rows) common() store.PriceRow {
	p := store.PriceRow{Kind: price.Kind(r.file.Title), Period: r.code("period"), Source: r.code("source")}
	if p.Source == "" {
		p.Source = r.im.profile.Name
	}
	var err error
	if p.Cell, err = cellOf(r.text("cell"), r.text("cell_form")); err != nil {
		r.reject("V001", "cell", err.Error())
	}
	if p.Days, err = daysOf(r.text("days")); err != nil {
		r.reject("V001", "days", "not a length of 0 to 365 days")
	}
	if s := r.text("episodes"); !nothing(s) {
		whole, err := ungroup(strings.TrimSuffix(s, ".0"))
		if err == nil {
			p.Episodes, err = field.Int(whole, 0, 100_000_000)
		}
		if err != nil {
			r.reject("V001", "episodes", "not a number of episodes")
		}
	}
	p.AsOf = r.day("as_of")
	for i, to := range []**money.Cents{&p.P99, &p.PostMean, &p.PostSD, &p.Mean, &p.SD, &p.P1, &p.P5, &p.P75, &p.P95} {
		if name := dollarFields()[i]; !nothing(r.text(name)) {
			c := r.amount(name)
			*to = &c
		}
	}
	return p
}

func (r *rows) text(name string) string { return r.bind.Text(r.cells, name) }

// code is a text that is stored: it must not identify a person (P001).
func (r *rows) code(name string) string {
	s := r.text(name)
	if r.screen.Identifies(s) || r.screen.InCode(s, false) && name != "source" {
		r.reject("P001", name, "the cell looks like a person's name or number, which it must not hold")
		return ""
	}
	return s
}

func (r *rows) amount(name string) money.Cents {
	c, rounded, err := dollars(r.text(name), r.book != nil)
	if rounded {
		r.rounded++
	}
	switch {
	case err != nil:
		r.reject("A001", name, err.Error())
	case c < 0:
		r.reject("A002", name, "the amount is negative")
	}
	return c
}

func (r *rows) day(name string) calendar.Day {
	s := r.text(name)
	if nothing(s) {
		return 0
	}
	if r.book != nil {
		if d, ok := serial(s, r.book.From1904); ok {
			return d
		}
	}
	d, err := r.file.Day(s)
	if err != nil || d < calendar.Date(2000, 1, 1) {
		r.reject("D001", name, "not a date from 2000 on in a spelling that the profile names")
	}
	return d
}

func (r *rows) reject(code, name, message string) {
	r.bad = true
	header := r.bind.Header(name)
	if header == "" {
		header = name
	}
	r.books.Find(store.Reject, code, r.line, control.Column(header), control.Mask(r.text(name)), fmt.Sprintf("%s%s", message, r.note))
}
