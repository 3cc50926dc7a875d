package bpcia

import (
	"strings"

	"bundlelab/data/ingest/group"
	"bundlelab/data/ingest/record"
	"bundlelab/data/store"
	"bundlelab/engine/panel"
)

// dropFlag is a reason for which the feed itself does not count an episode,
// with what it means here and in words.
type dropFlag struct {
	field string
	bits  uint32
	words string
}

// dropFlags are the reasons a feed may state.
func dropFlags() []dropFlag {
	return []dropFlag{
		{"drop_not_ab", group.DropNotAB, "not in Part A and Part B without Part C throughout"},
		{"drop_no_enrolment", group.DropNoEnrolment, "no enrolment is known"},
		{"drop_esrd", group.DropESRD, "entitled because of kidney disease"},
		{"drop_secondary", group.DropSecondary, "another payer came first"},
		{"drop_long_stay", group.DropLongStay, "the anchor stay is longer than 59 days"},
		{"drop_cah_cancer", group.DropTransferOut, "a transfer with a critical access or cancer hospital"},
		{"drop_non_acute", group.DropFeed, "not an acute hospital"},
		{"drop_state", group.DropFeed, "the hospital's state is left out"},
		{"drop_j1", group.DropFeed, "not the procedure paid most on its claim"},
		{"drop_cjr", group.DropFeed, "a CJR episode"},
		{"drop_demo", group.DropFeed, "the hospital is in the rural community hospital demonstration"},
		{"drop_rural", group.DropFeed, "the hospital is in the Pennsylvania rural health model"},
		{"drop_cjr_overlap", group.DropFeed, "overlaps a CJR episode"},
		{"drop_overlap", group.DropFeed, "overlaps another episode"},
	}
}

// dropFields are the fields of the flags and of their sum.
func dropFields() []string {
	names := []string{"drop_episode"}
	for _, f := range dropFlags() {
		names = append(names, f.field)
	}
	return names
}

// flags marks an episode that the feed does not count (E001). It is kept, and
// the engine leaves it out as far as the reason does.
func (im *importer) flags(rows *record.Rows, e *store.Episode) {
	var bits uint32
	var why []string
	for _, f := range dropFlags() {
		if yes(rows, f.field) == panel.Yes {
			bits |= f.bits
			why = append(why, f.words)
		}
	}
	if yes(rows, "drop_episode") == panel.Yes && bits == 0 {
		bits, why = group.DropFeed, []string{"the feed does not say why"}
	}
	if bits == 0 {
		return
	}
	group.Flag(e, bits)
	im.dropped++
	if bits&group.NotEligible != 0 {
		im.cancelled++
	}
	rows.Info("E001", "drop_episode", "the feed does not count the episode: "+strings.Join(why, "; "))
}
