package record

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"bundlelab/data/ingest/control"
	"bundlelab/data/ingest/table"
)

// Format tells the files of one format apart, by header. The zero Kind is that
// of files that are none of it.
type Format[Kind comparable] struct {
	Name    string   // as people call it
	Endings []string // of names that are looked into, such as .csv
	Look    func(*table.Reader) Kind
}

// Found is a file of the folder that an import reads.
type Found[Kind comparable] struct {
	table.Source
	Kind Kind
	Bad  bool // not text: opening it writes the refusal
}

// Sort lists the files of a folder or an archive that are of the format, and
// notes the others. Done says that all of them were imported before.
func (f Format[Kind]) Sort(ctx context.Context, run *control.Run, dir string) (own []Found[Kind], done bool, err error) {
	all, err := run.List(ctx, dir)
	if err != nil {
		return nil, false, err
	}
	var sources []table.Source
	for _, src := range all {
		x, err := f.classify(src)
		if err != nil {
			return nil, false, err
		}
		var none Kind
		if x.Kind == none && !x.Bad {
			run.Note(fmt.Sprintf("%s has no %s claims or beneficiaries and was not read%s", src.Name, f.Name, archive(src.Base())))
			continue
		}
		own, sources = append(own, x), append(sources, src)
	}
	done, err = run.AllSeen(sources)
	return own, done, err
}

// classify looks at a file's header.
func (f Format[Kind]) classify(src table.Source) (Found[Kind], error) {
	x := Found[Kind]{Source: src}
	name := src.Stem()
	if !slices.ContainsFunc(f.Endings, func(end string) bool { return strings.HasSuffix(name, end) }) {
		return x, nil
	}
	r, err := src.Head()
	var bad *table.BadFileError
	if errors.As(err, &bad) {
		x.Bad = true
		return x, nil
	}
	if err != nil {
		return x, err
	}
	x.Kind = f.Look(r)
	return x, r.Close()
}

// archive is what to do with an archive of a kind that is not read.
func archive(name string) string {
	if table.IsArchive(name) {
		return ": unpack the archive first"
	}
	return ""
}
