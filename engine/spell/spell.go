// Package spell proposes the known word a misspelt one was meant to be, for the
// errors of design files and levers.
package spell

import (
	"math"
	"strings"
)

// Nearest is the known word closest to another, "" when none is close. Words
// that begin alike are close.
func Nearest(word string, known []string) string {
	best, at := "", math.MaxInt
	if word == "" {
		return best
	}
	for _, k := range known {
		a, b := strings.ToLower(word), strings.ToLower(k)
		n := edits(a, b)
		if n > max(2, len(a)/3) && alike(a, b) < max(4, len(a)/2) {
			continue
		}
		if n < at {
			best, at = k, n
		}
	}
	return best
}

// alike counts the letters two words share at their beginning.
func alike(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// edits counts the letters to insert, delete or replace to make b of a
// (Levenshtein distance).
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
