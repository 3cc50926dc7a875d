package claim

import "bundlelab/engine/calendar"

// Visit is a home health visit.
type Visit struct {
	Day   calendar.Day
	Count int32
}

// IsVisit says that a revenue code is a home health visit: therapy (042x to
// 044x), nursing, social work and aides (055x to 057x), one visit a line. A code
// may have lost its leading zero.
func IsVisit(code string) bool {
	if len(code) == 3 {
		code = "0" + code
	}
	if len(code) != 4 {
		return false
	}
	switch code[:3] {
	case "042", "043", "044", "055", "056", "057":
		return true
	}
	return false
}

// Billable puts the first and the last visit of a home health period in the
// place of the bill's days: the period is split by the days from one to the
// other (42 CFR 512.555(b)(2)). A visit outside of the bill's days is not
// believed, nor are several that are all on its first day: a feed without days
// of lines repeats the bill's. A bill without a visit keeps its days.
func (v *Event) Billable() {
	if v.Kind != HHA {
		return
	}
	first, last, found := v.To, v.From, 0
	for _, x := range v.Visits {
		if x.Day >= v.From && x.Day <= v.To {
			first, last, found = min(first, x.Day), max(last, x.Day), found+1
		}
	}
	if found == 1 || found > 1 && last > v.From {
		v.From, v.To = first, last
	}
}
