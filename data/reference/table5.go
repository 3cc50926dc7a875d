package reference

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"bundlelab/data/store"
)

// layout is where the columns of a Table 5 stand.
type layout struct{ code, mdc, kind, weight, geometric, arithmetic int }

// table5Header reads a row as the header of Table 5. CMS words it a little
// differently each year; the weight after the cap on its fall is the one in
// force, where there are two.
func table5Header(r row) (layout, bool) {
	l := layout{-1, -1, -1, -1, -1, -1}
	capped := false
	for i, n := range columns(r) {
		switch {
		case (n == "ms-drg" || n == "msdrg" || n == "drg") && l.code < 0:
			l.code = i
		case n == "mdc":
			l.mdc = i
		case n == "type":
			l.kind = i
		case strings.Contains(n, "geometric") && l.geometric < 0:
			l.geometric = i
		case strings.Contains(n, "arithmetic") && l.arithmetic < 0:
			l.arithmetic = i
		case strings.Contains(n, "weight"):
			after := strings.Contains(n, "after") || strings.Contains(n, "final") && !strings.Contains(n, "before")
			if l.weight < 0 || after && !capped {
				l.weight, capped = i, after
			}
		}
	}
	return l, l.code >= 0 && l.mdc >= 0 && l.weight >= 0 && l.geometric >= 0 && l.arithmetic >= 0
}

func table5Head(rows []row) (int, layout, bool) {
	for i := range rows[:min(len(rows), 40)] {
		if l, ok := table5Header(rows[i]); ok {
			return i, l, true
		}
	}
	return 0, layout{}, false
}

// Table5 reads CMS's IPPS Table 5, the list of MS-DRGs with their weights and
// mean stays (42 CFR 412.60), as CSV, tab-delimited text or XLSX. Title rows
// before the header and footnotes after the rows are passed over. fy is the
// fiscal year; 0 takes it from the title, and a title that speaks of other years
// only is an error. Errors are *FileError or of reading.
func Table5(in io.Reader, fy int) ([]store.DRG, error) {
	rows, err := read(in, func(rows []row) bool { _, _, ok := table5Head(rows); return ok })
	if err != nil {
		return nil, err
	}
	head, l, ok := table5Head(rows)
	if !ok {
		return nil, &FileError{Why: "no row has the columns of IPPS Table 5: MS-DRG, MDC, Weights, Geometric mean LOS and Arithmetic mean LOS"}
	}
	if fy, err = yearOf(rows, head, fy); err != nil {
		return nil, err
	}
	var all []store.DRG
	seen := map[string]bool{}
	for _, r := range rows[head+1:] {
		code := r.cell(l.code)
		if !isDRG(code) {
			continue // a blank row or a footnote
		}
		d, err := l.drg(r)
		if err != nil {
			return nil, err
		}
		if d.FY = fy; seen[d.Code] {
			return nil, &FileError{Line: r.line, Column: "MS-DRG", Why: "MS-DRG " + d.Code + " came before"}
		}
		seen[d.Code] = true
		all = append(all, d)
	}
	if len(all) == 0 {
		return nil, &FileError{Why: "Table 5 has a header but no row of an MS-DRG"}
	}
	return all, nil
}

// isDRG says that a cell holds one to three digits. A workbook may hold the
// number without its zeros.
func isDRG(s string) bool {
	return s != "" && len(s) <= 3 && strings.Trim(s, "0123456789") == "" && strings.Trim(s, "0") != ""
}

func (l layout) drg(r row) (d store.DRG, err error) {
	n, _ := strconv.Atoi(r.cell(l.code))
	d.Code = fmt.Sprintf("%03d", n)
	d.MDC = strings.ToUpper(r.cell(l.mdc))
	if len(d.MDC) == 1 && d.MDC >= "1" && d.MDC <= "9" {
		d.MDC = "0" + d.MDC
	}
	two := len(d.MDC) == 2 && strings.Trim(d.MDC, "0123456789") == "" && d.MDC <= "25"
	switch {
	case d.MDC == "", d.MDC == "PRE", two:
	case strings.Trim(d.MDC, "*-. ") == "":
		d.MDC = ""
	default:
		return d, &FileError{Line: r.line, Column: "MDC", Why: "a major diagnostic category is PRE, 00 to 25 or blank"}
	}
	if k := strings.ToUpper(r.cell(l.kind)); k == "MED" || k == "SURG" {
		d.Kind = k
	}
	if d.Weight, err = scaled(r, l.weight, "Weights", 4, 1000); err != nil {
		return d, err
	}
	geo, err := scaled(r, l.geometric, "Geometric mean LOS", 2, 366)
	if err != nil {
		return d, err
	}
	mean, err := scaled(r, l.arithmetic, "Arithmetic mean LOS", 2, 366)
	d.GMLOS, d.AMLOS = int32(geo), int32(mean)
	return d, err
}

// scaled reads a decimal as a whole number of 10^-places, rounded half up; what
// stands for nothing is 0.
func scaled(r row, i int, column string, places int, most int64) (int64, error) {
	s := strings.ReplaceAll(strings.TrimRight(r.cell(i), "* "), ",", "")
	if strings.Trim(s, ".-") == "" {
		return 0, nil
	}
	whole, part, _ := strings.Cut(s, ".")
	bad := &FileError{Line: r.line, Column: column, Why: fmt.Sprintf("a number from 0 to %d with a decimal point is needed", most)}
	if whole == "" {
		whole = "0"
	}
	if strings.Trim(whole+part, "0123456789") != "" || len(whole) > 6 {
		return 0, bad
	}
	part += strings.Repeat("0", places+1)
	n, err := strconv.ParseInt(whole+part[:places], 10, 64)
	if err != nil {
		return 0, bad
	}
	if part[places] >= '5' {
		n++
	}
	limit := most
	for range places {
		limit *= 10
	}
	if n > limit {
		return 0, bad
	}
	return n, nil
}

// yearOf is the fiscal year of a table whose header is the row head: the one
// asked for, or where that is 0 the one its title or header speaks of.
func yearOf(rows []row, head, asked int) (int, error) {
	if asked == 0 {
		found := titledYears(rows[:head+1])
		if len(found) != 1 {
			return 0, &FileError{Why: "the title does not say of which fiscal year the table is: add --fy"}
		}
		return found[0], nil
	}
	// The header may compare with older years, so only the title objects.
	if found := titledYears(rows[:head]); len(found) > 0 && !slices.Contains(found, asked) {
		return 0, &FileError{Line: rows[0].line, Why: fmt.Sprintf("the title says fiscal year %d and --fy says %d: leave --fy out, or take the table of that year", found[0], asked)}
	}
	return asked, nil
}

// titledYears are the fiscal years that the first row with any speaks of, in
// order.
func titledYears(rows []row) []int {
	year := regexp.MustCompile(`(?i)\bF(?:Y|ISCAL\s+YEAR)\s*(20\d\d)\b`)
	var found []int
	for _, r := range rows {
		for _, c := range r.cells {
			for _, m := range year.FindAllStringSubmatch(c, -1) {
				y, _ := strconv.Atoi(m[1])
				found = append(found, y)
			}
		}
		if len(found) > 0 {
			break // the title comes first; the header's years are the same or older
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}
