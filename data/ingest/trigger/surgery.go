package trigger

import "bundlelab/engine/episode"

// Surgery says that a CPT code is an operation of a category: what a surgeon
// bills for the procedures its MS-DRGs stand for. The ranges are those of the
// CPT book's own sections (evidence unconfirmed); they serve only to see on
// which day the operation was done.
func Surgery(c episode.Category, hcpcs string) bool {
	if len(hcpcs) != 5 {
		return false
	}
	for _, r := range surgery(c) {
		if hcpcs >= r[0] && hcpcs <= r[1] {
			return true
		}
	}
	return false
}

// surgery lists ranges of codes, both ends included.
func surgery(c episode.Category) [][2]string {
	switch c {
	case episode.LEJR:
		return [][2]string{{"27125", "27138"}, {"27236", "27236"}, {"27437", "27447"}, {"27486", "27488"}, {"27700", "27703"}}
	case episode.SHFFT:
		return [][2]string{{"27175", "27187"}, {"27235", "27236"}, {"27244", "27248"}, {"27254", "27254"}, {"27269", "27269"}, {"27506", "27507"}, {"27511", "27514"}}
	case episode.CABG:
		return [][2]string{{"33510", "33536"}}
	case episode.Fusion:
		return [][2]string{{"22532", "22534"}, {"22548", "22634"}}
	case episode.Bowel:
		return [][2]string{{"44110", "44160"}, {"44187", "44227"}, {"45110", "45136"}, {"45395", "45402"}}
	}
	return nil
}
