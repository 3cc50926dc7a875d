package bpcia

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"bundlelab/data/ingest/control"
	"bundlelab/data/ingest/field"
	"bundlelab/data/ingest/profile"
	"bundlelab/data/ingest/record"
	"bundlelab/data/ingest/table"
	"bundlelab/data/store"
)

// input is a file of the folder with what it is.
type input struct {
	table.Source
	file  *profile.File
	set   string // delivery it came with
	stamp int    // when that was made, as YYYYMMDD; 0 unknown
}

// sort tells the files of a folder apart by their names, and two kinds that
// one name fits by the header. Deliveries come oldest first.
func (im *importer) sort(all []table.Source) []input {
	var own []input
	for _, src := range all {
		f := im.kind(src)
		if f == nil {
			im.run.Note(fmt.Sprintf("%s was not read: its name fits no kind of text file of the mapping profile; rename it, or add its name to a profile and import with --profile", src.Name))
			continue
		}
		src.Delimiter = f.Comma()
		x := input{Source: src, file: f, set: delivery(src.Stem(), f.Names)}
		x.stamp = stamp(x.set)
		own = append(own, x)
	}
	slices.SortStableFunc(own, func(a, b input) int {
		if a.stamp != b.stamp {
			return a.stamp - b.stamp
		}
		return strings.Compare(a.set, b.set)
	})
	return own
}

// kind is the kind of file that a name fits best.
func (im *importer) kind(src table.Source) *profile.File {
	if !isText(src.Stem()) {
		return nil
	}
	var fit []*profile.File
	best := 0
	for _, f := range im.profile.Files {
		if n := f.Match(src.Base()); n > best {
			best, fit = n, fit[:0]
		}
		if f.Match(src.Base()) == best && best > 0 {
			fit = append(fit, f)
		}
	}
	if len(fit) == 0 {
		return nil
	}
	if len(fit) == 1 {
		return fit[0]
	}
	for _, f := range fit {
		src.Delimiter = f.Comma()
		head, err := src.Head()
		if err == nil && f.Bind(head.Header).Missing() == "" {
			return f
		}
	}
	return fit[0]
}

// isText says that a name is not that of a document, a workbook or a picture.
func isText(stem string) bool {
	switch path.Ext(stem) {
	case ".csv", ".txt", ".tsv", ".psv", ".dat", "":
		return true
	}
	return false
}

// delivery is what is left of a file's name without its kind: files of one
// delivery belong together, as ip_202004.csv and epi_202004.csv do.
func delivery(stem string, names []string) string {
	stem, _ = field.Ending(stem)
	for _, n := range names {
		if i := strings.Index(stem, strings.ToLower(n)); i >= 0 {
			stem = stem[:i] + "_" + stem[i+len(n):]
			break
		}
	}
	return strings.Trim(strings.ReplaceAll(stem, "__", "_"), "_-. ")
}

// stamp is the last run of six or eight digits of a name that is a month or a
// day, as YYYYMMDD; 0 without one.
func stamp(name string) int {
	at := 0
	for _, digits := range strings.FieldsFunc(name, func(r rune) bool { return r < '0' || r > '9' }) {
		day := digits
		switch len(digits) {
		case 6:
			day += "01"
		case 8:
		default:
			continue
		}
		n, err := strconv.Atoi(day)
		if _, bad := field.Compact(day); err == nil && bad == nil && n > 20000000 && n < 21000000 {
			at = n
		}
	}
	return at
}

// rows opens a file under the profile's names. Nil without an error means that
// it was refused, in its books.
func (im *importer) rows(x input) (*record.Rows, *profile.Binding, error) {
	rows, err := record.Open(im.run, role(x.file.Title), x.Source, x.file.Day)
	if rows == nil || err != nil {
		return nil, nil, err
	}
	b := x.file.Bind(rows.Header())
	if missing := b.Missing(); missing != "" {
		rows.Books.Find(store.Refuse, "F001", 1, "", "", missing)
		return nil, nil, rows.Close()
	}
	if drift := b.Drift(); drift != "" {
		rows.Books.Find(store.Warning, "F005", 1, "", "", drift)
	}
	columns := b.Columns()
	for _, name := range []string{"episode", "mbi", "bene", "birth_date", "anchor_stay", "anchor_claim", "stay", "claim"} {
		rows.Identifiers(name, columns[name])
	}
	rows.Rename(columns, x.file.Constants)
	return rows, b, nil
}

// role is what a kind of file is in the books.
func role(title string) string {
	switch title {
	case componentFile, peerFile, winsorFile, "reconciliation", "true_up":
		return "prices"
	}
	return title
}

// each calls read for every row of a file and closes it.
func each(ctx context.Context, rows *record.Rows, read func()) (err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for err := range rows.Each(ctx) {
		if err != nil {
			return err
		}
		read()
	}
	return nil
}

// unread books a file whose layout is not public: its rows are counted.
func (im *importer) unread(ctx context.Context, x input) error {
	rows, _, err := im.rows(x)
	if rows == nil || err != nil {
		return err
	}
	im.run.Note(fmt.Sprintf("%s is a file of the kind %s, whose layout is not public: its rows were counted and not loaded", x.Name, x.file.Title))
	return each(ctx, rows, func() {
		rows.Books.Saw(1, 0)
		rows.Books.Skips(1, 0)
	})
}

// oneOf refuses a file that has none of some fields (F001).
func oneOf(rows *record.Rows, b *profile.Binding, names ...string) bool {
	if slices.ContainsFunc(names, b.Has) {
		return true
	}
	rows.Books.Find(store.Refuse, "F001", 1, "", "", fmt.Sprintf("one of the fields %s is needed, and the profile's headers for them are not in the file", strings.Join(names, ", ")))
	return false
}

// refused is the outcome of a folder without the files of a kind.
func (im *importer) refused(kind string) error {
	return &control.RefusedError{File: "the folder", Code: "F001", Message: fmt.Sprintf("no file of the kind %s: check the names of the files against those of the mapping profile (\"bundlelab import profile %s\" prints it)", kind, im.run.Format)}
}
