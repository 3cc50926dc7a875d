package control

import (
	"fmt"

	"bundlelab/data/ingest/table"
	"bundlelab/data/store"
)

// AllSeen takes the files that the import will read, and says that every one
// was imported before, which it notes file by file (F003). When only some were,
// all are read again: files of one set mean nothing without each other, and the
// same rows again change nothing.
func (r *Run) AllSeen(sources []table.Source) (bool, error) {
	r.total[Reading] = 0
	for _, s := range sources {
		r.total[Reading] += s.Disk
	}
	if r.Seen == nil || len(sources) == 0 {
		return false, nil
	}
	var old []table.Source
	for _, s := range sources {
		known, err := r.Seen(s.SHA256)
		if err == nil && !known && s.Packed != nil { // as older versions knew it
			known, err = r.Seen(s.Packed)
		}
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
