package control

import (
	"fmt"

	"bundlelab/data/ingest/check"
	"bundlelab/data/ingest/table"
	"bundlelab/data/ingest/trigger"
	"bundlelab/data/pseudonym"
	"bundlelab/data/reference"
	"bundlelab/data/store"
	"bundlelab/engine/calendar"
	"bundlelab/engine/money"
)

// Sink takes what an import produces. One store batch, one transaction.
type Sink interface {
	Hospitals([]store.Hospital) error
	Episode(*store.Episode) error
	Prices([]store.PriceRow) error
	File(store.File) error
	// DataThrough widens the batch's last day: episodes that state none are
	// covered up to it.
	DataThrough(calendar.Day)
}

// Run is one import on its way to a sink.
type Run struct {
	Format    store.Format
	Key       *pseudonym.Key
	Triggers  *trigger.Table
	Today     calendar.Day                       // no service is later than the day after
	Reference *reference.Set                     // tables a user imported; nil for none
	Profile   string                             // file of a mapping profile; "" for the one that ships
	Seen      func(sha256 []byte) (bool, error)  // file already in the database
	Judge     func([]store.PriceRow) error       // looks at price rows before the sink; nil for nobody
	Held      func(*store.PriceRow) calendar.Day // when the stored price of equal key was stated, 0 unknown or none; nil for a database without prices
	Progress  func(Progress)                     // hears of every 64 KB read; nil for nobody

	sink      Sink
	out       *pipe // to the sink; nil before the first row
	files     []*File
	report    *Report
	hospitals map[string]bool
	through   calendar.Day // last day told of by Through
	checks    check.Checker
	caps      map[string]int64 // 99th percentiles of the price rows sent, by cell
	priced    map[priceGroup]int
	at        Progress
	total     map[string]int64 // bytes on disk by phase
}

// Begin starts a run that writes to sink.
func (r *Run) Begin(sink Sink) {
	r.sink = sink
	r.hospitals = map[string]bool{}
	r.total = map[string]int64{}
	r.caps = map[string]int64{}
	r.report = &Report{Format: r.Format, triggers: map[triggerKey]int{}}
}

// Open starts the books of a file within the run. That its name was masked is
// in them (P001).
func (r *Run) Open(role string, src table.Source) *File {
	f := NewFile(role, src.Name, src.SHA256, src.Size)
	r.files = append(r.files, f)
	if src.Masked {
		f.Find(store.Info, "P001", 0, "", "", "the file's name looks like a person's name or number: its place in the folder, by name, stands for it")
	}
	return f
}

// send gives the sink something in its turn, from another goroutine: what it
// is must not be touched any more. The error may be that of something earlier.
func (r *Run) send(s step) error {
	if r.out == nil {
		r.out = newPipe(r.sink)
	}
	return r.out.put(s)
}

// Send has do work on the sink after everything sent before it.
func (r *Run) Send(do func(Sink) error) error { return r.send(step{do: do}) }

// Stop waits until the sink has taken what was sent and nothing of the run is
// left at work. Finish does it too; a run that ends early needs it.
func (r *Run) Stop() error {
	if r.out == nil {
		return nil
	}
	return r.out.end()
}

// Through tells of a service on a day, whether an episode takes it or not: the
// data reach that far (ruling 13).
func (r *Run) Through(day calendar.Day) {
	r.report.lastEvent = max(r.report.lastEvent, day)
	r.through = max(r.through, day)
}

// Sofar is the report of a run that ends early, with the files that were
// refused.
func (r *Run) Sofar() *Report {
	for _, f := range r.files {
		if f.Refused() != nil {
			r.report.Files = append(r.report.Files, f.File)
		}
	}
	return r.report
}

// Note adds a sentence to the report.
func (r *Run) Note(text string) { r.report.Notes = append(r.report.Notes, text) }

// Hospital sends a full hospital row.
func (r *Run) Hospital(h store.Hospital) error {
	r.hospitals[h.CCN] = true
	r.report.Hospitals++
	return r.Send(func(s Sink) error { return s.Hospitals([]store.Hospital{h}) })
}

