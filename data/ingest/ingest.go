// Package ingest reads claims and episodes of other systems into the local
// database: one importer per format into one common stream, checks on the way,
// and control totals that balance at the end.
//
// An import writes into a Sink, which is one transaction of the store. When
// Import gives an error the caller rolls that transaction back; a refused
// import is a *RefusedError. Nothing identifying a person passes the sink but
// keyed hashes, and no finding repeats a value.
package ingest

import (
	"context"
	"errors"
	"fmt"
	"os"

	"bundlelab/data/ingest/bpcia"
	"bundlelab/data/ingest/cclf"
	"bundlelab/data/ingest/control"
	"bundlelab/data/ingest/native"
	"bundlelab/data/ingest/rif"
	"bundlelab/data/ingest/synpuf"
	"bundlelab/data/ingest/team"
	"bundlelab/data/ingest/trigger"
	"bundlelab/data/ingest/tuva"
	"bundlelab/data/ingest/workbook"
	"bundlelab/data/pseudonym"
	"bundlelab/data/reference"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
)

// What importers give and take.
type (
	// Sink takes hospitals, episodes, prices and the books of files.
	Sink = control.Sink
	// Progress is how far an import has come.
	Progress = control.Progress
	// Report is the reconciliation table of an import.
	Report = control.Report
	// RefusedError says why nothing was written.
	RefusedError = control.RefusedError
)

// Options say what to import.
type Options struct {
	Format    store.Format
	Dir       string         // folder of the files; one file for ImportPrices
	DryRun    bool           // read and check, give nothing to the sink
	Key       *pseudonym.Key // hashes identifiers
	Triggers  string         // file of further trigger codes; "" for none
	Profile   string         // file of a mapping profile; "" for the one that ships
	Reference *reference.Set // tables a user imported; nil for none
	Today     calendar.Day   // no service is later than the day after (D001)
	Seen      func(sha256 []byte) (bool, error)
	// Prices looks at price rows before the sink does, in dry runs too. Its
	// error stops the import, which returns it as it is.
	Prices func([]store.PriceRow) error
	// Held tells when the database's price of equal key was stated, 0 when it
	// has none or that is unknown: a row stated earlier is rejected (K001). Nil
	// lets any row take the place of what is there.
	Held func(*store.PriceRow) calendar.Day
	// Progress hears of every 64 KB read, from the goroutine that imports; nil
	// for nobody.
	Progress func(control.Progress)
}

// UnknownFormatError says that no importer reads a format.
type UnknownFormatError struct{ Format store.Format }

// Error names the formats there are.
func (e *UnknownFormatError) Error() string {
	return fmt.Sprintf("%q is not a format this program imports: use one of %v", e.Format, []store.Format{store.Native, store.BPCIA, store.TEAM, store.RIF, store.SynPUF, store.CCLF, store.Tuva})
}

// Import reads a folder into the sink. The report comes with every outcome but
// a failed read; its Notes hold what a person must be told, such as that no
// TEAM episode was found.
func Import(ctx context.Context, o Options, sink Sink) (*Report, error) {
	readers := map[store.Format]func(context.Context, *control.Run, string) error{
		store.Native: native.Import, store.RIF: rif.Import, store.SynPUF: synpuf.Import, store.BPCIA: bpcia.Import, store.TEAM: team.Import, store.CCLF: cclf.Import,
		store.Tuva: tuva.Import,
	}
	read, ok := readers[o.Format]
	if !ok {
		return nil, &UnknownFormatError{o.Format}
	}
	return o.do(ctx, sink, read)
}

// ImportPrices reads one price table into the sink: a prices.csv, or a table in
// another layout through a mapping profile.
func ImportPrices(ctx context.Context, o Options, sink Sink) (*Report, error) {
	o.Format = store.Native
	return o.do(ctx, sink, workbook.Import)
}

func (o Options) do(ctx context.Context, sink Sink, read func(context.Context, *control.Run, string) error) (*Report, error) {
	if o.Key == nil || o.Today == 0 {
		return nil, errors.New("import needs an identifier key and today's date")
	}
	if o.DryRun {
		sink = discard{}
	}
	triggers, err := o.triggers()
	if err != nil {
		return nil, err
	}
	if o.Profile != "" || o.Triggers != "" { // the same files may mean something else
		o.Seen = nil
	}
	run := &control.Run{Format: o.Format, Key: o.Key, Triggers: triggers, Reference: o.Reference, Profile: o.Profile, Today: o.Today, Seen: o.Seen, Judge: o.Prices, Held: o.Held, Progress: o.Progress}
	run.Begin(sink)
	defer func() { _ = run.Stop() }() // the sink's error came with the run's
	if err := read(ctx, run, o.Dir); err != nil {
		err = o.hint(ctx, run.Refusal(err))
		return run.Sofar(), err
	}
	return run.Finish()
}

func (o Options) triggers() (table *trigger.Table, err error) {
	table, err = trigger.Builtin()
	if err != nil || o.Triggers == "" {
		return table, err
	}
	in, err := os.Open(o.Triggers)
	if err != nil {
		return nil, fmt.Errorf("reading further trigger codes: %w", err)
	}
	defer func() { _ = in.Close() }()
	if err := table.Extend(in); err != nil {
		return nil, &RefusedError{File: "trigger codes", Code: "C002", Message: err.Error()}
	}
	return table, nil
}

// discard is the sink of a dry run.
type discard struct{}

func (discard) Hospitals([]store.Hospital) error { return nil }
func (discard) Episode(*store.Episode) error     { return nil }
func (discard) Prices([]store.PriceRow) error    { return nil }
func (discard) File(store.File) error            { return nil }
func (discard) DataThrough(calendar.Day)         {}
