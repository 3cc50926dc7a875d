package workbook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"bundlelab/data/ingest/control"
	"bundlelab/data/ingest/field"
	"bundlelab/data/ingest/native"
	"bundlelab/data/ingest/profile"
	"bundlelab/data/ingest/table"
	"bundlelab/data/store"
	"bundlelab/data/xlsx"
)

// titleRows is how many rows a header is looked for in.
const titleRows = 40

// importer is one import of a price table.
type importer struct {
	run     *control.Run
	profile *profile.Profile
	seen    map[key]string // the note of the sheet it stands on
	all     []store.PriceRow
}

// Import reads a price table: the program's own prices.csv as it is, anything
// else through the run's mapping profile or the one that ships.
func Import(ctx context.Context, run *control.Run, path string) error {
	sources, err := run.List(ctx, path)
	if err != nil {
		return err
	}
	if len(sources) != 1 {
		return &control.RefusedError{File: "the price table", Code: "F001", Message: fmt.Sprintf("it is an archive of %d files: unpack it and import one file at a time", len(sources))}
	}
	src := sources[0]
	excel, why, err := sniff(src)
	if err != nil {
		return err
	}
	if !excel && why == "" && run.Profile == "" && own(src) {
		return native.Prices(ctx, run, path)
	}
	im := &importer{run: run, seen: map[key]string{}}
	if im.profile, err = load(run); err != nil {
		return err
	}
	if done, err := run.AllSeen([]table.Source{src}); done || err != nil {
		return err
	}
	books := run.Open("prices", src)
	switch {
	case why != "":
		books.Find(store.Refuse, "F002", 0, "", "", why)
	case excel:
		err = im.book(ctx, src, books)
	default:
		err = im.text(src, books)
	}
	var bad *table.BadFileError
	var fault *xlsx.FaultError
	switch {
	case errors.As(err, &bad):
		books.Find(store.Refuse, "F002", bad.Line, "", "", bad.Why)
		err = nil
	case errors.As(err, &fault):
		books.Find(store.Refuse, "F002", fault.Line, "", "", fault.Why)
		err = nil
	}
	if err != nil || len(im.all) == 0 || books.Refused() != nil {
		return err
	}
	return run.Prices(im.all)
}

// load reads the profile, or the one that ships.
func load(run *control.Run) (*profile.Profile, error) {
	if run.Profile == "" {
		p, err := profile.Parse("prices.toml", shipped, Shape())
		if err == nil {
			run.Note(fmt.Sprintf("read under the profile that ships, %q (evidence: %s): compare a few rows with the file", p.Name, p.Evidence))
		}
		return p, err
	}
	p, err := profile.Load(run.Profile, Shape())
	if err != nil {
		return nil, &control.RefusedError{File: "the mapping profile", Code: "F001", Message: err.Error()}
	}
	run.Note(fmt.Sprintf("read under the mapping profile %q (%s)", p.Name, p.Evidence))
	return p, nil
}

// sniff tells a workbook by its first bytes; why is what makes it one that
// cannot be read.
func sniff(src table.Source) (excel bool, why string, err error) {
	in, err := src.OpenRaw()
	if err != nil {
		return false, "", err
	}
	head := make([]byte, 8)
	n, err := io.ReadFull(in, head)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	if err = errors.Join(err, in.Close()); err != nil {
		return false, "", err
	}
	switch head := string(head[:n]); {
	case strings.HasPrefix(head, "PK\x03\x04"):
		return true, "", nil
	case strings.HasPrefix(head, "\xd0\xcf\x11\xe0"):
		return false, "the file is an old Excel workbook (.xls) or has a password: save it as .xlsx without one", nil
	case strings.HasSuffix(src.Stem(), ".xlsx"):
		return false, "the file has the name of a workbook and is none: it may be damaged or only renamed", nil
	}
	return false, "", nil
}

// own says that a file has the columns of the program's own layout.
func own(src table.Source) bool {
	r, err := src.Head()
	if err != nil {
		return true // its own reader says why
	}
	return r.Has("cell", "division", "days", "price") && r.Close() == nil
}

