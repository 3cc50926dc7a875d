// Package trigger knows which billing codes open a TEAM episode on a date, and
// which price cell each code is pooled into (42 CFR 512.525(d), 512.540;
// ruling 51).
//
// Five spinal fusion MS-DRGs ended with fiscal year 2024. They still open
// episodes of the baseline years; each is priced in the current cell nearest
// to it by approach and severity: 453, 454 and 455 (front and back combined,
// three severities) in 426, 427 and 428; 459 and 460 (one approach, with and
// without major complications) in 450 and 451. Which single- and multi-level
// cases those codes would have become cannot be known from the code; the
// mapping is evidence "assumed". MS-DRGs 523 to 525 open fusion episodes from
// 1 October 2026, evidence "secondary".
package trigger

import (
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
)

//go:embed triggers.csv
var builtin string

// Kind is the code system of a trigger.
type Kind string

// The kinds: an inpatient stay is triggered by its MS-DRG, an outpatient
// procedure by its HCPCS code.
const (
	DRG   Kind = "DRG"
	HCPCS Kind = "HCPCS"
)

// Trigger is one code and the fiscal years it opens episodes in.
type Trigger struct {
	Category episode.Category
	Kind     Kind
	Code     string
	Cell     string // pooled MS-DRG
	FromFY   int    // first federal fiscal year; 0 without a start
	ToFY     int    // last federal fiscal year; 0 without an end
}

// Table is a list of triggers.
type Table struct{ codes map[Kind]map[string][]Trigger }

// Builtin is the list that ships with the program.
func Builtin() (*Table, error) {
	t := &Table{codes: map[Kind]map[string][]Trigger{DRG: {}, HCPCS: {}}}
	if err := t.Extend(strings.NewReader(builtin)); err != nil {
		return nil, fmt.Errorf("built-in trigger list: %w", err)
	}
	return t, nil
}

// columns are those of a list of triggers, in this order.
const columns = "category,code_type,code,valid_from_fy,valid_to_fy,cell"

// Extend adds triggers from a CSV of the columns category, code_type (DRG or
// HCPCS), code, valid_from_fy, valid_to_fy, cell; a blank cell is the code
// itself. Users add codes this way (ruling 51). A code that the table has for a
// year already keeps its old meaning in that year. Errors name the line.
func (t *Table) Extend(in io.Reader) error {
	rows := csv.NewReader(in)
	rows.FieldsPerRecord = 6
	head, err := rows.Read()
	if err != nil {
		return fmt.Errorf("reading the header: %w", err)
	}
	if strings.TrimPrefix(strings.ToLower(strings.Join(head, ",")), "\ufeff") != columns {
		return fmt.Errorf("line 1: the columns are %s", columns)
	}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		line, _ := rows.FieldPos(0)
		g, err := parse(row)
		if err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
		t.codes[g.Kind][g.Code] = append(t.codes[g.Kind][g.Code], g)
	}
}

func parse(row []string) (Trigger, error) {
	g := Trigger{Kind: Kind(row[1]), Code: row[2], Cell: row[5]}
	var err error
	if g.Category, err = episode.ParseCategory(row[0]); err != nil {
		return g, err
	}
	if g.Kind != DRG && g.Kind != HCPCS {
		return g, errors.New("code_type is DRG or HCPCS")
	}
	if !isCode(g.Code) {
		return g, errors.New("a code is three to seven digits or capital letters")
	}
	for i, year := range []*int{&g.FromFY, &g.ToFY} {
		if row[3+i] == "" {
			continue
		}
		if *year, err = strconv.Atoi(row[3+i]); err != nil || *year < 2000 || *year > 2100 {
			return g, errors.New("a fiscal year is four digits or blank")
		}
	}
	if g.ToFY != 0 && g.ToFY < g.FromFY {
		return g, errors.New("the last fiscal year is before the first")
	}
	if g.Cell == "" {
		g.Cell = g.Code
	}
	if !isCode(g.Cell) {
		return g, errors.New("a price cell is three to seven digits or capital letters")
	}
	return g, nil
}

func isCode(s string) bool {
	return len(s) >= 3 && len(s) <= 7 && strings.Trim(s, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// Find is the trigger a code is on the day the anchor ends; false when it is
// none on that day.
func (t *Table) Find(kind Kind, code string, anchorEnd calendar.Day) (Trigger, bool) {
	fy := anchorEnd.FiscalYear()
	for _, g := range t.codes[kind][code] {
		if g.FromFY <= fy && (g.ToFY == 0 || fy <= g.ToFY) {
			return g, true
		}
	}
	return Trigger{}, false
}

// Ever says that a code is a trigger in some year.
func (t *Table) Ever(kind Kind, code string) bool { return len(t.codes[kind][code]) > 0 }

// NormalDRG writes an MS-DRG as three digits: "0470" and "70" become "470" and
// "070".
func NormalDRG(s string) string {
	s = strings.TrimLeft(strings.TrimSpace(s), "0")
	if s == "" {
		return ""
	}
	return strings.Repeat("0", max(0, 3-len(s))) + s
}

// Fracture says whether a trigger's own words are hip replacement for a hip
// fracture: MS-DRGs 521 and 522. Others say nothing of fractures.
func Fracture(code string) bool { return code == "521" || code == "522" }
