package control

import (
	"fmt"

	"bundlelab/data/store"
	"bundlelab/engine/money"
)

// held is a sink that knows what the database held before.
type held interface {
	Counts() store.Counts
	Replaced() (before, after money.Cents)
	Doubled() (store.Doubled, error)
}

// overlap says what of the import was in the database before (F003): how many
// episodes the newest delivery replaced, whether they lost dollars by it, and,
// which refuses the import, that a surgery is there under another key (K003):
// it would count twice.
func (r *Run) overlap(books *File) error {
	h, ok := r.sink.(held)
	if !ok {
		return nil
	}
	if n := h.Counts(); n.Replaced+n.Same > 0 {
		text := fmt.Sprintf("%d episodes replaced, %d unchanged, %d new", n.Replaced, n.Same, n.New)
		r.Note("F003: overlaps earlier imports, the newest wins: " + text)
		books.FindMany(store.Info, "F003", "overlaps earlier imports, the newest wins: "+text, n.Replaced+n.Same)
		if before, after := h.Replaced(); after < before {
			books.FindMany(store.Warning, "F003", fmt.Sprintf("the replaced episodes held %s before and hold %s now: if this delivery is not complete, take it back with \"bundlelab import undo\"", before.Grouped(), after.Grouped()), n.Replaced)
		}
	}
	d, err := h.Doubled()
	if err != nil || d.Episodes == 0 {
		return err
	}
	books.Find(store.Refuse, "K003", 0, "", "", fmt.Sprintf("%d episodes of this import are surgeries that import %d (%s) brought under other keys, and would count twice: "+
		"import into another --db, or take that import back first with \"bundlelab import undo %d\"", d.Episodes, d.Batch, d.Format, d.Batch))
	return nil
}