// text reads a delimited file.
func (im *importer) text(src table.Source, books *control.File) error {
	kinds := im.kinds(src)
	src.Delimiter = kinds[0].Comma()
	r, err := table.Open(src)
	if err != nil {
		return err
	}
	g := &text{r: r}
	in := &rows{im: im, books: books, screen: field.NewScreen()}
	why, err := in.header(g, kinds)
	if err == nil && why != "" {
		books.Find(store.Refuse, "F001", 1, "", "", why)
	}
	if err == nil && why == "" {
		err = in.read(g)
	}
	return errors.Join(err, g.Close())
}

// kinds are the kinds of table that a file's name fits best; all where it fits
// none.
func (im *importer) kinds(src table.Source) []*profile.File {
	best := 0
	for _, f := range im.profile.Files {
		best = max(best, f.Match(src.Base()))
	}
	var all []*profile.File
	for _, f := range im.profile.Files {
		if f.Match(src.Base()) == best {
			all = append(all, f)
		}
	}
	return all
}

// header finds the row that names the columns, and binds the kind that it
// fits. Why is what the nearest kind lacks when no row is one, or that a row
// fits two: prices before and after a discount must not be taken for each other.
func (r *rows) header(g grid, kinds []*profile.File) (why string, err error) {
	nearest := len(kinds[0].Fields) + 2
	for range titleRows {
		line, cells, err := g.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", err
		}
		for _, f := range kinds {
			b := f.Bind(cells)
			missing := b.Missing()
			if missing == "" {
				if missing = lacking(b, r.sheet); missing != "" {
					missing = fmt.Sprintf("the header on line %d has no column for %s", line, missing)
				}
			}
			switch n := absent(f, b); {
			case missing == "" && r.file != nil:
				return fmt.Sprintf("the header on line %d fits a %s table and a %s table: put the word that tells them apart into the file's name, as names of the profile lists it, or import with a profile of one kind", line, r.file.Title, f.Title), nil
			case missing == "":
				r.file, r.bind, r.line = f, b, line
			case n < nearest:
				nearest, why = n, missing
			}
		}
		if r.file != nil {
			if d := r.bind.Drift(); d != "" {
				r.books.Find(store.Warning, "F005", r.line, "", "", d+r.note)
			}
			return "", nil
		}
	}
	if why == "" {
		why = "the table is empty"
	}
	return why, nil
}

// absent is how many fields of a kind a row does not name.
func absent(f *profile.File, b *profile.Binding) int {
	n := 0
	for name := range f.Fields {
		if b.Place(name) < 0 {
			n++
		}
	}
	return n
}

// book reads the sheets of a workbook.
func (im *importer) book(ctx context.Context, src table.Source, books *control.File) (err error) {
	b, err := openBook(src)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	kinds := im.kinds(src)
	names := b.Sheets()
	found, why := 0, ""
	for i, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		fit := wanted(kinds, name)
		if len(fit) == 0 {
			continue
		}
		in := &rows{im: im, books: books, screen: field.NewScreen(), sheet: name, book: b}
		if len(names) > 1 {
			in.note = fmt.Sprintf(" (sheet %d)", i+1)
		}
		g, err := b.Sheet(name)
		if err != nil {
			return err
		}
		lack, err := in.header(g, fit)
		if err == nil && lack == "" {
			found++
			err = in.read(g)
		} else if why == "" {
			why = lack + in.note
		}
		if err = errors.Join(err, g.Close()); err != nil {
			return err
		}
		switch {
		case lack == "":
		case len(fit[0].Sheets) > 0: // asked for by name
			books.Find(store.Refuse, "F001", 0, "", "", lack+in.note)
		default:
			im.run.Note(fmt.Sprintf("sheet %d has no header of a price table and was not read", i+1))
		}
	}
	if found == 0 && books.Refused() == nil {
		if why == "" {
			why = fmt.Sprintf("none of the %d sheets shown has a name that the profile asks for: correct sheets in it", len(names))
		}
		books.Find(store.Refuse, "F001", 0, "", "", why)
	}
	return nil
}

// wanted are the kinds that a sheet may be of, by its name.
func wanted(kinds []*profile.File, sheet string) []*profile.File {
	var fit []*profile.File
	for _, f := range kinds {
		ok := len(f.Sheets) == 0
		for _, part := range f.Sheets {
			ok = ok || part != "" && strings.Contains(strings.ToLower(sheet), strings.ToLower(part))
		}
		if ok {
			fit = append(fit, f)
		}
	}
	return fit
}
