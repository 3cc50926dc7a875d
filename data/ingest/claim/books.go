package claim

import (
	"fmt"

	"bundlelab/data/ingest/control"
	"bundlelab/data/store"
)

// Roll keeps the rows of beneficiary files until it is known whose claims
// came.
type Roll struct{ rows []rollRow }

type rollRow struct {
	person string
	books  *control.File
}

// Add takes a row that was read and not rejected.
func (r *Roll) Add(person string, books *control.File) {
	r.rows = append(r.rows, rollRow{person, books})
}

// Settle books the rows: loaded when the person has a claim, else skipped.
func (r *Roll) Settle(events []*Event) {
	claims := map[string]bool{}
	for _, v := range events {
		claims[v.Person] = true
	}
	for _, row := range r.rows {
		if claims[row.person] {
			row.books.Loads(1, 0)
		} else {
			row.books.Skips(1, 0)
		}
	}
}

// NotStandardized says once per file that its dollars are raw (A005).
func NotStandardized(books *control.File) {
	books.Find(store.Warning, "A005", 0, "", "", "no standardized amounts: the allowed amounts are raw")
}

// Overlap notes n claims of a file that an earlier file brought (K001).
func Overlap(books *control.File, n int) {
	if n > 0 {
		books.Find(store.Info, "K001", 0, "CLM_ID", "", fmt.Sprintf("%d claims are in another file too and were counted once", n))
	}
}
