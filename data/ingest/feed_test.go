package ingest_test

import (
	"maps"
	"slices"
	"strings"
	"time"

	"bundlelab/data/store"
)

// A feed is one made-up patient's care in the columns of a format, so that one
// fault can be put into every format alike. The story: a joint replacement from 1
// to 5 March 2024 (four nights), skilled nursing until 24 March, home health
// until 10 April, and an office visit on 12 March.
type feed struct {
	*layout
	rows  []*row
	files map[string]string              // that are no table of the layout
	spoil map[string]func(string) string // of a file's text
	seen  bool                           // every file is in the database already
}

// layout is how a format writes the kinds of rows.
type layout struct {
	format store.Format
	comma  string
	date   string // layout of a day
	kinds  map[string]kind
	base   []string  // kinds of the good feed
	need   [2]string // a file and a column it must have
}

// kind is how a format writes one kind of row: columns by our name of a field,
// several with blanks between them, and cells that are always the same.
type kind struct{ file, fields, fixed string }

// row is one row, by our names of fields; names in capitals and with an
// underscore are the format's own.
type row struct {
	kind  string
	cells map[string]string
}

// story are the cells of the good rows.
func story() map[string]string {
	return map[string]string{
		"episode": "id=E1 person=1EG4TE5MK73 key=E1 provider=010001 category=LEJR drg=470 from=2024-03-01 to=2024-03-05 amount=12000.00 stay=1",
		"stay":    "id=1 person=1EG4TE5MK73 key=E1 provider=010001 drg=470 from=2024-03-01 to=2024-03-05 amount=12000.00 status=03",
		"snf":     "id=2 person=1EG4TE5MK73 key=E1 provider=015001 from=2024-03-05 to=2024-03-24 amount=8000.00",
		"hha":     "id=3 person=1EG4TE5MK73 key=E1 provider=017001 from=2024-03-25 to=2024-04-10 amount=1500.00",
		"line":    "id=4 person=1EG4TE5MK73 key=E1 line=1 from=2024-03-12 to=2024-03-12 code=99213 place=11 amount=100.00",
		"again":   "id=6 person=1EG4TE5MK73 key=E1 provider=010033 drg=194 from=2024-03-26 to=2024-03-29 amount=6000.00 status=01",
		"head":    "id=5 person=1EG4TE5MK73 provider=010001 from=2024-03-15 to=2024-03-15 amount=50.00",
		"bill":    "id=5 person=1EG4TE5MK73 key=E1 line=1 provider=010001 from=2024-03-15 to=2024-03-15 code=97110 amount=50.00 whole=50.00",
		"who":     "person=1EG4TE5MK73",
	}
}

// pairs reads "name=cell name=cell"; an underscore in a cell stands for a blank.
func pairs(text string) map[string]string {
	cells := map[string]string{}
	for _, p := range strings.Fields(text) {
		name, cell, _ := strings.Cut(p, "=")
		cells[name] = strings.ReplaceAll(cell, "_", " ")
	}
	return cells
}

func (l *layout) feed() *feed {
	f := &feed{layout: l, files: map[string]string{}, spoil: map[string]func(string) string{}}
	for _, k := range l.base {
		f.add(k, "")
	}
	return f
}

// add writes one more row: the story's with some cells changed.
func (f *feed) add(kind, changes string) *feed {
	cells := pairs(story()[kind])
	maps.Copy(cells, pairs(changes))
	f.rows = append(f.rows, &row{kind, cells})
	return f
}

// set changes the first row of a kind; of several kinds with a bar between them
// the first row of each that the feed has.
func (f *feed) set(kinds, changes string) *feed {
	for _, k := range strings.Split(kinds, "|") {
		if i := slices.IndexFunc(f.rows, func(r *row) bool { return r.kind == k }); i >= 0 {
			maps.Copy(f.rows[i].cells, pairs(changes))
		}
	}
	return f
}

// person changes what is known of the patient, who has a row of their own in
// feeds of claims and stands in the episode's in others.
func (f *feed) person(changes string) *feed { return f.set("who|episode", changes) }

// keep leaves only rows of some kinds.
func (f *feed) keep(kinds ...string) *feed {
	f.rows = slices.DeleteFunc(f.rows, func(r *row) bool { return !slices.Contains(kinds, r.kind) })
	return f
}

// anchor adds a replacement of another person, or of the same one.
func (f *feed) anchor(changes string) *feed {
	for _, k := range f.base {
		if k == "episode" || k == "stay" {
			f.add(k, changes)
		}
	}
	return f
}

// text changes the written file that holds a kind of row.
func (f *feed) text(kind string, change func(string) string) *feed {
	f.spoil[f.kinds[kind].file] = change
	return f
}

// columns are the columns of a file, in the order of the kinds' names.
func (l *layout) columns(file string) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(l.kinds)) {
		k := l.kinds[name]
		if k.file != file {
			continue
		}
		for _, p := range strings.Fields(k.fields) {
			_, columns, _ := strings.Cut(p, "=")
			all = append(all, strings.Split(columns, "+")...)
		}
		for _, p := range strings.Fields(k.fixed) {
			column, _, _ := strings.Cut(p, "=")
			all = append(all, column)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// cells are a row's cells by column.
func (l *layout) cells(r *row) map[string]string {
	k := l.kinds[r.kind]
	out := pairs(k.fixed)
	for _, p := range strings.Fields(k.fields) {
		field, columns, _ := strings.Cut(p, "=")
		cell, ok := r.cells[field]
		if day, err := time.Parse("2006-01-02", cell); err == nil {
			cell = strings.ToUpper(day.Format(l.date))
		}
		for _, c := range strings.Split(columns, "+") {
			if ok {
				out[c] = cell
			}
		}
	}
	for name, cell := range r.cells {
		if slices.Contains(l.columns(k.file), name) {
			out[name] = cell
		}
	}
	return out
}

// write gives the files of the feed.
func (f *feed) write() map[string]string {
	out := maps.Clone(f.files)
	for _, name := range f.base { // a file without rows keeps its header
		file := f.kinds[name].file
		out[file] = strings.Join(f.columns(file), f.comma) + "\n"
	}
	for _, r := range f.rows {
		file := f.kinds[r.kind].file
		columns := f.columns(file)
		if out[file] == "" {
			out[file] = strings.Join(columns, f.comma) + "\n"
		}
		by, cells := f.cells(r), make([]string, len(columns))
		for i, c := range columns {
			cells[i] = by[c]
		}
		out[file] += strings.Join(cells, f.comma) + "\n"
	}
	for file, change := range f.spoil {
		out[file] = change(out[file])
	}
	return out
}
