package synpuf

import (
	"strings"

	"bundlelab/data/ingest/claim"
	"bundlelab/data/ingest/trigger"
	"bundlelab/engine/episode"
)

// find is the trigger an event is: the first ICD-9 procedure of a stay that
// names a category, or an outpatient HCPCS code.
func (im *importer) find(v *claim.Event) (trigger.Trigger, bool) {
	if v.Kind == claim.Outpatient {
		return im.run.Triggers.Find(trigger.HCPCS, v.HCPCS, v.From)
	}
	if v.Kind != claim.Inpatient {
		return trigger.Trigger{}, false
	}
	for _, code := range v.Procedures {
		if c, ok := category(code); ok {
			return trigger.Trigger{Category: c, Kind: "ICD9", Code: code, Cell: standIn(c)}, true
		}
	}
	return trigger.Trigger{}, false
}

// category reads an ICD-9 procedure without its dot. Revisions (81.53, 81.55)
// and rectal resections (48.x) group to other MS-DRGs; 45.89 in these files is
// a diagnosis that strayed.
func category(code string) (episode.Category, bool) {
	switch code {
	case "8151", "8152", "8154":
		return episode.LEJR, true
	case "7855", "7915", "7935":
		return episode.SHFFT, true
	case "4581", "4582", "4583":
		return episode.Bowel, true
	}
	if len(code) < 3 {
		return 0, false
	}
	switch {
	case strings.HasPrefix(code, "361"):
		return episode.CABG, true
	case strings.HasPrefix(code, "810"):
		return episode.Fusion, true
	case strings.HasPrefix(code, "173"), strings.HasPrefix(code, "457"):
		return episode.Bowel, true
	}
	return 0, false
}

// standIn is the price cell every episode of a category gets, its most usual
// one: DE-SynPUF cannot say which. Evidence assumed, for tests only.
func standIn(c episode.Category) string {
	return map[episode.Category]string{
		episode.LEJR: "470", episode.SHFFT: "481", episode.CABG: "236", episode.Fusion: "451", episode.Bowel: "330",
	}[c]
}
