package cclf

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
)

// layoutText holds the positions of the columns that are read, of CCLF version
// 36 (CMS, Claim and Claim Line Feed File Information Packet), counted from 1;
// the row without a column is the length of the record.
//
//go:embed layout.csv
var layoutText string

// code names one of the files: "0" to "9", "A" and "B".
type code string

// The files.
const (
	statistics  code = "0"
	partA       code = "1"
	revenue     code = "2"
	procedures  code = "3"
	diagnoses   code = "4"
	physicians  code = "5"
	equipment   code = "6"
	drugs       code = "7"
	people      code = "8"
	numbers     code = "9"
	partAExtra  code = "A"
	partBExtra  code = "B"
	unknownCode code = ""
)

// role is what the books call a file.
func (c code) role() string {
	switch c {
	case statistics:
		return "statistics"
	case partA:
		return "part_a"
	case revenue:
		return "revenue"
	case procedures:
		return "procedures"
	case diagnoses:
		return "diagnoses"
	case physicians:
		return "carrier"
	case equipment:
		return "dme"
	case drugs:
		return "part_d"
	case people:
		return "beneficiaries"
	case numbers:
		return "cross_reference"
	case partAExtra:
		return "part_a_extra"
	case partBExtra:
		return "part_b_extra"
	case unknownCode:
	}
	return "claims"
}

// place is where a column stands in a record, from 0 and past its end.
type place struct {
	from, to int
	required bool // in a file with a header
}

// layout is one file's form.
type layout struct {
	code    code
	length  int // bytes of a record
	columns []string
	places  map[string]place
}

// layouts reads the positions that ship with the program.
func layouts() (map[code]*layout, error) {
	rows, err := csv.NewReader(strings.NewReader(layoutText)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("built-in CCLF layout: %w", err)
	}
	all := map[code]*layout{}
	for _, row := range rows[1:] {
		c := code(row[0])
		from, err1 := strconv.Atoi(row[2])
		to, err2 := strconv.Atoi(row[3])
		if err1 != nil || err2 != nil || from < 1 || to < from {
			return nil, fmt.Errorf("built-in CCLF layout: positions of %s in CCLF%s", row[1], c)
		}
		if all[c] == nil {
			all[c] = &layout{code: c, places: map[string]place{}}
		}
		if row[1] == "" {
			all[c].length = to
			continue
		}
		all[c].columns = append(all[c].columns, row[1])
		all[c].places[row[1]] = place{from - 1, to, row[4] == "1"}
	}
	return all, nil
}

// ofLength names the file whose records have a length; "" when none has.
func ofLength(all map[code]*layout, length int) code {
	for c, l := range all {
		if l.length == length {
			return c
		}
	}
	return unknownCode
}
