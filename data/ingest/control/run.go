package control

import (
	"bundlelab/data/ingest/table"
	"bundlelab/data/ingest/trigger"
	"bundlelab/data/pseudonym"
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
	Format   store.Format
	Key      *pseudonym.Key
	Triggers *trigger.Table
	Today    calendar.Day                      // no service is later than the day after
	Seen     func(sha256 []byte) (bool, error) // file already in the database
	Judge    func([]store.PriceRow) error      // looks at price rows before the sink; nil for nobody

	sink      Sink
	files     []*File
	report    *Report
	hospitals map[string]bool
}

// Begin starts a run that writes to sink.
func (r *Run) Begin(sink Sink) {
	r.sink = sink
	r.hospitals = map[string]bool{}
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

// Through tells of a service on a day, whether an episode takes it or not: the
// data reach that far (ruling 13).
func (r *Run) Through(day calendar.Day) {
	r.report.lastEvent = max(r.report.lastEvent, day)
	r.sink.DataThrough(day)
}

// Sofar is the report of a run that ends early.
func (r *Run) Sofar() *Report { return r.report }

// Note adds a sentence to the report.
func (r *Run) Note(text string) { r.report.Notes = append(r.report.Notes, text) }

// Hospital sends a full hospital row.
func (r *Run) Hospital(h store.Hospital) error {
	r.hospitals[h.CCN] = true
	r.report.Hospitals++
	return r.sink.Hospitals([]store.Hospital{h})
}

// Prices sends price rows that nobody objects to.
func (r *Run) Prices(rows []store.PriceRow) error {
	if r.Judge != nil {
		if err := r.Judge(rows); err != nil {
			return err
		}
	}
	r.report.Prices += len(rows)
	return r.sink.Prices(rows)
}

// Episode sends an episode, and before it a bare hospital row when the files
// have not brought its hospital; the store keeps what it knows of one.
func (r *Run) Episode(e *store.Episode) error {
	if !r.hospitals[e.CCN] {
		r.hospitals[e.CCN] = true
		r.report.BareHospitals++
		if err := r.sink.Hospitals([]store.Hospital{{CCN: e.CCN}}); err != nil {
			return err
		}
	}
	r.report.add(e)
	return r.sink.Episode(e)
}

// Share tells the report that an episode took a line another episode has too.
func (r *Run) Share(amount money.Cents) {
	r.report.SharedLines++
	r.report.Shared += amount
}

// expects says that the files were of a kind that should hold episodes.
func (r *Run) expects() bool {
	for _, f := range r.files {
		if f.Role != "prices" && f.Role != "hospitals" && f.Role != "manifest" {
			return true
		}
	}
	return false
}

// Finish balances every file, sends the books to the sink and gives the
// report. A refused file or a file over the threshold is a *RefusedError; the
// report comes with it, and the caller rolls back.
func (r *Run) Finish() (*Report, error) {
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
	r.report.settle()
	if r.report.Episodes == 0 && !r.report.Unchanged && r.expects() {
		r.Note("no TEAM episodes found: no stay or procedure in the files opens one")
	}
	if refusal != nil {
		return r.report, refusal
	}
	if r.report.Unchanged {
		return r.report, nil
	}
	for _, f := range r.report.Files {
		if err := r.sink.File(f); err != nil {
			return r.report, err
		}
	}
	return r.report, r.report.balance()
}