// Prices sends price rows that nobody objects to.
func (r *Run) Prices(rows []store.PriceRow) error {
	if r.Judge != nil {
		if err := r.Judge(rows); err != nil {
			return err
		}
	}
	r.report.Prices += len(rows)
	r.countPrices(rows)
	for i := range rows {
		if p := &rows[i]; p.P99 != nil && p.Days == check.CapDays {
			r.caps[p.Cell] = max(r.caps[p.Cell], int64(*p.P99))
		}
	}
	return r.Send(func(s Sink) error { return s.Prices(rows) })
}

// Origin says where an episode and its services come from: the zero Place of
// either is the file as a whole.
type Origin struct {
	Episode  check.Place
	Services []check.Place // in the order of the services; may be left out
}

// EpisodeFrom fills what the reference tables know of an episode, looks at it
// as at every importer's (package check), and sends it; before it a bare
// hospital row when the files have not brought its hospital, of which the store
// keeps what it knows. The episode must not be touched any more.
func (r *Run) EpisodeFrom(e *store.Episode, from Origin) error {
	if !r.hospitals[e.CCN] {
		r.hospitals[e.CCN] = true
		r.report.BareHospitals++
		bare := []store.Hospital{{CCN: e.CCN}}
		if err := r.Send(func(s Sink) error { return s.Hospitals(bare) }); err != nil {
			return err
		}
	}
	r.Reference.Fill(e)
	if f := r.main(); f != nil && from.Episode.Books == nil {
		from.Episode.Books = f
	}
	if from.Episode.Books != nil {
		r.checks.Episode(e, from.Episode, from.Services)
	}
	r.report.add(e)
	return r.send(step{episode: e})
}

// Share tells the report that an episode took a line another episode has too.
func (r *Run) Share(amount money.Cents) {
	r.report.SharedLines++
	r.report.Shared += amount
}

// Restate tells the report that an episode holds a standardized amount where the
// files' books hold the raw one: the difference of the two.
func (r *Run) Restate(difference money.Cents) { r.report.Restated += difference }

// main is the first file that may bring episodes; nil when there is none.
func (r *Run) main() *File {
	for _, f := range r.files {
		if f.Role != "prices" && f.Role != "hospitals" && f.Role != "manifest" && f.Role != "eligibility" {
			return f
		}
	}
	return nil
}

// Finish balances every file, sends the books to the sink and gives the
// report. A refused file or a file over the threshold is a *RefusedError; the
// report comes with it, and the caller rolls back.
func (r *Run) Finish() (*Report, error) {
	if err := r.Stop(); err != nil {
		return r.Sofar(), err
	}
	r.report.settle()
	r.notePrices()
	if f := r.main(); f != nil {
		r.checks.Close(f, r.caps)
		r.incomplete(f)
		if err := r.overlap(f); err != nil {
			return r.report, err
		}
	}
	var refusal *RefusedError
	for _, f := range r.files {
		if err := f.Close(); err != nil {
			return r.report, err
		}
		r.report.Files = append(r.report.Files, f.File)
		if refusal == nil {
			refusal = refusalOf(f)
		}
	}
	if r.report.Episodes == 0 && !r.report.Unchanged && r.main() != nil {
		r.Note("no TEAM episodes found: no stay or procedure in the files opens one")
	}
	if refusal != nil {
		return r.report, refusal
	}
	if r.report.Unchanged {
		return r.report, nil
	}
	if r.through != 0 {
		r.sink.DataThrough(r.through)
	}
	for _, f := range r.report.Files {
		if err := r.sink.File(f); err != nil {
			return r.report, err
		}
	}
	return r.report, r.report.balance()
}

// incomplete notes the episodes that the data do not cover for a length (D005).
func (r *Run) incomplete(books *File) {
	for _, o := range r.report.Observed {
		if n := r.report.Episodes - o.Episodes; n > 0 {
			books.FindMany(store.Info, "D005", fmt.Sprintf("episodes that the data cover for less than %d days", o.Days), n)
		}
	}
}
