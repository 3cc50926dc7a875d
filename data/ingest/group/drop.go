package group

import (
	"bundlelab/data/ingest/claim"
	"bundlelab/data/store"
)

// Reasons to look at an episode twice, the bits of store.Episode.DropFlags
// (data.md 6.3 D003, K003, E001). Those of NotEligible cancel the episode; the
// others are for a person to judge.
const (
	DropLongStay    uint32 = 1 << iota // anchor stay of more than 60 days
	DropOverlap                        // within 90 days of an earlier episode
	DropNotAB                          // not in Part A and B when the anchor starts
	DropMA                             // in managed care when the anchor starts
	DropESRD                           // entitled because of kidney disease
	DropSecondary                      // Medicare was not the primary payer of the anchor
	DropTransferOut                    // a leg of the transfer chain was at a critical access or cancer hospital
	DropPayerAfter                     // another payer came first for care after the anchor
	DropNoEnrolment                    // the feed knows nothing of the person's enrolment
	DropFeed                           // the feed itself does not count the episode
)

// NotEligible are the reasons that keep a patient out of every episode: the
// criteria of 42 CFR 512.535(a), which must hold upon admission.
const NotEligible = DropNotAB | DropMA | DropESRD | DropSecondary

// Flag marks an episode. One whose patient was not eligible upon admission
// loses its eligibility on the day before the anchor, so that every projection
// counts it as cancelled, at any length (42 CFR 512.535(b), 512.537(b)(1);
// ruling 14). It stays in the database with its reasons, as E001 asks.
func Flag(e *store.Episode, reasons uint32) {
	e.DropFlags |= reasons
	if e.DropFlags&NotEligible != 0 {
		before := e.Start - 1
		e.EligEnd = &before
	}
}

// tell books the reasons at the line that opened the episode (E001).
func tell(v *claim.Event, flags uint32) {
	if v == nil {
		return
	}
	for _, r := range []struct {
		bit  uint32
		text string
	}{
		{DropNotAB, "the person was not in Part A and Part B when the anchor started"},
		{DropMA, "the person was in Medicare Advantage when the anchor started"},
		{DropESRD, "the person is entitled because of kidney disease"},
		{DropSecondary, "Medicare was not the primary payer of the anchor"},
		{DropPayerAfter, "another payer came before Medicare for care after the anchor: that care counts for nothing"},
		{DropTransferOut, "a leg of the transfer chain was at a critical access or cancer hospital"},
	} {
		if flags&r.bit == 0 {
			continue
		}
		if r.bit&NotEligible != 0 {
			r.text += ": the episode is cancelled (42 CFR 512.535, 512.537(b))"
		}
		v.Books.Find(store.Info, "E001", v.At, "", "", r.text)
	}
}
