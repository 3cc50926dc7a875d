package control

import (
	"context"
	"errors"
	"fmt"

	"bundlelab/data/ingest/table"
	"bundlelab/data/store"
)

// Progress is how far an import has come: the bytes on disk of the phase, and
// the rows read so far. Total 0 is unknown.
type Progress struct {
	Phase        string // Checking or Reading
	File         string // as it may be shown
	Bytes, Total int64
	Rows         int
}

// The phases: fingerprints and archives are looked through first.
const (
	Checking = "checking"
	Reading  = "reading"
)

// advance tells of bytes read.
func (r *Run) advance(ctx context.Context, phase, file string, bytes int64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if r.Progress == nil {
		return nil
	}
	p := &r.at
	if p.Phase != phase {
		*p = Progress{Phase: phase}
	}
	p.File, p.Total = file, r.total[phase]
	p.Bytes += bytes
	if p.Total > 0 {
		p.Bytes = min(p.Bytes, p.Total)
	}
	p.Rows = 0
	for _, f := range r.files {
		p.Rows += f.Read
	}
	r.Progress(*p)
	return nil
}

// Again says that a source will be read once more, for the progress.
func (r *Run) Again(s table.Source) { r.total[Reading] += s.Disk }

// List gives the sources of a folder, a file or an archive, fingerprinted. Of
// two of one content and name, such as a file beside the archive it came in,
// the first stays. An archive that cannot be trusted is a *RefusedError.
func (r *Run) List(ctx context.Context, path string) ([]table.Source, error) {
	weight, err := table.Weigh(path)
	if err != nil {
		return nil, err
	}
	r.total[Checking] = weight
	all, err := table.ListMetered(path, func(name string, n int64) error { return r.advance(ctx, Checking, name, n) })
	if err != nil {
		return nil, r.Refusal(err)
	}
	type content struct{ stem, sum string }
	have := map[content]string{}
	kept := all[:0]
	for _, s := range all {
		key := content{s.Stem(), string(s.SHA256)}
		if first, twice := have[key]; twice && s.Size > 0 {
			r.Note(fmt.Sprintf("F003: %s holds the same as %s and was not read again", s.Name, first))
			continue
		}
		have[key] = s.Name
		name := s.Name
		s.Meter = func(n int64) error { return r.advance(ctx, Reading, name, n) }
		kept = append(kept, s)
	}
	return kept, nil
}

// Refusal turns a file that cannot be trusted into a finding of the run and a
// *RefusedError; any other error is given back as it is.
func (r *Run) Refusal(err error) error {
	var bad *table.BadFileError
	if !errors.As(err, &bad) {
		return err
	}
	name := bad.File
	if name == "" {
		name = "a file"
	}
	f := NewFile("archive", name, nil, 0)
	r.files = append(r.files, f)
	f.Find(store.Refuse, "F002", bad.Line, "", "", bad.Why)
	return refusalOf(f)
}
