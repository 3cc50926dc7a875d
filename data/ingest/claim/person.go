package claim

import (
	"strings"
	"time"

	"bundlelab/engine/calendar"
	"bundlelab/engine/panel"
)

// Cover is what one month's enrolment says.
type Cover struct {
	AB   bool // Part A and Part B
	MA   bool // Medicare Advantage
	Dual string
	LIS  string
}

// Month numbers the month of a day from year 0, to count over year ends.
func Month(d calendar.Day) int {
	t := civil(d)
	return t.Year()*12 + int(t.Month()) - 1
}

// MonthEnd is the last day of a month so numbered.
func MonthEnd(month int) calendar.Day {
	return calendar.Date(month/12, time.Month(month%12+2), 1) - 1
}

func civil(d calendar.Day) time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// Person is what the beneficiary files say.
type Person struct {
	Birth, Death *calendar.Day // nil unknown, or alive
	Sex          string        // M, F or ""
	ESRD         bool          // entitled because of kidney disease
	Disabled     panel.Known   // Medicare began because of disability
	Months       map[int]Cover
}

// AgeOn is the age in whole years; false when the birth is unknown.
func (p *Person) AgeOn(d calendar.Day) (int, bool) {
	if p == nil || p.Birth == nil || d < *p.Birth {
		return 0, false
	}
	birth, then := civil(*p.Birth), civil(d)
	years := then.Year() - birth.Year()
	if birthday := birth.AddDate(years, 0, 0); birthday.After(then) {
		years--
	}
	return years, true
}

// Add puts what another row says of the person over what was known; a blank
// fact leaves it. Months are not touched.
func (p *Person) Add(row Person) {
	if row.Sex != "" {
		p.Sex = row.Sex
	}
	if row.Birth != nil {
		p.Birth = row.Birth
	}
	if row.Death != nil {
		p.Death = row.Death
	}
	if row.Disabled != panel.Unknown {
		p.Disabled = row.Disabled
	}
	p.ESRD = p.ESRD || row.ESRD
}

// People are the persons that beneficiary files describe, by identifier.
type People map[string]*Person

// Add takes a row about a person, known or new, and gives the person.
func (all People) Add(id string, row Person) *Person {
	k := all[id]
	if k == nil {
		k = &Person{Months: map[int]Cover{}}
		all[id] = k
	}
	k.Add(row)
	return k
}

// Sex reads a sex as CMS codes it (1, 2) or in letters; "" for anything else.
func Sex(code string) string {
	switch strings.ToUpper(code) {
	case "1", "M", "MALE":
		return "M"
	case "2", "F", "FEMALE":
		return "F"
	}
	return ""
}

// DisabledBy reads CMS's code of the original reason for entitlement: 0 age, 1
// disability, 2 kidney disease, 3 both of the last.
func DisabledBy(reason string) panel.Known {
	switch reason {
	case "1", "3":
		return panel.Yes
	case "0", "2":
		return panel.No
	}
	return panel.Unknown
}

// TwoDigits gives a two-digit code the zero back that it lost when something
// took it for a number.
func TwoDigits(code string) string {
	if len(code) == 1 && code[0] >= '0' && code[0] <= '9' {
		return "0" + code
	}
	return code
}

// KidneyStatus says that a Medicare status code is of a person entitled, being
// disabled or neither old nor disabled, with kidney disease. One entitled by
// age who has it (11) is not meant.
func KidneyStatus(code string) bool { return code == "21" || code == "31" }

// OtherForm is what is said of a number that NumberForm does not know (C006).
const OtherForm = "not written as Medicare's numbers are: eleven characters, the first a digit from 1, without the letters S, L, O, I, B and Z"

// NumberForm says whether a text is written as Medicare's numbers are, and
// whether it is one that was made up: those have an S in second place, a letter
// no real one uses (CMS, MBI format; data.md 6.3 C006).
func NumberForm(number string) (ok, made bool) {
	const shape = "1AN9AN9AA99" // 1: no zero; A: letter; N: letter or digit; 9: digit
	if len(number) != len(shape) {
		return false, false
	}
	for i := range len(shape) {
		c := number[i]
		digit := c >= '0' && c <= '9'
		letter := c >= 'A' && c <= 'Z' && strings.IndexByte("SLOIBZ", c) < 0
		if i == 1 && c == 'S' {
			letter, made = true, true
		}
		fits := digit
		switch shape[i] {
		case '1':
			fits = digit && c != '0'
		case 'A':
			fits = letter
		case 'N':
			fits = digit || letter
		}
		if !fits {
			return false, false
		}
	}
	return true, made
}
