package control

import (
	"fmt"

	"bundlelab/data/ingest/table"
	"bundlelab/data/store"
)

// AllSeen says that every file was imported before, and notes it file by file
// (F003). When only some were, all are read again: files of one set mean
// nothing without each other, and the same rows again change nothing.
func (r *Run) AllSeen(sources []table.Source) (bool, error) {
	if r.Seen == nil || len(sources) == 0 {
		return false, nil
	}
	var old []table.Source
	for _, s := range sources {
		known, err := r.Seen(s.SHA256)
		if err != nil {
			return false, err
		}
		if known {
			old = append(old, s)
		}
	}
	if len(old) < len(sources) {
		for _, s := range old {
			r.Note(fmt.Sprintf("F003: %s was imported before; read again because other files of the folder are new", s.Name))
		}
		return false, nil
	}
	for _, s := range old {
		r.Open("seen", s).Find(store.Info, "F003", 0, "", "", "imported before; nothing to do")
	}
	r.report.Unchanged = true
	return true, nil
}
