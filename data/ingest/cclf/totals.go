package cclf

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"bundlelab/data/store"
)

// stated is what a delivery's statistics say of one of its files.
type stated struct {
	code  code
	group string
	count int
	in    *file // the statistics
	line  int
}

// statistics reads the control totals (CCLF0): of every file of the delivery
// the number of records and their length.
func (im *importer) statistics(ctx context.Context) error {
	for _, f := range im.of(statistics) {
		if err := im.read(ctx, f, im.statistic); err != nil {
			return err
		}
	}
	return nil
}

func (im *importer) statistic(in *input) {
	in.books.Saw(1, 0)
	name := strings.ToUpper(in.cell("File Number Label"))
	c, ok := strings.CutPrefix(name, "CCLF")
	if _, known := im.layouts[code(c)]; !ok || !known {
		in.books.Skips(1, 0) // the line of titles
		return
	}
	number := func(column string) int {
		s := in.cell(column)
		n, err := strconv.Atoi(strings.ReplaceAll(s, ",", ""))
		if err != nil || n < 0 {
			in.reject("V001", column, "not a count")
		}
		return n
	}
	s := stated{code(c), in.file.group, number("Total Records Count Label"), in.file, in.line()}
	length := number("Record Length Label")
	if in.bad {
		in.books.Rejects(1, 0)
		return
	}
	in.books.Loads(1, 0)
	if want := im.layouts[s.code].length; length != want {
		in.warn("F005", "Record Length Label", fmt.Sprintf("CCLF%s is said to have records of %d characters; version 36 has %d", c, length, want))
	}
	im.stated = append(im.stated, s)
}

// reconcile compares the records of every file with the statistics of its
// delivery. A file with another count refuses the import (F004), and so does a
// file that has records by the statistics, is needed and is not there.
func (im *importer) reconcile() {
	told := map[string]bool{}
	for _, s := range im.stated {
		told[s.group] = true
		found := false
		for _, f := range im.of(s.code) {
			if f.group != s.group || f.books == nil {
				continue
			}
			found = true
			if f.books.Refused() == nil && f.books.Read != s.count {
				f.books.Find(store.Refuse, "F004", 0, "", "", fmt.Sprintf("the file has %d records and CCLF0 of its delivery says %d", f.books.Read, s.count))
			}
		}
		if found || s.count == 0 {
			continue
		}
		s.missing()
	}
	warned := map[string]bool{}
	for _, f := range slices.Concat(im.of(partA), im.files) {
		if !told[f.group] && !warned[f.group] && !f.headed && f.books != nil && f.books.Refused() == nil {
			warned[f.group] = true
			f.books.Find(store.Warning, "F004", 0, "", "", "the folder has no CCLF0 of this file's delivery: the numbers of records could not be compared")
		}
	}
}

// missing books a file that has records by the statistics and is not there:
// without those that hold dollars or tell persons apart the import is refused.
func (s *stated) missing() {
	severity := store.Refuse
	switch s.code {
	case drugs, procedures, partBExtra, statistics:
		return
	case people, diagnoses:
		severity = store.Warning
	default:
	}
	s.in.books.Find(severity, "F004", s.line, "", "", fmt.Sprintf("CCLF0 says that CCLF%s of its delivery has %d records, and the folder has no such file", s.code, s.count))
}
