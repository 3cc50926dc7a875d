package workbook

import (
	"errors"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"bundlelab/data/ingest/field"
	"bundlelab/engine/calendar"
	"bundlelab/engine/money"
)

// Why a cell was refused.
var (
	errDivision = errors.New("not a census division: 1 to 9, or its name")
	errPercent  = errors.New("a percentage where dollars belong")
	errCell     = errors.New("not an MS-DRG of three digits (with an F after it for a fracture)")
	errWords    = errors.New("a description after the MS-DRG: if it is right, put cell_form = \"code - words\" under [file.constants] of the profile")
)

// regions are the census divisions in their order, as their letters.
func regions() []string {
	return []string{"newengland", "middleatlantic", "eastnorthcentral", "westnorthcentral", "southatlantic", "eastsouthcentral", "westsouthcentral", "mountain", "pacific"}
}

// divisionOf reads a division: a number, a name, or both where they agree; 0
// for anything else.
func divisionOf(s string) int {
	number, named := 0, 0
	letters := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, strings.ToLower(s))
	for _, word := range []string{"censusdivision", "censusregion", "division", "region"} {
		letters = strings.ReplaceAll(letters, word, "")
	}
	if letters == "midatlantic" {
		letters = "middleatlantic"
	}
	for i, name := range regions() {
		if letters == name {
			named = i + 1
		}
	}
	digits := strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if len(digits) == 1 {
		number, _ = strconv.Atoi(digits[0])
	}
	switch {
	case len(digits) > 1, letters != "" && named == 0, number > divisions, named != 0 && number != 0 && named != number:
		return 0
	case named != 0:
		return named
	}
	return number
}

// nothing says that a cell is a sign for no value, as tables write for what is
// suppressed.
func nothing(s string) bool {
	switch strings.ToLower(s) {
	case "", "-", "--", "*", "n/a", "na", "null", "–", "—":
		return true
	}
	return false
}

// dollars reads an amount as people and spreadsheets write it: $23,456.00,
// (12.50) for less than zero, 23456.7 for an Excel number. Past the cents a
// number of a workbook is rounded half away from zero, which rounded tells;
// text has at most two decimals.
func dollars(s string, number bool) (c money.Cents, rounded bool, err error) {
	if strings.HasSuffix(s, "%") {
		return 0, false, errPercent
	}
	if inner, ok := strings.CutPrefix(s, "("); ok && strings.HasSuffix(inner, ")") {
		s = "-" + strings.TrimSuffix(inner, ")")
	}
	sign := ""
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		sign, s = "-", strings.TrimSpace(rest)
	}
	s = strings.TrimSpace(strings.TrimPrefix(s, "$"))
	if s, err = ungroup(s); err != nil {
		return 0, false, err
	}
	if number {
		if s, rounded, err = toCents(s); err != nil {
			return 0, false, err
		}
	}
	c, err = field.Cents(sign + s)
	return c, rounded, err
}

// ungroup takes out the commas between thousands, and no others.
func ungroup(s string) (string, error) {
	whole, frac, dotted := strings.Cut(s, ".")
	if !strings.Contains(whole, ",") {
		return s, nil
	}
	groups := strings.Split(whole, ",")
	for i, g := range groups {
		if len(g) != 3 && (i > 0 || len(g) == 0 || len(g) > 3) {
			return "", field.ErrAmount
		}
	}
	s = strings.Join(groups, "")
	if dotted {
		s += "." + frac
	}
	return s, nil
}

// toCents writes a number of a workbook, which may have an exponent, with two
// decimals.
func toCents(s string) (text string, rounded bool, err error) {
	if len(s) > 40 || strings.Trim(s, "0123456789.eE+-") != "" {
		return "", false, field.ErrAmount
	}
	d, err := decimal.NewFromString(s)
	if err != nil || d.Exponent() > 12 || d.Exponent() < -40 {
		return "", false, field.ErrAmount
	}
	cents := d.Round(2)
	// What is closer to a cent than a thousandth of one is an error of the last
	// binary digit.
	return cents.String(), d.Sub(cents).Abs().GreaterThan(decimal.New(1, -5)), nil
}

// cellOf reads a price cell: an MS-DRG, with words after it where the profile
// says so.
func cellOf(s, form string) (string, error) {
	text := strings.TrimSuffix(s, ".0")
	if i := strings.IndexFunc(text, func(r rune) bool { return r == '-' || r == '–' || r == ':' || r == ' ' }); i > 0 && drg(text[:i]) != "" {
		if form != codeAndWords {
			return "", errWords
		}
		text = text[:i]
	}
	if c := drg(strings.ToUpper(text)); c != "" {
		return c, nil
	}
	return "", errCell
}

// drg writes an MS-DRG as three digits and the letter that may follow; "" for
// what is none.
func drg(s string) string {
	digits := strings.TrimSuffix(strings.ToUpper(s), "F")
	letter := strings.ToUpper(s)[len(digits):]
	if digits == "" || len(digits) > 4 || strings.Trim(digits, "0123456789") != "" {
		return ""
	}
	digits = strings.TrimLeft(digits, "0")
	if digits == "" || len(digits) > 3 {
		return ""
	}
	return strings.Repeat("0", 3-len(digits)) + digits + letter
}

// daysOf reads a length: 30, 30 days, 30-day.
func daysOf(s string) (int, error) {
	text := strings.ToLower(strings.TrimSpace(s))
	for _, end := range []string{"days", "day"} {
		text = strings.TrimRight(strings.TrimSuffix(text, end), " -")
	}
	return field.Int(strings.TrimSuffix(text, ".0"), 0, 365)
}

// serial reads a day as Excel counts: from the end of 1899 (with the day that
// 1900 did not have), or from 1904.
func serial(s string, from1904 bool) (calendar.Day, bool) {
	s, _, _ = strings.Cut(s, ".")
	n, err := field.Int(s, 20_000, 90_000)
	if err != nil {
		return 0, false
	}
	if from1904 {
		return calendar.Date(1904, 1, 1) + calendar.Day(n), true
	}
	return calendar.Date(1899, 12, 30) + calendar.Day(n), true
}
