package group

import (
	"fmt"
	"slices"
	"strings"

	"bundlelab/data/ingest/claim"
	"bundlelab/engine/calendar"
)

// Claims arrive months after the care: the last months of an extract look
// cheaper than they were.
const (
	recent    = 4   // months looked at
	usual     = 12  // months before them that say what is usual
	enough    = 30  // bills of a usual month that make a share worth saying
	complete  = 90  // percent of a usual month that counts as complete
	maturing  = 3   // months after which most claims have come (assumed)
	monthDays = 30  // of a month, for people
	whole     = 100 // percent
)

// maturity says how complete the last months of the claims look, by how many
// bills each has beside a usual month before; "" when there is too little to
// tell and the data are old enough. All of it is assumed: a month may be light
// for other reasons.
func maturity(events []*claim.Event, today calendar.Day) string {
	if len(events) == 0 {
		return ""
	}
	count := map[int]int{}
	last := events[0].From
	for _, v := range events {
		count[claim.Month(v.From)]++
		last = max(last, v.From)
	}
	end := claim.Month(last)
	var before []int
	for m := end - recent - usual + 1; m <= end-recent; m++ {
		if count[m] > 0 {
			before = append(before, count[m])
		}
	}
	var months []string
	light := ""
	if slices.Sort(before); len(before) >= 6 && before[len(before)/2] >= enough {
		for m := end - recent + 1; m <= end; m++ {
			share := whole * count[m] / before[len(before)/2]
			months = append(months, fmt.Sprintf("%s %d%%", claim.MonthEnd(m).String()[:7], share))
			switch {
			case share >= complete:
				light = "" // what comes after is complete, so a lighter month before is chance
			case light == "":
				light = claim.MonthEnd(m).String()[:7]
			}
		}
	}
	age := int(today-last) / monthDays
	switch {
	case light != "":
		return fmt.Sprintf("claims maturity (assumed): bills that begin in the last months, beside a usual month: %s; from %s on claims may be missing, and episodes that reach into that time look cheaper than they will be", strings.Join(months, ", "), light)
	case age < maturing:
		return fmt.Sprintf("claims maturity (assumed): the last claim is of %s, %d months ago: claims of the last %d months may still be missing, and episodes that reach into that time look cheaper than they will be", last, age, maturing)
	}
	return ""
}
