package exclusion

import "bundlelab/engine/episode"

// Size is the number of codes on the list behind a reason.
func (l *Lists) Size(why episode.Exclusion) int {
	n := 0
	for _, list := range []map[string]episode.Exclusion{l.drg, l.hcpcs} {
		for _, w := range list {
			if w&why != 0 {
				n++
			}
		}
	}
	return n
}
