// Package control keeps the books of an import: for every file, what was read,
// loaded, skipped and rejected, in rows and in dollars, and every coded finding
// on the way (data.md 6.3). The books balance or the import fails.
package control

import (
	"fmt"
	"sort"

	"bundlelab/data/store"
	"bundlelab/engine/money"
)

// perCode is how many findings of one code are kept in full for one file.
const perCode = 1000

// File keeps the books of one input file. Every data row is Read once and then
// exactly one of loaded, skipped or rejected.
type File struct {
	store.File
	read, rejected money.Cents // sizes without sign, for the threshold
	kept           map[string]int
	more           map[string]*store.Problem
	tallies        []store.Problem
	warnedLine     int
	refused        *store.Problem
}

// NewFile opens the books of a file.
func NewFile(role, name string, sha []byte, size int64) *File {
	return &File{
		File: store.File{Role: role, Name: name, SHA256: sha, Bytes: size},
		kept: map[string]int{}, more: map[string]*store.Problem{},
	}
}

// Saw counts rows read and the dollars readable in them.
func (f *File) Saw(rows int, amount money.Cents) {
	f.Read += rows
	f.AmountRead += amount
	f.read += amount.Abs()
}

// Loads counts rows that went into the database.
func (f *File) Loads(rows int, amount money.Cents) {
	f.Loaded += rows
	f.AmountLoaded += amount
}

// Skips counts rows that need no place there.
func (f *File) Skips(rows int, amount money.Cents) {
	f.Skipped += rows
	f.AmountSkipped += amount
}

// Rejects counts rows that could not be used.
func (f *File) Rejects(rows int, amount money.Cents) {
	f.Rejected += rows
	f.AmountRejected += amount
	f.rejected += amount.Abs()
}

// Find records a finding. The hint must be masked already.
func (f *File) Find(severity store.Severity, code string, line int, column, hint, message string) {
	p := store.Problem{Code: code, Severity: severity, Line: line, Column: column, Hint: hint, Message: message, Count: 1}
	if severity == store.Warning && line > 0 && line != f.warnedLine {
		f.Warned++
		f.warnedLine = line
	}
	if severity == store.Refuse && f.refused == nil {
		f.refused = &p
	}
	if f.kept[code] < perCode || severity == store.Refuse {
		f.kept[code]++
		f.Problems = append(f.Problems, p)
		return
	}
	if f.more[code] == nil {
		f.more[code] = &store.Problem{Code: code, Severity: severity, Message: "more of the same, not listed"}
	}
	f.more[code].Count++
}

// FindMany records one finding about the file as a whole that stands for many.
func (f *File) FindMany(severity store.Severity, code, message string, times int) {
	f.Problems = append(f.Problems, store.Problem{Code: code, Severity: severity, Message: message, Count: times})
}

// Tally counts what is said once for the file, however often it comes. Close
// writes it into the findings.
func (f *File) Tally(severity store.Severity, code, column, message string) {
	for i := range f.tallies {
		if t := &f.tallies[i]; t.Code == code && t.Column == column && t.Message == message {
			t.Count++
			return
		}
	}
	f.tallies = append(f.tallies, store.Problem{Code: code, Severity: severity, Column: column, Message: message, Count: 1})
}

// Refused is the finding that refused the whole file, or nil.
func (f *File) Refused() *store.Problem { return f.refused }

// OverThreshold says that too much was rejected to trust the rest: more than
// 1% of the rows or 0.1% of the readable dollars (ruling 37).
func (f *File) OverThreshold() bool {
	return f.Rejected*100 > f.Read || f.rejected*1000 > f.read
}

// Close settles the list of findings and checks that the books balance.
func (f *File) Close() error {
	codes := make([]string, 0, len(f.more))
	for code := range f.more {
		codes = append(codes, code)
	}
	sort.Strings(codes)
	for _, code := range codes {
		f.Problems = append(f.Problems, *f.more[code])
	}
	f.Problems = append(f.Problems, f.tallies...)
	f.more, f.tallies = map[string]*store.Problem{}, nil
	if f.refused != nil {
		return nil
	}
	if f.Read != f.Loaded+f.Skipped+f.Rejected {
		return fmt.Errorf("control totals of %s do not balance: %d rows read, but %d loaded, %d skipped and %d rejected; please report this as a defect",
			f.Name, f.Read, f.Loaded, f.Skipped, f.Rejected)
	}
	if f.AmountRead != f.AmountLoaded+f.AmountSkipped+f.AmountRejected {
		return fmt.Errorf("control totals of %s do not balance: %s read, but %s loaded, %s skipped and %s rejected; please report this as a defect",
			f.Name, f.AmountRead, f.AmountLoaded, f.AmountSkipped, f.AmountRejected)
	}
	return nil
}
