package bpcia

import (
	"strings"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/profile"
	"bundlelab/data/ingest/record"
)

// person is the identifier a person is known by: the Medicare number, else
// CMS's own key. It stays in memory.
func (im *importer) person(rows *record.Rows, b *profile.Binding) string {
	id := strings.ToUpper(strings.ReplaceAll(rows.Text("mbi"), "-", ""))
	if id != "" {
		switch form, synthetic := claim.NumberForm(id); {
		case !form:
			rows.Warn("C006", "mbi", claim.OtherForm)
		case synthetic:
			rows.Warn("C006", "mbi", "a Medicare number with S in its second place is made up: the data are synthetic")
		}
		return id
	}
	if b.Has("bene") {
		if id = rows.Text("bene"); id != "" {
			return id
		}
	}
	rows.Reject("V001", "mbi", "the row names no person: neither a Medicare number nor CMS's own key")
	return ""
}
