package policy

import "bundlelab/engine/spell"

// nearest proposes a known word inside an error: " (did you mean x?)", or ""
// when none is close.
func nearest(word string, known []string) string {
	if best := spell.Nearest(word, known); best != "" {
		return " (did you mean " + best + "?)"
	}
	return ""
}
