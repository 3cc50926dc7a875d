package bpcia

import (
	"slices"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/store"
)

// once books the rows of the episode and rejects the second of one kind, claim
// and line (K001). A negative row comes off the row of its kind, claim and line,
// in whichever order the two are; without one that is as large it is rejected
// (A002). A row that is taken back whole was no care and is left out.
func (r *ready) once() {
	first := make(map[string]int, len(r.lines))
	kept := r.lines[:0]
	var negative []line
	for _, l := range r.lines {
		l.Claim = l.Kind.String() + "/" + l.Claim // numbers of claims may repeat from kind to kind
		if below(l.Event) {
			negative = append(negative, l)
			continue
		}
		if _, twice := first[l.key()]; twice {
			l.reject("K001", "a row of this episode, claim and line came before; the first row is kept")
			continue
		}
		first[l.key()] = len(kept)
		l.Books.Loads(1, l.Allowed)
		kept = append(kept, l)
	}
	taken := map[string]bool{}
	for _, l := range negative {
		i, ok := first[l.key()]
		switch {
		case taken[l.key()]:
			l.reject("K001", "a negative row of this episode, claim and line came before; the first row is kept")
		case !ok || !kept[i].take(l):
			l.reject("A002", "the amount is negative and the files have no row of this claim and line that it could be taken off")
		default:
			taken[l.key()] = true
			l.Books.Loads(1, l.Allowed)
		}
	}
	r.lines = slices.DeleteFunc(kept, func(l line) bool { return taken[l.key()] && l.Allowed == 0 && l.Amount() == 0 })
}

// key tells the rows of an episode apart.
func (l *line) key() string { return l.Claim + "/" + l.Line }

// reject books a row that is not taken.
func (l *line) reject(code, why string) {
	l.Books.Find(store.Reject, code, l.At, "", "", why)
	l.Books.Rejects(1, l.Allowed)
}

// below says that a row takes something back.
func below(v *claim.Event) bool { return v.Allowed < 0 || v.Amount() < 0 }

// take takes a negative row off; false, and nothing changes, when it would
// leave less than nothing.
func (l *line) take(back line) bool {
	raw, std := l.Allowed+back.Allowed, l.Amount()+back.Amount()
	if back.Allowed > 0 || back.Amount() > 0 || raw < 0 {
		return false
	}
	switch {
	case l.Std == nil:
	case back.Allowed < 0 && raw == 0: // the whole is gone
		l.Std = nil
	case std < 0:
		return false
	default:
		l.Std = &std
	}
	l.Allowed = raw
	l.Outlier = max(0, min(l.Outlier+back.Outlier, raw))
	l.part, l.states = l.part+back.part, l.states && back.states
	return true
}
