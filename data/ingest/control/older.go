package control

import (
	"fmt"

	"bundlelab/data/store"
)

// Older says why a price row must not take the place of the one of equal key
// that the database has: it was stated earlier. "" when it may, as where one of
// the two does not say when it was stated.
func (r *Run) Older(p *store.PriceRow) (why string) {
	if r.Held == nil || p.AsOf == 0 {
		return ""
	}
	held := r.Held(p)
	if held <= p.AsOf {
		return ""
	}
	return fmt.Sprintf("older (as of %s) than what is stored (as of %s): the stored row stays; to go back, take the newer one's import back with \"bundlelab import undo\"", p.AsOf, held)
}
