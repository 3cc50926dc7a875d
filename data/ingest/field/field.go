// Package field reads the cells of claim files: dates in three spellings,
// dollars, days, yes and no, visits. Its errors say what is wrong and never
// repeat the cell, which may hold anything when columns have slipped.
package field

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
	"bundlelab/engine/panel"
)

// Why a cell was refused.
var (
	ErrDate     = errors.New("not a date that exists")
	ErrAmount   = errors.New("not an amount in dollars with at most two decimals")
	ErrHuge     = errors.New("larger than $21 million")
	ErrBool     = errors.New("not 1, 0, true, false, yes or no")
	ErrNumber   = errors.New("not a whole number in the range")
	ErrDecimal  = errors.New("not a decimal number in the range")
	ErrVisits   = errors.New("not visits of the form offset:count;offset:count")
	ErrRule     = errors.New("not a rule: 0 to 4, or whole, days, gmlos, visits, always")
	ErrDecimals = errors.New("more than two decimals")
)

// A DateFormat reads one spelling of dates.
type DateFormat func(string) (calendar.Day, error)

// ISO reads 2016-02-07.
func ISO(s string) (calendar.Day, error) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return 0, ErrDate
	}
	return civil(s[:4], s[5:7], s[8:])
}

// civil is the day of three numbers in digits. It reads what calendar.Parse
// reads, without its cost: an import has two dates for every line.
func civil(year, month, day string) (calendar.Day, error) {
	y, okY := whole(year)
	m, okM := whole(month)
	d, okD := whole(day)
	if !okY || !okM || !okD || m < 1 || m > 12 || d < 1 || d > monthDays(y, m) {
		return 0, ErrDate
	}
	// Days since 1 March of year 0, whose leap day ends the year.
	if m <= 2 {
		y, m = y-1, m+12
	}
	days := 365*y + floor(y, 4) - floor(y, 100) + floor(y, 400) + (153*(m-3)+2)/5 + d - 1
	return calendar.Day(days - 719468), nil // 1970-01-01
}

func floor(a, b int) int {
	if a < 0 {
		return (a - b + 1) / b
	}
	return a / b
}

func monthDays(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// whole reads up to nine digits and nothing else.
func whole(s string) (int, bool) {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, len(s) > 0 && len(s) <= 9
}

// Compact reads 20160207, as DE-SynPUF writes it.
func Compact(s string) (calendar.Day, error) {
	if len(s) != 8 {
		return 0, ErrDate
	}
	return civil(s[:4], s[4:6], s[6:])
}

// Monthly reads 07-FEB-2016 in either case, as RIF files write it, and
// 2016-02-07 and 20160207 from newer ones.
func Monthly(s string) (calendar.Day, error) {
	if len(s) != 11 {
		if d, err := ISO(s); err == nil {
			return d, nil
		}
		return Compact(s)
	}
	month := strings.ToUpper(s[3:4]) + strings.ToLower(s[4:6])
	t, err := time.Parse("02-Jan-2006", s[:3]+month+s[6:])
	if err != nil {
		return 0, ErrDate
	}
	return calendar.Date(t.Date()), nil
}

// Null is the date that RIF files write for none: 1000-01-01.
func Null() calendar.Day { return calendar.Date(1000, time.January, 1) }

// maxAmount is $21 million (data.md 6.3 A001), which also fits 32 bits of
// cents.
const maxAmount money.Cents = 21_000_000_00

// Cents reads dollars with at most two decimals, below $21 million either way.
func Cents(s string) (money.Cents, error) {
	c, err := money.ParseCents(s)
	if err != nil {
		if whole, frac, ok := strings.Cut(s, "."); ok && len(frac) > 2 && digits(whole) && digits(frac) {
			return 0, ErrDecimals
		}
		return 0, ErrAmount
	}
	if c.Abs() > maxAmount {
		return 0, ErrHuge
	}
	return c, nil
}

func digits(s string) bool {
	return strings.Trim(s, "0123456789") == "" || strings.Trim(s, "+-0123456789") == ""
}

// Known reads 1/0, true/false, yes/no in either case; blank is unknown (ruling
// 24).
func Known(s string) (panel.Known, error) {
	switch strings.ToLower(s) {
	case "":
		return panel.Unknown, nil
	case "1", "true", "yes":
		return panel.Yes, nil
	case "0", "false", "no":
		return panel.No, nil
	}
	return panel.Unknown, ErrBool
}

// Int reads a whole number from low to high.
func Int(s string, low, high int) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < low || n > high {
		return 0, ErrNumber
	}
	return n, nil
}

// scaled reads a non-negative decimal as an integer of 10^-places, rounded
// half away from zero, up to high.
func scaled(s string, places int32, high int64) (int64, error) {
	if n, ok := whole(s); ok && places == 0 && int64(n) <= high {
		return int64(n), nil
	}
	if len(s) > 24 || strings.ContainsAny(s, "eE_") {
		return 0, ErrDecimal
	}
	d, err := decimal.NewFromString(s)
	if err != nil || d.IsNegative() {
		return 0, ErrDecimal
	}
	d = d.Shift(places).Round(0)
	if d.GreaterThan(decimal.New(high, 0)) {
		return 0, ErrDecimal
	}
	return d.IntPart(), nil
}

// maxMultiplier is a risk multiplier of 100, far above any published one.
const maxMultiplier = 100_000_000

// Millionths reads a positive risk multiplier; more than six decimals round
// half away from zero (ruling 17).
func Millionths(s string) (int64, error) {
	n, err := scaled(s, 6, maxMultiplier)
	if err == nil && n == 0 {
		err = ErrDecimal
	}
	return n, err
}

// maxStay is the longest geometric mean stay accepted, in hundredths of a day.
const maxStay = 365_00

// Hundredths reads a length of stay with up to two decimals.
func Hundredths(s string) (int32, error) {
	if _, frac, _ := strings.Cut(s, "."); len(frac) > 2 {
		return 0, ErrDecimals
	}
	n, err := scaled(s, 2, maxStay)
	return int32(n), err
}

// maxUnits is the largest count of units accepted.
const maxUnits = 1_000_000

// Units reads a count that some files write with decimals, to the nearest
// whole number.
func Units(s string) (int, error) {
	n, err := scaled(s, 0, maxUnits)
	return int(n), err
}

// maxOffset keeps offsets within sixteen bits (data.md 5).
const maxOffset = 32_767

// Visits reads "offset:count;offset:count"; offsets are days from the anchor's
// end (ruling 24).
func Visits(s string) ([]episode.Visit, error) {
	if s == "" {
		return nil, nil
	}
	var all []episode.Visit
	for _, part := range strings.Split(strings.TrimSuffix(s, ";"), ";") {
		off, n, ok := strings.Cut(strings.TrimSpace(part), ":")
		if !ok {
			return nil, ErrVisits
		}
		o, err := Int(off, -maxOffset, maxOffset)
		if err != nil {
			return nil, ErrVisits
		}
		c, err := Int(n, 0, 999)
		if err != nil {
			return nil, ErrVisits
		}
		all = append(all, episode.Visit{Offset: int32(o), Count: int32(c)})
	}
	return all, nil
}

// Rule reads a rule by number or by name.
func Rule(s string) (episode.Rule, error) {
	for r := episode.Whole; r <= episode.Always; r++ {
		if s == strconv.Itoa(int(r)) || strings.EqualFold(s, r.String()) {
			return r, nil
		}
	}
	return 0, ErrRule
}
