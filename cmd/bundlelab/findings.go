package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"bundlelab/data/ingest"
	"bundlelab/data/store"
	"bundlelab/scenarios/report"
)

// maxPerCode is how many findings of one code the error report lists; one more
// row counts the others.
const maxPerCode = 1000

// unlisted is what the books of a file and the error report say of the findings
// past the number they list.
const unlisted = "more of the same, not listed"

// writeFindings writes the coded findings as CSV to a new file that only its
// owner can read; with force it may replace one. Values are masked already.
func writeFindings(path string, rep *ingest.Report, force bool) (err error) {
	out, settle, err := newOutput(path, force)
	if err != nil {
		return fmt.Errorf("writing the findings: %w", err)
	}
	w := csv.NewWriter(out)
	err = errors.Join(w.WriteAll(findingRows(rep)), w.Error())
	if err = settle(err); err != nil {
		return fmt.Errorf("writing the findings to %s: %w", path, cause(err))
	}
	return nil
}

// newOutput opens a file for its owner alone. settle closes it and, unless
// there was an error, gives it its name; a half-written file does not stay. A
// pipe or device is written to as it is.
func newOutput(path string, force bool) (out io.Writer, settle func(error) error, err error) {
	info, serr := os.Stat(path)
	var f *os.File
	switch {
	case serr != nil || !force:
		f, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	case info.Mode().IsRegular():
		f, err = os.CreateTemp(filepath.Dir(path), ".findings-*") // mode 0600
	default:
		f, err = os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return nil, nil, err
		}
		return f, func(err error) error { return errors.Join(err, f.Close()) }, nil
	}
	if err != nil {
		return nil, nil, err
	}
	return f, func(err error) error {
		if err = errors.Join(err, f.Close()); err == nil && f.Name() != path {
			err = os.Rename(f.Name(), path)
		}
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
		return err
	}, nil
}

// findingRows lists the findings under a header, of each code so many, and
// then how many more there are.
func findingRows(rep *ingest.Report) [][]string {
	rows := [][]string{{"file", "line", "column", "code", "severity", "form", "count", "message"}}
	listed, more := map[string]int{}, map[string]int{}
	var order []string
	severities := map[string]string{}
	for _, f := range rep.Files {
		for _, p := range f.Problems {
			if listed[p.Code] == maxPerCode {
				if more[p.Code] == 0 {
					order = append(order, p.Code)
					severities[p.Code] = severity(p.Severity)
				}
				more[p.Code] += p.Count
				continue
			}
			listed[p.Code]++
			rows = append(rows, []string{
				report.Neutral(f.Name), fmt.Sprint(p.Line), report.Neutral(p.Column), p.Code, severity(p.Severity),
				report.Neutral(p.Hint), fmt.Sprint(p.Count), report.Neutral(p.Message),
			})
		}
	}
	for _, code := range order {
		rows = append(rows, []string{"", "0", "", code, severities[code], "", fmt.Sprint(more[code]), unlisted})
	}
	return rows
}

func severity(s store.Severity) string {
	switch s {
	case store.Info:
		return "info"
	case store.Warning:
		return "warning"
	case store.Reject:
		return "rejected"
	case store.Refuse:
		return "refused"
	}
	return "?"
}

// maxShown bounds the rows of findings on the screen.
const maxShown = 40

// finding is what a row of the table of findings stands for: all findings of
// one code and outcome in one file. What is said of a file as a whole is a row
// for each sentence.
type finding struct {
	file, code, message string
	severity            store.Severity
}

// findingSheet groups the findings, the gravest first.
func findingSheet(rep *ingest.Report) report.Sheet {
	x := report.Sheet{Title: "Findings", Header: []string{"code", "", "times", "first at", "what"}, Right: []bool{false, false, true}}
	at := map[finding]int{}
	var order []finding
	first, times := []*store.Problem{}, []int{}
	for f := range rep.Files {
		for i := range rep.Files[f].Problems {
			p := &rep.Files[f].Problems[i]
			k := finding{file: rep.Files[f].Name, code: p.Code, severity: p.Severity}
			if p.Line == 0 && p.Message != unlisted {
				k.message = p.Message
			}
			n, ok := at[k]
			if !ok {
				n = len(order)
				at[k] = n
				order, first, times = append(order, k), append(first, p), append(times, 0)
			}
			times[n] += p.Count
		}
	}
	rank := make([]int, len(order))
	for i := range rank {
		rank[i] = i
	}
	slices.SortStableFunc(rank, func(a, b int) int { return int(order[b].severity) - int(order[a].severity) })
	for _, n := range rank[:min(len(rank), maxShown)] {
		p := first[n]
		x.Rows = append(x.Rows, []string{p.Code, severity(p.Severity), fmt.Sprint(times[n]), place(order[n].file, p), p.Message})
	}
	if more := len(rank) - len(x.Rows); more > 0 {
		x.Notes = append(x.Notes, fmt.Sprintf("and %d more kinds of findings", more))
	}
	if len(order) > 0 {
		x.Notes = append(x.Notes, "a row stands for all findings of one code in one file; --errors FILE writes every one with its place")
	}
	return x
}

// narrowFindings joins the place, without the archive it lies in, and what was
// found there into one column that folds.
func narrowFindings(x report.Sheet) report.Sheet {
	x.Header = []string{"code", "", "times", "first at: what"}
	for i, r := range x.Rows {
		x.Rows[i] = append(r[:3:3], filepath.Base(r[3])+": "+r[4])
	}
	return x
}

// place is file:line:column, as far as it is known.
func place(file string, p *store.Problem) string {
	if p.Line > 0 {
		file += fmt.Sprintf(":%d", p.Line)
	}
	if p.Column != "" {
		file += ":" + p.Column
	}
	return file
}
